"""How fast the package is beside a well-known peer, measured in the same run: ``python -m speechbook.bench``.

To add a comparison, write a function from (clips, sample_rate) to a `Comparison`, and name it in `COMPARISONS`.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import librosa
import numpy as np

from speechbook import features
from speechbook.corpora import load_digits

N_CLIPS = 3000
ROUNDS = 3
FRAMES = features.SPEECH_8K


@dataclass(frozen=True)
class Comparison:
    """One row of the table.

    Attributes
    ----------
    task : str
        What was done.
    ours, theirs : float
        Seconds that the package and the peer took, each the best of some rounds that took turns.
    peer : str
        What the package is compared with.
    difference : float
        Largest absolute difference of the two results.
    """

    task: str
    ours: float
    theirs: float
    peer: str
    difference: float

    @property
    def ratio(self) -> float:
        """How many times as fast as the peer."""
        return self.theirs / self.ours


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
        How often each is called; the fastest call counts.

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
        start = time.perf_counter()
        results[way] = way()
        seconds[way] = min(seconds.get(way, np.inf), time.perf_counter() - start)
    pairs = zip(results[ours], results[theirs], strict=True)
    difference = max(float(np.abs(np.subtract(one, other)).max()) for one, other in pairs)
    return Comparison(task, seconds[ours], seconds[theirs], peer, difference)


def compare_mfcc(clips: Sequence[np.ndarray], sample_rate: int) -> Comparison:
    """MFCC of all clips at once against librosa clip by clip."""

    def theirs() -> list[np.ndarray]:
        how = {"sr": sample_rate, "n_mfcc": 13, "n_mels": 40, **FRAMES}
        return [librosa.feature.mfcc(y=y, **how).T for y in clips]

    return compare("MFCC", lambda: _batched(clips, sample_rate, "mfcc"), theirs, peer="librosa clip by clip")


def compare_log_mel(clips: Sequence[np.ndarray], sample_rate: int) -> Comparison:
    """Log-mel spectrograms of all clips at once against librosa clip by clip."""

    def theirs() -> list[np.ndarray]:
        how = {"sr": sample_rate, "n_mels": 40, **FRAMES}
        return [librosa.power_to_db(librosa.feature.melspectrogram(y=y, **how)).T for y in clips]

    return compare("log-mel", lambda: _batched(clips, sample_rate, "log_mel"), theirs, peer="librosa clip by clip")


COMPARISONS = (compare_mfcc, compare_log_mel)


def _batched(clips: Sequence[np.ndarray], sample_rate: int, kind: str) -> list[np.ndarray]:
    """Features of every clip in full length, computed in batches."""
    counts = features.lengths(clips, hop_length=FRAMES["hop_length"])
    how = {"sample_rate": sample_rate, "kind": kind, "n_frames": int(counts.max()), "normalised": False}
    return [row[:count] for row, count in zip(features.batch(clips, **how, **FRAMES), counts, strict=True)]


def table(comparisons: Sequence[Comparison]) -> str:
    """Lay comparisons out as plain text.

    Examples
    --------
    >>> print(table([Comparison("MFCC", 0.5, 5.0, "librosa", 1e-5)]))
    task      speechbook        peer    ratio  largest difference  peer is
    MFCC          0.50 s      5.00 s   10.0 x             1.0e-05  librosa
    """
    lines = [f"{'task':8}  {'speechbook':>10}  {'peer':>10}  {'ratio':>7}  {'largest difference':>18}  peer is"]
    for row in comparisons:
        times = f"{row.ours:8.2f} s  {row.theirs:8.2f} s  {row.ratio:5.1f} x"
        lines.append(f"{row.task:8}  {times}  {row.difference:18.1e}  {row.peer}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything and print the table."""
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
