"""The terms: one YAML file a theme in this folder, checked when they are read."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from speechbook.faq import schema
from speechbook.faq.schema import TermError

FOLDER = Path(__file__).parent
ORDER = (
    "sound",
    "networks",
    "training",
    "regularisation",
    "sequences",
    "recognition",
    "text",
    "labels",
    "reinforcement",
    "measuring",
)


@dataclass(frozen=True)
class Article:
    """What a source article says of a term, and what is wrong with it."""

    says: str
    wrong: str


@dataclass(frozen=True)
class Demonstration:
    """Where code shows an answer: a chapter, the id of its cell, and what is to be seen."""

    chapter: str
    cell: str
    shows: str


@dataclass(frozen=True)
class Term:
    """A concept with its question and answer.

    Attributes
    ----------
    id : str
        Name in links, such as ``ctc`` in ``questions#term-ctc``.
    theme : str
        Heading under which it stands.
    question, term, chinese : str
        The question, the term in English and in Chinese.
    aliases : tuple of str
        Other names.
    marked : tuple of str
        The forms that the glossary marks in the text; empty for everyday words.
    asked : mapping of int to str
        Numbers of the articles' FAQ that ask for it, with the verdict on each of their answers.
    answer : str
        Two to five sentences.
    references : tuple of str
        Keys of the bibliography.
    article : Article or None
        What an article says of it.
    relevance, speech : str
        ``core``, ``useful`` or ``distant`` to recognition of speech, and why.
    where : str or None
        Chapter and heading that show it, as ``book/part/chapter#Heading``.
    demonstration : Demonstration or None
        The cell that shows it.
    related : tuple of str
        Ids of other terms.
    """

    id: str
    theme: str
    question: str
    term: str
    chinese: str
    aliases: tuple[str, ...]
    marked: tuple[str, ...]
    asked: Mapping[int, str]
    answer: str
    references: tuple[str, ...]
    article: Article | None
    relevance: str
    speech: str
    where: str | None
    demonstration: Demonstration | None
    related: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Name of its target in links."""
        return f"term-{self.id}"

    @property
    def definition(self) -> str:
        """First sentence of the answer."""
        return schema.sentences(self.answer)[0]

    def _repr_html_(self) -> str:
        name, chinese, answer = (html.escape(text) for text in (self.term, self.chinese, self.answer))
        return f'<p><strong>{name}</strong> · <span lang="zh">{chinese}</span></p><p>{answer}</p>'


def load_terms(folder: Path | None = None) -> dict[str, Term]:
    """Read and check all terms.

    Parameters
    ----------
    folder : Path, optional
        Folder of YAML files; those of the book if not given.

    Returns
    -------
    dict of str to Term
        By id, in the order of the themes.

    Raises
    ------
    TermError
        If an entry does not fit the schema; the message names file, entry and remedy.
    FileNotFoundError
        If the folder holds no YAML file.

    Examples
    --------
    >>> terms = load_terms()
    >>> sorted(terms["padding"].asked), terms["gru-d"].chinese
    ([19, 24], 'GRU-D（带衰减机制的门控循环单元）')
    """
    folder = FOLDER if folder is None else folder
    files = sorted(folder.glob("*.yml"), key=lambda file: (rank(file.stem), file.stem))
    if not files:
        raise FileNotFoundError(f"{folder} holds no YAML file of terms")
    entries = []
    for file in files:
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise TermError(f"{file.name} is not valid YAML: {error}") from None
        entries += schema.check_file(content, file.name)
    schema.check_together(entries)
    return {entry["id"]: build(entry) for entry in entries}


def rank(theme: str) -> int:
    """Tell where a theme stands; a theme of nobody's list comes last."""
    return ORDER.index(theme) if theme in ORDER else len(ORDER)


def build(entry: dict) -> Term:
    """Make a term of a checked entry."""
    aliases = tuple(entry.get("aliases", ()))
    marked = entry.get("glossary", [entry["term"], *aliases])
    article, shown = entry.get("article"), entry.get("demonstration")
    return Term(
        **{name: entry[name] for name in ("id", "theme", "question", "term", "chinese", "answer")},
        aliases=aliases,
        marked=tuple(marked or ()),
        asked=dict(entry.get("asked", {})),
        references=tuple(entry["references"]),
        article=Article(**article) if article else None,
        relevance=entry["relevance"],
        speech=entry["speech"],
        where=entry.get("where"),
        demonstration=Demonstration(**shown) if shown else None,
        related=tuple(entry["related"]),
    )


@cache
def book_terms() -> dict[str, Term]:
    """Read the terms of the book, once.

    Returns
    -------
    dict of str to Term
        By id; shared, so leave it as it is.

    Examples
    --------
    >>> len(book_terms()["pooling-layer"].asked)
    2
    """
    return load_terms()


def term(name: str) -> Term:
    """Look a term up.

    Parameters
    ----------
    name : str
        Its id, its name in English or Chinese, or an alias; case does not matter.

    Returns
    -------
    Term
        The term, which a notebook shows with its answer.

    Raises
    ------
    ValueError
        If there is no such term.

    Examples
    --------
    >>> term("dropout").definition.startswith("Dropout sets a random share")
    True
    """
    wanted = name.casefold()
    for each in book_terms().values():
        if wanted in {other.casefold() for other in (each.id, each.term, each.chinese, *each.aliases)}:
            return each
    near = sorted(each.id for each in book_terms().values() if wanted[:4] in each.id)
    raise ValueError(f"no term {name!r}; near it are {', '.join(near) or 'none'}; load_terms() has all")


def themes() -> dict[str, list[Term]]:
    """Group the terms.

    Returns
    -------
    dict of str to list of Term
        Themes in the order of the book, each with its terms.

    Examples
    --------
    >>> list(themes())[:2]
    ['Sound and features', 'Networks and layers']
    """
    groups: dict[str, list[Term]] = {}
    for each in book_terms().values():
        groups.setdefault(each.theme, []).append(each)
    return groups
