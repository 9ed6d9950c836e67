"""What the competitors of the league table hear: one function for each kind of features, from clips at 8 kHz."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import zoom

from speechbook import features, frontend

PIECES = 20
PICTURE = 28
SECOND = 8000
TUTORIAL_FRAMES = {"n_fft": 256, "win_length": 255, "hop_length": 128}

Clips = Sequence[np.ndarray]


def pieces(clips: Clips, *, sample_rate: int = 8000) -> np.ndarray:
    """Stretch the cepstra of each clip to twenty frames, without their mean over time.

    Parameters
    ----------
    clips : sequence of array_like [shape=(samples,)]
        Mono clips.
    sample_rate : int
        In Hz.

    Returns
    -------
    np.ndarray [shape=(clips, 260), dtype=float64]

    Examples
    --------
    >>> pieces([np.random.default_rng(0).normal(size=n) for n in (3000, 5000)]).shape
    (2, 260)
    """
    rows = []
    for y in clips:
        x = features.mfcc(y, sample_rate=sample_rate, **features.SPEECH_8K)
        x = x - x.mean(axis=1, keepdims=True)
        rows.append(_stretched(x, PIECES).ravel())
    return np.array(rows, float)


def spectrum_pictures(clips: Clips) -> np.ndarray:
    """Give log-mel pictures of 28 bands and 28 columns, as *Article B's program* feeds article B's network.

    Examples
    --------
    >>> spectrum_pictures([np.random.default_rng(0).normal(size=4000)]).shape
    (1, 28, 28, 1)
    """
    rows = []
    for y in clips:
        db = features.log_mel(y, sample_rate=8000, n_mels=PICTURE, **features.SPEECH_8K)
        rows.append(_stretched(np.clip((db - db.max()) / 50 + 1, 0, 1), PICTURE))
    return np.stack(rows)[..., None].astype(np.float32)


def magnitudes(clips: Clips) -> np.ndarray:
    """Give magnitude spectrograms of the first second of each clip, as TensorFlow's tutorial makes them.

    The tutorial takes windows of 255 samples every 128, at 16 kHz; here at 8 kHz.

    Examples
    --------
    >>> magnitudes([np.ones(4000), np.ones(9000)]).shape
    (2, 63, 129, 1)
    """
    second = np.zeros((len(clips), SECOND), np.float32)
    for row, y in zip(second, clips, strict=True):
        row[: len(y)] = y[:SECOND]
    return np.sqrt(features.power_spectrogram(second, **TUTORIAL_FRAMES)).swapaxes(1, 2)[..., None]


def cepstra_and_slopes(clips: Clips) -> list[np.ndarray]:
    """Give 13 normalised cepstra and their slopes for each frame, as *What deep learning changed* hears.

    Examples
    --------
    >>> [x.shape for x in cepstra_and_slopes([np.random.default_rng(0).normal(size=4000)])]
    [(51, 26)]
    """
    found = []
    for y in clips:
        x = features.normalise(features.mfcc(y, sample_rate=8000, **features.SPEECH_8K))
        found.append(np.concatenate([x, features.deltas(x, width=5)]).T)
    return found


def cepstra(clips: Clips) -> np.ndarray:
    """Give normalised cepstra of the first second of each clip, as *Article A's program* feeds article A's layers.

    Examples
    --------
    >>> cepstra([np.random.default_rng(0).normal(size=4000)]).shape
    (1, 100, 13)
    """
    return features.batch(clips, sample_rate=8000, n_frames=100, **features.SPEECH_8K)


def front_end(clips: Clips) -> np.ndarray:
    """Give the pictures that the book's recogniser hears.

    Examples
    --------
    >>> front_end([np.ones(4000)]).shape
    (1, 100, 40)
    """
    return frontend.batch(clips, sample_rate=8000, n_frames=100)


def _stretched(x: np.ndarray, n_frames: int) -> np.ndarray:
    return zoom(x, (1, n_frames / x.shape[1]), order=1, grid_mode=True, mode="nearest")
