// CTC lattice: edit a small matrix of posteriors, step forward and backward, see loss, gradient, greedy and beam search.

import { h, message, select, textField } from "../../controls.js";
import { defineWidget, followModel, setTraits } from "../../host/define.js";
import { clamp, fixed, threeDigits } from "../../numbers.js";
import { followPointer } from "../../pointer.js";
import { withProbabilityAt } from "../../probabilities.js";
import { createStepper } from "../../stepper.js";
import { readSymbols } from "../../symbols.js";
import { beamSearch, evaluate, greedy } from "./ctc.js";
import { spell } from "./equation.js";
import { createLattice } from "./lattice.js";
import { createMatrix } from "./matrix.js";
import { stage, stepAt } from "./steps.js";

const TRAITS = ["posteriors", "target", "step", "state", "beam_width", "view"];
const MOST_LABELS = 6;
const BEST = 4; // answers of the beam search that are told
const PHASE_TITLES = { forward: "Forward", backward: "Backward", occupancy: "Occupancy" };

export default defineWidget("ctc", (host) => {
  const { model, root, signal } = host;
  const { symbols, blank, separator, write, quote } = readSymbols(model);
  const frames = model.get("posteriors").length;
  const change = (traits) => setTraits(model, traits);

  const matrix = createMatrix({ frames, symbols }, { onEdit: edit, onView: (view) => change({ view }) });
  const target = textField({ label: "Target", onInput: setTarget });
  const fault = message();
  const beamWidth = select({
    label: "Beam width",
    options: [1, 2, 3, 4, 6, 8, 16, 64].map((width) => [String(width), String(width)]),
    value: "4",
    onInput: (width) => change({ beam_width: Number(width) }),
  });
  const lattice = createLattice();
  const stepper = createStepper({ label: "Step", describe: describeStep, onStep: (step) => change({ step }), signal });
  const states = select({ label: "State", options: [], value: "", onInput: (state) => change({ state: Number(state) }) });
  const equation = h("p", { className: "sbw-reading sbw-equation" });
  const loss = h("p", { className: "sbw-reading sbw-strong" });
  const path = h("p", { className: "sbw-reading" });
  const answers = h("ol", { className: "sbw-answers" });

  root.append(
    h("div", { className: "sbw-bar" }, target.element, states.element, beamWidth.element),
    fault.element,
    lattice.canvas,
    stepper.element,
    equation,
    loss,
    matrix.element,
    h(
      "div",
      { className: "sbw-decoded" },
      path,
      h("p", { textContent: "Beam search, with the probability of what it kept:" }),
      answers,
    ),
  );
  followPointer(lattice.canvas, pick, { signal });
  followModel(host, TRAITS, show);

  function edit(t, k, value) {
    change({ posteriors: withProbabilityAt(model.get("posteriors"), [t, k], clamp(value, 0, 1)) });
  }

  function setTarget(text) {
    const parts = separator ? text.split(/\s+/).filter(Boolean) : [...text.replace(/\s/g, "")];
    const labels = parts.map((symbol) => symbols.indexOf(symbol));
    const unknown = parts.find((_, i) => labels[i] < 0 || labels[i] === blank);
    const known = symbols.filter((_, k) => k !== blank).join(" ");
    if (unknown !== undefined)
      return fault.show(`A target is made of ${known}; “${unknown}” is not one of them.`, { error: true });
    if (labels.length > MOST_LABELS) return fault.show(`A target has at most ${MOST_LABELS} symbols here.`, { error: true });
    fault.show("");
    return change({ target: labels, state: Math.min(model.get("state"), 2 * labels.length) });
  }

  function pick(place) {
    const [frame, state] = lattice.locate(place);
    const { phase } = stage(model.get("step"), frames);
    change({ state, step: stepAt(phase, frame, frames) });
  }

  function describeStep(step) {
    const { phase, frame } = stage(step, frames);
    return step === 0 ? "nothing yet" : `${PHASE_TITLES[phase]}, frame ${frame}`;
  }

  function show(traits) {
    const result = evaluate({ ...traits, blank });
    const now = stage(traits.step, frames);
    const node = { frame: now.frame, state: Math.min(traits.state, result.states.length - 1) };
    const values = {
      forward: result.alpha,
      backward: result.beta,
      occupancy: result.occupancy ?? result.alpha.map((line) => line.map(() => 0)),
    }[now.phase];
    if (document.activeElement !== target.input) target.set(write(traits.target));
    states.setOptions(result.states.map((k, s) => [String(s), `${s}: ${symbols[k]}`]));
    states.set(String(node.state));
    beamWidth.set(String(traits.beam_width));
    stepper.set(traits.step, 3 * frames);
    matrix.show(traits.view, traits.posteriors, { occupancy: perSymbol(result), gradient: result.gradient }[traits.view]);
    equation.textContent =
      traits.step === 0
        ? "Step through the lattice: forward, backward, then both together."
        : spell(now.phase, node, result, { ...traits, symbols, blank });
    loss.textContent = tellLoss(traits.target, result);
    const best = greedy(traits.posteriors, blank);
    path.textContent = `Greedy: the path ${best.path.map((k) => symbols[k]).join(" ")} reads ${quote(best.labels)}.`;
    answers.replaceChildren(
      ...beamSearch(traits.posteriors, { blank, width: traits.beam_width })
        .slice(0, BEST)
        .map(({ labels, probability }) => h("li", { textContent: `${quote(labels)} ${fixed(probability, 3)}` })),
    );
    lattice.draw(
      { values, shown: now.shown, node, states: result.states, symbols, blank, phase: now.phase },
      describe(traits, result),
    );
    return `${describeStep(traits.step)}. ${equation.textContent} ${loss.textContent}`;
  }

  function perSymbol({ occupancy, states: classes }) {
    return (
      occupancy &&
      occupancy.map((line) => symbols.map((_, k) => line.reduce((sum, share, s) => sum + (classes[s] === k ? share : 0), 0)))
    );
  }

  function tellLoss(labels, { total, loss: value }) {
    if (total === 0) return `No path of ${frames} frames spells ${quote(labels)}: its probability is 0 and the loss infinite.`;
    return `P(${quote(labels)}) = ${threeDigits(total)}, loss −log P = ${fixed(value, 3)} nats.`;
  }

  function describe({ target: labels, step }, { states: classes }) {
    const size = `${classes.length} states (${classes.map((k) => symbols[k]).join(", ")}) by ${frames} frames`;
    return `Lattice of ${size} for the target ${quote(labels)}; ${describeStep(step)}.`;
  }
});
