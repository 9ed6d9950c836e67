// Hover over, focus or tap a marked term: a card shows its definition. The link itself leads to the whole answer; with a
// finger, the first tap shows the card and the second one follows the link.

import { h } from "../controls.js";
import { loadTerms, termOf } from "./terms.js";

const GRACE = 200; // milliseconds in which the pointer may cross from term to card
const MARKED = "a.sb-term";
let card;
let shown; // the link whose card is open
let touched; // the last pointer was a finger or a pen
let leaving;

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const link = event.target.closest?.(MARKED);
  if (link) open(link);
  else if (shown && event.target.closest?.(".sb-term-card")) stay();
  else if (shown && !leaving) leaving = setTimeout(close, GRACE);
});
document.addEventListener("pointerdown", (event) => {
  touched = event.pointerType !== "mouse";
  if (shown && !event.target.closest?.(`${MARKED}, .sb-term-card`)) close();
}, true);
document.addEventListener("focusin", (event) => {
  const link = event.target.closest?.(MARKED);
  if (link && !touched) open(link);
  else if (!link) close();
});
document.addEventListener("focusout", () => !touched && close());
document.addEventListener("keydown", (event) => {
  touched = false;
  if (event.key === "Escape") close();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(MARKED);
  if (!link || !touched || shown === link) return;
  event.preventDefault();
  open(link);
});
addEventListener("resize", close);

async function open(link) {
  stay();
  if (shown === link) return;
  close();
  shown = link;
  let term;
  try {
    term = (await loadTerms())[termOf(link)];
  } catch {
    shown = undefined; // the link still leads to the answer
    return;
  }
  if (shown === link && term) show(link, term);
}

function show(link, { term, chinese, definition }) {
  card ??= link.closest("main, body").appendChild(h("div", { className: "sb-term-card", id: "sb-term-card", role: "tooltip" }));
  card.replaceChildren(
    h("strong", { textContent: term }),
    " ",
    h("span", { lang: "zh", textContent: chinese }),
    h("span", { className: "sb-term-definition", textContent: definition }),
    ...(touched ? [h("span", { className: "sb-term-more", textContent: "Tap the word again for more." })] : []),
  );
  card.hidden = false;
  link.setAttribute("aria-describedby", card.id);
  place(link);
}

/** Below the term, or above it where there is no room; never beyond the edges of the window. */
function place(link) {
  const [word] = link.getClientRects();
  const { width, height } = card.getBoundingClientRect();
  const left = Math.max(8, Math.min(word.left, document.documentElement.clientWidth - width - 8));
  const below = word.bottom + 6 + height <= innerHeight || word.top < height + 6;
  const origin = card.offsetParent.getBoundingClientRect();
  card.style.left = `${left - origin.left}px`;
  card.style.top = `${(below ? word.bottom + 6 : word.top - 6 - height) - origin.top}px`;
}

function stay() {
  clearTimeout(leaving);
  leaving = undefined;
}

function close() {
  stay();
  shown?.removeAttribute("aria-describedby");
  shown = undefined;
  if (card) card.hidden = true;
}
