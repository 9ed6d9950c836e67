"""Every page of the built site in a real browser: wide and narrow, light and dark, served and from a file."""

import re

import pytest

from tests.browser import serve, visit
from tests.site import CHAPTERS, PAGES, PROJECT

QUIET_SECONDS = 0.3
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
VIEWS = 'script[type="application/vnd.jupyter.widget-view+json"]'

# The theme looks again at what scrolls 0.3 s after a change of width; axe judges what it left behind
UNTIL_WHAT_SCROLLS_IS_FOCUSABLE = """async () => {
    const scrolls = (each) => each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight;
    const watched = "pre, .cell_output > .output, .pst-scrollable-table-container";
    const late = () => [...document.querySelectorAll(watched)].some((each) => scrolls(each) && each.tabIndex < 0);
    const end = performance.now() + 3000;
    while (late() && performance.now() < end) await new Promise((go) => setTimeout(go, 50));
}"""


@pytest.fixture(scope="module")
def address(site):
    with serve(site) as url:
        yield url


@pytest.fixture(scope="module")
def opened(request, browser, address):
    """A page by the name that a test passes, wide and light at first; opened once for all tests that pass that name."""
    with visit(browser, f"{address}/{request.param}.html", **WIDE) as found:
        settle(found.page)
        yield found


@pytest.mark.parametrize("opened", PAGES, indirect=True)
def test_page_is_sound_and_accessible_in_every_form(opened):
    page = opened.page
    assert theme_of(page) == "light"
    assert page.locator(".sbw, .jupyter-widgets").count() >= page.locator(VIEWS).count()
    assert page.locator(".sbw-error").count() == 0
    faults = [f"light: {fault}" for fault in opened.axe()]

    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # no colour half-way
    settle(page)
    assert theme_of(page) == "dark"
    faults += [f"dark: {fault}" for fault in opened.breaches("html", ["color-contrast", "link-in-text-block"])]

    page.set_viewport_size(PHONE)
    settle(page)
    page.evaluate(UNTIL_WHAT_SCROLLS_IS_FOCUSABLE)
    rules = ["target-size", "scrollable-region-focusable", "button-name", "link-name"]
    faults += [f"phone: {fault}" for fault in opened.breaches("html", rules)]
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    assert not faults, "\n".join(faults)
    assert opened.problems() == []


@pytest.mark.parametrize("opened", CHAPTERS, indirect=True)
def test_every_sound_plays(opened):
    page = opened.page
    page.set_viewport_size(WIDE)
    broken = page.evaluate(
        """async () => {
            const faults = [];
            for (const audio of document.querySelectorAll('audio')) {
                if (audio.readyState < 1) {
                    const done = new Promise(go => (audio.onloadedmetadata = audio.onerror = go));
                    audio.load();
                    await done;
                }
                if (audio.error || !(audio.duration > 0.05)) faults.push(audio.getAttribute('aria-label'));
                if (!audio.getAttribute('aria-label')) faults.push('a player without a name');
            }
            return faults;
        }"""
    )
    assert not broken
    if page.locator("audio").count():
        first = page.locator("audio").first
        first.evaluate("audio => { audio.closest('details')?.setAttribute('open', ''); audio.scrollIntoView(); }")
        page.keyboard.press("Shift")
        first.click(position={"x": 20, "y": 20})
        first.evaluate("audio => audio.currentTime > 0 || new Promise(go => (audio.ontimeupdate = go))")
    assert opened.problems() == []


@pytest.mark.parametrize("page", PAGES[:-1])
def test_page_works_from_a_file(browser, site, page):
    with visit(browser, (site / f"{page}.html").as_uri()) as found:
        settle(found.page)
        assert "Atkinson Next" in found.page.evaluate("getComputedStyle(document.body).fontFamily")
        assert found.page.evaluate("document.fonts.check('1rem Atkinson Next')")
        views = found.page.locator(VIEWS).count()
        assert found.page.locator(".sbw").count() >= (1 if views else 0)
        assert found.problems() == []


def test_the_widget_at_home_responds(browser, address):
    with visit(browser, f"{address}/{PAGES[0]}.html") as found:
        settle(found.page)
        widget = found.page.locator(".sbw").first
        picture = "canvas => canvas.toDataURL().length + canvas.toDataURL().slice(-400)"
        canvases = widget.locator("canvas")
        before = [canvases.nth(index).evaluate(picture) for index in range(canvases.count())]
        slider = widget.locator('input[type="range"]').first
        slider.focus()
        for _ in range(4):
            slider.press("ArrowRight")
        found.page.wait_for_timeout(500)
        after = [canvases.nth(index).evaluate(picture) for index in range(canvases.count())]
        assert before != after
        assert found.problems() == []


def test_the_theme_can_be_switched_and_is_remembered(browser, address):
    with visit(browser, f"{address}/{PAGES[0]}.html") as found:
        button = found.page.locator(".theme-switch-button:visible").first
        seen = set()
        for _ in range(3):
            button.click()
            seen.add(found.page.evaluate("document.documentElement.dataset.mode"))
        assert seen == {"light", "dark", "auto"}
        while found.page.evaluate("document.documentElement.dataset.mode") != "dark":
            button.click()
        found.page.goto(f"{address}/{PAGES[1]}.html")
        assert found.page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_search_finds_a_chapter(browser, address):
    with visit(browser, f"{address}/{PAGES[0]}.html") as found:
        found.page.locator(".search-button-field:visible, .search-button:visible").first.click()
        found.page.locator("#pst-search-dialog input[name=q]").fill("spectrogram")
        found.page.keyboard.press("Enter")
        found.page.wait_for_selector("#search-results li a")
        assert "search.html" in found.page.url
        assert found.problems() == []


def test_the_keyboard_reaches_the_text_first(browser, address):
    with visit(browser, f"{address}/{PAGES[1]}.html") as found:
        settle(found.page)
        found.page.keyboard.press("Tab")
        assert found.page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
        found.page.keyboard.press("Enter")
        assert found.page.url.endswith("#main-content")


def test_chapters_open_on_a_phone(browser, address):
    with visit(browser, f"{address}/{PAGES[0]}.html", width=360, height=740, touch=True) as found:
        settle(found.page)
        found.page.locator(".primary-toggle").tap()
        link = found.page.locator("dialog[open] nav a", has_text=title_of(PAGES[1])).first
        link.tap()
        found.page.wait_for_url(f"**/{PAGES[1]}.html")
        assert found.problems() == []


def test_paper_shows_the_text_and_nothing_around_it(browser, address):
    with visit(browser, f"{address}/{PAGES[1]}.html", width=700) as found:
        settle(found.page)
        found.page.emulate_media(media="print")
        for frame in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".copybtn", "summary"):
            assert found.page.locator(f"{frame}:visible").count() == 0, frame
        assert found.page.locator("article h1:visible").count() == 1
        assert found.page.evaluate("document.scrollingElement.scrollWidth") <= 700
        folded = found.page.locator(".tag_hide-input .cell_input pre").first
        if folded.count():
            assert folded.is_visible()


def settle(page) -> None:
    """Wait until formulas and widgets have been drawn."""
    page.evaluate("() => window.MathJax?.startup?.promise?.then(() => true)")
    page.wait_for_timeout(1000 * QUIET_SECONDS)


def theme_of(page) -> str:
    """Whether a page shows itself light or dark."""
    return page.evaluate("document.documentElement.dataset.theme")


def title_of(page: str) -> str:
    """First heading of a page's source."""
    return re.search(r"# ([^\"\\\n]+)", PROJECT.source(page).read_text(encoding="utf-8"))[1]
