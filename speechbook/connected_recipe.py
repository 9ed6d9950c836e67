"""How the book trains a reader of digit strings: one recipe for the chapter and for the measurement.

No string is heard twice: every batch is glued anew from the mel levels of single clips, all its strings with equally
many digits, and changed by `speechbook.variations`. The outputs are read by `speechbook.connected_decoding`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from speechbook import frontend
from speechbook._keras import keras
from speechbook._rng import generator
from speechbook.connected import UNITS, spell
from speechbook.digits import Digits
from speechbook.sequence_models import Head, buckets, ctc_network, targets, train
from speechbook.variations import FLOOR_DB, Variation, levels, vary

HEADS = {"words": Head(len(UNITS["words"])), "letters": Head(len(UNITS["letters"]), 2)}
FRAMES_PER_CLIP = 110
MARGIN_FRAMES = (0, 15)
GAP_FRAMES = (0, 35)
ROOM_TO_SLOW = 1.05
PICTURES_AT_ONCE = 64
FRAMES_AFTER = 4
FRAMES_OF_A_DIGIT = 16

VARIATION = Variation(
    **{"tract": 0.12, "pitch": 0.12, "tempo": 0.2, "accent": 0.2, "rhythm": 0.05, "contrast": 0.1, "channel_db": 3.0},
    **{"telephone": 0.1, "room": 0.2, "babble": 0.0, "calm_db": 18.0, "trim": 0.0, "delay": 0},
)
"""Gentler than for single clips: strings take longer to learn, and no quiet digit at an end may be cut off."""

GENTLE = Variation(
    **{"tract": 0.1, "pitch": 0.1, "tempo": 0.15, "accent": 0.1, "rhythm": 0.05, "contrast": 0.05, "channel_db": 2.0},
    **{"telephone": 0.0, "room": 0.0, "babble": 0.0, "calm_db": 20.0, "trim": 0.0, "delay": 0},
)
"""For speakers who are known already, and for a short training: nobody need be disguised as somebody else."""


@dataclass(frozen=True)
class Recipe:
    """The settings of a training run.

    Attributes
    ----------
    steps : int
        Batches.
    batch_digits : int
        Digits said in a batch, about: the more there are in a string, the fewer strings.
    n_digits : tuple (fewest, most)
        Digits of a string; all strings of a batch have equally many.
    first_words : float
        Share of the steps, at the beginning, in which every string has but the fewest digits.
    peak_rate : float
        Highest learning rate (see `sequence_models.train`).
    letters_weight : float
        Factor of the letters' loss, which has several times the nats of the words' loss.
    blank_held : float
        How dear the blank is at first (see `sequence_models.train`).
    gain_db : float
        Standard deviation of the level of every digit, in dB.
    variation : Variation
        How far the strings go from the clips.
    maps : tuple of int
        As for `sequence_models.ctc_network`; empty for a network over time alone.

    Examples
    --------
    >>> Recipe(batch_digits=64).strings(3, shares=2)
    22
    """

    steps: int = 800
    batch_digits: int = 64
    n_digits: tuple[int, int] = (1, 4)
    first_words: float = 0.15
    peak_rate: float = 4e-3
    letters_weight: float = 0.3
    blank_held: float = 6.0
    gain_db: float = 3.0
    variation: Variation = VARIATION
    maps: tuple[int, ...] = ()

    def strings(self, n_digits: int, *, shares: int) -> int:
        """Count the strings of a batch: a multiple of the shares, at least one each."""
        return shares * max(1, round(self.batch_digits / n_digits / shares))


class Shelf:
    """Single clips as mel levels, ready to be glued.

    Parameters
    ----------
    digits : Digits
        The clips; every speaker needs all ten digits.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> shelf = Shelf(load_digits("voices").where(speaker="flite-slt"))
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> db, numbers = shelf.glue(3, rng=np.random.default_rng(0))
    >>> db.shape[1], len(numbers)
    (40, 3)
    """

    def __init__(self, digits: Digits) -> None:
        powers = frontend.mel_powers(digits.clips, sample_rate=digits.sample_rate)
        db, counts = levels(powers, n_frames=FRAMES_PER_CLIP)
        self._speakers = digits.speakers
        self._clips: dict[tuple[str, int], list[np.ndarray]] = {}
        for row, count, speaker, digit in zip(db, counts, digits.speaker, digits.digit, strict=True):
            self._clips.setdefault((str(speaker), int(digit)), []).append(row[:count])
        missing = [(s, k) for s in self._speakers for k in range(10) if (s, k) not in self._clips]
        if missing:
            raise ValueError(f"every speaker needs clips of all ten digits, but {missing[0]} has none")

    def glue(self, n_digits: int, *, rng: np.random.Generator, gain_db: float = 0.0) -> tuple[np.ndarray, list[int]]:
        """Let a random speaker say random digits.

        Parameters
        ----------
        n_digits : int
            How many.
        rng : np.random.Generator
            Source of chance.
        gain_db : float
            Standard deviation of the level of every digit.

        Returns
        -------
        db : np.ndarray [shape=(frames, 40), dtype=float16]
            Levels, with silence around and between the clips.
        numbers : list of int
            What is said.
        """
        speaker = self._speakers[rng.integers(len(self._speakers))]
        numbers = rng.integers(10, size=n_digits).tolist()
        ends = rng.integers(*MARGIN_FRAMES, size=2, endpoint=True)
        gaps = [ends[0], *rng.integers(*GAP_FRAMES, size=n_digits - 1, endpoint=True)]
        parts = []
        for number, gap in zip(numbers, gaps, strict=True):
            own = self._clips[speaker, number]
            said = own[rng.integers(len(own))] + np.float16(gain_db * rng.standard_normal())
            parts += [np.full((gap, 40), FLOOR_DB, np.float16), np.maximum(said, np.float16(FLOOR_DB))]
        return np.concatenate([*parts, np.full((ends[1], 40), FLOOR_DB, np.float16)]), numbers


def batches(
    shelves: Sequence[Shelf], *, recipe: Recipe, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, dict[str, np.ndarray]]]:
    """Make batches without end: equal shares of all shelves, equally many digits, every string varied.

    Parameters
    ----------
    shelves : sequence of Shelf
        Sets of clips, such as people and synthetic voices.
    recipe : Recipe
        All that is about strings is used.
    rng : np.random.Generator
        Source of chance.

    Yields
    ------
    x : np.ndarray [shape=(batch_size, frames, 40), dtype=float32]
        Pictures; the frames are a multiple of 16.
    y : dict of str to np.ndarray
        For each head what `sequence_models.ctc_loss` takes: labels, and the outputs up to the string's end.
    """
    rng, (fewest, most) = generator(rng), recipe.n_digits
    for step in itertools.count():
        longest = fewest if step < recipe.first_words * recipe.steps else most
        n_digits = int(rng.integers(fewest, longest, endpoint=True))
        share = recipe.strings(n_digits, shares=len(shelves)) // len(shelves)
        glued = [shelf.glue(n_digits, rng=rng, gain_db=recipe.gain_db) for shelf in shelves for _ in range(share)]
        counts = np.array([len(db) for db, _ in glued])
        db = np.full((len(glued), counts.max(), 40), FLOOR_DB, np.float16)
        for row, (own, _) in zip(db, glued, strict=True):
            row[: len(own)] = own
        n_frames = -(-int(ROOM_TO_SLOW * counts.max()) // 16) * 16
        x = vary(db, counts, variation=recipe.variation, n_frames=n_frames, rng=rng)
        yield x, _targets([spell(numbers) for _, numbers in glued], _ends(x, n_digits))


def _ends(x: np.ndarray, n_digits: int) -> np.ndarray:
    """Count the frames of each string up to its last sound and a little more: where it may be written.

    Without this limit a network may write the last digit in the silence that fills the batch, where no recording is.
    """
    audible = (x > frontend.FLOOR).any(axis=2)
    last = x.shape[1] - audible[:, ::-1].argmax(axis=1)
    return np.clip(last + FRAMES_AFTER, FRAMES_OF_A_DIGIT * n_digits, x.shape[1])


def _targets(texts: Sequence[str], frames: np.ndarray) -> dict[str, np.ndarray]:
    return {
        name: targets([units.encode(text) for text in texts], frames, outputs_per_step=HEADS[name].outputs_per_step)
        for name, units in UNITS.items()
    }


def learn(
    sources: Sequence[Digits], *, recipe: Recipe, seed: int = 0, progress: bool = True
) -> tuple[keras.Model, dict[str, list[float]]]:
    """Build a network with both heads and train it.

    Parameters
    ----------
    sources : sequence of Digits
        Sets of clips; each fills an equal share of every batch.
    recipe : Recipe
        Settings.
    seed : int
        Of the weights, the strings and their variation.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    network : keras.Model
    history : dict of str to list of float
        As from `sequence_models.train`.
    """
    keras.utils.set_random_seed(seed)
    stream = batches([Shelf(digits) for digits in sources], recipe=recipe, rng=np.random.default_rng(seed))
    network = ctc_network(HEADS, maps=recipe.maps)
    how = {"peak_rate": recipe.peak_rate, "weights": {"letters": recipe.letters_weight}, "progress": progress}
    return network, train(network, stream, steps=recipe.steps, blank_held=recipe.blank_held, **how)


def pictures(sounds: Sequence[np.ndarray], *, sample_rate: int) -> list[np.ndarray]:
    """Turn recordings of any lengths into pictures of their own lengths.

    Parameters
    ----------
    sounds : sequence of array_like [shape=(samples,)]
        Mono recordings; what is quiet at their ends stays.
    sample_rate : int
        In Hz.

    Returns
    -------
    list of np.ndarray [shape=(frames, 40), dtype=float32]
        As `frontend.batch` makes them, without padding.

    Examples
    --------
    >>> [picture.shape for picture in pictures([np.ones(8000), np.ones(4000)], sample_rate=8000)]
    [(98, 40), (48, 40)]
    """
    how = {"sample_rate": sample_rate, "trimmed": False}
    counts = frontend.lengths(sounds, **how)
    found: list[np.ndarray] = [np.zeros(0)] * len(sounds)
    for rows in buckets(counts, batch_size=PICTURES_AT_ONCE):
        batch = frontend.batch([sounds[i] for i in rows], n_frames=None, **how)
        for i, row in zip(rows, batch, strict=True):
            found[i] = row[: counts[i]]
    return found
