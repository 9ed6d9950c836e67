"""What the book measured in its long studies, as one table: problem, remedy, gain with its interval, and where.

A finding is a few lines of ``findings.yml`` that say which rows of a file in ``data/measured`` came before a remedy and
which after it. A new study enters the table by a new entry; a study whose file is not there is passed over. Shown in
the chapter *What we measured, and what comes*.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from speechbook.catalogue.errata import anchor
from speechbook.catalogue.records import FOLDER, CatalogueError, check, read
from speechbook.intervals import mean_interval
from speechbook.manifests import data_folder

REQUIRED = {"problem": str, "remedy": str, "chapter": str, "file": str, "of": str, "over": str}
REQUIRED |= {"before": dict, "after": dict}
OPTIONAL = {"section": str, "right": str, "wrong": str, "rows": dict}
VERDICTS = ("helped", "hurt", "not shown", "too few")


@dataclass(frozen=True)
class Finding:
    """A remedy, and which rows of a table hold what was measured before and after it.

    Attributes
    ----------
    problem, remedy : str
        In words.
    chapter, section : str
        Where the book shows it, such as ``"book/challenges/noise"``, and the heading, if it is one.
    file : str
        Table in ``data/measured``.
    of : str
        Column with the number of trials.
    over : str
        Column whose values are compared pair by pair, such as ``"seed"`` or ``"fold"``.
    before, after, rows : dict
        Columns with their values, as text or a list of texts, in the rows before, after, and in both.
    right, wrong : str
        Column with the number of right, or of wrong answers.
    """

    problem: str
    remedy: str
    chapter: str
    file: str
    of: str
    over: str
    before: dict
    after: dict
    section: str = ""
    right: str = ""
    wrong: str = ""
    rows: dict = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Address of the section, relative to a page in another folder of the book.

        Returns
        -------
        str

        Examples
        --------
        >>> load_findings()[0].address
        '../challenges/noise.ipynb#train-in-noise-with-a-fair-control'
        """
        page = f"{self.chapter.replace('book/', '../', 1)}.ipynb"
        return f"{page}#{anchor(self.section)}" if self.section else page


@dataclass(frozen=True)
class Outcome:
    """What a remedy brought on one corpus.

    Attributes
    ----------
    finding : Finding
        Which one.
    corpus : str
        ``"fsdd"``, ``"voices"``, or the name that stands in the file for another one.
    before, after : float
        Shares of right answers (one minus the errors per word for strings, which may be negative), averaged over pairs.
    gains : np.ndarray [shape=(pairs,), dtype=float64]
        After minus before for each seed or speaker.
    """

    finding: Finding
    corpus: str
    before: float
    after: float
    gains: np.ndarray

    @property
    def gain(self) -> float:
        """Mean gain, a share."""
        return float(self.gains.mean())

    @property
    def interval(self) -> tuple[float, float] | None:
        """Student's interval of the mean gain at 95 %; none from fewer than three pairs, who cannot tell."""
        return mean_interval(self.gains)[1:] if len(self.gains) > 2 else None

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`: helped or hurt if the interval lies on one side of zero."""
        if self.interval is None:
            return "too few"
        low, high = self.interval
        return "helped" if low > 0 else "hurt" if high < 0 else "not shown"


def load_findings(path: Path | None = None) -> tuple[Finding, ...]:
    """Read and check the list of findings.

    Parameters
    ----------
    path : Path, optional
        Another file than the one of the package.

    Returns
    -------
    tuple of Finding
        In the order of the file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CatalogueError
        If an entry does not fit; the message says which one and why.

    Examples
    --------
    >>> load_findings()[0].remedy
    'noisy copies in training'
    """
    content = read(path or FOLDER / "findings.yml")
    check(content, required={"findings": list}, optional={}, where="findings.yml")
    return tuple(_finding(record, number) for number, record in enumerate(content["findings"], start=1))


def _finding(record: object, number: int) -> Finding:
    where = f"finding {number}"
    check(record, required=REQUIRED, optional=OPTIONAL, where=where)
    if ("right" in record) == ("wrong" in record):
        raise CatalogueError(f"{where}: needs either right or wrong, the column that counts such answers")
    return Finding(**record)


def outcomes(finding: Finding, *, folder: Path | None = None) -> list[Outcome]:
    """Work a finding out from its table.

    Parameters
    ----------
    finding : Finding
        Such as `load_findings` gives.
    folder : Path, optional
        Where the tables lie; ``data/measured`` of the book if not given.

    Returns
    -------
    list of Outcome
        One for each corpus in the table; none if there is no table, or nothing in it that can be compared.

    Raises
    ------
    CatalogueError
        If the table has no such column.

    Examples
    --------
    >>> [outcome.corpus for outcome in outcomes(load_findings()[0])]
    ['fsdd', 'voices']
    """
    file = (folder or data_folder() / "measured") / finding.file
    if not file.exists():
        return []
    with open(file, newline="", encoding="utf-8") as stream:
        table = list(csv.DictReader(stream))
    columns = {finding.of, finding.over, finding.right or finding.wrong}
    columns |= {*finding.rows, *finding.before, *finding.after}
    if table and (unknown := sorted(columns - table[0].keys())):
        raise CatalogueError(f"{finding.problem}, {finding.remedy}: {finding.file} has no column {', '.join(unknown)}")
    found = []
    for corpus in dict.fromkeys(row.get("corpus", "") for row in table):
        own = [row for row in table if row.get("corpus", "") == corpus and _fits(row, finding.rows)]
        before, after = (_shares(own, finding, part) for part in (finding.before, finding.after))
        both = [key for key in before if key in after]
        if both:
            first, second = (np.array([shares[key] for key in both]) for shares in (before, after))
            found.append(Outcome(finding, corpus, float(first.mean()), float(second.mean()), second - first))
    return found


def _fits(row: Mapping[str, str], wanted: Mapping[str, object]) -> bool:
    return all(
        row[key] in (map(str, value) if isinstance(value, list) else [str(value)]) for key, value in wanted.items()
    )


def _shares(table: Iterable[Mapping[str, str]], finding: Finding, wanted: Mapping[str, object]) -> dict[str, float]:
    """Give the share of right answers for each value of the column whose values are compared."""
    counts: dict[str, list[float]] = {}
    for row in table:
        if _fits(row, wanted):
            sums = counts.setdefault(row[finding.over], [0.0, 0.0])
            sums[0] += float(row[finding.right or finding.wrong])
            sums[1] += float(row[finding.of])
    return {key: part / whole if finding.right else 1 - part / whole for key, (part, whole) in counts.items()}
