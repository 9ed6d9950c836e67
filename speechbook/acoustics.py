"""What speech passes through before a recogniser hears it: rooms, microphones, telephone lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import fft
from scipy import signal as dsp

from speechbook._checks import positive_int, signal
from speechbook._rng import generator

TELEPHONE_BAND = (300.0, 3400.0)


def room_impulse_response(
    *, sample_rate: float, rt60: float, direct_to_reverberant_db: float = 0.0, rng: np.random.Generator
) -> np.ndarray:
    """Make the impulse response of an imaginary room: the direct sound, then noise that dies away exponentially.

    Parameters
    ----------
    sample_rate : float
        In Hz.
    rt60 : float
        Reverberation time in seconds: how long the sound takes to fall by 60 dB.
    direct_to_reverberant_db : float
        Energy of the direct sound by energy of all echoes, in dB: high near the microphone, negative far away.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(rt60 · sample_rate,), dtype=float32]
        Impulse response; the direct sound is its first sample, 1.

    Raises
    ------
    ValueError
        If the reverberation time is not positive or shorter than two samples.

    References
    ----------
    Moorer (1979), About this reverberation business, Computer Music Journal 3(2), 13–28.

    Examples
    --------
    >>> room_impulse_response(sample_rate=8000, rt60=0.3, rng=np.random.default_rng(0)).shape
    (2400,)
    """
    if not (np.isfinite(rt60) and rt60 * sample_rate >= 2):
        raise ValueError(f"rt60 must be a time in seconds, such as 0.3, of two samples or more; got {rt60}.")
    time = np.arange(round(rt60 * sample_rate)) / sample_rate
    echoes = generator(rng).standard_normal(time.size) * 10 ** (-3 * time / rt60)
    echoes[0] = 0.0
    echoes *= 10 ** (-direct_to_reverberant_db / 20) / np.sqrt(np.sum(echoes**2))
    echoes[0] = 1.0
    return echoes.astype(np.float32)


def measure_rt60(impulse_response: ArrayLike, *, sample_rate: float) -> float:
    """Measure the reverberation time by Schroeder's backward integration.

    The energy still to come falls along a straight line in dB; the line is fitted from −5 to −35 dB (T30) and
    continued to −60 dB.

    Parameters
    ----------
    impulse_response : array_like [shape=(samples,)]
        Response of the room.
    sample_rate : float
        In Hz.

    Returns
    -------
    float
        Reverberation time in seconds.

    Raises
    ------
    ValueError
        If fewer than two samples lie between −5 and −35 dB.

    References
    ----------
    Schroeder (1965), New method of measuring reverberation time, JASA 37(3), 409–412.

    Examples
    --------
    >>> print(f"{measure_rt60(10 ** (-3 * np.arange(8000) / 4000), sample_rate=8000):.2f} s")
    0.50 s
    """
    to_come = np.cumsum(np.square(signal(impulse_response), dtype=np.float64)[::-1])[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        decay_db = 10 * np.log10(to_come / to_come[0])
    fitted = np.flatnonzero((decay_db <= -5) & (decay_db >= -35))
    if fitted.size < 2:
        raise ValueError("The response has no decay from −5 to −35 dB that a line could be fitted to.")
    slope, _ = np.polyfit(fitted / sample_rate, decay_db[fitted], 1)
    return float(-60 / slope)


def room(
    y: ArrayLike,
    *,
    sample_rate: float,
    rt60: float,
    direct_to_reverberant_db: float = 0.0,
    rng: np.random.Generator,
) -> np.ndarray:
    """Let speech sound as in a room.

    Parameters
    ----------
    y : array_like [shape=(…, samples)]
        Dry speech; all clips are spoken in the same room.
    sample_rate : float
        In Hz.
    rt60 : float
        Reverberation time in seconds.
    direct_to_reverberant_db : float
        Energy of the direct sound by energy of all echoes, in dB.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(…, samples), dtype=float32]
        Direct sound at its old level plus echoes; cut at the old length, so append silence first to keep the echoes.

    Raises
    ------
    ValueError
        As in `room_impulse_response`.

    References
    ----------
    Ko et al. (2017), A study on data augmentation of reverberant speech for robust speech recognition, ICASSP,
    5220–5224.

    Examples
    --------
    >>> room(np.ones(100), sample_rate=8000, rt60=0.2, rng=np.random.default_rng(0)).shape
    (100,)
    """
    y = signal(y)
    response = room_impulse_response(
        sample_rate=sample_rate, rt60=rt60, direct_to_reverberant_db=direct_to_reverberant_db, rng=rng
    )
    response = response.reshape((1,) * (y.ndim - 1) + (-1,))
    return dsp.fftconvolve(y, response, axes=-1)[..., : y.shape[-1]].astype(np.float32)


def telephone(y: ArrayLike, *, sample_rate: float) -> np.ndarray:
    """Keep the telephone band, 300–3,400 Hz (Butterworth filter, −3 dB at both ends, 36 dB an octave below).

    Parameters
    ----------
    y : array_like [shape=(…, samples)]
        Speech.
    sample_rate : float
        In Hz, above 6,800.

    Returns
    -------
    np.ndarray [shape=(…, samples), dtype=float32]
        What comes through.

    Raises
    ------
    ValueError
        If the sample rate is too low for the band.

    References
    ----------
    ITU-T Recommendation G.712 (2001), Transmission performance characteristics of pulse code modulation channels.

    Examples
    --------
    >>> hum = np.sin(2 * np.pi * 50 * np.arange(8000) / 8000)
    >>> bool(np.abs(telephone(hum, sample_rate=8000)[4000:]).max() < 0.001)
    True
    """
    if sample_rate <= 2 * TELEPHONE_BAND[1]:
        raise ValueError(f"The telephone band needs a sample rate above 6,800 Hz; got {sample_rate}.")
    sections = dsp.butter(6, TELEPHONE_BAND, "bandpass", fs=sample_rate, output="sos")
    return dsp.sosfilt(sections, signal(y).astype(np.float64), axis=-1).astype(np.float32)


def band_centres(*, sample_rate: float, n_bands: int) -> np.ndarray:
    """Give the frequencies at which `equalise` sets the gain: from 125 Hz to half the sample rate, evenly in octaves.

    Parameters
    ----------
    sample_rate : float
        In Hz.
    n_bands : int
        Number of bands.

    Returns
    -------
    np.ndarray [shape=(n_bands,), dtype=float64]
        Frequencies in Hz.

    Raises
    ------
    ValueError
        If the sample rate is not above 250 Hz or the number not positive.

    Examples
    --------
    >>> band_centres(sample_rate=8000, n_bands=6).round().tolist()
    [125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0]
    """
    if sample_rate <= 250:
        raise ValueError(f"sample_rate must be given in Hz and lie above 250; got {sample_rate}.")
    return np.geomspace(125, sample_rate / 2, positive_int(n_bands=n_bands))


def equalise(y: ArrayLike, *, sample_rate: float, gains_db: ArrayLike) -> np.ndarray:
    """Colour a sound as another microphone would: gains in bands, without phase shift.

    Parameters
    ----------
    y : array_like [shape=(…, samples)]
        Sound.
    sample_rate : float
        In Hz.
    gains_db : array_like [shape=(bands,) or (…, bands)]
        Gain in dB at each of the `band_centres`, one row for all clips or one each; in between it changes evenly with
        the logarithm of frequency, below the lowest it stays.

    Returns
    -------
    np.ndarray [shape=(…, samples), dtype=float32]
        Not clipped: may leave [-1, 1].

    Raises
    ------
    ValueError
        If the gains are not finite numbers with at least one band, or the sample rate is not above 250 Hz.

    Examples
    --------
    >>> tone = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)
    >>> louder = equalise(tone, sample_rate=8000, gains_db=[0, 0, 0, 6, 0, 0])
    >>> print(f"{20 * np.log10(np.abs(louder[2000:6000]).max()):.1f} dB")
    6.0 dB
    """
    y, gains_db = signal(y), np.asarray(gains_db, np.float64)
    if gains_db.ndim == 0 or gains_db.size == 0 or not np.isfinite(gains_db).all():
        raise ValueError(f"gains_db must hold one finite number of dB for each band; got {gains_db}.")
    centres = band_centres(sample_rate=sample_rate, n_bands=gains_db.shape[-1])
    n_fft = fft.next_fast_len(y.shape[-1] + int(sample_rate) // 8, real=True)
    octave = np.log2(np.maximum(fft.rfftfreq(n_fft, 1 / sample_rate), 1.0))
    shares = np.stack([np.interp(octave, np.log2(centres), row) for row in np.eye(len(centres))])
    filtered = fft.irfft(fft.rfft(y, n_fft) * 10 ** (gains_db @ shares / 20), n_fft)
    return filtered[..., : y.shape[-1]].astype(np.float32)
