"""Strings of digits, glued from clips of one speaker, and the two ways to write them: in words or in letters.

Nobody paused between these words because somebody else asked for the next one: glued strings have no coarticulation
and no hesitation, so they are easier than connected speech. Taught in the chapter *A recogniser that writes text*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from speechbook import audio, augment
from speechbook._checks import positive_int
from speechbook._rng import generator
from speechbook.digits import DIGIT_NAMES, Digits

BLANK = 0
"""Class of the blank in both kinds of units; padding of label arrays is 0 too."""

PEAK = 0.5
MARGIN = 0.1


@dataclass(frozen=True, eq=False)
class Utterance:
    """Some digits in a row, said by one speaker.

    Attributes
    ----------
    y : ndarray of float32 [shape=(samples,)]
        Samples in [-1, 1].
    sample_rate : int
        In hertz.
    numbers : tuple of int
        The digits.
    spans : ndarray of float [shape=(digits, 2)]
        Where each clip begins and ends, in seconds. No training needs it; it is there to check alignments.
    speaker : str
        Who speaks.
    """

    y: np.ndarray = field(repr=False)
    sample_rate: int
    numbers: tuple[int, ...]
    spans: np.ndarray = field(repr=False)
    speaker: str

    @property
    def text(self) -> str:
        """The digits as words."""
        return spell(self.numbers)

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return len(self.y) / self.sample_rate


def spell(numbers: Iterable[int]) -> str:
    """Write digits as words.

    Examples
    --------
    >>> spell([9, 5, 2])
    'nine five two'
    """
    return " ".join(DIGIT_NAMES[number] for number in numbers)


def random_strings(n: int, *, n_digits: tuple[int, int] = (1, 6), rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Draw strings of digits in which no digit tells anything about the next.

    Parameters
    ----------
    n : int
        How many.
    n_digits : tuple (fewest, most)
        Digits of a string; every length is equally frequent.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    list of tuple of int

    Raises
    ------
    ValueError
        If `n` or `n_digits` are not positive whole numbers in rising order.

    Examples
    --------
    >>> random_strings(3, n_digits=(1, 4), rng=np.random.default_rng(0))
    [(6, 5, 2, 3), (0,), (1,)]
    """
    fewest, most = (positive_int(n_digits=count) for count in n_digits)
    if fewest > most:
        raise ValueError(f"n_digits must be (fewest, most), but is {n_digits}")
    rng = generator(rng)
    return [
        tuple(rng.integers(10, size=rng.integers(fewest, most, endpoint=True)).tolist())
        for _ in range(positive_int(n=n))
    ]


def dial_strings(n: int, *, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Draw commands to an imaginary telephone: emergency, voice mail, rooms, and numbers in town.

    A tenth are 1 1 2 and a tenth are 9 0; half are rooms, 2 to 4 for the floor and two digits for the door of which
    the first is 0, 1 or 2; the others begin with 0 and go on with 8 and three more digits.

    Parameters
    ----------
    n : int
        How many.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    list of tuple of int

    Examples
    --------
    >>> dial_strings(4, rng=np.random.default_rng(1))
    [(2, 0, 8), (0, 8, 4, 2, 8), (9, 0), (0, 8, 2, 4, 6)]
    """
    rng = generator(rng)
    kinds = rng.choice(4, size=positive_int(n=n), p=[0.1, 0.1, 0.5, 0.3])
    return [_dial(kind, rng) for kind in kinds]


def _dial(kind: int, rng: np.random.Generator) -> tuple[int, ...]:
    if kind < 2:
        return ((1, 1, 2), (9, 0))[kind]
    if kind == 2:
        return int(rng.integers(2, 5)), int(rng.integers(3)), int(rng.integers(10))
    return 0, 8, *rng.integers(10, size=3).tolist()


def utterances(
    digits: Digits,
    strings: Sequence[Sequence[int]],
    *,
    gap_seconds: tuple[float, float] = (0.05, 0.35),
    snr_db: tuple[float, float] | None = (20.0, 40.0),
    rng: np.random.Generator,
) -> list[Utterance]:
    """Glue clips to strings, each of one speaker; the speakers take turns.

    Every clip is trimmed and brought to the same peak. Gaps lie between the clips, a margin of 0.1 s around the string,
    and noise, white or pink, over everything.

    Parameters
    ----------
    digits : Digits
        The clips to take from.
    strings : sequence of sequence of int
        What to say.
    gap_seconds : tuple (shortest, longest)
        Of the gaps.
    snr_db : tuple (lowest, highest), optional
        Ratio of the string's mean power to the noise's, in dB; without noise if None.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    list of Utterance

    Raises
    ------
    ValueError
        If a string is empty, a digit has no clip by a speaker, or a range does not rise.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> digits = load_digits("voices")
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> said = utterances(digits, [(9, 5, 2)], rng=np.random.default_rng(0))[0]
    >>> said.text, said.speaker, said.spans.shape
    ('nine five two', 'espeak-carib-m2', (3, 2))
    """
    for name, values in (("gap_seconds", gap_seconds), ("snr_db", snr_db)):
        if values is not None and not values[0] <= values[1]:
            raise ValueError(f"{name} must be (lowest, highest), but is {values}")
    rng = generator(rng)
    shelf: dict[tuple[str, int], list[np.ndarray]] = {}
    for clip in digits:
        y = audio.peak_normalise(audio.trim(clip.y, sample_rate=clip.sample_rate), peak=PEAK)
        shelf.setdefault((clip.speaker, clip.digit), []).append(y)
    speakers = digits.speakers
    return [
        _glue(shelf, speakers[i % len(speakers)], tuple(map(int, string)), digits.sample_rate, gap_seconds, snr_db, rng)
        for i, string in enumerate(strings)
    ]


def _glue(shelf, speaker, numbers, sample_rate, gap_seconds, snr_db, rng) -> Utterance:
    missing = [number for number in numbers if (speaker, number) not in shelf]
    if missing or not numbers:
        raise ValueError(f"{speaker} cannot say {numbers}: " + (f"no clip of {missing}" if numbers else "empty string"))
    words = [shelf[speaker, number][rng.integers(len(shelf[speaker, number]))] for number in numbers]
    gaps = [MARGIN, *rng.uniform(*gap_seconds, size=len(words) - 1), MARGIN]
    silences = [np.zeros(int(gap * sample_rate), np.float32) for gap in gaps]
    parts = [silences[0], *(part for pair in zip(words, silences[1:], strict=True) for part in pair)]
    y = np.concatenate(parts)
    if snr_db is not None:
        y = augment.add_noise(y, snr_db=rng.uniform(*snr_db), kind=str(rng.choice(["white", "pink"])), rng=rng)
    ends = np.cumsum([len(part) for part in parts])
    return Utterance(y, sample_rate, numbers, np.stack([ends[:-1:2], ends[1::2]], axis=1) / sample_rate, speaker)


class Units:
    """What a network writes: numbers of classes for text, and back. Class 0 is the blank.

    Make one with `Units.words` or `Units.letters`.

    Parameters
    ----------
    symbols : sequence of str
        The symbols of the classes 1, 2, …
    separator : str
        What stands between two words: a symbol (" " for letters), or empty if every symbol is a word.

    Examples
    --------
    >>> Units.words().encode("nine five two")
    [10, 6, 3]
    >>> letters = Units.letters()
    >>> len(letters), letters.encode("one two")
    (17, [8, 7, 2, 1, 11, 14, 8])
    >>> letters.decode(letters.encode("one two"))
    'one two'
    """

    def __init__(self, symbols: Sequence[str], *, separator: str) -> None:
        self.symbols = tuple(symbols)
        self.separator = separator
        self._number = {symbol: i + 1 for i, symbol in enumerate(self.symbols)}

    @classmethod
    def words(cls) -> Units:
        """One class for each digit: ten, and the blank."""
        return cls(DIGIT_NAMES, separator="")

    @classmethod
    def letters(cls) -> Units:
        """One class for each letter in the names of the digits, and one for the space between words."""
        return cls([" ", *sorted(set("".join(DIGIT_NAMES)))], separator=" ")

    def __len__(self) -> int:
        return len(self.symbols) + 1

    def __repr__(self) -> str:
        return f"Units({len(self)} classes: blank, {', '.join(map(repr, self.symbols))})"

    def encode(self, text: str) -> list[int]:
        """Turn text into classes; ValueError if a symbol is not among the units."""
        symbols = list(text) if self.separator else text.split()
        unknown = [symbol for symbol in symbols if symbol not in self._number]
        if unknown:
            raise ValueError(f"{text!r} holds {unknown}, which are not among the {len(self.symbols)} symbols")
        return [self._number[symbol] for symbol in symbols]

    def decode(self, labels: Iterable[int]) -> str:
        """Turn classes, without blanks, into text."""
        return ("" if self.separator else " ").join(self.symbols[label - 1] for label in labels)

    @property
    def space(self) -> int | None:
        """Class of the space between words; None if every symbol is a word."""
        return self._number.get(self.separator)

    @property
    def lexicon(self) -> Mapping[str, list[int]]:
        """Every digit's name with its classes: a vocabulary for `decoding.ctc_beam_search`."""
        return {name: self.encode(name) for name in DIGIT_NAMES}


UNITS = {"words": Units.words(), "letters": Units.letters()}
"""The two ways to write the same strings."""
