"""The widgets in a real browser, on a page without a kernel: mouse, keyboard, touch, files, sound, accessibility."""

import html
import io
import re

import ipywidgets
import numpy as np
import pytest
import soundfile

from speechbook.widgets import Quiz, SpectrogramExplorer
from tests.browser import visit
from tests.widget_pages import write_page

RATE = 8000
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


def tone(hz: float, *, seconds: float = 1.0, rate: int = RATE) -> np.ndarray:
    return 0.1 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


def explorer() -> SpectrogramExplorer:
    clips = {"tone of 1 kHz": (tone(1000), RATE), "high tone": (tone(3000, rate=16000), 16000)}
    return SpectrogramExplorer(clips=clips, n_fft=256, win_length=200, hop_length=80)


@pytest.fixture
def quiz(tmp_path) -> Quiz:
    (tmp_path / "test.yml").write_text(QUIZ, encoding="utf-8")
    return Quiz("test", folder=tmp_path)


def picture_label(page) -> str:
    page.wait_for_timeout(100)
    return page.get_by_role("img").get_attribute("aria-label")


def reading(page) -> tuple[float, int, float]:
    text = page.locator(".sbw-reading").inner_text().replace("−", "-")
    return tuple(float(number) for number in re.match(r"([\d.]+) s, (\d+) Hz: (-?[\d.]+) dB", text).groups())


def wav(seconds: float, *, rate: int = 44100, channels: int = 2) -> bytes:
    file = io.BytesIO()
    soundfile.write(
        file, np.repeat(tone(500, seconds=seconds, rate=rate)[:, None], channels, axis=1), rate, format="WAV"
    )
    return file.getvalue()


# --- spectrogram explorer ------------------------------------------------------------------------------------------


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


def open_file(page, name: str, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a file…").click()
    chooser.value.set_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


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


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_is_wider_than_the_screen(show, quiz, width):
    page = show([explorer(), quiz], width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_controls_are_large_enough_for_fingers(show, quiz):
    page = show([explorer(), quiz], width=360, touch=True)
    boxes = page.evaluate(
        """() => ["button", "select", "input[type=range]", ".sbw-segment", ".sbw-option"]
            .flatMap((kind) => [...document.querySelectorAll(`.sbw ${kind}`)])
            .filter((element) => element.checkVisibility())
            .map((element) => [element.className || element.id, element.getBoundingClientRect().height])"""
    )
    assert not [name for name, height in boxes if height < 43.9]


def test_the_theme_follows_the_page(show):
    page = show([explorer()], theme="dark")
    root = page.locator(".sbw")
    assert root.get_attribute("data-sbw-theme") == "dark"
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.wait_for_selector(".sbw[data-sbw-theme=light]")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(show, quiz, theme, width):
    page = show([explorer(), quiz], theme=theme, width=width)
    page.locator(".sbw-surface").click(position={"x": 50, "y": 50})
    page.get_by_role("radio", name="200 samples").check()
    page.get_by_role("button", name="Check").first.click()
    open_file(page, "empty.wav", b"")
    page.locator(".sbw-error").wait_for()
    assert show.axe() == []


def test_reduced_motion_still_shows_the_time(show):
    page = show([explorer()], reduced_motion="reduce")
    clock = page.locator(".sbw-clock")
    page.get_by_role("button", name="Play").click()
    clock.filter(has_text=re.compile(r"^0\.[2-9]")).wait_for()


# --- quiz ----------------------------------------------------------------------------------------------------------


def test_the_quiz_is_answered_with_the_keyboard(show, quiz):
    page = show([quiz])
    first = page.get_by_role("group", name=re.compile("Question 1 of 2"))
    first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the scrollable code
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert first.get_by_role("status").inner_text() == "Not quite. Read why below each answer."
    assert first.locator(".sbw-why").all_inner_texts() == [
        "Right: 0.025 s times 8000 a second.",
        "Wrong: That is 10 ms.",
    ]
    page.keyboard.press("Enter")
    assert not first.locator(".sbw-why").first.is_visible()
    first.get_by_label("200 samples").check()
    first.get_by_role("button").click()
    assert first.get_by_role("status").inner_text() == "Right."
    assert page.locator(".sbw-score").inner_text() == "1 right of 1 answered, 2 in all"


def test_several_right_answers_and_starting_again(show, quiz):
    page = show([quiz])
    second = page.get_by_role("group", name=re.compile("Question 2 of 2"))
    check = second.get_by_role("button")
    check.click()
    assert second.get_by_role("status").inner_text() == "Choose an answer first."
    second.get_by_label("Slaney").check()
    check.click()
    assert second.get_by_role("status").inner_text().startswith("Not quite")
    check.click()
    second.get_by_label("Slaney").check()
    second.get_by_label("HTK").check()
    check.click()
    assert second.get_by_role("status").inner_text() == "Right."
    page.get_by_role("button", name="Start again").click()
    assert page.locator(".sbw-score").inner_text() == "2 questions"
    assert not second.get_by_label("HTK").is_checked()


def test_html_in_a_quiz_stays_text(show, quiz):
    page = show([quiz])
    assert page.get_by_text("<b>80</b> samples").is_visible()
    assert page.locator(".sbw b").count() == 0
    assert page.locator(".sbw legend code").inner_text() == "win_length"


# --- hosts ---------------------------------------------------------------------------------------------------------


def test_views_of_one_widget_share_its_state(show):
    widget = explorer()
    page = show([widget, widget])
    first, second = page.locator(".sbw").all()
    first.get_by_label("FFT size").select_option("1024")
    assert second.get_by_label("FFT size").input_value() == "1024"


def test_widgets_of_one_family_are_imported_once(show):
    page = show([explorer(), explorer()])
    assert page.locator(".sbw").count() == 2
    assert page.locator("head style").count() == 2  # the page's own and the family's
    assert page.locator("script[src*=html-manager]").count() == 0


def test_a_widget_that_breaks_says_so_and_spares_the_others(show):
    def breaking(state):
        models = [model["state"] for model in state.values() if "clips" in model["state"]]
        models[0]["clips"] = []

    page = show([explorer(), explorer()], edit=breaking, expected=[r"undefined"])
    assert page.get_by_role("alert").inner_text().startswith("This widget could not start:")
    assert page.get_by_role("img").count() == 1


def test_a_widget_without_saved_state_says_so(show):
    def forget(state):
        for key in [key for key, model in state.items() if "clips" in model["state"]][:1]:
            del state[key]

    page = show([explorer(), explorer()], edit=forget, expected=[r"was not saved"])
    assert "its state was not saved with the page" in page.get_by_role("alert").inner_text()
    assert page.get_by_role("img").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_core_widgets_get_the_full_host(show, theme):
    widget = explorer()
    slider = ipywidgets.IntSlider(value=60, min=20, max=100, description="range")
    link = ipywidgets.jslink((slider, "value"), (widget, "top_db"))
    page = show([ipywidgets.VBox([slider]), widget, ipywidgets.Label(value=f"{type(link).__name__}")], theme=theme)
    handle = page.locator(".noUi-handle")
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("slider", name="Colour range").get_attribute("aria-valuetext") == "61 dB"
    page.get_by_label("FFT size").select_option("512")
    assert "257 frequencies" in picture_label(page)
    assert handle.get_attribute("aria-label") == "range"
    if theme == "light":  # in the dark, core widgets take their colours from the book's style sheets
        assert show.axe() == []


def test_pages_work_from_a_file(browser, tmp_path, quiz):
    path = write_page(tmp_path, [explorer(), quiz])
    with visit(browser, path.as_uri()) as found:
        found.page.get_by_role("img").wait_for()
        assert found.page.locator(".sbw").count() == 2
        assert found.problems() == []


def test_core_widgets_work_from_a_file(browser, tmp_path):
    path = write_page(tmp_path, [ipywidgets.IntSlider(value=3, description="n")])
    with visit(browser, path.as_uri()) as found:
        found.page.locator(".noUi-handle").wait_for()
        assert found.problems() == []


def test_formulas_are_set_without_another_host(show):
    formula = html.escape(r"\(\sum_{k} \boldsymbol{x}_k \in \mathbb{R}, \cancel{y}\)")
    extra = f'<p>{formula}</p><script defer src="_static/vendor/mathjax/tex-mml-chtml.js"></script>'
    page = show([explorer()], extra=extra)
    page.locator("mjx-container").wait_for()
    assert page.locator("mjx-merror").count() == 0
    page.wait_for_timeout(300)
    assert page.evaluate("[...document.fonts].filter((font) => font.status === 'error').length") == 0
    assert page.evaluate("[...document.fonts].filter((font) => font.status === 'loaded').length") > 0
