// Alignment explorer: type reference and hypothesis, see the cheapest edit, its table, WER and CER.

import { choice, h, legend, message, textField } from "../../controls.js";
import { defineWidget, followModel, setTraits } from "../../host/define.js";
import { percent } from "../../numbers.js";
import { align, score, tokens } from "./alignment.js";
import { createStrip, createTable } from "./views.js";

const TRAITS = ["reference", "hypothesis", "unit"];
const LONGEST = 300; // characters of a text, as in Python
const MOST = 24; // tokens a side that the table shows
const RATES = { word: "Word error rate", character: "Character error rate" };

export default defineWidget("alignment", (host) => {
  const { model, root } = host;
  const change = (traits) => setTraits(model, traits);
  const fault = message();
  const texts = {
    reference: textField({ label: "Reference: what was said", onInput: (text) => setText("reference", text) }),
    hypothesis: textField({ label: "Hypothesis: what was recognised", onInput: (text) => setText("hypothesis", text) }),
  };
  const unit = choice({
    label: "Align",
    options: [
      ["word", "Words"],
      ["character", "Characters"],
    ],
    value: "word",
    onInput: (name) => change({ unit: name }),
  });
  const strip = createStrip();
  const rates = {
    word: h("p", { className: "sbw-reading sbw-strong" }),
    character: h("p", { className: "sbw-reading sbw-strong" }),
  };
  const table = createTable(MOST);

  root.append(
    h("div", { className: "sbw-texts" }, texts.reference.element, texts.hypothesis.element, unit.element),
    fault.element,
    strip.element,
    legend([
      ["muted", "↕", "reference above, hypothesis below"],
      ["series-2", "S", "substituted"],
      ["series-3", "D", "deleted"],
      ["series-4", "I", "inserted"],
    ]),
    ...Object.values(rates),
    table.element,
  );
  followModel(host, TRAITS, show);

  function setText(name, text) {
    const count = [...text].length;
    if (count > LONGEST)
      return fault.show(`This ${name} has ${count} characters; at most ${LONGEST} are aligned here.`, { error: true });
    fault.show("");
    return change({ [name]: text });
  }

  function show(traits) {
    for (const [name, field] of Object.entries(texts)) if (document.activeElement !== field.input) field.set(traits[name]);
    unit.set(traits.unit);
    const sides = (kind) => [tokens(traits.reference, kind), tokens(traits.hypothesis, kind)];
    for (const kind of Object.keys(rates)) rates[kind].textContent = tellRate(kind, score(align(...sides(kind))));
    const shown = align(...sides(traits.unit));
    strip.show(shown.steps);
    table.show(...sides(traits.unit), shown);
    return rates[traits.unit].textContent;
  }
});

function tellRate(kind, { rate, total, errors, ...counts }) {
  if (rate === null) return `${RATES[kind]}: not defined, because the reference is empty (${errors} inserted).`;
  const sum = `${counts.substitute} S + ${counts.delete} D + ${counts.insert} I`;
  return `${RATES[kind]}: (${sum}) / ${total} ${kind}${total === 1 ? "" : "s"} = ${percent(rate, 1)}`;
}
