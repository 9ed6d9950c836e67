"""Fixtures that several test modules use."""

import re

import pytest

from tests.browser import CHROMIUM_ARGUMENTS, find_chromium, serve, visit
from tests.widget_pages import write_page

QUIZ = """
- question: Which window has `win_length` 25 ms at 8 kHz?
  code: win_length = ?
  options:
    - {text: 200 samples, right: true, why: 0.025 s times 8000 a second.}
    - {text: <b>80</b> samples, right: false, why: That is $10$ ms.}
- question: Which are mel scales?
  options:
    - {text: Slaney, right: true, why: Yes.}
    - {text: HTK, right: true, why: Yes.}
    - {text: Bark, right: false, why: A scale of its own.}
"""


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium for the tests of one module, skipped where there is none.

    Not for the whole session: while it is open, other tests could not run an event loop of their own.
    """
    playwright = pytest.importorskip("playwright.sync_api")
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site():
    """Folder of the built pages; at once if they are up to date, which they are after `make book`."""
    from speechbook.publish import run
    from tests.site import PROJECT

    with run.alone(PROJECT):
        return run.build(PROJECT, corpus=run.choose_corpus())


@pytest.fixture
def show(browser, tmp_path):
    """Open a page with widgets; when the test is over, nothing must have gone wrong in it."""
    opened = []

    def show(widgets, *, theme="light", extra="", edit=lambda state: None, expected=(), **options):
        write_page(tmp_path, widgets, theme=theme, extra=extra, edit=edit)
        server = serve(tmp_path)
        opening = visit(browser, f"{server.__enter__()}/page.html", **options)
        opened.append((opening, server, opening.__enter__(), expected))
        page = opened[-1][2].page
        page.set_default_timeout(20_000)
        return page

    show.axe = lambda: opened[-1][2].axe()
    yield show
    for opening, server, found, expected in opened:
        problems = [text for text in found.problems() if not any(re.search(pattern, text) for pattern in expected)]
        opening.__exit__(None, None, None)
        server.__exit__(None, None, None)
        assert not problems


@pytest.fixture
def quiz(tmp_path):
    """Give a quiz of two questions, one with several right answers."""
    from speechbook.widgets import Quiz

    (tmp_path / "test.yml").write_text(QUIZ, encoding="utf-8")
    return Quiz("test", folder=tmp_path)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A book of two chapters, `one` and `two`, that record a number each, and the ledger's page."""
    from tests.tiny_books import write_book

    monkeypatch.delenv("SPEECHBOOK_CORPUS", raising=False)
    monkeypatch.delenv("SPEECHBOOK_FSDD", raising=False)
    return write_book(tmp_path)


@pytest.fixture
def fake_execute(monkeypatch):
    """Execute nothing: chapters give the record that their source names, or fail where it says 1/0."""
    from speechbook.publish import run
    from tests.tiny_books import pretend

    executed = []

    def run_fake(project, chapters, *, corpus):
        executed.append(tuple(chapters))
        return [pretend(project, chapter) for chapter in chapters]

    monkeypatch.setattr(run, "execute", run_fake)
    return executed
