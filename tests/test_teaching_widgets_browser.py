"""The teaching widgets in a real browser, on a page without a kernel: keyboard, mouse, touch, themes, accessibility."""

import numpy as np
import pytest

from speechbook.widgets import SoftmaxExplorer

EXAMPLES = {}


def example(maker):
    """List a widget among those that all must pass the general tests."""
    EXAMPLES[maker.__name__] = maker
    return maker


@example
def softmax_explorer() -> SoftmaxExplorer:
    return SoftmaxExplorer([2.0, 1.0, -0.5], labels=["six", "seven", "nine"], target=1)


# --- what holds for all --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_fits_every_screen_and_axe_finds_nothing(show, name):
    for theme, width in (("light", 320), ("dark", 768), ("dark", 320), ("light", 1280)):
        page = show([EXAMPLES[name]()], theme=theme, width=width)
        page.wait_for_timeout(150)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert show.axe() == [], (theme, width)


@pytest.mark.parametrize("name", EXAMPLES)
def test_controls_are_large_enough_for_fingers(show, name):
    page = show([EXAMPLES[name]()], width=360, touch=True)
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".sbw :is(button, select, input:not([type=radio]), .sbw-segment)")]
            .filter((element) => element.checkVisibility())
            .map((element) => [element.className || element.id, element.getBoundingClientRect().height])"""
    )
    assert boxes
    assert not [name for name, height in boxes if height < 43.9]


@pytest.mark.parametrize("name", EXAMPLES)
def test_views_share_their_state_and_follow_the_theme(show, name):
    widget = EXAMPLES[name]()
    page = show([widget, widget])
    first, second = page.locator(".sbw").all()
    slider = first.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(150)
    assert second.get_by_role("slider").first.get_attribute("aria-valuetext") == slider.get_attribute("aria-valuetext")
    assert first.inner_text() == second.inner_text()
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_selector(".sbw[data-sbw-theme=dark]")


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_speaks_once_it_is_quiet(show, name):
    page = show([EXAMPLES[name]()])
    spoken = page.locator("p.sbw-hidden[role=status]").first
    assert page.locator("[aria-live=assertive], [role=alert]").count() == 0
    page.wait_for_timeout(700)
    before = spoken.inner_text()
    changes = "() => { window.said = 0; new MutationObserver(() => window.said++).observe(%s, {childList: true}); }"
    page.evaluate(changes % "document.querySelector('p.sbw-hidden[role=status]')")
    page.get_by_role("slider").first.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(900)
    assert page.evaluate("window.said") <= 1, before


# --- softmax explorer ----------------------------------------------------------------------------------------------


def row(page, name: str) -> list[str]:
    return page.get_by_role("group", name=name, exact=True).locator(".sbw-number").all_inner_texts()


def test_logits_move_probabilities_loss_and_gradient(show):
    page = show([softmax_explorer()])
    page.get_by_role("group", name="seven").wait_for()
    p = np.exp([2.0, 1.0, -0.5]) / np.exp([2.0, 1.0, -0.5]).sum()
    assert row(page, "six") == [f"{p[0]:.3f}", f"+{p[0]:.3f}"]
    assert row(page, "seven") == [f"{p[1]:.3f}", f"−{1 - p[1]:.3f}"]
    assert page.locator(".sbw-loss").inner_text().endswith(f"= {-np.log(p[1]):.3f} nats.")
    page.get_by_role("slider", name="nine").focus()
    page.keyboard.press("End")
    page.wait_for_timeout(100)
    assert page.get_by_role("slider", name="nine").get_attribute("aria-valuetext") == "6.0"
    assert "would be “nine”" in page.locator(".sbw-readings").inner_text()
    page.get_by_label("Right answer", exact=True).select_option("nine")
    page.wait_for_timeout(100)
    assert row(page, "nine")[1].startswith("−0.0")


def test_temperature_smoothing_and_steps(show):
    page = show([softmax_explorer()])
    loss = page.locator(".sbw-loss")
    page.get_by_role("slider", name="Label smoothing").focus()
    page.keyboard.press("End")
    page.get_by_role("slider", name="Temperature").focus()
    page.keyboard.press("End")
    page.wait_for_timeout(100)
    assert "with y = 0.667 for “seven”" in loss.inner_text()
    assert page.get_by_text("Gradient (p − y) / T").is_visible()
    assert page.get_by_role("slider", name="Temperature").get_attribute("aria-valuetext") == "10.00"
    page.get_by_role("button", name="Start again").click()
    page.wait_for_timeout(100)
    before = loss.inner_text()
    page.get_by_role("button", name="Gradient step").click()
    page.wait_for_timeout(100)
    number = lambda text: float(text.split("= ")[-1].split(" nats")[0])  # noqa: E731
    assert number(loss.inner_text()) < number(before)
