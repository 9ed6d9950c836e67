"""The teaching widgets in a real browser: what holds for all of them."""

import json

import ipywidgets
import pytest
from ipywidgets.embed import dependency_state

from tests.browser import serve, visit
from tests.teaching_pages import EXAMPLES, attention_map, convolution_stepper, press, settle


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
