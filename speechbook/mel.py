"""The mel scale: frequency as the ear divides it, and the spectrogram drawn on it.

Agrees with librosa. Taught in the chapter *From sound to features*; chapters reach all of this through
`speechbook.features`.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from speechbook._checks import positive_int, real_array
from speechbook.spectrum import power_spectrogram, power_to_db

LINEAR_HZ_PER_MEL = 200 / 3
BREAK_HZ = 1000.0
BREAK_MEL = BREAK_HZ / LINEAR_HZ_PER_MEL
LOG_STEP = math.log(6.4) / 27


def hz_to_mel(frequency: ArrayLike, *, htk: bool = False) -> np.ndarray:
    """Turn frequencies in Hz into mels.

    Parameters
    ----------
    frequency : array
        Frequencies in Hz, not negative.
    htk : bool
        If true, ``2595 log10(1 + f / 700)`` (O'Shaughnessy, 1987; used by HTK); otherwise Slaney's scale: linear below
        1000 Hz and logarithmic above, with 15 mels at 1000 Hz.

    Returns
    -------
    array
        Mels, shaped like `frequency`.

    References
    ----------
    Stevens, S. S., Volkmann, J., & Newman, E. B. (1937). A scale for the measurement of the psychological magnitude
    pitch. *Journal of the Acoustical Society of America*, 8(3), 185–190.
    Slaney, M. (1998). *Auditory Toolbox* (version 2). Technical Report 1998-010, Interval Research.

    Examples
    --------
    >>> hz_to_mel([200, 1000, 6400])
    array([ 3., 15., 42.])
    >>> round(float(hz_to_mel(1000, htk=True)))
    1000
    """
    frequency = real_array(frequency=frequency).astype(np.float64)
    if np.any(~(frequency >= 0)):
        raise ValueError(f"Frequencies must be zero or positive, in Hz; got {frequency.min()}.")
    if htk:
        return 2595.0 * np.log10(1.0 + frequency / 700.0)
    above = np.maximum(frequency, BREAK_HZ) / BREAK_HZ
    return np.where(frequency < BREAK_HZ, frequency / LINEAR_HZ_PER_MEL, BREAK_MEL + np.log(above) / LOG_STEP)


def mel_to_hz(mel: ArrayLike, *, htk: bool = False) -> np.ndarray:
    """Turn mels into frequencies in Hz: the inverse of `hz_to_mel`.

    Examples
    --------
    >>> mel_to_hz([3, 15, 42]).round(6)
    array([ 200., 1000., 6400.])
    """
    mel = real_array(mel=mel).astype(np.float64)
    if htk:
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    above = BREAK_HZ * np.exp(LOG_STEP * np.maximum(mel - BREAK_MEL, 0.0))
    return np.where(mel < BREAK_MEL, mel * LINEAR_HZ_PER_MEL, above)


def mel_filterbank(
    *, sample_rate: int, n_fft: int, n_mels: int, fmin: float = 0.0, fmax: float | None = None, htk: bool = False
) -> np.ndarray:
    """Triangular filters, equally spaced on the mel scale, each of the same area (Slaney's normalisation).

    Parameters
    ----------
    sample_rate : int
        Samples a second, in Hz.
    n_fft : int
        Length of the Fourier transform.
    n_mels : int
        Number of filters.
    fmin, fmax : float
        Lowest and highest frequency in Hz; by default 0 and half the sample rate.
    htk : bool
        Which mel scale, see `hz_to_mel`.

    Returns
    -------
    float32 array [shape=(n_mels, 1 + n_fft // 2)]
        ``mel_filterbank(…) @ power`` sums the power in each band.

    Raises
    ------
    ValueError
        If the band does not fit under half the sample rate, or is so finely divided that a filter would be empty.

    References
    ----------
    Davis, S. B., & Mermelstein, P. (1980). Comparison of parametric representations for monosyllabic word recognition
    in continuously spoken sentences. *IEEE Transactions on Acoustics, Speech, and Signal Processing*, 28(4), 357–366.
    Slaney, M. (1998). *Auditory Toolbox* (version 2). Technical Report 1998-010, Interval Research.

    Examples
    --------
    >>> mel_filterbank(sample_rate=8000, n_fft=256, n_mels=40).shape
    (40, 129)
    """
    sample_rate = positive_int(sample_rate=sample_rate)
    n_fft = positive_int(n_fft=n_fft)
    n_mels = positive_int(n_mels=n_mels)
    fmax = sample_rate / 2 if fmax is None else fmax
    if not 0 <= fmin < fmax <= sample_rate / 2:
        raise ValueError(
            f"The mel bands run from fmin={fmin} to fmax={fmax} Hz, but must rise within 0 to {sample_rate / 2:g} Hz, "
            f"half the sample rate."
        )
    points = mel_to_hz(np.linspace(hz_to_mel(fmin, htk=htk), hz_to_mel(fmax, htk=htk), n_mels + 2), htk=htk)
    low, centre, high = points[:-2, None], points[1:-1, None], points[2:, None]
    bins = np.arange(1 + n_fft // 2) * (sample_rate / n_fft)
    weights = np.maximum(0.0, np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre)))
    if not weights.any(axis=1).all():
        raise ValueError(
            f"n_mels={n_mels} divides {fmin:g} to {fmax:g} Hz so finely that {np.sum(~weights.any(axis=1))} filters "
            f"hold no frequency bin (bins are {sample_rate / n_fft:.1f} Hz apart). Take fewer bands or a larger n_fft."
        )
    return (weights * 2.0 / (high - low)).astype(np.float32)


def mel_spectrogram(
    y: ArrayLike,
    *,
    sample_rate: int,
    n_fft: int,
    hop_length: int,
    win_length: int | None = None,
    n_mels: int = 40,
    fmin: float = 0.0,
    fmax: float | None = None,
) -> np.ndarray:
    """Power in each mel band and frame; parameters as for `stft` and `mel_filterbank`.

    Returns
    -------
    array [shape=(…, n_mels, frames)]
        ``mel_filterbank(…) @ power_spectrogram(…)``.

    Examples
    --------
    >>> y = np.random.default_rng(0).standard_normal(8000).astype(np.float32)
    >>> mel_spectrogram(y, sample_rate=8000, n_fft=256, hop_length=80).shape
    (40, 101)
    """
    power = power_spectrogram(y, n_fft=n_fft, hop_length=hop_length, win_length=win_length)
    bank = _sparse_bank(
        sample_rate=positive_int(sample_rate=sample_rate),
        n_fft=n_fft,
        n_mels=positive_int(n_mels=n_mels),
        fmin=fmin,
        fmax=fmax,
    )
    rows = np.swapaxes(power, -1, -2).reshape(-1, power.shape[-2])
    bands = bank @ rows.T
    return np.moveaxis(bands.reshape(n_mels, *power.shape[:-2], power.shape[-1]), 0, -2)


@lru_cache(maxsize=32)
def _sparse_bank(**how: float) -> csr_array:
    """Keep the filters' few weights above 0: quicker than a dense product, which may start threads besides."""
    return csr_array(mel_filterbank(**how))


def log_mel(
    y: ArrayLike,
    *,
    sample_rate: int,
    n_fft: int,
    hop_length: int,
    win_length: int | None = None,
    n_mels: int = 40,
    fmin: float = 0.0,
    fmax: float | None = None,
) -> np.ndarray:
    """Mel spectrogram in decibels; parameters as for `mel_spectrogram`.

    Returns
    -------
    array [shape=(…, n_mels, frames)]
        Level of each band in dB, at most 80 dB below the clip's loudest.

    Examples
    --------
    >>> y = np.random.default_rng(0).standard_normal(8000).astype(np.float32)
    >>> log_mel(y, sample_rate=8000, n_fft=256, hop_length=80).shape
    (40, 101)
    """
    power = mel_spectrogram(
        y,
        sample_rate=sample_rate,
        n_fft=n_fft,
        hop_length=hop_length,
        win_length=win_length,
        n_mels=n_mels,
        fmin=fmin,
        fmax=fmax,
    )
    return power_to_db(power)
