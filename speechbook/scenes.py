"""A word in a noisy place: noises that are made of many sounds, and the moment before the word that gives them away.

White, pink and brown noise are steady (`speechbook.noise`). Here are two that are not: other people talking, and an
imaginary kitchen. Taught in the chapter *Noise*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy import signal as dsp

from speechbook._checks import positive_int, signal
from speechbook._rng import generator
from speechbook.noise import coloured_noise, measure_snr

LEAD_SECONDS = 0.25
"""How long the microphone is open before the word begins."""
STRIKES_A_SECOND = 5.0
MODES = 6
HUM_HZ = (100.0, 200.0, 300.0)
WATER_HZ = (1500.0, 3600.0)
PARTS_DB = {"strikes": 0.0, "water": -6.0, "fan": -6.0, "hum": -9.0}


@dataclass(frozen=True, eq=False)
class Scene:
    """One word in noise.

    Attributes
    ----------
    y : np.ndarray of float32 [shape=(lead + samples,)]
        What the microphone picks up: first the noise alone, then the word in it.
    clean : np.ndarray of float32 [shape=(samples,)]
        The word alone, which only an experimenter has.
    lead : int
        Samples before the word.
    """

    y: np.ndarray = field(repr=False)
    clean: np.ndarray = field(repr=False)
    lead: int

    @property
    def before(self) -> np.ndarray:
        """The noise before the word."""
        return self.y[: self.lead]

    @property
    def noisy(self) -> np.ndarray:
        """The word in the noise, from its first sample to its last."""
        return self.y[self.lead :]

    @property
    def snr_db(self) -> float:
        """Ratio of the powers of word and noise while the word lasts, in dB."""
        return float(measure_snr(self.clean, self.noisy))


def put_in(
    word: ArrayLike, recording: ArrayLike, *, snr_db: float, sample_rate: int, rng: np.random.Generator
) -> Scene:
    """Put a word into a random piece of a noise, with a quarter of a second of noise before it.

    Parameters
    ----------
    word : array_like [shape=(samples,)]
        Clean and cut to the word: the ratio counts while it lasts.
    recording : array_like [shape=(noise samples,)]
        The noise, at least as long as lead and word together.
    snr_db : float
        Ratio of the mean powers of word and noise, in dB; the loudness of the word stays.
    sample_rate : int
        In Hz.
    rng : np.random.Generator
        Chooses the piece.

    Returns
    -------
    Scene

    Raises
    ------
    ValueError
        If the recording is too short, a part is silent, or the ratio is not a finite number.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> noise = coloured_noise(8000, kind="pink", rng=rng)
    >>> scene = put_in(np.sin(np.arange(4000.0)), noise, snr_db=5, sample_rate=8000, rng=rng)
    >>> scene.y.shape, scene.lead, round(scene.snr_db, 3)
    ((6000,), 2000, 5.0)
    """
    word, recording = signal(word), signal(recording)
    lead = round(LEAD_SECONDS * positive_int(sample_rate=sample_rate))
    size = lead + word.shape[-1]
    if word.ndim != 1 or recording.ndim != 1 or recording.size < size:
        raise ValueError(
            f"put_in takes one word and a noise of at least {size} samples, both mono; got shapes {word.shape} and "
            f"{recording.shape}. Make the noise longer."
        )
    if not np.isfinite(snr_db):
        raise ValueError(f"snr_db must be a finite number of dB; got {snr_db}. Without noise, use the word itself.")
    start = generator(rng).integers(recording.size - size + 1)
    noise = recording[start : start + size].astype(np.float64)
    powers = [np.mean(np.square(part, dtype=np.float64)) for part in (word, noise[lead:])]
    if not all(powers):
        raise ValueError("The word or the noise under it is silent: no ratio of powers is defined.")
    y = noise * np.sqrt(powers[0] / powers[1]) * 10 ** (-snr_db / 20)
    y[lead:] += word
    return Scene(y.astype(np.float32), word.astype(np.float32), lead)


def babble(clips: Sequence[ArrayLike], *, n_samples: int, n_voices: int = 6, rng: np.random.Generator) -> np.ndarray:
    """Let several people talk at the same time: each says clip after clip, all equally loud.

    Parameters
    ----------
    clips : sequence of array_like [shape=(samples,)]
        What they say, drawn at random.
    n_samples : int
        Length of the result.
    n_voices : int
        How many talk at any moment.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(n_samples,), dtype=float32]
        With a root mean square of 1.

    Raises
    ------
    ValueError
        If there are no clips, one of them is silent, or a number is not positive.

    References
    ----------
    Varga & Steeneken (1993), Assessment for automatic speech recognition II: NOISEX-92, Speech Communication 12,
    247–251: their babble was recorded in a canteen of 100 people.

    Examples
    --------
    >>> talk = babble([np.sin(np.arange(900.0)), np.ones(500)], n_samples=4000, rng=np.random.default_rng(0))
    >>> talk.shape, round(float(np.mean(talk**2)), 3)
    ((4000,), 1.0)
    """
    n_samples, n_voices = positive_int(n_samples=n_samples), positive_int(n_voices=n_voices)
    if not len(clips):
        raise ValueError("There are no clips to babble with; pass a sequence of arrays, one a clip.")
    talk = np.zeros(n_samples)
    for _ in range(n_voices):
        said, length = [], 0
        while length < 2 * n_samples:
            said.append(_unit_power(signal(clips[generator(rng).integers(len(clips))]), "A clip"))
            length += said[-1].size
        start = rng.integers(min(n_samples, length - n_samples))
        talk += np.concatenate(said)[start : start + n_samples]
    return _unit_power(talk, "The babble").astype(np.float32)


def kitchen(*, n_samples: int, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Synthesise the noise of an imaginary kitchen: crockery, running water, an extractor fan, the hum of a fridge.

    No kitchen was recorded. Crockery is struck about five times a second, each time as a sum of six decaying tones;
    water is noise between 1.5 and 3.6 kHz whose level wanders, the fan brown noise, the hum three harmonics of 100 Hz.

    Parameters
    ----------
    n_samples : int
        Length of the result.
    sample_rate : int
        In Hz, above 7,200.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(n_samples,), dtype=float32]
        With a root mean square of 1.

    Raises
    ------
    ValueError
        If the length is not positive or the sample rate too low for the water.

    References
    ----------
    van den Doel & Pai (1998), The sounds of physical shapes, Presence 7(4), 382–395 (struck things as decaying modes).

    Examples
    --------
    >>> noise = kitchen(n_samples=8000, sample_rate=8000, rng=np.random.default_rng(0))
    >>> noise.shape, round(float(np.mean(noise**2)), 3)
    ((8000,), 1.0)
    """
    n_samples, rng = positive_int(n_samples=n_samples), generator(rng)
    if sample_rate <= 2 * WATER_HZ[1]:
        raise ValueError(f"The kitchen needs a sample rate above 7,200 Hz; got {sample_rate}.")
    parts = {
        "strikes": _strikes(n_samples, sample_rate, rng),
        "water": _water(n_samples, sample_rate, rng),
        "fan": coloured_noise(n_samples, kind="brown", rng=rng),
        "hum": np.sin(2 * np.pi * np.outer(HUM_HZ, np.arange(n_samples) / sample_rate)).sum(axis=0),
    }
    mixed = sum(_unit_power(part, name) * 10 ** (PARTS_DB[name] / 20) for name, part in parts.items())
    return _unit_power(mixed, "The kitchen").astype(np.float32)


def _strikes(n_samples: int, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Strike things at random moments: each rings with a few modes, the higher the sooner silent."""
    sound = np.zeros(n_samples)
    ring = np.arange(round(0.4 * sample_rate)) / sample_rate
    for start in rng.integers(n_samples, size=max(1, rng.poisson(STRIKES_A_SECOND * n_samples / sample_rate))):
        frequency = rng.uniform(500, 0.48 * sample_rate, (MODES, 1))
        decay = rng.uniform(15, 80, (MODES, 1)) * (0.5 + frequency / 2000)
        modes = rng.standard_normal((MODES, 1)) * np.exp(-decay * ring) * np.sin(2 * np.pi * frequency * ring)
        struck = (rng.lognormal(sigma=0.5) * modes.sum(axis=0))[: n_samples - start]
        sound[start : start + len(struck)] += struck
    return sound


def _water(n_samples: int, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    band = dsp.butter(3, WATER_HZ, "bandpass", fs=sample_rate, output="sos")
    slow = np.interp(np.arange(n_samples), *_every(sample_rate // 8, n_samples, rng))
    return dsp.sosfilt(band, rng.standard_normal(n_samples)) * 10 ** (slow / 20)


def _every(step: int, n_samples: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw a level in dB every so many samples."""
    places = np.arange(0, n_samples + step, step)
    return places, 4 * rng.standard_normal(len(places))


def _unit_power(y: np.ndarray, name: str) -> np.ndarray:
    power = np.mean(np.square(y, dtype=np.float64))
    if power == 0:
        raise ValueError(f"{name} is silent: it cannot be brought to a level.")
    return y / np.sqrt(power)
