"""The table of the chapter *Unseen speakers*: what was measured, one row a stage, fold and seed, and how to read it.

`speechbook.unseen_speakers` measures; all of this can be had from there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from speechbook._measured import Table

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
}
ELSEWHERE = {
    "voices-only": "trained on the synthetic voices alone, tested on FSDD",
    "voices-blend": "the same, blended, ends cut harder, more steps",
    "voices-lead": "the same, asked with silence before the word",
}


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
    """Lay the road out as plain text: accuracy in per cent on each fold left out, their mean, weights, time, seeds.

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
    stage           ann   bob   mean  parameters  s a fold  seeds
    article        60.0  80.0   70.0      40,394        20      1
    """
    rows = [row for row in rows if row.corpus == corpus]
    folds = sorted({row.fold for row in rows if row.stage not in ELSEWHERE})
    lines = [f"{'stage':13}" + "".join(f"{fold:>{max(6, len(fold) + 2)}}" for fold in folds)]
    lines[0] += "   mean  parameters  s a fold  seeds"
    for stage in [name for name in (*STAGES, *ELSEWHERE) if any(row.stage == name for row in rows)]:
        own, shares = [row for row in rows if row.stage == stage], accuracy(rows, corpus=corpus, stage=stage)
        cells = [f"{100 * shares[fold]:.1f}" if fold in shares else "" for fold in folds]
        line = f"{stage:13}" + "".join(
            f"{cell:>{max(6, len(fold) + 2)}}" for cell, fold in zip(cells, folds, strict=True)
        )
        seconds, seeds = np.mean([row.processor_seconds for row in own]), len({row.seed for row in own})
        whole = stage in ELSEWHERE or set(folds) <= set(shares)
        mean = f"{100 * np.mean(list(shares.values())):.1f}" if whole else ""
        lines.append(f"{line}  {mean:>5}  {own[0].parameters:10,}  {seconds:8.0f}  {seeds:5}")
    return "\n".join(lines)


def tried() -> str:
    """Lay out as plain text what was tried while the settings were chosen, each line one run with one seed.

    Returns
    -------
    str

    Examples
    --------
    >>> print(tried().splitlines()[0])
    tried                                         tested on                    correct, %  steps
    """
    file = TABLE.file.with_name("unseen_speakers_tried.csv")
    with open(file, newline="", encoding="utf-8") as stream:
        runs = list(csv.DictReader(stream))
    lines = [f"{'tried':45} {'tested on':28} correct, %  steps"]
    for run in runs:
        lines.append(f"{run['tried']:45} {run['tested on']:28} {run['percent']:>10}  {run['steps']:>5}")
    return "\n".join(lines)
