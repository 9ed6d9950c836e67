// Filters the entries of a page as one types. Without this script the page is a plain list.

import { h } from "../controls.js";
import { fold, matches } from "./search.js";

const LEVELS = [
  ["", "Everything"],
  ["sb-core", "At the core of recognition"],
  ["sb-useful", "Useful for recognition"],
  ["sb-distant", "Far from recognition"],
  ["sb-asked", "Asked by article A"],
];

export function addFilter(entries) {
  const texts = new Map([...entries].map((entry) => [entry, fold(entry.textContent)]));
  const sections = [...new Set([...entries].map((entry) => entry.closest("section")))];
  for (const entry of entries) if (/\bQuestions? \d/.test(entry.querySelector(".sb-note")?.textContent)) entry.classList.add("sb-asked");

  const input = h("input", { id: "sb-filter-text", type: "search", autocomplete: "off", spellcheck: false });
  const level = h("select", { id: "sb-filter-level" }, ...LEVELS.map(([value, text]) => h("option", { value, textContent: text })));
  const count = h("p", { className: "sb-count", role: "status" });
  const form = h(
    "form",
    { className: "sb-filter", role: "search", "aria-label": "Questions on this page" },
    h("div", {}, h("label", { for: input.id, textContent: "Find a question" }), input),
    h("div", {}, h("label", { for: level.id, textContent: "Show" }), level),
    count,
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !input.value) return;
    input.value = "";
    filter();
  });
  addEventListener("hashchange", reveal);
  sections[0].before(form);
  filter();

  function filter() {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    let left = 0;
    for (const [entry, text] of texts) {
      entry.hidden = !matches(text, words) || (level.value !== "" && !entry.classList.contains(level.value));
      left += !entry.hidden;
    }
    for (const section of sections) section.hidden = !section.querySelector(".sb-entry:not([hidden])");
    count.textContent = left === texts.size ? `${left} questions` : `${left} of ${texts.size} questions`;
  }

  /** A link to an entry that is filtered away shows everything again. */
  function reveal() {
    const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!texts.has(entry) || !entry.hidden) return;
    input.value = level.value = "";
    filter();
    entry.scrollIntoView();
  }
}
