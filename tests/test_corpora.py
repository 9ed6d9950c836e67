"""Loading each corpus, and what is said when that fails."""

import hashlib
import os
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from speechbook import corpora
from speechbook.manifests import data_folder, read_manifest

FSDD = os.environ.get("SPEECHBOOK_FSDD")
needs_fsdd = pytest.mark.skipif(not FSDD, reason="SPEECHBOOK_FSDD names no copy of FSDD")


@pytest.fixture(autouse=True)
def nothing_at_hand(monkeypatch, tmp_path):
    """No variable is set and nothing was fetched, wherever the tests run."""
    monkeypatch.delenv("SPEECHBOOK_CORPUS", raising=False)
    monkeypatch.delenv("SPEECHBOOK_FSDD", raising=False)
    monkeypatch.setattr("speechbook.fsdd.pooch.os_cache", lambda name: tmp_path / "cache" / name)


@pytest.fixture(scope="module")
def voices():
    return corpora.load_digits("voices")


# Loading


def test_without_anything_at_hand_the_voices_come_and_one_line_says_so(capsys):
    digits = corpora.load_digits()
    assert digits.name == "voices"
    assert capsys.readouterr().out == (
        "voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)\n"
    )


def test_clips_are_what_the_files_hold(voices):
    for row in read_manifest()[:2100:211]:
        chosen = voices.where(digit=int(row["digit"]), speaker=row["speaker"], take=int(row["take"]))
        expected, sample_rate = sf.read(data_folder() / row["file"], dtype="float32")
        assert len(chosen) == 1
        np.testing.assert_array_equal(chosen[0].y, expected)
        assert chosen[0].y.dtype == np.float32
        assert (chosen[0].sample_rate, chosen[0].transcript) == (sample_rate, row["transcript"])


def test_no_sample_is_nan_or_beyond_full_scale(voices):
    together = np.concatenate(voices.clips)
    assert np.isfinite(together).all()
    assert np.abs(together).max() < 1


def test_the_order_is_digit_speaker_take(voices):
    keys = list(zip(voices.digit.tolist(), voices.speaker.tolist(), voices.take.tolist(), strict=True))
    assert keys == sorted(keys)


def test_the_environment_decides(monkeypatch, capsys):
    monkeypatch.setenv("SPEECHBOOK_CORPUS", "voices")
    monkeypatch.setenv("SPEECHBOOK_FSDD", "no-such-folder")
    assert corpora.load_digits().name == "voices", "a corpus that is not asked for must not matter"
    monkeypatch.setenv("SPEECHBOOK_CORPUS", "")
    monkeypatch.delenv("SPEECHBOOK_FSDD")
    assert corpora.load_digits().name == "voices"


@pytest.mark.parametrize(
    ("environment", "error", "message"),
    [
        ({"SPEECHBOOK_CORPUS": "mnist"}, ValueError, "SPEECHBOOK_CORPUS is 'mnist', but must be 'fsdd' or 'voices'"),
        ({"SPEECHBOOK_CORPUS": "fsdd"}, FileNotFoundError, "make fsdd.*SPEECHBOOK_FSDD"),
        ({"SPEECHBOOK_FSDD": "no-such-folder"}, FileNotFoundError, "'no-such-folder'.*correct it or unset it"),
        ({"SPEECHBOOK_FSDD": str(Path(__file__).parent)}, ValueError, "3000 of 3000 files.*unset SPEECHBOOK_FSDD"),
    ],
)
def test_a_wrong_environment_is_explained(monkeypatch, environment, error, message):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(error, match=message):
        corpora.load_digits()


def test_an_unknown_corpus_is_explained():
    with pytest.raises(ValueError, match="corpus is 'timit'"):
        corpora.load_digits("timit")


def test_damaged_voices_are_named(monkeypatch, tmp_path):
    shutil.copytree(data_folder(), tmp_path / "data", ignore=shutil.ignore_patterns("make"))
    (tmp_path / "data/voices/3_flite-slt_1.flac").unlink()
    with open(tmp_path / "data/voices/4_flite-slt_1.flac", "ab") as file:
        file.write(b"!")
    monkeypatch.setattr(corpora, "data_folder", lambda: tmp_path / "data")
    with pytest.raises(ValueError, match=r"2 of 2100.*3_flite-slt_1.flac is missing.*4_flite-slt_1.flac is damaged"):
        corpora.load_digits("voices")


def test_fsdd_is_loaded_from_a_folder_with_its_names(monkeypatch, tmp_path, capsys):
    checksums = write_small_fsdd(tmp_path / "recordings")
    monkeypatch.setattr(corpora, "fsdd_checksums", lambda: checksums)
    monkeypatch.setenv("SPEECHBOOK_FSDD", str(tmp_path))
    digits = corpora.load_digits()
    assert "real speakers, from SPEECHBOOK_FSDD" in capsys.readouterr().out
    assert digits.speakers == ("george", "theo", "yweweler")
    train, test = digits.default_unseen()
    assert (train.speakers, test.speakers) == (("george",), ("theo", "yweweler"))
    assert [name for name, _, _ in digits.folds()] == list(digits.speakers)
    assert set(digits.official_split()[1].take) == set(range(5))


def test_a_damaged_download_says_how_to_repair_it(monkeypatch, tmp_path):
    folder = corpora.fsdd_path(cache=tmp_path)
    assert folder is None
    cached = tmp_path / "cache/speechbook/fsdd-26eb9aaf"
    checksums = write_small_fsdd(cached)
    (cached / "0_theo_3.wav").write_bytes(b"RIFF")
    monkeypatch.setattr(corpora, "fsdd_checksums", lambda: checksums)
    with pytest.raises(ValueError, match=r"0_theo_3.wav is damaged; corpora.fetch_fsdd\(\) repairs them"):
        corpora.load_digits()


def write_small_fsdd(folder):
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    checksums = {}
    for digit in range(2):
        for speaker in ("george", "theo", "yweweler"):
            for take in range(7):
                file = folder / f"{digit}_{speaker}_{take}.wav"
                sf.write(file, 0.1 * rng.standard_normal(400), 8000, subtype="PCM_16")
                checksums[file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return checksums


# Listening clips


def test_listening_clips():
    names = corpora.clip_names()
    assert {"sentence-low", "sentence-high", "vowels", "whistle", "noise-white", "noise-pink"} <= set(names)
    for name in names:
        clip = corpora.load_clip(name)
        assert clip.sample_rate == 16000
        assert 1 <= clip.seconds < 5
        assert clip.digit is None
        assert clip.description
        assert bool(clip.transcript) == bool(clip.speaker)


def test_an_unknown_listening_clip():
    with pytest.raises(ValueError, match=r"no listening clip 'yodel'; there are .*whistle"):
        corpora.load_clip("yodel")


def test_the_whistle_rises_as_described():
    clip = corpora.load_clip("whistle")
    for seconds in (0.5, 1.5, 2.5):
        start = int(seconds * clip.sample_rate)
        spectrum = np.abs(np.fft.rfft(clip.y[start : start + 512] * np.hanning(512)))
        peak = spectrum.argmax() * clip.sample_rate / 512
        assert peak == pytest.approx(200 + 7400 / 3 * (seconds + 0.016), abs=40)


def test_the_noises_have_their_colours():
    def slope(name):
        power = np.abs(np.fft.rfft(corpora.load_clip(name).y)) ** 2
        octaves = [power[300 * 2**i : 300 * 2 ** (i + 1)].mean() for i in range(5)]
        return np.mean(np.diff(10 * np.log10(octaves)))

    assert slope("noise-white") == pytest.approx(0, abs=0.3)
    assert slope("noise-pink") == pytest.approx(-3, abs=0.3)


# Real recordings, where they are at hand


@needs_fsdd
def test_fsdd_is_preferred_and_loads_fast(monkeypatch):
    monkeypatch.setenv("SPEECHBOOK_FSDD", FSDD)
    started = time.process_time()
    assert corpora.load_digits().name == "fsdd"
    assert time.process_time() - started < 2


@needs_fsdd
def test_a_copy_with_one_damaged_recording_is_refused(monkeypatch, tmp_path):
    for file in Path(FSDD).iterdir():
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "5_lucas_17.wav").unlink()
    (tmp_path / "5_lucas_17.wav").write_bytes((Path(FSDD) / "5_lucas_17.wav").read_bytes()[:-2])
    monkeypatch.setenv("SPEECHBOOK_FSDD", str(tmp_path))
    with pytest.raises(ValueError, match=r"1 of 3000 .*5_lucas_17.wav is damaged; correct or unset SPEECHBOOK_FSDD"):
        corpora.load_digits()
