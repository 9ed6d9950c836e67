// The table itself. Roles are spelt out, since narrow pages show rows as cards, which would undo the native ones.

import { h } from "../../controls.js";
import { richText } from "../quiz/text.js";
import { decimalsOf, toText } from "./select.js";

const LONG = 40; // characters from which on a column holds sentences
const PROSE = 80; // characters of a mean cell from which on it needs more room than others

export function createTable({ rows, columns, links, label, onSort }) {
  const keys = Object.keys(columns);
  const isNumber = (key) => rows.every((row) => row[key] === null || typeof row[key] === "number");
  const isLong = (key) => rows.some((row) => toText(row[key]).length > LONG);
  const isProse = (key) => rows.reduce((sum, row) => sum + toText(row[key]).length, 0) > PROSE * rows.length;
  const kindOf = (key) => (isNumber(key) ? "sbw-numbers" : isProse(key) ? "sbw-prose" : isLong(key) ? "sbw-sentences" : "");
  const kinds = new Map(keys.map((key) => [key, kindOf(key)]));
  const decimals = decimalsOf(rows, keys);

  const heads = new Map(keys.map((key) => [key, createHead(columns[key], kinds.get(key), () => onSort(key))]));
  const lines = rows.map((row) =>
    h("tr", { role: "row" }, ...keys.map((key, i) => createCell(row, key, { first: i === 0, kind: kinds.get(key), decimals: decimals.get(key), heading: columns[key], links }))),
  );
  const body = h("tbody", { role: "rowgroup" });
  const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...[...heads.values()].map(({ element }) => element)));
  const table = h("table", { role: "table", "aria-label": label }, head, body);
  const element = h("div", { className: "sbw-scroll", role: "region", tabIndex: 0, "aria-label": `${label}, table` }, table);

  function show(places, sort) {
    body.replaceChildren(...places.map((i) => lines[i]));
    for (const [key, { set }] of heads) set(sort === key ? "ascending" : sort === `-${key}` ? "descending" : null);
  }

  return { element, show };
}

function createHead(text, kind, onClick) {
  const mark = h("span", { className: "sbw-direction", "aria-hidden": "true" });
  const button = h("button", { type: "button", className: "sbw-head" }, h("span", { textContent: text }), mark);
  button.addEventListener("click", onClick);
  const element = h("th", { scope: "col", role: "columnheader", className: kind }, button);
  const set = (direction) => {
    if (direction) element.setAttribute("aria-sort", direction);
    else element.removeAttribute("aria-sort");
    mark.textContent = direction === "ascending" ? "▲" : direction === "descending" ? "▼" : "";
  };
  return { element, set };
}

function createCell(row, key, { first, kind, decimals, heading, links }) {
  const text = toText(row[key], decimals);
  const address = key in links ? pageAddress(row[links[key]]) : null;
  const content = address && text ? [h("a", { href: address }, ...richText(text))] : richText(text);
  const cell = first ? h("th", { scope: "row", role: "rowheader", className: kind }) : h("td", { role: "cell", className: kind, "data-heading": heading });
  cell.append(...content);
  if (!text) cell.classList.add("sbw-empty");
  return cell;
}

/** Address as it is on this page: notebooks have become pages where the book is published, and only there. */
function pageAddress(address) {
  if (!address) return null;
  if (/^https?:/.test(address)) return address;
  if (!/\.ipynb(?=#|$)/.test(address)) return null;
  return location.pathname.endsWith(".html") ? address.replace(/\.ipynb(?=#|$)/, ".html") : null;
}
