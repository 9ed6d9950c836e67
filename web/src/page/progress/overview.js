// The block on the home page: what was done of what there is, where to go on, and the reader's own file.

import { h } from "../../controls.js";
import { readCards, writeCards } from "../card-store.js";
import { dayOf, parse as parseCards, tally } from "../schedule.js";
import { fromFile, mergeCards, toFile } from "./file.js";
import { addressOf } from "./pages.js";
import { merge } from "./state.js";
import { change, current, erase, follow, isKept } from "./store.js";
import { summarise, totals, whereNext } from "./summary.js";

const FILE = "learning-to-listen-progress.json";
const LARGEST = 1e6; // bytes of a file that may be ours
const NEW = "Chapters that you finish, exercises that you tick and questions that you answer will be counted here.";
const KEPT = "This is kept in your browser and sent nowhere. Exercises are ticked by you: in a notebook the check says whether an answer is right, and this page takes your word for it.";
const NOT_KEPT = "This browser keeps nothing here, so your progress ends with this page. Save it to a file.";

export function showProgress(page, { parts, cards }) {
  const title = h("h2", { textContent: "Your progress", id: "your-progress-title" });
  const sum = h("p", { className: "sb-sum" });
  const next = h("p", {});
  const list = h("div", {});
  const details = h("details", {}, h("summary", { textContent: "Chapter by chapter" }), list);
  const said = h("p", { role: "status" });
  const input = h("input", { type: "file", accept: ".json,application/json", hidden: true });
  const save = press("Save to a file", saveFile);
  const load = press("Load from a file", () => input.click());
  const forget = press("Erase", eraseAll);
  const note = h("p", { className: "sb-kept" });
  const buttons = h("p", { className: "sb-buttons" }, save, load, forget);
  const block = h("section", { className: "sb-progress", id: "your-progress", "aria-labelledby": title.id }, title, sum, next, details, buttons, input, said, note);
  input.addEventListener("change", loadFile);
  follow(show);
  addEventListener("storage", show); // the flash cards of another tab
  if (location.hash === `#${block.id}`) block.scrollIntoView();

  function show() {
    const state = current();
    const { state: known } = readCards();
    const book = summarise(parts, state);
    const { read, solved, right } = totals(book);
    const isNew = ![read, solved, right].some(([done]) => done) && !state.place && !Object.keys(known).length;
    place(isNew);
    const counts = [`${of(read)} chapters read`, `${of(solved)} exercises solved`, `${of(right)} quiz questions right`];
    sum.replaceChildren(...(isNew ? [NEW] : [counts.join(" · "), ...dueCards(known)]));
    next.replaceChildren(...goOn(whereNext(book, state.place)));
    list.replaceChildren(...book.flatMap(partOf));
    details.hidden = save.hidden = forget.hidden = isNew;
    note.textContent = isKept() ? KEPT : NOT_KEPT;
  }

  /** Above everything else for who comes back, below it for who is new. */
  function place(isNew) {
    if (isNew && block.parentElement) return; // it stays where it is while one looks at it
    const first = page.querySelector(":scope > section:not(.sb-progress)");
    if (isNew || !first) page.append(block);
    else if (block.nextElementSibling !== first) first.before(block);
  }

  function dueCards(known) {
    const { waiting } = tally(known, Object.keys(known), dayOf(new Date()));
    const text = `${waiting} flash ${waiting === 1 ? "card" : "cards"} due`;
    return cards && waiting ? [" · ", h("a", { href: addressOf(cards), textContent: text })] : [];
  }

  function saveFile() {
    const content = new Blob([toFile(current(), readCards().state)], { type: "application/json" });
    const link = h("a", { href: URL.createObjectURL(content), download: FILE });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href));
    said.textContent = `Saved as ${FILE}.`;
  }

  async function loadFile() {
    const [file] = input.files;
    input.value = "";
    try {
      const loaded = fromFile(file.size > LARGEST ? "" : await file.text(), parseCards);
      writeCards(mergeCards(readCards().state, loaded.cards));
      change((state) => merge(state, loaded.progress));
      said.textContent = "Loaded, and added to what was here.";
    } catch (error) {
      said.textContent = error.message;
    }
  }

  function eraseAll() {
    if (!confirm("Erase from this browser what you have read, solved and answered, and which flash cards you know?")) return;
    writeCards(null);
    erase();
    said.textContent = "Erased.";
    load.focus();
  }
}

function partOf({ part, chapters }) {
  return [h("h3", { textContent: part }), h("ul", {}, ...chapters.map(chapterOf))];
}

function chapterOf({ page, title, read, solved, exercises, right, questions }) {
  const counts = [];
  if (exercises.length) counts.push(`${of([solved, exercises.length])} exercises`);
  if (questions) counts.push(`${of([right, questions])} questions`);
  const mark = read ? [" ", h("span", { className: "sb-read", textContent: "(read)" })] : [];
  return h("li", {}, h("a", { href: addressOf(page), textContent: title }), ...mark, " ", h("span", { className: "sb-counts", textContent: counts.join(", ") }));
}

function goOn(next) {
  if (!next) return [];
  const text = next.heading ? `Continue where you were: ${next.title}, “${next.heading}”` : `Continue with ${next.title}`;
  return [h("a", { className: "sb-continue", href: addressOf(next.page, next.section), textContent: text })];
}

function of([done, all]) {
  return `${done} of ${all}`;
}

function press(label, onClick) {
  const element = h("button", { type: "button", className: "sb-button", textContent: label });
  element.addEventListener("click", onClick);
  return element;
}
