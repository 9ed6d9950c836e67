// Transducer lattice: walk a path of blanks and labels, change what the network says at a node, see what all paths do.

import { button, choice, h, legend, slider } from "../../controls.js";
import { defineWidget, followModel, setTraits } from "../../host/define.js";
import { fixed, percent, threeDigits } from "../../numbers.js";
import { followPointer } from "../../pointer.js";
import { withProbabilityAt } from "../../probabilities.js";
import { createStepper } from "../../stepper.js";
import { readSymbols } from "../../symbols.js";
import { spell } from "./equation.js";
import { createLattice } from "./lattice.js";
import { countPaths, nodeAt, nodesOf, probabilityOf, through, withMove } from "./path.js";
import { evaluate, moves } from "./transducer.js";
import { createValues } from "./values.js";

const TRAITS = ["probabilities", "path", "position", "view"];
const VIEWS = [
  ["forward", "Forward α"],
  ["backward", "Backward β"],
  ["occupation", "Occupation γ"],
];
const KEYS = { ArrowRight: { writes: false }, ArrowUp: { writes: true } };

export default defineWidget("transducer", (host) => {
  const { model, root, signal } = host;
  const { symbols, blank, quote } = readSymbols(model);
  const target = model.get("target");
  const given = model.get("probabilities");
  const steps = given.length;
  const count = steps + target.length;
  const names = { blank: symbols[blank], target: target.map((k) => symbols[k]) };
  const written = (u) => quote(target.slice(0, u));
  const change = (traits) => setTraits(model, traits);

  let gradient = null; // at the node whose probabilities are on the sliders
  const lattice = createLattice();
  const goOn = button({ label: "Blank →", onClick: () => move({ writes: false }) });
  const write = button({ label: "Label ↑", onClick: () => move({ writes: true }) });
  const likeliest = button({ label: "Likeliest path", onClick: takeBest });
  const turns = h("div", { className: "sbw-bar", "data-lm-suppress-shortcuts": "true" }, goOn.element, write.element, likeliest.element);
  const stepper = createStepper({ label: "Move", describe: describePosition, onStep: (position) => change({ position }), signal });
  const view = choice({ label: "The nodes show", options: VIEWS, value: "forward", onInput: (name) => change({ view: name }) });
  const equation = h("p", { className: "sbw-reading sbw-equation" });
  const own = h("p", { className: "sbw-reading" });
  const all = h("p", { className: "sbw-reading sbw-strong" });
  const values = createValues(steps, [0, ...target.keys()].map((_, u) => written(u)));
  const place = h("p", { className: "sbw-strong" });
  const sliders = symbols.map((symbol, k) =>
    slider({ label: `P(${symbol})`, min: 0, max: 1, step: 0.01, value: 0, describe: (p) => tell(p, k), onInput: (p) => edit(k, p) }),
  );
  const reset = button({ label: "Restore all", onClick: () => change({ probabilities: given }) });

  root.append(
    turns,
    stepper.element,
    lattice.canvas,
    values.element,
    legend([
      ["series-2", "━", "your path so far"],
      ["series-2", "╌", "as it goes on"],
      ["series-3", "┄", "likeliest path"],
      ["series-1", "━", "share of all paths that take a move (shown with γ)"],
    ]),
    view.element,
    h("div", { className: "sbw-readings" }, equation, own, all),
    h("div", { className: "sbw-part" }, place, h("div", { className: "sbw-panel" }, ...sliders.map(({ element }) => element)), reset.element),
  );
  followPointer(lattice.canvas, pick, { signal });
  turns.addEventListener("keydown", turn, { signal });
  followModel(host, TRAITS, show);

  function here() {
    return nodeAt(model.get("path"), steps, model.get("position"));
  }

  function move(next) {
    const position = model.get("position");
    const path = withMove(model.get("path"), steps, position, next);
    if (path) change({ path, position: position + 1 });
  }

  function turn(event) {
    if (!KEYS[event.key]) return;
    event.preventDefault();
    move(KEYS[event.key]);
  }

  function takeBest() {
    const { best } = evaluate({ probabilities: model.get("probabilities"), target, blank });
    if (best) change({ path: best, position: count });
  }

  function pick(point) {
    const [t, u] = lattice.locate(point);
    const [path, position] = [through(model.get("path"), { t, u }), t + u];
    if (position !== model.get("position") || String(path) !== String(model.get("path"))) change({ path, position });
  }

  function edit(k, value) {
    const { t, u } = here();
    change({ probabilities: withProbabilityAt(model.get("probabilities"), [t, u, k], value) });
  }

  function tell(p, k) {
    return gradient ? `${fixed(p, 3)}, gradient ${fixed(gradient[k], 3)}` : fixed(p, 3);
  }

  function describePosition(position) {
    const { t, u } = nodeAt(model.get("path"), steps, position);
    return position === count ? "at the end" : `${position} of ${count}, at step ${t}, ${written(u)} written`;
  }

  function show(traits) {
    const { probabilities, path, position } = traits;
    const can = moves(probabilities, target, blank);
    const result = evaluate({ probabilities, target, blank });
    const node = nodeAt(path, steps, position);
    const none = result.alpha.map((line) => line.map(() => 0));
    const shown = { forward: result.alpha, backward: result.beta, occupation: result.occupation?.nodes ?? none }[traits.view];
    const shares = traits.view === "occupation" ? result.occupation : null;
    gradient = result.gradient?.[node.t][node.u] ?? null;
    stepper.set(position, count);
    view.set(traits.view);
    goOn.element.disabled = !withMove(path, steps, position, { writes: false });
    write.element.disabled = !withMove(path, steps, position, { writes: true });
    write.set({ label: node.u < target.length && position < count ? `“${names.target[node.u]}” ↑` : "Label ↑" });
    likeliest.element.disabled = !result.best;
    place.textContent = `What the network says at step ${node.t}, after ${written(node.u)}:`;
    sliders.forEach((part, k) => part.set(probabilities[node.t][node.u][k]));
    equation.textContent = spell(traits.view, node, can, result, names);
    own.textContent = tellOwn(traits, can, result);
    all.textContent = tellAll(can, result);
    const title = VIEWS.find(([name]) => name === traits.view)[1];
    values.show(`${title} at each node`, shown);
    lattice.draw(
      { values: shown, shares, told: shares ?? can, path, position, best: result.best, node, names },
      describe(traits, title),
    );
    return `Move: ${describePosition(position)}. ${all.textContent}`;
  }

  function tellOwn({ path, position }, can, { total }) {
    const [soFar, whole] = [probabilityOf(path, can, position), probabilityOf(path, can)];
    const share = total > 0 ? `, ${percent(whole / total, 1)} of all` : "";
    const word = ({ u, writes }) => (writes ? names.target[u] : names.blank);
    const words = nodesOf(path, steps).map(word).join(" ");
    return `Your path: ${words}. Its first ${position} of ${count} moves: ${threeDigits(soFar)}; all of it: ${threeDigits(whole)}${share}.`;
  }

  function tellAll(can, { total, loss, best }) {
    const ways = `${countPaths(steps, target.length)} paths`;
    if (!best) return `None of the ${ways} can write ${written(target.length)}: probability 0, loss infinite.`;
    const most = percent(probabilityOf(best, can) / total, 1);
    return `${ways} together: P(${written(target.length)}) = ${threeDigits(total)}, loss ${fixed(loss, 3)} nats. The likeliest has ${most} of it.`;
  }

  function describe({ path, position }, title) {
    const spelt = names.target.map((name, i) => `${name} at step ${path[i]}`).join(", ");
    return (
      `Lattice of ${steps} steps by ${target.length + 1} rows for ${written(target.length)}, ${title} in the nodes; ` +
      `your path writes ${spelt}; ${describePosition(position)}.`
    );
  }
});
