"""Questions that filter, definitions that appear, and flash cards that remember, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from speechbook import faq
from tests import faq_site
from tests.browser import serve, visit

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return faq_site.build(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def address(pages):
    with serve(pages) as url:
        yield f"{url}/book"


@pytest.fixture
def open_page(browser, address):
    """Open a page; when the test is over, nothing must have gone wrong in it."""
    visits = []

    def open_page(name, **options):
        opening = visit(browser, f"{address}/{name}.html", **options)
        found = opening.__enter__()
        found.page.set_default_timeout(20_000)
        visits.append((opening, found))
        return found

    yield open_page
    for opening, found in visits:
        problems = found.problems()
        opening.__exit__(None, None, None)
        assert problems == []


def visible_entries(page):
    return page.locator(".sb-entry:visible").evaluate_all("all => all.map(each => each.id)")


# Marks


def test_terms_are_marked_once_a_section_and_in_prose_only(open_page):
    page = open_page("code/page").page
    marks = page.locator("a.sb-term").evaluate_all("all => all.map(each => [each.textContent, each.hash])")
    first = [["word error rate", "#term-word-error-rate"], ["LSTMs", "#term-lstm"]]
    first += [["Hidden Markov model", "#term-hidden-markov-model"], ["CTC", "#term-ctc"]]
    assert marks == [*first, ["word error rate", "#term-word-error-rate"]]


def test_hovering_shows_the_definition_until_the_pointer_leaves(open_page):
    page = open_page("code/page").page
    card = page.locator(".sb-term-card")
    assert page.evaluate("globalThis.SPEECHBOOK_TERMS === undefined"), "definitions are loaded only when needed"
    page.hover("a.sb-term >> nth=0")
    card.wait_for()
    assert faq.term("WER").definition in card.inner_text()
    card.hover()  # one may move into the card
    page.wait_for_timeout(400)
    assert card.is_visible()
    page.mouse.move(5, 5)
    card.wait_for(state="hidden")


def test_focus_describes_the_term_and_escape_hides_the_card(open_page):
    found = open_page("code/page")
    link = found.page.locator("a.sb-term >> nth=1")
    link.focus()
    found.page.locator(".sb-term-card").wait_for()
    described = link.evaluate("each => document.getElementById(each.getAttribute('aria-describedby')).innerText")
    assert faq.term("lstm").definition in described
    assert found.axe() == []
    found.page.keyboard.press("Escape")
    assert found.page.locator(".sb-term-card").is_hidden()
    found.page.keyboard.press("Enter")
    found.page.wait_for_url("**/faq/questions.html#term-lstm")


def test_a_tap_shows_the_definition_and_a_second_one_follows_the_link(open_page):
    page = open_page("code/page", **PHONE, touch=True).page
    link = page.locator("a.sb-term >> nth=0")
    link.tap()
    card = page.locator(".sb-term-card")
    card.wait_for()
    assert page.url.endswith("/page.html")
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    page.get_by_role("heading", name="A page").tap()
    card.wait_for(state="hidden")
    link.tap()
    card.wait_for()
    link.tap()
    page.wait_for_url("**/questions.html#term-word-error-rate")


def test_definitions_appear_also_from_a_file(browser, pages):
    with visit(browser, (pages / "book" / "code" / "page.html").as_uri()) as found:
        found.page.hover("a.sb-term >> nth=0")
        found.page.locator(".sb-term-card").wait_for(timeout=5000)
        assert found.problems() == []


# Questions


def test_questions_are_a_plain_list_without_scripts(browser, address):
    with visit(browser, f"{address}/faq/questions.html", java_script_enabled=False) as found:
        assert found.page.locator(".sb-entry:visible").count() == len(faq.load_terms())
        assert found.page.locator(".sb-filter").count() == 0
        assert found.page.locator("#term-ctc h3").inner_text() == faq.term("ctc").question


def test_questions_filter_as_one_types(open_page):
    found = open_page("faq/questions")
    page, total = found.page, len(faq.load_terms())
    assert page.locator(".sb-count").inner_text() == f"{total} questions"
    page.fill("#sb-filter-text", "Küchler goller")
    assert visible_entries(page) == ["term-recurrent-layer"]
    assert page.locator(".sb-count").inner_text() == f"1 of {total} questions"
    assert page.locator("section:visible > h2").evaluate_all("all => all.map(each => each.firstChild.data)") == [
        "Networks and layers"
    ]
    page.fill("#sb-filter-text", "隐马尔可夫")
    assert "term-hidden-markov-model" in visible_entries(page)
    page.press("#sb-filter-text", "Escape")
    page.select_option("#sb-filter-level", "sb-asked")
    assert len(visible_entries(page)) == 71
    page.evaluate("location.hash = '#term-ctc'")
    page.locator("#term-ctc").wait_for()
    assert len(visible_entries(page)) == total
    assert found.axe() == []


@pytest.mark.parametrize("name", faq_site.DATA_PAGES)
def test_pages_of_data_are_accessible_and_narrow_enough(open_page, name):
    found = open_page(name.removeprefix("book/"), **PHONE, dark=True)
    found.page.wait_for_timeout(300)
    assert found.axe() == []
    assert found.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]


def test_every_source_says_where_it_is_cited(open_page):
    page = open_page("appendix/bibliography").page
    entry = page.locator("#ref-davis1980")
    assert "Davis, S. B., & Mermelstein, P. (1980)." in entry.inner_text()
    assert entry.locator("em").inner_text() == "IEEE Transactions on Acoustics, Speech, and Signal Processing"
    entry.get_by_role("link", name="mel-frequency cepstral coefficients").click()
    page.wait_for_url("**/questions.html#term-mfcc")


def test_the_index_leads_to_a_letter_and_names_nothing_twice(open_page):
    page = open_page("faq/index_of_terms").page
    names = page.locator(".sb-index").first.locator("li a").evaluate_all("all => all.map(each => each.textContent)")
    assert {"actor–critic", "WER", "diarisation"} <= set(names)
    assert not {"actor-critic", "diarization"} & set(names)
    page.locator(".sb-letters").get_by_role("link", name="W", exact=True).click()
    expect(page.locator("#index-w")).to_be_in_viewport()
    assert page.locator("#index-w + ul li").first.inner_text() == "wake word (keyword spotting)"


# Flash cards


def test_a_card_turns_is_judged_and_rests(open_page):
    found = open_page("faq/cards")
    page, total = found.page, len(faq.load_terms())
    status = page.locator("#the-cards .sb-count")
    assert status.inner_text() == f"0 due, {total} new, 0 resting"
    first = page.locator(".sb-card-front").inner_text()
    page.get_by_role("button", name="Show the answer").press("Enter")
    assert (
        next(term for term in faq.load_terms().values() if term.question == first).answer
        in page.locator(".sb-card-back").inner_text()
    )
    assert found.axe() == []
    page.get_by_role("button", name="I knew it").press("Enter")
    assert page.locator(".sb-card-front").inner_text() != first
    assert status.inner_text() == f"0 due, {total - 1} new, 1 resting"
    page.reload()
    assert status.inner_text() == f"0 due, {total - 1} new, 1 resting"


def test_a_card_that_was_not_known_comes_back_in_the_same_sitting(open_page):
    page = open_page("faq/cards").page
    first = page.locator(".sb-card-front").inner_text()
    seen = []
    for verdict in ["Not yet"] + 4 * ["I knew it"]:
        page.get_by_role("button", name="Show the answer").click()
        page.get_by_role("button", name=verdict).click()
        seen.append(page.locator(".sb-card-front").inner_text())
    assert seen[-1] == first
    assert first not in seen[:-1]


def test_what_was_learned_can_be_erased_and_nothing_else_is(open_page):
    page = open_page("faq/cards").page
    page.evaluate("localStorage.setItem('mode', 'dark')")
    erase = page.get_by_role("button", name="Erase")
    assert erase.is_disabled()
    page.select_option("#sb-cards-theme", "Measuring")
    page.select_option("#sb-cards-front", "chinese")
    assert re.fullmatch(r"[\u4e00-\u9fff]+", page.locator(".sb-card-front").inner_text())
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("button", name="I knew it").click()
    assert "speechbook-cards" in page.evaluate("Object.keys(localStorage)")
    page.on("dialog", lambda dialog: dialog.accept())
    erase.click()
    assert "speechbook-cards" not in page.evaluate("Object.keys(localStorage)")
    assert page.evaluate("localStorage.getItem('mode')") == "dark"
    assert "0 resting" in page.locator("#the-cards .sb-count").inner_text()
    assert erase.is_disabled()


def test_cards_work_where_storage_is_switched_off(browser, address):
    off = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    with visit(browser, "about:blank") as found:
        found.page.add_init_script(off)
        found.page.goto(f"{address}/faq/cards.html")
        found.page.get_by_role("button", name="Show the answer").click()
        found.page.get_by_role("button", name="I knew it").click()
        assert "1 resting" in found.page.locator("#the-cards .sb-count").inner_text()
        assert "keeps nothing" in found.page.locator(".sb-cards-kept").inner_text()
