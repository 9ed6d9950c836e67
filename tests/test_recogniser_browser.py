"""The recogniser in a real browser: clips, files, and everything that can be wrong with its network."""

import numpy as np
import pytest
import soxr

from speechbook import _page_publish, page_model
from speechbook.widgets import Recogniser
from tests.browser import visit
from tests.recogniser_pages import (
    RATE,
    WORDS,
    answer,
    content,
    network,
    publish,
    recognise,
    requests_of,
    silence,
    sounds,
    wav,
)
from tests.widget_pages import write_page


@pytest.fixture
def page_of(show, tmp_path):
    """A page with the recogniser, and its network beside it."""

    def page_of(damage=lambda content: content, **options):
        publish(tmp_path, damage(content()))
        return show([Recogniser(clips=sounds())], **options)

    return page_of


# --- clips and files -----------------------------------------------------------------------------------------------


def test_recordings_are_recognised_and_counted(page_of):
    page = page_of()
    heard = [recognise(page, f"{word}, known voice") for word in WORDS]
    assert heard == WORDS
    assert page.locator(".sbw-history .sbw-reading").inner_text().startswith("10 sounds: 10 right, 0 wrong")
    assert page.locator(".sbw-history td.sbw-right").count() == 10
    assert page.locator(".sbw-bars li").count() == 10
    page.get_by_role("button", name="Forget all").click()
    assert not page.locator(".sbw-history").is_visible()


def test_the_network_is_loaded_only_when_asked_for_and_once(page_of):
    page = page_of()
    asked = requests_of(page)
    page.wait_for_timeout(300)
    assert asked == []
    recognise(page, "one, known voice")
    recognise(page, "two, known voice")
    assert [url.rsplit("/", 1)[1] for url in asked if not url.startswith("blob:")] == ["digits.sbmodel"]


def test_the_reader_says_what_it_was(page_of):
    page = page_of()
    recognise(page, "one, known voice")
    group = page.get_by_role("group", name="What was said")
    group.get_by_role("button", name="two").click()
    assert page.locator(".sbw-history .sbw-reading").inner_text().startswith("1 sound: 0 right, 1 wrong")
    assert group.get_by_role("button", name="two").get_attribute("aria-pressed") == "true"
    group.get_by_role("button", name="something else").click()
    assert page.locator(".sbw-history th[scope=row]").inner_text() == "other"


def open_file(page, name: str, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a file…").click()
    chooser.value.set_files({"name": name, "mimeType": "audio/wav", "buffer": content})


def test_every_word_of_a_file_is_found(page_of):
    page = page_of()
    spoken = ["three", "eight", "six", "five"]
    parts = [part for word in spoken for part in (silence(0.5), sounds()[f"{word}, known voice"][0])]
    open_file(page, "four.wav", wav(*parts))
    message = page.locator(".sbw-message").filter(has_text="4 words in four.wav")
    message.wait_for()
    assert message.inner_text().endswith("three, eight, six, five.")


def test_a_stereo_file_of_96_khz_is_heard_like_any_other(page_of):
    page = page_of()
    y = soxr.resample(sounds()["seven, known voice"][0], RATE, 96000)
    open_file(page, "studio.wav", wav(np.stack([y, 0.5 * y], axis=1), rate=96000))
    page.locator(".sbw-note").filter(has_text="From studio.wav").wait_for()
    assert answer(page) == "seven"


def test_it_works_where_nothing_may_be_stored(page_of):
    page = page_of()
    forbid = "get() { throw new DOMException('', 'SecurityError') }"
    names = ["localStorage", "sessionStorage", "indexedDB", "caches"]
    page.add_init_script(f"for (const name of {names}) Object.defineProperty(window, name, {{ {forbid} }});")
    page.reload()
    assert recognise(page, "two, known voice") == "two"


def test_noise_is_not_known(page_of):
    page = page_of()
    open_file(page, "noise.wav", wav(0.1 * np.random.default_rng(3).normal(size=4000)))
    page.locator(".sbw-note").filter(has_text="too little to say so").wait_for()
    assert answer(page) == "I do not know"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.wav", b"", "empty.wav is empty"),
        ("text.wav", b"to whom it may concern", "not audio that this browser can decode"),
        ("silent.wav", wav(np.zeros(16000)), "holds no word above the threshold"),
    ],
)
def test_files_without_a_word_say_so(page_of, name, content, message):
    page = page_of()
    open_file(page, name, content)
    page.locator(".sbw-message").filter(has_text=message).wait_for()


# --- the network ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda content: content[:-40] + b"wrong!!!" + content[-32:], "its checksum is wrong"),
        (lambda content: content[: len(content) // 2], "its checksum is wrong"),
        (lambda content: content.replace(b"SBMODEL1", b"SBMODEL9"), "has version 9"),
        (lambda content: b"<!DOCTYPE html><title>Not here</title>", "is not a network"),
    ],
    ids=["changed", "cut", "newer", "page"],
)
def test_a_damaged_network_is_refused(page_of, damage, message):
    page = page_of(damage)
    page.get_by_role("button", name="Listen").click()
    page.locator(".sbw-error").filter(has_text=message).wait_for()


def test_a_missing_network_says_what_to_do(show):
    page = show([Recogniser(clips=sounds())], expected=["404"])
    page.get_by_role("button", name="Hear and recognise").click()
    page.locator(".sbw-error").filter(has_text="Build the book with the chapter that trains it").wait_for()


def test_a_network_of_a_notebook_says_where_it_is(show):
    page = show([Recogniser(network())])
    page.get_by_role("button", name="Listen").click()
    page.locator(".sbw-error").filter(has_text="Open the chapter in Jupyter or Colab").wait_for()


def test_a_server_that_is_gone_is_no_dead_end(page_of, tmp_path):
    page = page_of(expected=["failed", "Failed to load"])
    page.route("**/models/*", lambda route: route.abort())
    page.get_by_role("button", name="Hear and recognise").click()
    page.locator(".sbw-error").filter(has_text="Check the connection, then press the button again").wait_for()
    page.unroute("**/models/*")
    assert recognise(page, "four, known voice") == "four"


def test_it_works_from_a_file(browser, tmp_path):
    publish(tmp_path, content())
    path = write_page(tmp_path, [Recogniser(clips=sounds())])
    with visit(browser, path.as_uri()) as found:
        assert recognise(found.page, "nine, known voice") == "nine"
        assert found.problems() == []


def test_the_kernel_sends_the_network(tmp_path, monkeypatch):
    sent = []
    widget = Recogniser(content())
    monkeypatch.setattr(widget, "send", lambda message, buffers=(): sent.append((message, list(buffers))))
    widget._answer_page(widget, {"kind": "load"}, [])
    assert sent == [({"kind": "network"}, [content()])]
    sent.clear()
    monkeypatch.setattr(page_model, "find", lambda name: _page_publish.find(name, cache=tmp_path))
    missing = Recogniser(name="nobody-trained-this")
    monkeypatch.setattr(missing, "send", lambda message, buffers=(): sent.append(message))
    missing._answer_page(missing, {"kind": "load"}, [])
    assert sent[0]["kind"] == "error"
    assert "run the chapter" in sent[0]["message"]


# --- how it looks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_is_too_wide(page_of, show, theme, width):
    page = page_of(theme=theme, width=width)
    recognise(page, "seven, known voice")
    page.get_by_role("group", name="What was said").get_by_role("button", name="one").click()
    assert show.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll(".sbw button, .sbw select, .sbw input[type=range]")]
            .filter((element) => element.checkVisibility())
            .map((element) => [element.textContent, element.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.9 || box.width < 43.9).map(([text]) => text)"""
    )
    assert small == []
