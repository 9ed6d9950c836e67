"""Streams to learn keyword spotting from, laid out anew for every batch, on mel powers.

Clips of several people, with other voices, other tempi and other microphones (`speechbook.variations`), gaps between
them, words of other languages that must not count, noise under all of it. Taught in the chapter *Wake word and
assistant*.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from speechbook import frontend
from speechbook._checks import positive_int
from speechbook._rng import generator
from speechbook.digits import Digits
from speechbook.streaming_frontend import PerChannelEnergy
from speechbook.variations import Variation, levels, ripples, vary

STORED_FRAMES = 110
PICTURE_FRAMES = 84
STEP = 4
LOUD_DB = 30.0
NAMED_FRAMES = 16
EITHER_FRAMES = (-8, 26)
GAP_FRAMES = (0, 60)
POOL, REUSE = 4, 5
LEVEL_DB = (-15.0, 0.0)
STREAM_DB = (-20.0, 10.0)
BEHIND, BEHIND_DB = 0.5, (-30.0, -8.0)
"""Share of the streams behind which another one is heard, and how far below."""
NOISE_DB = (-55.0, -12.0)
NOISE_SHAPE_DB = (8.0, 4.0, 3.0, 2.0)

VARIATION = Variation(calm_db=35.0, babble=0.1, trim=0.0, delay=0)
"""Noise comes later, for the whole stream, and a quiet end of a word must stay, since it tells when the word ends."""


@dataclass(frozen=True)
class Recipe:
    """The settings of a training run.

    Attributes
    ----------
    steps : int
        Batches.
    streams : int
        Streams in a batch, an equal share from each set of clips.
    n_words, n_frames : int
        Most words of a stream, and its frames, a multiple of 4.
    peak_rate : float
        Learning rate of AdamW after a warm-up over a tenth of the steps; from there it falls along half a cosine.
    average : float
        Momentum of the running average of the weights, which is what the network ends with.
    foreign_share : float
        Share of the words that must not count, if there are any.
    spoilt_share : float
        Share of the words that are played backwards or broken off, and must not count either.
    word_weight : float
        What a moment in which a word must be named counts beside one in which there is nothing to name.
    alone : bool
        Whether to learn from single clips instead: one word a stream, no noise, and only the moment after its end
        counts.

    Examples
    --------
    >>> Recipe(steps=10).streams
    24
    """

    steps: int = 300
    streams: int = 24
    n_words: int = 5
    n_frames: int = 400
    peak_rate: float = 4e-3
    average: float = 0.98
    foreign_share: float = 0.25
    spoilt_share: float = 0.15
    word_weight: float = 3.0
    alone: bool = False
    variation: Variation = field(default=VARIATION)

    def __post_init__(self) -> None:
        for name in ("steps", "streams", "n_words", "n_frames"):
            positive_int(**{name: getattr(self, name)})
        if self.n_frames % STEP or not 0 <= self.foreign_share < 1:
            raise ValueError(f"n_frames must be a multiple of {STEP} and foreign_share a share below 1; got {self}.")


class Batch(NamedTuple):
    """Streams for training.

    Attributes
    ----------
    x : np.ndarray of float32 [shape=(streams, frames, 40)]
        Normalised powers.
    y : np.ndarray of int [shape=(streams, frames / 4)]
        Which word has just ended: its place among the words, counted from 1; 0 for none.
    weight : np.ndarray of float32 [shape=(streams, frames / 4)]
        0 around the end of a word, where either answer will do.
    """

    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray


class Shelf:
    """Clips as mel levels, with the class of each: its place in `words` from 1, or 0 for what must not count.

    Parameters
    ----------
    digits : Digits
        Clips to draw from.
    words : sequence of int
        The digits that count; clips of other digits are left out.
    foreign : Digits, optional
        Clips none of which counts.
    """

    def __init__(self, digits: Digits, words: Sequence[int], foreign: Digits | None = None) -> None:
        digits = digits.where(digit=list(words))
        clips = [*digits.clips, *(foreign.clips if foreign is not None else [])]
        powers = frontend.mel_powers(clips, sample_rate=digits.sample_rate)
        self.db, self.counts = levels(powers, n_frames=STORED_FRAMES)
        place = {word: number for number, word in enumerate(words, start=1)}
        self.label = np.zeros(len(clips), int)
        self.label[: len(digits)] = [place[int(digit)] for digit in digits.digit]

    def draw(self, n: int, *, foreign_share: float, rng: np.random.Generator) -> np.ndarray:
        """Draw rows of the shelf [shape=(n,)], a share of them foreign if there are such."""
        known, foreign = np.flatnonzero(self.label), np.flatnonzero(self.label == 0)
        rows = known[rng.integers(len(known), size=n)]
        if len(foreign):
            others = rng.random(n) < foreign_share
            rows[others] = foreign[rng.integers(len(foreign), size=others.sum())]
        return rows


def batches(shelves: Sequence[Shelf], *, recipe: Recipe, rng: np.random.Generator) -> Iterator[Batch]:
    """Lay out training streams without end.

    Parameters
    ----------
    shelves : sequence of Shelf
        Sets of clips, such as people and synthetic voices.
    recipe : Recipe
        How long the streams are and what is in them.
    rng : np.random.Generator
        Source of chance.

    Yields
    ------
    Batch
    """
    rng, n_words = generator(rng), 1 if recipe.alone else recipe.n_words
    share = max(1, recipe.streams // len(shelves)) * n_words
    pool: deque[_Versions] = deque(maxlen=POOL)
    for step in itertools.count():
        if step % REUSE == 0:
            pool.append(_versions(shelves, share, recipe, rng))
            size = (share * len(shelves) // n_words, recipe.n_frames, frontend.SETTINGS["n_mels"])
            flicker = rng.standard_gamma(4, size).astype(np.float32) / 4
        versions = _Versions(*(np.concatenate(parts) for parts in zip(*pool, strict=True)))
        rows = rng.permutation(len(versions.label))[: share * len(shelves)]
        yield _lay_out(_Versions(*(part[rows] for part in versions)), n_words, flicker, recipe, rng)


class _Versions(NamedTuple):
    """Clips said in other ways: powers [shape=(clips, frames, 40)], where each ends, and its class."""

    power: np.ndarray
    last: np.ndarray
    label: np.ndarray


def _versions(shelves: Sequence[Shelf], share: int, recipe: Recipe, rng: np.random.Generator) -> _Versions:
    """Draw equally many clips from each shelf, and say each in another way."""
    drawn = [shelf.draw(share, foreign_share=recipe.foreign_share, rng=rng) for shelf in shelves]
    db, counts, label = (
        np.concatenate([getattr(shelf, name)[rows] for shelf, rows in zip(shelves, drawn, strict=True)])
        for name in ("db", "counts", "label")
    )
    if not recipe.alone:
        db, counts, label = _spoilt(db, counts, label, recipe.spoilt_share, rng)
    x = vary(db, counts, variation=recipe.variation, n_frames=PICTURE_FRAMES, rng=rng)
    range_db = frontend.SETTINGS["range_db"]
    power = np.where(x > frontend.FLOOR, np.exp((x - 1) * np.float32(np.log(10) * range_db / 20)), np.float32(0))
    loud = x.max(axis=2) > 1 - 2 * LOUD_DB / range_db
    return _Versions(power, PICTURE_FRAMES - loud[:, ::-1].argmax(axis=1), label)


def _spoilt(
    db: np.ndarray, counts: np.ndarray, label: np.ndarray, share: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Let a share of the words count no more: play some backwards, and break the others off half-way."""
    db, counts, label = db.copy(), counts.copy(), label.copy()
    for row in np.flatnonzero(rng.random(len(label)) < share):
        if rng.random() < 0.5:
            db[row, : counts[row]] = db[row, : counts[row]][::-1]
        else:
            counts[row] = max(8, int(rng.uniform(0.35, 0.65) * counts[row]))
        label[row] = 0
    return db, counts, label


def _lay_out(said: _Versions, n_words: int, flicker: np.ndarray, recipe: Recipe, rng: np.random.Generator) -> Batch:
    """Put clips one after the other into streams, and noise under them."""
    n_streams, n_frames = len(said.label) // n_words, PICTURE_FRAMES if recipe.alone else recipe.n_frames
    last = said.last.reshape(n_streams, n_words)
    gaps = 0 if recipe.alone else rng.integers(*GAP_FRAMES, size=last.shape)
    ends = np.cumsum(gaps + last, axis=1)
    gains = 10 ** ((0.0 if recipe.alone else rng.uniform(*LEVEL_DB, size=last.shape)) / 10) * np.ones(last.shape)
    streams = np.zeros((n_streams, n_frames + PICTURE_FRAMES, said.power.shape[2]), np.float32)
    y, weight = np.zeros((n_streams, n_frames), int), np.full((n_streams, n_frames), float(not recipe.alone))
    for place, (power, label) in enumerate(zip(said.power, said.label, strict=True)):
        row, word = divmod(place, n_words)
        end = ends[row, word]
        if end > n_frames:
            continue
        start = end - last[row, word]
        streams[row, start : start + PICTURE_FRAMES] += np.float32(gains[row, word]) * power
        if label:
            weight[row, max(0, end + EITHER_FRAMES[0]) : end + EITHER_FRAMES[1]] = 0
            y[row, end : end + NAMED_FRAMES] = label
            weight[row, end : end + NAMED_FRAMES] = recipe.word_weight
    x = _normalised(streams[:, :n_frames], None if recipe.alone else flicker, rng)
    return Batch(x, y[:, ::STEP], weight[:, ::STEP].astype(np.float32))


def _normalised(power: np.ndarray, flicker: np.ndarray | None, rng: np.random.Generator) -> np.ndarray:
    """Add steady noise of a random colour to each stream, play it at a random level, and normalise as a stream is."""
    n = len(power)
    if flicker is not None:
        behind = (rng.random(n) < BEHIND) * 10 ** (rng.uniform(*BEHIND_DB, n) / 10)
        power = power + behind.astype(np.float32)[:, None, None] * np.roll(power, 1, axis=0)
        colour = rng.uniform(*NOISE_DB, (n, 1)) + ripples(NOISE_SHAPE_DB, n, rng)
        power = power + (10 ** (colour / 10)).astype(np.float32)[:, None, :] * np.roll(flicker, rng.integers(n), axis=0)
    gain = 10 ** (rng.uniform(*STREAM_DB, (n, 1, 1)) / 10)
    return PerChannelEnergy()(gain.astype(np.float32) * power)
