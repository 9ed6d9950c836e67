// Gate stepper: an LSTM or GRU of one unit reads a signal; its gates, cell and output, and the equations of each step.

import { readArray } from "../../arrays.js";
import { choice, h, legend, slider } from "../../controls.js";
import { defineWidget, followModel, setTraits } from "../../host/define.js";
import { fixed, formatNumber } from "../../numbers.js";
import { followPointer } from "../../pointer.js";
import { createStepper } from "../../stepper.js";
import { run } from "./cells.js";
import { equations, memory } from "./equations.js";
import { createTraces } from "./traces.js";

const TRAITS = ["cell", "parameters", "step"];
const [USUAL, LARGEST] = [10, 20]; // how far sliders go either way, the second once a value needs it
const SLIDERS = {
  lstm: {
    input_weight: "Input weight w",
    recurrent_weight: "Recurrent weight u",
    forget_bias: "Forget bias",
    input_bias: "Input bias",
    output_bias: "Output bias",
  },
  gru: {
    input_weight: "Input weight w",
    recurrent_weight: "Recurrent weight u",
    forget_bias: "Update bias",
    reset_bias: "Reset bias",
  },
};
const LEGENDS = {
  lstm: [
    ["series-1", "—", "forget f"],
    ["series-2", "– –", "input i"],
    ["series-3", "···", "output o"],
  ],
  gru: [
    ["series-1", "—", "update z"],
    ["series-2", "– –", "reset r"],
  ],
};

export default defineWidget("gates", (host) => {
  const { model, root, signal } = host;
  const { values: frames } = readArray(model.get("signal"));
  const frame_seconds = model.get("frame_seconds");
  const change = (traits) => setTraits(model, traits);

  const traces = createTraces(frame_seconds);
  const stepper = createStepper({
    label: "Frame",
    describe: (step) => `${step} (0 to ${frames.length - 1})`,
    onStep: (step) => change({ step }),
    signal,
  });
  const cell = choice({
    label: "Unit",
    options: [
      ["lstm", "LSTM"],
      ["gru", "GRU"],
    ],
    value: "lstm",
    onInput: (name) => change({ cell: name }),
  });
  const panels = Object.fromEntries(Object.entries(SLIDERS).map(([name, labels]) => [name, createPanel(labels)]));
  const legends = Object.fromEntries(Object.entries(LEGENDS).map(([name, entries]) => [name, legend(entries)]));
  const lines = h("dl", { className: "sbw-equations" });
  const remembers = h("p", { className: "sbw-reading" });

  root.append(
    h(
      "div",
      { className: "sbw-split" },
      h("div", {}, traces.canvas, ...Object.values(legends)),
      h("div", { className: "sbw-stack" }, cell.element, ...Object.values(panels).map(({ element }) => element)),
    ),
    stepper.element,
    lines,
    remembers,
  );
  followPointer(traces.canvas, (place) => change({ step: traces.stepAt(place) }), { signal });
  followModel(host, TRAITS, show);

  function createPanel(labels) {
    const sliders = Object.entries(labels).map(([name, label]) => {
      const onInput = (value) => change({ parameters: { ...model.get("parameters"), [name]: value } });
      return [name, slider({ label, min: -USUAL, max: USUAL, step: 0.1, value: 0, describe: formatNumber, onInput })];
    });
    return {
      element: h("div", { className: "sbw-stack" }, ...sliders.map(([, { element }]) => element)),
      set: (parameters) => sliders.forEach(([name, control]) => setWithin(control, parameters[name])),
    };
  }

  function show({ cell: kind, parameters, step }) {
    const steps = run(kind, frames, parameters);
    cell.set(kind);
    for (const name of Object.keys(SLIDERS)) {
      panels[name].element.hidden = legends[name].hidden = name !== kind;
      panels[name].set(parameters);
    }
    stepper.set(step, frames.length - 1);
    lines.replaceChildren(...equations(kind, steps[step], parameters).map(equationLine));
    remembers.textContent = memory(kind, steps[step], frame_seconds);
    traces.draw(kind, steps, step, describe(kind, steps, step));
    return `Frame ${step}: ${spell(kind, steps[step])}. ${remembers.textContent}`;
  }

  function describe(kind, steps, step) {
    const outputs = steps.map(({ h: output }) => output);
    return (
      `Signal of ${frames.length} frames, gates${kind === "lstm" ? ", cell" : ""} and output of one ${kind.toUpperCase()} unit; the output lies between ` +
      `${fixed(Math.min(...outputs))} and ${fixed(Math.max(...outputs))}. At frame ${step}: ${spell(kind, steps[step])}.`
    );
  }
});

function setWithin(control, value) {
  if (Math.abs(value) > USUAL) control.setRange({ min: -LARGEST, max: LARGEST });
  control.set(value);
}

function spell(kind, step) {
  const names =
    kind === "lstm"
      ? { f: "forget", i: "input", o: "output gate", c: "cell", h: "output" }
      : { z: "update", r: "reset", h: "output" };
  const facts = Object.entries(names).map(([name, word]) => `${word} ${fixed(step[name])}`);
  return [`signal ${fixed(step.x)}`, ...facts].join(", ");
}

function equationLine([name, equation, numbers]) {
  const symbols = h("span", { className: "sbw-symbols", textContent: equation });
  return h("div", {}, h("dt", { textContent: name }), h("dd", {}, symbols, h("span", { textContent: `= ${numbers}` })));
}
