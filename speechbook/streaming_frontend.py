"""A front end for sound that has no end yet: frames as they become complete, each band measured against its own past.

The book's `frontend` measures a clip against its loudest point, which lies in the future here. Taught in the chapter
*Wake word and assistant*.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike
from scipy.signal import lfilter

from speechbook import frontend
from speechbook._checks import signal

SMOOTHING, GAIN, OFFSET, ROOT = 0.025, 0.98, 2.0, 0.5
"""PCEN's s, alpha, delta and r, as in Wang et al. (2017); s is for frames every 10 ms."""
FAINTEST = 1e-6
"""Power beside which nothing is measured, or digital silence would be divided by itself."""


@dataclass
class PerChannelEnergy:
    """Per-channel energy normalisation: each band's power, divided by a running mean of its own, then compressed.

    ``(E / (1e-6 + M) ** 0.98 + 2) ** 0.5 - 2 ** 0.5``, where M follows E with a time constant of 0.4 s.

    Attributes
    ----------
    state : np.ndarray [shape=(…, 1, bands)] or None
        What is kept of the past: 0.975 times the running mean. None before the first frame, which sets it.

    References
    ----------
    Wang, Getreuer, Hughes, Lyon & Saurous (2017), Trainable frontend for robust and far-field keyword spotting, ICASSP.

    Examples
    --------
    >>> energy = np.full((3, 40), 0.01)
    >>> round(float(PerChannelEnergy()(energy)[2, 0]), 3), round(float(PerChannelEnergy()(10 * energy)[2, 0]), 3)
    (0.292, 0.305)
    """

    state: np.ndarray | None = None

    def __call__(self, power: ArrayLike) -> np.ndarray:
        """Normalise the next frames.

        Parameters
        ----------
        power : array_like [shape=(…, frames, bands)]
            Not negative; without frames, nothing comes out and nothing changes.

        Returns
        -------
        np.ndarray [shape=(…, frames, bands), dtype=float32]

        Raises
        ------
        ValueError
            If these are not powers.
        """
        power = np.asarray(power, np.float64)
        if not power.size:
            return power.astype(np.float32)
        if power.ndim < 2 or not (power >= 0).all():
            raise ValueError(f"PCEN takes powers of the shape (…, frames, bands), not negative; got {power.shape}.")
        if self.state is None:
            self.state = (1 - SMOOTHING) * power[..., :1, :]
        mean, self.state = lfilter([SMOOTHING], [1, SMOOTHING - 1], power, axis=-2, zi=self.state)
        loudness = np.power(np.float32(FAINTEST) + mean.astype(np.float32), np.float32(GAIN))
        return np.power(power.astype(np.float32) / loudness + np.float32(OFFSET), np.float32(ROOT)) - np.float32(
            OFFSET**ROOT
        )


@dataclass
class StreamingFrontEnd:
    """From chunks of sound to frames of 40 bands; samples that do not fill a frame wait for the next chunk.

    Attributes
    ----------
    energy : PerChannelEnergy
        What each band remembers.
    waiting : np.ndarray of float32
        The last samples, fewer than a window, with which the next frame begins.

    Examples
    --------
    >>> sound = np.random.default_rng(0).standard_normal(8000).astype(np.float32)
    >>> whole, front_end = pictures(sound), StreamingFrontEnd()
    >>> parts = [front_end.push(sound[start : start + 333]) for start in range(0, 8000, 333)]
    >>> whole.shape, bool(np.allclose(np.concatenate(parts), whole, atol=1e-5))
    ((98, 40), True)
    """

    energy: PerChannelEnergy = field(default_factory=PerChannelEnergy)
    waiting: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))

    def push(self, chunk: ArrayLike) -> np.ndarray:
        """Take the next samples, at 8 kHz, and give the frames that they complete.

        Parameters
        ----------
        chunk : array_like [shape=(samples,)]
            Any number of samples, also none.

        Returns
        -------
        np.ndarray [shape=(frames, 40), dtype=float32]
            Often without rows: a frame needs 200 samples, the next one 80 more.

        Raises
        ------
        ValueError
            If the chunk is no mono sound.
        """
        return self.energy(self.powers(chunk))

    def powers(self, chunk: ArrayLike) -> np.ndarray:
        """Give the powers of the frames that a chunk completes, before the normalisation.

        Returns
        -------
        np.ndarray [shape=(frames, 40), dtype=float32]
        """
        if np.size(chunk):
            chunk = signal(chunk)
            if chunk.ndim != 1:
                raise ValueError(f"A chunk is mono sound of the shape (samples,); got {chunk.shape}.")
            self.waiting = np.concatenate([self.waiting, chunk.astype(np.float32)])
        window, hop = frontend.SETTINGS["win_length"], frontend.SETTINGS["hop_length"]
        if len(self.waiting) < window:
            return np.zeros((0, frontend.SETTINGS["n_mels"]), np.float32)
        frames = sliding_window_view(self.waiting, window)[::hop]
        self.waiting = self.waiting[len(frames) * hop :].copy()
        return frontend.frame_powers(frames)


def pictures(y: ArrayLike) -> np.ndarray:
    """Give the frames of a whole recording, as a `StreamingFrontEnd` that starts with it would.

    Parameters
    ----------
    y : array_like [shape=(samples,)]
        Mono, at 8 kHz.

    Returns
    -------
    np.ndarray [shape=(frames, 40), dtype=float32]
    """
    return StreamingFrontEnd().push(y)
