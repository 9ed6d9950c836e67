// The reader's curve beside the network's: as a picture, as a table, and in words.

import { h } from "../../controls.js";
import { createPicture, drawDiamond, drawDot, drawFrame, drawLeftAxis, strokeLine } from "../../draw/index.js";
import { percent } from "../../numbers.js";
import { TESTS } from "./conditions.js";
import { chanceOf, wilson } from "./trials.js";

const CHANCE = 0.1;
const OFFSET = 5; // CSS pixels between the two listeners' marks

export function createResults() {
  const { canvas, draw } = createPicture("sbw-curve");
  const key = h("p", { className: "sbw-legend" });
  const table = h("div", { className: "sbw-scroll", tabIndex: 0, role: "region", "aria-label": "Table of the result" });
  const words = h("div", { className: "sbw-stack" });
  const element = h("div", { className: "sbw-stack" }, h("p", { className: "sbw-strong", textContent: "Your curve" }), canvas, key, words, table);
  let shown = null;

  /** `yours` and `network` are tallies by rung (`network` null where there is none); `pairs` counts the same sounds. */
  function show(result) {
    shown = result;
    key.replaceChildren(...sign("series-1", "●", "you"), ...(result.network ? sign("series-2", "◆", `the network, on ${result.network[0].n} words a rung`) : []), ...sign("muted", "┄", "guessing"));
    words.replaceChildren(...sentences(result).map((text) => h("p", { textContent: text })));
    table.replaceChildren(asTable(result));
    redraw();
  }

  function redraw() {
    if (shown) draw(describe(shown), (context, area) => paint(context, area, shown));
  }

  return { element, show, redraw };
}

function sign(colour, mark, text) {
  const mine = h("span", { "aria-hidden": "true", textContent: mark });
  mine.style.color = `var(--sbw-${colour})`;
  return [h("span", {}, mine, ` ${text}`)];
}

function paint(context, { width, height, theme }, { test, yours, network }) {
  const { rungs, axis } = TESTS[test];
  const plot = { left: 60, top: 10, width: width - 76, height: height - 62 };
  const x = (rung) => plot.left + (plot.width * (rung + 0.5)) / rungs.length;
  const y = (share) => plot.top + plot.height * (1 - share);
  drawFrame(context, plot, theme);
  drawLeftAxis(context, plot, { values: [0, 20, 40, 60, 80, 100], position: (value) => value / 100, theme, label: "Right (%)" });
  context.textAlign = "center";
  context.textBaseline = "top";
  rungs.forEach(([, text], rung) => context.fillText(text, x(rung), plot.top + plot.height + 7));
  context.fillText(axis, plot.left + plot.width / 2, plot.top + plot.height + 26);
  strokeLine(context, [[plot.left, y(CHANCE)], [plot.left + plot.width, y(CHANCE)]], { colour: theme.text, width: 1, dash: [4, 4] });
  curve(yours, { colour: theme.series[0], shift: network ? -OFFSET : 0, mark: drawDot });
  if (network) curve(network, { colour: theme.series[1], shift: OFFSET, mark: drawDiamond });

  function curve(tallies, { colour, shift, mark }) {
    const points = tallies.flatMap(({ right, n }, rung) => (n ? [{ at: [x(rung) + shift, y(right / n)], interval: wilson(right, n) }] : []));
    for (const { at, interval } of points) strokeLine(context, interval.map((share) => [at[0], y(share)]), { colour, width: 2 });
    strokeLine(context, points.map(({ at }) => at), { colour, width: 2 });
    for (const { at } of points) mark(context, at, { fill: colour, edge: theme.surface });
  }
}

function describe({ test, yours, network }) {
  const list = (tallies) => tallies.map(({ right, n }, rung) => (n ? `${TESTS[test].rungs[rung][1]}: ${percent(right / n)}` : "")).filter(Boolean).join(", ");
  return `Share of words heard right on each rung. You: ${list(yours)}. ${network ? `The network: ${list(network)}.` : ""}`;
}

function asTable({ test, yours, network }) {
  const cell = ({ right, n }) => (n ? `${right} of ${n} (${wilson(right, n).map((share) => percent(share)).join(" to ")})` : "not heard");
  const heads = ["Rung", "You, with 95 % interval", ...(network ? ["Network, with 95 % interval"] : [])];
  const rows = TESTS[test].rungs.map(([, , text], rung) =>
    h("tr", {}, h("th", { scope: "row", textContent: text }), ...[yours, network].filter(Boolean).map((tallies) => h("td", { textContent: cell(tallies[rung]) }))),
  );
  return h("table", {}, h("caption", { textContent: "Words heard right" }), h("thead", {}, h("tr", {}, ...heads.map((text) => h("th", { scope: "col", textContent: text })))), h("tbody", {}, ...rows));
}

/** What the result is, and what so small a test can tell. */
export function sentences({ test, yours, network, pairs }) {
  const total = yours.reduce((sum, { n }) => sum + n, 0);
  const right = yours.reduce((sum, each) => sum + each.right, 0);
  const out = [`You heard ${right} of ${total} words right. ${tellHalf(yours, test)}`.trim()];
  if (network) out.push(compare(pairs));
  const most = Math.max(...yours.map(({ n }) => n));
  const seven = Math.round(0.7 * most);
  const [low, high] = wilson(seven, most).map((share) => percent(share));
  out.push(
    `That is a small test: with ${most} words a rung, ${seven} right stand for anything from ${low} to ${high}. Read the shape, not single points. One listener, one room, one pair of headphones say nothing about people in general.`,
  );
  return out;
}

function tellHalf(yours, test) {
  const heard = yours.findLastIndex(({ right, n }) => n && right / n >= 0.5);
  const lost = yours.findIndex(({ right, n }, rung) => rung > heard && n && right / n < 0.5);
  const named = (rung) => TESTS[test].rungs[rung][2];
  if (heard < 0) return "On no rung was it half of them.";
  if (lost < 0) return "On every rung it was at least half of them.";
  return `Half of them you still had with ${named(heard)}, no longer with ${named(lost)}.`;
}

function compare({ n, both, onlyYou, onlyNetwork }) {
  const text = `On these very ${n} sounds the network was right ${both + onlyNetwork} times. ${onlyYou} only you heard right, ${onlyNetwork} only the network.`;
  const chance = chanceOf(onlyYou, onlyNetwork);
  if (chance >= 0.05) return `${text} So small a difference comes by chance alone often enough (p = ${chance.toFixed(2)}): this test cannot say which of you is better.`;
  return `${text} Chance alone would seldom give such a difference (p ${chance < 0.001 ? "< 0.001" : `= ${chance.toFixed(3)}`}): on these sounds ${onlyYou > onlyNetwork ? "you" : "the network"} did better.`;
}
