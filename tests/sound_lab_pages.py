"""What the tests of the sound lab in a browser share: a browser with a microphone, a lab, and ways to use it."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from speechbook.widgets import SoundLab
from tests.browser import CHROMIUM_ARGUMENTS, find_chromium

ROOT = Path(__file__).resolve().parent.parent
RATE = 16000
LISTEN = """() => {
    const start = AudioBufferSourceNode.prototype.start;
    window.heard = [];
    AudioBufferSourceNode.prototype.start = function (...rest) {
        window.heard.push({ seconds: this.buffer.duration, samples: Array.from(this.buffer.getChannelData(0)) });
        return start.apply(this, rest);
    };
}"""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory) -> Path:
    """What the fake microphone hears: six digits."""
    y, sample_rate = soundfile.read(ROOT / "data" / "clips" / "digits.flac")
    path = tmp_path_factory.mktemp("microphone") / "digits.wav"
    soundfile.write(path, y, sample_rate)
    return path


@pytest.fixture(scope="module")
def browser(spoken):
    """Chromium whose microphone plays the file `spoken` over and over, and that never asks for leave to use it."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    microphone = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}",
    ]
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=path,
            headless=True,
            args=[*CHROMIUM_ARGUMENTS, "--js-flags=--expose-gc", "--enable-precise-memory-info", *microphone],
        )
        yield chromium
        chromium.close()


def tone(hz: float, *, seconds: float = 1.0, rate: int = RATE) -> np.ndarray:
    return 0.2 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


def lab(**settings) -> SoundLab:
    """Return a lab with a tone of 1 kHz whose second half is silent, and another tone."""
    y = tone(1000, seconds=2)
    y[RATE:] = 0
    widget = SoundLab(clips={"a tone": (y, RATE), "high": (tone(3000), RATE)}, win_length=400, hop_length=160)
    for name, value in settings.items():
        setattr(widget, name, value)
    return widget


def picture(page, number: int = 0):
    return page.get_by_role("img").nth(number)


def label(page, number: int = 0) -> str:
    page.wait_for_timeout(150)
    return picture(page, number).get_attribute("aria-label")


def reading(page) -> str:
    page.wait_for_timeout(100)
    return page.locator(".sbw-lab > .sbw-reading").inner_text()


def selection(page) -> tuple[float, float]:
    return tuple(map(float, re.match(r"Selected: ([\d.]+) to ([\d.]+) s", reading(page)).groups()))


def view(page, number: int = 0) -> tuple[float, float]:
    return tuple(map(float, re.search(r": ([\d.]+) to ([\d.]+) s of", label(page, number)).groups()))


def surface(page, number: int = 0) -> dict:
    area = page.locator(".sbw-surface").nth(number)
    area.scroll_into_view_if_needed()
    return area.bounding_box()


def drag(page, start: float, end: float) -> None:
    box = surface(page)
    y = box["y"] + 120
    page.mouse.move(box["x"] + start * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + (start + end) / 2 * box["width"], y + 5)
    page.mouse.move(box["x"] + end * box["width"], y)
    page.mouse.up()


def message(page, text: str):
    return page.locator(".sbw-message").filter(has_text=text)


def choose_file(page, file) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a file…").click()
    chooser.value.set_files(file)


def open_bytes(page, name: str, content: bytes) -> None:
    choose_file(page, {"name": name, "mimeType": "application/octet-stream", "buffer": content})


def sound_file(y: np.ndarray, rate: int, kind: str = "WAV") -> bytes:
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, 1 if y.ndim == 1 else y.shape[1], format=kind) as sound:
        for start in range(0, len(y), rate):  # libsndfile crashes when Vorbis gets too much at once
            sound.write(y[start : start + rate])
    return file.getvalue()


def saved(page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    return Path(download.value.path()).read_bytes()


def record(page, *, seconds: float) -> None:
    page.get_by_role("button", name="Record").click()
    page.locator(".sbw-level").wait_for()
    page.wait_for_timeout(1000 * seconds)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function("document.querySelector('select').value.startsWith('Recording')")


def loudest_hz(y: np.ndarray, seconds: float) -> float:
    return np.abs(np.fft.rfft(y * np.hanning(len(y)))).argmax() / seconds


def heap(page) -> int:
    """Bytes of JavaScript's memory, typed arrays among them."""
    return page.evaluate("() => { gc(); return performance.memory.usedJSHeapSize; }")
