"""Noise of several colours, and mixtures at a given signal-to-noise ratio."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import fft

from speechbook._checks import positive_int, signal
from speechbook._rng import generator

POWER_SLOPES = {"white": 0, "pink": 1, "brown": 2}
FLAT_BELOW = 0.005


def coloured_noise(shape: int | tuple[int, ...], *, kind: str, rng: np.random.Generator) -> np.ndarray:
    """Make noise whose power falls by 0 (white), 3 (pink) or 6 dB (brown) an octave.

    Below 0.005 of the sample rate (40 Hz at 8 kHz) the spectrum is flat, or brown noise would be mostly inaudible.

    Parameters
    ----------
    shape : int or tuple of int
        Number of samples, or (…, samples) for many clips.
    kind : str
        ``"white"``, ``"pink"`` or ``"brown"``.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(…, samples), dtype=float32]
        Noise with a root mean square of 1 in every clip.

    Raises
    ------
    ValueError
        If the kind is another one, or a size is not positive.

    References
    ----------
    Timmer & König (1995), On generating power law noise, Astronomy and Astrophysics 300, 707–710.

    Examples
    --------
    >>> noise = coloured_noise((2, 8000), kind="pink", rng=np.random.default_rng(0))
    >>> noise.shape, np.sqrt(np.mean(noise**2, axis=-1)).round(3).tolist()
    ((2, 8000), [1.0, 1.0])
    """
    if kind not in POWER_SLOPES:
        raise ValueError(f"kind of noise must be one of {', '.join(POWER_SLOPES)}; got {kind!r}.")
    shape = tuple(positive_int(samples=size) for size in np.atleast_1d(shape))
    spectrum = fft.rfft(generator(rng).standard_normal(shape))
    frequency = np.maximum(fft.rfftfreq(shape[-1]), FLAT_BELOW)
    noise = fft.irfft(spectrum * frequency ** (-POWER_SLOPES[kind] / 2), shape[-1])
    return (noise / np.sqrt(_power(noise))).astype(np.float32)


def _power(y: np.ndarray) -> np.ndarray:
    return np.mean(np.square(y, dtype=np.float64), axis=-1, keepdims=True)


def mix_at_snr(y: ArrayLike, noise: ArrayLike, *, snr_db: ArrayLike) -> np.ndarray:
    """Add noise, scaled so that the signal-to-noise ratio over the whole clip is as asked for.

    Nothing is clipped: the mixture may leave [-1, 1].

    Parameters
    ----------
    y : array_like [shape=(…, samples)]
        Clean speech.
    noise : array_like [shape=(…, noise samples)]
        Noise; repeated if too short, cut if too long.
    snr_db : float or array_like [shape=(…)]
        Ratio of mean powers in dB, one for all clips or one each; infinity leaves the speech clean.

    Returns
    -------
    np.ndarray [shape=(…, samples), dtype=float32]
        The mixture.

    Raises
    ------
    ValueError
        If speech or noise is silent or not a signal, or a ratio is NaN or minus infinity.

    Examples
    --------
    >>> y = np.sin(np.arange(800.0))
    >>> noisy = mix_at_snr(y, np.cos(np.arange(500.0)), snr_db=10)
    >>> print(f"{measure_snr(y, noisy):.2f} dB")
    10.00 dB
    """
    y, noise = signal(y), signal(noise)
    snr_db = np.asarray(snr_db, np.float64)[..., np.newaxis]
    if np.isnan(snr_db).any() or np.isneginf(snr_db).any():
        raise ValueError(f"snr_db must be a number of decibels, or infinity for clean speech; got {snr_db[..., 0]}.")
    noise = noise[..., np.arange(y.shape[-1]) % noise.shape[-1]]
    for name, power in (("speech", _power(y)), ("noise", _power(noise))):
        if not power.all():
            raise ValueError(f"The {name} is silent in {np.sum(power == 0)} clip(s): no ratio of powers is defined.")
    gain = np.sqrt(_power(y) / _power(noise)) * 10 ** (-snr_db / 20)
    return (y + gain * noise).astype(np.float32)


def measure_snr(clean: ArrayLike, noisy: ArrayLike) -> np.ndarray | float:
    """Measure the signal-to-noise ratio of a mixture whose clean part is known.

    Parameters
    ----------
    clean, noisy : array_like [shape=(…, samples)]
        Speech before and after noise was added.

    Returns
    -------
    float or np.ndarray [shape=(…)]
        Power of the clean signal by power of the difference, in dB; infinity if there is no difference.

    Raises
    ------
    ValueError
        If the shapes differ or the clean signal is silent.

    Examples
    --------
    >>> print(f"{measure_snr([1.0, -1.0], [1.1, -0.9]):.1f} dB")
    20.0 dB
    """
    clean, noisy = signal(clean), signal(noisy)
    if clean.shape != noisy.shape:
        raise ValueError(f"clean and noisy must have one shape; got {clean.shape} and {noisy.shape}.")
    if not _power(clean).all():
        raise ValueError("The clean signal is silent: no ratio of powers is defined.")
    noise = _power(np.subtract(noisy, clean, dtype=np.float64))
    with np.errstate(divide="ignore"):
        return 10 * np.log10(_power(clean) / noise)[..., 0][()]


def add_noise(
    y: ArrayLike, *, snr_db: ArrayLike, kind: str | np.ndarray = "white", rng: np.random.Generator
) -> np.ndarray:
    """Add random noise, or random pieces of a noise recording, at a signal-to-noise ratio.

    Parameters
    ----------
    y : array_like [shape=(…, samples)]
        Clean speech.
    snr_db : float or array_like [shape=(…)]
        Ratio of mean powers in dB, one for all clips or one each.
    kind : str or np.ndarray [shape=(noise samples,)]
        ``"white"``, ``"pink"``, ``"brown"``, or a recording: each clip gets it from a random sample on, and over again
        where it ends.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(…, samples), dtype=float32]
        The mixture.

    Raises
    ------
    ValueError
        As in `mix_at_snr` and `coloured_noise`, or if a recording has more than one axis.

    References
    ----------
    Lippmann, Martin & Paul (1987), Multi-style training for robust isolated-word speech recognition, ICASSP, 705–708.

    Examples
    --------
    >>> y = np.sin(np.arange(800.0))
    >>> noisy = add_noise(y, snr_db=5, kind="pink", rng=np.random.default_rng(0))
    >>> print(f"{measure_snr(y, noisy):.2f} dB")
    5.00 dB
    """
    y = signal(y)
    if isinstance(kind, str):
        return mix_at_snr(y, coloured_noise(y.shape, kind=kind, rng=rng), snr_db=snr_db)
    recording = signal(kind)
    if recording.ndim != 1:
        raise ValueError(f"A noise recording must be mono, of shape (samples,); got {recording.shape}.")
    start = generator(rng).integers(recording.size, size=(*y.shape[:-1], 1))
    return mix_at_snr(y, recording[(start + np.arange(y.shape[-1])) % recording.size], snr_db=snr_db)
