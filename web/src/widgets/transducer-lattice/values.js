// All values of a view in a table that screen readers can walk through, and the eye does not see.

import { h } from "../../controls.js";
import { threeDigits } from "../../numbers.js";

/** {element, show}; rows from top to bottom as in the picture, with the names of what has been written. */
export function createValues(steps, rowNames) {
  const caption = h("caption");
  const head = h("tr", {}, h("th", { scope: "col", textContent: "Written" }), ...numbers(steps).map((t) => h("th", { scope: "col", textContent: `Step ${t}` })));
  const cells = rowNames.map(() => numbers(steps).map(() => h("td")));
  const rows = rowNames.map((name, u) => h("tr", {}, h("th", { scope: "row", textContent: name }), ...cells[u])).reverse();
  const table = h("table", {}, caption, h("thead", {}, head), h("tbody", {}, ...rows));
  const element = h("div", { className: "sbw-hidden" }, table);
  function show(title, values) {
    caption.textContent = title;
    cells.forEach((row, u) => row.forEach((cell, t) => (cell.textContent = threeDigits(values[t][u]))));
  }
  return { element, show };
}

function numbers(count) {
  return [...Array(count).keys()];
}
