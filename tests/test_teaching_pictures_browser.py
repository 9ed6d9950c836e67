"""What teaches how networks look at pictures of sound, in a real browser: mouse, touch and keys."""

import re

import numpy as np

from speechbook.widgets import (
    AttentionMap,
    FilterbankDesigner,
)
from tests.teaching_pages import attention_map, convolution_stepper, describe, filterbank_designer, settle

# --- convolution stepper -------------------------------------------------------------------------------------------


def test_the_kernel_is_stepped_played_and_edited(show):
    page = show([convolution_stepper()])
    total = page.locator(".sbw-total")
    assert (
        "the kernel edge in time at position 1, and 6 by 10 responses with stride 1 pooled by max to 3 by 5"
        in describe(page)
    )
    assert total.inner_text() == "12"
    page.get_by_role("button", name="Step").click()
    assert "at position 2" in describe(page)
    page.get_by_label("Kernel: same band, same frame").fill("10")
    assert "the kernel own" in describe(page)
    assert page.get_by_label("Kernel", exact=True).input_value() == "own"
    assert total.inner_text() == "62"  # band 1, frame 2: 1 + 4 = 5
    page.get_by_label("Kernel", exact=True).select_option("blur")
    page.get_by_role("radio", name="2", exact=True).check()
    assert "3 by 5 responses with stride 2" in describe(page)
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Stop").wait_for()
    page.get_by_role("slider", name="Position").press("End")
    assert "at position 15" in describe(page)
    page.get_by_role("button", name="Play").wait_for()


def test_a_tap_on_the_input_jumps_there(show):
    page = show([convolution_stepper()], width=360, touch=True)
    describe(page)
    page.locator(".sbw-maps").tap(position={"x": 60, "y": 180})
    assert "at position 1," in describe(page)
    box = page.locator(".sbw-maps").bounding_box()
    page.locator(".sbw-maps").tap(position={"x": box["width"] - 20, "y": 30})
    assert "at position 60," in describe(page)
    assert "Patch of bands 5 to 7, frames 9 to 11" in page.locator(".sbw-reading").inner_text()


# --- attention map -------------------------------------------------------------------------------------------------


def test_a_query_is_picked_by_keys_mouse_and_finger(show):
    page = show([attention_map()], touch=True)
    assert describe(page).endswith("of all 6 by 6 weights; the curve peaks at frame 5 (2.5 s).")
    reading = page.locator(".sbw-strong")
    page.get_by_role("slider", name="Query frame").press("ArrowRight")
    settle(page)
    assert reading.inner_text() == "Frame 1 (0.5 s) attends most to frame 4 (2 s): weight 0.750; to itself 0.050."
    canvas = page.locator(".sbw-attentionmap")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + box["height"] - 60)  # lowest row of the map
    settle(page)
    assert reading.inner_text().startswith("Frame 5 (2.5 s)")
    canvas.tap(position={"x": 70, "y": 50})  # first frame above the spectrogram
    settle(page)
    assert reading.inner_text().startswith("Frame 0 (0 s)")
    page.get_by_label("Head", exact=True).select_option("even")
    assert "Attention weights of even" in describe(page)
    assert "Half of its attention lies on 3 of 6 frames; entropy 1.79 nats" in page.locator(".sbw").inner_text()


def test_one_head_without_picture_needs_neither_list_nor_spectrogram(show):
    page = show([AttentionMap(np.eye(3))])
    assert describe(page).startswith("Attention weights of Head 1 for frame 0 as a curve and the map")
    assert not page.get_by_label("Head", exact=True).is_visible()


# --- filterbank designer -------------------------------------------------------------------------------------------


def test_a_tone_lights_up_bands_of_the_chosen_scale(show):
    page = show([filterbank_designer()], touch=True)
    assert describe(page).startswith("26 triangular filters on the mel (Slaney) scale from 0 Hz to 4000 Hz")
    reading = page.locator(".sbw-strong")
    assert reading.inner_text().startswith("A tone of 1000 Hz, bin 32, lights up band 10 at 50\u00a0%")
    page.get_by_role("slider", name="Tone").press("ArrowRight")
    settle(page)
    assert reading.inner_text().startswith("A tone of 1031.25 Hz, bin 33")
    page.get_by_label("Scale", exact=True).select_option("linear")
    assert describe(page).startswith("26 triangular filters on the linear scale")
    box = page.locator(".sbw-bank").bounding_box()
    page.locator(".sbw-bank").tap(position={"x": box["width"] - 17, "y": 50})
    settle(page)
    assert reading.inner_text() == "A tone of 4000 Hz, bin 128, lights up no band."


def test_bands_that_hold_no_bin_are_named_and_edges_keep_apart(show):
    page = show([FilterbankDesigner(sample_rate=8000, n_fft=64)])
    describe(page)
    page.get_by_role("slider", name="Bands").press("End")
    settle(page)
    assert re.search(r"always 0: bands 0, 1, .* and \d+ more\.", page.locator(".sbw-empty").inner_text())
    page.get_by_role("radio", name="Height").check()
    page.get_by_role("slider", name="Lowest").press("End")
    page.get_by_role("slider", name="Highest").press("Home")
    assert "from 3900 Hz to 4000 Hz" in describe(page)
