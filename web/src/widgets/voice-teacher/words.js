// The list of taught words: hear, add to, rename and delete each.

import { button, h, textField } from "../../controls.js";
import { MOST } from "./store.js";

/** `actions` are {onHear, onMore, onRename(word, name) => error or "", onDelete}; `show(words)` draws the list. */
export function createWordList(actions) {
  const list = h("ul", { className: "sbw-words", "aria-label": "Taught words" });
  const empty = h("p", { className: "sbw-note", textContent: "No word yet. Two or three are enough to begin with, such as yes, no and a name." });
  const element = h("div", { className: "sbw-stack" }, h("p", { className: "sbw-strong", textContent: "Your words" }), empty, list);
  let words = [];
  let renamed = null;

  function show(next = words) {
    words = next;
    empty.hidden = words.length > 0;
    list.replaceChildren(...words.map((word) => (word === renamed ? renaming(word) : row(word))));
  }

  function row(word) {
    const act = (label, icon, onClick) => named(button({ label, icon, onClick: () => onClick(word) }).element, label, word);
    const hear = act("Hear", "play", actions.onHear);
    hear.disabled = !word.sounds.some(Boolean);
    const more = act("Record more", "mic", actions.onMore);
    more.disabled = word.examples.length >= MOST.examples;
    const rename = act("Rename", "", () => {
      renamed = word;
      show();
      list.querySelector("input").select();
    });
    const remove = act("Delete", "", () => {
      const place = words.indexOf(word);
      actions.onDelete(word);
      const rest = list.querySelectorAll(".sbw-rename"); // not on the next “Delete”, which a key held down would press
      rest[Math.min(place, rest.length - 1)]?.focus();
    });
    rename.classList.add("sbw-rename");
    return h("li", {}, h("span", { className: "sbw-name", dir: "auto", textContent: word.name }), h("span", { className: "sbw-note", textContent: tellExamples(word) }), h("span", { className: "sbw-bar" }, hear, more, rename, remove));
  }

  function renaming(word) {
    const field = textField({ label: `New name of “${word.name}”`, value: word.name, onInput: () => {} });
    field.input.maxLength = MOST.name;
    field.input.dir = "auto";
    const problem = h("p", { className: "sbw-message sbw-error", role: "alert", hidden: true });
    const close = () => {
      renamed = null;
      show();
      [...list.children][words.indexOf(word)]?.querySelector(".sbw-rename").focus();
    };
    const save = () => {
      problem.textContent = actions.onRename(word, field.input.value);
      problem.hidden = !problem.textContent;
      if (problem.hidden) close();
    };
    field.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault(); // or the key would press the button that gets the focus
      if (event.key === "Enter") save();
      else close();
    });
    const buttons = [button({ label: "Save the name", primary: true, onClick: save }), button({ label: "Cancel", onClick: close })];
    return h("li", {}, h("span", { className: "sbw-bar" }, field.element, ...buttons.map((each) => each.element)), problem);
  }

  return { element, show };
}

function named(element, label, word) {
  element.setAttribute("aria-label", `${label} “${word.name}”`);
  return element;
}

export function tellExamples({ examples, sounds }) {
  if (!examples.length) return "no examples: record some";
  const heard = sounds.filter(Boolean).length;
  const silent = heard === examples.length ? "" : heard ? `, ${heard} of them to be heard` : ", kept without their sound";
  return `${examples.length} ${examples.length === 1 ? "example" : "examples"}${silent}`;
}
