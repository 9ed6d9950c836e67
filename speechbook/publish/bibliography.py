"""The bibliography: read it, write its entries out, and find who cites what.

Chapters cite in plain words, such as (Davis & Mermelstein, 1980), and list their sources under "Further reading", so
that both read well anywhere. This module ties such words to the entries of ``book/references.bib``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import nbformat
from pybtex.database import Entry, Person, parse_string
from pybtex.exceptions import PybtexError

from speechbook.publish.project import PublishError

LISTING = "Further reading"
NAME = r"(?:(?:van|de|von) )*[A-ZÀ-Ž][\w'’-]+(?: III)?"
AUTHORS = rf"(?P<authors>{NAME}(?:(?:, {NAME})*,? (?:&|and) {NAME}| et al\.)?)"
YEAR = r"(?P<year>1[789]\d\d|20\d\d)[ab]?\b"
IN_BRACKETS = re.compile(rf"(?<![\w-]){AUTHORS},\s{YEAR}")
IN_SENTENCE = re.compile(rf"(?<![\w-]){AUTHORS}(?:['’]s)?(?: test\*\*)? \({YEAR}")


@dataclass(frozen=True)
class Work:
    """An entry of the bibliography.

    Attributes
    ----------
    key : str
        Its key, such as ``davis1980``.
    families : tuple of str
        Family names of the authors; a last one of ``others`` stands for more.
    year, title : str
        As in the file.
    reference : str
        The entry written out, without its link; titles of books and journals between asterisks.
    link : tuple of (str, str) or None
        What to show and where it leads.
    """

    key: str
    families: tuple[str, ...]
    year: str
    title: str
    reference: str
    link: tuple[str, str] | None


@dataclass(frozen=True)
class Citation:
    """Words that cite: the family names that stand there, whether more are meant, and the year."""

    families: tuple[str, ...]
    more: bool
    year: str

    def fits(self, work: Work) -> bool:
        """Tell whether these words may mean a work."""
        ours, theirs = [fold(name) for name in self.families], [fold(name) for name in work.families]
        if self.year != work.year or ours != theirs[: len(ours)]:
            return False
        return len(theirs) > 2 if self.more else len(ours) == len(theirs)


def read_bibliography(file: Path) -> dict[str, Work]:
    """Read a BibTeX file.

    Parameters
    ----------
    file : Path
        Such as ``book/references.bib``, in UTF-8.

    Returns
    -------
    dict of str to Work
        Works by key, sorted by family name and year.

    Raises
    ------
    PublishError
        If it is not BibTeX, or an entry lacks author, year or title.
    """
    try:
        entries = parse_string(file.read_text(encoding="utf-8"), "bibtex").entries
    except PybtexError as error:
        raise PublishError(f"{file.name}: {error}") from None
    works = [write_out(key, entry, file.name) for key, entry in entries.items()]
    return {work.key: work for work in sorted(works, key=lambda work: ([*map(fold, work.families)], work.year))}


def write_out(key: str, entry: Entry, file: str) -> Work:
    """Make a work of an entry."""
    fields = {name.lower(): " ".join(str(value).split()) for name, value in entry.fields.items()}
    people = entry.persons.get("author", [])
    lacking = ([] if people else ["author"]) + [name for name in ("year", "title") if name not in fields]
    if lacking:
        raise PublishError(f"{file}: {key} lacks {', '.join(lacking)}")
    names = [name_of(person) for person in people]
    title = fields["title"]
    whole = entry.type in ("book", "mastersthesis", "techreport")
    parts = [f"{join_names(names)} ({fields['year']})", f"*{title}*" if whole else title.rstrip("?")]
    text = ". ".join(parts) + ("? " if title.endswith("?") and not whole else ". ") + venue(entry.type, fields)
    families = tuple(name.split(", ")[0] for name in names)
    return Work(key, families, fields["year"], title, text.strip(), link_of(fields))


def name_of(person: Person) -> str:
    """Write a name with the family name first, as in ``van Hasselt, H.``."""
    family = " ".join([*person.prelast_names, *person.last_names]).strip("{}")
    given = " ".join([*person.first_names, *person.middle_names])
    return f"{family}, {given}" if given else family


def join_names(names: list[str]) -> str:
    """Join names as references do.

    Parameters
    ----------
    names : list of str
        Family name first; a last one of ``others`` stands for more.

    Returns
    -------
    str
        With an ampersand before the last name; of more than eight, the first six.

    Examples
    --------
    >>> join_names(["Davis, S. B.", "Mermelstein, P."])
    'Davis, S. B., & Mermelstein, P.'
    >>> join_names(["Amodei, D.", "others"])
    'Amodei, D., et al.'
    """
    if names[-1] == "others" or len(names) > 8:
        return ", ".join([name for name in names if name != "others"][:6]) + ", et al."
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f", & {names[-1]}"


def venue(kind: str, fields: dict[str, str]) -> str:
    """Write where a work appeared."""
    pages = fields.get("pages", "").replace("--", "–")
    volume = fields.get("volume", "")
    if volume and "number" in fields:
        volume += f"({fields['number'].replace('--', '–')})"
    if kind == "article":
        return ", ".join(part for part in (f"*{fields['journal']}*", volume, pages) if part) + "."
    publisher = fields.get("publisher") or fields.get("howpublished") or fields.get("institution") or ""
    if kind in ("inproceedings", "incollection"):
        series = f"{fields.get('series', '')} {volume}".strip()
        text = ", ".join(part for part in (f"*{fields['booktitle']}*", series, pages) if part) + "."
        return ("In " if kind == "incollection" else "") + text + (f" {publisher}." if publisher else "")
    edition = f"{fields['edition'].capitalize()} edition" if "edition" in fields else ""
    thesis = f"Master's thesis, {fields['school']}" if kind == "mastersthesis" else ""
    report = fields.get("type", "") if kind == "techreport" else ""
    return " ".join(
        f"{part}." for part in (edition, fields.get("note", "").capitalize(), thesis, report, publisher) if part
    )


def link_of(fields: dict[str, str]) -> tuple[str, str] | None:
    """Choose the address that will last longest."""
    if "doi" in fields:
        return f"doi:{fields['doi']}", f"https://doi.org/{fields['doi'].replace('(', '%28').replace(')', '%29')}"
    if "eprint" in fields:
        return f"arXiv:{fields['eprint']}", f"https://arxiv.org/abs/{fields['eprint']}"
    if "url" in fields:
        return re.sub(r"^https?://(www\.)?|/$", "", fields["url"]), fields["url"]
    return (f"ISBN {fields['isbn']}", "") if "isbn" in fields else None


def fold(text: str) -> str:
    """Drop accents and case, so that Küchler and Kuchler are one.

    Examples
    --------
    >>> fold("Arık"), fold("O’Shaughnessy")
    ('arik', "o'shaughnessy")
    """
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i").replace("ł", "l").replace("’", "'"))
    return "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()


def prose(source: Path) -> tuple[str, list[str]]:
    """Read the prose of a page.

    Parameters
    ----------
    source : Path
        A notebook or a Markdown file.

    Returns
    -------
    text : str
        Everything before the list of sources, without code, formulas and the targets of links.
    listed : list of str
        The entries of that list.
    """
    text = source.read_text(encoding="utf-8")
    if source.suffix == ".ipynb":
        cells = nbformat.reads(text, as_version=4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    text, _, after = text.partition(f"\n## {LISTING}\n")
    listed: list[str] = []
    for line in after.partition("\n## ")[0].splitlines():
        if line.startswith("- "):
            listed.append(line[2:].strip())
        elif line.startswith("  ") and listed:
            listed[-1] += " " + line.strip()
    text = re.sub(r"```.*?```|`[^`\n]*`|\$[^$\n]*\$", " ", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)\s]*\)", "]", text)
    return re.sub(r"\s*\n>?\s*", " ", text), listed


def citations(text: str) -> list[Citation]:
    """Find what a text cites.

    Parameters
    ----------
    text : str
        Prose on one line.

    Returns
    -------
    list of Citation
        Without repetition, in the order of the text. A single name in a sentence, as in "Keras (2015)", may also be
        something else than an author; `match` leaves out those that fit no work.

    Examples
    --------
    >>> found = citations("as before (Davis & Mermelstein, 1980; Graves et al., 2006)")
    >>> [(c.families, c.more, c.year) for c in found]
    [(('Davis', 'Mermelstein'), False, '1980'), (('Graves',), True, '2006')]
    """
    found = []
    for bracket in re.finditer(r"\([^()]*\)", text):
        found += [(bracket.start() + match.start(), match) for match in IN_BRACKETS.finditer(bracket[0])]
    found += [(match.start(), match) for match in IN_SENTENCE.finditer(text)]
    result = []
    for _, match in sorted(found, key=lambda pair: pair[0]):
        names = match["authors"].removesuffix(" et al.").removesuffix("'s").removesuffix("’s")
        families = tuple(re.split(r", | & | and ", names.replace(", &", " &").replace(", and", " and")))
        result.append(Citation(families, match["authors"].endswith(" et al."), match["year"]))
    return list(dict.fromkeys(result))


def listed_work(line: str, works: dict[str, Work]) -> Work | None:
    """Find the work that a line of a list of sources names: by first author, year and title."""
    for work in works.values():
        first = re.match(rf"{re.escape(fold(work.families[0]))}\b", fold(line))
        if first and work.year in line and fold(work.title.partition(" (")[0]) in fold(line.replace("*", "")):
            return work
    return None


def match(source: Path, works: dict[str, Work]) -> tuple[set[str], list[str]]:
    """Tie a page to the works that it cites or lists.

    Parameters
    ----------
    source : Path
        A notebook or a Markdown file.
    works : dict of str to Work
        The bibliography.

    Returns
    -------
    keys : set of str
        Works that the page cites or lists.
    missing : list of str
        What it cites or lists that no entry fits.
    """
    text, lines = prose(source)
    keys, missing = set(), []
    for line in lines:
        work = listed_work(line, works)
        if work is None:
            missing.append(line)
        else:
            keys.add(work.key)
    authors = {fold(family) for work in works.values() for family in work.families}
    for citation in citations(text):
        fitting = [key for key, work in works.items() if citation.fits(work)]
        chosen = [key for key in fitting if key in keys] or fitting
        several = citation.more or len(citation.families) > 1
        if len(chosen) == 1:
            keys.add(chosen[0])
        elif chosen or several or fold(citation.families[0]) in authors:
            missing.append(f"({', '.join(citation.families)}{' et al.' * citation.more}, {citation.year})")
    return keys, missing
