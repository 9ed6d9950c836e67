"""The teaching widgets in a real browser, on a page without a kernel: keyboard, mouse, touch, themes, accessibility."""

import json
import re

import ipywidgets
import numpy as np
import pytest
from ipywidgets.embed import dependency_state

from speechbook.widgets import (
    AlignmentExplorer,
    AttentionMap,
    CompressionExplorer,
    ConvolutionStepper,
    CtcLattice,
    FilterbankDesigner,
    FilterTable,
    GateStepper,
    LossSurface,
    NeuronPlayground,
    SoftmaxExplorer,
)
from tests.browser import serve, visit

EXAMPLES = {}


def example(maker):
    """List a widget among those that all must pass the general tests."""
    EXAMPLES[maker.__name__] = maker
    return maker


@example
def softmax_explorer() -> SoftmaxExplorer:
    return SoftmaxExplorer([2.0, 1.0, -0.5], labels=["six", "seven", "nine"], target=1)


@example
def neuron_playground() -> NeuronPlayground:
    points = [[-1.0, 0.5], [-0.5, -1.0], [1.0, 0.2], [0.6, 1.0]]
    names = {"feature_names": ["loudness", "crossings per second"], "class_names": ["six", "seven"]}
    return NeuronPlayground(points, [0, 0, 1, 1], **names, weights=[0, 1])


@example
def convolution_stepper() -> ConvolutionStepper:
    image = np.add.outer(np.arange(8.0), 2 * np.arange(12.0))
    return ConvolutionStepper(image, sample_rate=8000, hop_length=80, pooling="max")


@example
def compression_explorer() -> CompressionExplorer:
    tables = [[0.6, 0.2], [0.9, 0.4], [0.9, 0.5]], [[4000, 3000], [8000, 5000], [32000, 18000]]
    kernel = np.random.default_rng(0).normal(size=300)
    return CompressionExplorer(kernel, *tables, bits=[4, 8, 32], shares=[0, 0.5], place=(0, 0))


@example
def gate_stepper() -> GateStepper:
    return GateStepper([0.0, 0.2, 1.0, 0.8, 0.1, 0.0], frame_seconds=0.01)


@example
def loss_surface() -> LossSurface:
    return LossSurface(steps=20)


@example
def ctc_lattice() -> CtcLattice:
    posteriors = [[0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.3, 0.3, 0.4], [0.2, 0.1, 0.7]]
    return CtcLattice(posteriors, symbols="-no", target="no", step=3)


@example
def alignment_explorer() -> AlignmentExplorer:
    return AlignmentExplorer("turn on the light now", "turn the lights now please")


@example
def attention_map() -> AttentionMap:
    weights = np.stack([np.eye(6)[::-1] * 0.7 + 0.05, np.full((6, 6), 1 / 6)])
    return AttentionMap(
        weights, image=np.outer(np.arange(5), np.ones(6)), frame_seconds=0.5, head_names=["back", "even"]
    )


@example
def filterbank_designer() -> FilterbankDesigner:
    return FilterbankDesigner(sample_rate=8000, n_fft=256)


@example
def filter_table() -> FilterTable:
    verdicts = ("wrong", "right")
    rows = [{"id": f"A-1.{n}", "verdict": verdicts[n % 2], "what": "one box, " * n} for n in range(1, 21)]
    columns = {"id": "Claim", "verdict": "Verdict", "what": "Reason"}
    return FilterTable(rows, columns, label="Claims", choices=["verdict"])


# --- what holds for all --------------------------------------------------------------------------------------------


def settle(page) -> None:
    """Wait until the widgets are there and have drawn what was last asked of them."""
    page.locator(".sbw :is(button, input)").first.wait_for(state="attached")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def press(page, view, *, times: int = 1) -> None:
    """Move every slider by keys, or type into every text field where there is no slider."""
    keys = {"slider": "ArrowRight", "textbox": "x"}
    role = next(role for role in keys if view.get_by_role(role).count())
    for control in view.get_by_role(role).all()[:6]:
        control.focus()
        for _ in range(times):
            page.keyboard.press(keys[role])
    settle(page)


def shown_text(view) -> str:
    """All that a view says, but for what it says aloud."""
    return view.evaluate(
        """(view) => {
            const copy = view.cloneNode(true);
            copy.querySelectorAll(".sbw-hidden[role=status]").forEach((line) => line.remove());
            const pictures = [...copy.querySelectorAll("[role=img]")].map((picture) => picture.ariaLabel);
            const values = [...view.querySelectorAll("input")].map((input) => input.value);
            return [copy.textContent, ...pictures, ...values].join("|");
        }"""
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_fits_every_screen_and_axe_finds_nothing(show, name):
    for theme, width in (("light", 320), ("dark", 768), ("dark", 320), ("light", 1280)):
        page = show([EXAMPLES[name]()], theme=theme, width=width)
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert show.axe() == [], (theme, width)


@pytest.mark.parametrize("name", EXAMPLES)
def test_controls_are_large_enough_for_fingers(show, name):
    page = show([EXAMPLES[name]()], width=360, touch=True)
    settle(page)
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
    settle(page)
    first, second = page.locator(".sbw").all()
    press(page, first)
    assert shown_text(second) == shown_text(first)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_selector(".sbw[data-sbw-theme=dark]")


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_speaks_once_it_is_quiet(show, name):
    page = show([EXAMPLES[name]()])
    spoken = page.locator("p.sbw-hidden[role=status]")
    assert page.locator("[aria-live=assertive], [role=alert]").count() == 0
    page.wait_for_timeout(700)
    assert spoken.inner_text() == "", "a page that opens must keep silent"
    changes = "() => { window.said = 0; new MutationObserver(() => window.said++).observe(%s, {childList: true}); }"
    page.evaluate(changes % "document.querySelector('p.sbw-hidden[role=status]')")
    press(page, page.locator(".sbw"), times=3)
    page.wait_for_timeout(700)
    assert page.evaluate("window.said") == 1
    assert len(spoken.inner_text()) < 250


KERNEL = """
import widget from "./widget.js";
const unpack = ({ state, buffers = [] }) => {
  for (const { path, data } of buffers) {
    const owner = path.slice(0, -1).reduce((node, key) => node[key], state);
    owner[path.at(-1)] = new DataView(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)).buffer);
  }
  return state;
};
const traits = unpack(SAVED);
const listeners = [];
const change = (name, value) => {
  traits[name] = value;
  for (const [event, listener] of listeners) if (event === `change:${name}`) listener();
};
let unsaved = {};
window.sent = {};
window.receive = (update) => Object.entries(update).forEach(([name, value]) => change(name, value));
const model = {
  get: (name) => traits[name],
  set: (name, value) => { unsaved[name] = value; change(name, value); },
  on: (...entry) => listeners.push(entry),
  off: () => {},
  save_changes: () => { Object.assign(window.sent, unsaved); unsaved = {}; },
};
widget.render({ model, el: document.body });
"""


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_is_lost_between_page_and_python(browser, tmp_path, name):
    widget = EXAMPLES[name]()
    saved = dependency_state([widget], drop_defaults=False)[widget.model_id]
    program = saved["state"].pop("_esm")
    (tmp_path / "widget.js").write_text(program, encoding="utf-8")
    (tmp_path / "kernel.js").write_text(KERNEL.replace("SAVED", json.dumps(saved)), encoding="utf-8")
    (tmp_path / "page.html").write_text("<!doctype html><body><script type=module src=kernel.js></script>")
    with serve(tmp_path) as address, visit(browser, f"{address}/page.html") as found:
        page = found.page
        settle(page)
        assert page.evaluate("window.sent") == {}, "showing a widget must not change it"
        view = page.locator(".sbw")
        before = shown_text(view)
        start = {key: value for key, value in widget.get_state().items() if not key.startswith("_")}
        press(page, view)
        page.locator("body").evaluate("() => document.activeElement.blur()")
        sent = page.evaluate("window.sent")
        assert sent
        widget.set_state(sent)
        arrived = widget.get_state()
        assert {key: arrived[key] for key in sent} == sent
        assert shown_text(view) != before
        page.evaluate("update => window.receive(update)", {key: start[key] for key in sent})
        settle(page)
        assert shown_text(view) == before
        assert found.problems() == []


def test_arrays_cross_to_the_full_host_too(show):
    attention = attention_map()
    slider = ipywidgets.IntSlider(value=0, min=0, max=5, description="frame")
    link = ipywidgets.jslink((slider, "value"), (attention, "frame"))
    page = show([slider, attention, convolution_stepper(), ipywidgets.Label(value=type(link).__name__)])
    page.locator(".noUi-handle").focus()
    page.keyboard.press("ArrowRight")
    page.locator(".sbw-strong").filter(has_text="Frame 1 (0.5 s) attends most to frame 4 (2 s)").wait_for()
    assert page.locator(".sbw-total").inner_text() == "12"


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


def describe(page) -> str:
    settle(page)
    return page.get_by_role("img").first.get_attribute("aria-label")


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
