"""What an entry of the terms must look like, and errors that say how to mend it."""

from __future__ import annotations

import re

TEXTS = ("id", "question", "term", "chinese", "answer", "relevance", "speech")
LISTS = ("references", "related")
OPTIONAL = ("aliases", "glossary", "asked", "article", "where", "demonstration")
RELEVANCE = ("core", "useful", "distant")
VERDICTS = ("right", "imprecise", "wrong")
QUESTIONS = range(1, 86)  # article A numbers them so
PARTS = {"article": {"says", "wrong"}, "demonstration": {"chapter", "cell", "shows"}}


class TermError(ValueError):
    """An entry of the terms does not fit; the message says what came, what was expected and where."""


def sentences(text: str) -> list[str]:
    """Split a text into sentences.

    Parameters
    ----------
    text : str
        Prose; a full stop, question or exclamation mark before a capital or a digit ends a sentence.

    Returns
    -------
    list of str
        Sentences without the spaces between them.

    Examples
    --------
    >>> sentences("wav2vec 2.0 learns. It masks frames.")
    ['wav2vec 2.0 learns.', 'It masks frames.']
    """
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9\"])", text.strip()) if part.strip()]


def check_file(content: object, name: str) -> list[dict]:
    """Check one file of terms.

    Parameters
    ----------
    content : object
        What YAML gave.
    name : str
        Name of the file, for the errors.

    Returns
    -------
    list of dict
        Its entries, each with its theme.

    Raises
    ------
    TermError
        If something does not fit.

    Examples
    --------
    >>> check_file({"terms": []}, "sound.yml")
    Traceback (most recent call last):
    speechbook.faq.schema.TermError: sound.yml: expected the keys theme (text) and terms (list), got terms
    """
    if not isinstance(content, dict) or set(content) != {"theme", "terms"} or not isinstance(content["terms"], list):
        got = ", ".join(map(str, content)) if isinstance(content, dict) else type(content).__name__
        raise TermError(f"{name}: expected the keys theme (text) and terms (list), got {got}")
    for number, entry in enumerate(content["terms"], 1):
        if not isinstance(entry, dict):
            raise TermError(f"{name}: entry {number} is no mapping but {entry!r}")
        check_entry(entry, f"{name}: {entry.get('id', f'entry {number}')}")
    return [{**entry, "theme": content["theme"]} for entry in content["terms"]]


def check_entry(entry: dict, where: str) -> None:
    """Check one entry on its own.

    Parameters
    ----------
    entry : dict
        The entry.
    where : str
        File and id, for the errors.

    Raises
    ------
    TermError
        If something does not fit.
    """
    known = {*TEXTS, *LISTS, *OPTIONAL}
    if missing := [key for key in (*TEXTS, *LISTS) if key not in entry]:
        raise TermError(f"{where} lacks {', '.join(missing)}")
    if strange := [str(key) for key in entry if key not in known]:
        raise TermError(f"{where} has the unknown key {', '.join(strange)}; known are {', '.join(sorted(known))}")
    for key in TEXTS:
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise TermError(f"{where}: {key} must be a text, got {entry[key]!r}; quote it if it looks like a number")
    for key in (*LISTS, "aliases"):
        check_list(entry.get(key, []), f"{where}: {key}")
    if entry.get("glossary") is not False:
        check_list(entry.get("glossary", []), f"{where}: glossary")
    check_values(entry, where)
    check_parts(entry, where)


def check_values(entry: dict, where: str) -> None:
    """Check what is limited to some values or to a form."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["id"]):
        raise TermError(f"{where}: the id must be small letters, digits and hyphens, got {entry['id']!r}")
    if not entry["question"].endswith("?"):
        raise TermError(f"{where}: the question must end with a question mark, got {entry['question']!r}")
    if entry["relevance"] not in RELEVANCE:
        raise TermError(f"{where}: relevance must be {', '.join(RELEVANCE)}, got {entry['relevance']!r}")
    count = len(sentences(entry["answer"]))
    if not 2 <= count <= 5:
        raise TermError(f"{where}: the answer must have two to five sentences, got {count}")
    if not entry["references"]:
        raise TermError(f"{where} has no reference; give the key of an entry of the bibliography")


def check_parts(entry: dict, where: str) -> None:
    """Check what is itself made of parts."""
    for key, parts in PARTS.items():
        if key in entry and (not isinstance(entry[key], dict) or set(entry[key]) != parts):
            raise TermError(f"{where}: {key} must have the keys {', '.join(sorted(parts))}, got {entry[key]!r}")
    asked = entry.get("asked", {})
    if not isinstance(asked, dict) or any(n not in QUESTIONS or v not in VERDICTS for n, v in asked.items()):
        raise TermError(f"{where}: asked maps numbers from 1 to 85 to {', '.join(VERDICTS)}, got {asked!r}")
    if asked and "article" not in entry:
        raise TermError(f"{where} is asked by the articles: say under article what they say and what is wrong")
    if "where" in entry and not re.fullmatch(r"book/\w+/\w+#.+", str(entry["where"])):
        raise TermError(f"{where}: where must be book/part/chapter#Heading, got {entry['where']!r}")


def check_list(value: object, where: str) -> None:
    """Check a list of texts without repetition."""
    if not isinstance(value, list) or any(not isinstance(each, str) or not each for each in value):
        raise TermError(f"{where} must be a list of texts, got {value!r}")
    if len(set(value)) < len(value):
        raise TermError(f"{where} names something twice: {', '.join(value)}")


def check_together(entries: list[dict]) -> None:
    """Check what entries must agree on.

    Parameters
    ----------
    entries : list of dict
        All entries.

    Raises
    ------
    TermError
        If an id, a name or a number of the FAQ occurs twice, or a related term does not exist.

    Examples
    --------
    >>> check_together([{"id": "a", "term": "A", "related": ["b"]}])
    Traceback (most recent call last):
    speechbook.faq.schema.TermError: a: there is no related term b
    """
    ids = [entry["id"] for entry in entries]
    names = [name.casefold() for entry in entries for name in (entry["term"], *entry.get("aliases", []))]
    numbers = [str(number) for entry in entries for number in entry.get("asked", {})]
    for what, values in (("id", ids), ("name", names), ("FAQ number", numbers)):
        if twice := sorted({value for value in values if values.count(value) > 1}):
            raise TermError(f"the {what} {', '.join(twice)} occurs twice; keep one of them")
    for entry in entries:
        for other in entry["related"]:
            if other not in ids or other == entry["id"]:
                raise TermError(f"{entry['id']}: there is no related term {other}")
