"""Error rates of the study of digit strings, with intervals; `speechbook.connected_digits` measures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from speechbook.intervals import bootstrap_interval, rate_interval

if TYPE_CHECKING:
    from speechbook.connected_digits import Row

OFFICIAL = "official"
COUNTS = {"words": ("WER", "word_errors", "words"), "letters": ("CER", "letter_errors", "letters")}


class Rate(NamedTuple):
    """A word error rate, pooled over seeds, with what surrounds it.

    Attributes
    ----------
    mean : float
        Over the folds, of each one's word error rate.
    folds : dict of str to float
        Word error rate of each fold.
    letters : float
        Mean letter error rate.
    wrong : float
        Mean share of utterances that are not entirely right.
    seeds : int
        Networks a fold, at least.
    """

    mean: float
    folds: dict[str, float]
    letters: float
    wrong: float
    seeds: int


def rate(rows: Iterable[Row], *, corpus: str, strings: str, way: str, official: bool = False) -> Rate:
    """Give one way's word error rate for unseen speakers, or for new recordings of known ones.

    Parameters
    ----------
    rows : iterable of connected_digits.Row
        Such as `connected_digits.read` returns.
    corpus, strings, way : str
        What to choose.
    official : bool
        New recordings of known speakers instead of unseen speakers.

    Returns
    -------
    Rate

    Raises
    ------
    ValueError
        If there are no such rows.

    Examples
    --------
    >>> from speechbook.connected_digits import Row
    >>> same = ("random", "words, greedy", 10, 1, 30)
    >>> rows = [Row("fsdd", name, 0, *same, errors, 120, 4, 1, 1.0, "") for name, errors in (("ann", 0), ("bob", 3))]
    >>> rate(rows, corpus="fsdd", strings="random", way="words, greedy").folds
    {'ann': 0.0, 'bob': 0.1}
    """
    chosen = [
        row
        for row in rows
        if (row.corpus, row.strings, row.way) == (corpus, strings, way) and (row.fold == OFFICIAL) == official
    ]
    if not chosen:
        raise ValueError(
            f"the table has no rows of {strings!r} read by {way!r} on {corpus!r}; "
            "run python -m speechbook.bench connected-digits"
        )
    own = {fold: [row for row in chosen if row.fold == fold] for fold in sorted({row.fold for row in chosen})}
    words, letters, wrong = (
        {fold: _total(part, errors) / _total(part, total) for fold, part in own.items()}
        for errors, total in (("word_errors", "words"), ("letter_errors", "letters"), ("wrong", "utterances"))
    )
    means = [float(np.mean(list(values.values()))) for values in (words, letters, wrong)]
    return Rate(means[0], words, *means[1:], min(map(len, own.values())))


def interval(
    rows: Iterable[Row], *, corpus: str, strings: str, way: str, unit: str = "words", official: bool = False
) -> tuple[float, float]:
    """Give the 95 % interval around a rate, seeds pooled.

    Parameters
    ----------
    rows, corpus, strings, way, official
        As for `rate`.
    unit : str
        ``"words"`` for the word error rate, ``"letters"`` for the character error rate.

    Returns
    -------
    low, high : float
        For unseen speakers by drawing speakers anew (bootstrap), each with the mean of the networks that read him: six
        are few, so take it for a lower bound of doubt.
        For known ones the exact interval of a count (Garwood, 1936), as if one network had made the mean number of
        errors: those of several networks on the same strings are no further evidence.

    Examples
    --------
    >>> from speechbook.connected_digits import Row
    >>> same = ("random", "words, greedy", 300, 1, 1096)
    >>> rows = [Row("fsdd", "official", seed, *same, 3, 5247, 8, 1, 1.0, "") for seed in (0, 1)]
    >>> low, high = interval(rows, corpus="fsdd", strings="random", way="words, greedy", official=True)
    >>> print(f"{low:.2%} to {high:.2%}")
    0.06% to 0.80%
    """
    part = [row for row in rows if (row.corpus, row.strings, row.way) == (corpus, strings, way)]
    _, errors, total = COUNTS[unit]
    if official:
        own = [row for row in part if row.fold == OFFICIAL]
        return rate_interval(round(_total(own, errors) / len(own)), _total(own, total) / len(own))
    folds = sorted({row.fold for row in part} - {OFFICIAL})
    own = [[row for row in part if row.fold == fold] for fold in folds]
    counts = [[_total(some, name) / len(some) for some in own] for name in (errors, total)]
    return bootstrap_interval(*counts, rng=np.random.default_rng(0))


def table(rows: Iterable[Row], *, corpus: str, strings: str, unit: str = "words") -> str:
    """Lay error rates out as plain text, in per cent, seeds pooled.

    Parameters
    ----------
    rows : iterable of connected_digits.Row
        Such as `connected_digits.read` returns.
    corpus, strings : str
        What to choose.
    unit : str
        As for `interval`.

    Returns
    -------
    str
        A line for each way to read: known speakers with the interval, every unseen one, the mean of those with its
        interval if there are several and none is missing, and how many seeds a column has.

    Examples
    --------
    >>> from speechbook.connected_digits import Row
    >>> same = ("random", "words, greedy", 10, 1, 30)
    >>> rows = [Row("fsdd", name, 0, *same, errors, 120, 4, 1, 1.0, "") for name, errors in (("ann", 0), ("bob", 3))]
    >>> print(table(rows, corpus="fsdd", strings="random"))
    WER, %                                        ann     bob    mean        95 %  seeds
    words, greedy                                 0.0    10.0     5.0    0.0-10.0      1
    """
    rows = [row for row in rows if (row.corpus, row.strings) == (corpus, strings)]
    label, errors, total = COUNTS[unit]
    folds = sorted({row.fold for row in rows}, key=lambda fold: (fold != OFFICIAL, fold))
    lines = [_line(f"{label}, %", {fold: fold for fold in folds}, "mean", "95 %", "seeds")]
    for way in dict.fromkeys(row.way for row in rows):
        own = {fold: [row for row in rows if (row.way, row.fold) == (way, fold)] for fold in folds}
        own = {fold: part for fold, part in own.items() if part}
        rates = {fold: 100 * _total(part, errors) / _total(part, total) for fold, part in own.items()}
        strangers = [rates.get(fold, np.nan) for fold in folds if fold != OFFICIAL]
        complete = len(strangers) > 0 and not np.isnan(strangers).any()
        seeds = sorted({len(part) for part in own.values()})
        which = {"corpus": corpus, "strings": strings, "way": way, "unit": unit}
        cells = {fold: f"{rates[fold]:.1f}" if fold in rates else "–" for fold in folds}
        lines.append(
            _line(
                way,
                cells,
                f"{np.mean(strangers):.1f}" if complete else "",
                _span(*interval(rows, **which)) if complete and len(strangers) > 1 else "",
                "-".join(map(str, sorted({seeds[0], seeds[-1]}))),
                _span(*interval(rows, **which, official=True)) if OFFICIAL in own else "",
            )
        )
    return "\n".join(lines)


def _total(rows: Iterable[Row], name: str) -> int:
    return sum(getattr(row, name) for row in rows)


def _span(low: float, high: float) -> str:
    return f"{100 * low:.1f}-{100 * high:.1f}"


def _line(what: str, cells: dict[str, str], mean: str, span: str, seeds: str, known_span: str = "95 %") -> str:
    """Write one line; the interval for known speakers stands after their rate."""
    line = f"{what:41}"
    for fold, cell in cells.items():
        line += f"{cell:>{max(8, len(fold) + 1)}}" + (f"{known_span:>9}" if fold == OFFICIAL else "")
    return f"{line}{mean:>8}{span:>12}{seeds:>7}"
