"""Clips with their labels: choosing some, splitting them, printing them."""

import os

import numpy as np
import pytest

from speechbook import corpora
from speechbook.digits import Digits
from speechbook.manifests import read_manifest

FSDD = os.environ.get("SPEECHBOOK_FSDD")


@pytest.fixture(scope="module")
def voices():
    return corpora.load_digits("voices")


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


@pytest.mark.skipif(not FSDD, reason="SPEECHBOOK_FSDD names no copy of FSDD")
def test_fsdd_and_its_splits(monkeypatch):
    monkeypatch.setenv("SPEECHBOOK_FSDD", FSDD)
    real = corpora.load_digits("fsdd")
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
