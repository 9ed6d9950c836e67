"""The table of `little_data`: its columns, its curves, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from speechbook._measured import Table, select

THRESHOLD = 0.7
"""Probability that a pseudo-label needs, but where thresholds are compared."""
WAYS = {
    "zero": "from zero",
    "varied": "with varied copies",
    "longer": "varied copies, as many batches",
    "masked": "pre-trained by guessing hidden frames",
    "speakers": "pre-trained on who speaks",
    "transfer": "pre-trained on the other corpus",
    "transfer-last": "the same, last layer only",
    "masked-last": "hidden frames, last layer only",
    "random-last": "untrained network, last layer only",
    "pseudo": "pseudo-labels",
    "active": "asks for the smallest margins",
    "prototypes": "prototypes, other corpus's network",
    "prototypes-picture": "prototypes, no network",
}
"""The ways out; all networks but the first learn from varied copies."""


class Row(NamedTuple):
    """How many clips a network recognised that had learnt in some way from some labels.

    `threshold`, `kept` and `kept_right` tell of pseudo-labels: what they needed, how many there were, and how many of
    them were true.
    """

    corpus: str
    way: str
    labels: int
    threshold: float
    seed: int
    unseen_correct: int
    unseen: int
    known_correct: int
    known: int
    kept: int
    kept_right: int
    processor_seconds: float


TABLE = Table("little_data.csv", Row)
read, write = TABLE.read, TABLE.write


def curve(rows: Iterable[Row], *, known: bool = False, **wanted: object) -> tuple[np.ndarray, np.ndarray]:
    """Give a way's numbers of labels and the shares of recognised clips.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    known : bool
        Whether on new recordings of known speakers, instead of unseen speakers.
    wanted
        Columns and their values, such as ``corpus="fsdd", way="zero"``.

    Returns
    -------
    labels : np.ndarray [shape=(sizes,), dtype=int]
        Rising.
    shares : np.ndarray [shape=(sizes, seeds), dtype=float64]

    Raises
    ------
    ValueError
        If there is nothing, or not the same seeds at every size.

    Examples
    --------
    >>> row = Row("fsdd", "zero", 10, 0.0, 0, 300, 1000, 90, 200, 0, 0, 1.5)
    >>> curve([row], way="zero")[1], curve([row], way="zero", known=True)[1]
    (array([[0.3]]), array([[0.45]]))
    """
    found = sorted(select(rows, **wanted), key=lambda row: (row.labels, row.seed))
    sizes = np.unique([row.labels for row in found])
    if not found or len(found) % len(sizes):
        raise ValueError(f"not everything was measured with {wanted}: run python -m speechbook.bench little-data")
    shares = [row.known_correct / row.known if known else row.unseen_correct / row.unseen for row in found]
    return sizes, np.reshape(shares, (len(sizes), -1))


def table(rows: Iterable[Row], *, corpus: str) -> str:
    """Lay a corpus out as plain text: per cent right on unseen speakers, mean of the seeds.

    Examples
    --------
    >>> print(table([Row("fsdd", "zero", 10, 0.0, 0, 300, 1000, 90, 200, 0, 0, 1.5)], corpus="fsdd"))
    way                     10
    zero                  30.0
    """
    rows = [row for row in select(rows, corpus=corpus) if row.threshold == (THRESHOLD if row.way == "pseudo" else 0)]
    sizes = sorted({row.labels for row in rows})
    lines = [f"{'way':18}" + "".join(f"{size:8}" for size in sizes)]
    for way in (way for way in WAYS if select(rows, way=way)):
        own = dict(zip(*curve(rows, way=way), strict=True))
        lines.append(f"{way:18}" + "".join(f"{100 * own[n].mean():8.1f}" if n in own else " " * 8 for n in sizes))
    return "\n".join(lines)
