import librosa
import numpy as np
import pytest
import scipy.fft

from speechbook import features
from speechbook.features import SPEECH_8K

SHAPES = [
    {"n_fft": 256, "win_length": 200, "hop_length": 80},
    {"n_fft": 512, "win_length": None, "hop_length": 128},
    {"n_fft": 255, "win_length": 101, "hop_length": 33},
    {"n_fft": 64, "win_length": 64, "hop_length": 100},
]


def noise(*shape, dtype=np.float32, seed=0):
    return (0.1 * np.random.default_rng(seed).standard_normal(shape)).astype(dtype)


def close(ours, theirs, *, within=1e-4):
    """Equal within 1e-4 of the largest value, and of the same shape and type."""
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=within * max(1e-12, np.abs(theirs).max()))


@pytest.mark.parametrize("leading", [(), (3,), (2, 3)])
def test_frame_equals_librosa(leading):
    y = noise(*leading, 1000)
    ours = features.frame(y, frame_length=200, hop_length=80)
    np.testing.assert_array_equal(ours, librosa.util.frame(y, frame_length=200, hop_length=80))
    assert not ours.flags.writeable


@pytest.mark.parametrize("how", SHAPES)
@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_stft_and_power_equal_librosa(how, center, dtype):
    y = noise(2, 2000, dtype=dtype)
    theirs = librosa.stft(y, center=center, **how)
    close(features.stft(y, center=center, **how), theirs, within=1e-6)
    close(features.power_spectrogram(y, center=center, **how), np.abs(theirs) ** 2, within=1e-6)


@pytest.mark.parametrize("samples", [1, 79, 80, 127, 255, 256, 8000])
def test_a_clip_of_any_length_has_one_frame_more_than_hops(samples):
    y = noise(samples)
    spectrum = features.stft(y, **SPEECH_8K)
    assert spectrum.shape == (129, 1 + samples // 80)
    assert features.lengths([y], hop_length=80).tolist() == [spectrum.shape[-1]]
    if samples >= 256:
        close(spectrum, librosa.stft(y, **SPEECH_8K), within=1e-6)


@pytest.mark.parametrize("htk", [False, True])
def test_mel_scale_equals_librosa_and_leads_back(htk):
    hz = np.concatenate([[0.0, 999.9, 1000.0, 1000.1], np.geomspace(1, 20000, 50)])
    np.testing.assert_allclose(features.hz_to_mel(hz, htk=htk), librosa.hz_to_mel(hz, htk=htk), rtol=1e-12)
    mel = np.linspace(0, 100, 51)
    np.testing.assert_allclose(features.mel_to_hz(mel, htk=htk), librosa.mel_to_hz(mel, htk=htk), rtol=1e-12)
    np.testing.assert_allclose(features.mel_to_hz(features.hz_to_mel(hz, htk=htk), htk=htk), hz, rtol=1e-12)


@pytest.mark.parametrize("htk", [False, True])
@pytest.mark.parametrize(
    "how",
    [
        {"sample_rate": 8000, "n_fft": 256, "n_mels": 40},
        {"sample_rate": 8000, "n_fft": 255, "n_mels": 20},
        {"sample_rate": 16000, "n_fft": 1024, "n_mels": 80, "fmin": 60, "fmax": 7600.0},
        {"sample_rate": 22050, "n_fft": 2048, "n_mels": 128},
    ],
)
def test_mel_filterbank_equals_librosa(how, htk):
    theirs = {"sr" if key == "sample_rate" else key: value for key, value in how.items()}
    close(features.mel_filterbank(htk=htk, **how), librosa.filters.mel(htk=htk, **theirs), within=1e-6)


@pytest.mark.parametrize("how", [{}, {"top_db": None}, {"top_db": 20.0}, {"ref": 0.3}, {"ref": np.max}, {"amin": 1e-3}])
@pytest.mark.parametrize("shape", [(), (5,), (40, 30)])
def test_power_to_db_equals_librosa_on_one_clip(how, shape):
    power = np.asarray(noise(*shape) ** 4)
    np.testing.assert_allclose(features.power_to_db(power, **how), librosa.power_to_db(power, **how), atol=1e-5)


@pytest.mark.parametrize("how", [{"top_db": 20.0}, {"ref": np.max}, {"ref": np.median}])
def test_power_to_db_looks_at_each_clip_by_itself(how):
    power = noise(2, 3, 40, 30) ** 4 * 10.0 ** np.arange(6).reshape(2, 3, 1, 1)
    together = features.power_to_db(power, **how)
    for place in np.ndindex(2, 3):
        np.testing.assert_array_equal(together[place], features.power_to_db(power[place], **how))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dct_equals_scipy_and_its_transpose_leads_back(dtype):
    x = noise(2, 40, 30, dtype=dtype)
    theirs = scipy.fft.dct(x, type=2, norm="ortho", axis=-2)[..., :13, :]
    close(features.dct(x, n_coefficients=13), theirs, within=1e-6)
    matrix = features.dct_matrix(n_coefficients=40, n_inputs=40)
    np.testing.assert_allclose(matrix.T @ features.dct(x, n_coefficients=40), x, atol=1e-6)


@pytest.mark.parametrize("how", SHAPES[:2])
@pytest.mark.parametrize("limits", [{}, {"fmin": 60.0, "fmax": 3800.0}])
def test_log_mel_and_mfcc_equal_librosa(how, limits):
    y = noise(4000) * np.linspace(0, 1, 4000, dtype=np.float32)
    bands = librosa.feature.melspectrogram(y=y, sr=8000, n_mels=26, **how, **limits)
    close(features.mel_spectrogram(y, sample_rate=8000, n_mels=26, **how, **limits), bands, within=1e-6)
    theirs = librosa.power_to_db(bands)
    close(features.log_mel(y, sample_rate=8000, n_mels=26, **how, **limits), theirs)
    theirs = librosa.feature.mfcc(y=y, sr=8000, n_mfcc=20, n_mels=26, **how, **limits)
    close(features.mfcc(y, sample_rate=8000, n_mfcc=20, n_mels=26, **how, **limits), theirs)


@pytest.mark.parametrize("width", [3, 5, 9, 11])
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_deltas_equal_librosa(width, order, dtype):
    x = noise(2, 13, 30, dtype=dtype)
    close(features.deltas(x, width=width, order=order), librosa.feature.delta(x, width=width, order=order))


def test_deltas_of_as_many_frames_as_the_window():
    x = noise(13, 9)
    close(features.deltas(x), librosa.feature.delta(x, width=9))


def test_normalise_gives_mean_0_and_deviation_1():
    x = 40 + 7 * noise(2, 13, 30)
    result = features.normalise(x)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result.mean(-1), 0, atol=1e-5)
    np.testing.assert_allclose(result.std(-1), 1, atol=1e-5)
    np.testing.assert_allclose(features.normalise(x, variance=False), x - x.mean(-1, keepdims=True), atol=1e-5)
    np.testing.assert_allclose(features.normalise(x, mean=False), x / x.std(-1, keepdims=True), rtol=1e-4)
    np.testing.assert_array_equal(features.normalise(x, mean=False, variance=False), x)


@pytest.mark.parametrize("value", [0.0, -100.0, 1 / 3, 1e-9])
def test_a_feature_that_does_not_vary_becomes_0(value):
    x = np.full((13, 50), value, np.float32)
    np.testing.assert_array_equal(features.normalise(x), np.zeros_like(x))


def test_normalise_counts_only_real_frames():
    x = noise(2, 13, 30)
    mask = np.arange(30) < np.array([20, 30])[:, None, None]
    result = features.normalise(x, mask=mask)
    np.testing.assert_allclose(result[0, :, :20], features.normalise(x[0, :, :20]), atol=1e-5)
    np.testing.assert_allclose(result[1], features.normalise(x[1]), atol=1e-5)
    assert not result[0, :, 20:].any()


CLIPS = [noise(n, seed=n) * 10.0 ** -(n % 4) for n in (1, 50, 400, 2399, 2400, 2401, 8000, 8001, 15000)]


@pytest.mark.parametrize("kind", ["mfcc", "log_mel"])
@pytest.mark.parametrize("n_frames", [1, 30, 100, 300])
def test_batch_equals_librosa_clip_by_clip(kind, n_frames):
    long = [clip for clip in CLIPS if len(clip) >= 256]
    x = features.batch(long, sample_rate=8000, kind=kind, n_frames=n_frames, normalised=False, **SPEECH_8K)
    assert x.dtype == np.float32
    for row, clip in zip(x, long, strict=True):
        theirs = librosa.power_to_db(librosa.feature.melspectrogram(y=clip, sr=8000, n_mels=40, **SPEECH_8K))
        if kind == "mfcc":
            theirs = librosa.feature.mfcc(y=clip, sr=8000, n_mfcc=13, n_mels=40, **SPEECH_8K)
        kept = min(theirs.shape[1], n_frames)
        close(row[:kept], theirs.T[:kept])
        assert not row[kept:].any()


@pytest.mark.parametrize("kind", ["mfcc", "log_mel"])
@pytest.mark.parametrize("n_frames", [20, 100])
def test_batch_normalises_over_the_frames_it_keeps(kind, n_frames):
    x = features.batch(CLIPS, sample_rate=8000, kind=kind, n_frames=n_frames, **SPEECH_8K)
    raw = features.batch(CLIPS, sample_rate=8000, kind=kind, n_frames=n_frames, normalised=False, **SPEECH_8K)
    for row, before, kept in zip(x, raw, features.lengths(CLIPS, hop_length=80, n_frames=n_frames), strict=True):
        np.testing.assert_allclose(row[:kept], features.normalise(before[:kept].T).T, atol=1e-3)
        assert not row[kept:].any()
        if kept > 1:
            np.testing.assert_allclose(row[:kept].mean(0), 0, atol=1e-5)
            np.testing.assert_allclose(row[:kept].std(0), 1, atol=1e-4)


@pytest.mark.parametrize("kind", ["mfcc", "log_mel"])
def test_a_clip_does_not_depend_on_its_company(kind):
    clips = CLIPS * 20
    together = features.batch(clips, sample_rate=8000, kind=kind, **SPEECH_8K)
    backwards = features.batch(clips[::-1], sample_rate=8000, kind=kind, **SPEECH_8K)[::-1]
    np.testing.assert_allclose(together, backwards, atol=1e-4)
    for row, clip in zip(together[: len(CLIPS)], CLIPS, strict=True):
        alone = features.batch([clip], sample_rate=8000, kind=kind, **SPEECH_8K)[0]
        np.testing.assert_allclose(row, alone, atol=1e-4)


def test_batch_takes_an_array_of_clips_and_a_digital_silence():
    x = features.batch(np.stack([noise(800), np.zeros(800, np.float32)]), sample_rate=8000, **SPEECH_8K)
    assert np.isfinite(x).all()
    assert x[0].any()
    assert not x[1].any()


def test_batch_of_nothing_is_empty():
    assert features.batch([], sample_rate=8000, **SPEECH_8K).shape == (0, 100, 13)


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ({"kind": "mel"}, "kind must be one of 'mfcc', 'log_mel'; got 'mel'"),
        ({"n_frames": 0}, "n_frames must be a whole number above 0; got 0"),
        ({"n_mels": 0}, "n_mels must be a whole number above 0"),
        ({"n_mfcc": 41}, "n_coefficients=41, but 40 values"),
        ({"n_mfcc": 0}, "must be a whole number above 0"),
        ({"hop_length": 0}, "hop_length must be a whole number above 0; got 0"),
        ({"hop_length": 80.0}, "hop_length must be a whole number above 0; got 80.0"),
        ({"n_fft": 100}, "win_length=200.* is longer than the transform .n_fft=100"),
        ({"sample_rate": "8k"}, "sample_rate must be a whole number above 0; got '8k'"),
        ({"fmax": 5000}, "half the sample rate"),
        ({"clips": [np.ones(800), np.zeros((2, 800))]}, r"Clip 1 has shape \(2, 800\)"),
        ({"clips": [np.ones(800), []]}, "Clip 1 cannot be used. .*at least one sample"),
        ({"clips": [np.full(800, np.nan)]}, "Clip 0 cannot be used. .*NaN"),
        ({"clips": [np.ones(800, np.int16)]}, "Clip 0 cannot be used. .*int16"),
        ({"n_fft": 255}, "even n_fft"),
        ({"clips": None}, "clips must be a sequence of arrays"),
        ({"clips": np.ones(800)}, "Clip 0 cannot be used"),
    ],
)
def test_batch_says_what_is_wrong(how, word):
    call = {"clips": [np.ones(800)], "sample_rate": 8000, **SPEECH_8K} | how
    with pytest.raises(ValueError, match=word):
        features.batch(call.pop("clips"), **call)


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: features.frame(np.ones(10), frame_length=11, hop_length=1), "fewer than one frame"),
        (lambda: features.frame(np.ones(10), frame_length=2.5, hop_length=1), "frame_length must be a whole number"),
        (lambda: features.stft(np.ones(10), n_fft=16, hop_length=4, center=False), "fewer than one frame"),
        (lambda: features.stft("sound", n_fft=16, hop_length=4), "floating-point samples"),
        (lambda: features.stft(np.ones(10), n_fft=16, hop_length=4, win_length=0), "win_length must be"),
        (lambda: features.lengths(None, hop_length=80), "clips must be a sequence"),
        (lambda: features.lengths(np.ones(5), hop_length=80), "clips must be a sequence"),
        (lambda: features.hz_to_mel(-1), "zero or positive"),
        (lambda: features.hz_to_mel([np.nan]), "zero or positive"),
        (lambda: features.mel_filterbank(sample_rate=8000, n_fft=256, n_mels=300), "Take fewer bands"),
        (lambda: features.mel_filterbank(sample_rate=8000, n_fft=256, n_mels=9, fmin=-1), "must rise within 0 to 4000"),
        (lambda: features.mel_filterbank(sample_rate=8000, n_fft=256, n_mels=9, fmin=900, fmax=80), "must rise"),
        (lambda: features.power_to_db(np.ones(3) * 1j), "complex"),
        (lambda: features.power_to_db([1.0], amin=0), "amin"),
        (lambda: features.power_to_db([1.0], top_db=-1), "top_db"),
        (lambda: features.power_to_db([-1.0]), "negative"),
        (lambda: features.dct(np.ones(5), n_coefficients=2), "axis -2"),
        (lambda: features.dct(np.ones((5, 2)), n_coefficients=6), "only 5 coefficients"),
        (lambda: features.deltas(np.ones((13, 8))), "Take a smaller width"),
        (lambda: features.deltas(np.ones((13, 9)), width=4), "width must be odd"),
        (lambda: features.deltas(np.ones((13, 9)), order=0), "order must be"),
        (lambda: features.normalise(1.0), "frames along the last axis"),
        (lambda: features.normalise(np.ones((2, 0))), "must hold real numbers"),
        (lambda: features.normalise(np.ones((2, 9)), mask=np.ones(8)), "does not fit"),
        (lambda: features.normalise([[1], [1, 2]]), "ragged"),
        (lambda: features.deltas(None), "must hold real numbers"),
    ],
)
def test_wrong_arguments_are_explained(call, word):
    with pytest.raises(ValueError, match=word):
        call()


@pytest.fixture(scope="module", params=["voices", "fsdd"])
def digits(request):
    corpora = pytest.importorskip("speechbook.corpora")
    if request.param == "fsdd" and corpora.fsdd_path() is None:
        pytest.skip("FSDD is not at hand: `make fsdd` fetches it")
    return corpora.load_digits(request.param)


@pytest.mark.parametrize("kind", ["mfcc", "log_mel"])
def test_corpora_have_the_features_that_librosa_gives(digits, kind):
    clips = [digits.clips[i] for i in np.linspace(0, len(digits) - 1, 300).astype(int)]
    longest = int(features.lengths(clips, hop_length=80).max())
    x = features.batch(
        clips, sample_rate=digits.sample_rate, kind=kind, n_frames=longest, normalised=False, **SPEECH_8K
    )
    for row, clip in zip(x, clips, strict=True):
        theirs = librosa.power_to_db(
            librosa.feature.melspectrogram(y=clip, sr=digits.sample_rate, n_mels=40, **SPEECH_8K)
        )
        if kind == "mfcc":
            theirs = librosa.feature.mfcc(S=theirs, n_mfcc=13)
        close(row[: theirs.shape[1]], theirs.T, within=1e-6)
