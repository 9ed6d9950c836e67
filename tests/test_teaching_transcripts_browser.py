"""CTC lattice and alignment explorer in a real browser: mouse, touch and keys."""

import numpy as np
import pytest

from tests.teaching_pages import alignment_explorer, ctc_lattice, describe, settle

# --- CTC lattice ---------------------------------------------------------------------------------------------------


def test_the_lattice_is_stepped_and_a_node_spelt_out(show):
    page = show([ctc_lattice()])
    assert describe(page) == "Lattice of 5 states (-, n, -, o, -) by 4 frames for the target “no”; Forward, frame 2."
    equation = page.locator(".sbw-equation")
    assert equation.inner_text() == "α(frame 2, n, state 1) = y · (α(1, n) + α(1, -)) = 0.3 · (0.63 + 0.12) = 0.225"
    page.get_by_label("State", exact=True).select_option("3")
    settle(page)
    assert "α(1, o) + α(1, -) + α(1, n)" in equation.inner_text()
    page.get_by_role("slider", name="Step").press("End")
    assert describe(page).endswith("Occupancy, frame 3.")
    assert "γ(frame 3, o, state 3) = α β / (y P)" in equation.inner_text()
    page.get_by_role("button", name="Back").click()
    assert describe(page).endswith("Occupancy, frame 2.")


def test_posteriors_are_edited_and_stay_probabilities(show):
    page = show([ctc_lattice()])
    describe(page)
    cell = page.get_by_label("n, frame 1")
    cell.fill("0.1")
    cell.press("Enter")
    settle(page)
    column = [float(page.get_by_label(f"{symbol}, frame 1").input_value()) for symbol in "-no"]
    assert column == pytest.approx([0.6, 0.1, 0.3])
    page.get_by_role("radio", name="Gradient").check()
    settle(page)
    rows = [row.locator("td").all_inner_texts() for row in page.locator("tbody tr").all()]
    columns = np.array([[float(text.replace("−", "-")) for text in row] for row in rows])
    np.testing.assert_allclose(columns.sum(axis=0), 0, atol=0.002)


def test_the_target_is_typed_and_faults_are_told(show):
    page = show([ctc_lattice()])
    describe(page)
    target = page.get_by_label("Target", exact=True)
    target.fill("nox")
    assert page.locator(".sbw-error").inner_text() == "A target is made of n o; “x” is not one of them."
    target.fill("nonono")
    settle(page)
    assert not page.locator(".sbw-error").is_visible()
    assert page.locator(".sbw-strong").inner_text().startswith("No path of 4 frames spells “nonono”")
    page.get_by_role("radio", name="Occupancy").check()
    settle(page)
    assert set(page.locator("tbody td").all_inner_texts()) == {"–"}
    target.fill("")
    page.get_by_label("Beam width").select_option("1")
    assert "for the target nothing" in describe(page)
    assert page.locator(".sbw-answers li").count() == 1


def test_a_tap_picks_a_node(show):
    page = show([ctc_lattice()], width=360, touch=True)
    describe(page)
    box = page.locator(".sbw-lattice").bounding_box()
    page.locator(".sbw-lattice").tap(position={"x": box["width"] - 30, "y": box["height"] - 60})
    assert describe(page).endswith("Forward, frame 3.")
    assert page.get_by_label("State", exact=True).input_value() == "3"


# --- alignment explorer --------------------------------------------------------------------------------------------


def test_texts_are_typed_and_aligned(show):
    page = show([alignment_explorer()])
    rate = page.locator(".sbw-strong").first
    rate.filter(has_text="Word error rate: (1 S + 1 D + 1 I) / 5 words = 60.0").wait_for()
    steps = page.get_by_role("list", name="Alignment").get_by_role("listitem")
    kinds = [step.get_attribute("class") for step in steps.all()]
    assert kinds == ["sbw-equal", "sbw-delete", "sbw-equal", "sbw-substitute", "sbw-equal", "sbw-insert"]
    assert steps.nth(1).inner_text().split() == ["on", "∗", "D", "deleted"]
    page.get_by_label("Hypothesis").fill("turn on the light now")
    rate.filter(has_text="= 0.0").wait_for()
    page.get_by_label("Reference").fill("")
    rate.filter(has_text="not defined, because the reference is empty (5 inserted)").wait_for()
    page.get_by_label("Hypothesis").fill("x" * 301)
    assert "at most 300 are aligned here" in page.locator(".sbw-error").inner_text()


def test_the_table_of_distances_marks_the_way_and_gives_way_to_long_texts(show):
    page = show([alignment_explorer()])
    page.get_by_role("table").wait_for()
    marked = page.locator("td.sbw-way .sbw-mark").all_inner_texts()
    assert marked == ["", "", "D", "", "S", "", "I"]
    assert page.locator("tbody tr").last.locator("td").last.inner_text().split() == ["I", "3", "inserted"]
    page.get_by_role("radio", name="Characters").check()
    page.get_by_text("for up to 24 tokens").wait_for()
    assert page.get_by_role("table").count() == 0
