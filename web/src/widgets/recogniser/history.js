// What was said and what was heard: kept in this page only, and forgotten with it.

import { button, h } from "../../controls.js";

const OTHER = "other";
const UNKNOWN = "?";

/**
 * `onChange(entries)` is told [{said, heard, probability, early}, ...]; `said` is null until the reader says what it was.
 * Spoken words have `early`, the answers that were given at their pauses.
 */
export function createHistory({ onChange }) {
  let labels = [];
  let entries = [];
  const question = h("p", { className: "sbw-strong" });
  const choices = h("div", { className: "sbw-choices", role: "group", "aria-label": "What was said" });
  const score = h("p", { className: "sbw-reading" });
  const pace = h("p", { className: "sbw-note" });
  const table = h("div", { className: "sbw-scroll", tabIndex: 0, role: "region", "aria-label": "Table of confusions" });
  const forget = button({ label: "Forget all", onClick: () => change([]) });
  const element = h("div", { className: "sbw-history", hidden: true }, question, choices, score, table, pace, h("div", { className: "sbw-bar" }, forget.element));

  function setLabels(next) {
    labels = next;
    const all = [...labels.map((label) => [label, label]), [OTHER, "something else"]];
    choices.replaceChildren(...all.map(([said, text]) => button({ label: text, onClick: () => settle(said) }).element));
  }

  function add({ label, probability, early }, said = null) {
    change([...entries, { said, heard: label ?? UNKNOWN, probability, ...(early && { early }) }]);
  }

  function settle(said) {
    change(entries.map((entry, i) => (i === entries.length - 1 ? { ...entry, said } : entry)));
  }

  function change(next) {
    entries = next;
    onChange(entries);
    show();
  }

  function show() {
    element.hidden = entries.length === 0;
    const last = entries.at(-1);
    question.textContent = last?.said == null ? "What did you say?" : `That was “${last.said}”. Was it not? Choose another:`;
    for (const [i, each] of [...choices.children].entries())
      each.setAttribute("aria-pressed", String([...labels, OTHER][i] === last?.said));
    const known = entries.filter(({ said }) => said !== null);
    score.textContent = known.length ? tellScore(known) : "";
    pace.textContent = tellPace(entries);
    table.hidden = known.length === 0;
    table.replaceChildren(confusions(known, labels));
  }

  return { element, setLabels, add };
}

/** "8 words: 6 right, 1 wrong, 1 not known." A word that the network has not learnt is right if it is not known. */
export function tellScore(known) {
  const unknown = known.filter(({ heard }) => heard === UNKNOWN).length;
  const right = known.filter(({ said, heard }) => heard === said || (said === OTHER && heard === UNKNOWN)).length;
  const wrong = known.filter(({ said, heard }) => heard !== said && heard !== UNKNOWN).length;
  return `${known.length} ${known.length === 1 ? "sound" : "sounds"}: ${right} right, ${wrong} wrong, ${unknown} answered with “I do not know”.`;
}

/** "5 spoken words: 4 answered at once, 1 of them taken back." Nothing is said of recordings. */
export function tellPace(entries) {
  const spoken = entries.filter(({ early }) => early);
  if (spoken.length === 0) return "";
  const atOnce = spoken.filter(({ early }) => early.length);
  const takenBack = atOnce.filter(({ early, heard }) => early.some((label) => label !== heard)).length;
  return `${spoken.length} spoken ${spoken.length === 1 ? "word" : "words"}: ${atOnce.length} answered at once, ${takenBack} of them taken back.`;
}

function confusions(known, labels) {
  const columns = [...labels, UNKNOWN];
  const rows = [...labels, OTHER].filter((said) => known.some((entry) => entry.said === said));
  const head = h("tr", {}, h("th", { scope: "col", textContent: "said" }), ...columns.map((label) => h("th", { scope: "col", textContent: label })));
  const body = rows.map((said) => {
    const cells = columns.map((heard) => {
      const count = known.filter((entry) => entry.said === said && entry.heard === heard).length;
      const isRight = heard === said || (said === OTHER && heard === UNKNOWN);
      return h("td", { className: count ? (isRight ? "sbw-right" : "sbw-wrong") : "", textContent: count || "" });
    });
    return h("tr", {}, h("th", { scope: "row", textContent: said }), ...cells);
  });
  return h("table", {}, h("caption", { textContent: "One row for each word said, one column for each word heard" }), h("thead", {}, head), h("tbody", {}, ...body));
}
