"""The table of the chapter *Unseen speakers*: what was measured, one row a stage, fold and seed, and how to read it.

`speechbook.unseen_speakers` measures; all of this can be had from there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from speechbook._measured import Table
from speechbook.intervals import mean_interval

STAGES = {
    "article": "article A's layers on cepstra (MFCC)",
    "pictures": "the same layers on the front end's pictures",
    "network": "convolutions in time and frequency, GRU, attention",
    "variation": "ever new versions of each clip",
    "voices": "synthetic voices in each batch",
    "average": "averaged weights",
    "warps": "answers averaged over three warps",
    "blend": "blended with others, ends cut harder, more steps",
    "lead": "asked with silence before the word",
    "emphasis": "blended, and high frequencies lifted",
}
ELSEWHERE = {
    "voices-only": "trained on the synthetic voices alone, tested on FSDD",
    "voices-blend": "the same, blended, ends cut harder, more steps",
    "voices-lead": "the same, asked with silence before the word",
    "voices-emphasis": "blended, and high frequencies lifted",
}

BEFORE = {
    "pictures": "article",
    "network": "pictures",
    "variation": "network",
    "voices": "variation",
    "average": "voices",
    "warps": "average",
    "blend": "average",
    "lead": "blend",
    "emphasis": "blend",
}
"""The stage that each one goes on from."""


class Row(NamedTuple):
    """What one stage did on the speakers of one fold."""

    corpus: str
    stage: str
    seed: int
    fold: str
    correct: int
    clips: int
    parameters: int
    processor_seconds: float
    settings: str
    versions: str


TABLE = Table("unseen_speakers.csv", Row)
read, write = TABLE.read, TABLE.write


def accuracy(rows: Iterable[Row], *, corpus: str, stage: str) -> dict[str, float]:
    """Give a stage's accuracy for each fold, averaged over seeds.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    corpus, stage : str
        Whose rows.

    Returns
    -------
    dict of str to float
        By the fold's name; empty if there are no such rows.

    Examples
    --------
    >>> rows = [Row("fsdd", "best", seed, "theo", 470 + seed, 500, 1, 60.0, "", "") for seed in (0, 10)]
    >>> accuracy(rows, corpus="fsdd", stage="best")
    {'theo': 0.95}
    """
    shares: dict[str, list[float]] = {}
    for row in rows:
        if (row.corpus, row.stage) == (corpus, stage):
            shares.setdefault(row.fold, []).append(row.correct / row.clips)
    return {fold: float(np.mean(values)) for fold, values in sorted(shares.items())}


def table(rows: Iterable[Row], *, corpus: str) -> str:
    """Lay the road out as plain text: mean accuracy in per cent, that of each fold left out, weights, time, seeds.

    A mean stands only where all folds have been measured.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    corpus : str
        Whose rows.

    Returns
    -------
    str

    Examples
    --------
    >>> found = (("ann", 300), ("bob", 400))
    >>> rows = [Row("fsdd", "article", 0, fold, n, 500, 40394, 20.0, "", "") for fold, n in found]
    >>> print(table(rows, corpus="fsdd"))
    stage             mean   ann   bob  parameters  s a fold  seeds
    article           70.0  60.0  80.0      40,394        20      1
    """
    rows = [row for row in rows if row.corpus == corpus]
    folds = sorted({row.fold for row in rows if row.stage not in ELSEWHERE})
    lines = [f"{'stage':15}   mean" + "".join(f"{fold:>{max(6, len(fold) + 2)}}" for fold in folds)]
    lines[0] += "  parameters  s a fold  seeds"
    for stage in [name for name in (*STAGES, *ELSEWHERE) if any(row.stage == name for row in rows)]:
        own, shares = [row for row in rows if row.stage == stage], accuracy(rows, corpus=corpus, stage=stage)
        cells = [f"{100 * shares[fold]:.1f}" if fold in shares else "" for fold in folds]
        line = "".join(f"{cell:>{max(6, len(fold) + 2)}}" for cell, fold in zip(cells, folds, strict=True))
        seconds, seeds = np.mean([row.processor_seconds for row in own]), len({row.seed for row in own})
        whole = stage in ELSEWHERE or set(folds) <= set(shares)
        mean = f"{100 * np.mean(list(shares.values())):.1f}" if whole else ""
        lines.append(f"{stage:15}  {mean:>5}{line}  {own[0].parameters:10,}  {seconds:8.0f}  {seeds:5}")
    return "\n".join(lines)


def steps(rows: Iterable[Row], *, corpus: str) -> str:
    """Lay out what every step of the road buys: accuracy, the difference from the stage before it, and each seed.

    A speaker counts with the mean of his seeds. The brackets hold Student's intervals at 95 % over speakers, those of
    the difference with each speaker compared with himself. Only stages that have been measured on all folds stand here.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    corpus : str
        Whose rows.

    Returns
    -------
    str

    Examples
    --------
    >>> found = (("article", "ann", 300), ("article", "bob", 340), ("pictures", "ann", 400), ("pictures", "bob", 430))
    >>> rows = [Row("fsdd", stage, 0, fold, n, 500, 40394, 20.0, "", "") for stage, fold, n in found]
    >>> print(steps(rows, corpus="fsdd"))
    stage      unseen speakers, %    against the one before    each seed, %
    article    64.0 [13.2, 114.8]                              64.0
    pictures   83.0 [44.9, 121.1]    +19.0 [+6.3, +31.7]       83.0
    """
    rows = [row for row in rows if row.corpus == corpus]
    folds = {row.fold for row in rows if row.stage in STAGES}
    shares = {stage: accuracy(rows, corpus=corpus, stage=stage) for stage in STAGES}
    lines = [f"{'stage':9}  {'unseen speakers, %':20}  {'against the one before':24}  each seed, %"]
    for stage in [name for name in STAGES if shares[name].keys() == folds]:
        own, before = shares[stage], shares.get(BEFORE.get(stage), {})
        gain = _percent([own[fold] - before[fold] for fold in own], sign="+") if before.keys() == folds else ""
        seeds = sorted({row.seed for row in rows if row.stage == stage})
        each = [accuracy([row for row in rows if row.seed == seed], corpus=corpus, stage=stage) for seed in seeds]
        means = "  ".join(f"{100 * np.mean(list(one.values())):.1f}" for one in each if one.keys() == folds)
        lines.append(f"{stage:9}  {_percent(list(own.values())):20}  {gain:24}  {means}")
    return "\n".join(lines)


def _percent(values: list[float], *, sign: str = "") -> str:
    mean, low, high = (100 * value for value in mean_interval(values))
    return f"{mean:{sign}.1f} [{low:{sign}.1f}, {high:{sign}.1f}]"


def tried() -> str:
    """Lay out as plain text what was tried while the settings were chosen, each line one run with one seed.

    Returns
    -------
    str

    Examples
    --------
    >>> print(tried().splitlines()[0])
    correct, %  steps  tried                                         tested on
    """
    file = TABLE.file.with_name("unseen_speakers_tried.csv")
    with open(file, newline="", encoding="utf-8") as stream:
        runs = list(csv.DictReader(stream))
    lines = [f"correct, %  steps  {'tried':45} tested on"]
    for run in runs:
        lines.append(f"{run['percent']:>10}  {run['steps']:>5}  {run['tried']:45} {run['tested on']}")
    return "\n".join(lines)
