"""The listening clips: a few sounds at 16 kHz to hear, look at and take apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from engines import Voice, say

SAMPLE_RATE = 16000
LOW = Voice("flite-awb", "flite", "awb", "Scottish", "low", 110)
HIGH = Voice("festival-slt", "festival", "cmu_us_slt_arctic_hts", "American", "high")
VOWELS = Voice("espeak-es-m1", "espeak-ng", "es+m1", "Spanish vowels", "low")


@dataclass(frozen=True)
class Sound:
    """One listening clip: how it is made, and what is said in it, if anything is."""

    make: Callable[[], np.ndarray]
    description: str
    voice: Voice | None = None
    transcript: str = ""


def spoken(voice: Voice, text: str, rate: float = 1.0) -> np.ndarray:
    """Speak a text with 50 ms of silence around it."""
    y = say(voice, text, rate=rate, sample_rate=SAMPLE_RATE)
    loud = np.flatnonzero(np.abs(y) > 0.01 * np.abs(y).max())
    return np.pad(y[loud[0] : loud[-1] + 1], SAMPLE_RATE // 20)


def vowels() -> np.ndarray:
    """Speak the five vowels one by one."""
    return np.concatenate([spoken(VOWELS, f"{letter}.", rate=0.5) for letter in "aeiou"])


def seconds(duration: float) -> np.ndarray:
    """Give the times of the samples in seconds."""
    return np.arange(round(duration * SAMPLE_RATE)) / SAMPLE_RATE


def whistle() -> np.ndarray:
    """Whistle from 200 Hz to 7,600 Hz in three seconds, rising by the same number of hertz every second."""
    t = seconds(3)
    return soften(np.sin(2 * np.pi * (200 * t + 0.5 * (7600 - 200) / 3 * t**2)))


def tones(*frequencies: float, duration: float = 1.5) -> np.ndarray:
    """Sound several pure tones at once."""
    return soften(sum(np.sin(2 * np.pi * f * seconds(duration)) for f in frequencies))


def tones_and_clicks() -> np.ndarray:
    """Put two clicks 10 ms apart in the middle of two tones 40 Hz apart."""
    y = tones(1000, 1040, duration=1.2)
    middle = len(y) // 2
    y[[middle - 80, middle + 80]] += 8
    return y


def noise(exponent: float, duration: float = 1.5) -> np.ndarray:
    """Make noise whose power falls as frequency to the power of `exponent`: 0 is white, 1 is pink."""
    n = round(duration * SAMPLE_RATE)
    spectrum = np.fft.rfft(np.random.default_rng(2021).standard_normal(n))
    frequencies = np.maximum(np.fft.rfftfreq(n, 1 / SAMPLE_RATE), 20)
    return soften(np.fft.irfft(spectrum * frequencies ** (-exponent / 2), n))


def in_noise(y: np.ndarray, snr_db: float) -> np.ndarray:
    """Add pink noise at a signal-to-noise ratio in dB."""
    added = noise(1, duration=len(y) / SAMPLE_RATE)
    return y + added * np.sqrt(np.mean(y**2) / np.mean(added**2) / 10 ** (snr_db / 10))


def soften(y: np.ndarray) -> np.ndarray:
    """Fade in and out over 20 ms."""
    ramp = np.minimum(1, np.arange(len(y)) / (0.02 * SAMPLE_RATE))
    return y * ramp * ramp[::-1]


HARBOUR = "Seven swallows crossed the harbour at noon, and nobody heard them."
QUESTION = "She asks the machine a question, and it writes down what it hears."
NUMBER = "Two, seven, one, eight, two, eight."

SOUNDS = {
    "sentence-low": Sound(lambda: spoken(LOW, HARBOUR), "a sentence, low voice", LOW, HARBOUR),
    "sentence-high": Sound(lambda: spoken(HIGH, QUESTION), "a sentence, high voice", HIGH, QUESTION),
    "sentence-in-noise": Sound(
        lambda: in_noise(spoken(HIGH, QUESTION), 5), "the sentence in pink noise, SNR 5 dB", HIGH, QUESTION
    ),
    "digits": Sound(lambda: spoken(LOW, NUMBER), "six digits in a row", LOW, NUMBER),
    "vowels": Sound(vowels, "five pure vowels, one after the other", VOWELS, "a e i o u"),
    "whistle": Sound(whistle, "a sine rising steadily from 200 Hz to 7,600 Hz"),
    "noise-white": Sound(lambda: noise(0), "white noise"),
    "noise-pink": Sound(lambda: noise(1), "pink noise: 3 dB less power in every octave"),
    "chord": Sound(lambda: tones(440, 550, 660), "three sines: 440 Hz, 550 Hz, 660 Hz"),
    "tones-and-clicks": Sound(tones_and_clicks, "sines of 1,000 Hz and 1,040 Hz, and two clicks 10 ms apart"),
}


def make(sound: Sound, *, level: float = -24.0, peak: float = 0.9) -> np.ndarray:
    """Make a listening clip.

    Returns
    -------
    ndarray of int16, shape (samples,)
        At 16 kHz, RMS of `level` dB of full scale, or less where the peak would pass `peak`.
    """
    y = sound.make()
    gain = min(10 ** (level / 20) / np.sqrt(np.mean(y**2)), peak / np.abs(y).max())
    dither = np.random.default_rng(0).uniform(-1, 1, len(y))
    return np.round(2**15 * gain * y + dither).astype(np.int16)
