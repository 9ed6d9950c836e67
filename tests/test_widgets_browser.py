"""Widgets in a real browser: what everybody needs of them, and the hosts that show them."""

import html
import re

import ipywidgets
import pytest

from speechbook.publish import refine
from tests.browser import visit
from tests.explorer_pages import explorer, open_file
from tests.widget_pages import write_page


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
    page.get_by_role("img", name="257 frequencies").wait_for()
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


@pytest.mark.parametrize("runs_scripts", [True, False])
def test_without_scripts_the_page_says_what_is_missing(browser, tmp_path, runs_scripts):
    path = write_page(tmp_path, [explorer()])
    path.write_text(refine.say_what_needs_scripts(path.read_text(encoding="utf-8")), encoding="utf-8")
    with visit(browser, path.as_uri(), java_script_enabled=runs_scripts) as found:
        if runs_scripts:
            found.page.get_by_role("img").wait_for()
        assert found.page.locator("noscript p").is_visible() != runs_scripts
        assert found.problems() == []
