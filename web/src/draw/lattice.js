// A small lattice: rows with names at the left, numbered columns, a node for each value, and what lies between them.

import { clamp } from "../numbers.js";
import { createPicture } from "./canvas.js";
import { drawNode, tinyNumber } from "./nodes.js";

const LONGEST = 6; // letters of a row's name that fit
const LARGEST = 15; // radius of a node, CSS pixels
const LEGIBLE = 12; // radius that has room for a number

/**
 * Picture with rows of height `row`, the first one at the bottom with `upwards`, `head` and `foot` pixels above and below
 * them, and nodes at the share `lean` of a column's width. Columns are numbered in the foot, or else in the head.
 */
export function createLatticePicture(className, { row, head = 0, foot = 0, lean = 0.5, upwards = false }) {
  const { canvas, draw: paint } = createPicture(`${className} sbw-pickable`);
  let grid = null;
  const level = (r, rows) => (upwards ? rows - 1 - r : r);

  /**
   * `names` of the rows, `axis` beside the numbers, `values` [t][r] that are told in the nodes and fill them by their share
   * of `most(t)`, if that is not 0; `chosen` [t, r] is ringed. `between({context, theme, width, column, place})` draws moves.
   */
  function draw({ names, axis, values, most, chosen }, description, between) {
    const rows = names.length;
    canvas.style.height = `${head + rows * row + foot}px`;
    paint(description, (context, { width, theme }) => {
      const bold = `600 14px ${theme.font.slice(5)}`;
      context.font = bold;
      const short = names.map((name) => name.slice(0, LONGEST));
      const left = Math.max(36, 12 + Math.max(...short.map((name) => context.measureText(name).width)));
      const column = (width - left - 3) / values.length;
      const place = (t, r) => [left + (t + lean) * column, head + (level(r, rows) + 0.5) * row];
      const radius = Math.min(LARGEST, 0.37 * column);
      grid = { left, column, columns: values.length, rows };
      const line = foot ? head + rows * row + 8 : 12;
      const write = (text, x, y, { font = theme.font, colour = theme.text, align = "left" } = {}) => {
        Object.assign(context, { font, fillStyle: colour, textAlign: align, textBaseline: "middle" });
        context.fillText(text, x, y);
      };
      short.forEach((name, r) => write(name, 2, place(0, r)[1], { font: bold, colour: theme.strong }));
      values.forEach((_, t) => write(String(t), place(t, 0)[0], line, { align: "center" }));
      write(axis, 2, foot ? line + 18 : line);
      between({ context, theme, width, column, place, write });
      values.forEach((own, t) =>
        own.forEach((value, r) => {
          const told = most(t) > 0;
          const text = told && radius >= LEGIBLE ? tinyNumber(value) : "";
          const share = told ? value / most(t) : 0;
          drawNode(context, place(t, r), { radius, share, text, chosen: t === chosen[0] && r === chosen[1], theme });
        }),
      );
    });
  }

  /** [t, r] of the node next to a place in the picture. */
  function locate({ x, y }) {
    const index = (share, count) => clamp(Math.floor(share), 0, count - 1);
    const { left, column, columns, rows } = grid;
    return [index((x - left) / column + 0.5 - lean, columns), level(index((y - head) / row, rows), rows)];
  }

  return { canvas, draw, locate };
}
