// One class: its logit as a slider, its probability against the target, its gradient to either side of zero.

import { h, slider } from "../../controls.js";
import { fixed } from "../../numbers.js";

/** Row of a class: {element, show}; `onLogit(z)` is told where the reader moves the slider. */
export function createRow(name, onLogit) {
  const logit = slider({ label: name, min: -6, max: 6, step: 0.1, value: 0, describe: (z) => fixed(z, 1), onInput: onLogit });
  const mark = h("span", { className: "sbw-right", textContent: " (right answer)", hidden: true });
  const probability = createBar("probability");
  const gradient = createBar("gradient");
  logit.element.querySelector("label").append(mark);
  const element = h(
    "div",
    { className: "sbw-row", role: "group", "aria-label": name },
    logit.element,
    probability.element,
    gradient.element,
  );

  function show({ z, limit, p, y, slope, scale, right }) {
    element.classList.toggle("sbw-row-right", right);
    mark.hidden = !right;
    logit.setRange({ min: -limit, max: limit });
    logit.set(z);
    probability.show({ from: 0, to: p, text: fixed(p, 3), tick: y });
    const half = slope / scale / 2;
    gradient.show({
      from: 0.5 + Math.min(0, half),
      to: 0.5 + Math.max(0, half),
      text: (slope > 0 ? "+" : "") + fixed(slope, 3),
      negative: slope < 0,
    });
  }
  return { element, show };
}

/** Number with a bar; `from`, `to` and `tick` are shares of its width. */
function createBar(name) {
  const number = h("span", { className: "sbw-number" });
  const fill = h("span", { className: "sbw-fill" });
  const mark = h("span", { className: "sbw-tick", hidden: true });
  const track = h("span", { className: `sbw-track sbw-track-${name}`, "aria-hidden": "true" }, fill, mark);
  const element = h(
    "div",
    { className: "sbw-cell" },
    h("span", { className: "sbw-cell-name", textContent: `${name} ` }),
    number,
    track,
  );
  function show({ from, to, text, tick, negative = false }) {
    number.textContent = text;
    fill.style.left = `${100 * from}%`;
    fill.style.width = `${100 * (to - from)}%`;
    fill.classList.toggle("sbw-negative", negative);
    mark.hidden = tick === undefined;
    if (tick !== undefined) mark.style.left = `${100 * tick}%`;
  }
  return { element, show };
}
