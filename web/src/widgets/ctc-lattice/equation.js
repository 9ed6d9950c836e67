// One node of the lattice in an equation with its numbers.

import { threeDigits } from "../../numbers.js";
import { sources, successors } from "./ctc.js";

const SIGNS = { forward: "α", backward: "β", occupancy: "γ" };

/** The equation of a node {frame, state} in a phase. */
export function spell(phase, { frame, state }, { states, alpha, beta, occupancy, total }, { posteriors, symbols, blank }) {
  const symbol = symbols[states[state]];
  const y = posteriors[frame][states[state]];
  const left = `${SIGNS[phase]}(frame ${frame}, ${symbol}, state ${state})`;
  if (phase === "occupancy") {
    if (!occupancy) return `${left} is not defined: no path spells the target.`;
    const [a, b] = [alpha[frame][state], beta[frame][state]];
    return `${left} = α β / (y P) = ${threeDigits(a)} · ${threeDigits(b)} / (${threeDigits(y)} · ${threeDigits(total)}) = ${threeDigits(occupancy[frame][state])}`;
  }
  const isForward = phase === "forward";
  const edge = frame === (isForward ? 0 : posteriors.length - 1);
  if (edge) {
    const open = isForward ? state < 2 : state >= states.length - 2;
    const name = isForward ? "begin" : "end";
    return open ? `${left} = y = ${threeDigits(y)}: a path may ${name} here.` : `${left} = 0: a path cannot ${name} here.`;
  }
  const others = isForward ? sources(states, state, blank) : successors(states, state, blank);
  const values = others.map((other) => (isForward ? alpha[frame - 1][other] : beta[frame + 1][other]));
  const result = isForward ? alpha[frame][state] : beta[frame][state];
  const names = others.map((other) => `${SIGNS[phase]}(${frame + (isForward ? -1 : 1)}, ${symbols[states[other]]})`);
  return `${left} = y · (${names.join(" + ")}) = ${threeDigits(y)} · (${values.map(threeDigits).join(" + ")}) = ${threeDigits(result)}`;
}
