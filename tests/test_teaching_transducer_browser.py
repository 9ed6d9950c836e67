"""Transducer lattice in a real browser: buttons, keys, mouse, touch, and sliders."""

import numpy as np
import pytest

from tests.teaching_pages import describe, settle, transducer_lattice


def test_a_path_is_walked_by_buttons_and_arrow_keys(show):
    page = show([transducer_lattice()])
    assert describe(page) == (
        "Lattice of 4 steps by 3 rows for “no”, Forward α in the nodes; your path writes n at step 1, "
        "o at step 2; 2 of 6, at step 1, “n” written."
    )
    own = page.locator(".sbw-readings p").nth(1)
    assert "Your path: - n - o - -. Its first 2 of 6 moves: 0.21" in own.inner_text()
    page.get_by_role("button", name="“o” ↑").press("ArrowUp")
    assert "o at step 1; 3 of 6, at step 1, “no” written" in describe(page)
    assert page.get_by_role("button", name="Label ↑").is_disabled()
    page.get_by_role("button", name="Blank →").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")  # one too many
    assert describe(page).endswith("o at step 1; at the end.")
    page.get_by_role("button", name="Back").click()
    page.get_by_role("slider", name="Move").press("Home")
    assert describe(page).endswith("0 of 6, at step 0, nothing written.")


def test_equations_and_hidden_table_follow_the_view(show):
    page = show([transducer_lattice()])
    settle(page)
    equation, table = page.locator(".sbw-equation"), page.get_by_role("table")
    assert equation.inner_text() == "α(1, 1) = α(0, 1) P(-) + α(1, 0) P(n) = 0.3 · 0.4 + 0.7 · 0.3 = 0.33"
    assert [row.locator("th").inner_text() for row in table.locator("tbody tr").all()] == ["“no”", "“n”", "nothing"]
    assert table.locator("tbody tr").nth(1).locator("td").all_inner_texts()[:2] == ["0.3", "0.33"]
    page.get_by_role("radio", name="Backward").check()
    settle(page)
    assert equation.inner_text().startswith("β(1, 1) = β(2, 1) P(-) + β(1, 2) P(o) = ")
    page.get_by_role("radio", name="Occupation").check()
    settle(page)
    assert equation.inner_text().startswith("γ(1, 1) = α β / P = 0.33 · ")
    rows = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
    crossed = np.sum([[float(text) for text in row] for row in rows], axis=0)
    assert (crossed >= 1).all(), "every path comes through each step at least once"


def test_a_changed_node_changes_loss_and_gradient(show):
    page = show([transducer_lattice()])
    settle(page)
    loss = page.locator(".sbw-readings .sbw-strong")
    before = loss.inner_text()
    blank = page.get_by_role("slider", name="P(-)")
    blank.press("End")
    settle(page)
    assert loss.inner_text() != before
    assert blank.get_attribute("aria-valuetext").startswith("1.000, gradient ")
    assert page.get_by_role("slider", name="P(o)").get_attribute("aria-valuetext").startswith("0.000, gradient ")
    page.get_by_role("slider", name="Move").press("Home")
    page.get_by_role("slider", name="P(n)").press("Home")
    page.get_by_role("slider", name="Move").press("ArrowRight")
    page.get_by_role("slider", name="Move").press("ArrowRight")
    page.get_by_role("button", name="Restore all").click()
    settle(page)
    assert loss.inner_text() == before


def test_without_any_path_it_says_so(show):
    widget = transducer_lattice()
    widget.probabilities = np.array([1.0, 0, 0]) * np.ones((4, 3, 1))
    page = show([widget])
    settle(page)
    loss = page.locator(".sbw-readings .sbw-strong")
    assert loss.inner_text() == "None of the 10 paths can write “no”: probability 0, loss infinite."
    assert page.get_by_role("button", name="Likeliest path").is_disabled()


def test_the_likeliest_path_is_taken(show):
    page = show([transducer_lattice()])
    settle(page)
    page.get_by_role("button", name="Likeliest path").click()
    assert "your path writes n at step 0, o at step 0; at the end" in describe(page)
    most = page.locator(".sbw-readings p").nth(1).inner_text().split(", ")[-1]
    assert most.replace(" of all.", "") in page.locator(".sbw-readings .sbw-strong").inner_text()


@pytest.mark.parametrize("touch", [False, True])
def test_the_path_is_led_through_a_node_by_mouse_and_finger(show, touch):
    page = show([transducer_lattice()], width=360, touch=touch)
    settle(page)
    picture = page.locator(".sbw-staircase")
    box = picture.bounding_box()
    place = {"x": box["width"] - 40, "y": 150}  # the last step, nothing written
    if touch:
        picture.tap(position=place)
        assert "writes n at step 3, o at step 3; 3 of 6, at step 3, nothing written" in describe(page)
        return
    page.mouse.move(box["x"] + 50, box["y"] + 30)
    page.mouse.down()
    assert "writes n at step 0, o at step 0; 2 of 6" in describe(page)
    page.mouse.move(box["x"] + place["x"], box["y"] + 90, steps=6)
    page.mouse.up()
    assert "o at step 3; 4 of 6, at step 3, “n” written" in describe(page)
