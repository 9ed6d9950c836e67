import numpy as np
import pytest
from scipy import signal as dsp

from speechbook import augment
from speechbook.acoustics import TELEPHONE_BAND

RATE = 8000


def rng(seed=0):
    return np.random.default_rng(seed)


def tone(frequency, *, seconds=2.0, sample_rate=RATE):
    return 0.5 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * sample_rate)) / sample_rate)


def level_db(y):
    middle = y[len(y) // 4 : -len(y) // 4]
    return 20 * np.log10(np.sqrt(np.mean(middle**2)) / (0.5 / np.sqrt(2)))


def peak_frequency(y, *, sample_rate=RATE):
    n_fft = 16 * len(y)
    return np.abs(np.fft.rfft(y * np.hanning(len(y)), n_fft)).argmax() * sample_rate / n_fft


SPEECH = rng(1).normal(size=(3, 4000)) * np.hanning(4000) * np.array([[0.01], [0.1], [0.3]])
PICTURE = rng(2).normal(size=(3, 40, 100))

SOUND_CALLS = {
    "gain": lambda y: augment.gain(y, gain_db=-3),
    "shift": lambda y: augment.shift(y, samples=-7),
    "change_speed": lambda y: augment.change_speed(y, factor=0.9),
    "equalise": lambda y: augment.equalise(y, sample_rate=RATE, gains_db=[3, -3, 0, 4]),
    "telephone": lambda y: augment.telephone(y, sample_rate=RATE),
    "room": lambda y: augment.room(y, sample_rate=RATE, rt60=0.3, rng=rng()),
    "mix_at_snr": lambda y: augment.mix_at_snr(y, np.cos(np.arange(300.0)), snr_db=5),
}
CHANCE_CALLS = {
    "add_noise": lambda y, rng: augment.add_noise(y, snr_db=10, kind="pink", rng=rng),
    "add_recording": lambda y, rng: augment.add_noise(y, snr_db=10, kind=np.cos(np.arange(300.0)), rng=rng),
    "room": lambda y, rng: augment.room(y, sample_rate=RATE, rt60=0.3, rng=rng),
    "spec_augment": lambda y, rng: augment.spec_augment(y, rng=rng),
}
PICTURE_CALLS = {
    "warp_frequency": lambda x: augment.warp_frequency(x, factor=1.1),
    "warp_time": lambda x: augment.warp_time(x, factor=0.9),
    "warp_time_to_length": lambda x: augment.warp_time(x, factor=1.1, n_frames=100),
}


def locked(x):
    x = x.copy()
    x.flags.writeable = False
    return x


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SOUND_CALLS)
def test_sounds_in_a_batch_equal_sounds_one_by_one_and_inputs_stay(name, dtype):
    call, y = SOUND_CALLS[name], locked(SPEECH.astype(dtype))
    together = call(y)
    assert together.dtype == np.float32
    for clip, result in zip(y, together, strict=True):
        np.testing.assert_allclose(call(clip), result, atol=1e-6)


@pytest.mark.parametrize("name", PICTURE_CALLS)
def test_spectrograms_in_a_batch_equal_spectrograms_one_by_one_and_inputs_stay(name):
    call, x = PICTURE_CALLS[name], locked(PICTURE)
    together = call(x)
    assert together.dtype == np.float32
    for clip, result in zip(x, together, strict=True):
        np.testing.assert_array_equal(call(clip), result)


@pytest.mark.parametrize("name", CHANCE_CALLS)
def test_chance_comes_from_the_seed_and_inputs_stay(name):
    call, y = CHANCE_CALLS[name], locked(PICTURE if name == "spec_augment" else SPEECH)
    first = call(y, rng(5))
    assert first.dtype == np.float32
    assert first.shape == y.shape
    np.testing.assert_array_equal(first, call(y, rng(5)))
    assert not np.array_equal(first, call(y, rng(6)))


@pytest.mark.parametrize("snr_db", [-10, 0, 5, 20, 40])
@pytest.mark.parametrize("kind", ["white", "pink", "brown", np.sin(np.arange(50.0)), rng(3).normal(size=9000)])
def test_mixtures_have_the_ratio_asked_for(snr_db, kind):
    noisy = augment.add_noise(SPEECH, snr_db=snr_db, kind=kind, rng=rng())
    np.testing.assert_allclose(augment.measure_snr(SPEECH, noisy), snr_db, atol=0.1)
    noise = noisy - SPEECH
    by_hand = 10 * np.log10((SPEECH**2).sum(axis=-1) / (noise**2).sum(axis=-1))
    np.testing.assert_allclose(by_hand, snr_db, atol=0.1)


def test_every_clip_may_have_its_own_ratio_and_infinity_is_clean():
    noisy = augment.add_noise(SPEECH, snr_db=[0, 10, np.inf], rng=rng())
    np.testing.assert_allclose(augment.measure_snr(SPEECH, noisy)[:2], [0, 10], atol=0.1)
    np.testing.assert_array_equal(noisy[2], SPEECH[2].astype(np.float32))


def test_recorded_noise_starts_somewhere_else_in_every_clip():
    ramp = np.linspace(0.1, 1, 50)
    noise = augment.add_noise(SPEECH, snr_db=-40, kind=ramp, rng=rng()) - SPEECH
    assert len({int(clip[:50].argmax()) for clip in noise}) > 1
    np.testing.assert_allclose(noise[0, 50:100], noise[0, :50], rtol=0.05)


@pytest.mark.parametrize(("kind", "slope"), [("white", 0.0), ("pink", -3.01), ("brown", -6.02)])
def test_noise_falls_by_the_right_number_of_decibels_an_octave(kind, slope):
    noise = augment.coloured_noise(2**19, kind=kind, rng=rng())
    frequency, power = dsp.welch(noise, nperseg=4096)
    audible = (frequency > 0.01) & (frequency < 0.45)
    octaves, level = np.log2(frequency[audible]), 10 * np.log10(power[audible])
    fitted, offset = np.polyfit(octaves, level, 1, w=1 / np.sqrt(frequency[audible]))
    assert fitted == pytest.approx(slope, abs=0.15)
    assert np.abs(level - fitted * octaves - offset).max() < 2.5


@pytest.mark.parametrize("sample_rate", [8000, 16000])
@pytest.mark.parametrize("rt60", [0.05, 0.1, 0.3, 0.8])
@pytest.mark.parametrize("ratio_db", [-6.0, 0.0, 10.0])
def test_rooms_reverberate_as_long_as_asked_for(sample_rate, rt60, ratio_db):
    for seed in range(10):
        response = augment.room_impulse_response(
            sample_rate=sample_rate, rt60=rt60, direct_to_reverberant_db=ratio_db, rng=rng(seed)
        )
        assert augment.measure_rt60(response, sample_rate=sample_rate) == pytest.approx(rt60, rel=0.15)
        assert 10 * np.log10(1 / np.sum(response[1:].astype(float) ** 2)) == pytest.approx(ratio_db, abs=0.01)


def test_measured_decay_is_right_for_a_known_one_whatever_the_direct_sound():
    decay = 10 ** (-3 * np.arange(16000) / RATE / 0.4)
    assert augment.measure_rt60(decay, sample_rate=RATE) == pytest.approx(0.4, rel=1e-3)
    decay[0] = 30.0
    assert augment.measure_rt60(decay, sample_rate=RATE) == pytest.approx(0.4, rel=1e-3)


def test_room_is_the_convolution_with_its_response():
    response = augment.room_impulse_response(sample_rate=RATE, rt60=0.2, rng=rng(4))
    wet = augment.room(SPEECH, sample_rate=RATE, rt60=0.2, rng=rng(4))
    np.testing.assert_allclose(wet[1], np.convolve(SPEECH[1], response)[:4000], atol=1e-6)


@pytest.mark.parametrize("sample_rate", [8000, 16000, 44100])
def test_telephone_keeps_its_band_and_little_else(sample_rate):
    def change(frequency):
        return level_db(augment.telephone(tone(frequency, sample_rate=sample_rate), sample_rate=sample_rate))

    assert all(abs(change(frequency)) < 1 for frequency in (400, 1000, 2000, 3000))
    assert [change(edge) for edge in TELEPHONE_BAND] == pytest.approx([-3, -3], abs=0.1)
    assert change(150) < -35
    assert change(50) < -80
    assert change(3900 if sample_rate == 8000 else 6800) < -35


@pytest.mark.parametrize("factor", [0.82, 0.9, 1.1, 1.22])
def test_speed_changes_length_and_pitch_together(factor):
    faster = augment.change_speed(tone(440), factor=factor)
    assert len(faster) == round(2 * RATE / factor)
    assert peak_frequency(faster) == pytest.approx(440 * factor, rel=1e-3)
    assert abs(level_db(faster)) < 0.1


def test_speed_lets_nothing_fold_back():
    assert level_db(augment.change_speed(tone(3900), factor=1.2)) < -60


@pytest.mark.parametrize("n_samples", [1, 2, 7])
def test_very_short_sounds_survive(n_samples):
    assert augment.change_speed(np.ones(n_samples), factor=1.2).shape == (max(1, round(n_samples / 1.2)),)
    assert augment.equalise(np.ones(n_samples), sample_rate=RATE, gains_db=[1, 2]).shape == (n_samples,)
    assert augment.telephone(np.ones(n_samples), sample_rate=RATE).shape == (n_samples,)


def test_equaliser_reaches_its_gains_at_the_band_centres():
    gains = np.array([4.0, -4.0, 2.0, -1.0, 3.0, -2.0])
    centres = augment.band_centres(sample_rate=RATE, n_bands=6)
    for centre, gain in zip(centres[:-1], gains[:-1], strict=True):
        assert level_db(augment.equalise(tone(centre), sample_rate=RATE, gains_db=gains)) == pytest.approx(
            gain, abs=0.2
        )
    between = tone(np.sqrt(centres[0] * centres[1]))
    assert level_db(augment.equalise(between, sample_rate=RATE, gains_db=gains)) == pytest.approx(0, abs=0.3)
    own = augment.equalise(SPEECH, sample_rate=RATE, gains_db=np.outer([1, 2, 3], gains))
    for i, clip in enumerate(SPEECH):
        np.testing.assert_allclose(
            own[i], augment.equalise(clip, sample_rate=RATE, gains_db=(i + 1) * gains), atol=1e-6
        )


def test_equaliser_without_gain_changes_nothing_and_keeps_the_phase():
    np.testing.assert_allclose(augment.equalise(SPEECH, sample_rate=RATE, gains_db=[0, 0, 0]), SPEECH, atol=1e-6)
    click = np.zeros(2001)
    click[1000] = 1.0
    response = augment.equalise(click, sample_rate=RATE, gains_db=[6, -6, 6])
    np.testing.assert_allclose(response, response[::-1], atol=1e-6)


def test_shift_and_gain():
    y = np.arange(1.0, 6.0)
    np.testing.assert_array_equal(augment.shift(y, samples=2), [0, 0, 1, 2, 3])
    np.testing.assert_array_equal(augment.shift(y, samples=-2), [3, 4, 5, 0, 0])
    np.testing.assert_array_equal(augment.shift(y, samples=0), y)
    for far in (5, -5, 99, -99):
        assert not augment.shift(y, samples=far).any()
    np.testing.assert_allclose(augment.gain(y, gain_db=6.0206), 2 * y, rtol=1e-5)


def warped_by_definition(column, frequencies, factor, knee):
    """Jaitly & Hinton's map, written forwards, inverted on a fine grid."""
    top = frequencies[-1]
    high = knee * top
    f = np.linspace(0, top, 200_001)
    bend = high * min(factor, 1) / factor
    upper = top - (top - high * min(factor, 1)) / (top - bend) * (top - f)
    moved = np.where(f <= bend, f * factor, upper)
    return np.interp(np.interp(frequencies, moved, f), frequencies, column)


@pytest.mark.parametrize("factor", [0.8, 0.9, 1.0, 1.12, 1.25])
@pytest.mark.parametrize("frequencies", [np.linspace(0, 4000, 40), np.geomspace(60, 3800, 40)])
def test_frequency_warp_equals_its_definition(factor, frequencies):
    warped = augment.warp_frequency(PICTURE[0], factor=factor, frequencies=frequencies)
    for column, result in zip(PICTURE[0].T, warped.T, strict=True):
        np.testing.assert_allclose(result, warped_by_definition(column, frequencies, factor, 0.6), atol=1e-3)


def test_frequency_warp_is_identity_at_one_and_moves_a_peak_by_the_factor():
    np.testing.assert_array_equal(augment.warp_frequency(PICTURE, factor=1.0), PICTURE.astype(np.float32))
    rows = np.arange(513.0)
    peak = np.exp(-((rows - 200) ** 2) / 200)[:, np.newaxis]
    for factor in (0.85, 0.95, 1.05, 1.15):
        warped = augment.warp_frequency(peak, factor=factor)[:, 0]
        assert np.average(rows, weights=warped) == pytest.approx(200 * factor, abs=0.5)


def test_every_clip_may_have_its_own_warp():
    factors = np.array([0.9, 1.0, 1.15])
    warped = augment.warp_frequency(PICTURE, factor=factors)
    slower = augment.warp_time(PICTURE, factor=factors, n_frames=100, fill=-9.0)
    for i, factor in enumerate(factors):
        np.testing.assert_array_equal(warped[i], augment.warp_frequency(PICTURE[i], factor=factor))
        np.testing.assert_array_equal(slower[i], augment.warp_time(PICTURE[i], factor=factor, n_frames=100, fill=-9.0))


@pytest.mark.parametrize("factor", [0.85, 1.0, 1.15])
def test_time_warp_stretches_a_ramp_and_fills_after_the_end(factor):
    ramp = np.tile(np.arange(100.0), (4, 1))
    warped = augment.warp_time(ramp, factor=factor)
    assert warped.shape == (4, round(100 / factor))
    inner = warped[:, 2:-2]
    np.testing.assert_allclose(np.diff(inner, axis=1), factor, rtol=1e-4)
    fixed = augment.warp_time(ramp, factor=factor, n_frames=150, fill=-1.0)
    filled = (fixed[0] == -1).sum()
    assert abs(150 - filled - 100 / factor) <= 1
    assert (fixed[:, -filled:] == -1).all()


def runs(hidden):
    edges = np.diff(np.concatenate([[0], hidden.astype(int), [0]]))
    return np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)


def test_single_masks_have_every_width_up_to_the_limit_and_none_beyond():
    ones = np.ones((3000, 20, 50))
    masked = augment.spec_augment(
        ones, n_frequency_masks=1, frequency_width=5, n_time_masks=1, time_width=30, time_share=0.1, rng=rng()
    )
    rows, frames = (masked == 0).all(axis=2), (masked == 0).all(axis=1)
    np.testing.assert_array_equal(masked == 0, rows[:, :, np.newaxis] | frames[:, np.newaxis, :])
    for hidden, widest in ((rows, 5), (frames, 5)):
        widths = [runs(clip) for clip in hidden]
        assert max(len(width) for width in widths) == 1
        counts = np.bincount(hidden.sum(axis=1), minlength=widest + 1)
        assert len(counts) == widest + 1
        np.testing.assert_allclose(counts / 3000, 1 / (widest + 1), atol=0.03)
        assert hidden.any(axis=0).all()


def test_masks_leave_the_rest_alone_and_may_be_none_or_everything():
    masked = augment.spec_augment(PICTURE, fill=7.5, rng=rng())
    same = masked == PICTURE.astype(np.float32)
    assert (same | (masked == 7.5)).all()
    assert 0.5 < same.mean() < 0.95
    untouched = augment.spec_augment(PICTURE, n_frequency_masks=0, n_time_masks=0, rng=rng())
    np.testing.assert_array_equal(untouched, PICTURE.astype(np.float32))
    assert augment.spec_augment(PICTURE, frequency_width=999, time_width=999, rng=rng()).shape == PICTURE.shape


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: augment.add_noise(np.zeros(9), snr_db=5, rng=rng()), "speech is silent in 1"),
        (lambda: augment.mix_at_snr(np.ones(9), np.zeros(9), snr_db=5), "noise is silent"),
        (lambda: augment.mix_at_snr(np.ones(9), np.ones(9), snr_db=np.nan), "decibels"),
        (lambda: augment.add_noise(np.ones(9, np.int16), snr_db=5, rng=rng()), "Divide 16-bit"),
        (lambda: augment.add_noise([np.nan, 1.0], snr_db=5, rng=rng()), "NaN"),
        (lambda: augment.add_noise([], snr_db=5, rng=rng()), "at least one sample"),
        (lambda: augment.add_noise(np.ones(9), snr_db=5, kind="blue", rng=rng()), "white, pink, brown; got 'blue'"),
        (lambda: augment.add_noise(np.ones(9), snr_db=5, kind=np.ones((2, 9)), rng=rng()), "must be mono"),
        (lambda: augment.coloured_noise(0, kind="white", rng=rng()), "above 0"),
        (lambda: augment.measure_snr(np.ones(9), np.ones(8)), "one shape"),
        (lambda: augment.measure_snr(np.zeros(9), np.ones(9)), "silent"),
        (lambda: augment.room(np.ones(9), sample_rate=RATE, rt60=-1, rng=rng()), "time in seconds"),
        (lambda: augment.measure_rt60(np.ones(1), sample_rate=RATE), "no decay"),
        (lambda: augment.measure_rt60(np.zeros(100), sample_rate=RATE), "no decay"),
        (lambda: augment.telephone(np.ones(9), sample_rate=6000), "above 6,800"),
        (lambda: augment.change_speed(np.ones(9), factor=0), "between 0.1 and 10"),
        (lambda: augment.change_speed(np.ones(9), factor=np.nan), "between 0.1 and 10"),
        (lambda: augment.equalise(np.ones(9), sample_rate=RATE, gains_db=[]), "each band"),
        (lambda: augment.equalise(np.ones(9), sample_rate=8, gains_db=[1, 2]), "in Hz"),
        (lambda: augment.warp_frequency(np.ones(9), factor=1.1), r"\(…, features, frames\)"),
        (lambda: augment.warp_frequency(np.ones((4, 9)), factor=3), "between 0.5 and 2"),
        (lambda: augment.warp_frequency(np.ones((2, 4, 9)), factor=[1, 1, 1]), "one each for clips"),
        (lambda: augment.warp_frequency(np.ones((4, 9)), factor=1.1, frequencies=[0, 1, 1, 2]), "rising"),
        (lambda: augment.warp_frequency(np.ones((4, 9)), factor=1.1, knee=1.0), "knee"),
        (lambda: augment.warp_time(np.ones((2, 4, 9)), factor=[0.9, 1.1]), "n_frames"),
        (lambda: augment.spec_augment(np.ones((4, 9)), n_time_masks=-1, rng=rng()), "negative"),
        (lambda: augment.spec_augment(np.full((4, 9), np.nan), rng=rng()), "finite"),
    ],
)
def test_bad_input_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_seed_is_not_a_generator():
    with pytest.raises(TypeError, match=r"np\.random\.default_rng\(0\)"):
        augment.spec_augment(PICTURE, rng=0)
