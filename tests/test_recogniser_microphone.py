"""The recogniser with a microphone: one that plays a file into Chromium, one that is missing, one that is unplugged."""

import re

import numpy as np
import pytest
import scipy.signal

from speechbook.widgets import Recogniser
from tests.browser import CHROMIUM_ARGUMENTS, find_chromium, serve, visit
from tests.recogniser_pages import RATE, answer, content, publish, recognise, requests_of, silence, sounds, wav
from tests.widget_pages import write_page

LATENCY = 50  # milliseconds from a word's last loud frame to the answer
DEVICE = 48000  # Hz, as microphones have it: Chromium's own way up from 8 kHz takes 9 dB off the highest 400 Hz


@pytest.fixture(scope="module")
def chromium():
    """The program that starts browsers, and the path of Chromium."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as driver:
        yield lambda arguments: driver.chromium.launch(
            executable_path=path, headless=True, args=[*CHROMIUM_ARGUMENTS, *arguments]
        )


@pytest.fixture
def speak(tmp_path, chromium):
    """Open the page in a Chromium whose microphone plays what is given, and start to listen."""
    opened = []

    def speak(*parts, script="", network=None, widget=None):
        sound, heard = tmp_path / "microphone.wav", np.concatenate(parts)
        sound.write_bytes(wav(scipy.signal.resample(heard, DEVICE // RATE * len(heard)), rate=DEVICE))
        publish(tmp_path, network or content())
        write_page(tmp_path, [widget or Recogniser(clips=sounds())])
        microphone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        browser = chromium([*microphone, f"--use-file-for-fake-audio-capture={sound}%noloop"])
        server, opening = serve(tmp_path), visit(browser, "about:blank")
        found = opening.__enter__()
        opened.append((browser, server, opening))
        found.page.add_init_script(script)
        found.page.set_default_timeout(20_000)
        found.page.goto(f"{server.__enter__()}/page.html")
        found.page.get_by_role("button", name="Listen").click()
        return found

    yield speak
    for browser, server, opening in opened:
        opening.__exit__(None, None, None)
        server.__exit__(None, None, None)
        browser.close()


def latencies(page, name: str) -> list[float]:
    return page.evaluate("name => performance.getEntriesByName(name).map(({duration}) => duration)", name)


WAIT = "count => performance.getEntriesByName('speechbook-answer').length >= count"
ANNOUNCED = """() => {
    window.announced = [];
    const live = document.querySelector(".sbw-hidden[role=status]");
    new MutationObserver(() => announced.push(live.textContent)).observe(live, { childList: true });
}"""


def heard_in(found, *, words: int) -> list[str]:
    """What a screen reader is told until so many words have been answered."""
    page = found.page
    page.locator(".sbw-message").filter(has_text="Listening to").wait_for()
    page.evaluate(ANNOUNCED)
    page.wait_for_function(WAIT, arg=words)
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Stop").click()
    assert found.problems() == []
    return page.evaluate("announced")


def test_words_are_heard_through_the_microphone(speak):
    spoken = ["four", "eight", "six", "one", "three", "nine"]
    parts = [part for word in spoken for part in (sounds()[f"{word}, known voice"][0], silence(0.8))]
    found = speak(silence(2), *parts)
    asked = requests_of(found.page)
    announced = heard_in(found, words=len(spoken))
    assert len(announced) == len(spoken)
    assert (announced[-1], answer(found.page)) == ("nine.", "nine")
    assert asked == []
    assert found.page.locator(".sbw-history").is_visible()
    assert np.median(latencies(found.page, "speechbook-answer")) < LATENCY
    pace = found.page.get_by_text("6 spoken words:").inner_text()
    assert re.search("[4-6] answered at once, [01] of them taken back", pace)


def test_a_word_with_a_pause_inside_is_answered_twice_and_counted_once(speak):
    word = sounds()["seven, known voice"][0]
    found = speak(silence(2), word, np.zeros(RATE // 8), word[: len(word) // 2], silence(2))
    announced = heard_in(found, words=1)
    assert len(announced) == 1
    assert len(latencies(found.page, "speechbook-answer")) == 1
    first = found.page.evaluate("performance.getEntriesByName('speechbook-early')[0].detail.label")
    assert first == "seven"
    assert found.page.get_by_text("1 spoken word: 1 answered at once").count() == 1


NO_DEVICE = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError'); };"
REFUSED = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };"
NO_WORKLET = "delete globalThis.AudioWorkletNode;"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (NO_DEVICE, "No microphone was found"),
        (REFUSED, "may not use the microphone"),
        (NO_WORKLET, "has no AudioWorklet"),
    ],
    ids=["missing", "refused", "old-browser"],
)
def test_without_a_microphone_the_page_says_why(speak, script, message):
    page = speak(silence(1), script=script).page
    page.locator(".sbw-error").filter(has_text=message).wait_for()
    page.get_by_role("button", name="Listen").wait_for()
    assert recognise(page, "five, known voice") == "five"


def test_unplugging_is_told_and_stops(speak):
    keep = """const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wish) => (globalThis.stream = await open(wish));"""
    page = speak(silence(20), script=keep).page
    page.locator(".sbw-message").filter(has_text="Listening to").wait_for()
    page.evaluate("stream.getAudioTracks()[0].dispatchEvent(new Event('ended'))")
    page.locator(".sbw-error").filter(has_text="was unplugged").wait_for()
    page.get_by_role("button", name="Listen").wait_for()
    assert "not listening" in page.locator("canvas").get_attribute("aria-label")
