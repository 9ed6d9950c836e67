"""What the study of `keyword_spotting` keeps, and how it is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from speechbook._measured import Table, select
from speechbook.digits import DIGIT_NAMES


class Row(NamedTuple):
    """What one detector did at one threshold; `people` is ``"development"`` or ``"test"``, latencies are in ms.

    `detector` names what was changed, `noise` is ``"mixed"`` or a signal-to-noise ratio in dB, and `chosen` marks the
    lowest threshold that kept to the accepted false alarms on the development recording.
    """

    corpus: str
    seed: int
    detector: str
    people: str
    noise: str
    word: str
    threshold: float
    chosen: bool
    words: int
    misses: int
    false_alarms: int
    seconds: float
    median_ms: float
    late_ms: float

    @property
    def missed(self) -> float:
        """Share of the wake words that were missed."""
        return self.misses / self.words

    @property
    def per_hour(self) -> float:
        """False alarms an hour."""
        return 3600 * self.false_alarms / self.seconds


class Cause(NamedTuple):
    """How often a word was said in the test recording, and how often it raised a false alarm."""

    corpus: str
    seed: int
    said: str
    times: int
    alarms: int


class Talks(NamedTuple):
    """How many dialogues of one kind the assistant held rightly."""

    corpus: str
    seed: int
    kind: str
    dialogues: int
    right: int


TABLE, CAUSES, TALKS = (
    Table("keyword_spotting.csv", Row),
    Table("keyword_alarms.csv", Cause),
    Table("keyword_dialogues.csv", Talks),
)


def best_word(rows: Iterable[Row], *, corpus: str, seed: int = 0) -> str:
    """Name the wake word with the fewest misses on the development recording, at the false alarms that are accepted.

    Raises
    ------
    ValueError
        If nothing was measured there.
    """
    kept = select(rows, corpus=corpus, seed=seed, detector="streams", people="development", chosen=True)
    if not kept:
        raise ValueError(f"no wake word was chosen for {corpus} with seed {seed}; measure that first")
    return min(kept, key=lambda row: (row.missed, DIGIT_NAMES.index(row.word))).word


def table(rows: Iterable[Row], *, corpus: str) -> str:
    """Lay out the test rows at the chosen thresholds: the mean over the seeds, and the least and most of any seed.

    Examples
    --------
    >>> row = Row("fsdd", 0, "streams", "test", "mixed", "four", 0.8, True, 100, 14, 6, 1800.0, 40.0, 120.0)
    >>> print(table([row, row._replace(seed=1, misses=20)], corpus="fsdd"))
    detector          noise   seeds      misses %  false alarms/h       median ms
    streams           mixed       2    17 (14-20)      12 (12-12)      40 (40-40)
    """
    rows = select(rows, corpus=corpus, people="test", chosen=True)
    lines = [f"{'detector':17} {'noise':7} seeds{'misses %':>14}{'false alarms/h':>16}{'median ms':>16}"]
    for detector, noise in dict.fromkeys((row.detector, row.noise) for row in rows):
        own = select(rows, detector=detector, noise=noise)
        columns = np.array([(100 * row.missed, row.per_hour, row.median_ms) for row in own]).T
        cells = "".join(f"{column.mean():6.0f} {f'({column.min():.0f}-{column.max():.0f})':9}" for column in columns)
        lines.append(f"{detector:17} {noise:7} {len(own):5}{cells}".rstrip())
    return "\n".join(lines)
