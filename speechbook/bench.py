"""How fast the package is beside a well-known peer, measured in the same run: ``python -m speechbook.bench``.

To add a comparison, write a function from (clips, sample_rate) to a `Comparison`, and name it in `COMPARISONS`. Longer
studies, whose tables the book shows, are modules with a ``main`` of their own: ``python -m speechbook.bench ablation``.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import librosa
import numpy as np

from speechbook import features
from speechbook.corpora import load_digits

N_CLIPS = 3000
N_FRAMES = 100
ROUNDS = 3
FRAMES = features.SPEECH_8K
STUDIES = (
    "ablation",
    "attention-models",
    "connected-digits",
    "disguised-sentences",
    "fairness",
    "few-shot",
    "in-noise",
    "keyword-spotting",
    "languages",
    "league",
    "little-data",
    "noisy-sentences",
    "small-devices",
    "speaker-study",
    "transducer-study",
    "unseen-speakers",
    "voices",
)
"""Modules of the package that measure for hours and keep what they measured in ``data/measured``."""


class Times(NamedTuple):
    """Seconds on the clock, and seconds that the processors worked for it: these do not count other programs."""

    clock: float
    processor: float


@dataclass(frozen=True)
class Comparison:
    """One row of the table.

    Attributes
    ----------
    task : str
        What was done.
    ours, theirs : Times
        What the package and the peer took, each the best of some rounds that took turns.
    peer : str
        What the package is compared with.
    difference : float
        Largest absolute difference of the two results.
    """

    task: str
    ours: Times
    theirs: Times
    peer: str
    difference: float


def compare(
    task: str, ours: Callable[[], Sequence], theirs: Callable[[], Sequence], *, peer: str, rounds: int = ROUNDS
) -> Comparison:
    """Time two ways to the same arrays, in turns.

    Parameters
    ----------
    task : str
        What is done.
    ours, theirs : callable
        Each returns a sequence of arrays; the two sequences have equal shapes.
    peer : str
        What `theirs` uses.
    rounds : int
        How often each is called; the least time counts.

    Returns
    -------
    Comparison
        Times and the largest difference.

    Examples
    --------
    >>> compare("sleep", lambda: [np.zeros(2)], lambda: [time.sleep(0.01) or np.ones(2)], peer="sleeper").difference
    1.0
    """
    seconds, results = {}, {}
    for way in (ours, theirs) * rounds:
        start = Times(time.perf_counter(), time.process_time())
        results[way] = way()
        took = time.perf_counter() - start.clock, time.process_time() - start.processor
        seconds[way] = Times(*map(min, took, seconds.get(way, took)))
    pairs = zip(results[ours], results[theirs], strict=True)
    difference = max(float(np.abs(np.subtract(one, other)).max()) for one, other in pairs)
    return Comparison(task, seconds[ours], seconds[theirs], peer, difference)


def compare_mfcc(clips: Sequence[np.ndarray], sample_rate: int) -> Comparison:
    """MFCC of all clips at once against librosa clip by clip."""

    def theirs() -> list[np.ndarray]:
        how = {"sr": sample_rate, "n_mfcc": 13, "n_mels": 40, **FRAMES}
        return [librosa.feature.mfcc(y=y, **how).T[:N_FRAMES] for y in clips]

    return compare("MFCC", lambda: _batched(clips, sample_rate, "mfcc"), theirs, peer="librosa clip by clip")


def compare_log_mel(clips: Sequence[np.ndarray], sample_rate: int) -> Comparison:
    """Log-mel spectrograms of all clips at once against librosa clip by clip."""

    def theirs() -> list[np.ndarray]:
        how = {"sr": sample_rate, "n_mels": 40, **FRAMES}
        return [librosa.power_to_db(librosa.feature.melspectrogram(y=y, **how)).T[:N_FRAMES] for y in clips]

    return compare("log-mel", lambda: _batched(clips, sample_rate, "log_mel"), theirs, peer="librosa clip by clip")


COMPARISONS = (compare_mfcc, compare_log_mel)


def _batched(clips: Sequence[np.ndarray], sample_rate: int, kind: str) -> list[np.ndarray]:
    """Features of every clip's own frames, computed in batches."""
    counts = features.lengths(clips, hop_length=FRAMES["hop_length"], n_frames=N_FRAMES)
    x = features.batch(clips, sample_rate=sample_rate, kind=kind, n_frames=N_FRAMES, normalised=False, **FRAMES)
    return [row[:count] for row, count in zip(x, counts, strict=True)]


def table(comparisons: Sequence[Comparison]) -> str:
    """Lay comparisons out as plain text.

    Examples
    --------
    >>> print(table([Comparison("MFCC", Times(0.5, 0.4), Times(5.0, 3.2), "librosa", 1e-5)]))
    task     time on the   speechbook        peer   ratio  largest difference  peer is
    MFCC     clock             0.50 s      5.00 s  10.0 x             1.0e-05  librosa
    MFCC     processor         0.40 s      3.20 s   8.0 x             1.0e-05  librosa
    """
    head = f"{'task':8} {'time on the':12} {'speechbook':>11} {'peer':>11} {'ratio':>7}"
    lines = [f"{head}  {'largest difference':>18}  peer is"]
    for row in comparisons:
        for name, ours, theirs in zip(Times._fields, row.ours, row.theirs, strict=True):
            times = f"{ours:9.2f} s {theirs:9.2f} s {theirs / ours:5.1f} x"
            lines.append(f"{row.task:8} {name:12} {times}  {row.difference:18.1e}  {row.peer}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything and print the table, or hand over to the study that is named first."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments and arguments[0] in STUDIES:
        importlib.import_module(f"speechbook.{arguments[0].replace('-', '_')}").main(arguments[1:])
        return
    parser = argparse.ArgumentParser(prog="python -m speechbook.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=N_CLIPS, help="how many clips (the corpus is repeated)")
    n_clips = parser.parse_args(arguments).clips
    digits = load_digits()
    clips = list(itertools.islice(itertools.cycle(digits.clips), n_clips))
    seconds = sum(map(len, clips)) / digits.sample_rate
    print(
        f"{n_clips} clips of {digits.name}, {seconds:.0f} s of sound, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, NumPy {np.__version__}, librosa {librosa.__version__}"
    )
    print(table([comparison(clips, digits.sample_rate) for comparison in COMPARISONS]))


if __name__ == "__main__":
    main()
