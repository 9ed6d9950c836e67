// What was heard: one large answer, and how near each word lies.

import { h } from "../../controls.js";
import { fixed } from "../../numbers.js";

const FARTHEST = 0.6; // distance at which a bar is empty

export function createAnswer() {
  const word = h("p", { className: "sbw-word", dir: "auto", textContent: "–" });
  const detail = h("p", { className: "sbw-note", textContent: "Nothing heard yet." });
  const bars = h("ul", { className: "sbw-nearness", "aria-label": "Distances" });

  /** `heard` is {distances, nearest, known}; `final` tells it from a guess while the word is still being spoken. */
  function show(heard, names, { max_distance, final, note = "" }) {
    word.textContent = final ? tell(heard, names) : `${names[heard.nearest]} …`;
    word.classList.toggle("sbw-unsure", !final || !heard.known);
    detail.textContent = final ? `${describe(heard, names, max_distance)} ${note}`.trim() : "Listening to the word …";
    bars.replaceChildren(...names.map((name, i) => bar(name, heard.distances[i], { best: heard.known && i === heard.nearest, max_distance })));
  }

  const clear = () => bars.replaceChildren();
  const element = h("div", { className: "sbw-stack" }, h("div", { className: "sbw-answer" }, word, detail), bars);
  return { element, show, clear };
}

export function tell({ known, nearest }, names) {
  return known ? names[nearest] : "I do not know";
}

function describe({ known, distances, nearest }, names, max_distance) {
  const far = fixed(distances[nearest]);
  return known ? `Distance ${far}.` : `“${names[nearest]}” is nearest, but its distance ${far} is above ${fixed(max_distance)}.`;
}

function bar(name, distance, { best, max_distance }) {
  const fill = h("span", { className: "sbw-fill" });
  fill.style.width = `${100 * Math.max(0, 1 - distance / FARTHEST)}%`;
  const mark = h("span", { className: "sbw-limit" });
  mark.style.insetInlineStart = `${100 * Math.max(0, 1 - max_distance / FARTHEST)}%`;
  const track = h("span", { className: "sbw-track", "aria-hidden": "true" }, fill, mark);
  return h("li", { className: best ? "sbw-best" : "" }, h("span", { className: "sbw-name", dir: "auto", textContent: name }), track, h("span", { className: "sbw-share", textContent: fixed(distance) }));
}
