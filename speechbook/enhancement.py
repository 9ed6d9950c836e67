"""Take noise out of speech: gains over time and frequency, by subtraction, by Wiener's rule, or by a network's mask.

A sound is cut into the frames of the book's front end (25 ms every 10 ms), each bin of each frame is made quieter by a
gain between 0 and 1, and the frames are added up again. The methods differ in the gain alone. Taught in the chapter
*Noise*.
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from speechbook import frontend
from speechbook._checks import real_array, signal

WINDOW = frontend.SETTINGS["win_length"]
HOP = frontend.SETTINGS["hop_length"]
N_FFT = frontend.SETTINGS["n_fft"]
AHEAD = 2
"""Frames before the first one of the front end, so that the first samples are covered by a window too."""
FLOOR = 0.1
"""The least gain of `wiener_gain`: 20 dB down."""
TINY = 1e-12


def _window() -> np.ndarray:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)


def analyse(y: ArrayLike) -> np.ndarray:
    """Cut a sound into windowed frames and transform each.

    Parameters
    ----------
    y : array_like [shape=(samples,)]
        At 8 kHz.

    Returns
    -------
    np.ndarray [shape=(frames, 129), dtype=complex128]
        Frame j + 2 begins at sample 80 j. `synthesise` undoes it.

    Raises
    ------
    ValueError
        If this is not one sound.

    Examples
    --------
    >>> analyse(np.ones(800)).shape
    (12, 129)
    """
    y = signal(y)
    if y.ndim != 1:
        raise ValueError(f"analyse takes one mono sound, shape (samples,); got {y.shape}.")
    n_frames = AHEAD + -(-y.size // HOP)
    padded = np.zeros((n_frames - 1) * HOP + WINDOW)
    padded[AHEAD * HOP : AHEAD * HOP + y.size] = y
    frames = sliding_window_view(padded, WINDOW)[::HOP]
    return scipy.fft.rfft(frames * _window(), N_FFT, axis=1)


def synthesise(spectrum: ArrayLike, *, n_samples: int) -> np.ndarray:
    """Turn frames back into a sound: window them again, add them where they overlap, divide by the windows' sum.

    Parameters
    ----------
    spectrum : array_like [shape=(frames, 129)]
        As `analyse` gives it, perhaps changed.
    n_samples : int
        Length of the sound.

    Returns
    -------
    np.ndarray [shape=(n_samples,), dtype=float32]
        The sound whose frames come closest to these, in the least squares sense.

    Raises
    ------
    ValueError
        If the frames do not cover the samples.

    References
    ----------
    Griffin & Lim (1984), Signal estimation from modified short-time Fourier transform, IEEE TASSP 32(2), 236–243.

    Examples
    --------
    >>> y = np.sin(np.arange(1000.0))
    >>> bool(np.allclose(synthesise(analyse(y), n_samples=1000), y, atol=1e-6))
    True
    """
    spectrum = np.asarray(spectrum)
    if spectrum.ndim != 2 or spectrum.shape != (AHEAD + -(-n_samples // HOP), N_FFT // 2 + 1):
        raise ValueError(f"{n_samples} samples and frames of the shape {spectrum.shape} do not belong together.")
    window = _window()
    frames = scipy.fft.irfft(spectrum, N_FFT, axis=1)[:, :WINDOW] * window
    total, weight = np.zeros((2, (len(frames) - 1) * HOP + WINDOW))
    for j, frame in enumerate(frames):
        total[j * HOP : j * HOP + WINDOW] += frame
        weight[j * HOP : j * HOP + WINDOW] += window**2
    kept = slice(AHEAD * HOP, AHEAD * HOP + n_samples)
    return (total[kept] / np.maximum(weight[kept], TINY)).astype(np.float32)


def noise_power(before: ArrayLike) -> np.ndarray:
    """Measure the mean power of each bin where only noise is heard.

    Parameters
    ----------
    before : array_like [shape=(samples,)]
        At least one frame of 200 samples.

    Returns
    -------
    np.ndarray [shape=(129,), dtype=float64]

    Raises
    ------
    ValueError
        If there is not one whole frame.

    Examples
    --------
    >>> noise_power(np.random.default_rng(0).standard_normal(8000)).mean().round()
    np.float64(75.0)
    """
    before = signal(before)
    if before.size < WINDOW:
        raise ValueError(f"One frame of {WINDOW} samples of noise is needed; got {before.size}.")
    whole = analyse(before)[AHEAD : AHEAD + (before.size - WINDOW) // HOP + 1]
    return np.mean(np.abs(whole) ** 2, axis=0)


def subtraction_gain(power: ArrayLike, noise: ArrayLike, *, over: float = 1.0, floor: float = 0.0) -> np.ndarray:
    """Subtract the power of the noise from the power of every frame, and give the gain that does it.

    Parameters
    ----------
    power : array_like [shape=(frames, bins)]
        Of the noisy sound.
    noise : array_like [shape=(bins,)]
        Mean power of the noise.
    over : float
        How many times the noise is subtracted; more than 1 leaves less noise, and less speech.
    floor : float
        The least gain, from 0 to 1.

    Returns
    -------
    np.ndarray [shape=(frames, bins), dtype=float64]
        Between `floor` and 1, to be multiplied with the spectrum.

    Raises
    ------
    ValueError
        If powers are negative, or `over` or `floor` is out of range.

    References
    ----------
    Boll (1979), Suppression of acoustic noise in speech using spectral subtraction, IEEE TASSP 27(2), 113–120.
    Berouti, Schwartz & Makhoul (1979), Enhancement of speech corrupted by acoustic noise, ICASSP, 208–211.

    Examples
    --------
    >>> subtraction_gain([[4.0, 1.0]], [3.0, 3.0]).tolist()
    [[0.5, 0.0]]
    """
    power, noise = _powers(power, noise)
    if not (over >= 0 and 0 <= floor <= 1):
        raise ValueError(f"over must not be negative and floor lie between 0 and 1; got {over} and {floor}.")
    left = np.maximum(1 - over * noise / np.maximum(power, TINY), 0)
    return np.maximum(np.sqrt(left), floor)


def wiener_gain(power: ArrayLike, noise: ArrayLike, *, smoothing: float = 0.98, floor: float = FLOOR) -> np.ndarray:
    """Give Wiener's gain, SNR / (1 + SNR), where the SNR of each bin leans on what was heard in the frame before.

    Parameters
    ----------
    power : array_like [shape=(frames, bins)]
        Of the noisy sound.
    noise : array_like [shape=(bins,)]
        Mean power of the noise.
    smoothing : float
        How much the estimate leans on the frame before, from 0 to below 1: the *decision-directed* estimate.
    floor : float
        The least gain, from 0 to 1.

    Returns
    -------
    np.ndarray [shape=(frames, bins), dtype=float64]
        Between `floor` and 1.

    Raises
    ------
    ValueError
        If powers are negative, or `smoothing` or `floor` is out of range.

    References
    ----------
    Ephraim & Malah (1984), Speech enhancement using a minimum mean-square error short-time spectral amplitude
    estimator, IEEE TASSP 32(6), 1109–1121 (the estimate of the SNR).
    Scalart & Vieira Filho (1996), Speech enhancement based on a priori signal to noise estimation, ICASSP, 629–632.

    Examples
    --------
    >>> wiener_gain([[4.0, 1.0]], [1.0, 1.0], smoothing=0.0).tolist()
    [[0.75, 0.1]]
    """
    power, noise = _powers(power, noise)
    if not (0 <= smoothing < 1 and 0 <= floor <= 1):
        raise ValueError(f"smoothing must lie in [0, 1) and floor in [0, 1]; got {smoothing} and {floor}.")
    ratio = power / np.maximum(noise, TINY)
    gain, before = np.empty_like(ratio), np.maximum(ratio[0] - 1, 0)
    for t, now in enumerate(ratio):
        snr = smoothing * before + (1 - smoothing) * np.maximum(now - 1, 0)
        gain[t] = np.maximum(snr / (1 + snr), floor)
        before = gain[t] ** 2 * now
    return gain


def _powers(power: ArrayLike, noise: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    power, noise = real_array(power=power).astype(np.float64), real_array(noise=noise).astype(np.float64)
    if power.ndim != 2 or noise.shape != power.shape[1:] or power.min() < 0 or noise.min() < 0:
        raise ValueError(
            f"power (frames, bins) and noise (bins,) must fit and not be negative; got {power.shape} and {noise.shape}."
        )
    return power, noise


def apply_gain(y: ArrayLike, gain: ArrayLike) -> np.ndarray:
    """Multiply every bin of every frame of a sound by its gain; the phase stays that of the noisy sound.

    Parameters
    ----------
    y : array_like [shape=(samples,)]
        At 8 kHz.
    gain : array_like [shape=(frames, 129)]
        One for each number that `analyse` gives.

    Returns
    -------
    np.ndarray [shape=(samples,), dtype=float32]

    Raises
    ------
    ValueError
        If the gains do not fit the frames.

    Examples
    --------
    >>> y = np.sin(np.arange(1000.0))
    >>> bool(np.allclose(apply_gain(y, np.full(analyse(y).shape, 0.5)), 0.5 * y, atol=1e-6))
    True
    """
    spectrum, gain = analyse(y), real_array(gain=gain)
    if gain.shape != spectrum.shape:
        raise ValueError(f"There must be one gain for each of {spectrum.shape} numbers; got {gain.shape}.")
    return synthesise(gain * spectrum, n_samples=len(y))


def ideal_mask(clean: ArrayLike, noise: ArrayLike) -> np.ndarray:
    """Give the share of the speech in the power of each mel band and frame, for sounds that were kept apart.

    Parameters
    ----------
    clean, noise : array_like [shape=(samples,)]
        The two parts of a mixture, at 8 kHz.

    Returns
    -------
    np.ndarray [shape=(frames, 40), dtype=float32]
        From 0 (noise alone) to 1 (speech alone), one row a frame of the front end.

    Raises
    ------
    ValueError
        If the two are not equally long.

    References
    ----------
    Narayanan & Wang (2013), Ideal ratio mask estimation using deep neural networks for robust speech recognition,
    ICASSP, 7092–7096.

    Examples
    --------
    >>> ideal_mask(np.sin(np.arange(800.0)), np.zeros(800)).min()
    np.float32(1.0)
    """
    clean, noise = signal(clean), signal(noise)
    if clean.shape != noise.shape:
        raise ValueError(f"Speech and noise must be equally long; got {clean.shape} and {noise.shape}.")
    speech, other = (mel_power(part) for part in (clean, noise))
    return ((speech + TINY) / (speech + other + TINY)).astype(np.float32)


def mel_power(y: ArrayLike) -> np.ndarray:
    """Give the front end's mel powers of a sound at its own level, not at a peak of 0.5.

    Examples
    --------
    >>> y = np.sin(np.arange(800.0))
    >>> bool(np.allclose(mel_power(2 * y), 4 * mel_power(y), rtol=1e-4))
    True
    """
    scale = np.abs(signal(y)).max() / frontend.SETTINGS["peak"]
    rate = frontend.SETTINGS["sample_rate"]
    return frontend.mel_powers([y], sample_rate=rate, trimmed=False)[0].astype(np.float64) * scale**2


def mask_gain(mask: ArrayLike, *, n_samples: int) -> np.ndarray:
    """Spread a mask over mel bands to all bins of all frames, so that `apply_gain` can make it audible.

    Parameters
    ----------
    mask : array_like [shape=(frames, 40)]
        Shares of power, one row a frame of the front end.
    n_samples : int
        Length of the sound.

    Returns
    -------
    np.ndarray [shape=(frames of `analyse`, 129), dtype=float64]
        The root of the mask, interpolated between the centres of the bands; the first and last row are repeated.

    Raises
    ------
    ValueError
        If the mask does not have 40 bands.

    Examples
    --------
    >>> mask_gain(np.full((8, 40), 0.25), n_samples=800).shape
    (12, 129)
    """
    mask, centres = real_array(mask=mask), frontend.band_centres()
    if mask.ndim != 2 or mask.shape[1] != len(centres):
        raise ValueError(f"A mask has the shape (frames, {len(centres)}); got {mask.shape}.")
    bins = scipy.fft.rfftfreq(N_FFT, 1 / frontend.SETTINGS["sample_rate"])
    rows = np.stack([np.interp(bins, centres, np.sqrt(row)) for row in mask])
    return rows[np.clip(np.arange(AHEAD + -(-n_samples // HOP)) - AHEAD, 0, len(rows) - 1)]
