// The quiz's small text language: `code` and $maths$, everything else is plain text; never HTML.

import { h } from "../../controls.js";

const PART = /(`[^`]+`|\$[^$\s](?:[^$]*[^$\s])?\$)/;

/** Cut text into {kind: "text" | "code" | "maths", text}. */
export function parseText(text) {
  return text
    .split(PART)
    .filter((part) => part !== "")
    .map((part) => {
      if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) return { kind: "code", text: part.slice(1, -1) };
      if (part.length > 2 && part.startsWith("$") && part.endsWith("$")) return { kind: "maths", text: part.slice(1, -1) };
      return { kind: "text", text: part };
    });
}

export function richText(text) {
  return parseText(text).map(({ kind, text: content }) => {
    if (kind === "code") return h("code", { textContent: content });
    if (kind === "maths") return h("span", { className: "sbw-maths", textContent: content });
    return content;
  });
}
