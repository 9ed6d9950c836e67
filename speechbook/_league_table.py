"""The league tables: what stands in their files, and how to read it.

`speechbook.league` measures; all of this can be had from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from speechbook import metrics
from speechbook._measured import Table, some

SPLITS = ("unseen", "official")


class Row(NamedTuple):
    """What one competitor made of one speaker's clips."""

    corpus: str
    split: str
    fold: str
    speaker: str
    competitor: str
    seed: int
    clips: int
    correct: int
    right: str
    parameters: int
    bytes: int
    train_seconds: float
    one_ms: float
    hundred_ms: float
    measured: str
    versions: str


TABLE = Table("league.csv", Row)
read, write = TABLE.read, TABLE.write


def packed(right: np.ndarray) -> str:
    """Write down which clips were right, four to a letter.

    Examples
    --------
    >>> packed(np.array([True, False, False, True, True]))
    '98'
    >>> unpacked("98", 5).tolist()
    [True, False, False, True, True]
    """
    return np.packbits(right).tobytes().hex()


def unpacked(text: str, n: int) -> np.ndarray:
    """Read what `packed` wrote, for n clips."""
    return np.unpackbits(np.frombuffer(bytes.fromhex(text), np.uint8), count=n).astype(bool)


def by_speaker(rows: Iterable[Row], *, corpus: str, competitor: str, split: str = "unseen") -> dict[str, float]:
    """Give the share of right answers for each speaker, averaged over seeds.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    corpus, competitor, split : str
        Whose.

    Returns
    -------
    dict of str to float

    Raises
    ------
    ValueError
        If there are no such rows.

    Examples
    --------
    >>> rows = [Row("fsdd", "unseen", "ann", "ann", "svm", 0, 10, 9, "", 1, 8, 1.0, 1.0, 0.1, "league", "")]
    >>> by_speaker(rows, corpus="fsdd", competitor="svm")
    {'ann': 0.9}
    """
    shares: dict[str, list[float]] = {}
    for row in some(rows, corpus=corpus, split=split, competitor=competitor):
        shares.setdefault(row.speaker, []).append(row.correct / row.clips)
    return {speaker: float(np.mean(values)) for speaker, values in sorted(shares.items())}


def measured(rows: Iterable[Row], *, corpus: str, split: str = "unseen") -> list[str]:
    """Name the competitors that were asked for every speaker of a split, in the order of the file.

    Examples
    --------
    >>> row = Row("fsdd", "unseen", "ann", "ann", "svm", 0, 10, 9, "", 1, 8, 1.0, 1.0, 0.1, "league", "")
    >>> measured([row, row._replace(speaker="bob"), row._replace(competitor="forest")], corpus="fsdd")
    ['svm']
    """
    asked: dict[str, set[str]] = {}
    for row in rows:
        if (row.corpus, row.split) == (corpus, split):
            asked.setdefault(row.competitor, set()).add(row.speaker)
    everybody = set().union(*asked.values())
    return [name for name, speakers in asked.items() if speakers == everybody]


class Share(NamedTuple):
    """A share of right answers, with two intervals at 95 %.

    Attributes
    ----------
    mean : float
        Over speakers, who have equally many clips.
    clips : tuple (low, high)
        As if other clips of the same speakers were asked (Wilson, seeds pooled).
    speakers : tuple (low, high)
        As if other speakers were asked (Student, one value a speaker, seeds averaged).
    seeds : int
        How often it was measured.
    """

    mean: float
    clips: tuple[float, float]
    speakers: tuple[float, float]
    seeds: int


def share(rows: Iterable[Row], *, corpus: str, competitor: str, split: str = "unseen") -> Share:
    """Give a competitor's share of right answers.

    Parameters
    ----------
    rows, corpus, competitor, split
        As for `by_speaker`.

    Returns
    -------
    Share

    Raises
    ------
    ValueError
        If there are no such rows, or those of one speaker only.

    Examples
    --------
    >>> same = ("svm", 0, 100)
    >>> found = (("ann", 90), ("bob", 80), ("cem", 70))
    >>> rows = [Row("fsdd", "unseen", s, s, *same, n, "", 1, 8, 1.0, 1.0, 0.1, "league", "") for s, n in found]
    >>> one = share(rows, corpus="fsdd", competitor="svm")
    >>> f"{one.mean:.2f}", [f"{x:.2f}" for x in (*one.clips, *one.speakers)]
    ('0.80', ['0.75', '0.84', '0.55', '1.05'])
    """
    rows = some(rows, corpus=corpus, competitor=competitor, split=split)
    mean, *limits = metrics.mean_interval(by_speaker(rows, corpus=corpus, competitor=competitor, split=split).values())
    wilson = metrics.wilson_interval(sum(row.correct for row in rows), sum(row.clips for row in rows))
    return Share(mean, wilson, tuple(limits), len({row.seed for row in rows}))


class Cost(NamedTuple):
    """What a competitor costs: medians over the trainings for unseen speakers."""

    parameters: int
    bytes: int
    train_seconds: float
    one_ms: float
    hundred_ms: float


def cost(rows: Iterable[Row], *, corpus: str, competitor: str) -> Cost:
    """Give what a competitor stores, and the seconds and milliseconds of the processor that it takes.

    Examples
    --------
    >>> row = Row("fsdd", "unseen", "ann", "ann", "svm", 0, 10, 9, "", 1, 8, 3.0, 1.0, 0.1, "league", "")
    >>> cost([row, row._replace(train_seconds=5.0)], corpus="fsdd", competitor="svm").train_seconds
    4.0
    """
    rows = some(rows, corpus=corpus, competitor=competitor, split="unseen")
    middle = [float(np.median([getattr(row, name) for row in rows])) for name in Cost._fields]
    return Cost(int(middle[0]), int(middle[1]), *middle[2:])


class Paired(NamedTuple):
    """How far a competitor lies from the reference on the same speakers and the same clips.

    Attributes
    ----------
    mean, low, high : float
        Competitor less reference, and its 95 % interval over speakers (Student).
    outcome : metrics.McNemar or None
        On the clips of the first seed; None where the answers to single clips were not kept.
    """

    mean: float
    low: float
    high: float
    outcome: metrics.McNemar | None


def paired(
    rows: Iterable[Row], *, corpus: str, competitor: str, split: str = "unseen", reference: str = "ours"
) -> Paired:
    """Compare two competitors on the same speakers, and clip by clip where the answers were kept.

    Parameters
    ----------
    rows, corpus, competitor, split
        As for `by_speaker`.
    reference : str
        The other competitor.

    Returns
    -------
    Paired

    Raises
    ------
    ValueError
        If either was not measured, or not on the same speakers.

    Examples
    --------
    >>> def row(name, speaker, bits):
    ...     right = np.array(bits, bool)
    ...     same = ("fsdd", "unseen", speaker, speaker, name, 0, len(bits), right.sum(), packed(right))
    ...     return Row(*same, 1, 8, 1.0, 1.0, 0.1, "league", "")
    >>> rows = [row("svm", "ann", [0, 0, 1]), row("svm", "bob", [0, 1, 1])]
    >>> rows += [row("ours", "ann", [1, 1, 1]), row("ours", "bob", [1, 1, 1])]
    >>> found = paired(rows, corpus="fsdd", competitor="svm")
    >>> f"{found.mean:.2f}", found.outcome
    ('-0.50', McNemar(only_a=0, only_b=3, p_value=0.25))
    """
    rows = list(rows)
    how = {"corpus": corpus, "split": split}
    theirs, ours = (by_speaker(rows, competitor=name, **how) for name in (competitor, reference))
    if list(theirs) != list(ours):
        raise ValueError(f"{competitor} and {reference} were measured on other speakers: {set(theirs) ^ set(ours)}")
    gaps = metrics.mean_interval(theirs[speaker] - ours[speaker] for speaker in ours)
    seed = min(row.seed for row in some(rows, competitor=reference, **how))
    chosen = [some(rows, competitor=name, seed=seed, **how) for name in (competitor, reference)]
    if any(not row.right for part in chosen for row in part):
        return Paired(*gaps, None)
    a, b = (
        np.concatenate([unpacked(row.right, row.clips) for row in sorted(part, key=lambda row: row.speaker)])
        for part in chosen
    )
    return Paired(*gaps, metrics.mcnemar_test(a, b))


def table(rows: Iterable[Row], *, corpus: str) -> str:
    """Lay a corpus' league out as plain text, the best on unseen speakers first.

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
    >>> same = ("svm", 0, 100)
    >>> found = (("unseen", "ann", 90), ("unseen", "bob", 80), ("official", "ann", 98), ("official", "bob", 98))
    >>> rest = ("", 1000, 8000, 1.0, 1.0, 0.1, "league", "")
    >>> rows = [Row("fsdd", split, s, s, *same, n, *rest) for split, s, n in found]
    >>> print(table(rows, corpus="fsdd"))
    competitor         unseen %  over speakers  official %  parameters  training s  one ms  of 100 ms  seeds
    svm                    85.0    21.5 - 148.5        98.0       1,000         1.0    1.00       0.10      1
    """
    rows = [row for row in rows if row.corpus == corpus]
    friends = measured(rows, corpus=corpus, split="official")
    lines = ["competitor         unseen %  over speakers  official %  parameters  training s  one ms  of 100 ms  seeds"]
    found = {name: share(rows, corpus=corpus, competitor=name) for name in measured(rows, corpus=corpus)}
    for name, one in sorted(found.items(), key=lambda item: -item[1].mean):
        costs = cost(rows, corpus=corpus, competitor=name)
        friendly = np.nan
        if name in friends:
            friendly = share(rows, corpus=corpus, competitor=name, split="official").mean
        low, high = one.speakers
        lines.append(
            f"{name:17}{100 * one.mean:10.1f}{100 * low:8.1f} - {100 * high:5.1f}{100 * friendly:12.1f}"
            f"{costs.parameters:12,}{costs.train_seconds:12.1f}{costs.one_ms:8.2f}{costs.hundred_ms:11.2f}{one.seeds:7}"
        )
    return "\n".join(lines)
