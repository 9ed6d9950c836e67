import numpy as np
import pytest
from scipy import signal as dsp

from speechbook import scenes
from speechbook.noise import coloured_noise

RATE = 8000


def rng(seed=0):
    return np.random.default_rng(seed)


def word(n=4000, seed=3):
    return (rng(seed).standard_normal(n) * np.hanning(n)).astype(np.float32)


@pytest.mark.parametrize("snr_db", [-5.0, 0.0, 12.5])
def test_the_ratio_holds_while_the_word_lasts(snr_db):
    y = word()
    scene = scenes.put_in(y, coloured_noise(20000, kind="pink", rng=rng()), snr_db=snr_db, sample_rate=RATE, rng=rng(1))
    noise = scene.noisy.astype(float) - y
    assert 10 * np.log10(np.mean(y.astype(float) ** 2) / np.mean(noise**2)) == pytest.approx(snr_db, abs=0.01)
    assert scene.snr_db == pytest.approx(snr_db, abs=0.01)
    assert scene.lead == 0.25 * RATE == len(scene.before)
    np.testing.assert_array_equal(scene.clean, y)


def test_before_the_word_there_is_the_same_noise_and_no_word():
    noise = coloured_noise(20000, kind="white", rng=rng())
    scene = scenes.put_in(word(), noise, snr_db=5, sample_rate=RATE, rng=rng(2))
    heard = np.concatenate([scene.before, scene.noisy - scene.clean])
    match = np.correlate(noise, heard, "valid")
    start = match.argmax()
    gain = match[start] / np.sum(noise[start : start + len(heard)] ** 2)
    np.testing.assert_allclose(heard, gain * noise[start : start + len(heard)], atol=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"recording": np.ones(100)}, "Make the noise longer"),
        ({"recording": np.ones((2, 20000))}, "both mono"),
        ({"recording": np.zeros(20000)}, "silent"),
        ({"word": np.zeros(4000)}, "silent"),
        ({"snr_db": np.nan}, "finite number of dB"),
        ({"snr_db": np.inf}, "use the word itself"),
        ({"sample_rate": 0}, "sample_rate"),
    ],
)
def test_what_cannot_be_mixed_is_refused(change, message):
    how = {"word": word(), "recording": np.ones(20000), "snr_db": 5.0, "sample_rate": RATE} | change
    with pytest.raises(ValueError, match=message):
        scenes.put_in(how.pop("word"), how.pop("recording"), rng=rng(), **how)


def test_babble_holds_what_the_voices_say_and_nothing_else():
    tones = [np.sin(2 * np.pi * f * np.arange(RATE) / RATE) for f in (500, 1250)]
    talk = scenes.babble(tones, n_samples=4 * RATE, rng=rng())
    frequency, power = dsp.welch(talk, RATE, nperseg=1024)
    near = (np.abs(frequency[:, None] - [500, 1250]) < 40).any(axis=1)
    assert power[near].sum() > 0.98 * power.sum()
    assert np.mean(talk**2) == pytest.approx(1, rel=1e-3)


def test_more_voices_make_a_steadier_babble():
    clips = [word(3000, seed) for seed in range(8)]

    def unrest(n_voices):
        talk = scenes.babble(clips, n_samples=8 * RATE, n_voices=n_voices, rng=rng(5))
        return np.std(np.mean(talk.reshape(-1, 400) ** 2, axis=1))

    assert unrest(12) < 0.6 * unrest(1)


@pytest.mark.parametrize(
    ("clips", "how", "message"),
    [([], {}, "no clips"), ([np.zeros(100)], {}, "silent"), ([word()], {"n_voices": 0}, "n_voices")],
)
def test_bad_babble_is_refused(clips, how, message):
    with pytest.raises(ValueError, match=message):
        scenes.babble(clips, n_samples=1000, rng=rng(), **how)


def test_the_kitchen_clatters_and_hums():
    noise = scenes.kitchen(n_samples=30 * RATE, sample_rate=RATE, rng=rng(4))
    steady = coloured_noise(30 * RATE, kind="pink", rng=rng(4))

    def unrest(y):
        level = 10 * np.log10(np.mean(y.reshape(-1, 200) ** 2, axis=1))
        return level.std()

    assert unrest(noise) > 2 * unrest(steady)
    frequency, power = dsp.welch(noise, RATE, nperseg=RATE)
    hum = [
        power[np.abs(frequency - f).argmin()] / np.median(power[np.abs(frequency - f) < 40]) for f in (100, 200, 300)
    ]
    assert min(hum) > 5
    assert np.mean(noise**2) == pytest.approx(1, rel=1e-3)


def test_a_kitchen_needs_room_for_its_water():
    with pytest.raises(ValueError, match="7,200"):
        scenes.kitchen(n_samples=100, sample_rate=4000, rng=rng())


def test_chance_comes_from_the_generator():
    for make in (
        lambda seed: scenes.kitchen(n_samples=4000, sample_rate=RATE, rng=rng(seed)),
        lambda seed: scenes.babble([word(), word(seed=9)], n_samples=4000, rng=rng(seed)),
    ):
        np.testing.assert_array_equal(make(1), make(1))
        assert not np.array_equal(make(1), make(2))
