// What the paths do at one node, in an equation with its numbers.

import { threeDigits } from "../../numbers.js";

const SIGNS = { forward: "α", backward: "β", occupation: "γ" };

/** The equation of the node {t, u} in a view; `names`: the symbol of the blank, and those of the target. */
export function spell(view, { t, u }, { goOn, write }, { alpha, beta, occupation, total }, names) {
  const left = `${SIGNS[view]}(${t}, ${u})`;
  if (view === "occupation") {
    if (!occupation) return `${left} is undefined: no path writes the target.`;
    const numbers = [alpha, beta].map((values) => threeDigits(values[t][u])).join(" · ");
    return `${left} = α β / P = ${numbers} / ${threeDigits(total)} = ${threeDigits(occupation.nodes[t][u])}`;
  }
  const terms = (view === "forward" ? comings : goings)({ t, u }, { goOn, write, alpha, beta }, names);
  const result = threeDigits({ forward: alpha, backward: beta }[view][t][u]);
  if (!terms.length) return view === "forward" ? `${left} = 1: every path begins here.` : `${left} = 0: no path can end here.`;
  const words = terms.map(([name, , symbol]) => `${name}P(${symbol})`).join(" + ");
  const numbers = terms.map(([, values]) => values.map(threeDigits).join(" · ")).join(" + ");
  return `${left} = ${words} = ${numbers === result ? result : `${numbers} = ${result}`}`;
}

/** [name of what came before, its value and the move's, symbol of the move] of each way to the node. */
function comings({ t, u }, { goOn, write, alpha }, names) {
  const terms = [];
  if (t > 0) terms.push([`α(${t - 1}, ${u}) `, [alpha[t - 1][u], goOn[t - 1][u]], names.blank]);
  if (u > 0) terms.push([`α(${t}, ${u - 1}) `, [alpha[t][u - 1], write[t][u - 1]], names.target[u - 1]]);
  return terms;
}

function goings({ t, u }, { goOn, write, beta }, names) {
  const [isLast, isTop] = [t === goOn.length - 1, u === goOn[0].length - 1];
  const terms = [];
  if (!isLast) terms.push([`β(${t + 1}, ${u}) `, [beta[t + 1][u], goOn[t][u]], names.blank]);
  if (isLast && isTop) terms.push(["", [goOn[t][u]], names.blank]);
  if (!isTop) terms.push([`β(${t}, ${u + 1}) `, [beta[t][u + 1], write[t][u]], names.target[u]]);
  return terms;
}
