"""Strings of digits: what is glued is what is said, and every draw keeps its promise."""

import re

import numpy as np
import pytest

from speechbook import audio, augment, connected, corpora
from speechbook.digits import DIGIT_NAMES


@pytest.fixture(scope="module")
def digits():
    everything = corpora.load_digits("voices")
    return everything.where(speaker=everything.speakers[:3])


def rng():
    return np.random.default_rng(0)


def test_the_clips_lie_where_the_spans_say(digits):
    (said,) = connected.utterances(digits, [(4, 4, 7)], snr_db=None, rng=rng())
    for number, (start, end) in zip(said.numbers, np.round(said.spans * 8000).astype(int), strict=True):
        own = digits.where(digit=number, speaker=said.speaker)
        clips = [audio.peak_normalise(audio.trim(c.y, sample_rate=8000), peak=connected.PEAK) for c in own]
        assert any(np.array_equal(said.y[start:end], clip) for clip in clips)
        said.y[start:end] = 0
    assert not said.y.any()


def test_speakers_take_turns_and_gaps_stay_in_their_range(digits):
    said = connected.utterances(digits, [(1, 2, 3)] * 6, gap_seconds=(0.2, 0.3), rng=rng())
    assert [one.speaker for one in said] == [*digits.speakers] * 2
    gaps = np.array([one.spans[1:, 0] - one.spans[:-1, 1] for one in said])
    assert 0.199 < gaps.min() < gaps.max() < 0.301
    assert all(one.text == "one two three" and one.y.dtype == np.float32 for one in said)


def test_noise_has_the_level_that_is_asked_for(digits):
    clean, noisy = (connected.utterances(digits, [(5, 0)], snr_db=snr, rng=rng())[0].y for snr in (None, (10.0, 10.0)))
    assert augment.measure_snr(clean, noisy) == pytest.approx(10, abs=0.1)


def test_one_seed_gives_the_same_strings(digits):
    one, other = (connected.utterances(digits, [(1, 2)] * 3, rng=rng()) for _ in range(2))
    assert all(np.array_equal(a.y, b.y) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("strings", "how", "hint"),
    [
        ([()], {}, "empty string"),
        ([(1,)], {"gap_seconds": (0.3, 0.1)}, "gap_seconds"),
        ([(1,)], {"snr_db": (30, 10)}, "snr_db"),
    ],
)
def test_strings_that_cannot_be_said_are_refused(digits, strings, how, hint):
    with pytest.raises(ValueError, match=hint):
        connected.utterances(digits, strings, rng=rng(), **how)


def test_a_missing_digit_is_named(digits):
    with pytest.raises(ValueError, match=r"no clip of \[7\]"):
        connected.utterances(digits.where(digit=(1, 2)), [(1, 7)], rng=rng())


def test_random_strings_use_all_lengths_and_digits_equally():
    strings = connected.random_strings(6000, rng=rng())
    lengths = np.bincount([len(string) for string in strings])
    assert len(lengths) == 7
    assert lengths[0] == 0
    assert lengths[1:].min() > 900
    counts = np.bincount(np.concatenate(strings))
    assert len(counts) == 10
    assert counts.min() > 0.09 * counts.sum()
    with pytest.raises(ValueError, match="fewest, most"):
        connected.random_strings(1, n_digits=(3, 2), rng=rng())


def test_dial_strings_keep_to_their_grammar():
    strings = ["".join(map(str, string)) for string in connected.dial_strings(4000, rng=rng())]
    grammar = re.compile("112|90|[234][012][0-9]|08[0-9]{3}")
    assert all(grammar.fullmatch(string) for string in strings)
    assert strings.count("112") / 4000 == pytest.approx(0.1, abs=0.02)
    assert np.mean([len(string) == 5 for string in strings]) == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize("name", ["words", "letters"])
def test_units_write_every_string_and_read_it_back(name):
    units = connected.UNITS[name]
    for string in connected.random_strings(50, rng=rng()):
        labels = units.encode(connected.spell(string))
        assert connected.BLANK not in labels
        assert max(labels) < len(units)
        assert units.decode(labels) == connected.spell(string)
    with pytest.raises(ValueError, match="not among"):
        units.encode("call")


def test_the_lexicon_spells_the_digits():
    units = connected.Units.letters()
    assert {units.decode(spelling) for spelling in units.lexicon.values()} == set(DIGIT_NAMES)
    assert units.symbols[units.space - 1] == " "
    assert connected.Units.words().space is None
