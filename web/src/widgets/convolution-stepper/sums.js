// Patch × kernel = products, as three little tables; the kernel's numbers can be edited.

import { h, numberCell } from "../../controls.js";
import { formatNumber } from "../../numbers.js";
import { products, sum } from "./convolution.js";

const TOP_DOWN = [2, 1, 0]; // high bands are drawn above low ones
const ROWS = ["lower band", "same band", "higher band"];
const COLUMNS = ["frame before", "same frame", "frame after"];

/** {element, show(patch, kernel)}; `onKernel(values)` is told the three rows after an edit. */
export function createSums(onKernel) {
  let shown = [];
  const edit = (i, j, value) => onKernel(shown.map((line, k) => line.map((old, l) => (k === i && l === j ? value : old))));
  const inputs = ROWS.map((row, i) =>
    COLUMNS.map((column, j) =>
      numberCell({ label: `Kernel: ${row}, ${column}`, step: 0.5, onInput: (value) => edit(i, j, value) }),
    ),
  );
  const patchCells = cells();
  const productCells = cells();
  const total = h("output", { className: "sbw-total" });
  const element = h(
    "div",
    { className: "sbw-sums" },
    table("Patch", patchCells),
    h("span", { className: "sbw-sign", "aria-hidden": "true", textContent: "×" }),
    table(
      "Kernel",
      inputs.map((line) => line.map((cell) => cell.element)),
    ),
    h("span", { className: "sbw-sign", "aria-hidden": "true", textContent: "=" }),
    table("Products", productCells),
    h("p", { className: "sbw-sum" }, "Their sum: ", total),
  );

  function show(patch, kernel) {
    shown = kernel;
    const results = products(patch, kernel);
    for (const i of TOP_DOWN) {
      for (const j of [0, 1, 2]) {
        patchCells[i][j].textContent = short(patch[i][j]);
        inputs[i][j].set(Number(kernel[i][j].toPrecision(3)));
        productCells[i][j].textContent = short(results[i][j]);
      }
    }
    total.textContent = short(sum(results));
  }

  return { element, show };
}

export function short(value) {
  return formatNumber(Number(value.toPrecision(3)) || 0);
}

function cells() {
  return ROWS.map(() => COLUMNS.map(() => h("span")));
}

function table(caption, contents) {
  const rows = TOP_DOWN.map((i) => h("tr", {}, ...contents[i].map((cell) => h("td", {}, cell))));
  return h("table", {}, h("caption", { textContent: caption }), h("tbody", {}, ...rows));
}
