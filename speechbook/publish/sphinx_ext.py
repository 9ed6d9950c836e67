"""What the pages get beyond Jupyter Book: a security policy, descriptions, the ledger's table, and mended HTML."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective

from speechbook.publish import glossary, progress, reference_pages
from speechbook.publish.refine import refine, slim_styles
from speechbook.results import CORPORA, Record

# No page may ask another host for anything, so a recording cannot leave it. Widgets and the theme need inline scripts
# and styles; widget modules, audio worklets and players are blobs.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'unsafe-inline' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "base-uri": "'none'",
    "form-action": "'self'",
}
UNUSED = ("*macros.html", "scripts/fontawesome.js*", "scripts/bootstrap.js*", "images/logo_*")
DESCRIPTION_LENGTH = 200
COLUMNS = ("Number", "Value", "Band", "Corpus", "Measured on", "Seed", "Seconds")
CORPUS_NAMES = {"fsdd": "FSDD", "voices": "voices", "": "any"}


def setup(app: Sphinx) -> dict:
    """Register everything with Sphinx.

    Parameters
    ----------
    app : Sphinx
        The application.

    Returns
    -------
    dict
        What Sphinx wants to know about an extension.
    """
    app.connect("config-inited", add_templates)
    app.add_config_value("ledger_file", "_build/ledger.json", "env", str)
    app.add_directive("ledger-table", LedgerTable)
    app.add_directive("faq-terms", reference_pages.TermList)
    app.add_directive("term-index", reference_pages.TermIndex)
    app.add_directive("reference-list", reference_pages.ReferenceList)
    app.add_directive("flash-cards", reference_pages.FlashCards)
    glossary.setup(app)
    progress.setup(app)
    app.connect("html-page-context", add_metadata)
    app.connect("html-page-context", choose_buttons, priority=900)
    app.connect("build-finished", refine_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def add_templates(app: Sphinx, config: Config) -> None:
    """Let the templates beside this module take the place of the theme's."""
    config.templates_path.append(str(Path(__file__).parent / "templates"))


def choose_buttons(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Replace the theme's menus of buttons above a page by a few plain ones."""
    groups = {button.get("label"): button.get("buttons", [button]) for button in context.get("header_buttons", ())}
    buttons = []
    for launch in groups.get("launch-buttons", ()):
        buttons.append({**launch, "tooltip": "Run this chapter in Google Colab", "icon": "fa-solid fa-play"})
    if context.get("sourcename", "").endswith(".ipynb"):
        address = f"{context['pathto']('_sources', 1)}/{context['sourcename']}"
        buttons.append(link_button(address, "Download this chapter as a notebook", "fa-solid fa-download", "Notebook"))
    if repository := app.config.html_theme_options.get("repository_url"):
        buttons.append(link_button(repository, "The book's repository", "fa-brands fa-github"))
    context["header_buttons"] = buttons


def link_button(url: str, tooltip: str, icon: str, text: str | None = None) -> dict:
    """Describe a button to the theme: one that opens an address."""
    return {"type": "link", "url": url, "tooltip": tooltip, "icon": icon, "text": text}


def add_metadata(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Put the security policy and the page's description into its head."""
    policy = "; ".join(f"{name} {value}" for name, value in POLICY.items())
    title = nodes_text(context.get("title", "")) or app.config.html_title
    about = {"og:site_name": app.config.html_title, "og:title": title, "og:type": "article"}
    tags = [f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}" />']
    if description := describe(doctree):
        tags.append(f'<meta name="description" content="{html.escape(description)}" />')
        about["og:description"] = description
    tags += [f'<meta property="{name}" content="{html.escape(value)}" />' for name, value in about.items()]
    context["metatags"] = "\n    ".join(["", *tags, context.get("metatags", "")])


def nodes_text(title: str) -> str:
    """Strip the tags from a page title."""
    return html.unescape("".join(part.split(">")[-1] for part in title.split("<")))


def describe(doctree: nodes.document | None) -> str:
    """Take a page's first paragraph as its description.

    Parameters
    ----------
    doctree : document or None
        The parsed page; pages such as the search have none.

    Returns
    -------
    str
        At most 200 characters, cut between words.

    Examples
    --------
    >>> describe(None)
    ''
    """
    paragraphs = doctree.findall(nodes.paragraph) if doctree is not None else ()
    text = next((paragraph.astext() for paragraph in paragraphs if paragraph.astext().strip()), "")
    text = " ".join(text.split())
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    return text[: DESCRIPTION_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:–") + "…"


def refine_pages(app: Sphinx, error: Exception | None) -> None:
    """Drop the theme's files that no page uses, and mend the HTML of every page, once all have been written."""
    if error is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    for folder in ("locales", "vendor/fontawesome"):
        shutil.rmtree(static / folder, ignore_errors=True)
    for pattern in UNUSED:
        for path in static.glob(pattern):
            path.unlink()
    theme = static / "styles" / "pydata-sphinx-theme.css"
    theme.write_text(slim_styles(theme.read_text(encoding="utf-8")), encoding="utf-8")
    for path in Path(app.outdir).rglob("*.html"):
        path.write_text(refine(path.read_text(encoding="utf-8")), encoding="utf-8")


class LedgerTable(SphinxDirective):
    """``{ledger-table}``: every recorded number, chapter by chapter, each row a target for links in prose."""

    def run(self) -> list[nodes.Node]:
        """Build the tables.

        Returns
        -------
        list of nodes
            For each chapter a link to it and its table.
        """
        file = Path(self.env.srcdir) / self.config.ledger_file
        rows = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
        self.env.note_dependency(str(file))
        if not rows:
            return [nodes.paragraph("", "No number has been recorded yet.")]
        chapters = dict.fromkeys(row["chapter"] for row in rows)
        return [part for chapter in chapters for part in self.chapter(chapter, rows)]

    def chapter(self, chapter: str | None, rows: list[dict]) -> Iterator[nodes.Node]:
        """Show the numbers of one chapter."""
        heading = nodes.paragraph(classes=["sb-ledger-chapter"])
        heading += self.link(chapter) if chapter else nodes.Text("Not measured yet")
        yield heading
        table = nodes.table(classes=["sb-ledger"])
        group = nodes.tgroup(cols=len(COLUMNS))
        group += [nodes.colspec(colwidth=1) for _ in COLUMNS]
        group += nodes.thead("", table_row(COLUMNS))
        body = nodes.tbody()
        for row in rows:
            if row["chapter"] == chapter:
                body += [self.target(row["key"], names, cells) for names, cells in ledger_lines(row)]
        group += body
        table += group
        yield table

    def link(self, chapter: str) -> addnodes.pending_xref:
        """Link to a chapter by its title."""
        options = {"refdomain": "std", "reftype": "doc", "refexplicit": False, "refwarn": True}
        return addnodes.pending_xref(
            "", nodes.inline("", chapter), reftarget=f"/{chapter}", refdoc=self.env.docname, **options
        )

    def target(self, key: str, names: list[str], cells: list[str]) -> nodes.row:
        """Make one line of the table that prose can link to under each of its names."""
        line = table_row(cells)
        line["ids"] = names[:1]
        line[0][0]["ids"] = names[1:]
        for name in names:
            self.env.get_domain("std").note_hyperlink_target(name, self.env.docname, name, key)
        return line


def ledger_lines(row: dict) -> Iterator[tuple[list[str], list[str]]]:
    """Spell out one number of the ledger, once for each corpus that it depends on.

    Parameters
    ----------
    row : dict
        One entry of the ledger's file.

    Yields
    ------
    names : list of str
        Names under which prose links to the line.
    cells : list of str
        Its cells, in the order of `COLUMNS`.

    Examples
    --------
    >>> row = {"key": "n", "what": "Frames a second", "bands": {"fsdd": [99, 101], "voices": [99, 101]}}
    >>> record = {"key": "n", "value": 100, "unit": "frames"}
    >>> list(ledger_lines({**row, "records": {"fsdd": record}}))
    [(['num-n', 'num-n-voices'], ['Frames a second', '100 frames', '99 to 101 frames', 'any', '', '', ''])]
    """
    records = {corpus: Record(**facts) for corpus, facts in row["records"].items()}
    names = {"fsdd": f"num-{row['key']}", "voices": f"num-{row['key']}-voices"}
    same = row["bands"]["fsdd"] == row["bands"]["voices"] and not any(record.corpus for record in records.values())
    for corpus in CORPORA[:1] if same else CORPORA:
        record = next(iter(records.values()), None) if same else records.get(corpus)
        unit = next((known.unit for known in records.values()), "")
        cells = [row["what"], minus(record.text) if record else "not run", band_text(*row["bands"][corpus], unit)]
        cells += [CORPUS_NAMES["" if same else corpus]]
        cells += [record.split, optional(record.seed), optional(record.seconds, ".1f")] if record else ["", "", ""]
        yield (list(names.values()) if same else [names[corpus]]), cells


def band_text(low: float, high: float, unit: str) -> str:
    """Write a band with its unit.

    Parameters
    ----------
    low, high : float
        Its ends; shares as fractions of one.
    unit : str
        As in the ledger, ``"%"`` for shares.

    Returns
    -------
    str
        Such as ``"60 to 75 %"``.

    Examples
    --------
    >>> band_text(0.6, 0.75, "%"), band_text(-39, -38.5, "dB"), band_text(3, 3, "")
    ('60 to 75 %', '−39 to −38.5 dB', '3')
    """
    factor = 100 if unit == "%" else 1
    ends = dict.fromkeys(f"{factor * end:,.6g}" for end in (low, high))
    return minus(" to ".join(ends) + f" {unit}").strip()


def minus(text: str) -> str:
    """Write negative numbers with a minus sign instead of a hyphen."""
    return re.sub(r"(?<![\w-])-(?=\d)", "−", text)


def optional(value: float | None, form: str = "") -> str:
    """Write a number, or nothing where there is none."""
    return "" if value is None else format(value, form)


def table_row(cells: list[str] | tuple[str, ...]) -> nodes.row:
    """Make a row of plain text cells."""
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in cells))
