"""The alarm tuner: choose when a wake-word detector fires, and see what it misses and what it mistakes."""

from __future__ import annotations

from collections.abc import Sequence

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook import wake_word as detection
from speechbook._checks import real_array
from speechbook.long_recording import Spoken
from speechbook.widgets.sounds import named_clips, pack
from speechbook.widgets.traits import AS_SHARES, STATIC, Array, within

LONGEST_SECONDS = 900.0
MOST_WIDTH, MOST_REST = 12, 50
MOST_PLACES = 8
"""Places of each kind that can be heard: the wake words hardest to hear, and what is most like them."""
CLIP_SECONDS = 1.5
LOW = 0.02
"""Threshold at which the places most like the wake word are looked for."""


class AlarmTuner(anywidget.AnyWidget):
    """Set threshold, smoothing and rest of a detector on a long recording that a network has listened to.

    The page raises the alarms, judges them and draws the curve of misses against false alarms itself, with the same
    outcome as `wake_word.Trigger` and `wake_word.judge`.

    Parameters
    ----------
    probability : array_like [shape=(outputs,)]
        Of the wake word, from 0 to 1; kept in 16 bits.
    times : array_like [shape=(outputs,)]
        When each output exists, in seconds, at equal distances.
    words : sequence of Spoken
        Everything that was said.
    wake_word : str
        The label that should raise an alarm.
    seconds : float
        Length of the recording, at most 15 minutes.
    threshold : float
        Mean probability from which on there is an alarm, 0 to 1.
    width : int
        Outputs in the running mean, 1 to 12.
    rest : int
        Outputs after an alarm in which no other is raised, 0 to 50.
    y : array_like [shape=(samples,)], optional
        The recording, of which short pieces can be heard: the wake words that are hardest to hear, and what is most
        like a wake word; 24 seconds at most.
    sample_rate : int, optional
        Of `y`, in Hz.
    label : str
        Name of the widget for screen readers.

    Raises
    ------
    ValueError
        If probabilities, times and words do not fit each other, the wake word was never said, or a setting is out of
        range.

    Examples
    --------
    >>> said = [Spoken("seven", 1.0, 1.4, "Ann"), Spoken("nine", 3.0, 3.5, "Ann")]
    >>> track = np.interp(np.arange(100) / 25, [1.2, 1.4, 1.6, 3.3, 3.5, 3.7], [0, 0.9, 0, 0, 0.6, 0])
    >>> AlarmTuner(track, np.arange(100) / 25, said, wake_word="seven", seconds=4, threshold=0.8)
    AlarmTuner(4 s, threshold 0.8: 0 of 1 'seven' missed, 0 false alarms)
    """

    _esm = STATIC / "alarm-tuner.js"
    _css = STATIC / "alarm-tuner.css"

    label = traitlets.Unicode("Alarm tuner").tag(sync=True)
    probability = Array(ndim=1, axes="(outputs,)").tag(**AS_SHARES)
    first_second = traitlets.Float().tag(sync=True)
    step_seconds = traitlets.Float().tag(sync=True)
    seconds = traitlets.Float().tag(sync=True)
    words = traitlets.List(traitlets.Dict()).tag(sync=True)
    wake_word = traitlets.Unicode().tag(sync=True)
    threshold = traitlets.Float(0.5).tag(sync=True)
    width = traitlets.Int(1).tag(sync=True)
    rest = traitlets.Int(detection.REST).tag(sync=True)
    place = traitlets.Int(0).tag(sync=True)
    places = traitlets.List(traitlets.Float()).tag(sync=True)
    samples = traitlets.Bytes().tag(sync=True)
    clips = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __init__(
        self,
        probability: ArrayLike,
        times: ArrayLike,
        words: Sequence[Spoken],
        *,
        wake_word: str,
        seconds: float,
        threshold: float = 0.5,
        width: int = 1,
        rest: int = detection.REST,
        y: ArrayLike | None = None,
        sample_rate: int | None = None,
        label: str = "Alarm tuner",
    ) -> None:
        probability = real_array(probability=probability)
        first_second, step_seconds = _even(real_array(times=times), probability)
        if not any(word.label == wake_word for word in words):
            raise ValueError(f"words must hold the wake word {wake_word!r} at least once, or nothing can be missed")
        if not 0 < seconds <= LONGEST_SECONDS:
            raise ValueError(f"seconds must be more than 0 and at most {LONGEST_SECONDS:g}, but is {seconds!r}")
        super().__init__(
            label=label,
            probability=np.round(probability * 65535) / 65535,
            first_second=first_second,
            step_seconds=step_seconds,
            seconds=float(seconds),
            words=[{"label": w.label, "start": round(w.start, 6), "end": round(w.end, 6)} for w in words],
            wake_word=wake_word,
            threshold=threshold,
            width=width,
            rest=rest,
        )
        if y is not None:
            self._cut(y, sample_rate)

    def __repr__(self) -> str:
        outcome = self.outcome
        return (
            f"AlarmTuner({self.seconds:.0f} s, threshold {self.threshold:g}: {outcome.misses} of {outcome.words} "
            f"{self.wake_word!r} missed, {len(outcome.false)} false alarms)"
        )

    @property
    def outcome(self) -> detection.Alarms:
        """What the detector does with the present settings."""
        return self._judge(self.threshold)

    @property
    def _spoken(self) -> list[Spoken]:
        return [Spoken(word["label"], word["start"], word["end"], "") for word in self.words]

    def _judge(self, threshold: float) -> detection.Alarms:
        fired = detection.Trigger(threshold, width=self.width, rest=self.rest).push(self.probability)
        moments = self.first_second + self.step_seconds * np.array(fired, int)
        return detection.judge(moments, self._spoken, wake_word=self.wake_word, seconds=self.seconds)

    def _cut(self, y: ArrayLike, sample_rate: int | None) -> None:
        """Cut out what is worth hearing: wake words with the lowest peaks, other places with the highest."""
        y = real_array(y=y)

        def peak(start: float, end: float) -> float:
            first, last = (round((moment - self.first_second) / self.step_seconds) for moment in (start, end))
            return self.probability[max(0, first) : last + 1].max(initial=0.0)

        called = [word for word in self._spoken if word.label == self.wake_word]
        faint = sorted(called, key=lambda word: peak(word.start, word.end + detection.LATE_SECONDS))[:MOST_PLACES]
        others = sorted(self._judge(LOW).false, key=lambda moment: -peak(moment, moment + detection.LATE_SECONDS))
        found = [(word.end, word.start - 0.4) for word in faint]
        found += [(moment, moment - 1.0) for moment in others[:MOST_PLACES]]
        clips = {}
        for moment, start in sorted(found):
            first = round(max(0.0, start) * (sample_rate or 0))
            clips[f"{moment:.6f}"] = (y[first : first + round(CLIP_SECONDS * (sample_rate or 1))], sample_rate)
        named = named_clips(None, sample_rate=None, clips=clips, label="")
        samples, table = pack(named)
        self.set_trait("places", [float(name) for name in named])
        self.set_trait("samples", samples)
        self.set_trait("clips", table)
        self.place = self.places.index(round(others[0], 6)) if others else 0

    @traitlets.validate("probability")
    def _check_probability(self, proposal: dict) -> np.ndarray:
        values = proposal["value"]
        if values.min() < 0 or values.max() > 1:
            raise ValueError(
                f"probability must lie between 0 and 1, but goes from {values.min():.3g} to {values.max():.3g}"
            )
        return values

    @traitlets.validate("threshold", "width", "rest", "place")
    def _check_range(self, proposal: dict) -> float:
        limits = {"threshold": (0, 1), "width": (1, MOST_WIDTH), "rest": (0, MOST_REST)}
        return within(proposal, *limits.get(proposal["trait"].name, (0, max(0, len(self.places) - 1))))


def _even(times: np.ndarray, probability: np.ndarray) -> tuple[float, float]:
    """Return first moment and distance of times that are evenly spaced, or raise ValueError."""
    if times.shape != probability.shape or times.ndim != 1 or len(times) < 2:
        raise ValueError(
            f"probability and times must have one entry for each of at least 2 outputs, but have the shapes "
            f"{probability.shape} and {times.shape}"
        )
    step = (times[-1] - times[0]) / (len(times) - 1)
    if step <= 0 or np.abs(np.diff(times) - step).max() > 1e-6:
        raise ValueError("times must rise by the same number of seconds from each output to the next")
    return float(times[0]), float(step)
