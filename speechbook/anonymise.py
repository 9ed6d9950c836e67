"""Another voice for the same words: the resonances of the vocal tract are moved by the McAdams coefficient.

Linear prediction splits a short stretch of speech into what drives the vocal tract and the resonances that colour it.
The resonances are moved, the drive is kept, and both are put together again: another voice says the same. Nothing is
trained. The chapter *Privacy, compliance and misuse* measures what it hides and what it costs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import signal as dsp

from speechbook._checks import positive_int, real_array, signal

FRAME_SECONDS = 0.03
WHITENING = 1e-5
"""Share of the energy that is added at lag 0, as if by faint white noise, so that silence has a prediction too."""


def linear_prediction(frames: ArrayLike, *, order: int) -> np.ndarray:
    """Predict each sample from those before it: the coefficients with the least squared error (Levinson's recursion).

    Parameters
    ----------
    frames : array_like [shape=(…, samples)]
        Windowed stretches of sound.
    order : int
        How many samples back; two for each resonance, and a few.

    Returns
    -------
    np.ndarray [shape=(…, order + 1), dtype=float64]
        Filter that takes the resonances off, its first coefficient 1. Its zeros lie inside the unit circle.

    Raises
    ------
    ValueError
        If a frame is not longer than the order.

    References
    ----------
    Makhoul (1975), Linear prediction: A tutorial review, Proceedings of the IEEE 63(4), 561–580.

    Examples
    --------
    >>> halves = 0.5 ** np.arange(50.0)
    >>> linear_prediction(halves, order=1).round(3).tolist()
    [1.0, -0.5]
    """
    frames, order = signal(frames).astype(np.float64), positive_int(order=order)
    samples = frames.shape[-1]
    if samples <= order:
        raise ValueError(f"frames of {samples} samples are too short for order {order}; take longer ones.")
    lags = [np.sum(frames[..., : samples - lag] * frames[..., lag:], axis=-1) for lag in range(order + 1)]
    correlation = np.stack(lags, axis=-1)
    correlation[..., 0] = correlation[..., 0] * (1 + WHITENING) + 1e-12
    filters = np.zeros_like(correlation)
    filters[..., 0] = 1.0
    error = correlation[..., 0].copy()
    for step in range(1, order + 1):
        left = np.sum(filters[..., :step] * correlation[..., step:0:-1], axis=-1)
        reflection = -left / error
        filters[..., : step + 1] += reflection[..., None] * filters[..., step::-1]
        error *= 1 - reflection**2
    return filters


def move_resonances(filters: ArrayLike, *, alpha: float) -> np.ndarray:
    """Raise the angle of every resonance to the power `alpha`, and keep how sharp it is.

    Parameters
    ----------
    filters : array_like [shape=(…, order + 1)]
        As `linear_prediction` gives them.
    alpha : float
        McAdams coefficient; 1 changes nothing. An angle of 1 radian, a frequency of sample rate / 2π, stays.

    Returns
    -------
    np.ndarray [shape=(…, order + 1), dtype=float64]
        Filters with the zeros moved; real zeros, which are no resonances, stay.

    Raises
    ------
    ValueError
        If `alpha` is not a positive number.

    References
    ----------
    Patino et al. (2021), Speaker anonymisation using the McAdams coefficient, Interspeech, 1099–1103.

    Examples
    --------
    >>> sharp = np.real(np.poly(0.9 * np.exp([0.5j, -0.5j])))
    >>> np.angle(np.roots(move_resonances(sharp, alpha=0.8))).round(4).tolist()
    [0.5743, -0.5743]
    """
    filters = real_array(filters=filters).astype(np.float64)
    if not (np.isfinite(alpha) and alpha > 0):
        raise ValueError(f"alpha must be a positive number, such as 0.8; got {alpha}.")
    return _polynomials(_moved(_roots(filters), alpha))


def mcadams(y: ArrayLike, *, sample_rate: int, alpha: float | ArrayLike, order: int = 12) -> np.ndarray:
    """Say the same with another voice.

    Parameters
    ----------
    y : array_like [shape=(samples,)]
        Speech.
    sample_rate : int
        In Hz.
    alpha : float or array_like [shape=(versions,)]
        McAdams coefficient, or several; usual are 0.5 to 1, the less the stranger.
    order : int
        Of the prediction; 12 suits 8,000 Hz, 20 suits 16,000 Hz.

    Returns
    -------
    np.ndarray [shape=(samples,) or (versions, samples), dtype=float32]
        As loud as `y` on average; may leave [-1, 1].

    Raises
    ------
    ValueError
        If `y` is not one sound, or an `alpha` is not a positive number.

    References
    ----------
    Patino et al. (2021), Speaker anonymisation using the McAdams coefficient, Interspeech, 1099–1103.

    Examples
    --------
    >>> y = np.random.default_rng(0).normal(size=800)
    >>> bool(np.allclose(mcadams(y, sample_rate=8000, alpha=1.0), y, atol=1e-5))
    True
    """
    y = signal(y)
    if y.ndim != 1:
        raise ValueError(f"mcadams takes one sound of shape (samples,); got shape {y.shape}.")
    alphas = np.atleast_1d(np.asarray(alpha, np.float64))
    if alphas.ndim != 1 or not (np.isfinite(alphas) & (alphas > 0)).all():
        raise ValueError(f"alpha must be a positive number, such as 0.8, or a list of them; got {alpha}.")
    hop = max(1, round(FRAME_SECONDS * positive_int(sample_rate=sample_rate) / 2))
    window = np.sqrt(dsp.get_window("hann", 2 * hop))
    padded = np.pad(y.astype(np.float64), (2 * hop, 3 * hop))
    starts = np.arange(0, len(padded) - 2 * hop + 1, hop)
    frames = padded[starts[:, None] + np.arange(2 * hop)] * window
    filters = linear_prediction(frames, order=order)
    drive = [dsp.lfilter(taps, [1.0], row) for taps, row in zip(filters, frames, strict=True)]
    roots = _roots(filters)
    versions = []
    for value in alphas:
        voice = np.zeros_like(padded)
        for start, taps, row in zip(starts, _polynomials(_moved(roots, value)), drive, strict=True):
            voice[start : start + 2 * hop] += window * dsp.lfilter([1.0], taps, row)
        versions.append(_as_loud(voice[2 * hop : 2 * hop + len(y)], y))
    return np.stack(versions) if np.ndim(alpha) else versions[0]


def _roots(filters: np.ndarray) -> np.ndarray:
    """Zeros of many polynomials at once, as eigenvalues of their companion matrices."""
    order = filters.shape[-1] - 1
    companion = np.zeros((*filters.shape[:-1], order, order))
    companion[..., 0, :] = -filters[..., 1:] / filters[..., :1]
    companion[..., np.arange(1, order), np.arange(order - 1)] = 1.0
    return np.linalg.eigvals(companion).astype(complex)


def _moved(roots: np.ndarray, alpha: float) -> np.ndarray:
    angle = np.angle(roots)
    turned = np.sign(angle) * np.minimum(np.abs(angle) ** alpha, np.pi)
    return np.where(np.abs(roots.imag) < 1e-9, roots, np.abs(roots) * np.exp(1j * turned))


def _polynomials(roots: np.ndarray) -> np.ndarray:
    """Multiply (1 − root · z⁻¹) together, one root after the other."""
    product = np.zeros((*roots.shape[:-1], roots.shape[-1] + 1), complex)
    product[..., 0] = 1.0
    for i in range(roots.shape[-1]):
        product[..., 1 : i + 2] -= roots[..., i : i + 1] * product[..., : i + 1].copy()
    return product.real


def _as_loud(voice: np.ndarray, y: np.ndarray) -> np.ndarray:
    power = np.mean(voice**2)
    gain = np.sqrt(np.mean(np.square(y, dtype=np.float64)) / power) if power > 0 else 1.0
    return (gain * voice).astype(np.float32)
