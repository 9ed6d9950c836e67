"""The spectrogram explorer in a real browser: mouse, touch, keys and files."""

import io
import re

import numpy as np
import pytest
import soundfile

from tests.explorer_pages import explorer, open_file, picture_label, tone


def reading(page) -> tuple[float, int, float]:
    text = page.locator(".sbw-reading").inner_text().replace("−", "-")
    return tuple(float(number) for number in re.match(r"([\d.]+) s, (\d+) Hz: (-?[\d.]+) dB", text).groups())


def wav(seconds: float, *, rate: int = 44100, channels: int = 2) -> bytes:
    file = io.BytesIO()
    soundfile.write(
        file, np.repeat(tone(500, seconds=seconds, rate=rate)[:, None], channels, axis=1), rate, format="WAV"
    )
    return file.getvalue()


def test_the_picture_says_what_it_shows(show):
    page = show([explorer()])
    label = picture_label(page)
    assert "spectrogram of tone of 1 kHz: 1.00 s, 0 to 4000 Hz, 101 frames of 129 frequencies" in label
    assert "window 200 samples, 25 ms" in label
    colours = page.evaluate(
        """() => {
            const canvas = document.querySelector(".sbw-picture");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )
    assert colours > 100


def test_sliders_answer_to_the_keyboard(show):
    page = show([explorer()])
    window = page.get_by_role("slider", name="Window")
    window.focus()
    page.keyboard.press("ArrowRight")
    assert window.get_attribute("aria-valuetext") == "208 samples, 26 ms"
    assert "window 208 samples" in picture_label(page)
    page.keyboard.press("End")
    assert window.get_attribute("aria-valuetext") == "1024 samples, 128 ms"
    assert page.get_by_label("FFT size").input_value() == "1024"
    page.get_by_label("FFT size").select_option("64")
    assert window.get_attribute("aria-valuetext") == "64 samples, 8 ms"
    assert window.get_attribute("data-lm-suppress-shortcuts") == "true"


def test_sliders_answer_to_the_mouse(show):
    page = show([explorer()])
    hop = page.get_by_role("slider", name="Hop")
    box = hop.bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.up()
    samples = int(hop.get_attribute("aria-valuetext").split()[0])
    assert 150 <= samples <= 180
    assert f"hop {samples} samples" in picture_label(page)


def test_fingers_tap_sliders_and_the_picture(show):
    page = show([explorer()], width=360, height=740, touch=True)
    slider = page.get_by_role("slider", name="Colour range")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.touchscreen.tap(box["x"] + 0.95 * box["width"], box["y"] + box["height"] / 2)
    assert int(slider.get_attribute("aria-valuetext").split()[0]) >= 90
    page.locator(".sbw-surface").tap(position={"x": 100, "y": 80})
    assert reading(page)[0] > 0
    assert page.locator(".sbw-heard").inner_text().startswith("Heard:")


def test_the_mel_scale_brings_its_bands(show):
    page = show([explorer()])
    bands = page.get_by_role("slider", name="Mel bands")
    assert not bands.is_visible()
    page.get_by_role("radio", name="Mel").check()
    assert bands.is_visible()
    assert "mel spectrogram of tone of 1 kHz" in picture_label(page)
    assert "frames of 40 mel bands" in picture_label(page)


def test_another_sound_and_other_colours(show):
    page = show([explorer()])
    page.get_by_label("Sound").select_option("high tone")
    assert "of high tone: 1.00 s, 0 to 8000 Hz" in picture_label(page)
    for name in ("cividis", "grey", "viridis"):
        page.get_by_label("Colour map").select_option(name)


def test_a_click_reads_the_level_and_plays_the_band(show):
    page = show([explorer()])
    surface = page.locator(".sbw-surface")
    box = surface.bounding_box()
    surface.click(position={"x": 0.5 * box["width"], "y": 0.75 * box["height"]})
    time, frequency, level = reading(page)
    assert abs(time - 0.5) < 0.01
    assert abs(frequency - 1000) <= 31.25
    assert -8 < level <= 0
    low, high = map(int, re.findall(r"\d+", page.locator(".sbw-heard").inner_text())[:2])
    assert low < 1000 < high
    assert high / low == pytest.approx(2, rel=0.01)
    page.get_by_role("button", name="Stop").wait_for()
    page.get_by_role("button", name="Play").wait_for()


def test_arrow_keys_move_the_cross_and_tell_the_level(show):
    page = show([explorer()])
    page.get_by_role("application", name="Pick a time and a frequency").focus()
    page.keyboard.press("ArrowUp")
    time, frequency, _ = reading(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    moved = reading(page)
    assert moved[1] == pytest.approx(frequency - 31, abs=1)
    assert moved[0] == pytest.approx(time + 0.1, abs=0.001)
    page.keyboard.press("Home")
    assert reading(page)[0] == 0
    page.wait_for_timeout(600)
    assert page.locator("p.sbw-hidden[role=status]").inner_text() == page.locator(".sbw-reading").inner_text()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").wait_for()


def test_play_moves_the_cursor_and_stop_stops(show):
    page = show([explorer()])
    clock = page.locator(".sbw-clock")
    assert clock.inner_text() == "0.00 / 1.00 s"
    page.get_by_role("button", name="Play").click()
    clock.filter(has_text=re.compile(r"^0\.[2-9]")).wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Play").wait_for()
    assert clock.inner_text() == "0.00 / 1.00 s"
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Stop").wait_for()
    page.get_by_role("button", name="Play").wait_for(timeout=4000)


def test_a_file_is_opened_and_brought_to_16_khz(show):
    page = show([explorer()])
    open_file(page, "voice.wav", wav(1.5))
    page.get_by_role("img", name="File: voice.wav").wait_for()
    assert "1.50 s, 0 to 8000 Hz" in picture_label(page)
    assert page.get_by_label("Sound").input_value() == "File: voice.wav"
    assert not page.locator(".sbw-message").is_visible()
    open_file(page, "second.wav", wav(0.5, rate=8000, channels=1))
    page.get_by_role("img", name="File: second.wav").wait_for()
    assert "0.50 s, 0 to 4000 Hz" in picture_label(page)
    assert page.locator("select").first.locator("option").count() == 3


def test_of_a_long_file_the_first_30_seconds_are_used(show):
    page = show([explorer()])
    open_file(page, "long.wav", wav(31, rate=8000, channels=1))
    message = page.locator(".sbw-message")
    message.filter(has_text="lasts 31.0 s; only its first 30 s are used").wait_for()
    assert "30.00 s" in picture_label(page)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.wav", b"", "empty.wav is empty (0 bytes)"),
        ("notes.txt", b"to whom it may concern", "notes.txt is not audio that this browser can decode"),
        ("cut.wav", wav(0.1)[:40], "cut.wav is not audio that this browser can decode"),
    ],
)
def test_files_that_cannot_be_opened_say_why_and_change_nothing(show, name, content, message):
    page = show([explorer()])
    open_file(page, name, content)
    page.locator(".sbw-error").filter(has_text=message).wait_for()
    assert "of tone of 1 kHz" in picture_label(page)
