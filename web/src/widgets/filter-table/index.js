// Filter table: search, filter, sort, copy.

import { button, h, message, select as dropDown, textField } from "../../controls.js";
import { defineWidget, followModel, setTraits } from "../../host/define.js";
import { decimalsOf, select, toCsv, valuesOf } from "./select.js";
import { createTable } from "./table.js";

const TRAITS = ["search", "picked", "sort", "limit"];

export default defineWidget("filter-table", (host) => {
  const { model, root } = host;
  const { rows, choices, links, label } = Object.fromEntries(["rows", "choices", "links", "label"].map((name) => [name, model.get(name)]));
  const columns = Object.fromEntries(model.get("columns"));
  const keys = Object.keys(columns);
  const change = (traits) => {
    note.show("");
    text.hidden = true;
    setTraits(model, traits);
  };
  const firstLimit = model.get("limit");

  const search = textField({ label: "Words to find", onInput: (text) => change({ search: text }) });
  const filters = choices.map((key) => {
    const options = [["", "all"], ...valuesOf(rows, key).map((value) => [value, value])];
    const onInput = (value) => change({ picked: { ...model.get("picked"), [key]: value } });
    return [key, dropDown({ label: columns[key], options, value: "", onInput })];
  });
  const order = dropDown({
    label: "Sort by",
    options: [["", "as listed"], ...keys.flatMap((key) => [[key, `${columns[key]} ▲`], [`-${key}`, `${columns[key]} ▼`]])],
    value: "",
    onInput: (value) => change({ sort: value }),
  });
  order.element.classList.add("sbw-order");
  const table = createTable({ rows, columns, links, label, onSort: (key) => change({ sort: model.get("sort") === key ? `-${key}` : key }) });
  const count = h("p", { className: "sbw-count sbw-strong" });
  const empty = message();
  const note = message();
  const text = h("textarea", { className: "sbw-csv", readOnly: true, hidden: true, rows: 4, "aria-label": "The rows as CSV", "data-lm-suppress-shortcuts": "true" });
  const all = button({ label: "Show all", onClick: () => change({ limit: model.get("limit") ? 0 : firstLimit || 15 }) });
  const reset = button({ label: "Clear filters", onClick: () => change({ search: "", picked: {} }) });
  const copy = button({ label: "Copy as CSV", onClick: copyRows });
  let places = [];

  root.append(
    h("div", { className: "sbw-filters" }, search.element, ...filters.map(([, { element }]) => element), order.element),
    h("div", { className: "sbw-bar sbw-summary" }, count, reset.element),
    table.element,
    empty.element,
    h("div", { className: "sbw-bar sbw-actions" }, all.element, copy.element),
    note.element,
    text,
  );
  followModel(host, TRAITS, show);

  function show(traits) {
    if (document.activeElement !== search.input) search.set(traits.search);
    for (const [key, { set }] of filters) set(traits.picked[key] ?? "");
    order.set(traits.sort);
    places = select(rows, keys, traits);
    const visible = traits.limit ? places.slice(0, traits.limit) : places;
    table.show(visible, traits.sort);
    const found = `${places.length} of ${rows.length} rows`;
    count.textContent = visible.length < places.length ? `${found}, the first ${visible.length} shown` : found;
    all.set({ label: traits.limit ? `Show all ${places.length}` : "Show fewer" });
    all.element.hidden = traits.limit ? visible.length === places.length : !firstLimit || places.length <= firstLimit;
    reset.element.hidden = !traits.search && !Object.values(traits.picked).some(Boolean);
    table.element.hidden = places.length === 0;
    copy.element.disabled = places.length === 0;
    empty.show(places.length ? "" : "No row has all of this. Take a word away, or clear the filters.");
    return `${count.textContent}${tellOrder(traits.sort)}.`;
  }

  function tellOrder(sort) {
    if (!sort) return "";
    return `, by ${columns[sort.replace(/^-/, "")]}, ${sort.startsWith("-") ? "descending" : "ascending"}`;
  }

  async function copyRows() {
    const csv = toCsv(places.map((i) => rows[i]), columns, decimalsOf(rows, keys));
    try {
      await navigator.clipboard.writeText(csv);
      text.hidden = true;
      note.show(`Copied ${places.length} row${places.length === 1 ? "" : "s"}.`);
    } catch {
      Object.assign(text, { hidden: false, value: csv });
      note.show("This browser does not let a page copy. The rows are selected below: copy them by hand.");
      text.select();
    }
  }
});
