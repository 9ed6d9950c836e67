// Loss surface: choose a surface, an optimiser, a learning rate and a start, and follow the path downhill.

import { h, legend, select, slider } from "../../controls.js";
import { defineWidget, followModel, setTraits } from "../../host/define.js";
import { clamp, fixed, formatNumber } from "../../numbers.js";
import { followPointer } from "../../pointer.js";
import { createStepper } from "../../stepper.js";
import { OPTIMISERS, walk } from "./optimisers.js";
import { createMap } from "./picture.js";
import { REACH, SURFACES } from "./surfaces.js";

const TRAITS = ["surface", "optimiser", "learning_rate", "momentum", "start", "steps"];
const MOST_STEPS = 200;
const TITLES = { sgd: "SGD", momentum: "SGD with momentum", rmsprop: "RMSprop", adam: "Adam" };

export default defineWidget("loss", (host) => {
  const { model, root, signal } = host;
  const change = (traits) => setTraits(model, traits);
  const moveStart = (k, value) => change({ start: model.get("start").map((old, j) => (j === k ? value : old)) });

  const map = createMap();
  const handle = h("div", { className: "sbw-handle", "aria-hidden": "true" });
  const surface = select({
    label: "Surface",
    options: Object.keys(SURFACES).map((name) => [name, name[0].toUpperCase() + name.slice(1)]),
    value: "ravine",
    onInput: (name) => change({ surface: name }),
  });
  const optimiser = select({
    label: "Optimiser",
    options: Object.entries(TITLES),
    value: "sgd",
    onInput: (name) => change({ optimiser: name }),
  });
  const rate = slider({
    label: "Learning rate",
    min: -4,
    max: Math.log10(2),
    step: 0.01,
    value: -1, // powers of ten
    describe: (power) => formatNumber(Number((10 ** power).toPrecision(3))),
    onInput: (power) => change({ learning_rate: Math.min(2, Number((10 ** power).toPrecision(3))) }),
  });
  const momentum = slider({
    label: "Momentum",
    min: 0,
    max: 0.99,
    step: 0.01,
    value: 0.9,
    describe: (share) => fixed(share),
    onInput: (share) => change({ momentum: share }),
  });
  const starts = ["x", "y"].map((name, k) =>
    slider({
      label: `Start ${name}`,
      min: -REACH[k],
      max: REACH[k],
      step: 0.05,
      value: 0,
      describe: (value) => fixed(value),
      onInput: (value) => moveStart(k, value),
    }),
  );
  const stepper = createStepper({ label: "Steps", describe: String, onStep: (steps) => change({ steps }), signal });
  const formula = h("p", { className: "sbw-reading" });
  const outcome = h("p", { className: "sbw-reading sbw-strong" });
  const others = h("p", { className: "sbw-reading" });

  root.append(
    h(
      "div",
      { className: "sbw-split" },
      h(
        "div",
        {},
        h("div", { className: "sbw-mapbox" }, map.canvas, handle),
        legend([
          ["series-1", "—", "SGD"],
          ["series-2", "– –", "momentum"],
          ["series-3", "‑ ‑", "RMSprop"],
          ["series-4", "···", "Adam"],
          ["text", "×", "minimum"],
        ]),
      ),
      h(
        "div",
        { className: "sbw-stack" },
        surface.element,
        formula,
        optimiser.element,
        rate.element,
        momentum.element,
        ...starts.map(({ element }) => element),
      ),
    ),
    stepper.element,
    outcome,
    others,
  );
  for (const element of [map.canvas, handle]) followPointer(element, placeStart, { signal, frame: map.canvas });
  followModel(host, TRAITS, show);

  function placeStart(point) {
    const place = map.locate(point);
    if (place) change({ start: place.map((weight, k) => Number(clamp(weight, -REACH[k], REACH[k]).toFixed(2))) });
  }

  function show(traits) {
    const paths = Object.fromEntries(Object.keys(OPTIMISERS).map((name) => [name, walk({ ...traits, optimiser: name })]));
    const { formula: text, loss } = SURFACES[traits.surface];
    surface.set(traits.surface);
    formula.textContent = `Loss = ${text}`;
    optimiser.set(traits.optimiser);
    rate.set(Math.log10(traits.learning_rate));
    momentum.set(traits.momentum);
    starts.forEach((control, k) => control.set(traits.start[k]));
    stepper.set(traits.steps, MOST_STEPS);
    const ends = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, tellEnd(path, loss, traits.steps)]));
    outcome.textContent = `${TITLES[traits.optimiser]}, ${tellSteps(traits.steps)}: ${ends[traits.optimiser]}, from ${short(loss(...traits.start))}.`;
    const rest = Object.keys(TITLES).filter((name) => name !== traits.optimiser);
    others.textContent = `With the same settings: ${rest.map((name) => `${TITLES[name]}: ${ends[name]}`).join("; ")}.`;
    const { x, y } = map.draw(
      { surface: traits.surface, paths, chosen: traits.optimiser, steps: traits.steps },
      describe(traits, outcome.textContent),
    );
    handle.style.left = `${x(traits.start[0])}px`;
    handle.style.top = `${y(traits.start[1])}px`;
    return outcome.textContent;
  }

  function describe({ surface: name, start, learning_rate }, result) {
    const [x, y] = start.map((weight) => fixed(weight));
    return (
      `Path on the surface “${name}” from x = ${x}, y = ${y} with learning rate ${formatNumber(learning_rate)}, ` +
      `and the loss after every step. ${result}`
    );
  }
});

function tellEnd(path, loss, steps) {
  const [x, y] = path.at(-1);
  if (path.length <= steps) return `diverged after ${tellSteps(path.length - 1)}`;
  return `loss ${short(loss(x, y))} at x = ${fixed(x)}, y = ${fixed(y)}`;
}

function tellSteps(count) {
  return `${count} step${count === 1 ? "" : "s"}`;
}

function short(value) {
  if (value !== 0 && Math.abs(value) < 1e-6) return "below 0.000001";
  return formatNumber(Number(value.toPrecision(3)));
}
