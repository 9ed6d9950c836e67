"""What a reader has read, solved and answered: taken down in chapters, shown at home, saved, loaded and erased."""

import json

import pytest
from playwright.sync_api import expect

from tests import progress_site
from tests.browser import serve, visit

KEY = "speechbook-progress"
FIRST, SECOND = progress_site.PARTS["Concepts"]
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
FULL_STATE = {
    "version": 1,
    "read": {FIRST: True},
    "solved": {"a": True, "c": True},
    "quizzes": {FIRST: "++-....."},
    "place": {"page": SECOND, "section": "the-second-one", "heading": "The second one", "at": 1},
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return progress_site.build(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def address(pages):
    with serve(pages) as url:
        yield url


@pytest.fixture
def open_page(browser, address):
    """Open a page, with progress or a script before it; when the test is over, nothing must have gone wrong in it."""
    visits = []

    def open_page(name, *, state=None, script=None, **options):
        opening = visit(browser, "about:blank", **options)
        found = opening.__enter__()
        found.page.set_default_timeout(20_000)
        visits.append((opening, found))
        if state:
            found.page.goto(f"{address}/_static/chapters.js")
            found.page.evaluate(f"text => localStorage.setItem('{KEY}', text)", json.dumps(state))
        if script:
            found.page.add_init_script(script)
        found.page.goto(f"{address}/{name}.html")
        return found

    yield open_page
    for opening, found in visits:
        problems = found.problems()
        opening.__exit__(None, None, None)
        assert problems == []


def stored(page):
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')") or "{}")


def end(page):
    return page.get_by_role("region", name="Your progress in this chapter")


def block(page):
    return page.get_by_role("region", name="Your progress")


def marked(page):
    return (
        page.locator("nav.bd-links")
        .get_by_role("link", name="(read)")
        .evaluate_all("all => all.map(each => each.firstChild.data.trim())")
    )


def to_end(page):
    page.evaluate("scrollTo({top: document.scrollingElement.scrollHeight, behavior: 'instant'})")


# What the build counts


def test_the_build_counts_chapters_exercises_and_questions(pages):
    text = (pages / "_static" / "chapters.js").read_text(encoding="utf-8")
    facts = json.loads(text.removeprefix("globalThis.SPEECHBOOK_CHAPTERS=").removesuffix(";\n"))
    assert facts["cards"] == "book/faq/cards"
    listen, concepts = facts["parts"]
    assert listen["part"] == "Listen"
    assert listen["chapters"] == [{"page": "book/listen/lab", "title": "Lab", "exercises": [], "questions": 0}]
    assert [each["exercises"] for each in concepts["chapters"]] == [["a", "b"], ["c"]]
    assert {each["questions"] for each in concepts["chapters"]} == {8}


# In a chapter


def test_a_chapter_is_read_when_its_end_has_been_in_view_for_a_while(open_page):
    page = open_page(FIRST).page
    page.wait_for_timeout(1300)
    assert stored(page).get("read", {}) == {}
    to_end(page)
    end(page).get_by_text("You have read this chapter.").wait_for()
    assert stored(page)["read"] == {FIRST: True}
    assert marked(page) == ["First"]


def test_the_reader_decides_and_is_not_overruled(open_page):
    page = open_page(FIRST, state=FULL_STATE).page
    end(page).get_by_role("button", name="Mark as unread").press("Enter")
    assert marked(page) == []
    page.wait_for_timeout(1300)
    assert stored(page)["read"] == {FIRST: False}
    end(page).get_by_role("button", name="Mark as read").press("Enter")
    assert marked(page) == ["First"]


def test_exercises_are_ticked_with_the_keyboard_and_stay_ticked(open_page):
    page = open_page(FIRST).page
    boxes = page.get_by_role("checkbox", name="I have solved exercise")
    assert boxes.count() == 2
    boxes.nth(1).press("Space")
    assert stored(page)["solved"] == {"b": True}
    page.wait_for_load_state("networkidle")  # or what is still on its way would count as a failed request
    page.reload()
    expect(boxes.nth(1)).to_be_checked()
    expect(boxes.nth(0)).not_to_be_checked()
    assert "Exercises solved: 1 of 2." in end(page).inner_text()
    boxes.nth(1).uncheck()
    assert stored(page)["solved"] == {}


def test_every_answer_of_the_quiz_counts(open_page):
    page = open_page(FIRST).page
    question = page.get_by_role("group", name="Question 2 of 8")
    rows = question.locator(".sbw-option")
    for row in range(rows.count()):  # until one is right
        rows.nth(row).locator("input").check()
        question.get_by_role("button").click()
        wanted = ".+......" if question.get_attribute("data-result") == "right" else ".-......"
        assert stored(page)["quizzes"] == {FIRST: wanted}
        if "+" in wanted:
            break
        question.get_by_role("button", name="Try again").click()
    assert "+" in wanted
    page.get_by_role("button", name="Start again").click()
    assert stored(page)["quizzes"] == {FIRST: wanted}
    assert "Quiz: 1 of 8 right." in end(page).inner_text()


def test_the_place_is_the_section_in_the_upper_part_of_the_window(open_page):
    page = open_page(FIRST).page
    page.evaluate("document.getElementById('the-first-section').scrollIntoView({behavior: 'instant'})")
    page.wait_for_function(f"() => localStorage.getItem('{KEY}')")
    assert stored(page)["place"]["heading"] == "The first section"
    page.evaluate("document.getElementById('quiz').scrollIntoView({behavior: 'instant'})")
    page.wait_for_function(f"() => JSON.parse(localStorage.getItem('{KEY}')).place.section === 'quiz'")
    assert stored(page)["place"]["page"] == FIRST


def test_other_pages_are_no_chapters(open_page):
    page = open_page("book/faq/cards", state=FULL_STATE).page
    assert marked(page) == ["First"]
    assert page.locator(".sb-end, .sb-solved").count() == 0


# At home


def test_who_is_new_is_told_below_everything_else(open_page):
    found = open_page("book/index")
    page = found.page
    assert "will be counted here" in block(page).inner_text()
    assert page.locator("article section > :last-child").last.get_attribute("class") == "sb-kept"
    assert block(page).get_by_role("button").all_inner_texts() == ["Load from a file"]
    assert page.locator("article h2").all_inner_texts()[-1] == "Your progress"
    assert found.axe() == []


def test_who_comes_back_sees_what_was_done_and_goes_on(open_page):
    page = open_page("book/index", state=FULL_STATE).page
    text = block(page).inner_text()
    assert "1 of 3 chapters read · 2 of 3 exercises solved · 2 of 16 quiz questions right" in text
    assert page.locator("article h2").all_inner_texts()[0] == "Your progress"
    block(page).get_by_text("Chapter by chapter").click()
    assert block(page).get_by_role("heading", level=3).all_inner_texts() == ["Listen", "Concepts"]
    lines = block(page).get_by_role("listitem").all_inner_texts()
    assert [" ".join(line.split()) for line in lines] == [
        "Lab",
        "First (read) 1 of 2 exercises, 2 of 8 questions",
        "Second 1 of 1 exercises, 0 of 8 questions",
    ]
    block(page).get_by_role("link", name="Continue where you were: Second, “The second one”").click()
    page.wait_for_url(f"**/{SECOND}.html#the-second-one")


def test_after_a_chapter_one_goes_on_with_the_next(open_page):
    page = open_page("book/index", state={**FULL_STATE, "place": {**FULL_STATE["place"], "page": FIRST}}).page
    block(page).get_by_role("link", name="Continue with Second").click()
    page.wait_for_url(f"**/{SECOND}.html")
    end(page).get_by_role("link", name="All of your progress").click()
    page.wait_for_url("**/book/index.html#your-progress")
    page.wait_for_function("() => document.querySelector('#your-progress').getBoundingClientRect().top < innerHeight")


def test_due_cards_are_counted(open_page):
    page = open_page("book/faq/cards").page
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("button", name="Not yet").click()
    page.goto(page.url.replace("faq/cards", "index"))
    block(page).get_by_role("link", name="1 flash card due").click()
    page.wait_for_url("**/faq/cards.html")


# Its file


def test_progress_is_saved_erased_and_loaded_again(open_page, tmp_path):
    page = open_page("book/index", state=FULL_STATE).page
    page.evaluate("localStorage.setItem('speechbook-cards', '{\"ctc\":[1,1]}'); localStorage.setItem('mode', 'dark')")
    with page.expect_download() as download:
        block(page).get_by_role("button", name="Save").click()
    assert download.value.suggested_filename == "learning-to-listen-progress.json"
    file = tmp_path / "progress.json"
    download.value.save_as(file)
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert saved == {"book": "learning-to-listen", "progress": FULL_STATE, "cards": {"ctc": [1, 1]}}

    page.once("dialog", lambda dialog: dialog.dismiss())
    block(page).get_by_role("button", name="Erase").click()
    assert stored(page) == FULL_STATE
    page.once("dialog", lambda dialog: dialog.accept())
    block(page).get_by_role("button", name="Erase").press("Enter")
    assert set(page.evaluate("Object.keys(localStorage)")) == {"mode", "theme"}
    assert marked(page) == []
    assert page.evaluate("document.activeElement.textContent") == "Load from a file"

    page.locator("input[type=file]").set_input_files(file)
    block(page).get_by_text("Loaded, and added to what was here.").wait_for()
    assert stored(page) == FULL_STATE
    assert page.evaluate("localStorage.getItem('speechbook-cards')") == '{"ctc":[1,1]}'
    assert marked(page) == ["First"]
    assert "1 flash card due" in block(page).inner_text()


def test_a_file_of_something_else_is_refused_and_changes_nothing(open_page, tmp_path):
    page = open_page("book/index", state=FULL_STATE).page
    for content in ("no JSON", '{"book": "another"}', " " * 2_000_000):
        (tmp_path / "file.json").write_text(content)
        page.locator("input[type=file]").set_input_files(tmp_path / "file.json")
        block(page).get_by_text("That file does not hold progress from this book.").wait_for()
        page.locator(".sb-progress [role=status]").evaluate("each => (each.textContent = '')")
    assert stored(page) == FULL_STATE


def test_another_tab_is_followed(open_page):
    page = open_page(FIRST).page
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("checkbox", name="exercise 2").check()
    page.wait_for_function("() => document.querySelectorAll('.sb-solved input')[1].checked")
    page.get_by_role("checkbox", name="exercise 1").check()
    assert stored(page)["solved"] == {"a": True, "b": True}


# Where things are missing


@pytest.mark.parametrize("script", [NO_STORAGE, FULL], ids=["off", "full"])
def test_without_storage_the_page_says_so_once_and_goes_on(browser, address, script):
    with visit(browser, "about:blank") as found:  # the theme's own script complains here
        page = found.page
        page.add_init_script(script)
        page.goto(f"{address}/{FIRST}.html")
        for number in (1, 2):
            page.get_by_role("checkbox", name=f"exercise {number}").check()
        to_end(page)
        end(page).get_by_text("You have read this chapter. Exercises solved: 2 of 2.").wait_for(timeout=5000)
        assert page.get_by_role("alert").all_inner_texts() == [
            "This browser keeps nothing here, so your progress ends with this page."
        ]


def test_progress_of_a_newer_edition_is_left_alone(open_page):
    page = open_page(FIRST, state={"version": 2, "more": 1}).page
    page.get_by_role("checkbox", name="exercise 1").check()
    assert page.get_by_role("alert").count() == 1
    assert stored(page) == {"version": 2, "more": 1}


def test_without_scripts_nothing_is_shown(browser, address):
    for name in ("book/index", FIRST):
        with visit(browser, f"{address}/{name}.html", java_script_enabled=False) as found:
            assert found.page.locator(".sb-progress, .sb-end, .sb-solved, .sb-read").count() == 0


def test_it_works_from_a_file(browser, pages):
    with visit(browser, (pages / f"{FIRST}.html").as_uri()) as found:
        found.page.get_by_role("checkbox", name="exercise 1").check()
        found.page.goto((pages / "book" / "index.html").as_uri())
        expect(block(found.page)).to_contain_text("1 of 3 exercises solved")
        found.page.get_by_text("Chapter by chapter").click()
        found.page.locator(".sb-progress").get_by_role("link", name="First", exact=True).click()
        expect(found.page.get_by_role("checkbox", name="exercise 1")).to_be_checked()
        assert found.problems() == []


# Looks


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["book/index", FIRST])
def test_it_is_accessible_and_fits(open_page, name, dark, width):
    found = open_page(name, state=FULL_STATE, width=width, height=740, dark=dark)
    if name == "book/index":
        found.page.get_by_text("Chapter by chapter").click()
    found.page.wait_for_timeout(300)
    assert found.axe() == []
    assert found.page.evaluate("document.scrollingElement.scrollWidth") <= width
    targets = ".sb-progress :is(a, button, summary):visible, .sb-end :is(a, button), .sb-solved input"
    sizes = found.page.locator(targets).evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert len(sizes) >= 4
    assert min(sizes) >= 24


@pytest.mark.parametrize("name", ["book/index", FIRST])
def test_it_is_not_printed(open_page, name):
    page = open_page(name, state=FULL_STATE).page
    page.emulate_media(media="print")
    assert page.locator(".sb-progress, .sb-end, .sb-solved, .sb-read").count() > 0
    assert page.locator(":is(.sb-progress, .sb-end, .sb-solved, .sb-read):visible").count() == 0
