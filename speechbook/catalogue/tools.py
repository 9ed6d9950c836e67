"""Tools, corpora and places to learn: what each is for, and whether it still lives."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path

from speechbook.catalogue.records import FOLDER, CatalogueError, check, one_of, read

KINDS = ("language", "framework", "interface", "library", "toolkit", "model", "corpus", "resource")
STATES = ("alive", "fixes only", "moved", "ended")
REQUIRED = {"name": str, "kind": str, "since": int, "state": str, "licence": str, "purpose": str, "address": str}
OPTIONAL = {"until": int, "note": str, "hours": int | float, "languages": str | int, "evidence": str}


@dataclass(frozen=True)
class Tool:
    """An entry of the list of tools.

    Attributes
    ----------
    name, kind, state, licence, purpose, address : str
        `kind` is one of `KINDS`, `state` one of `STATES`.
    since, until : int
        First year, and the last one of its development where that is over.
    note : str, optional
        What happened to it, with dates.
    hours : float, optional
        Size of a corpus.
    languages : str or int, optional
        Languages of a corpus, or their number.
    evidence : str, optional
        Where its state was looked up, if not at `address`.
    """

    name: str
    kind: str
    since: int
    state: str
    licence: str
    purpose: str
    address: str
    until: int | None = None
    note: str | None = None
    hours: float | None = None
    languages: str | int | None = None
    evidence: str | None = None

    def row(self) -> dict:
        """Give the entry as a row of a table, purpose and note in one.

        Returns
        -------
        dict
            The attributes, without `note`, with all words in `purpose`.
        """
        row = asdict(self)
        note = row.pop("note")
        return {**row, "purpose": f"{self.purpose} {note}" if note else self.purpose}


@dataclass(frozen=True)
class Tools:
    """All entries, and the month (``"2026-11"``) in which their states were looked up."""

    checked: str
    entries: tuple[Tool, ...]

    def where(self, **wanted: str) -> list[Tool]:
        """Pick entries whose attributes have these values.

        Parameters
        ----------
        **wanted
            Values by attribute.

        Returns
        -------
        list of Tool
            The entries, in the order of the file.

        Examples
        --------
        >>> [tool.name for tool in load_tools().where(kind="framework", state="alive")]
        ['TensorFlow', 'PyTorch', 'JAX']
        """
        return [tool for tool in self.entries if all(getattr(tool, key) == value for key, value in wanted.items())]


def load_tools(path: Path | None = None) -> Tools:
    """Read and check the list of tools.

    Parameters
    ----------
    path : Path, optional
        Another file than the one of the package.

    Returns
    -------
    Tools
        The entries in the order of the file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CatalogueError
        If an entry does not fit; the message says which one and why.

    Examples
    --------
    >>> tools = load_tools()
    >>> tools.checked
    '2026-11'
    >>> next(tool for tool in tools.entries if tool.name == "Theano").until
    2017
    """
    content = read(path or FOLDER / "tools.yml")
    check(content, required={"checked": str, "tools": list}, optional={}, where="tools.yml")
    if not re.fullmatch(r"\d{4}-\d{2}", content["checked"]):
        raise CatalogueError(f"tools.yml: checked must be a month such as 2026-11, but is {content['checked']!r}")
    entries = tuple(_tool(record, number) for number, record in enumerate(content["tools"], start=1))
    names = [tool.name.lower() for tool in entries]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CatalogueError(f"tools.yml: listed more than once: {', '.join(twice)}")
    return Tools(content["checked"], entries)


def _tool(record: object, number: int) -> Tool:
    where = record.get("name", f"tool {number}") if isinstance(record, dict) else f"tool {number}"
    tool = Tool(**check(record, required=REQUIRED, optional=OPTIONAL, where=where))
    one_of(tool.kind, KINDS, where=f"{where}, kind")
    one_of(tool.state, STATES, where=f"{where}, state")
    if not tool.address.startswith("https://") or not (tool.evidence or "https://").startswith("https://"):
        raise CatalogueError(f"{where}: address and evidence must begin with https://")
    if (tool.state == "ended") != (tool.until is not None):
        raise CatalogueError(f"{where}: `until` is for what has ended, and for all that has")
    if tool.until is not None and (tool.until < tool.since or not tool.note):
        raise CatalogueError(f"{where}: what has ended needs a note, and may not end before it began")
    if (tool.kind == "corpus") != (tool.hours is not None):
        raise CatalogueError(f"{where}: `hours` is for corpora, and for all of them")
    return tool
