"""Mend what the theme and its friends write: small, separate changes to the text of a finished page."""

from __future__ import annotations

import re

# Light or dark before the first paint, also where the browser keeps nothing
THEME_SCRIPT = """<script>
    (function (page) {
      var mode = "auto";
      try { mode = localStorage.getItem("mode") || mode; } catch (error) { /* storage is switched off */ }
      page.mode = mode;
      page.theme = mode !== "auto" ? mode : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    })(document.documentElement.dataset);
  </script>"""

RECORD = (
    r'<div class="output text_plain[^"]*"><div class="highlight"><pre><span></span>[a-z0-9]+(?:-[a-z0-9]+)* = [^<]*'
    r"</pre></div>\s*</div>\s*"
)
"""A line that `results.record` leaves under a cell."""

FEWEST_TO_FOLD = 4

VIEW = r'<script type="application/vnd\.jupyter\.widget-view\+json">'
NOSCRIPT = (
    "<noscript><p><strong>Here is something to try out, which needs JavaScript.</strong> Allow it for this page in the "
    "browser’s settings and load the page again; no other host is asked for anything.</p></noscript>"
)


def refine(page: str) -> str:
    """Apply every change to one page.

    Parameters
    ----------
    page : str
        HTML as Sphinx wrote it.

    Returns
    -------
    str
        HTML that is valid, light and accessible.
    """
    for change in (
        set_theme_at_once,
        say_what_needs_scripts,
        drop_heavy_scripts,
        drop_repeated_lines,
        plain_summaries,
        name_solutions,
        mark_articles,
        fold_records,
        frame_figures,
        name_landmarks,
    ):
        page = change(page)
    return page


def set_theme_at_once(page: str) -> str:
    """Put a script that decides between light and dark in the place of the theme's, which leaves it open at first.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        HTML.
    """
    page = re.sub(r'<script data-cfasync="false">.*?</script>', THEME_SCRIPT, page, count=1, flags=re.DOTALL)
    return page.replace(' data-theme="auto"', "", 1)


def say_what_needs_scripts(page: str) -> str:
    """Tell readers whose browser runs no JavaScript what is missing, unless the page has words of its own for them.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> view = '<script type="application/vnd.jupyter.widget-view+json">{}</script>'
    >>> say_what_needs_scripts(view).startswith(view + "<noscript><p>")
    True
    >>> say_what_needs_scripts("<noscript>Allow it.</noscript>" + view).count("noscript")
    2
    """
    if "<noscript" in page:
        return page
    return re.sub(rf"({VIEW}.*?</script>)", rf"\1{NOSCRIPT}", page, flags=re.DOTALL)


def drop_heavy_scripts(page: str) -> str:
    """Leave out scripts that a page can do without, which are most of what the theme would load.

    The icon library is half a megabyte, and the book has its own few icons; nothing here drops down or pops up the way
    of Bootstrap; searching can wait until somebody searches, and formulas are set where there are any.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> drop_heavy_scripts('<script defer src="_static/scripts/fontawesome.js?digest=1"></script><p>x</p>')
    '<p>x</p>'
    """
    unwanted = ["scripts/fontawesome", "scripts/bootstrap"]
    if "Search.setIndex" not in page and 'id="search-results"' not in page:
        unwanted += ["searchtools", "language_data", "searchindex"]
    if not re.search(r'class="(math|output text_latex)\b', page):
        unwanted += ["tex-mml-chtml"]
    named = r'"[^"]*(' + "|".join(unwanted) + r')\.js[^"]*"'
    return re.sub(rf"\s*(<script[^>]* src={named}[^>]*></script>|<link[^>]* href={named}[^>]*>)", "", page)


def slim_styles(sheet: str) -> str:
    """Leave out the two thousand icons of the theme's style sheet, a third of its weight.

    Parameters
    ----------
    sheet : str
        CSS, minified.

    Returns
    -------
    str
        CSS.

    Examples
    --------
    >>> slim_styles('.fade{opacity:0}.fa-ear:before,.fa-eye{--fa:"x"}@font-face{font-family:"Font Awesome 6 Free"}p{}')
    '.fade{opacity:0}p{}'
    """
    icon = r"\.fa(?:[srlbd]|-[\w-]+)?(?:::?\w+)?"
    sheet = re.sub(rf"(?<=[}}/]){icon}(?:,{icon})*\{{[^{{}}]*\}}", "", sheet)
    return re.sub(r"@font-face\{[^{}]*Font ?Awesome[^{}]*\}", "", sheet)


def drop_repeated_lines(page: str) -> str:
    """Keep the first of several equal settings.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        HTML.
    """
    seen = set()

    def first_only(match: re.Match) -> str:
        return "" if match[1] in seen or seen.add(match[1]) else match[0]

    return re.sub(r'\s*<meta name="(viewport)"[^>]*>', first_only, page)


def plain_summaries(page: str) -> str:
    """Turn paragraphs inside ``<summary>`` into spans, and let its name be what it shows.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> plain_summaries('<summary aria-label="Toggle"><p>Show</p></summary><p>x</p>')
    '<summary><span>Show</span></summary><p>x</p>'
    """

    def mend(match: re.Match) -> str:
        summary = re.sub(r"<(/?)p\b", r"<\1span", match[0])
        return re.sub(r'^(<summary\b[^>]*?) aria-label="[^"]*"', r"\1", summary)

    return re.sub(r"<summary\b.*?</summary>", mend, page, flags=re.DOTALL)


def name_solutions(page: str) -> str:
    """Say of a hidden solution what it is.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        HTML.
    """
    cell = r'(<div class="cell [^"]*\btag_solution\b.*?</summary>)'
    words = {"Show code cell content": "Show a solution", "Hide code cell content": "Hide the solution"}
    page = re.sub(cell, lambda match: replace_all(match[0], words), page, flags=re.DOTALL)
    return replace_all(page, {"Show code cell source": "Show the code", "Hide code cell source": "Hide the code"})


def replace_all(text: str, words: dict[str, str]) -> str:
    """Replace several words in a text."""
    for old, new in words.items():
        text = text.replace(old, new)
    return text


def mark_articles(page: str) -> str:
    """Give the notes about the source articles a class of their own.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        HTML.
    """
    return re.sub(
        r"<blockquote>(\s*<div>\s*<p><strong>What the articles say)", r'<blockquote class="sb-articles">\1', page
    )


def frame_figures(page: str) -> str:
    r"""Put a frame around each figure of a code cell, so that a narrow screen can scroll it.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        HTML. The theme's script makes frames that scroll reachable by keyboard, because of the class ``output``.

    Examples
    --------
    >>> frame_figures('<div class="cell_output">\n<img alt="A wave" src="_images/1.png" />')
    '<div class="cell_output">\n<div class="output sb-figure"><img alt="A wave" src="_images/1.png" /></div>'
    """
    return re.sub(r'(?<=\n)<img [^>]*src="[^"]*_images/[^>]*>', r'<div class="output sb-figure">\g<0></div>', page)


def fold_records(page: str) -> str:
    """Fold four and more numbers for the ledger in a row into one line that opens; the prose tells those that matter.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> line = '<div class="output text_plain"><div class="highlight"><pre><span></span>a-{} = 1 %</pre></div></div>'
    >>> fold_records("".join(map(line.format, range(3)))).count("details")
    0
    >>> fold_records("".join(map(line.format, range(5)))).count("Show 5 measured numbers")
    1
    """

    def fold(run: re.Match) -> str:
        name = f"{len(re.findall(RECORD, run[0]))} measured numbers"
        summary = f'<span class="collapsed">Show {name}</span><span class="expanded">Hide {name}</span>'
        return f'<details class="hide sb-records"><summary>{summary}</summary>{run[0]}</details>'

    return re.sub(f"(?:{RECORD}){{{FEWEST_TO_FOLD},}}", fold, page)


def name_landmarks(page: str) -> str:
    """Make the sidebar a landmark, so that everything on the page lies in one.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        HTML.
    """
    sidebar = '<div id="pst-primary-sidebar"'
    return page.replace(sidebar, f'{sidebar} role="complementary" aria-label="Book"', 1)
