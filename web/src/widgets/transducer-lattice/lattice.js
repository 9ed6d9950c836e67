// The lattice: steps of the sound to the right, labels written upwards, the reader's path and the likeliest one.

import { strokeLine, tinyNumber } from "../../draw/index.js";
import { createLatticePicture } from "../../draw/lattice.js";
import { nodesOf } from "./path.js";

const ROW = 64; // CSS pixels
const ROOMY = 64; // a column this wide has room for the probabilities of moves
const WIDEST = 9; // line of a move that all paths take
const BESIDE = 5; // between the likeliest path and the nodes' centres

export function createLattice() {
  const how = { row: ROW, foot: 36, lean: 0.42, upwards: true };
  const { canvas, draw: paint, locate } = createLatticePicture("sbw-staircase", how);

  /**
   * `values` [t][u] in the nodes; `shares` of the paths {goOn, write} as the width of moves, or null; `told` {goOn, write}
   * as their numbers; `path` of the reader, of which `position` moves were made, and the `best` one; `node` {t, u} is ringed.
   */
  function draw({ values, shares, told, path, position, best, node, names }, description) {
    const [steps, rows] = [values.length, values[0].length];
    const largest = Math.max(...values.flat()) || 1;
    const nodes = { names: ["–", ...names.target], values, most: () => largest, chosen: [node.t, node.u] };
    paint({ ...nodes, axis: "written ↑   step of the sound →" }, description, (picture) => {
      const { theme, width, place } = picture;
      const after = ({ t, u, writes }) => (writes ? place(t, u + 1) : t + 1 < steps ? place(t + 1, u) : [width - 2, place(t, u)[1]]);
      const all = { ...picture, after, steps, rows };
      drawMoves(all, shares);
      if (best) drawPath(all, nodesOf(best, steps), { colour: theme.series[2], width: 2, dash: [2, 4], beside: BESIDE });
      const walk = nodesOf(path, steps);
      drawPath(all, walk.slice(position), { colour: theme.series[1], width: 2, dash: [6, 4] });
      drawPath(all, walk.slice(0, position), { colour: theme.series[1], width: 5 });
      if (picture.column > ROOMY) drawNumbers(all, told);
    });
  }

  return { canvas, draw, locate };
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
function drawNumbers({ theme, place, write: put, steps, rows, column }, { goOn, write }) {
  const font = theme.font.replace("12px", "11px");
  for (let t = 0; t < steps; t++) {
    for (let u = 0; u < rows; u++) {
      const [x, y] = place(t, u);
      const isEnd = t === steps - 1;
      if (!isEnd || u === rows - 1) put(tinyNumber(goOn[t][u]), x + column * (isEnd ? 0.42 : 0.5), y + 11, { font, align: "center" });
      if (u < rows - 1) put(tinyNumber(write[t][u]), x + 7, y - ROW / 2, { font });
    }
  }
}
