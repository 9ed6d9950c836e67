// Neuron playground: turn weights and bias of one unit, see its line and which points it puts on the right side.

import { extent, readArray } from "../../arrays.js";
import { choice, h, legend, slider } from "../../controls.js";
import { defineWidget, followModel, setTraits } from "../../host/define.js";
import { fixed, formatNumber, percent, roundUp } from "../../numbers.js";
import { followPointer } from "../../pointer.js";
import { createPlane } from "./picture.js";
import { ACTIVATIONS, judge, weigh } from "./unit.js";

const TRAITS = ["weights", "bias", "activation", "point"];
const TITLES = { sigmoid: "Sigmoid", tanh: "Tanh", relu: "ReLU", step: "Step" };

export default defineWidget("neuron", (host) => {
  const { model, root, signal } = host;
  const { shape, values } = readArray(model.get("points"));
  const points = Array.from({ length: shape[0] }, (_, i) => [values[2 * i], values[2 * i + 1]]);
  const [labels, names, classes] = ["labels", "feature_names", "class_names"].map((name) => model.get(name));
  const change = (traits) => setTraits(model, traits);
  const columns = [0, 1].map((k) => points.map((point) => point[k]));
  const limits = startingLimits(columns);

  const plane = createPlane({ points, labels, names, ranges: columns.map(padded) });
  const sliders = [
    ...names.map((name, k) =>
      weightSlider(`Weight w${"₁₂"[k]} of ${name}`, limits[k], (w) =>
        change({ weights: model.get("weights").map((old, j) => (j === k ? w : old)) }),
      ),
    ),
    weightSlider("Bias b", limits[2], (b) => change({ bias: b })),
  ];
  const activation = choice({
    label: "Activation",
    options: Object.keys(ACTIVATIONS).map((name) => [name, TITLES[name]]),
    value: model.get("activation"),
    onInput: (name) => change({ activation: name }),
  });
  const picker = slider({
    label: "Point to spell out",
    min: 0,
    max: points.length - 1,
    step: 1,
    value: 0,
    describe: (i) => `${i + 1} of ${points.length}`,
    onInput: (i) => change({ point: i }),
  });
  const score = h("p", { className: "sbw-reading sbw-strong" });
  const spelt = h("p", { className: "sbw-reading" });

  root.append(
    h(
      "div",
      { className: "sbw-split" },
      h(
        "div",
        {},
        plane.canvas,
        legend([
          ["series-2", "●", classes[0]],
          ["series-1", "◆", classes[1]],
          ["text", "○", "ringed: on the wrong side"],
        ]),
      ),
      h("div", { className: "sbw-stack" }, ...sliders.map(({ element }) => element), activation.element),
    ),
    h("div", { className: "sbw-outcome" }, score, spelt, picker.element),
  );
  followPointer(plane.canvas, (place) => change({ point: plane.nearest(place) }), { signal });
  followModel(host, TRAITS, show);

  function show(unit) {
    const numbers = [...unit.weights, unit.bias];
    numbers.forEach((value, k) => {
      limits[k] = Math.max(limits[k], roundUp(Math.abs(value)));
      sliders[k].setRange({ min: -limits[k], max: limits[k], step: limits[k] / 100 });
      sliders[k].set(value);
    });
    activation.set(unit.activation);
    picker.set(unit.point);
    const right = judge(points, labels, unit).filter(Boolean).length;
    score.textContent = `${right} of ${points.length} points on the right side: ${percent(right / points.length)}`;
    spelt.textContent = spell(unit);
    plane.draw(unit, describe(unit, right));
    return `${score.textContent}. ${spelt.textContent}`;
  }

  function spell(unit) {
    const [x1, x2] = points[unit.point];
    const z = weigh([x1, x2], unit);
    const term = (value) => (value < 0 ? `(${short(value)})` : short(value));
    const sum = `${short(unit.weights[0])} · ${term(x1)} + ${term(unit.weights[1])} · ${term(x2)} + ${term(unit.bias)}`;
    const output = ACTIVATIONS[unit.activation](z);
    const said = classes[z > 0 ? 1 : 0];
    const truth = classes[labels[unit.point]];
    return `z = ${sum} = ${short(z)}, ${unit.activation}(z) = ${fixed(output, 3)}: the unit says “${said}”; it is “${truth}”.`;
  }

  function describe(unit, right) {
    const [w1, w2, b] = [...unit.weights, unit.bias].map(short);
    return (
      `${points.length} points, ${classes[0]} and ${classes[1]}, over ${names[0]} and ${names[1]}, with the line ` +
      `0 = ${w1} times ${names[0]} plus ${w2} times ${names[1]} plus ${b}; ${right} lie on their side.`
    );
  }
});

function weightSlider(label, limit, onInput) {
  return slider({ label, min: -limit, max: limit, step: limit / 100, value: 0, describe: short, onInput });
}

/** Slider ranges for both weights and the bias that let the line go anywhere, whatever the features' units are. */
function startingLimits(columns) {
  const weights = columns.map((column) => {
    const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
    const deviation = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length);
    return roundUp(4 / (deviation || 1));
  });
  const reach = columns.reduce((sum, column, k) => sum + weights[k] * Math.max(...extent(column).map(Math.abs)), 0);
  return [...weights, roundUp(0.3 * reach || 1)];
}

function padded(column) {
  const [low, high] = extent(column);
  const margin = 0.08 * (high - low) || 1;
  return [low - margin, high + margin];
}

/** Three significant digits, as sliders and sums show them. */
function short(value) {
  return formatNumber(Number(value.toPrecision(3)));
}
