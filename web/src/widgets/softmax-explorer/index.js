// Softmax explorer: move logits, see probabilities, cross-entropy, gradient and entropy follow.

import { button, h, select, slider } from "../../controls.js";
import { defineWidget, followModel, readTraits, setTraits } from "../../host/define.js";
import { fixed } from "../../numbers.js";
import { createRow } from "./row.js";
import { evaluate } from "./softmax.js";

const TRAITS = ["logits", "target", "temperature", "smoothing"];
const LEARNING_RATE = 1;

export default defineWidget("softmax", (host) => {
  const { model, root } = host;
  const labels = model.get("labels");
  const first = readTraits(model, TRAITS);
  const change = (traits) => setTraits(model, traits);
  const target = select({
    label: "Right answer",
    options: labels.map((name, k) => [String(k), name]),
    value: String(first.target),
    onInput: (value) => change({ target: Number(value) }),
  });
  const step = button({ label: "Gradient step", primary: true, onClick: descend });
  const restart = button({ label: "Start again", onClick: () => change(first) });
  const rows = labels.map((name, k) =>
    createRow(name, (z) => change({ logits: model.get("logits").map((old, j) => (j === k ? z : old)) })),
  );
  const loss = h("p", { className: "sbw-reading sbw-strong" });
  const entropy = h("p", { className: "sbw-reading" });
  const gradientHead = h("span");
  const temperature = slider({
    label: "Temperature T",
    min: -1,
    max: 1,
    step: 0.02,
    value: 0, // powers of ten
    describe: (power) => fixed(10 ** power, 2),
    onInput: (power) => change({ temperature: Number((10 ** power).toPrecision(3)) }),
  });
  const smoothing = slider({
    label: "Label smoothing ε",
    min: 0,
    max: 0.5,
    step: 0.01,
    value: 0,
    describe: (share) => fixed(share, 2),
    onInput: (share) => change({ smoothing: share }),
  });
  let limit = 6;

  root.append(
    h("div", { className: "sbw-bar" }, target.element, step.element, restart.element),
    h(
      "div",
      { className: "sbw-head", "aria-hidden": "true" },
      ...["Logit z", "Probability p (mark: target y)"].map((text) => h("span", { textContent: text })),
      gradientHead,
    ),
    ...rows.map((row) => row.element),
    h("div", { className: "sbw-readings" }, loss, entropy),
    h("div", { className: "sbw-panel" }, temperature.element, smoothing.element),
  );
  followModel(host, TRAITS, show);

  function show(traits) {
    const { p, y, gradient, ...sums } = evaluate(traits);
    const winner = p.indexOf(Math.max(...p));
    const scale = Math.max(1, ...gradient.map(Math.abs));
    limit = Math.max(limit, ...traits.logits.map((z) => Math.ceil(Math.abs(z))));
    rows.forEach((row, k) =>
      row.show({ z: traits.logits[k], limit, p: p[k], y: y[k], slope: gradient[k], scale, right: k === traits.target }),
    );
    target.set(String(traits.target));
    temperature.set(Math.log10(traits.temperature));
    smoothing.set(traits.smoothing);
    gradientHead.textContent = traits.temperature === 1 ? "Gradient p − y" : "Gradient (p − y) / T";
    loss.textContent = describeLoss(traits, p, sums.loss);
    const most = fixed(Math.log(labels.length), 3);
    entropy.textContent = `Entropy of p: ${fixed(sums.entropy, 3)} nats, of at most ${most}. The answer would be “${labels[winner]}”.`;
    return `Loss ${fixed(sums.loss, 3)}. Probability of ${labels[traits.target]} ${fixed(p[traits.target], 3)}.`;
  }

  function describeLoss({ target: right, smoothing: share }, p, value) {
    const name = labels[right];
    if (share > 0)
      return `Cross-entropy −Σ y log p: ${fixed(value, 3)} nats, with y = ${fixed(1 - share + share / labels.length, 3)} for “${name}”.`;
    return `Cross-entropy −log p(${name}) = −log ${fixed(p[right], 3)} = ${fixed(value, 3)} nats.`;
  }

  function descend() {
    const traits = readTraits(model, TRAITS);
    const { gradient } = evaluate(traits);
    change({ logits: traits.logits.map((z, k) => z - LEARNING_RATE * gradient[k]) });
  }
});
