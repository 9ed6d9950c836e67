"""One recording, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Clip:
    """One recording.

    Attributes
    ----------
    y : ndarray of float32, shape (samples,)
        Samples in [-1, 1].
    sample_rate : int
        In hertz.
    digit : int or None
        The digit that is spoken; None in a listening clip.
    speaker : str
        Who speaks; empty if nobody does.
    take : int or None
        Number of the recording among those of the same digit and speaker; None in a listening clip.
    transcript : str
        What is said; empty if nothing is.
    description : str
        What a listening clip is; empty in a spoken digit.
    """

    y: np.ndarray = field(repr=False)
    sample_rate: int
    digit: int | None
    speaker: str
    take: int | None
    transcript: str
    description: str = ""

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return len(self.y) / self.sample_rate
