"""The sound lab in a real browser: what it shows, and that mouse, touch and keys work, for everybody."""

import pytest

from speechbook.widgets import SoundLab
from tests.sound_lab_pages import (  # noqa: F401  (fixtures)
    LISTEN,
    browser,
    drag,
    lab,
    label,
    message,
    reading,
    record,
    selection,
    spoken,
    surface,
    tone,
    view,
)


def test_the_pictures_say_what_they_show(show):
    page = show([lab()])
    assert "Waveform, spectrogram, mel spectrogram and MFCC of a tone: 0.00 to 2.00 s of 2.00 s" in label(page)
    assert "40 mel bands, 13 coefficients" in label(page)
    colours = page.evaluate(
        """() => {
            const canvas = document.querySelector(".sbw-picture");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )
    assert colours > 100


def test_what_python_set_is_shown(show):
    page = show([lab(selection_start=0.5, selection_end=0.75, n_mels=20, effect="telephone", compare="changed")])
    assert selection(page) == (0.5, 0.75)
    assert "20 mel bands" in label(page)
    assert "Over the telephone: a tone" in label(page, 1)
    assert page.get_by_label("Hear it").input_value() == "telephone"


def test_settings_have_librosas_names_and_follow_each_other(show):
    page = show([lab()])
    page.get_by_text("Settings of the pictures").click()
    for name in ("n_fft", "win_length", "hop_length", "n_mels", "n_mfcc", "fmin", "fmax", "top_db"):
        assert page.locator(".sbw-panel code").get_by_text(name, exact=True).count() == 1
    page.get_by_label("FFT size").select_option("256")
    assert page.get_by_role("slider", name="Window").get_attribute("aria-valuetext") == "256 (16 ms)"
    assert "FFT of 256 points" in label(page)
    bands = page.get_by_role("slider", name="Mel bands n_mels")
    bands.focus()
    page.keyboard.press("Home")
    assert "8 mel bands, 8 coefficients" in label(page)


def test_the_mouse_selects_and_zooms(show):
    page = show([lab()])
    drag(page, 0.25, 0.5)
    start, end = selection(page)
    assert (start, end) == (pytest.approx(0.5, abs=0.02), pytest.approx(1.0, abs=0.02))
    page.get_by_role("button", name="Zoom to selection").click()
    assert view(page) == (pytest.approx(0.49, abs=0.03), pytest.approx(1.01, abs=0.03))
    page.get_by_role("button", name="Show all").click()
    assert view(page) == (0, 2)
    box = surface(page)
    page.mouse.click(box["x"] + 10, box["y"] + 50)
    assert "Drag across" in reading(page)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 50)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    start, end = view(page)
    assert end - start < 1.5
    assert (start + end) / 2 == pytest.approx(1, abs=0.03)


def test_a_selection_dragged_backwards_is_the_same(show):
    page = show([lab()])
    drag(page, 0.8, 0.3)
    assert selection(page) == (pytest.approx(0.6, abs=0.02), pytest.approx(1.6, abs=0.02))


def test_the_keyboard_selects_zooms_moves_and_plays(show):
    page = show([lab()])
    page.evaluate(LISTEN)
    area = page.get_by_role("application").first
    area.focus()
    page.keyboard.press("Home")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
    assert selection(page) == (0, pytest.approx(0.2, abs=0.001))
    page.keyboard.press("Enter")
    page.wait_for_function("heard.length === 1")
    assert page.evaluate("heard[0].seconds") == pytest.approx(0.2, abs=0.01)
    page.keyboard.press("Escape")
    assert "Drag across" in reading(page)
    page.keyboard.press("+")
    page.keyboard.press("+")
    start, end = view(page)
    assert end - start == pytest.approx(2 / 1.5**2, abs=0.02)
    page.keyboard.press("PageDown")
    assert view(page)[0] > start
    page.keyboard.press("0")
    assert view(page) == (0, 2)
    assert area.get_attribute("data-lm-suppress-shortcuts") == "true"


def test_fingers_select_and_pinch(show):
    page = show([lab()], width=360, height=800, touch=True)
    box = surface(page)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *shares: float) -> None:
        y = box["y"] + 60
        points = [{"x": box["x"] + share * box["width"], "y": y, "id": i} for i, share in enumerate(shares)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0.25)
    for share in (0.3, 0.4, 0.5):
        touch("touchMove", share)
    touch("touchEnd")
    assert selection(page) == (pytest.approx(0.5, abs=0.03), pytest.approx(1.0, abs=0.03))
    touch("touchStart", 0.4)
    touch("touchStart", 0.4, 0.6)
    for spread in (0.15, 0.2, 0.3):
        touch("touchMove", 0.5 - spread, 0.5 + spread)
    touch("touchEnd")
    start, end = view(page)
    assert end - start == pytest.approx(2 / 3, rel=0.1)
    assert (start + end) / 2 == pytest.approx(1, abs=0.1)


def test_what_cannot_be_done_to_a_sound_says_so(show):
    slow = SoundLab(tone(300, rate=4000), sample_rate=4000, label="slow")
    slow.effect, slow.compare = "telephone", "changed"
    page = show([slow])
    message(page, "the band must satisfy 0 < low < high < 2000 Hz").wait_for()
    assert "MFCC of slow" in label(page)
    page.get_by_label("Hear it").select_option("speed")
    assert "Slower or faster, pitch too: slow" in label(page, 1)


def test_it_works_where_nothing_may_be_stored(show):
    page = show([lab()])
    forbid = "get() { throw new DOMException('', 'SecurityError') }"
    page.add_init_script(
        f"for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])"
        f" Object.defineProperty(window, name, {{ {forbid} }});"
    )
    page.reload()
    record(page, seconds=0.3)
    assert "of Recording 1" in label(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(show, theme):
    page = show([lab(effect="resample", compare="changed", selection_start=0.2, selection_end=0.9)], theme=theme)
    page.get_by_text("The same picture in Python").click()
    page.get_by_text("Settings of the pictures").click()
    page.wait_for_timeout(300)
    assert show.axe() == []


@pytest.mark.parametrize("width", [320, 360, 700, 1280])
def test_nothing_is_wider_than_the_screen(show, width):
    page = show([lab(effect="room", compare="changed")], width=width)
    page.get_by_text("The same picture in Python").click()
    page.get_by_text("Settings of the pictures").click()
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_controls_are_large_enough_for_fingers(show):
    page = show([lab(effect="resample")], width=360, touch=True)
    page.get_by_text("Settings of the pictures").click()
    small = page.evaluate(
        """() => ["button", "select", "input[type=range]", ".sbw-check", "summary"]
            .flatMap((kind) => [...document.querySelectorAll(`.sbw ${kind}`)])
            .filter((element) => element.offsetParent && element.getBoundingClientRect().height < 44)
            .map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert small == []
