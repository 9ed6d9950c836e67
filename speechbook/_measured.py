"""Tables of long studies: rows of named tuples in ``data/measured``, read as they were written, never half-written."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar, get_type_hints

import numpy as np

from speechbook.manifests import data_folder

R = TypeVar("R", bound=NamedTuple)


class Table(Generic[R]):
    """One CSV file of the book, with a column for each field of `row`.

    Parameters
    ----------
    name : str
        File name in ``data/measured``.
    row : type
        A NamedTuple whose fields are text, numbers or bool.

    Examples
    --------
    >>> class Row(NamedTuple):
    ...     speaker: str
    ...     right: int
    >>> Table("no-such-file.csv", Row).read()
    []
    """

    def __init__(self, name: str, row: type[R]) -> None:
        self.name, self.row = name, row

    @property
    def file(self) -> Path:
        """The path of the table that the book shows."""
        return data_folder() / "measured" / self.name

    def read(self, file: Path | None = None) -> list[R]:
        """Read the rows.

        Parameters
        ----------
        file : Path, optional
            Default: the book's own table.

        Returns
        -------
        list of row
            Empty if there is no such file.
        """
        file = file or self.file
        if not file.exists():
            return []
        kinds = {name: _true if kind is bool else kind for name, kind in get_type_hints(self.row).items()}
        with open(file, newline="", encoding="utf-8") as stream:
            return [
                self.row(**{name: kind(row[name]) for name, kind in kinds.items()}) for row in csv.DictReader(stream)
            ]

    def write(self, rows: Iterable[R], file: Path | None = None) -> None:
        """Write the whole table anew, so that an interruption leaves the old or the new one.

        Parameters
        ----------
        rows : iterable of row
            All rows.
        file : Path, optional
            Default: the book's own table.
        """
        file = file or self.file
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        with open(part, "w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, lineterminator="\n").writerows([self.row._fields, *rows])
        part.replace(file)


def select(rows: Iterable[R], **wanted: object) -> list[R]:
    """Give the rows whose columns have the wanted values.

    Parameters
    ----------
    rows : iterable of NamedTuple
        Of any table.
    **wanted : object
        A value for each column that matters.

    Returns
    -------
    list of NamedTuple
        In their order; empty if there are none.

    Examples
    --------
    >>> class Row(NamedTuple):
    ...     speaker: str
    ...     right: int
    >>> select([Row("ann", 9), Row("bob", 8)], speaker="bob")
    [Row(speaker='bob', right=8)]
    """
    return [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]


def some(rows: Iterable[R], **wanted: object) -> list[R]:
    """Give the rows whose columns have the wanted values, of which there must be one at least.

    Parameters
    ----------
    rows, **wanted
        As for `select`.

    Returns
    -------
    list of NamedTuple
        In their order.

    Raises
    ------
    ValueError
        If there are none.

    Examples
    --------
    >>> some([], corpus="fsdd", competitor="svm")
    Traceback (most recent call last):
    ValueError: nothing was measured with corpus='fsdd', competitor='svm': choose what there is, or measure it first
    """
    found = select(rows, **wanted)
    if not found:
        asked = ", ".join(f"{name}={value!r}" for name, value in wanted.items())
        raise ValueError(f"nothing was measured with {asked}: choose what there is, or measure it first")
    return found


def word_error_rate(rows: Iterable[NamedTuple]) -> float:
    """Give the word error rate of some rows together.

    Parameters
    ----------
    rows : iterable of NamedTuple
        With columns `word_errors` and `words`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there are no rows.

    Examples
    --------
    >>> class Row(NamedTuple):
    ...     words: int
    ...     word_errors: int
    >>> word_error_rate([Row(30, 0), Row(30, 3)])
    0.05
    """
    rows = list(rows)
    if not rows:
        raise ValueError("no rows, no word error rate: choose such as the table has, or measure them")
    return sum(row.word_errors for row in rows) / sum(row.words for row in rows)


def rates(rows: Iterable[NamedTuple], **wanted: object) -> np.ndarray:
    """Give the word error rate of each seed, over all rows whose columns have the wanted values.

    Parameters
    ----------
    rows : iterable of NamedTuple
        With columns `seed`, `word_errors` and `words`.
    **wanted : object
        A value for each column that matters.

    Returns
    -------
    np.ndarray [shape=(seeds,), dtype=float64]
        In the order of the seeds; empty if there are no such rows.

    Examples
    --------
    >>> class Row(NamedTuple):
    ...     noise: str
    ...     seed: int
    ...     words: int
    ...     word_errors: int
    >>> rates([Row("white", 1, 350, 35), Row("white", 0, 350, 70)], noise="white").tolist()
    [0.2, 0.1]
    """
    kept = select(rows, **wanted)
    return np.array([word_error_rate(select(kept, seed=seed)) for seed in sorted({row.seed for row in kept})])


def command_line(study: str, doc: str, table: Table) -> argparse.ArgumentParser:
    """Begin the command line of a study: its name, what it measures, and which file it completes.

    Parameters
    ----------
    study : str
        As `speechbook.bench` calls it.
    doc : str
        Of the module; its first line is shown.
    table : Table
        Of which `--file` may name another file.

    Returns
    -------
    argparse.ArgumentParser

    Examples
    --------
    >>> class Row(NamedTuple):
    ...     speaker: str
    >>> command_line("ablation", "What each part buys.", Table("some.csv", Row)).parse_args([]).file.name
    'some.csv'
    """
    parser = argparse.ArgumentParser(prog=f"python -m speechbook.bench {study}", description=doc.splitlines()[0])
    parser.add_argument("--file", type=Path, default=table.file, help="table to complete")
    return parser


def _true(text: str) -> bool:
    return text == "True"
