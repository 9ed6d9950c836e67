import hashlib
import re
import shutil
import subprocess
import sys
from collections import Counter
from itertools import product

import numpy as np
import pytest
import soundfile as sf

from speechbook.manifests import data_folder, read_checked, read_checksums, read_manifest

DATA = data_folder()
ROWS = read_manifest()
DIGITS = [row for row in ROWS if row["digit"]]
CLIPS = [row for row in ROWS if not row["digit"]]
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@pytest.fixture(scope="module")
def samples():
    return {row["file"]: sf.read(DATA / row["file"], dtype="int16") for row in ROWS}


def test_the_folders_hold_exactly_what_the_manifest_lists():
    present = {f"{folder}/{file.name}" for folder in ("voices", "clips") for file in (DATA / folder).iterdir()}
    assert present == {row["file"] for row in ROWS}
    assert len(ROWS) == len(present)


def test_every_file_has_its_hash():
    assert len(read_checked(DATA, {row["file"]: row["sha256"] for row in ROWS})) == len(ROWS)


def test_every_file_has_the_samples_of_the_manifest(samples):
    for row in ROWS:
        y, _ = samples[row["file"]]
        assert hashlib.sha256(y.astype("<i2").tobytes()).hexdigest() == row["pcm_sha256"], row["file"]


def test_no_two_clips_are_the_same():
    assert len({row["pcm_sha256"] for row in ROWS}) == len(ROWS)


def test_sizes_stay_small():
    assert sum((DATA / row["file"]).stat().st_size for row in DIGITS) <= 8_000_000
    assert sum((DATA / row["file"]).stat().st_size for row in CLIPS) <= 1_000_000


def test_sound_is_mono_audible_and_unclipped(samples):
    for row in ROWS:
        y, sample_rate = samples[row["file"]]
        level = 20 * np.log10(np.sqrt(np.mean((y / 32768) ** 2)))
        assert sample_rate == (8000 if row["digit"] else 16000), row["file"]
        assert y.ndim == 1
        assert -36 < level < -18, (row["file"], level)
        assert np.abs(y.astype(int)).max() < 30000, row["file"]
        assert abs(len(y) / sample_rate - float(row["seconds"])) < 1e-4


def test_digits_are_as_long_as_words_and_never_digitally_silent(samples):
    for row in DIGITS:
        y, sample_rate = samples[row["file"]]
        assert 0.15 < len(y) / sample_rate < 1.2, row["file"]
        zeros = np.flatnonzero(np.diff(np.flatnonzero(np.concatenate([[True], y != 0, [True]]))) > 80)
        assert not len(zeros), f"{row['file']} has 10 ms of digital silence"


def test_every_voice_says_every_digit_equally_often():
    speakers = {row["speaker"] for row in DIGITS}
    counts = Counter((row["speaker"], int(row["digit"]), int(row["take"])) for row in DIGITS)
    assert counts == Counter(product(speakers, range(10), range(5)))
    assert len(speakers) == 42


def test_names_and_columns_agree():
    for row in DIGITS:
        assert row["file"] == f"voices/{row['digit']}_{row['speaker']}_{row['take']}.flac"
        assert row["transcript"] == WORDS[int(row["digit"])]
        assert "_" not in row["speaker"]


def test_a_voice_has_one_fold_one_split_and_one_engine():
    for column in ("fold", "split", "engine", "accent", "register", "base"):
        assert len({(row["speaker"], row[column]) for row in DIGITS}) == 42, column
    voices = {row["speaker"]: row for row in DIGITS}.values()
    assert Counter(row["fold"] for row in voices) == dict.fromkeys("012345", 7)
    assert {row["fold"] for row in voices if row["split"] == "test"} == {"4", "5"}
    assert {row["split"] for row in voices if row["fold"] in "0123"} == {"train"}
    assert abs(Counter(row["register"] for row in voices)["low"] - 21) <= 2


def test_a_recorded_person_is_in_one_fold_only():
    people = {"kal": set(), "slt": set(), "awb": set(), "rms": set(), "ked": set()}
    for row in DIGITS:
        if row["engine"] != "espeak-ng":
            people[next(person for person in people if person in row["base"])].add(row["fold"])
    assert all(len(folds) == 1 for folds in people.values()), people
    variants = {row["base"].split("+")[1]: row["speaker"] for row in DIGITS if row["engine"] == "espeak-ng"}
    assert len(variants) == len({row["speaker"] for row in DIGITS if row["engine"] == "espeak-ng"})


def test_every_clip_names_its_licence_and_the_datasheet_every_engine():
    datasheet = (DATA / "README.md").read_text(encoding="utf-8")
    assert {row["licence"] for row in ROWS} == {"CC0-1.0"}
    assert "CC0-1.0" in datasheet
    for engine, version in {(row["engine"], row["engine_version"]) for row in ROWS if row["engine"]}:
        assert f"{engine} {version.removesuffix('-current')}" in datasheet


def test_no_caricature_got_in():
    caricatures = re.compile(
        "robo|whisper|demonic|tweaky|croak|kaukovalta|fast|anxious|announcer|sandro", re.IGNORECASE
    )
    assert not [row["base"] for row in DIGITS if caricatures.search(row["base"])]


def test_fsdd_is_listed_and_not_contained():
    checksums = read_checksums(DATA / "fsdd.sha256")
    assert len(checksums) == 3000
    assert not [row for row in ROWS if row["sha256"] in set(checksums.values())]
    assert not list(DATA.rglob("*.wav"))


@pytest.mark.skipif(
    any(shutil.which(engine) is None for engine in ("espeak-ng", "flite", "festival")),
    reason="the speech synthesisers are not installed",
)
def test_the_generator_makes_the_same_samples_again():
    script = """
import csv, hashlib, sys
from pathlib import Path
data = Path(sys.argv[1])
sys.path.insert(0, str(data / "make"))
import clips, engines, voices
with open(data / "manifest.csv", encoding="utf-8") as file:
    rows = {row["file"]: row for row in csv.DictReader(file)}
found = engines.versions()
if any(row["engine"] and row["engine_version"] != found[row["engine"]] for row in rows.values()):
    sys.exit("other versions")
one_of_each_engine = {clip[0].engine: clip for clip in voices.all_clips()}.values()
made = {f"voices/{digit}_{voice.name}_{take}.flac": voices.record(voice, digit, take)
        for voice, _, digit, take in one_of_each_engine}
made["clips/vowels.flac"] = clips.make(clips.SOUNDS["vowels"])
for name, samples in made.items():
    assert hashlib.sha256(samples.astype("<i2").tobytes()).hexdigest() == rows[name]["pcm_sha256"], name
print(len(made))
"""
    done = subprocess.run([sys.executable, "-B", "-c", script, str(DATA)], capture_output=True, text=True, check=False)
    if "other versions" in done.stderr:
        pytest.skip("the speech synthesisers have other versions than those of the manifest")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 4
