import librosa
import numpy as np
import pytest

from speechbook import audio, frontend


def noise(samples, seed=0, level=0.1):
    return (level * np.random.default_rng(seed).standard_normal(samples)).astype(np.float32)


def spoken(samples=6000, seed=0):
    """Noise that swells and fades between silences, as speech does in a clip."""
    y = noise(samples, seed) * np.hanning(samples).astype(np.float32)
    return np.concatenate([np.zeros(3000, np.float32), y, np.zeros(2000, np.float32)])


def by_librosa(y):
    """The same steps from librosa's parts, frame by frame."""
    y = audio.trim(y, sample_rate=8000, top_db=30, margin=0.03)
    y = y * (0.5 / np.abs(y).max())
    frames = librosa.util.frame(y, frame_length=200, hop_length=80)
    frames = (frames - frames.mean(axis=0)) * librosa.filters.get_window("hann", 200)[:, None]
    power = np.abs(np.fft.rfft(frames, 256, axis=0)) ** 2
    mel = librosa.filters.mel(sr=8000, n_fft=256, n_mels=40, fmin=60, fmax=4000) @ power
    db = librosa.power_to_db(mel, ref=np.max, amin=1e-20, top_db=45)
    return 2 * (db + 45) / 45 - 1


def test_a_picture_equals_librosas_parts():
    y = spoken()
    ours, theirs = frontend.mel_picture(y, sample_rate=8000), by_librosa(y)
    assert ours.shape == theirs.shape
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
    assert (ours.min(), ours.max()) == (-1, 1)


def test_a_batch_is_the_pictures_with_the_floor_after_them():
    clips = [spoken(seed=seed, samples=1000 + 900 * seed) for seed in range(12)]
    x = frontend.batch(clips, sample_rate=8000, n_frames=60)
    assert x.shape == (12, 60, 40)
    for row, y in zip(x, clips, strict=True):
        picture = frontend.mel_picture(y, sample_rate=8000).T[:60]
        np.testing.assert_allclose(row[: len(picture)], picture, atol=1e-6)
        assert (row[len(picture) :] == -1).all()


def test_clips_in_many_groups_equal_clips_alone(monkeypatch):
    clips = [spoken(seed=seed, samples=1000 + 900 * seed) for seed in range(9)]
    together = frontend.batch(clips, sample_rate=8000, n_frames=None)
    monkeypatch.setattr(frontend, "FRAMES_AT_ONCE", 100)
    np.testing.assert_allclose(together, frontend.batch(clips, sample_rate=8000, n_frames=None), atol=1e-6)
    counts = frontend.lengths(clips, sample_rate=8000)
    assert together.shape[1] == counts.max()
    assert counts.tolist() == [frontend.mel_picture(y, sample_rate=8000).shape[1] for y in clips]


def test_neither_level_nor_an_offset_nor_silence_around_leaves_a_trace():
    y = spoken()
    picture = frontend.mel_picture(y, sample_rate=8000)
    louder = frontend.mel_picture(7 * y, sample_rate=8000)
    np.testing.assert_allclose(louder, picture, atol=1e-4)
    later = frontend.mel_picture(np.concatenate([np.zeros(800, np.float32), y]), sample_rate=8000)
    np.testing.assert_allclose(later, picture, atol=1e-4)
    offset = frontend.mel_picture(noise(4000) + 0.3, sample_rate=8000, trimmed=False)
    plain = frontend.mel_picture(noise(4000), sample_rate=8000, trimmed=False)
    np.testing.assert_allclose(offset, plain, atol=1e-3)


def test_powers_can_be_scaled_by_the_batch():
    how = {"sample_rate": 8000, "trimmed": False}
    clips = [noise(4000, seed=seed) for seed in range(3)]
    powers = np.stack(frontend.mel_powers(clips, **how))
    np.testing.assert_allclose(frontend.scale(powers), frontend.batch(clips, n_frames=None, **how), atol=1e-6)
    with pytest.raises(ValueError, match="not negative"):
        frontend.scale([[-1.0, 1.0]])
    with pytest.raises(ValueError, match="shape"):
        frontend.scale([1.0])


def test_another_sample_rate_is_converted_first():
    y = spoken(16000)
    high = librosa.resample(y, orig_sr=8000, target_sr=16000, res_type="soxr_hq")
    low, high = (frontend.mel_picture(a, sample_rate=rate) for a, rate in ((y, 8000), (high, 16000)))
    frames = min(low.shape[1], high.shape[1])
    below = frontend.band_centres() < 3300
    assert np.abs(low[below, :frames] - high[below, :frames]).mean() < 0.01


def test_silence_and_clips_shorter_than_a_frame_have_pictures():
    assert (frontend.mel_picture(np.zeros(4000), sample_rate=8000) == -1).all()
    assert (frontend.mel_picture(np.full(4000, 0.25), sample_rate=8000) == -1).all()
    assert frontend.mel_picture(noise(50), sample_rate=8000).shape == (40, 1)


def test_band_centres_lie_where_librosa_has_its_filters():
    theirs = librosa.mel_frequencies(42, fmin=60, fmax=4000)[1:-1]
    np.testing.assert_allclose(frontend.band_centres(), theirs, rtol=1e-9)


@pytest.mark.parametrize(
    ("clips", "message"),
    [
        ([], "no clips"),
        ([noise(800), np.zeros((2, 800))], "Clip 1 cannot be used"),
        ([np.array([])], "Clip 0 cannot be used"),
        ([np.full(900, np.nan)], "NaN"),
        ([np.arange(900)], "floating-point"),
    ],
)
def test_what_cannot_be_used_is_named(clips, message):
    with pytest.raises(ValueError, match=message):
        frontend.batch(clips, sample_rate=8000)


def test_impossible_settings_are_refused():
    with pytest.raises(ValueError, match="n_frames must be a whole number"):
        frontend.batch([noise(800)], sample_rate=8000, n_frames=0)
    with pytest.raises(ValueError, match="sample_rate must be a whole number"):
        frontend.mel_picture(noise(800), sample_rate=0)
    with pytest.raises(ValueError, match="one mono clip"):
        frontend.prepare(np.zeros((2, 800)), sample_rate=8000, trimmed=False)


def test_emphasis_keeps_a_faint_hiss_that_the_trimmer_takes_for_silence():
    rate, hiss = 8000, np.diff(noise(1601, level=0.004), n=2).astype(np.float32)
    vowel = (0.5 * np.sin(2 * np.pi * 300 * np.arange(2400) / rate)).astype(np.float32)
    y = np.concatenate([np.zeros(1000, np.float32), hiss, vowel, np.zeros(1000, np.float32)])
    plain, lifted = (len(frontend.prepare(y, sample_rate=rate, emphasis=share)) for share in (0.0, 0.97))
    assert plain < len(vowel) + len(hiss) / 2
    assert lifted >= len(vowel) + len(hiss)


def test_emphasis_comes_after_resampling():
    y = np.repeat(spoken(), 2)
    at_8k = audio.pre_emphasise(audio.resample(y, orig_sr=16000, target_sr=8000))
    expected = frontend.batch([at_8k], sample_rate=8000)
    np.testing.assert_array_equal(frontend.batch([y], sample_rate=16000, emphasis=0.97), expected)
