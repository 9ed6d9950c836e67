// The lattice: steps of the sound to the right, labels written upwards, the reader's path and the likeliest one.

import { createPicture, drawNode, strokeLine, tinyNumber } from "../../draw/index.js";
import { clamp } from "../../numbers.js";
import { nodesOf } from "./path.js";

const ROW = 64; // CSS pixels
const BOTTOM = 36;
const LONGEST = 6; // letters of a symbol that fit
const ROOMY = 64; // a column this wide has room for the probabilities of moves
const WIDEST = 9; // line of a move that all paths take
const BESIDE = 5; // between the likeliest path and the nodes' centres

export function createLattice() {
  const { canvas, draw: paint } = createPicture("sbw-staircase sbw-pickable");
  let grid = null;

  /**
   * `values` [t][u] in the nodes; `shares` of the paths {goOn, write} as the width of moves, or null; `told` {goOn, write}
   * as their numbers; `path` of the reader, of which `position` moves were made, and the `best` one; `node` {t, u} is ringed.
   */
  function draw({ values, shares, told, path, position, best, node, names }, description) {
    const [steps, rows] = [values.length, values[0].length];
    canvas.style.height = `${rows * ROW + BOTTOM}px`;
    paint(description, (context, { width, theme }) => {
      context.font = `600 14px ${theme.font.slice(5)}`;
      const labels = ["–", ...names.target.map((name) => name.slice(0, LONGEST))];
      const left = Math.max(28, 12 + Math.max(...labels.map((name) => context.measureText(name).width)));
      const column = (width - left - 2) / steps;
      grid = { left, column, steps, rows };
      const place = (t, u) => [left + (t + 0.42) * column, (rows - u - 0.5) * ROW];
      const after = ({ t, u, writes }) => (writes ? place(t, u + 1) : t + 1 < steps ? place(t + 1, u) : [width - 2, place(t, u)[1]]);
      const radius = Math.min(15, 0.36 * column);
      const picture = { context, theme, place, after, steps, rows, column, radius };
      drawLabels(picture, labels);
      drawMoves(picture, shares);
      if (best) drawPath(picture, nodesOf(best, steps), { colour: theme.series[2], width: 2, dash: [2, 4], beside: BESIDE });
      const walk = nodesOf(path, steps);
      drawPath(picture, walk.slice(position), { colour: theme.series[1], width: 2, dash: [6, 4] });
      drawPath(picture, walk.slice(0, position), { colour: theme.series[1], width: 5 });
      if (column > ROOMY) drawNumbers(picture, told);
      const largest = Math.max(...values.flat()) || 1;
      values.forEach((line, t) =>
        line.forEach((value, u) => {
          const chosen = t === node.t && u === node.u;
          const text = radius >= 12 ? tinyNumber(value) : "";
          drawNode(context, place(t, u), { radius, share: value / largest, text, chosen, theme });
        }),
      );
    });
  }

  /** {t, u} of the node next to a place in the picture. */
  function locate({ x, y }) {
    const index = (share, count) => clamp(Math.floor(share), 0, count - 1);
    return { t: index((x - grid.left) / grid.column + 0.08, grid.steps), u: grid.rows - 1 - index(y / ROW, grid.rows) };
  }

  return { canvas, draw, locate };
}

function drawLabels({ context, theme, place, steps, rows }, labels) {
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillStyle = theme.strong;
  labels.forEach((label, u) => context.fillText(label, 2, place(0, u)[1]));
  context.font = theme.font;
  context.fillStyle = theme.text;
  const line = rows * ROW + 8;
  context.fillText("written ↑   step of the sound →", 2, line + 18);
  context.textAlign = "center";
  for (let t = 0; t < steps; t++) context.fillText(String(t), place(t, 0)[0], line);
}

/** All moves as thin lines; those that paths take are wider, by the share of paths. */
function drawMoves({ context, theme, place, after, steps, rows }, shares) {
  for (let t = 0; t < steps; t++) {
    for (let u = 0; u < rows; u++) {
      for (const writes of [false, true]) {
        if (writes ? u === rows - 1 : t === steps - 1 && u < rows - 1) continue;
        const ends = [place(t, u), after({ t, u, writes })];
        strokeLine(context, ends, { colour: theme.line, width: 1.5 });
        const share = shares ? (writes ? shares.write : shares.goOn)[t][u] : 0;
        if (share > 0.005) strokeLine(context, ends, { colour: theme.series[0], width: WIDEST * share });
      }
    }
  }
}

function drawPath({ context, place, after }, nodes, { beside = 0, ...style }) {
  if (!nodes.length) return;
  const points = [...nodes.map(({ t, u }) => place(t, u)), after(nodes.at(-1))];
  strokeLine(context, points.map(([x, y]) => [x - beside, y - beside]), style);
}

/** What the network says of each move, or the share of paths that take it, beside its line. */
function drawNumbers({ context, theme, place, steps, rows, column }, { goOn, write }) {
  context.font = theme.font.replace("12px", "11px");
  context.fillStyle = theme.text;
  context.textBaseline = "middle";
  for (let t = 0; t < steps; t++) {
    for (let u = 0; u < rows; u++) {
      const [x, y] = place(t, u);
      const isEnd = t === steps - 1;
      context.textAlign = "center";
      if (!isEnd || u === rows - 1) context.fillText(tinyNumber(goOn[t][u]), x + column * (isEnd ? 0.42 : 0.5), y + 11);
      context.textAlign = "left";
      if (u < rows - 1) context.fillText(tinyNumber(write[t][u]), x + 7, y - ROW / 2);
    }
  }
}
