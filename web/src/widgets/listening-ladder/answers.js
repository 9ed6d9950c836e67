// Ten buttons to answer with, in the order of a telephone's keys.

import { h } from "../../controls.js";

const ORDER = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];

export function createAnswers({ names, onAnswer }) {
  const buttons = ORDER.map((digit) => {
    const label = [h("span", { className: "sbw-digit", textContent: digit }), h("span", { className: "sbw-note", textContent: names[digit] })];
    const element = h("button", { type: "button", className: "sbw-button", disabled: true }, ...label);
    element.addEventListener("click", () => onAnswer(digit));
    return element;
  });
  const element = h("div", { className: "sbw-digits", role: "group", "aria-label": "Which digit was it?" }, ...buttons);

  /** Buttons that are not to be pressed yet keep the focus where it is. */
  function setEnabled(enabled) {
    for (const each of buttons) each.setAttribute("aria-disabled", String(!enabled));
    for (const each of buttons) each.disabled = false;
  }

  return { element, setEnabled };
}
