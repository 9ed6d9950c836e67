// What the network says: one large answer, and how probable it finds each word.

import { h } from "../../controls.js";
import { fixed, percent } from "../../numbers.js";

export function createAnswer() {
  const word = h("p", { className: "sbw-word", textContent: "–" });
  const detail = h("p", { className: "sbw-note", textContent: "Nothing heard yet." });
  const bars = h("ul", { className: "sbw-bars", "aria-label": "Probabilities" });
  let rows = [];

  function setLabels(labels) {
    rows = labels.map((label) => {
      const fill = h("span", { className: "sbw-fill", "aria-hidden": "true" });
      const value = h("span", { className: "sbw-share" });
      const element = h("li", {}, h("span", { textContent: label }), h("span", { className: "sbw-track", "aria-hidden": "true" }, fill), value);
      return { element, fill, value };
    });
    bars.replaceChildren(...rows.map(({ element }) => element));
  }

  function showProbabilities(probabilities, best) {
    rows.forEach(({ element, fill, value }, i) => {
      fill.style.width = `${100 * probabilities[i]}%`;
      value.textContent = percent(probabilities[i]);
      element.classList.toggle("sbw-best", i === best);
    });
  }

  /** The answer in words; `final` tells one that counts from a guess while the word is still being spoken. */
  function show(answer, { labels, final, note = "" }) {
    showProbabilities(answer.probabilities, answer.best);
    word.textContent = final ? tell(answer) : `${labels[answer.best]} …`;
    word.classList.toggle("sbw-unsure", !final || !answer.sure);
    detail.textContent = final ? `${describe(answer, labels)} ${note}`.trim() : "Listening to the word …";
  }

  const element = h("div", { className: "sbw-stack" }, h("div", { className: "sbw-answer" }, word, detail), bars);
  return { element, setLabels, show };
}

export function tell({ sure, label }) {
  return sure ? label : "I do not know";
}

/** How soon after the word the answer was there, and what was taken back before. */
export function tellLatency({ latency, early = [], label }) {
  const time = `Answered ${fixed(latency, 0)}\u00a0ms after the word’s end.`;
  const others = [...new Set(early)].filter((each) => each !== label);
  return others.length ? `${time} At first it was taken for ${others.join(", then ")}.` : time;
}

function describe({ sure, probability, best }, labels) {
  return sure ? `Probability ${percent(probability)}.` : `The best guess is ${labels[best]}, with ${percent(probability)}: too little to say so.`;
}
