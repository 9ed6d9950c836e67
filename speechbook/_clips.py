"""Labelled clips as stored levels: what `speechbook.recipe` draws its batches from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from speechbook import augment, frontend
from speechbook.blending import blend
from speechbook.variations import levels

STORED_FRAMES = 110
BLEND_BY = (-0.2, 0.7)
"""How far a clip goes towards another of the same word, or away from it."""


class Labelled(Protocol):
    """Clips with labels, as `corpora.Digits` are."""

    clips: list[np.ndarray]
    digit: np.ndarray
    sample_rate: int


class Source:
    """Clips as stored levels, from which batches are drawn."""

    def __init__(self, digits: Labelled, speeds: Sequence[float], *, emphasis: float = 0.0) -> None:
        played = [y if s == 1 else augment.change_speed(y, factor=s) for s in speeds for y in digits.clips]
        powers = frontend.mel_powers(played, sample_rate=digits.sample_rate, emphasis=emphasis)
        self.db, self.counts = levels(powers, n_frames=STORED_FRAMES)
        self.digit = np.tile(digits.digit, len(speeds))
        self.places = {label: np.flatnonzero(self.digit == label) for label in np.unique(self.digit)}

    def draw(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        chosen = rng.integers(0, len(self.digit), n)
        return self.db[chosen], self.counts[chosen], self.digit[chosen]

    def alike(self, label: int, rng: np.random.Generator) -> tuple[np.ndarray, int]:
        chosen = rng.choice(self.places[label])
        return self.db[chosen], self.counts[chosen]


def blended(db: np.ndarray, counts: np.ndarray, labels: np.ndarray, sources: Sequence[Source], share: float, rng):
    """Move a share of the clips towards others of the same word, of any source that has it."""
    moved = np.flatnonzero(rng.random(len(db)) < share)
    if not len(moved):
        return db
    having = [[source for source in sources if label in source.places] for label in labels[moved]]
    others = [own[rng.integers(len(own))].alike(y, rng) for own, y in zip(having, labels[moved], strict=True)]
    other, other_counts = (np.array(part) for part in zip(*others, strict=True))
    found = blend(db[moved], counts[moved], other, other_counts, rng.uniform(*BLEND_BY, len(moved)))
    db = db.copy()
    db[moved, : found.shape[1]] = found
    return db
