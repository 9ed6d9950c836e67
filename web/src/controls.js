// One set of accessible controls for every widget: native elements with a label, a value in words, and a size for fingers.

let count = 0;
const prefix = `sbw-${Math.random().toString(36).slice(2, 8)}`; // several bundles may share a page

export function uniqueId(name = "id") {
  return `${prefix}-${name}-${++count}`;
}

/** Element with properties, attributes (names with a hyphen, `role`, `for`) and children; text children stay text. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/** Label text in which `backticks` become code. */
export function withCode(text) {
  return text.split("`").map((part, i) => (i % 2 ? h("code", { textContent: part }) : part));
}

function field(kind, label, id, ...children) {
  return h("div", { className: `sbw-field sbw-field-${kind}` }, h("label", { for: id }, ...withCode(label)), ...children);
}

/**
 * Slider; `describe(value)` words its value for eyes and screen readers.
 * The value may lie between two steps: it is what was set, not where the thumb can stand.
 */
export function slider({ label, min, max, step, value, describe = String, onInput }) {
  const id = uniqueId("slider");
  const output = h("output", { for: id });
  const input = h("input", { id, type: "range", min, max, step, "data-lm-suppress-shortcuts": "true" });
  const set = (next) => {
    input.value = next;
    output.textContent = describe(next);
    input.setAttribute("aria-valuetext", output.textContent);
    const { min: low, max: high } = input;
    input.style.setProperty("--sbw-fill", `${(100 * (input.value - low)) / (high - low || 1)}%`);
  };
  const setRange = (range) => Object.assign(input, range);
  input.addEventListener("input", () => onInput(Number(input.value)));
  set(value);
  return { element: field("slider", label, id, output, input), input, set, setRange };
}

/** Line of text to type. */
export function textField({ label, value = "", onInput }) {
  const id = uniqueId("text");
  const input = h("input", { id, type: "text", value, autocomplete: "off", spellcheck: false, "data-lm-suppress-shortcuts": "true" });
  input.addEventListener("input", () => onInput(input.value));
  const set = (next) => {
    if (input.value !== next) input.value = next;
  };
  return { element: field("text", label, id, input), input, set };
}

/** Drop-down list; `options` are [value, text] pairs. */
export function select({ label, options, value, onInput }) {
  const id = uniqueId("select");
  const element = h("select", { id, "data-lm-suppress-shortcuts": "true" });
  const setOptions = (pairs) => element.replaceChildren(...pairs.map(([key, text]) => h("option", { value: key, textContent: text })));
  const set = (next) => {
    element.value = next;
  };
  element.addEventListener("input", () => onInput(element.value));
  setOptions(options);
  set(value);
  return { element: field("select", label, id, element), input: element, set, setOptions };
}

/** A few choices side by side, as radio buttons; `options` are [value, text] pairs. */
export function choice({ label, options, value, onInput }) {
  const name = uniqueId("choice");
  const inputs = options.map(([key]) =>
    h("input", { type: "radio", name, value: key, id: uniqueId("radio"), "data-lm-suppress-shortcuts": "true" }),
  );
  const parts = options.map(([, text], i) => h("span", { className: "sbw-segment" }, inputs[i], h("label", { for: inputs[i].id, textContent: text })));
  const set = (next) => inputs.forEach((input) => (input.checked = input.value === next));
  for (const input of inputs) input.addEventListener("input", () => onInput(input.value));
  set(value);
  const row = h("div", { className: "sbw-segments" }, ...parts);
  const element = h("fieldset", { className: "sbw-field sbw-field-choice" }, h("legend", {}, ...withCode(label)), row);
  return { element, inputs, set };
}

/**
 * Number to type, for a cell of a table; `label` is for screen readers. What is not a number is not passed on. With
 * `event: "change"` only the finished number counts.
 */
export function numberCell({ label, step, min, max, event = "input", onInput }) {
  const element = h("input", { type: "number", step, min, max, "aria-label": label, "data-lm-suppress-shortcuts": "true" });
  element.addEventListener(event, () => element.value !== "" && !element.validity.badInput && onInput(Number(element.value)));
  const set = (value) => {
    if (Number(element.value) !== value || element.value === "") element.value = value;
  };
  return { element, set };
}

export function button({ label, icon, primary = false, onClick }) {
  const text = h("span", { textContent: label });
  const mark = icon ? [h("span", { className: `sbw-icon sbw-icon-${icon}`, "aria-hidden": "true" })] : [];
  const element = h("button", { type: "button", className: primary ? "sbw-button sbw-primary" : "sbw-button" }, ...mark, text);
  element.addEventListener("click", onClick);
  const set = ({ label: nextLabel, icon: nextIcon }) => {
    text.textContent = nextLabel;
    if (mark.length) mark[0].className = `sbw-icon sbw-icon-${nextIcon}`;
  };
  return { element, set };
}

/** Button that opens the file dialogue. */
export function fileButton({ label, accept, onFile }) {
  const input = h("input", { type: "file", accept, hidden: true });
  input.addEventListener("change", () => {
    const [file] = input.files;
    input.value = ""; // so that the same file can be chosen again
    if (file) onFile(file);
  });
  const { element } = button({ label, icon: "open", onClick: () => input.click() });
  return { element: h("span", { className: "sbw-file" }, element, input) };
}

/** What the colours and marks of a picture mean; `entries` are [name of a colour in the style sheet, mark, text]. */
export function legend(entries) {
  const parts = entries.map(([colour, mark, text]) => {
    const sign = h("span", { "aria-hidden": "true", textContent: mark });
    sign.style.color = `var(--sbw-${colour})`;
    return h("span", {}, sign, ` ${text}`);
  });
  return h("p", { className: "sbw-legend" }, ...parts);
}

/** Line of text for screen readers only; waits until things are quiet for a moment before it speaks. */
export function announcer(delay = 400) {
  const element = h("p", { className: "sbw-hidden", role: "status" });
  let timer = 0;
  const say = (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => (element.textContent = text), delay);
  };
  return { element, say };
}

/** Visible message to the reader; `error` gives it weight. */
export function message() {
  const element = h("p", { className: "sbw-message", role: "status", hidden: true });
  const show = (text, { error = false } = {}) => {
    element.hidden = !text;
    element.classList.toggle("sbw-error", error);
    element.textContent = text;
  };
  return { element, show };
}
