"""A recogniser that can be differentiated down to the samples, and the sounds that fool it.

The recogniser is linear: a coarse picture of the clip, 20 mel bands in twelve parts of equal length, times one row of
weights for each class. Everything before the weights is a chain of few steps, so that the derivative with respect to
the samples can be written out. Taught in the chapter *Privacy, compliance and misuse*.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_softmax, softmax

from speechbook import features
from speechbook._checks import positive_int, real_array, signal

N_MELS, N_PARTS = 20, 12
STFT = features.SPEECH_8K
AMIN, TOP_DB = 1e-10, 80.0


def pictures(clips: Sequence[ArrayLike], *, sample_rate: int) -> np.ndarray:
    """Describe each clip by 20 mel bands in twelve parts, without its level and its contrast, and a constant.

    Parameters
    ----------
    clips : sequence of array_like [shape=(samples,)]
        Mono clips.
    sample_rate : int
        In Hz.

    Returns
    -------
    np.ndarray [shape=(clips, 241), dtype=float64]
        Rows of length 1; the last number of each is the same in all.

    Raises
    ------
    ValueError
        If a clip cannot be used.

    Examples
    --------
    >>> rows = pictures([np.random.default_rng(0).normal(size=4000)], sample_rate=8000)
    >>> rows.shape, float(np.linalg.norm(rows[0]).round(6))
    ((1, 241), 1.0)
    """
    return np.array([_Ear(y, sample_rate=sample_rate).picture for y in clips])


def loss_gradient(y: ArrayLike, *, sample_rate: int, weights: ArrayLike, label: int) -> tuple[float, np.ndarray]:
    """Compute the recogniser's loss, and its derivative with respect to every sample of the sound.

    Parameters
    ----------
    y : array_like [shape=(samples,)]
        Sound.
    sample_rate : int
        In Hz.
    weights : array_like [shape=(241, classes)]
        Of the linear recogniser of `pictures`.
    label : int
        The class that the sound is said to be of.

    Returns
    -------
    loss : float
        Cross-entropy, in nats.
    gradient : np.ndarray [shape=(samples,), dtype=float64]
        Change of the loss for a small change of each sample.

    Raises
    ------
    ValueError
        If the shapes do not fit or there is no such class.

    Examples
    --------
    >>> y = np.random.default_rng(0).normal(size=4000)
    >>> loss, gradient = loss_gradient(y, sample_rate=8000, weights=np.zeros((241, 10)), label=3)
    >>> round(loss, 3), float(np.abs(gradient).max())
    (2.303, 0.0)
    """
    weights = _weights(weights, label)
    ear = _Ear(y, sample_rate=sample_rate)
    scores = ear.picture @ weights
    by_scores = softmax(scores)
    by_scores[label] -= 1.0
    return float(-log_softmax(scores)[label]), ear.back(weights @ by_scores)


def attack(
    y: ArrayLike, *, sample_rate: int, weights: ArrayLike, target: int, limit: float, steps: int = 20
) -> np.ndarray:
    """Change a sound a little, so that the recogniser takes it for something else (projected gradient descent).

    Parameters
    ----------
    y : array_like [shape=(samples,)]
        Sound.
    sample_rate : int
        In Hz.
    weights : array_like [shape=(241, classes)]
        Of the recogniser, which the attacker knows.
    target : int
        What it should be taken for.
    limit : float
        The most by which any sample may change.
    steps : int
        Each moves every sample by 2.5 · limit / steps, or less at the limit; with one step by the limit (FGSM).

    Returns
    -------
    np.ndarray [shape=(samples,), dtype=float64]
        Within `limit` of `y`, and within [-1, 1] where `y` was.

    Raises
    ------
    ValueError
        As `loss_gradient`, or if `limit` is not positive.

    References
    ----------
    Goodfellow, Shlens & Szegedy (2015), Explaining and harnessing adversarial examples, ICLR; Madry et al. (2018),
    Towards deep learning models resistant to adversarial attacks, ICLR.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y, weights = 0.1 * rng.normal(size=4000), rng.normal(size=(241, 10))
    >>> fooled = attack(y, sample_rate=8000, weights=weights, target=7, limit=0.05)
    >>> int((pictures([fooled], sample_rate=8000) @ weights).argmax())
    7
    """
    y, weights = signal(y).astype(np.float64), _weights(weights, target)
    if not limit > 0:
        raise ValueError(f"limit must be above 0; got {limit}.")
    stride = limit * min(1.0, 2.5 / positive_int(steps=steps))
    low, high = np.minimum(y, np.maximum(y - limit, -1)), np.maximum(y, np.minimum(y + limit, 1))
    sound = y.copy()
    for _ in range(steps):
        _, gradient = loss_gradient(sound, sample_rate=sample_rate, weights=weights, label=target)
        sound = np.clip(sound - stride * np.sign(gradient), low, high)
    return sound


class _Ear:
    """From samples to a picture, remembering what the way back needs."""

    def __init__(self, y: ArrayLike, *, sample_rate: int):
        y = signal(y).astype(np.float64)
        if y.ndim != 1:
            raise ValueError(f"a clip is one sound of shape (samples,); got shape {y.shape}.")
        n_fft, hop, win = STFT["n_fft"], STFT["hop_length"], STFT["win_length"]
        self.samples, self.half = len(y), n_fft // 2
        self.window = np.pad(np.hanning(win + 1)[:-1], (n_fft - win) // 2)
        self.index = np.arange(0, len(y) + 1, hop)[:, None] + np.arange(n_fft)
        self.spectrum = np.fft.rfft(np.pad(y, self.half)[self.index] * self.window)
        self.filters = features.mel_filterbank(sample_rate=sample_rate, n_fft=n_fft, n_mels=N_MELS)
        power = np.abs(self.spectrum) ** 2 @ self.filters.T
        self.floor = max(AMIN, power.max() * 10 ** (-TOP_DB / 10))
        self.power = np.maximum(power, self.floor)
        ends = np.linspace(0, len(power), N_PARTS + 1).astype(int)
        self.parts = np.zeros((N_PARTS, len(power)))
        for part, (start, end) in enumerate(pairwise(ends)):
            stop = max(start + 1, end)
            self.parts[part, start:stop] = 1 / (stop - start)
        coarse = (self.parts @ (10 * np.log10(self.power))).ravel()
        centred = coarse - coarse.mean()
        self.length = np.linalg.norm(centred)
        self.direction = centred / max(self.length, 1e-12)
        size = coarse.size
        self.share = np.sqrt(size / (size + 1))
        self.picture = np.append(self.share * self.direction, np.sqrt(1 / (size + 1)))

    def back(self, by_picture: np.ndarray) -> np.ndarray:
        """Turn the derivative with respect to the picture into one with respect to the samples."""
        by_direction = self.share * by_picture[:-1]
        along = self.direction * (self.direction @ by_direction)
        by_coarse = (by_direction - by_direction.mean() - along) / max(self.length, 1e-12)
        by_db = self.parts.T @ by_coarse.reshape(N_PARTS, N_MELS)
        by_power = np.where(self.power > self.floor, by_db * (10 / np.log(10)) / self.power, 0.0)
        by_bins = (by_power @ self.filters) * self.spectrum
        by_bins[:, [0, -1]] *= 2
        by_frames = STFT["n_fft"] * np.fft.irfft(by_bins) * self.window
        by_padded = np.zeros(self.samples + 2 * self.half)
        np.add.at(by_padded, self.index, by_frames)
        return by_padded[self.half : self.half + self.samples]


def _weights(weights: ArrayLike, label: int) -> np.ndarray:
    weights = real_array(weights=weights).astype(np.float64)
    if weights.ndim != 2 or len(weights) != N_MELS * N_PARTS + 1:
        raise ValueError(f"weights have {N_MELS * N_PARTS + 1} rows, one a number of the picture; got {weights.shape}.")
    if not 0 <= label < weights.shape[1]:
        raise ValueError(f"there are classes 0 to {weights.shape[1] - 1}; got {label}.")
    return weights
