"""Tables of long studies: rows of named tuples in ``data/measured``, read as they were written, never half-written."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar, get_type_hints

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


def _true(text: str) -> bool:
    return text == "True"
