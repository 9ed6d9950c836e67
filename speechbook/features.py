"""From sound to features: cepstrum, deltas, normalisation, and batches for a network.

Every function takes any number of leading axes (channels, clips) and agrees with librosa's of the same purpose.
Arrays keep librosa's axis order, (…, features, frames); only `batch` turns them into what Keras expects,
(clips, frames, features). The steps before, from `speechbook.spectrum` and `speechbook.mel`, can be reached from here.
Each step is taught in the chapter *From sound to features*.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from speechbook._batching import groups, mono, padded
from speechbook._checks import positive_int, real_array
from speechbook.mel import hz_to_mel, log_mel, mel_filterbank, mel_spectrogram, mel_to_hz
from speechbook.spectrum import frame, power_spectrogram, power_to_db, stft

__all__ = [
    "KINDS",
    "SPEECH_8K",
    "batch",
    "dct",
    "dct_matrix",
    "deltas",
    "frame",
    "hz_to_mel",
    "lengths",
    "log_mel",
    "mel_filterbank",
    "mel_spectrogram",
    "mel_to_hz",
    "mfcc",
    "normalise",
    "power_spectrogram",
    "power_to_db",
    "stft",
]

SPEECH_8K = {"n_fft": 256, "win_length": 200, "hop_length": 80}
"""Frames for speech at 8 kHz: a window of 25 ms every 10 ms."""

KINDS = ("mfcc", "log_mel")
ROUNDING = 1e-6
"""What varies by less than this part of the largest value is taken for constant."""


def dct_matrix(*, n_coefficients: int, n_inputs: int) -> np.ndarray:
    """Cosines of the orthonormal discrete cosine transform of type 2, one a row.

    Returns
    -------
    array [shape=(n_coefficients, n_inputs)]
        ``dct_matrix(…) @ x`` transforms the columns of `x`; its transpose leads back.

    References
    ----------
    Ahmed, N., Natarajan, T., & Rao, K. R. (1974). Discrete cosine transform. *IEEE Transactions on Computers*, C-23(1),
    90–93.

    Examples
    --------
    >>> cosines = dct_matrix(n_coefficients=40, n_inputs=40)
    >>> bool(np.allclose(cosines @ cosines.T, np.eye(40)))
    True
    """
    n_inputs = positive_int(n_inputs=n_inputs)
    n_coefficients = positive_int(n_coefficients=n_coefficients)
    if n_coefficients > n_inputs:
        raise ValueError(
            f"Got n_coefficients={n_coefficients}, but {n_inputs} values have only {n_inputs} coefficients."
        )
    order, place = np.arange(n_coefficients)[:, None], np.arange(n_inputs) + 0.5
    matrix = math.sqrt(2 / n_inputs) * np.cos(np.pi / n_inputs * order * place)
    matrix[0] /= math.sqrt(2)
    return matrix


def dct(x: ArrayLike, *, n_coefficients: int) -> np.ndarray:
    """Discrete cosine transform of type 2, orthonormal, along the features (axis -2).

    Parameters
    ----------
    x : array [shape=(…, features, frames)]
        For MFCC: the mel spectrogram in dB.
    n_coefficients : int
        How many of the coefficients to keep, from the lowest.

    Returns
    -------
    array [shape=(…, n_coefficients, frames)]
        Cepstral coefficients, of the same dtype as `x`.

    Examples
    --------
    A constant has only the coefficient of order 0:

    >>> np.abs(dct(np.ones((4, 1)), n_coefficients=3)).round(6).ravel()
    array([2., 0., 0.])
    """
    x = real_array(x=x)
    if x.ndim < 2:
        raise ValueError(f"dct runs along the features, axis -2 of (…, features, frames); got shape {x.shape}.")
    matrix = dct_matrix(n_coefficients=n_coefficients, n_inputs=x.shape[-2])
    return (matrix @ x).astype(np.result_type(x.dtype, np.float32), copy=False)


def mfcc(
    y: ArrayLike,
    *,
    sample_rate: int,
    n_fft: int,
    hop_length: int,
    win_length: int | None = None,
    n_mfcc: int = 13,
    n_mels: int = 40,
    fmin: float = 0.0,
    fmax: float | None = None,
) -> np.ndarray:
    """Mel-frequency cepstral coefficients: the DCT of the mel spectrogram in decibels.

    Parameters are those of `log_mel`, and `n_mfcc`, the number of coefficients.

    Returns
    -------
    array [shape=(…, n_mfcc, frames)]
        Coefficient 0, which follows the overall level, comes first.

    References
    ----------
    Davis, S. B., & Mermelstein, P. (1980). Comparison of parametric representations for monosyllabic word recognition
    in continuously spoken sentences. *IEEE Transactions on Acoustics, Speech, and Signal Processing*, 28(4), 357–366.

    Examples
    --------
    >>> y = np.random.default_rng(0).standard_normal(8000).astype(np.float32)
    >>> mfcc(y, sample_rate=8000, **SPEECH_8K).shape
    (13, 101)
    """
    levels = log_mel(
        y,
        sample_rate=sample_rate,
        n_fft=n_fft,
        hop_length=hop_length,
        win_length=win_length,
        n_mels=n_mels,
        fmin=fmin,
        fmax=fmax,
    )
    return dct(levels, n_coefficients=n_mfcc)


def deltas(x: ArrayLike, *, width: int = 9, order: int = 1) -> np.ndarray:
    """Slope (or curvature) of each feature over time, by least squares over `width` frames.

    Parameters
    ----------
    x : array [shape=(…, features, frames)]
        Features.
    width : int
        Frames that enter one value; odd, above `order`.
    order : int
        1 for the slope per frame, 2 for the second derivative.

    Returns
    -------
    array
        Derivative per frame, shaped like `x`; the ends repeat the first and last full window's value.

    References
    ----------
    Furui, S. (1986). Speaker-independent isolated word recognition using dynamic features of speech spectrum. *IEEE
    Transactions on Acoustics, Speech, and Signal Processing*, 34(1), 52–59.

    Examples
    --------
    >>> deltas(3.0 * np.arange(10)[None, :], width=5).round(6)
    array([[3., 3., 3., 3., 3., 3., 3., 3., 3., 3.]])
    """
    x = real_array(x=x)
    width, order = positive_int(width=width), positive_int(order=order)
    if width % 2 == 0 or width < 3 or width <= order:
        raise ValueError(f"width must be odd, at least 3 and above order={order}; got {width}.")
    if x.ndim == 0 or x.shape[-1] < width:
        raise ValueError(
            f"deltas over width={width} frames need at least as many; got shape {x.shape}. Take a smaller width."
        )
    half = width // 2
    fit = np.linalg.pinv(np.vander(np.arange(-half, half + 1), order + 1, increasing=True))
    weights = (math.factorial(order) * fit[order]).astype(np.result_type(x.dtype, np.float32), copy=False)
    inner = sliding_window_view(x, width, axis=-1) @ weights
    return np.pad(inner, [(0, 0)] * (x.ndim - 1) + [(half, half)], mode="edge")


def normalise(x: ArrayLike, *, mean: bool = True, variance: bool = True, mask: ArrayLike | None = None) -> np.ndarray:
    """Shift and scale each feature over time to mean 0 and standard deviation 1.

    Parameters
    ----------
    x : array [shape=(…, features, frames)]
        Features of one or more clips.
    mean, variance : bool
        Whether to take off the mean, and to divide by the standard deviation.
    mask : bool array, optional
        True where a frame is real; broadcast against `x`. Other frames do not count, and become 0.

    Returns
    -------
    array
        Shaped like `x`. A feature that does not vary becomes 0, not a division by zero.

    References
    ----------
    Viikki, O., & Laurila, K. (1998). Cepstral domain segmental feature vector normalization for noise robust speech
    recognition. *Speech Communication*, 25(1–3), 133–147.

    Examples
    --------
    >>> normalise(np.array([[1.0, 2.0, 3.0]])).round(4)
    array([[-1.2247,  0.    ,  1.2247]])
    """
    x = real_array(x=x)
    if x.ndim == 0:
        raise ValueError("normalise needs frames along the last axis; got a single number.")
    x = x.astype(np.result_type(x.dtype, np.float32), copy=False)
    real = np.ones(x.shape[-1], bool) if mask is None else np.asarray(mask, bool)
    if real.ndim > x.ndim or any(m not in (1, n) for m, n in zip(real.shape[::-1], x.shape[::-1], strict=False)):
        raise ValueError(f"mask of shape {real.shape} does not fit features of shape {x.shape}.")
    count = np.maximum(real.sum(axis=-1, keepdims=True), 1)
    average = np.sum(x * real, axis=-1, keepdims=True, dtype=np.float64) / count
    centred = (x - average) * real
    result = centred if mean else x * real
    if variance:
        deviation = np.sqrt(np.sum(centred**2, axis=-1, keepdims=True) / count)
        largest = np.abs(x * real).max(axis=tuple(range(-min(x.ndim, 2), 0)), keepdims=True)
        result = result / np.where(deviation > ROUNDING * largest, deviation, np.inf)
    return result.astype(x.dtype, copy=False)


def lengths(clips: Sequence[ArrayLike], *, hop_length: int, n_frames: int | None = None) -> np.ndarray:
    """Count the frames of each clip: ``1 + samples // hop_length``, at most `n_frames`.

    Examples
    --------
    >>> lengths([np.zeros(400), np.zeros(9000)], hop_length=80, n_frames=100)
    array([  6, 100])
    """
    hop_length = positive_int(hop_length=hop_length)
    try:
        counts = np.array([1 + len(clip) // hop_length for clip in clips], dtype=int)
    except TypeError:
        raise ValueError("clips must be a sequence of arrays, one a clip.") from None
    return counts if n_frames is None else np.minimum(counts, positive_int(n_frames=n_frames))


def batch(
    clips: Sequence[ArrayLike],
    *,
    sample_rate: int,
    n_fft: int,
    hop_length: int,
    win_length: int | None = None,
    kind: str = "mfcc",
    n_frames: int = 100,
    n_mels: int = 40,
    n_mfcc: int = 13,
    fmin: float = 0.0,
    fmax: float | None = None,
    normalised: bool = True,
) -> np.ndarray:
    """Features of many clips as one array for a network.

    Parameters
    ----------
    clips : sequence of arrays [shape=(n,)]
        Mono clips of any lengths.
    sample_rate : int
        Samples a second, in Hz, the same for all clips.
    kind : str
        ``"mfcc"`` or ``"log_mel"``; their other parameters are those of `mfcc`.
    n_frames : int
        Frames of the result: longer clips are cut off, shorter ones are followed by zeros.
    normalised : bool
        Normalise each feature over the frames that are kept of the clip (see `normalise`).

    Returns
    -------
    float32 array [shape=(clips, n_frames, features)]
        Each row depends on its own clip alone. `lengths` tells how many of its frames are real.

    Raises
    ------
    ValueError
        If `kind` is unknown, or a clip is empty, not mono or not finite (the message says which one).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> clips = [rng.standard_normal(2400), rng.standard_normal(9000)]
    >>> batch(clips, sample_rate=8000, **SPEECH_8K).shape
    (2, 100, 13)
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(map(repr, KINDS))}; got {kind!r}.")
    if n_fft % 2:
        raise ValueError(f"batch takes an even n_fft, so that frames are centred on a sample; got n_fft={n_fft}.")
    clips = mono(clips)
    counts = lengths(clips, hop_length=hop_length)
    how = {
        "n_fft": n_fft,
        "hop_length": hop_length,
        "win_length": win_length,
        "n_mels": n_mels,
        "fmin": fmin,
        "fmax": fmax,
    }
    result = np.zeros((len(clips), positive_int(n_frames=n_frames), n_mfcc if kind == "mfcc" else n_mels), np.float32)
    for group in groups(counts):
        power = mel_spectrogram(padded([clips[i] for i in group]), sample_rate=sample_rate, **how)
        real = np.arange(power.shape[-1]) < counts[group, None, None]
        x = power_to_db(power * real)[..., :n_frames]
        real = real[..., :n_frames]
        if kind == "mfcc":
            x = dct(x, n_coefficients=n_mfcc)
        x = normalise(x, mask=real) if normalised else x * real
        result[group, : x.shape[-1]] = np.swapaxes(x, -1, -2)
    return result
