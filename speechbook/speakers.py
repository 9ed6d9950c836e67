"""What differs between speakers, as numbers: pitch, length of the vocal tract, pace, level.

Pitch comes from the autocorrelation of voiced frames, the tract's length from their third resonance by linear
prediction. Both are estimates on half a second of telephone-band sound: good for averages over a speaker's clips, not
for a single one. Taught in the chapter *Voices differ*.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import positive_int, signal
from speechbook.anonymise import linear_prediction
from speechbook.audio import trim
from speechbook.spectrum import frame

PITCH_HZ = (60.0, 400.0)
FRAME_SECONDS, HOP_SECONDS = 0.04, 0.02
VOICED = 0.6
"""Least correlation of a frame with itself one period later."""
LOUD_DB = 25.0
"""How far below a clip's loudest frame a voiced one may lie."""
OCTAVE_COST = 0.05
"""Lost correlation for each halving of the pitch, so that of equal peaks the shortest period wins."""
FORMANT_HZ = (200.0, 3700.0)
WIDEST_HZ = 500.0
"""Bandwidth beyond which a resonance is taken for the slope of the spectrum."""
SOUND_CM = 35000.0
"""Speed of sound in warm, moist air, in cm a second."""


class Voice(NamedTuple):
    """One clip: pitch in Hz, resonances and tract (NaN where nothing is voiced), length in s, level in dB."""

    pitch: float
    third_formant: float
    tract: float
    seconds: float
    level: float


def pitch(y: ArrayLike, *, sample_rate: int) -> np.ndarray:
    """Estimate the pitch of each frame: the period after which it resembles itself most.

    Parameters
    ----------
    y : array_like [shape=(samples,)]
        Mono sound.
    sample_rate : int
        In Hz.

    Returns
    -------
    np.ndarray [shape=(frames,), dtype=float64]
        In Hz, one each 20 ms; NaN where the frame is not voiced.

    Raises
    ------
    ValueError
        If the sound is empty, not mono or not finite.

    References
    ----------
    Boersma (1993), Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a
    sampled sound, Proceedings of the Institute of Phonetic Sciences 17, 97–110 (autocorrelation by that of the window).

    Examples
    --------
    >>> t = np.arange(4000) / 8000
    >>> sawtooth = 2 * (120 * t % 1) - 1
    >>> np.nanmedian(pitch(sawtooth, sample_rate=8000)).round().item()
    120.0
    """
    frames = _frames(y, sample_rate)
    window = np.hanning(frames.shape[1] + 2)[1:-1]
    return _pitches(frames * window, _autocorrelation(window[None])[0], sample_rate)


def formants(y: ArrayLike, *, sample_rate: int, order: int = 10) -> np.ndarray:
    """Estimate the three lowest resonances of the vocal tract in each voiced frame.

    Parameters
    ----------
    y, sample_rate
        As for `pitch`.
    order : int
        Of the linear prediction.

    Returns
    -------
    np.ndarray [shape=(voiced frames, 3), dtype=float64]
        In Hz, rising; frames in which fewer are found are left out.

    References
    ----------
    Atal & Hanauer (1971), Speech analysis and synthesis by linear prediction of the speech wave, JASA 50(2B), 637–655.

    Examples
    --------
    >>> formants(np.zeros(800), sample_rate=8000).shape
    (0, 3)
    """
    frames = _frames(y, sample_rate)
    voiced = frames[np.isfinite(pitch(y, sample_rate=sample_rate))]
    if not len(voiced):
        return np.empty((0, 3))
    emphasised = np.diff(voiced, axis=1) + 0.05 * voiced[:, 1:]
    taps = linear_prediction(emphasised * np.hamming(emphasised.shape[1]), order=positive_int(order=order))
    companions = np.zeros((len(taps), order, order))
    companions[:, 0] = -taps[:, 1:]
    companions[:, range(1, order), range(order - 1)] = 1
    poles = np.linalg.eigvals(companions)
    hertz = np.angle(poles) * sample_rate / (2 * np.pi)
    width = -np.log(np.maximum(np.abs(poles), 1e-9)) * sample_rate / np.pi
    kept = (hertz > FORMANT_HZ[0]) & (hertz < FORMANT_HZ[1]) & (width < WIDEST_HZ)
    found = np.sort(np.where(kept, hertz, np.inf), axis=1)[:, :3]
    return found[np.isfinite(found).all(axis=1)]


def tract_length(third_formant: ArrayLike) -> np.ndarray:
    """Give the length of an even tube, closed at one end, whose third resonance this is.

    Parameters
    ----------
    third_formant : array_like
        In Hz.

    Returns
    -------
    np.ndarray
        In cm: five quarters of a wave.

    References
    ----------
    Fant (1960), Acoustic Theory of Speech Production, Mouton.

    Examples
    --------
    >>> tract_length(2500.0).round(1).item()
    17.5
    """
    return 5 * SOUND_CM / (4 * np.asarray(third_formant, float))


def measure(y: ArrayLike, *, sample_rate: int) -> Voice:
    """Measure one clip.

    Parameters
    ----------
    y, sample_rate
        As for `pitch`.

    Returns
    -------
    Voice
        Medians over the voiced frames; the length without silent ends; the root mean square of that in dB of full
        scale.

    Examples
    --------
    >>> voice = measure(0.5 * np.sign(np.sin(2 * np.pi * 100 * np.arange(8000) / 8000)), sample_rate=8000)
    >>> round(voice.pitch), round(voice.level)
    (100, -6)
    """
    spoken = trim(y, sample_rate=sample_rate)
    hertz, found = pitch(spoken, sample_rate=sample_rate), formants(spoken, sample_rate=sample_rate)
    third = float(np.median(found[:, 2])) if len(found) else np.nan
    level = 10 * np.log10(max(float(np.mean(np.square(spoken, dtype=float))), 1e-12))
    middle = float(np.nanmedian(hertz)) if np.isfinite(hertz).any() else np.nan
    return Voice(middle, third, float(tract_length(third)), len(spoken) / sample_rate, level)


def measure_all(clips: Sequence[ArrayLike], *, sample_rate: int) -> Voice:
    """Measure clips: a `Voice` of arrays [shape=(clips,)]."""
    return Voice(*np.transpose([measure(y, sample_rate=sample_rate) for y in clips]))


def share_explained(values: ArrayLike, groups: ArrayLike) -> float:
    """Give the share of the variance of values that lies between groups (eta squared).

    Parameters
    ----------
    values : array_like [shape=(n,)]
        NaN are left out.
    groups : array_like [shape=(n,)]
        Who speaks, or what is said.

    Returns
    -------
    float
        0 if all groups have the same mean, 1 if the values within each are equal.

    Raises
    ------
    ValueError
        If lengths differ or all values are equal.

    Examples
    --------
    >>> share_explained([1.0, 1.0, 3.0, 3.0], ["a", "a", "b", "b"]), share_explained([1.0, 3.0, 1.0, 3.0], [0, 0, 1, 1])
    (1.0, 0.0)
    """
    values, groups = np.asarray(values, float), np.asarray(groups)
    if values.ndim != 1 or values.shape != groups.shape:
        raise ValueError(f"values and groups must be equally long; got shapes {values.shape} and {groups.shape}.")
    values, groups = values[np.isfinite(values)], groups[np.isfinite(values)]
    if not len(values) or not np.ptp(values):
        raise ValueError("the values do not differ, so there is no variance to explain.")
    places = np.unique(groups, return_inverse=True)[1]
    means = np.bincount(places, values) / np.bincount(places)
    return float(np.sum((means[places] - values.mean()) ** 2) / np.sum((values - values.mean()) ** 2))


def _frames(y: ArrayLike, sample_rate: int) -> np.ndarray:
    """Cut into frames [shape=(frames, samples)]; a short sound is one frame with zeros after it."""
    y = signal(y).astype(np.float64)
    length, hop = (round(seconds * positive_int(sample_rate=sample_rate)) for seconds in (FRAME_SECONDS, HOP_SECONDS))
    y = np.pad(y, (0, max(0, length - y.size)))
    frames = frame(y, frame_length=length, hop_length=hop).T
    return frames - frames.mean(axis=1, keepdims=True)


def _autocorrelation(frames: np.ndarray) -> np.ndarray:
    spectrum = np.fft.rfft(frames, 2 * frames.shape[1], axis=1)
    return np.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, : frames.shape[1]]


def _pitches(frames: np.ndarray, of_window: np.ndarray, sample_rate: int) -> np.ndarray:
    """Find the best period of windowed frames, between samples by a parabola."""
    correlation = _autocorrelation(frames)
    energy = correlation[:, :1]
    correlation = correlation / np.maximum(energy, 1e-12) * of_window[0] / np.maximum(of_window, 1e-3 * of_window[0])
    lags = np.arange(int(sample_rate / PITCH_HZ[1]), min(int(sample_rate / PITCH_HZ[0]), frames.shape[1] // 2 + 1))
    inner = correlation[:, lags]
    peak = (inner >= correlation[:, lags - 1]) & (inner >= correlation[:, lags + 1])
    best = np.where(peak, inner - OCTAVE_COST * np.log2(lags), -np.inf).argmax(axis=1)
    rows = np.arange(len(frames))
    before, at, after = (correlation[rows, lags[best] + step] for step in (-1, 0, 1))
    bend = before - 2 * at + after
    lag = lags[best] + np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-9), 0)
    loud = energy[:, 0] > energy.max(initial=0) * 10 ** (-LOUD_DB / 10)
    return np.where((at > VOICED) & loud & peak.any(axis=1) & (energy[:, 0] > 1e-9), sample_rate / lag, np.nan)
