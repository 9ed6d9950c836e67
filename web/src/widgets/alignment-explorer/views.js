// The alignment as a row of columns, and the table of distances with the way back through it.

import { h } from "../../controls.js";

export const KINDS = {
  equal: { mark: "", words: "right" },
  substitute: { mark: "S", words: "substituted" },
  delete: { mark: "D", words: "deleted" },
  insert: { mark: "I", words: "inserted" },
};

export function createStrip() {
  const element = h("ol", { className: "sbw-strip", "aria-label": "Alignment" });
  const show = (steps) => element.replaceChildren(...steps.map(column));
  return { element, show };
}

function column({ kind, reference, hypothesis }) {
  const side = (token) => h("span", { className: "sbw-token", textContent: token === null ? "∗" : visible(token) });
  return h(
    "li",
    { className: `sbw-${kind}` },
    side(reference),
    side(hypothesis),
    h("span", { className: "sbw-mark", "aria-hidden": "true", textContent: KINDS[kind].mark }),
    h("span", { className: "sbw-hidden", textContent: KINDS[kind].words }),
  );
}

/** Table of at most `most` tokens a side; longer ones are left out. */
export function createTable(most) {
  const table = h("table");
  const scroll = h(
    "div",
    { className: "sbw-scroll", role: "region", tabIndex: 0, "aria-label": "Table of edit distances" },
    table,
  );
  const note = h("p", { className: "sbw-note" });
  const element = h("div", { className: "sbw-distances" }, note, scroll);

  function show(reference, hypothesis, { table: distances, steps }) {
    const fits = Math.max(reference.length, hypothesis.length) <= most;
    scroll.hidden = !fits;
    note.textContent = fits
      ? "Fewest edits between the beginnings of reference (down) and hypothesis (across); the way back is coloured and marked."
      : `The table of distances is shown for up to ${most} tokens a side.`;
    if (!fits) return;
    const kinds = new Map(steps.map(({ kind, i, j }) => [`${i},${j}`, kind]));
    const heading = (scope) => (token) => h("th", { scope, textContent: visible(token) });
    const head = h("tr", {}, h("td"), h("th", { scope: "col", textContent: "∅" }), ...hypothesis.map(heading("col")));
    const rows = distances.map((row, i) =>
      h(
        "tr",
        {},
        heading("row")(i ? reference[i - 1] : "∅"),
        ...row.map((distance, j) => cell(distance, i + j === 0 ? "equal" : kinds.get(`${i},${j}`))),
      ),
    );
    table.replaceChildren(h("thead", {}, head), h("tbody", {}, ...rows));
  }

  return { element, show };
}

function cell(distance, kind) {
  if (!kind) return h("td", { textContent: String(distance) });
  const { mark, words } = KINDS[kind];
  const sign = h("span", { className: "sbw-mark", "aria-hidden": "true", textContent: mark });
  return h(
    "td",
    { className: `sbw-way sbw-${kind}` },
    sign,
    String(distance),
    h("span", { className: "sbw-hidden", textContent: ` ${words}` }),
  );
}

function visible(token) {
  return token === " " ? "␣" : token;
}
