"""The listening ladder in a real browser: whole tests with scripted answers, and the network's curve beside them."""

import numpy as np
import pytest

from speechbook import corpora
from speechbook.widgets import ListeningLadder
from tests.recogniser_pages import content, network, publish, requests_of
from tests.test_listening_ladder import in_javascript

RUNGS = {"In noise": 6, "Through filters": 5, "In few bands": 5}


@pytest.fixture(scope="module")
def clips():
    digits = corpora.load_digits("voices")
    known = digits.where(speaker=digits.speakers[0])
    return known[[int(np.flatnonzero(known.digit == digit)[take]) for digit in range(10) for take in (0, 1)]]


@pytest.fixture
def page_of(show, tmp_path, clips):
    """A page with the ladder, and its network beside it; what is said in each trial is known to the test alone."""

    def page_of(**options):
        publish(tmp_path, content())
        page = show([ListeningLadder(clips, seed=3)], **options)
        page.set_default_timeout(20_000)
        return page

    return page_of


@pytest.fixture(scope="module")
def trials(clips):
    def trials(rungs: int, words: int) -> list[dict]:
        digits = clips.digit.tolist()
        (found,) = in_javascript({"name": "plan", "digits": digits, "rungs": rungs, "words": words, "seed": 3})
        return found

    return trials


def begin(page, *, test: str = "In noise", words: int = 5) -> None:
    page.get_by_label(test).check(force=True)
    page.get_by_role("group", name="Words on each rung").get_by_label(str(words), exact=True).check(force=True)
    page.get_by_role("button", name="Begin").click()


def hear(page, *, first: bool) -> None:
    if first:
        page.get_by_role("button", name="Hear the word").press("Enter")
    page.get_by_role("button", name="Hear it once more").wait_for()


def climb(page, trials: list[dict], answer) -> None:
    """Answer every trial by its key."""
    for place, trial in enumerate(trials):
        hear(page, first=place == 0 or trial["rung"] != trials[place - 1]["rung"])
        page.keyboard.press(str(answer(trial)))


def rows(page) -> list[list[str]]:
    table = page.locator(".sbw-listening-ladder tbody tr")
    return [[cell.replace("\u00a0", " ") for cell in row.locator("th, td").all_inner_texts()] for row in table.all()]


def test_right_answers_on_the_first_rungs_make_that_curve(page_of, trials):
    page = page_of()
    asked = requests_of(page)
    begin(page)
    some = trials(6, 5)
    climb(page, some, lambda trial: trial["digit"] if trial["rung"] < 3 else (trial["digit"] + 1) % 10)
    page.get_by_text("You heard 15 of 30 words right.").wait_for()
    assert page.get_by_text("still had with noise as loud as the word, no longer with noise 6 dB above").is_visible()
    assert [row[1] for row in rows(page)] == ["5 of 5 (57 % to 100 %)"] * 3 + ["0 of 5 (0 % to 43 %)"] * 3
    assert "no noise at all" in rows(page)[0][0]
    picture = page.get_by_role("img").get_attribute("aria-label").replace("\u00a0", " ")
    assert "quiet: 100 %" in picture
    assert "−18: 0 %" in picture
    assert [url for url in asked if not url.startswith("blob:")] == []


def test_the_network_hears_the_same_sounds(page_of, trials):
    page = page_of()
    asked = requests_of(page)
    begin(page)
    climb(page, trials(6, 5), lambda trial: trial["digit"])
    page.get_by_role("button", name="Let the network listen").click()
    page.get_by_text("On these very 30 sounds the network was right").wait_for(timeout=60000)
    shares = [int(row[2].split(" of ")[0]) for row in rows(page)]
    assert all(" of 20 (" in row[2] for row in rows(page))
    assert shares[0] >= 10  # it knows ten of the twenty clips by heart
    assert shares[0] > shares[-1]
    assert [url.rsplit("/", 1)[1] for url in asked if not url.startswith("blob:")] == ["digits.sbmodel"]


@pytest.mark.parametrize("test", ["Through filters", "In few bands"])
def test_the_other_tests_run_too(page_of, trials, test):
    page = page_of()
    begin(page, test=test)
    some = trials(RUNGS[test], 5)[:6]
    climb(page, some, lambda trial: trial["digit"])
    page.get_by_role("button", name="End here").click()
    page.get_by_text("You heard 6 of 6 words right.").wait_for()
    assert [row[1].split(" (")[0] for row in rows(page)] == ["5 of 5", "1 of 1"] + ["not heard"] * (RUNGS[test] - 2)


def test_a_word_is_heard_at_most_twice_and_answered_only_after_it(page_of):
    page = page_of()
    begin(page)
    page.keyboard.press("4")
    page.get_by_role("group", name="Which digit").get_by_role("button", name="4 four").click(force=True)
    assert page.get_by_text("Word 1 of 5").is_visible()
    page.get_by_role("button", name="Hear the word").click()
    page.get_by_role("button", name="Hear it once more").click()
    assert page.get_by_role("button", name="Heard twice").is_disabled()
    page.get_by_role("group", name="Which digit").get_by_role("button", name="4 four").click()
    page.get_by_text("Word 2 of 5").wait_for()
    page.get_by_role("button", name="Hear it once more").wait_for()


def test_nothing_in_the_page_tells_what_is_said(page_of):
    page = page_of()
    begin(page)
    before = page.locator(".sbw-listening-ladder").inner_text()
    hear(page, first=True)
    page.keyboard.press("7")
    page.get_by_role("button", name="Hear it once more").wait_for()
    after = page.locator(".sbw-listening-ladder").inner_text()
    assert before.replace("Word 1", "").replace("Hear the word", "") == after.replace("Word 2", "").replace(
        "Hear it once more", ""
    )


def test_each_rung_waits_and_is_announced_once(page_of, trials):
    page = page_of()
    begin(page)
    page.evaluate(
        """() => { window.said = []; const node = document.querySelector(".sbw-listening-ladder > .sbw-hidden");
        new MutationObserver(() => said.push(node.textContent)).observe(node, {childList: true}); }"""
    )
    climb(page, trials(6, 5)[:5], lambda trial: 0)
    page.get_by_text("Rung 2 of 6").first.wait_for()
    page.wait_for_timeout(900)
    assert page.get_by_role("button", name="Hear the word").evaluate("node => node === document.activeElement")
    assert page.evaluate("said") == ["Rung 2 of 6: noise 6 dB below the word"]


def test_ending_before_the_first_answer_leads_back(page_of):
    page = page_of()
    begin(page)
    page.get_by_role("button", name="End here").click()
    assert page.get_by_role("button", name="Begin").is_visible()
    assert page.get_by_text("turn it up until the word is comfortable").is_visible()


def test_keys_elsewhere_and_shortcuts_are_left_alone(page_of):
    page = page_of(extra='<input aria-label="elsewhere">')
    begin(page)
    hear(page, first=True)
    page.keyboard.press("Control+3")
    page.get_by_label("elsewhere").press("5")
    assert page.get_by_label("elsewhere").input_value() == "5"
    assert page.get_by_text("Word 1 of 5").is_visible()


def test_a_browser_that_plays_nothing_says_so(page_of):
    page = page_of()
    page.evaluate("delete globalThis.AudioContext; delete globalThis.webkitAudioContext;")
    begin(page)
    page.get_by_role("button", name="Hear the word").click()
    page.locator(".sbw-error").filter(has_text="cannot play sounds").wait_for()
    page.keyboard.press("1")
    assert page.get_by_text("Word 1 of 5").is_visible()


def test_without_a_network_the_readers_curve_stays(show, clips, trials):
    page = show([ListeningLadder(clips, seed=3)], expected=["404"])
    begin(page)
    climb(page, trials(6, 5)[:2], lambda trial: trial["digit"])
    page.get_by_role("button", name="End here").click()
    page.get_by_role("button", name="Let the network listen").click()
    page.locator(".sbw-error").filter(has_text="Build the book with the chapter that trains it").wait_for()
    assert page.get_by_text("You heard 2 of 2 words right.").is_visible()
    assert page.get_by_role("button", name="Let the network listen").is_enabled()


def test_a_network_that_knows_no_digits_is_refused(show, clips, tmp_path):
    from speechbook import frontend, page_model

    settings = {**frontend.SETTINGS, "n_frames": 100}
    labels = ["left", "right", *map(str, range(2, 10))]
    publish(tmp_path, page_model.write_page_model(network(), labels=labels, name="digits", front_end=settings))
    page = show([ListeningLadder(clips, seed=3)])
    begin(page)
    hear(page, first=True)
    page.keyboard.press("1")
    page.get_by_role("button", name="End here").click()
    page.get_by_role("button", name="Let the network listen").click()
    page.locator(".sbw-error").filter(has_text="does not recognise digits").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_is_too_wide(page_of, show, trials, theme, width):
    page = page_of(theme=theme, width=width, touch=width == 320)

    def check():
        assert show.axe() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            """() => [...document.querySelectorAll(".sbw button, .sbw-segment")]
                .filter((element) => element.checkVisibility())
                .map((element) => [element.textContent, element.getBoundingClientRect()])
                .filter(([, box]) => box.height < 43.9 || box.width < 43.9).map(([text]) => text)"""
        )
        assert small == []

    check()
    begin(page)
    hear(page, first=True)
    check()
    page.keyboard.press("1")
    page.get_by_role("button", name="End here").click()
    page.get_by_role("button", name="Let the network listen").click()
    page.get_by_text("On these very 1 sounds").wait_for(timeout=60000)
    check()
