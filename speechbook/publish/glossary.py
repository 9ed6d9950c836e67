"""The glossary: mark terms in the text, and give the page's script their definitions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from speechbook import faq
from speechbook.faq import Term
from speechbook.publish.reference_pages import QUESTIONS

QUIET_PAGES = ("book/faq/", "book/appendix/")
QUIET_SECTIONS = ("Further reading", "Quiz", "Exercises", "Summary")
NO_MARKS_IN = (nodes.reference, nodes.literal, nodes.math, nodes.raw, nodes.title, nodes.table, nodes.literal_block)
DATA = "terms.js"


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("doctree-resolved", mark_terms)
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", write_definitions)


def add_scripts(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Give pages the scripts that they need, where the book has a page of questions."""
    if QUESTIONS in app.env.found_docs:
        app.add_js_file("faq.js" if page.startswith("book/faq/") else "glossary.js", loading_method="defer")
        app.add_css_file("css/terms.css")


def write_definitions(app: Sphinx, error: Exception | None) -> None:
    """Write the definitions as a script, because a page opened from a file may load scripts but fetch nothing."""
    if error is None and app.builder.format == "html" and QUESTIONS in app.env.found_docs:
        facts = {term.id: facts_of(term) for term in faq.book_terms().values()}
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
        (Path(app.outdir) / "_static" / DATA).write_text(f"globalThis.SPEECHBOOK_TERMS={text};\n", encoding="utf-8")


def facts_of(term: Term) -> dict[str, str]:
    """Choose what the page's scripts need to know of a term."""
    names = ("theme", "question", "term", "chinese", "answer", "definition")
    return {name: getattr(term, name) for name in names}


def mark_terms(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Link the first occurrence of each term in each section to its answer.

    Parameters
    ----------
    app : Sphinx
        The application.
    doctree : document
        The page; changed in place.
    page : str
        Its name.
    """
    if app.builder.format != "html" or QUESTIONS not in app.env.found_docs or page.startswith(QUIET_PAGES):
        return
    address = app.builder.get_relative_uri(page, QUESTIONS)
    marks = all_marks()
    for section in doctree.findall(nodes.section):
        if isinstance(
            section.parent, nodes.document
        ):  # the page itself: what comes before its first heading stays plain
            continue
        if isinstance(section.parent.parent, nodes.document) and section[0].astext() not in QUIET_SECTIONS:
            marks.mark(section, page, address)


@cache
def all_marks() -> Marks:
    """Prepare the marks of the book's own terms, once."""
    return Marks(faq.book_terms())


class Marks:
    """Finds the names of terms in text.

    Parameters
    ----------
    terms : dict of str to Term
        The terms.
    """

    def __init__(self, terms: dict[str, Term]) -> None:
        self.forms = {form: term for term in terms.values() for form in term.marked}
        self.folded = {form.casefold(): term for form, term in self.forms.items()}
        longest = sorted(self.forms, key=len, reverse=True)
        self.pattern = re.compile("|".join(pattern_of(form) for form in longest))

    def find(self, text: str) -> Iterator[tuple[int, int, Term]]:
        """Find names in a text.

        Parameters
        ----------
        text : str
            Prose.

        Yields
        ------
        start, end : int
            Where the name stands.
        term : Term
            What it names.
        """
        for match in self.pattern.finditer(text):
            name = match[0].casefold()
            yield match.start(), match.end(), self.folded.get(name) or self.folded[name.removesuffix("s")]

    def mark(self, section: nodes.section, page: str, address: str) -> None:
        """Mark a section.

        Parameters
        ----------
        section : section
            Changed in place, with the sections inside it.
        page : str
            Name of its page.
        address : str
            Of the page of questions, as seen from there.
        """
        headings = {f"{page}#{part[0].astext()}" for part in section.findall(nodes.section)}
        seen = {term.id for term in self.forms.values() if term.where in headings}  # taught here
        for text in list(section.findall(nodes.Text)):
            if not readable(text, section):
                continue
            parts, done = [], 0
            for start, end, term in self.find(text):
                if term.id not in seen:
                    seen.add(term.id)
                    link = nodes.reference("", text[start:end], internal=True, refuri=f"{address}#{term.anchor}")
                    link["classes"].append("sb-term")
                    parts += [nodes.Text(text[done:start]), link]
                    done = end
            if parts:
                text.parent.replace(text, [part for part in [*parts, nodes.Text(text[done:])] if part.astext()])


def readable(text: nodes.Text, section: nodes.section) -> bool:
    """Tell whether a text is prose: no heading, code, formula, link, table or output of a cell."""
    node, prose = text.parent, False
    while node is not section:
        if isinstance(node, NO_MARKS_IN) or {"cell", "cell_output"} & set(node.get("classes", ())):
            return False
        prose = prose or isinstance(node, nodes.paragraph)
        node = node.parent
    return prose


def pattern_of(form: str) -> str:
    """Write a pattern for a name.

    Parameters
    ----------
    form : str
        A name; with more than one capital in a row, or a digit, only as it stands.

    Returns
    -------
    str
        A regular expression for whole words, in the singular or the plural, that may begin with a capital.

    Examples
    --------
    >>> [bool(re.search(pattern_of("word error rate"), text)) for text in ("Word error rates", "word error rated")]
    [True, False]
    >>> [bool(re.search(pattern_of("VAD"), text)) for text in ("a VAD", "vad", "NVAD")]
    [True, False, False]
    """
    first, rest = re.escape(form[0]), re.escape(form[1:]).replace(r"\ ", r"\s")
    if form[0].islower():
        first = f"[{form[0]}{form[0].upper()}]"
    return rf"(?<![\w-]){first}{rest}s?(?![\w-])"
