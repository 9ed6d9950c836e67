// Selecting and zooming on the pictures with mouse, pen, fingers and keys.

import { h, uniqueId } from "../../controls.js";
import { clamp } from "../../numbers.js";

const KEYS =
  "Arrow keys move the mark, with Shift they select. Plus and minus zoom, 0 shows all, Page Up and Page Down move on. " +
  "Home and End go to the ends, Escape clears the selection, Enter plays.";
const CLICK = 4; // CSS pixels; a shorter drag is a click
const ZOOM = 1.5;
const STEPS = 60; // of the keyboard, across the view

/**
 * Make `surface` selectable. `timeAt(x)` gives seconds, `state()` {start, end, from, to, duration}: view and selection.
 * `onSelect(from, to)`, `onView(centre, span)`, `onClear()` and `onPlay()` are told what the reader wants.
 */
export function attachGestures(surface, { timeAt, state, onSelect, onView, onClear, onPlay, signal }) {
  const help = h("span", { className: "sbw-hidden", id: uniqueId("help"), textContent: KEYS });
  surface.append(help);
  Object.assign(surface, { tabIndex: 0, role: "application" });
  surface.setAttribute("aria-label", "Select a part of the sound");
  surface.setAttribute("aria-describedby", help.id);
  surface.dataset.lmSuppressShortcuts = "true";
  attachPointers(surface, { timeAt, state, onSelect, onView, signal });
  attachWheel(surface, { timeAt, state, onView, signal });
  surface.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const action = keyAction(event, state(), { onSelect, onView, onClear, onPlay });
    if (!action) return;
    action();
    event.preventDefault();
    event.stopPropagation();
  }, { signal });
}

function keyAction({ key, shiftKey }, { start, end, from, to, duration }, { onSelect, onView, onClear, onPlay }) {
  const span = end - start;
  const middle = to === null ? (start + end) / 2 : clamp((from + to) / 2, start, end);
  const mark = to ?? start + span / 2;
  const move = (place) => {
    const moved = clamp(place, 0, duration);
    onSelect(shiftKey ? (from ?? mark) : moved, moved);
    if (moved < start || moved > end) onView(moved, span);
  };
  const actions = {
    ArrowLeft: () => move(mark - span / STEPS),
    ArrowRight: () => move(mark + span / STEPS),
    Home: () => move(0),
    End: () => move(duration),
    PageUp: () => onView((start + end) / 2 - span * 0.8, span),
    PageDown: () => onView((start + end) / 2 + span * 0.8, span),
    "+": () => onView(middle, span / ZOOM),
    "=": () => onView(middle, span / ZOOM),
    "-": () => onView(middle, span * ZOOM),
    0: () => onView(duration / 2, duration),
    Escape: onClear,
    Enter: onPlay,
    " ": onPlay,
  };
  return actions[key];
}

function attachPointers(surface, { timeAt, state, onSelect, onView, signal }) {
  const down = new Map(); // pointer id -> x
  let anchor = null; // {x, time} where a selection starts
  let pinch = null; // {distance, span, time} when the second finger came
  const place = (event) => event.clientX - surface.getBoundingClientRect().left;
  const listen = (type, listener) => surface.addEventListener(type, listener, { signal });

  listen("pointerdown", (event) => {
    if (event.button !== 0) return;
    surface.setPointerCapture(event.pointerId);
    down.set(event.pointerId, place(event));
    if (down.size === 1) anchor = startOf(event);
    if (down.size === 2) {
      const [a, b] = down.values();
      const { start, end } = state();
      [anchor, pinch] = [null, { distance: Math.max(20, Math.abs(a - b)), span: end - start, time: timeAt((a + b) / 2) }];
    }
  });
  listen("pointermove", (event) => {
    if (!down.has(event.pointerId)) return;
    down.set(event.pointerId, place(event));
    if (pinch && down.size === 2) zoomPinch();
    else if (anchor && Math.abs(place(event) - anchor.x) >= CLICK) onSelect(anchor.time, timeAt(place(event)));
  });
  listen("pointerup", (event) => {
    if (!down.has(event.pointerId)) return;
    if (anchor && Math.abs(place(event) - anchor.x) < CLICK) {
      const time = timeAt(place(event));
      onSelect(event.shiftKey ? anchor.time : time, time);
    }
    end(event);
  });
  listen("pointercancel", end);

  function startOf(event) {
    const { from } = state();
    return { x: place(event), time: event.shiftKey && from !== null ? from : timeAt(place(event)) };
  }

  function zoomPinch() {
    const [a, b] = down.values();
    const span = (pinch.span * pinch.distance) / Math.max(20, Math.abs(a - b));
    const share = (a + b) / 2 / surface.clientWidth;
    onView(pinch.time + (0.5 - share) * span, span);
  }

  function end(event) {
    down.delete(event.pointerId);
    anchor = null;
    if (down.size < 2) pinch = null;
  }
}

/** With Ctrl (or two fingers on a touchpad) the wheel zooms, sideways or with Shift it moves; alone it scrolls the page. */
function attachWheel(surface, { timeAt, state, onView, signal }) {
  surface.addEventListener("wheel", (event) => {
    const { start, end } = state();
    const span = end - start;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.ctrlKey) {
      const next = span * Math.exp(clamp(event.deltaY, -100, 100) / 200);
      const x = event.clientX - surface.getBoundingClientRect().left;
      const share = x / surface.clientWidth;
      onView(timeAt(x) + (0.5 - share) * next, next);
    } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      onView((start + end) / 2 + (sideways / surface.clientWidth) * span, span);
    } else return;
    event.preventDefault();
  }, { signal, passive: false });
}
