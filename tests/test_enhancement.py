import librosa
import numpy as np
import pytest

from speechbook import enhancement, frontend
from speechbook.noise import measure_snr
from speechbook.scenes import put_in

RATE = 8000


def rng(seed=0):
    return np.random.default_rng(seed)


def scene(snr_db=5.0, seed=0):
    """A gliding tone with gaps, in white noise."""
    time = np.arange(6000) / RATE
    word = np.sin(2 * np.pi * (400 * time + 300 * time**2)) * (np.sin(2 * np.pi * 4 * time) > 0)
    return put_in(word, rng(seed).standard_normal(20000), snr_db=snr_db, sample_rate=RATE, rng=rng(seed))


@pytest.mark.parametrize("n", [1, 79, 80, 200, 3217])
def test_analysis_and_synthesis_are_inverse(n):
    y = rng(1).standard_normal(n).astype(np.float32)
    np.testing.assert_allclose(enhancement.synthesise(enhancement.analyse(y), n_samples=n), y, atol=1e-5)


def test_frames_are_those_of_librosa_and_of_the_front_end():
    y = 0.5 * rng(2).standard_normal(4000)
    spectrum = enhancement.analyse(y)[enhancement.AHEAD :]
    padded = np.concatenate([y, np.zeros(56)])
    window = np.pad(enhancement._window(), (0, 56))
    theirs = librosa.stft(padded, n_fft=256, hop_length=80, center=False, window=window)
    n = theirs.shape[1]
    np.testing.assert_allclose(np.abs(spectrum[:n]), np.abs(theirs.T), atol=1e-6)
    assert frontend.mel_powers([y], sample_rate=RATE, trimmed=False)[0].shape[0] == 1 + (4000 - 200) // 80


def test_a_changed_spectrum_is_inverted_as_librosa_does():
    y = rng(3).standard_normal(4000)
    spectrum = enhancement.analyse(y)
    gain = rng(4).uniform(size=spectrum.shape)
    ours = enhancement.apply_gain(y, gain)
    window = np.pad(enhancement._window(), (0, 56))
    theirs = librosa.istft((gain * spectrum).T, n_fft=256, win_length=256, hop_length=80, window=window, center=False)
    np.testing.assert_allclose(ours[:3000], theirs[160:3160], atol=1e-5)


def test_noise_power_is_the_mean_over_whole_frames():
    y = rng(5).standard_normal(2000)
    frames = librosa.util.frame(y, frame_length=200, hop_length=80).T * enhancement._window()
    np.testing.assert_allclose(
        enhancement.noise_power(y), np.mean(np.abs(np.fft.rfft(frames, 256)) ** 2, axis=0), rtol=1e-9
    )
    with pytest.raises(ValueError, match="One frame of 200"):
        enhancement.noise_power(y[:199])


def test_subtraction_takes_the_power_of_the_noise_off():
    power, noise = rng(6).gamma(2, size=(50, 129)), rng(7).gamma(2, size=129)
    gain = enhancement.subtraction_gain(power, noise, over=1.5)
    np.testing.assert_allclose(gain**2 * power, np.maximum(power - 1.5 * noise, 0), atol=1e-12)
    assert enhancement.subtraction_gain(power, noise, floor=0.2).min() == 0.2
    np.testing.assert_array_equal(enhancement.subtraction_gain(power, 0 * noise), np.ones_like(power))


def test_without_memory_the_gain_is_wieners():
    power, noise = rng(8).gamma(2, size=(50, 129)), np.ones(129)
    expected = np.maximum(np.maximum(power - 1, 0) / np.maximum(power, 1), 0.1)
    np.testing.assert_allclose(enhancement.wiener_gain(power, noise, smoothing=0), expected, atol=1e-12)


def test_with_memory_it_equals_brute_force():
    power, noise, a = rng(9).gamma(2, size=(9, 3)), np.array([0.5, 1.0, 2.0]), 0.9
    gain = enhancement.wiener_gain(power, noise, smoothing=a, floor=0.05)
    for k in range(3):
        clean = max(power[0, k] - noise[k], 0) / noise[k]
        for t in range(9):
            snr = a * clean + (1 - a) * max(power[t, k] / noise[k] - 1, 0)
            expected = max(snr / (snr + 1), 0.05)
            assert gain[t, k] == pytest.approx(expected)
            clean = expected**2 * power[t, k] / noise[k]


def test_memory_calms_the_residual_of_steady_noise():
    power = rng(10).gamma(1, size=(400, 129))
    calm, nervous = (enhancement.wiener_gain(power, np.ones(129), smoothing=s, floor=0)[20:] for s in (0.98, 0))
    assert calm.std() < 0.2 * nervous.std()


@pytest.mark.parametrize("rule", [enhancement.subtraction_gain, enhancement.wiener_gain])
def test_both_rules_raise_the_ratio_in_steady_noise(rule):
    one = scene()
    power = np.abs(enhancement.analyse(one.noisy)) ** 2
    better = enhancement.apply_gain(one.noisy, rule(power, enhancement.noise_power(one.before)))
    assert measure_snr(one.clean, better) > one.snr_db + 4


def test_the_ideal_mask_is_the_share_of_power():
    one = scene()
    noise = one.noisy - one.clean
    mask = enhancement.ideal_mask(one.clean, noise)
    bank = librosa.filters.mel(sr=RATE, n_fft=256, n_mels=40, fmin=60, fmax=4000, htk=False)
    frames = [librosa.util.frame(y.astype(float), frame_length=200, hop_length=80).T for y in (one.clean, noise)]
    powers = [
        np.abs(np.fft.rfft((f - f.mean(axis=1, keepdims=True)) * enhancement._window(), 256)) ** 2 for f in frames
    ]
    speech, other = (power @ bank.T for power in powers)
    np.testing.assert_allclose(mask, speech / (speech + other), atol=1e-3)


def test_the_ideal_mask_beats_both_rules():
    one = scene(snr_db=0)
    gain = enhancement.mask_gain(enhancement.ideal_mask(one.clean, one.noisy - one.clean), n_samples=len(one.clean))
    power = np.abs(enhancement.analyse(one.noisy)) ** 2
    rule = enhancement.wiener_gain(power, enhancement.noise_power(one.before))
    ratios = [measure_snr(one.clean, enhancement.apply_gain(one.noisy, g)) for g in (gain, rule)]
    assert ratios[0] > ratios[1] > one.snr_db


def test_a_mask_lies_on_the_frames_it_was_made_for():
    mask = np.zeros((48, 40))
    mask[20] = 1
    gain = enhancement.mask_gain(mask, n_samples=4000)
    assert gain.shape == enhancement.analyse(np.ones(4000)).shape
    np.testing.assert_array_equal(np.flatnonzero(gain.max(axis=1)), [20 + enhancement.AHEAD])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: enhancement.analyse(np.ones((2, 400))), "one mono sound"),
        (lambda: enhancement.synthesise(np.ones((3, 129)), n_samples=800), "do not belong"),
        (lambda: enhancement.subtraction_gain(np.ones((2, 3)), np.ones(2)), "must fit"),
        (lambda: enhancement.subtraction_gain(-np.ones((2, 3)), np.ones(3)), "not be negative"),
        (lambda: enhancement.subtraction_gain(np.ones((2, 3)), np.ones(3), floor=2), "floor"),
        (lambda: enhancement.wiener_gain(np.ones((2, 3)), np.ones(3), smoothing=1), "smoothing"),
        (lambda: enhancement.apply_gain(np.ones(800), np.ones((2, 129))), "one gain for each"),
        (lambda: enhancement.ideal_mask(np.ones(800), np.ones(801)), "equally long"),
        (lambda: enhancement.mask_gain(np.ones((2, 41)), n_samples=800), "40"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
