"""Pages made of data: questions and answers, the index of terms, the bibliography, and a place for the flash cards."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from speechbook import faq
from speechbook.faq import Term
from speechbook.publish.bibliography import Work, match, read_bibliography

QUESTIONS = "book/faq/questions"
BIBLIOGRAPHY = "book/appendix/bibliography"
BIBLIOGRAPHY_FILE = "book/references.bib"
RELEVANCE = {
    "core": "At the core of recognition",
    "useful": "Useful for recognition",
    "distant": "Far from recognition",
}


class PageDirective(SphinxDirective):
    """What the directives here share: links to places in the book."""

    def works(self) -> dict[str, Work]:
        """Read the bibliography."""
        file = Path(self.env.srcdir) / BIBLIOGRAPHY_FILE
        self.env.note_dependency(str(file))
        return read_bibliography(file) if file.is_file() else {}

    def page_link(self, page: str, text: str | None = None) -> nodes.Node:
        """Link to a page by its title, or by other words; as plain text where the book has no such page."""
        if page not in self.env.found_docs:
            return nodes.Text(text or page)
        options = {"refdomain": "std", "reftype": "doc", "refexplicit": text is not None, "refwarn": True}
        content = nodes.inline("", text or page)
        return addnodes.pending_xref("", content, reftarget=f"/{page}", refdoc=self.env.docname, **options)

    def place_link(self, page: str, anchor: str, text: str) -> nodes.Node:
        """Link to a place in a page; as plain text where the book has no such page."""
        if page not in self.env.found_docs:
            return nodes.Text(text)
        builder = self.env.app.builder
        address = "" if page == self.env.docname else builder.get_relative_uri(self.env.docname, page)
        return nodes.reference("", text, internal=True, refuri=f"{address}#{anchor}")

    def target(self, node: nodes.Element, name: str, text: str) -> nodes.Element:
        """Make a node a place that Markdown can link to by its name."""
        node["ids"].append(name)
        self.env.get_domain("std").note_hyperlink_target(name, self.env.docname, name, text)
        return node


def section_anchor(heading: str) -> str:
    """Compute the anchor that Sphinx gives a heading.

    Parameters
    ----------
    heading : str
        Its text.

    Returns
    -------
    str
        Small letters, digits and hyphens.

    Examples
    --------
    >>> section_anchor("Deltas: how it moves")
    'deltas-how-it-moves'
    """
    return nodes.make_id(heading)


def section_of(notebook: Path, cell: str) -> str:
    """Find the heading under which a cell of a notebook stands.

    Parameters
    ----------
    notebook : Path
        A chapter.
    cell : str
        The id of one of its cells.

    Returns
    -------
    str
        The last heading of the second level before the cell; empty where there is none, or no such cell or chapter.
    """
    heading = ""
    if notebook.suffix == ".ipynb" and notebook.is_file():
        for each in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if each.get("id") == cell:
                return heading
            if each["cell_type"] == "markdown":
                inside = re.findall(r"^## (.+)$", "".join(each["source"]), re.MULTILINE)
                heading = inside[-1].strip() if inside else heading
    return ""


class TermList(PageDirective):
    """``{faq-terms} THEME``: every term of a theme with its question and answer."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Build the entries.

        Returns
        -------
        list of nodes
            One container a term.
        """
        themes = faq.themes()
        if self.arguments[0] not in themes:
            raise self.error(f"there is no theme {self.arguments[0]!r}; there are {', '.join(themes)}")
        terms, works = faq.book_terms(), self.works()
        for file in Path(faq.__file__).parent.glob("*.yml"):
            self.env.note_dependency(str(file))
        return [self.entry(term, terms, works) for term in themes[self.arguments[0]]]

    def entry(self, term: Term, terms: dict[str, Term], works: dict[str, Work]) -> nodes.container:
        """Build one entry."""
        box = nodes.container(classes=["sb-entry", f"sb-{term.relevance}"])
        self.target(box, term.anchor, term.question)
        heading = nodes.rubric("", term.question, level=3)  # MyST makes a heading of it, outside the page's outline
        names = nodes.paragraph("", f"{term.term} · ", classes=["sb-names"])
        names += chinese(term.chinese)
        if term.aliases:
            names += nodes.Text(" · " + ", ".join(term.aliases))
        box += [heading, names, nodes.paragraph("", term.answer)]
        if term.article:
            box += article_note(term)
        facts = nodes.bullet_list(classes=["sb-facts"])
        facts += item(RELEVANCE[term.relevance], [nodes.Text(term.speech)])
        facts += self.shown(term)
        facts += item("Sources", commas(self.source_link(key, works) for key in term.references))
        if term.related:
            near = (self.place_link(QUESTIONS, terms[other].anchor, terms[other].term) for other in term.related)
            facts += item("See also", commas(near))
        box += facts
        return box

    def shown(self, term: Term) -> list[nodes.Node]:
        """Say where the book shows a term, and which code does."""
        lines = []
        if term.where:
            page, _, heading = term.where.partition("#")
            lines.append(item("In the book", self.place_in_book(page, heading)))
        if shown := term.demonstration:
            heading = section_of(Path(self.env.doc2path(shown.chapter)), shown.cell)
            place = self.place_in_book(shown.chapter, heading)
            lines.append(item("Try it", [nodes.Text(f"{shown.shows} ("), *place, nodes.Text(")")]))
        return lines

    def place_in_book(self, page: str, heading: str) -> list[nodes.Node]:
        """Link to a section and name its chapter."""
        if not heading:
            return [self.page_link(page)]
        return [self.place_link(page, section_anchor(heading), heading), nodes.Text(" in "), self.page_link(page)]

    def source_link(self, key: str, works: dict[str, Work]) -> nodes.Node:
        """Link to an entry of the bibliography."""
        if key not in works:
            raise self.error(f"the bibliography has no {key}")
        return self.place_link(BIBLIOGRAPHY, f"ref-{key}", short_name(works[key]))


def short_name(work: Work) -> str:
    """Cite a work as prose does.

    Examples
    --------
    >>> short_name(Work("davis1980", ("Davis", "Mermelstein"), "1980", "", "", None))
    'Davis & Mermelstein (1980)'
    """
    first = work.families[0] if len(work.families) == 1 else " & ".join(work.families[:2])
    names = f"{work.families[0]} et al." if len(work.families) > 2 else first
    return f"{names} ({work.year})"


def chinese(text: str) -> nodes.raw:
    """Mark Chinese as Chinese, for readers who hear it."""
    return nodes.raw("", f'<span lang="zh">{html.escape(text)}</span>', format="html")


def item(name: str, content: Iterable[nodes.Node]) -> nodes.list_item:
    """Make a line of facts."""
    return nodes.list_item("", nodes.paragraph("", "", nodes.strong("", name), nodes.Text(": "), *content))


def commas(parts: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Put commas between nodes."""
    return [node for number, part in enumerate(parts) for node in ([nodes.Text(", ")] if number else []) + [part]]


def article_note(term: Term) -> list[nodes.Node]:
    """Say what the articles say, and what is wrong with it."""
    numbers = [f"{number} ({verdict})" for number, verdict in term.asked.items()]
    asked = f" Question{'s' * (len(numbers) > 1)} {', '.join(numbers)}." if numbers else ""
    says = nodes.paragraph(
        "", "", nodes.strong("", "What the articles say."), nodes.Text(f"{asked} {term.article.says}")
    )
    return [nodes.container("", says, nodes.paragraph("", term.article.wrong), classes=["sb-note"])]


class TermIndex(PageDirective):
    """``{term-index} english`` or ``{term-index} chinese``: every name of every term, sorted."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build the list.

        Returns
        -------
        list of nodes
            A list of links.
        """
        terms = faq.book_terms().values()
        if self.arguments[0] == "chinese":
            lines = nodes.bullet_list(classes=["sb-index"])
            for term in sorted(terms, key=lambda term: pinyin_order(term.chinese)):
                link = self.place_link(QUESTIONS, term.anchor, term.term)
                lines += nodes.list_item("", nodes.paragraph("", "", chinese(term.chinese), nodes.Text(" "), link))
            return [lines]
        names: dict[str, tuple[str, Term]] = {}
        for term in terms:
            for name in (term.term, *term.aliases):
                names.setdefault(spelling(name), (name, term))
        letters = {letter: list(group) for letter, group in groupby(sorted(names), key=lambda name: name[0])}
        jumps = [nodes.reference("", letter.upper(), internal=True, refuri=f"#index-{letter}") for letter in letters]
        box = nodes.container(classes=["sb-index"])
        for letter, group in letters.items():
            box += nodes.rubric("", letter.upper(), ids=[f"index-{letter}"], level=3)
            box += nodes.bullet_list("", *(self.line(*names[key]) for key in group))
        spaced = [node for jump in jumps for node in (jump, nodes.Text(" "))]
        return [nodes.paragraph("", "", *spaced, classes=["sb-letters"]), box]

    def line(self, name: str, term: Term) -> nodes.list_item:
        """Link a name to its term, which is named too if it has another name."""
        note = "" if name == term.term else f" ({term.term})"
        link = self.place_link(QUESTIONS, term.anchor, name)
        return nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(note)))


def spelling(name: str) -> str:
    """Reduce a name to what is the same in all its spellings.

    Examples
    --------
    >>> spelling("Back-propagation"), spelling("normalization") == spelling("normalisation")
    ('backpropagation', True)
    """
    return re.sub(r"[\W_]", "", name).casefold().replace("ization", "isation")


def pinyin_order(text: str) -> tuple[bool, bytes]:
    """Sort Chinese by its sound, with Latin letters first.

    GB 18030, like its forerunner, has the usual characters in the order of pinyin.

    Examples
    --------
    >>> sorted(["注意力机制", "Adam", "填充", "门控"], key=pinyin_order)
    ['Adam', '门控', '填充', '注意力机制']
    """
    return not text[0].isascii(), text.casefold().encode("gb18030")


class ReferenceList(PageDirective):
    """``{reference-list}``: every entry of the bibliography, with the chapters and terms that cite it."""

    def run(self) -> list[nodes.Node]:
        """Build the list.

        Returns
        -------
        list of nodes
            One paragraph an entry.
        """
        works = self.works()
        chapters: dict[str, list[str]] = {key: [] for key in works}
        for page in sorted(self.env.found_docs):
            source = Path(self.env.doc2path(page))
            if source.suffix == ".ipynb":
                self.env.note_dependency(str(source))
                for key in match(source, works)[0]:
                    chapters[key].append(page)
        terms = faq.book_terms().values()
        citing = {key: [term for term in terms if key in term.references] for key in works}
        return [self.entry(work, chapters[work.key], citing[work.key]) for work in works.values()]

    def entry(self, work: Work, pages: list[str], terms: list[Term]) -> nodes.container:
        """Build one entry."""
        line = nodes.paragraph("", "", *emphasised(work.reference), nodes.Text(" "))
        if work.link:
            text, address = work.link
            line += nodes.reference("", text, refuri=address) if address else nodes.Text(f"{text}.")
        cited = [self.page_link(page) for page in pages]
        cited += [self.place_link(QUESTIONS, term.anchor, term.term) for term in terms]
        box = nodes.container("", line, classes=["sb-reference"])
        if cited:
            box += nodes.paragraph("", "", nodes.Text("Cited in "), *commas(cited), classes=["sb-cited"])
        return self.target(box, f"ref-{work.key}", work.title)


def emphasised(text: str) -> list[nodes.Node]:
    """Turn asterisks into emphasis."""
    parts = re.split(r"\*([^*]+)\*", text)
    return [nodes.emphasis("", part) if number % 2 else nodes.Text(part) for number, part in enumerate(parts) if part]


class FlashCards(PageDirective):
    """``{flash-cards}``: where the page's script puts the cards."""

    def run(self) -> list[nodes.Node]:
        """Build the place, with a word for readers without JavaScript."""
        link = self.place_link(QUESTIONS, "", "The list of questions")
        note = nodes.paragraph("", "", link, nodes.Text(" works without JavaScript; the cards need it."))
        return [nodes.container("", note, ids=["the-cards"])]
