"""The voice teacher in a real browser: teaching by files and microphone, keeping, forgetting, what can go wrong."""

import json

import numpy as np
import pytest

from speechbook.widgets import VoiceTeacher
from tests.browser import CHROMIUM_ARGUMENTS, find_chromium, serve, visit
from tests.recogniser_pages import content, network, publish, requests_of, silence, sounds, wav
from tests.widget_pages import write_page

KEY = "speechbook-words"
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
NO_DEVICE = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError'); };"
REFUSED = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };"


@pytest.fixture
def page_of(show, tmp_path):
    """A page with the voice teacher, and its network beside it."""

    def page_of(**options):
        publish(tmp_path, content())
        return show([VoiceTeacher()], **options)

    return page_of


def spoken(digit: str) -> np.ndarray:
    return sounds()[f"{digit}, known voice"][0]


def three(digit: str) -> bytes:
    return wav(*[part for _ in range(3) for part in (silence(0.5), spoken(digit))])


def choose(page, button: str, name: str, content: bytes, kind: str = "audio/wav") -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files({"name": name, "mimeType": kind, "buffer": content})


def teach(page, name: str, digit: str) -> None:
    page.get_by_label("Word to teach").fill(name)
    choose(page, "Examples from a file…", f"{digit}.wav", three(digit))
    message(page, f"“{name}” is taught by 3 examples")


def ask(page, digit: str) -> str:
    choose(page, "Recognise a file…", f"{digit}-asked.wav", wav(spoken(digit)))
    page.locator(".sbw-note").filter(has_text=f"From {digit}-asked.wav").wait_for()
    return page.locator(".sbw-word").inner_text()


def message(page, text: str, *, seconds: float = 10) -> None:
    found = page.locator(".sbw-voice-teacher > .sbw-message").filter(has_text=text)
    found.wait_for(timeout=1000 * seconds)


def names(page) -> list[str]:
    return page.locator(".sbw-words .sbw-name").all_inner_texts()


def kept(page) -> dict | None:
    return json.loads(page.evaluate("key => localStorage.getItem(key)", KEY) or "null")


# --- teaching ------------------------------------------------------------------------------------------------------


def test_words_of_any_language_are_taught_and_told_apart(page_of):
    page = page_of()
    asked = requests_of(page)
    for name, digit in (("sechs", "six"), ("да", "two"), ("ثمانية", "eight")):
        teach(page, name, digit)
    assert names(page) == ["sechs", "да", "ثمانية"]
    assert [ask(page, digit) for digit in ("two", "eight", "six")] == ["да", "ثمانية", "sechs"]
    assert page.locator(".sbw-nearness li").count() == 3
    away = [url.rsplit("/", 1)[1] for url in asked if not url.startswith("blob:")]
    assert away == ["digits.sbmodel"]
    assert kept(page) is None


def test_what_is_far_from_every_word_is_not_known(page_of):
    page = page_of()
    teach(page, "sechs", "six")
    page.get_by_label("Largest distance").fill("0.05")
    choose(page, "Recognise a file…", "hiss.wav", wav(0.1 * np.random.default_rng(3).normal(size=4000)))
    page.locator(".sbw-note").filter(has_text="is nearest, but its distance").wait_for()
    assert page.locator(".sbw-word").inner_text() == "I do not know"


def test_words_are_renamed_heard_and_deleted_by_keyboard(page_of):
    page = page_of()
    teach(page, "sechs", "six")
    teach(page, "zwei", "two")
    page.get_by_role("button", name="Rename “sechs”").press("Enter")
    field = page.get_by_label("New name of “sechs”")
    assert field.evaluate("element => element === document.activeElement")
    field.fill("ZWEI")
    field.press("Enter")
    page.get_by_role("alert").filter(has_text="is taught already").wait_for()
    field.fill("seis")
    field.press("Enter")
    assert names(page) == ["seis", "zwei"]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Rename “seis”"
    page.get_by_role("button", name="Hear “seis”").click()
    page.get_by_role("button", name="Delete “seis”").press("Enter")
    assert names(page) == ["zwei"]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Rename “zwei”"
    page.get_by_role("button", name="Delete “zwei”").press("Enter")
    page.get_by_text("No word yet").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "INPUT"


def test_a_word_needs_a_name_that_is_free_and_asking_needs_a_word(page_of):
    page = page_of()
    page.get_by_role("button", name="Record three examples").click()
    message(page, "Write the word first")
    choose(page, "Recognise a file…", "x.wav", wav(spoken("one")))
    message(page, "No word is taught yet")
    page.get_by_role("button", name="Listen").click()
    message(page, "No word is taught yet")
    teach(page, "uno", "one")
    page.get_by_label("Word to teach").fill("UNO")
    page.get_by_role("button", name="Record three examples").click()
    message(page, "“uno” is taught already")
    choose(page, "Recognise a file…", "empty.wav", b"")
    message(page, "empty.wav is empty")
    choose(page, "Recognise a file…", "silent.wav", wav(np.zeros(16000)))
    message(page, "holds no word above the threshold")


# --- the microphone ------------------------------------------------------------------------------------------------


def test_a_word_is_taught_and_heard_by_microphone(browser, tmp_path):
    sound = tmp_path / "microphone.wav"
    sound.write_bytes(wav(silence(2), *[part for _ in range(8) for part in (spoken("six"), silence(0.9))]))
    publish(tmp_path, content())
    write_page(tmp_path, [VoiceTeacher()])
    arguments = [*CHROMIUM_ARGUMENTS, *MICROPHONE, f"--use-file-for-fake-audio-capture={sound}%noloop"]
    chromium = browser.browser_type.launch(executable_path=find_chromium(), headless=True, args=arguments)
    with serve(tmp_path) as address, visit(chromium, f"{address}/page.html") as found:
        page = found.page
        teach(page, "zwei", "two")
        asked = requests_of(page)
        page.get_by_label("Word to teach").fill("sechs")
        page.get_by_role("button", name="Record three examples").click()
        message(page, "“sechs” is taught by 3 examples", seconds=25)
        assert page.get_by_role("button", name="Record three examples").is_visible()  # and no longer “Stop”
        assert page.locator(".sbw-words .sbw-note").all_inner_texts() == ["3 examples", "3 examples"]
        page.get_by_role("button", name="Listen").click()
        page.locator(".sbw-word:not(.sbw-unsure)").filter(has_text="sechs").wait_for(timeout=25000)
        page.get_by_role("button", name="Stop").click()
        assert [url for url in asked if not url.startswith("blob:")] == []
        assert found.problems() == []
    chromium.close()


@pytest.mark.parametrize(
    ("script", "text"), [(NO_DEVICE, "No microphone was found"), (REFUSED, "may not use the microphone")]
)
def test_without_a_microphone_files_still_teach(page_of, script, text):
    page = page_of()
    page.evaluate(f"() => {{ {script} }}")
    page.get_by_label("Word to teach").fill("uno")
    page.get_by_role("button", name="Record three examples").click()
    message(page, text)
    assert names(page) == []
    teach(page, "uno", "one")


# --- keeping -------------------------------------------------------------------------------------------------------


def test_words_are_kept_only_if_the_reader_agrees_and_without_their_sound(page_of):
    page = page_of()
    teach(page, "sechs", "six")
    page.reload()
    assert names(page) == []
    teach(page, "sechs", "six")
    page.get_by_label("Keep my words").check()
    teach(page, "zwei", "two")
    stored = kept(page)
    assert [word["name"] for word in stored["words"]] == ["sechs", "zwei"]
    assert set(stored) == {"format", "version", "network", "words"}
    assert all(set(word) == {"name", "examples"} for word in stored["words"])
    assert page.evaluate("localStorage.length") == 1
    page.reload()
    assert names(page) == ["sechs", "zwei"]
    assert page.get_by_label("Keep my words").is_checked()
    assert page.get_by_role("button", name="Hear “sechs”").is_disabled()
    assert ask(page, "two") == "zwei"
    page.get_by_label("Keep my words").uncheck()
    assert kept(page) is None
    assert names(page) == ["sechs", "zwei"]


def test_deleting_everything_is_asked_twice_and_leaves_nothing(page_of):
    page = page_of()
    teach(page, "sechs", "six")
    page.get_by_label("Keep my words").check()
    page.get_by_role("button", name="Delete everything").click()
    assert names(page) == ["sechs"]
    page.get_by_label("Word to teach").focus()  # who goes elsewhere has not agreed
    page.get_by_role("button", name="Delete everything", exact=True).click()
    page.get_by_role("button", name="Really delete everything").click()
    message(page, "Everything is deleted")
    assert names(page) == []
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    assert names(page) == []


FORBIDDEN = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError'); }});"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"


@pytest.mark.parametrize(("script", "text"), [(FORBIDDEN, "forbids this page"), (FULL, "is full")])
def test_where_nothing_can_be_kept_the_page_says_so_and_goes_on(page_of, script, text):
    page = page_of()
    page.add_init_script(script)
    page.reload()
    teach(page, "sechs", "six")
    page.get_by_label("Keep my words").click()
    message(page, text)
    assert not page.get_by_label("Keep my words").is_checked()
    teach(page, "zwei", "two")
    assert ask(page, "six") == "sechs"
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    assert download.value.suggested_filename == "my-words.json"


def test_words_go_into_a_file_and_come_back(page_of, tmp_path):
    page = page_of()
    teach(page, "sechs", "six")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    download.value.save_as(tmp_path / "words.json")
    saved = (tmp_path / "words.json").read_bytes()
    page.reload()
    choose(page, "Read a file of words…", "words.json", saved, "application/json")
    message(page, "1 word read from words.json")
    teach(page, "zwei", "two")
    assert ask(page, "six") == "sechs"
    for damaged, text in (
        (b"", "is not a file of taught words"),
        (saved[:-20], "is not a file of taught words"),
        (b"{}", "holds no taught words"),
        (saved.replace(b'"words":[', b'"words":[7,'), "is damaged"),
        (saved.replace(b'"version":1', b'"version":2'), "has version 2"),
        (b" " * 2_000_001, "is too large"),
    ):
        choose(page, "Read a file of words…", "bad.json", damaged, "application/json")
        message(page, text)
        assert names(page) == ["sechs", "zwei"]


def test_words_of_another_network_are_to_be_taught_again(page_of):
    page = page_of()
    teach(page, "sechs", "six")
    page.get_by_label("Keep my words").check()
    stored = kept(page) | {"network": "0123456789abcdef"}
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, json.dumps(stored)])
    page.reload()
    choose(page, "Recognise a file…", "x.wav", wav(spoken("six")))
    message(page, "another version of the network")
    assert names(page) == ["sechs"]
    assert page.get_by_text("no examples: record some").is_visible()
    teach(page, "zwei", "two")


def test_a_damaged_store_is_told_and_stops_nothing(page_of):
    page = page_of()
    page.evaluate("key => localStorage.setItem(key, '{')", KEY)
    page.reload()
    message(page, "What this browser kept is not a file of taught words")
    teach(page, "sechs", "six")


def test_a_missing_network_says_what_to_do(show):
    page = show([VoiceTeacher()], expected=["404"])
    page.get_by_label("Word to teach").fill("uno")
    choose(page, "Examples from a file…", "x.wav", wav(spoken("one")))
    message(page, "Build the book with the chapter that trains it")
    assert names(page) == []


def test_a_network_of_a_notebook_says_where_it_is(show):
    page = show([VoiceTeacher(network())])
    page.get_by_label("Word to teach").fill("uno")
    page.get_by_role("button", name="Record three examples").click()
    message(page, "Open the chapter in Jupyter or Colab")


# --- how it looks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_is_too_wide(page_of, show, theme, width):
    page = page_of(theme=theme, width=width, touch=width == 320)
    teach(page, "a" * 40, "six")
    teach(page, "zwei", "two")
    ask(page, "two")
    page.get_by_role("button", name="Rename “zwei”").click()
    assert show.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll(".sbw button, .sbw input:not([type=checkbox], [hidden]), .sbw-check")]
            .filter((element) => element.checkVisibility())
            .map((element) => [element.textContent, element.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.9 || box.width < 43.9).map(([text]) => text)"""
    )
    assert small == []
