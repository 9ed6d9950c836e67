"""Clips of different lengths, computed together: checked, sorted into groups of like length, padded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import signal

FRAMES_AT_ONCE = 1024
"""Frames computed together: many enough to amortise each call, few enough for the processor's cache."""


def mono(clips: Sequence[ArrayLike]) -> list[np.ndarray]:
    """Check each clip and say which one cannot be used."""
    if isinstance(clips, str) or not isinstance(clips, Iterable):
        raise ValueError(f"clips must be a sequence of arrays, one a clip; got {type(clips).__name__}.")
    checked = []
    for place, clip in enumerate(clips):
        try:
            y = signal(clip)
        except ValueError as error:
            raise ValueError(f"Clip {place} cannot be used. {error}") from None
        if y.ndim != 1:
            raise ValueError(f"Clip {place} has shape {y.shape}, but a clip is mono, shape (n,): take its mean.")
        checked.append(y)
    return checked


def groups(counts: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the places of clips of like length, few enough to be computed together in fast memory."""
    order = np.argsort(counts, kind="stable")
    while len(order):
        size = max(1, np.searchsorted(np.arange(1, len(order) + 1) * counts[order], FRAMES_AT_ONCE))
        yield order[:size]
        order = order[size:]


def padded(clips: list[np.ndarray]) -> np.ndarray:
    """Stack clips of different lengths, with zeros after their ends."""
    stack = np.zeros((len(clips), max(map(len, clips))), np.float32)
    for row, clip in zip(stack, clips, strict=True):
        row[: len(clip)] = clip
    return stack
