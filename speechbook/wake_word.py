"""From probabilities to alarms: smoothing, a threshold, a rest after each alarm; and how often that goes wrong.

Taught in the chapter *Wake word and assistant*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.signal import lfilter

from speechbook._checks import positive_int, real_array
from speechbook.long_recording import Spoken

REST = 18
"""Outputs of rest after an alarm: 0.72 s, longer than a word is remembered."""
LATE_SECONDS = 0.6
"""How long after a word's end an alarm still counts as an answer to it."""


@dataclass
class Trigger:
    """Watches one class of a stream of probabilities, and raises an alarm when their running mean reaches a threshold.

    Attributes
    ----------
    threshold : float
        Mean probability from which on it fires.
    width : int
        Outputs in the running mean; before the first of them there are zeros.
    rest : int
        Outputs after an alarm in which no other is raised.

    Examples
    --------
    >>> trigger = Trigger(threshold=0.5, width=2, rest=3)
    >>> trigger.push([0.0, 0.8]), trigger.push([0.9, 0.9, 0.9, 0.9])
    ([], [2])
    """

    threshold: float
    width: int = 1
    rest: int = 0
    seen: int = 0
    quiet_until: int = 0

    def __post_init__(self) -> None:
        self.past = np.zeros(positive_int(width=self.width) - 1)

    def push(self, probability: ArrayLike) -> list[int]:
        """Take the next probabilities [shape=(outputs,)], and give the numbers of the outputs that raise an alarm."""
        if not np.size(probability):
            return []
        values = np.concatenate([self.past, np.asarray(probability, np.float64)])
        mean = smooth(values, width=self.width)[len(self.past) :]
        self.past = values[len(values) - len(self.past) :]
        alarms = []
        for place in np.flatnonzero(mean >= self.threshold) + self.seen:
            if place >= self.quiet_until:
                alarms.append(int(place))
                self.quiet_until = int(place) + 1 + self.rest
        self.seen += len(mean)
        return alarms


def smooth(probability: ArrayLike, *, width: int) -> np.ndarray:
    """Average every value with those just before it; before the first there are zeros.

    Parameters
    ----------
    probability : array_like [shape=(outputs,)]
        Of one class.
    width : int
        Values in each mean.

    Returns
    -------
    np.ndarray [shape=(outputs,), dtype=float64]

    References
    ----------
    Chen, Parada & Heigold (2014), Small-footprint keyword spotting using deep neural networks, ICASSP, 4087–4091.

    Examples
    --------
    >>> smooth([0.0, 1.0, 1.0, 0.0], width=2).tolist()
    [0.0, 0.5, 1.0, 0.5]
    """
    return lfilter(np.full(positive_int(width=width), 1 / width), [1.0], real_array(probability=probability))


class Alarms(NamedTuple):
    """What a detector did on a recording.

    Attributes
    ----------
    words : int
        How often the wake word was said.
    latencies : tuple of float
        For each wake word that was answered, seconds from its end to the first alarm; may be negative.
    false : tuple of float
        Moments of all other alarms, in seconds.
    seconds : float
        Of sound.
    """

    words: int
    latencies: tuple[float, ...]
    false: tuple[float, ...]
    seconds: float

    @property
    def misses(self) -> int:
        """Wake words without an answer."""
        return self.words - len(self.latencies)

    @property
    def per_hour(self) -> float:
        """False alarms in an hour."""
        return 3600 * len(self.false) / self.seconds


def judge(alarms: ArrayLike, words: Sequence[Spoken], *, wake_word: str, seconds: float) -> Alarms:
    """Compare alarms with what was said.

    An alarm answers a wake word if it comes between the word's beginning and 0.6 s after its end; only the first of
    several counts, the others are false alarms.

    Parameters
    ----------
    alarms : array_like [shape=(alarms,)]
        Moments, in seconds.
    words : sequence of Spoken
        Everything that was said.
    wake_word : str
        The label that should raise an alarm.
    seconds : float
        Length of the recording.

    Returns
    -------
    Alarms

    Examples
    --------
    >>> said = [Spoken("seven", 1.0, 1.4, "Ann"), Spoken("seven", 3.0, 3.5, "Ann")]
    >>> judge([1.5, 1.7, 9.0], said, wake_word="seven", seconds=10.0)
    Alarms(words=2, latencies=(0.1,), false=(1.7, 9.0), seconds=10.0)
    """
    wanted = sorted((word.end, word.start) for word in words if word.label == wake_word)
    open_alarms, latencies = sorted(float(moment) for moment in np.ravel(alarms)), []
    for end, start in wanted:
        answer = next((moment for moment in open_alarms if start <= moment <= end + LATE_SECONDS), None)
        if answer is not None:
            open_alarms.remove(answer)
            latencies.append(round(answer - end, 6))
    return Alarms(len(wanted), tuple(latencies), tuple(open_alarms), float(seconds))


def cause(moment: float, words: Sequence[Spoken]) -> str:
    """Name the word at which an alarm was raised: the last one that had begun, if it ended less than 0.6 s before.

    Parameters
    ----------
    moment : float
        Of the alarm, in seconds.
    words : sequence of Spoken
        Everything that was said.

    Returns
    -------
    str
        Its label, or ``"no word"``.

    Examples
    --------
    >>> cause(1.6, [Spoken("nine", 1.0, 1.4, "Ann")]), cause(9.0, [Spoken("nine", 1.0, 1.4, "Ann")])
    ('nine', 'no word')
    """
    before = [word for word in words if word.start <= moment <= word.end + LATE_SECONDS]
    return max(before, key=lambda word: word.start).label if before else "no word"
