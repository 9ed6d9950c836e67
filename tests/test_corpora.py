import hashlib
import os
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from speechbook import corpora
from speechbook.digits import Digits
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


@pytest.fixture
def real(monkeypatch):
    monkeypatch.setenv("SPEECHBOOK_FSDD", FSDD)
    return corpora.load_digits("fsdd")


def toy(n_speakers=3, n_takes=2):
    keys = [(d, s, t) for d in range(10) for s in range(n_speakers) for t in range(n_takes)]
    names = [f"s{s}" for s in range(n_speakers)]
    return Digits(
        name="voices",
        sample_rate=8000,
        clips=[np.full(80 + i, 0.1, dtype=np.float32) for i in range(len(keys))],
        digit=[d for d, _, _ in keys],
        speaker=[names[s] for _, s, _ in keys],
        take=[t for _, _, t in keys],
        groups={name: (name,) for name in names},
        unseen=names[-1:],
        test_takes=(0,),
    )


def identity(digits):
    return set(zip(digits.digit.tolist(), digits.speaker.tolist(), digits.take.tolist(), strict=True))


def check_split(whole, train, test):
    assert identity(train).isdisjoint(identity(test))
    assert identity(train) | identity(test) == identity(whole)
    assert len(train) + len(test) == len(whole)


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


# Selections


def test_numbers_slices_indices_and_masks():
    digits = toy()
    assert (digits[0].digit, digits[-1].digit, digits[np.int64(7)].speaker) == (0, 9, "s0")
    assert len(digits[10:20]) == 10
    assert digits[[5, 3, 5]].digit.tolist() == digits.digit[[5, 3, 5]].tolist()
    assert len(digits[digits.digit == 4]) == 6
    assert len(digits[[]]) == 0
    assert len(digits[digits.take > 9]) == 0
    assert [clip.digit for clip in digits] == digits.digit.tolist()
    assert digits[3].seconds == pytest.approx(83 / 8000)


@pytest.mark.parametrize("rows", [60, -61])
def test_a_number_beyond_the_end(rows):
    with pytest.raises(IndexError, match="60 clips"):
        toy()[rows]


@pytest.mark.parametrize("rows", ["s0", [60], [True, False], 1.5, None, [[0, 1], [2, 3]], [1, [2]], np.array([0.5])])
def test_wrong_rows_are_explained(rows):
    with pytest.raises(IndexError, match=r"digits\[…\] takes .*60 clips.*digits.where"):
        toy()[rows]


def test_where_combines_conditions():
    digits = toy()
    assert identity(digits.where(digit=(2, 3), speaker="s1", take=0)) == {(2, "s1", 0), (3, "s1", 0)}
    assert len(digits.where()) == len(digits)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"digit": 10}, "no clip has digit 10; there are 0 to 9"),
        ({"speaker": ["s0", "bob"]}, "no clip has speaker 'bob'; there are s0, s1, s2"),
        ({"take": 2}, "no clip has take 2; there are 0 to 1"),
    ],
)
def test_where_knows_what_there_is(condition, message):
    with pytest.raises(ValueError, match=message):
        toy().where(**condition)


def test_where_finds_nothing():
    digits = toy()
    part = digits[(digits.speaker == "s0") | (digits.take == 0)]
    with pytest.raises(ValueError, match="no clip has digit=None, speaker=s1 and take=1"):
        part.where(speaker="s1", take=1)


def test_a_part_leaves_the_whole_alone():
    digits = toy()
    part = digits.where(speaker="s1")
    assert part.speakers == ("s1",)
    assert digits.speakers == ("s0", "s1", "s2")


def test_unequal_columns_are_refused():
    with pytest.raises(ValueError, match="equally long"):
        Digits(name="x", sample_rate=8000, clips=[np.zeros(3)], digit=[1, 2], speaker=["a"], take=[0], groups={},
               unseen=(), test_takes=(0,))  # fmt: skip


# Splits


def test_official_split_of_the_voices(voices):
    train, test = voices.official_split()
    check_split(voices, train, test)
    assert (len(train), len(test)) == (1680, 420)
    assert train.speakers == test.speakers == voices.speakers
    assert set(test.take) == {0}


def test_default_unseen_of_the_voices(voices):
    train, test = voices.default_unseen()
    check_split(voices, train, test)
    assert (len(train), len(test)) == (1400, 700)
    assert set(train.speakers).isdisjoint(test.speakers)
    assert set(test.speakers) == {row["speaker"] for row in read_manifest() if row["split"] == "test"}


def test_folds_of_the_voices(voices):
    tested = set()
    for name, train, test in voices.folds():
        check_split(voices, train, test)
        assert (len(train), len(test), len(test.speakers)) == (1750, 350, 7)
        assert set(train.speakers).isdisjoint(test.speakers)
        assert {row["fold"] for row in read_manifest() if row["speaker"] in test.speakers and row["digit"]} == {
            name.removeprefix("fold ")
        }
        assert identity(test).isdisjoint(tested)
        tested |= identity(test)
    assert tested == identity(voices)


def test_leave_speakers_out(voices):
    train, test = voices.leave_speakers_out("flite-slt", "espeak-us-m1")
    check_split(voices, train, test)
    assert test.speakers == ("espeak-us-m1", "flite-slt")
    assert len(test) == 100


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["theo"], "no clip has speaker 'theo'; there are s0, s1, s2"),
        ([], "name the speakers to leave out; there are s0, s1, s2"),
        (["s0", "s1", "s2"], "all of these 60 clips"),
    ],
)
def test_wrong_speakers_to_leave_out(names, message):
    with pytest.raises(ValueError, match=message):
        toy().leave_speakers_out(*names)


def test_a_split_with_an_empty_half_is_refused():
    digits = toy()
    with pytest.raises(ValueError, match="none of these 30 clips are of takes"):
        digits.where(take=1).official_split()
    with pytest.raises(ValueError, match="all of these 20 clips are of speakers s2"):
        digits.where(speaker="s2").default_unseen()


def test_folds_of_a_part_leave_out_absent_groups():
    part = toy().where(speaker=("s0", "s2"))
    assert [(name, train.speakers, test.speakers) for name, train, test in part.folds()] == [
        ("s0", ("s2",), ("s0",)),
        ("s2", ("s0",), ("s2",)),
    ]


# How it prints


def test_text_and_table(voices):
    assert repr(toy().where(speaker="s1", take=0)[:1]) == "Digits('voices': 1 clip, 1 speaker, 0 s at 8,000 Hz)"
    html = voices._repr_html_()
    assert html.count("<tr>") == 7
    assert "festival-slt, festival-slt-short, flite-slt" in html
    assert 'scope="col"' in html
    assert toy()._repr_html_().count("<th ") == 3
    assert len(html) < 4000


def test_names_cannot_smuggle_markup():
    digits = toy(1)
    digits.speaker = np.array(["<b>"] * len(digits))
    digits.groups = {"<b>": ("<b>",)}
    assert "<b>" not in digits._repr_html_()


def test_describe(voices):
    facts = voices.describe()
    assert facts["clips"] == 2100
    assert facts["seconds"] == pytest.approx(
        sum(float(row["seconds"]) for row in read_manifest() if row["digit"]), abs=0.1
    )
    assert facts["shortest"] <= facts["mean"] <= facts["longest"]
    assert toy().describe()["level_db"] == pytest.approx(-20, abs=1e-3)
    with pytest.raises(ValueError, match="no clips"):
        toy()[[]].describe()


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
def test_fsdd_and_its_splits(real):
    assert (len(real), real.sample_rate, len(real.speakers)) == (3000, 8000, 6)
    train, test = real.official_split()
    check_split(real, train, test)
    assert (len(train), len(test), set(test.take)) == (2700, 300, set(range(5)))
    train, test = real.default_unseen()
    check_split(real, train, test)
    assert (test.speakers, len(test)) == (("theo", "yweweler"), 1000)
    for name, train, test in real.folds():
        check_split(real, train, test)
        assert (test.speakers, len(test)) == ((name,), 500)


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
