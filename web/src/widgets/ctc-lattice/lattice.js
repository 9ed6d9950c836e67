// The lattice: states from top to bottom, frames from left to right, values of the phase in the nodes.

import { createPicture, drawNode, strokeLine, tinyNumber } from "../../draw/index.js";
import { clamp } from "../../numbers.js";
import { sources } from "./ctc.js";

const ROW = 42; // CSS pixels
const TOP = 28;
const LONGEST = 6; // letters of a symbol that fit

export function createLattice() {
  const { canvas, draw: paint } = createPicture("sbw-lattice sbw-pickable");
  let grid = null;

  /** `values` [t][s] of the `phase`; `shown(t)`: frames that are done; `node`: {frame, state} that is spelt out. */
  function draw({ values, shown, node, states, symbols, blank, phase }, description) {
    canvas.style.height = `${TOP + states.length * ROW + 4}px`;
    paint(description, (context, { width, theme }) => {
      context.font = `600 14px ${theme.font.slice(5)}`;
      const names = states.map((k) => symbols[k].slice(0, LONGEST));
      const left = Math.max(40, 12 + Math.max(...names.map((name) => context.measureText(name).width)));
      const column = (width - left - 4) / values.length;
      grid = { left, column, frames: values.length, states: states.length };
      const place = (t, s) => [left + (t + 0.5) * column, TOP + (s + 0.5) * ROW];
      const radius = Math.min(15, 0.38 * column);
      drawLabels(context, { frames: values.length, names, place, theme });
      drawEdges(context, { values, states, blank, place, shown, node, phase, theme });
      values.forEach((line, t) => {
        const largest = Math.max(...line) || 1;
        line.forEach((value, s) => {
          const chosen = t === node.frame && s === node.state;
          const text = column > 44 ? tinyNumber(value) : "";
          drawNode(context, place(t, s), { radius, chosen, theme, ...(shown(t) && { share: value / largest, text }) });
        });
      });
    });
  }

  /** {frame, state} at a place in the picture. */
  function locate({ x, y }) {
    const index = (share, count) => clamp(Math.floor(share), 0, count - 1);
    return { frame: index((x - grid.left) / grid.column, grid.frames), state: index((y - TOP) / ROW, grid.states) };
  }

  return { canvas, draw, locate };
}

function drawLabels(context, { frames, names, place, theme }) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = theme.strong;
  names.forEach((name, s) => context.fillText(name, 2, place(0, s)[1]));
  context.font = theme.font;
  context.fillStyle = theme.text;
  context.fillText("frame", 0, 12);
  context.textAlign = "center";
  for (let t = 0; t < frames; t++) context.fillText(String(t), place(t, 0)[0], 12);
}

function drawEdges(context, { values, states, blank, place, shown, node, phase, theme }) {
  for (let t = 1; t < values.length; t++) {
    states.forEach((_, s) => {
      for (const source of sources(states, s, blank)) {
        const [from, to] = [place(t - 1, source), place(t, s)];
        const into = node.frame === t && node.state === s;
        const outOf = node.frame === t - 1 && node.state === source;
        if ({ forward: into, backward: outOf }[phase]) strokeLine(context, [from, to], { colour: theme.cursor, width: 3 });
        else if (shown(t) && shown(t - 1)) strokeLine(context, [from, to], { colour: theme.line, width: 1 });
      }
    });
  }
}
