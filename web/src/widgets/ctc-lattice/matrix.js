// The matrix of posteriors as a table to edit, with occupancy and gradient in its place when asked for.

import { choice, h, numberCell } from "../../controls.js";
import { fixed } from "../../numbers.js";

const VIEWS = [
  ["posteriors", "Posteriors"],
  ["occupancy", "Occupancy"],
  ["gradient", "Gradient"],
];

/** {element, show}; `onEdit(t, k, value)` is told a probability that was typed, `onView(name)` what shall be shown. */
export function createMatrix({ frames, symbols }, { onEdit, onView }) {
  const view = choice({ label: "Table of y, of γ, or of y − γ", options: VIEWS, value: "posteriors", onInput: onView });
  const each = (make) => symbols.map((_, k) => Array.from({ length: frames }, (_, t) => make(t, k)));
  const inputs = each((t, k) =>
    numberCell({
      label: `${symbols[k]}, frame ${t}`,
      step: 0.05,
      min: 0,
      max: 1,
      event: "change",
      onInput: (value) => onEdit(t, k, value),
    }),
  );
  const texts = each(() => h("span", { hidden: true }));
  const cells = each((t, k) => h("td", {}, inputs[k][t].element, texts[k][t]));
  const head = h(
    "tr",
    {},
    h("th", { scope: "col", textContent: "Frame" }),
    ...Array.from({ length: frames }, (_, t) => h("th", { scope: "col", textContent: String(t) })),
  );
  const rows = symbols.map((symbol, k) => h("tr", {}, h("th", { scope: "row", textContent: symbol }), ...cells[k]));
  const table = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
  const scroll = h(
    "div",
    { className: "sbw-scroll", role: "region", tabIndex: 0, "aria-label": "Table of frames and symbols" },
    table,
  );
  const element = h("div", { className: "sbw-part sbw-matrix" }, view.element, scroll);

  /** Show `values` [t][k]; without them (no path) the cells stay empty. */
  function show(name, posteriors, values) {
    view.set(name);
    const editable = name === "posteriors";
    each((t, k) => {
      inputs[k][t].element.hidden = !editable;
      texts[k][t].hidden = editable;
      cells[k][t].style.background = "";
      if (editable) inputs[k][t].set(Number(posteriors[t][k].toFixed(3)));
      else tint(cells[k][t], texts[k][t], values?.[t][k]);
    });
  }

  return { element, show };
}

function tint(cell, text, value) {
  text.textContent = value === undefined ? "–" : fixed(value, 3);
  if (value === undefined) return;
  const colour = value < 0 ? "series-1" : "series-2";
  cell.style.background = `color-mix(in srgb, var(--sbw-${colour}) ${Math.round(35 * Math.abs(value))}%, var(--sbw-raised))`;
}
