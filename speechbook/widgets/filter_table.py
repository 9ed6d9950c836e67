"""The filter table: rows that a reader can search, filter, sort and take away, on a page without Python too."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

import anywidget
import traitlets
from IPython.display import HTML, display

from speechbook.widgets.traits import STATIC

Value = str | int | float | list[str] | None


class FilterTable(anywidget.AnyWidget):
    """Table with a text filter, drop-down filters, headings that sort, and a copy of what is shown as CSV.

    Words typed into the filter must all occur in a row, in whatever case and order. Sorting puts numbers in their
    order, also inside text, so that A-1.10 follows A-1.9; what is missing comes last. The numbers of a column get
    equally many decimals. On a page without JavaScript the whole table stands there as it is.

    Parameters
    ----------
    rows : sequence of mapping
        One mapping a row. Values are text, numbers, lists of text, or None where there is none. Text in `backticks` is
        shown as code.
    columns : mapping of str to str
        Key of each column in the rows, and its heading; the first column names the row.
    label : str
        Name of the widget for screen readers, and caption of the table.
    choices : sequence of str
        Keys of columns that get a drop-down filter.
    links : mapping of str to str, optional
        For a column's key, the key in the rows that holds the address to which its text links. Addresses of notebooks
        are links on the published page only.
    sort : str
        Key to sort by at first, with a minus in front for descending order; empty for the order of the rows.
    limit : int
        How many rows are shown before the reader asks for all; 0 for all.

    Attributes
    ----------
    search, picked, sort, limit
        What the reader has typed, picked (a mapping of column to value) and asked for.
    columns : list of [str, str]
        Key and heading of each column. Pairs, since the keys of what a notebook saves are sorted.
    shown : list of dict
        The rows that pass the filters, in the order in which they are shown.

    Raises
    ------
    ValueError
        If there are no rows or columns, a value is of another kind, or a key is not known.

    Examples
    --------
    >>> rows = [{"name": "Theano", "year": 2007, "state": "ended"}, {"name": "Keras", "year": 2015, "state": "alive"}]
    >>> columns = {"name": "Tool", "year": "Year", "state": "State"}
    >>> table = FilterTable(rows, columns, label="Tools", choices=["state"], sort="-year")
    >>> [row["name"] for row in table.shown]
    ['Keras', 'Theano']
    >>> table.picked = {"state": "ended"}
    >>> [row["name"] for row in table.shown]
    ['Theano']
    """

    _esm = STATIC / "filter-table.js"
    _css = STATIC / "filter-table.css"

    label = traitlets.Unicode("Table").tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    columns = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    links = traitlets.Dict().tag(sync=True)
    search = traitlets.Unicode("").tag(sync=True)
    picked = traitlets.Dict().tag(sync=True)
    sort = traitlets.Unicode("").tag(sync=True)
    limit = traitlets.Int(15, min=0).tag(sync=True)

    def __init__(
        self,
        rows: Sequence[Mapping[str, Value]],
        columns: Mapping[str, str],
        *,
        label: str,
        choices: Sequence[str] = (),
        links: Mapping[str, str] | None = None,
        sort: str = "",
        limit: int = 15,
    ) -> None:
        rows, columns, links = [dict(row) for row in rows], dict(columns), dict(links or {})
        if not rows or not columns:
            raise ValueError(f"a table needs rows and columns, but there are {len(rows)} and {len(columns)}")
        for number, row in enumerate(rows):
            for key, value in row.items():
                _check_value(value, where=f"row {number}, {key!r}")
        for name, keys in (("choices", choices), ("links", links), ("sort", [sort.removeprefix("-")] if sort else [])):
            if unknown := [key for key in keys if key not in columns]:
                raise ValueError(f"{name} names {unknown}, but the columns are {list(columns)}")
        keep = [*columns, *links.values()]
        rows = [{key: row.get(key) for key in dict.fromkeys(keep)} for row in rows]
        pairs = [list(pair) for pair in columns.items()]
        super().__init__(
            label=label, rows=rows, columns=pairs, choices=list(choices), links=links, sort=sort, limit=limit
        )

    def __repr__(self) -> str:
        return f"FilterTable({len(self.rows)} rows: {', '.join(heading for _, heading in self.columns)})"

    def _ipython_display_(self) -> None:
        display(HTML(f"<noscript>{self.to_html()}</noscript>"))
        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)

    @property
    def shown(self) -> list[dict]:
        """The rows that pass the filters, in the order in which they are shown."""
        words, decimals = self.search.lower().split(), self._decimals()
        rows = [row for row in self.rows if self._passes(row, words, decimals)]
        if not self.sort:
            return rows
        key, descending = self.sort.removeprefix("-"), self.sort.startswith("-")
        there = [row for row in rows if _text(row[key])]
        there.sort(key=lambda row: _order(row[key]), reverse=descending)
        return there + [row for row in rows if not _text(row[key])]

    def to_html(self) -> str:
        """Give the whole table as plain HTML.

        Returns
        -------
        str
            A ``<table>`` with caption and headings.
        """
        body, decimals = [], self._decimals()
        for row in self.rows:
            first, *rest = (_text(row[key], n) for key, n in decimals.items())
            body.append(f"<tr>{_cell(first, tag='th', scope='row')}{''.join(map(_cell, rest))}</tr>")
        head = "".join(_cell(heading, tag="th", scope="col") for _, heading in self.columns)
        caption = f"<caption>{html.escape(self.label)}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"

    def _decimals(self) -> dict[str, int]:
        """Give for each column how many decimals its numbers need."""
        return {key: max(_needed(row[key]) for row in self.rows) for key, _ in self.columns}

    def _passes(self, row: dict, words: list[str], decimals: dict[str, int]) -> bool:
        haystack = "\n".join(_text(row[key], n) for key, n in decimals.items()).lower()
        if not all(word in haystack for word in words):
            return False
        return all(value in _parts(row[key]) for key, value in self.picked.items() if value)

    @traitlets.validate("sort")
    def _check_sort(self, proposal: dict) -> str:
        if (key := proposal["value"].removeprefix("-")) and key not in dict(self.columns):
            raise ValueError(f"sort names {key!r}, but the columns are {list(dict(self.columns))}")
        return proposal["value"]

    @traitlets.validate("picked")
    def _check_picked(self, proposal: dict) -> dict:
        if unknown := [key for key in proposal["value"] if key not in self.choices]:
            raise ValueError(f"picked names {unknown}, but the filters are {self.choices}")
        return proposal["value"]


def _check_value(value: object, *, where: str) -> None:
    texts = value if isinstance(value, list) else [value]
    kinds = str if isinstance(value, list) else str | int | float | None
    if not all(isinstance(text, kinds) and not isinstance(text, bool) for text in texts):
        raise ValueError(f"{where}: a value must be text, a number, a list of text, or None, but is {value!r}")


def _cell(text: str, *, tag: str = "td", scope: str | None = None) -> str:
    opening = f'{tag} scope="{scope}"' if scope else tag
    return f"<{opening}>{html.escape(text)}</{tag}>"


def _parts(value: Value) -> list[str]:
    return value if isinstance(value, list) else [_text(value)]


def _needed(value: Value) -> int:
    decimals = re.search(r"\.([0-9]+)$", _text(value)) if isinstance(value, float) else None
    return len(decimals[1]) if decimals else 0


def _text(value: Value, decimals: int = 0) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, int | float) and decimals:
        return f"{value:.{decimals}f}"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _order(value: Value) -> tuple:
    if isinstance(value, int | float):
        return (0, value)
    pieces = re.split(r"([0-9]+)", _text(value).lower())
    return (1, [int(piece) if i % 2 else piece for i, piece in enumerate(pieces)])
