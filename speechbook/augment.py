"""Make new training examples out of old ones: another level, speed or voice, and masks on spectrograms.

Noise comes from `speechbook.noise`, rooms, microphones and the telephone from `speechbook.acoustics`; all of it can be
had as ``augment.…``. Nothing is changed in place, every result is float32, and chance comes from the generator that is
passed in.
"""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import ArrayLike

from speechbook._checks import positive_int, signal
from speechbook._rng import generator
from speechbook.acoustics import band_centres, equalise, measure_rt60, room, room_impulse_response, telephone
from speechbook.noise import add_noise, coloured_noise, measure_snr, mix_at_snr

__all__ = [
    "add_noise",
    "band_centres",
    "change_speed",
    "coloured_noise",
    "equalise",
    "gain",
    "measure_rt60",
    "measure_snr",
    "mix_at_snr",
    "room",
    "room_impulse_response",
    "shift",
    "spec_augment",
    "telephone",
    "warp_frequency",
    "warp_time",
]


def gain(y: ArrayLike, *, gain_db: float) -> np.ndarray:
    """Make a sound louder or softer.

    Parameters
    ----------
    y : array_like [shape=(…, samples)]
        Sound.
    gain_db : float
        Change of level in dB: 6 nearly doubles the amplitude.

    Returns
    -------
    np.ndarray [shape=(…, samples), dtype=float32]
        Not clipped: may leave [-1, 1].

    Examples
    --------
    >>> gain([0.01, -0.02], gain_db=20).round(3).tolist() == np.float32([0.1, -0.2]).tolist()
    True
    """
    return (signal(y) * 10 ** (gain_db / 20)).astype(np.float32)


def shift(y: ArrayLike, *, samples: int) -> np.ndarray:
    """Move a sound in time within its clip; silence comes in, and what moves out is lost.

    Parameters
    ----------
    y : array_like [shape=(…, samples)]
        Sound.
    samples : int
        How far to move it: later if positive, earlier if negative.

    Returns
    -------
    np.ndarray [shape=(…, samples), dtype=float32]
        As long as before.

    Examples
    --------
    >>> shift([0.1, 0.2, 0.3], samples=1).round(2).tolist() == np.float32([0.0, 0.1, 0.2]).tolist()
    True
    """
    y = signal(y)
    moved, n = np.zeros(y.shape, np.float32), y.shape[-1]
    kept = max(0, n - abs(samples))
    if samples >= 0:
        moved[..., n - kept :] = y[..., :kept]
    else:
        moved[..., :kept] = y[..., n - kept :]
    return moved


def change_speed(y: ArrayLike, *, factor: float) -> np.ndarray:
    """Play a sound faster (factor above 1) or slower: length, pitch and formants change together.

    Parameters
    ----------
    y : array_like [shape=(…, samples)]
        Sound.
    factor : float
        1.1 makes it 1/1.1 as long and all frequencies 1.1 times as high; frequencies that would pass half the sample
        rate are filtered out.

    Returns
    -------
    np.ndarray [shape=(…, round(samples / factor)), dtype=float32]
        To be played at the old sample rate.

    Raises
    ------
    ValueError
        If the factor is not between 0.1 and 10.

    References
    ----------
    Ko, Peddinti, Povey & Khudanpur (2015), Audio augmentation for speech recognition, Interspeech, 3586–3589.

    Examples
    --------
    >>> change_speed(np.zeros(3520), factor=1.1).shape
    (3200,)
    """
    y = signal(y)
    if not 0.1 <= factor <= 10:
        raise ValueError(f"factor must lie between 0.1 and 10, such as 1.1 for a tenth faster; got {factor}.")
    length = max(1, round(y.shape[-1] / factor))
    resampled = np.zeros((*y.shape[:-1], length), np.float32)
    for clip in np.ndindex(y.shape[:-1]):
        samples = soxr.resample(y[clip].astype(np.float32), factor, 1.0)[:length]
        resampled[clip][: len(samples)] = samples
    return resampled


def _spectrogram(x: ArrayLike) -> np.ndarray:
    x = np.asarray(x)
    if x.ndim < 2 or x.size == 0 or x.dtype.kind not in "fiu" or not np.isfinite(x).all():
        raise ValueError(
            f"A spectrogram holds finite real numbers and has the shape (…, features, frames); got an array of "
            f"{x.dtype} and shape {x.shape}."
        )
    return x.astype(np.float32)


def _interpolate(x: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Read x between its samples along the last axis, at positions [shape=(…, m)] that broadcast over the others."""
    positions = np.broadcast_to(np.clip(positions, 0, x.shape[-1] - 1), (*x.shape[:-1], positions.shape[-1]))
    lower = positions.astype(int)
    upper = np.minimum(lower + 1, x.shape[-1] - 1)
    below, above = (np.take_along_axis(x, index, axis=-1) for index in (lower, upper))
    return (below + (positions - lower) * (above - below)).astype(np.float32)


def _factors(factor: ArrayLike, x: np.ndarray) -> np.ndarray:
    """Return warp factors [shape=(…, 1, 1)] that broadcast over the clips of x, or raise ValueError."""
    factor = np.asarray(factor, np.float64)
    if factor.shape not in ((), x.shape[:-2]) or not np.all((factor >= 0.5) & (factor <= 2)):
        raise ValueError(
            f"factor must be one number between 0.5 and 2, such as 1.1, or one each for clips of shape {x.shape[:-2]}; "
            f"got {factor}."
        )
    return factor[..., np.newaxis, np.newaxis]


def warp_frequency(
    spectrogram: ArrayLike, *, factor: ArrayLike, frequencies: ArrayLike | None = None, knee: float = 0.6
) -> np.ndarray:
    """Stretch the frequency axis as a vocal tract of another length would (vocal tract length perturbation).

    A frequency f moves to factor · f up to the knee, and from there evenly on to the highest frequency, which stays.

    Parameters
    ----------
    spectrogram : array_like [shape=(…, features, frames)]
        Spectrogram or log-mel spectrogram, power or dB.
    factor : float or array_like [shape=(…)]
        Above 1: formants move up, as in a shorter vocal tract; one for all clips or one each. Usual: 0.9 to 1.1.
    frequencies : array_like [shape=(features,)], optional
        Rising centre frequencies of the rows in Hz, for mel bands; evenly spaced from 0 if not given.
    knee : float
        Where the linear part ends, as a share of the highest frequency.

    Returns
    -------
    np.ndarray [shape=(…, features, frames), dtype=float32]
        Warped spectrogram, interpolated between rows.

    Raises
    ------
    ValueError
        If a factor is not between 0.5 and 2, or the frequencies do not fit the rows.

    References
    ----------
    Jaitly & Hinton (2013), Vocal tract length perturbation (VTLP) improves speech recognition, ICML Workshop on Deep
    Learning for Audio, Speech and Language.

    Examples
    --------
    >>> spectrogram = np.zeros((129, 1))
    >>> spectrogram[50] = 1.0
    >>> int(warp_frequency(spectrogram, factor=1.1).argmax())
    55
    """
    x = _spectrogram(spectrogram)
    factor, n_rows = _factors(factor, x), x.shape[-2]
    rows = np.arange(n_rows, dtype=float) if frequencies is None else np.asarray(frequencies, np.float64)
    if rows.shape != (n_rows,) or np.any(np.diff(rows) <= 0) or rows[0] < 0:
        raise ValueError(f"frequencies must be {n_rows} rising numbers in Hz, one a row; got shape {rows.shape}.")
    if not 0 < knee < 1:
        raise ValueError(f"knee must be a share of the highest frequency between 0 and 1; got {knee}.")
    top = rows[-1]
    bend = knee * top * np.minimum(factor, 1)
    beyond = top - (top - rows) * (top - bend / factor) / (top - bend)
    source = np.where(rows <= bend, rows / factor, beyond)
    positions = np.interp(source, rows, np.arange(n_rows))
    columns = np.ascontiguousarray(x.swapaxes(-1, -2))
    return np.ascontiguousarray(_interpolate(columns, positions).swapaxes(-1, -2))


def warp_time(
    spectrogram: ArrayLike, *, factor: ArrayLike, n_frames: int | None = None, fill: float = 0.0
) -> np.ndarray:
    """Say the same faster (factor above 1) or slower, at the same pitch, by interpolating between frames.

    Parameters
    ----------
    spectrogram : array_like [shape=(…, features, frames)]
        Spectrogram or features, power or dB.
    factor : float or array_like [shape=(…)]
        Speed; one for all clips or, with `n_frames`, one each.
    n_frames : int, optional
        Frames to return; round(frames / factor) if not given.
    fill : float
        What stands after the end of a clip.

    Returns
    -------
    np.ndarray [shape=(…, features, n_frames), dtype=float32]
        Warped spectrogram.

    Raises
    ------
    ValueError
        If a factor is not between 0.5 and 2, or several come without `n_frames`.

    Examples
    --------
    >>> warp_time([[0.0, 1.0, 2.0, 3.0]], factor=0.5).tolist()
    [[0.0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.0]]
    """
    x = _spectrogram(spectrogram)
    factor = _factors(factor, x)
    if n_frames is None:
        if factor.size > 1:
            raise ValueError(
                "Clips of several speeds get several lengths: say with n_frames=… how many frames to return."
            )
        n_frames = max(1, round(x.shape[-1] / factor.item()))
        return _interpolate(x, (np.arange(n_frames) + 0.5) * factor - 0.5)
    middle = (np.arange(positive_int(n_frames=n_frames)) + 0.5) * factor
    return np.where(middle > x.shape[-1], np.float32(fill), _interpolate(x, middle - 0.5))


def spec_augment(
    x: ArrayLike,
    *,
    n_frequency_masks: int = 2,
    frequency_width: int = 8,
    n_time_masks: int = 2,
    time_width: int = 10,
    time_share: float = 1.0,
    fill: float = 0.0,
    rng: np.random.Generator,
) -> np.ndarray:
    """Hide random bands and random stretches of time (the masks of SpecAugment).

    Parameters
    ----------
    x : array_like [shape=(…, features, frames)]
        Features, normalised to a mean of 0 if `fill` is left at 0; every clip gets its own masks.
    n_frequency_masks, n_time_masks : int
        Masks a clip; they may overlap.
    frequency_width, time_width : int
        Widest mask in rows and in frames; every width from 0 to this is equally likely.
    time_share : float
        No time mask is wider than this share of all frames.
    fill : float
        What masked entries become.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(…, features, frames), dtype=float32]
        Masked copy.

    Raises
    ------
    ValueError
        If a number or width is negative, or `time_share` is not between 0 and 1.

    References
    ----------
    Park et al. (2019), SpecAugment: a simple data augmentation method for automatic speech recognition, Interspeech,
    2613–2617.

    Examples
    --------
    >>> masked = spec_augment(np.ones((40, 100)), rng=np.random.default_rng(0))
    >>> print(f"{np.mean(masked == 0):.0%} hidden")
    32% hidden
    """
    x = _spectrogram(x)
    if min(n_frequency_masks, n_time_masks, frequency_width, time_width) < 0 or not 0 <= time_share <= 1:
        raise ValueError("Numbers and widths of masks must not be negative, and time_share must lie between 0 and 1.")
    clips, (n_rows, n_frames) = x.shape[:-2], x.shape[-2:]
    time_width = min(time_width, int(time_share * n_frames))
    rows = _masks(n_frequency_masks, frequency_width, n_rows, clips, generator(rng))
    frames = _masks(n_time_masks, time_width, n_frames, clips, rng)
    return np.where(rows[..., :, np.newaxis] | frames[..., np.newaxis, :], np.float32(fill), x)


def _masks(n_masks: int, widest: int, size: int, clips: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw n_masks intervals a clip and return their union [shape=(*clips, size), dtype=bool]."""
    width = rng.integers(0, min(widest, size), size=(*clips, n_masks, 1), endpoint=True)
    start = rng.integers(0, size - width, endpoint=True)
    index = np.arange(size)
    return np.any((index >= start) & (index < start + width), axis=-2)
