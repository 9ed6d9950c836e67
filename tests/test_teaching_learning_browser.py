"""What teaches how networks learn, in a real browser: mouse, touch and keys."""

import re

import numpy as np
import pytest

from speechbook.widgets import (
    GateStepper,
)
from tests.teaching_pages import (
    describe,
    gate_stepper,
    loss_surface,
    neuron_playground,
    settle,
    softmax_explorer,
)

# --- softmax explorer ----------------------------------------------------------------------------------------------


def row(page, name: str) -> list[str]:
    return page.get_by_role("group", name=name, exact=True).locator(".sbw-number").all_inner_texts()


def test_logits_move_probabilities_loss_and_gradient(show):
    page = show([softmax_explorer()])
    page.get_by_role("group", name="seven").wait_for()
    p = np.exp([2.0, 1.0, -0.5]) / np.exp([2.0, 1.0, -0.5]).sum()
    assert row(page, "six") == [f"{p[0]:.3f}", f"+{p[0]:.3f}"]
    assert row(page, "seven") == [f"{p[1]:.3f}", f"−{1 - p[1]:.3f}"]
    assert page.locator(".sbw-strong").inner_text().endswith(f"= {-np.log(p[1]):.3f} nats.")
    page.get_by_role("slider", name="nine").focus()
    page.keyboard.press("End")
    settle(page)
    assert page.get_by_role("slider", name="nine").get_attribute("aria-valuetext") == "6.0"
    assert "would be “nine”" in page.locator(".sbw-readings").inner_text()
    page.get_by_label("Right answer", exact=True).select_option("nine")
    settle(page)
    assert row(page, "nine")[1].startswith("−0.0")


def test_temperature_smoothing_and_steps(show):
    page = show([softmax_explorer()])
    loss = page.locator(".sbw-strong")
    page.get_by_role("slider", name="Label smoothing").focus()
    page.keyboard.press("End")
    page.get_by_role("slider", name="Temperature").focus()
    page.keyboard.press("End")
    settle(page)
    assert "with y = 0.667 for “seven”" in loss.inner_text()
    assert page.get_by_text("Gradient (p − y) / T").is_visible()
    assert page.get_by_role("slider", name="Temperature").get_attribute("aria-valuetext") == "10.00"
    page.get_by_role("button", name="Start again").click()
    settle(page)
    before = loss.inner_text()
    page.get_by_role("button", name="Gradient step").click()
    settle(page)
    number = lambda text: float(text.split("= ")[-1].split(" nats")[0])  # noqa: E731
    assert number(loss.inner_text()) < number(before)


# --- neuron playground ---------------------------------------------------------------------------------------------


def test_weights_turn_the_line(show):
    page = show([neuron_playground()])
    assert "2 of 4" not in describe(page)
    assert page.locator(".sbw-strong").inner_text() == "3 of 4 points on the right side: 75\u00a0%"
    page.get_by_role("slider", name="Weight w₁ of loudness").focus()
    page.keyboard.press("End")
    assert describe(page).endswith("4 lie on their side.")
    page.get_by_role("slider", name="Bias").focus()
    page.keyboard.press("End")
    page.get_by_role("radio", name="Step").check()
    assert "2 lie on their side" in describe(page)
    assert "step(z) = 1.000: the unit says “seven”; it is “six”." in page.locator(".sbw-outcome").inner_text()


def test_a_point_is_picked_by_mouse_finger_and_keys(show):
    page = show([neuron_playground()], touch=True)
    picker = page.get_by_role("slider", name="Point to spell out")
    plane = page.locator(".sbw-plane")
    describe(page)
    box = plane.bounding_box()
    plane.click(position={"x": box["width"] - 40, "y": box["height"] * 0.4})
    settle(page)
    assert picker.get_attribute("aria-valuetext") == "3 of 4"
    plane.tap(position={"x": 70, "y": box["height"] * 0.8})
    settle(page)
    assert picker.get_attribute("aria-valuetext") == "2 of 4"
    picker.focus()
    page.keyboard.press("End")
    settle(page)
    assert "0 · 0.6 + 1 · 1 + 0 = 1" in page.locator(".sbw-outcome").inner_text()


# --- gate stepper --------------------------------------------------------------------------------------------------


def test_gates_are_stepped_and_their_sliders_change_the_cell(show):
    page = show([gate_stepper()])
    assert "At frame 0: signal 0.00, forget 0.73, input 0.02, output gate 0.50, cell 0.00" in describe(page)
    page.get_by_role("button", name="Step").click()
    page.get_by_role("button", name="Step").click()
    assert "At frame 2: signal 1.00" in describe(page)
    page.get_by_role("slider", name="Forget bias").press("End")
    assert "forget 1.00" in describe(page)
    page.get_by_role("radio", name="GRU").check()
    assert "one GRU unit" in describe(page)
    assert not page.get_by_role("slider", name="Output bias").is_visible()
    page.get_by_role("slider", name="Reset bias").press("Home")
    assert "reset 0.00" in describe(page)
    assert page.locator("dt").all_inner_texts() == ["Update gate", "Reset gate", "Candidate", "Output"]


def test_a_weight_beyond_the_usual_keeps_its_place_on_the_slider(show):
    page = show([GateStepper([0.0, 1.0], parameters={"input_weight": 12})])
    weight = page.get_by_role("slider", name="Input weight")
    describe(page)
    weight.press("ArrowRight")
    settle(page)
    assert weight.get_attribute("aria-valuetext") == "12.1"


def test_a_tap_on_the_traces_goes_to_that_frame(show):
    page = show([gate_stepper()], width=360, touch=True)
    describe(page)
    box = page.locator(".sbw-traces").bounding_box()
    page.locator(".sbw-traces").tap(position={"x": box["width"] - 20, "y": 50})
    assert "At frame 5" in describe(page)


def test_playing_goes_to_the_end_and_stops(show):
    page = show([gate_stepper()])
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Stop").wait_for()
    page.get_by_role("button", name="Play").wait_for()
    assert "At frame 5" in describe(page)


# --- loss surface --------------------------------------------------------------------------------------------------


def test_optimisers_walk_from_where_the_start_is_dragged(show):
    page = show([loss_surface()])
    assert "Path on the surface “ravine” from x = −1.50, y = 1.00 with learning rate 0.1" in describe(page)
    handle = page.locator(".sbw-handle").bounding_box()
    x, y = handle["x"] + 22, handle["y"] + 22
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 30, steps=4)
    page.mouse.up()
    starts = [float(page.get_by_role("slider", name=f"Start {name}").input_value()) for name in "xy"]
    assert starts[0] > -1.4
    assert starts[1] < 0.95
    moved = page.locator(".sbw-handle").bounding_box()
    assert (moved["x"] - handle["x"], moved["y"] - handle["y"]) == pytest.approx((80, 30), abs=2)
    page.get_by_label("Optimiser").select_option("adam")
    page.get_by_label("Surface", exact=True).select_option("saddle")
    page.get_by_role("slider", name="Start y").press("Home")
    assert "Path on the surface “saddle”" in describe(page)
    assert "y = −1.50 with" in describe(page)
    assert page.locator(".sbw-strong").inner_text().startswith("Adam, 20 steps: loss")


def test_a_learning_rate_that_is_too_high_diverges_and_says_so(show):
    page = show([loss_surface()])
    page.get_by_role("slider", name="Learning rate").press("End")
    describe(page)
    assert re.search(r"^SGD, 20 steps: diverged after \d steps", page.locator(".sbw-strong").inner_text())


def test_a_finger_sets_the_start(show):
    page = show([loss_surface()], width=360, touch=True)
    describe(page)
    box = page.locator(".sbw-map").bounding_box()
    page.locator(".sbw-map").tap(position={"x": 56 + (box["width"] - 66) / 2, "y": 30})
    assert "from x = 0.00, y = 1.39" in describe(page)
