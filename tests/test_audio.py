import io
import struct
import subprocess
import sys
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile

from speechbook import audio
from speechbook.audio import AudioError

RATE = 16000


def tone(seconds=0.5, *, rate=RATE, channels=1, frequency=440.0):
    wave = 0.5 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)
    return np.stack([wave * (channel + 1) / channels for channel in range(channels)]).astype(np.float32)


def written(path, y, *, rate=RATE, **how):
    soundfile.write(path, y.T, rate, **how)
    return path


@pytest.mark.parametrize(
    ("suffix", "subtype", "tolerance"),
    [
        ("wav", "PCM_U8", 1 / 128),
        ("wav", "PCM_16", 1 / 2**15),
        ("wav", "PCM_24", 1 / 2**20),
        ("wav", "PCM_32", 1e-6),
        ("wav", "FLOAT", 0),
        ("wav", "DOUBLE", 1e-7),
        ("wav", "ULAW", 0.02),
        ("flac", "PCM_16", 1 / 2**15),
        ("flac", "PCM_24", 1 / 2**20),
        ("aiff", "PCM_16", 1 / 2**15),
        ("caf", "PCM_16", 1 / 2**15),
        ("ogg", "VORBIS", 0.1),
        ("mp3", "MPEG_LAYER_III", 0.1),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_comes_back_as_it_was_written(tmp_path, suffix, subtype, tolerance, channels):
    wave = tone(channels=channels)
    path = written(tmp_path / f"a.{suffix}", wave, subtype=subtype)
    y, rate = audio.read_audio(path, mono=False)
    assert (rate, y.dtype, y.shape) == (RATE, np.float32, wave.shape)
    np.testing.assert_allclose(y, wave, atol=tolerance)
    y, _ = audio.read_audio(str(path))
    np.testing.assert_allclose(y, wave.mean(axis=0), atol=tolerance + 1e-7)


@pytest.mark.parametrize("source", ["path", "bytes", "open file"])
def test_reads_paths_and_file_objects_alike(tmp_path, source):
    path = written(tmp_path / "a.flac", tone())
    expected = librosa.load(path, sr=None)[0]
    if source == "path":
        y, _ = audio.read_audio(path)
    elif source == "bytes":
        y, _ = audio.read_audio(io.BytesIO(path.read_bytes()))
    else:
        with path.open("rb") as stream:
            y, _ = audio.read_audio(stream)
            assert not stream.closed
    np.testing.assert_array_equal(y, expected)


def test_a_suffix_that_lies_does_not_matter(tmp_path):
    path = written(tmp_path / "a.raw", tone(), format="FLAC")
    assert audio.read_audio(path)[1] == RATE


@pytest.mark.parametrize(
    ("rate", "target"), [(44100, 8000), (48000, 16000), (8000, 16000), (11025, 8000), (8000, 8000)]
)
def test_resampling_equals_librosa(tmp_path, rate, target):
    path = written(tmp_path / "a.wav", tone(0.3, rate=rate, channels=2), rate=rate, subtype="FLOAT")
    y, got = audio.read_audio(path, sample_rate=target)
    assert got == target
    np.testing.assert_allclose(y, librosa.load(path, sr=target)[0], atol=1e-6)


def test_resampling_takes_leading_axes_and_keeps_out_aliases():
    clips = np.random.default_rng(0).standard_normal((2, 3, 4410)).astype(np.float32)
    together = audio.resample(clips, orig_sr=44100, target_sr=8000)
    assert together.shape == (2, 3, 800)
    for place in np.ndindex(2, 3):
        one = audio.resample(clips[place], orig_sr=44100, target_sr=8000)
        np.testing.assert_allclose(together[place], one, atol=1e-6)
    high = audio.resample(tone(1.0, frequency=6000), orig_sr=RATE, target_sr=8000)
    assert np.abs(high[..., 100:-100]).max() < 1e-4


def riff(*, promised, data=b"\1\0" * 100, fmt=None):
    fmt = fmt or struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", promised) + data
    return b"RIFF" + struct.pack("<I", min(promised + 36, 2**32 - 1)) + body


@pytest.mark.parametrize("promised", [0xFFFFFFFF, 0x7FFFFFFF])
def test_a_stream_of_unknown_length_is_not_cut_short(promised):
    y, _ = audio.read_audio(io.BytesIO(riff(promised=promised)))
    assert len(y) == 100


@pytest.mark.parametrize("seconds", [0.5, 10.0])
@pytest.mark.parametrize("kept", [0.95, 0.5, 0.1])
@pytest.mark.parametrize("how", ["WAV", "WAVEX", "RF64", "W64", "AIFF", "AU", "CAF", "FLAC", "OGG", "OPUS", "MP3"])
def test_a_file_cut_short_says_so(tmp_path, how, kept, seconds):
    noise = 0.1 * np.random.default_rng(0).standard_normal((1, round(seconds * RATE)))
    kind = {"format": "OGG", "subtype": "OPUS"} if how == "OPUS" else {"format": how}
    path = written(tmp_path / "cut", noise, **kind)
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * kept)])
    with pytest.raises(AudioError, match=r"cut short|no samples"):
        audio.read_audio(path)


def bad_files():
    nan, infinite = tone(), tone()
    nan[0, 7], infinite[0, 7] = np.nan, np.inf
    wav = io.BytesIO()
    soundfile.write(wav, tone()[0], RATE, format="WAV")
    return {
        "empty (0 bytes)": b"",
        "no samples": riff(promised=0, data=b""),
        "damaged, cut short": wav.getvalue()[:30],
        "silent": riff(promised=200, data=b"\0\0" * 100),
        "not a sound file": b"Dear reader, this is a letter.",
        "begins with b'\\x89PNG": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "begins with b'MZ": b"MZ" + bytes(range(256)),
        "begins with": bytes(4000),
        "MP4 or QuickTime video": b"\0\0\0\x20ftypisom" + bytes(100),
        "M4A": b"\0\0\0\x20ftypM4A " + bytes(100),
        "WebM or Matroska": b"\x1aE\xdf\xa3" + bytes(100),
        "WebP picture": b"RIFF\0\0\0\0WEBP" + bytes(100),
        "AVI video": b"RIFF\0\0\0\0AVI " + bytes(100),
        "MPEG video": b"\0\0\1\xba" + bytes(100),
        "NaN or infinite": nan,
        "or infinite": infinite,
    }


@pytest.mark.parametrize("word", bad_files())
@pytest.mark.parametrize("source", ["path", "file object"])
def test_a_bad_file_says_what_is_wrong(tmp_path, word, source):
    content = bad_files()[word]
    path = tmp_path / "bad.wav"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        written(path, content, subtype="FLOAT")
    with pytest.raises(AudioError) as caught:
        audio.read_audio(path if source == "path" else io.BytesIO(path.read_bytes()))
    assert word in str(caught.value)
    assert ("bad.wav" if source == "path" else "The file object") in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("seed", range(200))
def test_random_damage_is_read_or_explained_but_never_a_strange_error(seed):
    rng = np.random.default_rng(seed)
    file = io.BytesIO()
    kind = ["WAV", "FLAC", "OGG", "AIFF"][seed % 4]
    soundfile.write(file, tone(0.1)[0], RATE, format=kind)
    data = bytearray(file.getvalue())
    for place in rng.integers(0, min(len(data), 200), 5):
        data[place] = rng.integers(256)
    try:
        y, rate = audio.read_audio(io.BytesIO(bytes(data)))
    except AudioError:
        return
    assert y.dtype == np.float32
    assert np.isfinite(y).all()
    assert rate > 0


def test_silence_may_be_allowed():
    file = io.BytesIO(riff(promised=200, data=b"\0\0" * 100))
    assert not audio.read_audio(file, allow_silent=True)[0].any()


def test_missing_files_folders_and_wrong_objects(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no file .*nothing\.wav"):
        audio.read_audio(tmp_path / "nothing.wav")
    with pytest.raises(AudioError, match="is a folder"):
        audio.read_audio(tmp_path)
    with pytest.raises(AudioError, match="opened as text"):
        audio.read_audio(io.StringIO("RIFF"))
    closed = io.BytesIO(b"RIFF")
    closed.close()
    with pytest.raises(AudioError, match="closed file"):
        audio.read_audio(closed)
    for wrong in (None, 7, b"RIFF", np.zeros(3)):
        with pytest.raises(AudioError, match="a path or a binary file object; got"):
            audio.read_audio(wrong)


@pytest.mark.parametrize("sample_rate", [0, -8000, 8000.5, "8000", True, float("nan")])
def test_a_wrong_sample_rate_is_named(tmp_path, sample_rate):
    path = written(tmp_path / "a.wav", tone())
    with pytest.raises(ValueError, match="sample_rate must be a whole number above 0; got"):
        audio.read_audio(path, sample_rate=sample_rate)


@pytest.mark.parametrize(
    ("y", "word"),
    [
        ([], "at least one sample"),
        (0.5, "at least one sample"),
        ([0.1, np.nan], "NaN"),
        (np.array([1, 2], np.int16), "Divide 16-bit samples by 32768"),
        (["a"], "floating-point"),
        ([[0.1], [0.1, 0.2]], "ragged"),
        (None, "floating-point"),
        (np.zeros(3, complex), "floating-point"),
    ],
)
def test_what_is_no_signal_is_turned_down_everywhere(y, word):
    for call in (
        lambda: audio.resample(y, orig_sr=8000, target_sr=16000),
        lambda: audio.trim(y, sample_rate=8000),
        lambda: audio.peak_normalise(y),
        lambda: audio.write_wav(io.BytesIO(), y, sample_rate=8000),
    ):
        with pytest.raises(ValueError, match=word):
            call()


@pytest.mark.parametrize("top_db", [10, 30, 60])
@pytest.mark.parametrize("sample_rate", [8000, 16000, 44100])
def test_trim_without_margin_equals_librosa(top_db, sample_rate):
    rng = np.random.default_rng(1)
    loudness = np.interp(np.linspace(0, 1, sample_rate), [0, 0.3, 0.4, 0.6, 0.7, 1], [1e-5, 1e-4, 1, 1, 1e-4, 1e-5])
    y = (0.1 * loudness * rng.standard_normal(sample_rate)).astype(np.float32)
    length, hop = round(0.025 * sample_rate), round(0.01 * sample_rate)
    expected, (start, end) = librosa.effects.trim(y, top_db=top_db, frame_length=length, hop_length=hop)
    np.testing.assert_array_equal(audio.trim(y, sample_rate=sample_rate, top_db=top_db, margin=0), expected)
    wide = audio.trim(y, sample_rate=sample_rate, top_db=top_db, margin=0.05)
    extra = round(0.05 * sample_rate)
    np.testing.assert_array_equal(wide, y[start - extra : end + extra])


def test_trim_leaves_what_has_nothing_to_trim():
    assert audio.trim(np.zeros(100), sample_rate=8000).size == 100
    assert audio.trim(np.ones(1), sample_rate=8000).size == 1
    assert audio.trim(np.ones(5000), sample_rate=8000).size == 5000


def test_trim_turns_down_wrong_arguments():
    with pytest.raises(ValueError, match="mono"):
        audio.trim(np.ones((2, 100)), sample_rate=8000)
    with pytest.raises(ValueError, match="top_db"):
        audio.trim(np.ones(100), sample_rate=8000, top_db=-3)
    with pytest.raises(ValueError, match="margin"):
        audio.trim(np.ones(100), sample_rate=8000, margin=-1)


def test_peak_normalise_scales_each_signal_by_itself():
    y = np.array([[0.1, -0.2], [0.0, 0.0], [3.0, 1.0]])
    expected = np.array([[0.25, -0.5], [0, 0], [0.5, 0.5 / 3]], np.float32)
    np.testing.assert_allclose(audio.peak_normalise(y), expected, rtol=1e-6)
    for peak in (0, -1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="peak"):
            audio.peak_normalise(y, peak=peak)


@pytest.mark.parametrize("channels", [1, 2])
def test_write_wav_is_read_back(tmp_path, channels):
    wave = tone(channels=channels)
    path = tmp_path / "a.wav"
    audio.write_wav(path, wave if channels > 1 else wave[0], sample_rate=RATE)
    y, rate = audio.read_audio(path, mono=False)
    assert rate == RATE
    np.testing.assert_allclose(y, wave, atol=1 / 2**15)
    assert soundfile.info(path).subtype == "PCM_16"


def test_write_wav_leaves_the_old_file_and_no_debris_when_it_fails(tmp_path, monkeypatch):
    path = tmp_path / "a.wav"
    audio.write_wav(path, tone()[0], sample_rate=RATE)
    before = path.read_bytes()

    def full(part, *args, **kwargs):
        Path(part).write_bytes(b"RIFF")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(soundfile, "write", full)
    with pytest.raises(OSError, match=r"a\.wav cannot be written: No space left"):
        audio.write_wav(path, tone()[0] / 2, sample_rate=RATE)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_write_wav_turns_down_what_it_cannot_write(tmp_path):
    with pytest.raises(ValueError, match="would be clipped"):
        audio.write_wav(tmp_path / "a.wav", [0.0, 1.5], sample_rate=RATE)
    with pytest.raises(ValueError, match="channels"):
        audio.write_wav(tmp_path / "a.wav", np.zeros((1, 2, 3)), sample_rate=RATE)
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        audio.write_wav(tmp_path / "no" / "a.wav", [0.1], sample_rate=RATE)
    with pytest.raises(OSError, match="cannot be written"):
        audio.write_wav(tmp_path, [0.1], sample_rate=RATE)
    assert not list(tmp_path.iterdir())


def test_importing_is_light():
    heavy = "tensorflow", "librosa", "matplotlib", "IPython"
    code = f"import sys, speechbook.audio, speechbook.features; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("coefficient", [0.0, 0.5, 0.97])
def test_pre_emphasis_is_librosas_filter(coefficient):
    y = tone()[0] + tone(frequency=3000)[0]
    expected = librosa.effects.preemphasis(y, coef=coefficient, zi=[0.0])
    np.testing.assert_allclose(audio.pre_emphasise(y, coefficient=coefficient), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("y", "coefficient", "message"),
    [(np.zeros((2, 9)), 0.9, "one mono clip"), (np.zeros(9), 1.0, "a share from 0"), ([np.nan], 0.9, "finite")],
)
def test_pre_emphasis_says_what_it_takes(y, coefficient, message):
    with pytest.raises(ValueError, match=message):
        audio.pre_emphasise(y, coefficient=coefficient)
