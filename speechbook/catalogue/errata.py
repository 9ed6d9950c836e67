"""Every claim of the two source articles: what they say, what is right, and which cell of the book shows it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from speechbook.catalogue.records import FOLDER, CatalogueError, check, one_of, read

VERDICTS = ("right", "imprecise", "wrong", "unverifiable")
FAULTS = ("does not run", "cannot recognise", "poor practice")


@dataclass(frozen=True)
class Place:
    """Where something is shown.

    Attributes
    ----------
    chapter : str
        Page without its ending, such as ``"book/maths/optimisers"``.
    section : str
        Heading under which the cell stands.
    cell : str
        Id of the cell.
    """

    chapter: str
    section: str
    cell: str

    @property
    def address(self) -> str:
        """Address of the section, relative to a page in another folder of the book.

        Returns
        -------
        str
            Such as ``"../maths/optimisers.ipynb#walk-downhill"``.

        Examples
        --------
        >>> Place("book/maths/optimisers", "Walk downhill", "rates").address
        '../maths/optimisers.ipynb#walk-downhill'
        """
        return f"{self.chapter.replace('book/', '../', 1)}.ipynb#{anchor(self.section)}"


@dataclass(frozen=True)
class Claim:
    """A claim of an article.

    Attributes
    ----------
    id : str
        Article, section and number, such as ``"A-3.9"``.
    verdict : str
        One of `VERDICTS`.
    says, right : str
        What the article says, and what is right.
    reference : str, optional
        Authors and year.
    grave : int, optional
        Which of the five gravest errors it belongs to.
    shown : Place, optional
        Where the book shows it.
    """

    id: str
    verdict: str
    says: str
    right: str
    reference: str | None = None
    grave: int | None = None
    shown: Place | None = None


@dataclass(frozen=True)
class Defect:
    """A defect of an article's program, ``"A1"`` to ``"B7"``: what is wrong, how it is mended, and where."""

    id: str
    fault: str
    what: str
    mended: str
    shown: Place | None = None


@dataclass(frozen=True)
class Errata:
    """All claims and all defects of the programs."""

    claims: tuple[Claim, ...]
    defects: tuple[Defect, ...]

    def count(self) -> dict[str, int]:
        """Count the claims by verdict.

        Returns
        -------
        dict of str to int
            In the order of `VERDICTS`.

        Examples
        --------
        >>> sum(load_errata().count().values())
        105
        """
        counts = Counter(claim.verdict for claim in self.claims)
        return {verdict: counts[verdict] for verdict in VERDICTS}


def load_errata(path: Path | None = None) -> Errata:
    """Read and check the corrections.

    Parameters
    ----------
    path : Path, optional
        Another file than the one of the package.

    Returns
    -------
    Errata
        Claims and defects in the order of the file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CatalogueError
        If a record does not fit; the message says which one and why.

    Examples
    --------
    >>> errata = load_errata()
    >>> len(errata.claims), len(errata.defects)
    (105, 18)
    """
    content = read(path or FOLDER / "errata.yml")
    check(content, required={"claims": list, "defects": list}, optional={}, where="errata.yml")
    claims = tuple(_claim(record, number) for number, record in enumerate(content["claims"], start=1))
    defects = tuple(_defect(record, number) for number, record in enumerate(content["defects"], start=1))
    ids = [record.id for record in (*claims, *defects)]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise CatalogueError(f"errata.yml: listed more than once: {', '.join(twice)}")
    return Errata(claims, defects)


def anchor(heading: str) -> str:
    """Give the anchor that Sphinx makes of a heading.

    Parameters
    ----------
    heading : str
        Heading, without markup.

    Returns
    -------
    str
        Letters and digits of it, with hyphens between.

    Examples
    --------
    >>> anchor("Say what ∂C/∂w is, and what it is not")
    'say-what-c-w-is-and-what-it-is-not'
    """
    plain = unicodedata.normalize("NFKD", heading.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", " ".join(plain.split())))


def _claim(record: object, number: int) -> Claim:
    where = _where(record, f"claim {number}", r"[AB]-\d+\.\d+")
    required = {"id": str, "verdict": str, "says": str, "right": str}
    check(record, required=required, optional={"reference": str, "grave": int, "shown": dict}, where=where)
    one_of(record["verdict"], VERDICTS, where=f"{where}, verdict")
    if record.get("grave", 1) not in range(1, 6):
        raise CatalogueError(f"{where}: grave is the number of one of five errors, but is {record['grave']}")
    return Claim(**{**record, "shown": _place(record.get("shown"), where)})


def _defect(record: object, number: int) -> Defect:
    where = _where(record, f"defect {number}", r"[AB]\d+")
    required = {"id": str, "fault": str, "what": str, "mended": str}
    check(record, required=required, optional={"shown": dict}, where=where)
    one_of(record["fault"], FAULTS, where=f"{where}, fault")
    return Defect(**{**record, "shown": _place(record.get("shown"), where)})


def _where(record: object, otherwise: str, pattern: str) -> str:
    name = record.get("id") if isinstance(record, dict) else None
    if name is not None and not re.fullmatch(pattern, str(name)):
        raise CatalogueError(f"{otherwise}: the id {name!r} is not of the form {pattern}")
    return name or otherwise


def _place(record: dict | None, where: str) -> Place | None:
    if record is None:
        return None
    fields = {"chapter": str, "section": str, "cell": str}
    return Place(**check(record, required=fields, optional={}, where=f"{where}, shown"))
