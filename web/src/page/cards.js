// Flash cards. What is known stays in this browser's storage, or in this page only where storage is switched off.

import { h } from "../controls.js";
import { readCards, writeCards } from "./card-store.js";
import { REST, answer, dayOf, due, tally } from "./schedule.js";
import { loadTerms } from "./terms.js";

const AGAIN = 4; // a card that was not known comes back after so many others
const FRONTS = [
  ["question", "the question"],
  ["chinese", "the Chinese term"],
];

export async function addCards(place) {
  let terms;
  try {
    terms = await loadTerms();
  } catch {
    return; // the note for readers without scripts stays
  }
  let { state, kept } = readCards();
  let queue = [];
  let current;

  const themes = [...new Set(Object.values(terms).map(({ theme }) => theme))];
  const theme = choice("sb-cards-theme", "Cards about", [["", "everything"], ...themes.map((name) => [name, name])]);
  const front = choice("sb-cards-front", "Show first", FRONTS);
  const status = h("p", { className: "sb-count", role: "status" });
  const face = h("p", { className: "sb-card-front" });
  const back = h("div", { className: "sb-card-back", hidden: true });
  const reveal = press("Show the answer", showAnswer);
  const known = press("I knew it", () => judge(true));
  const unknown = press("Not yet", () => judge(false));
  const erase = press("Erase what I have learned", forget);
  const card = h("section", { className: "sb-card", "aria-label": "Card" }, face, back, h("p", { className: "sb-card-buttons" }, reveal, known, unknown));
  const kind = h("p", { className: "sb-cards-kept" });
  theme.select.addEventListener("change", start);
  front.select.addEventListener("change", start);
  place.replaceChildren(h("div", { className: "sb-filter" }, theme.element, front.element), status, card, kind, erase);
  start();

  function start() {
    queue = due(state, ids(), today());
    next();
  }

  function ids() {
    return Object.keys(terms).filter((id) => !theme.select.value || terms[id].theme === theme.select.value);
  }

  function next(focus = false) {
    current = queue.shift();
    const term = terms[current];
    const chinese = front.select.value === "chinese";
    face.textContent = !term ? "No card is due. Come back tomorrow, or choose another theme." : chinese ? term.chinese : term.question;
    face.lang = term && chinese ? "zh" : "en";
    back.hidden = true;
    show(term ? [reveal] : []);
    report();
    if (focus && term) reveal.focus();
  }

  function showAnswer() {
    const { term, chinese, answer: text } = terms[current];
    const link = h("a", { href: `questions.html#term-${current}`, textContent: "More about it" });
    back.replaceChildren(h("p", {}, h("strong", { textContent: term }), " · ", h("span", { lang: "zh", textContent: chinese })), h("p", { textContent: text }), h("p", {}, link));
    back.hidden = false;
    show([known, unknown]);
    known.focus();
  }

  function judge(right) {
    state = answer(state, current, right, today());
    if (!right) queue.splice(AGAIN, 0, current);
    kept = writeCards(state);
    next(true);
  }

  function forget() {
    if (!confirm("Erase which cards you know from this browser?")) return;
    state = {};
    kept = writeCards(null);
    start();
  }

  function show(buttons) {
    for (const each of [reveal, known, unknown]) each.hidden = !buttons.includes(each);
  }

  function report() {
    const { fresh, waiting, resting } = tally(state, ids(), today());
    status.textContent = `${waiting} due, ${fresh} new, ${resting} resting`;
    kind.textContent = kept ? `A card you know rests ${REST.slice(1).join(", ")} days, longer each time.` : "This browser keeps nothing, so your progress ends with this page.";
    erase.disabled = Object.keys(state).length === 0;
  }
}

function today() {
  return dayOf(new Date());
}

function press(label, onClick) {
  const element = h("button", { type: "button", className: "sb-button", textContent: label });
  element.addEventListener("click", onClick);
  return element;
}

function choice(id, label, options) {
  const select = h("select", { id }, ...options.map(([value, text]) => h("option", { value, textContent: text })));
  return { element: h("div", {}, h("label", { for: id, textContent: label }), select), select };
}
