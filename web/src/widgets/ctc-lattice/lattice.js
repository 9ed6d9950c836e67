// The lattice: states from top to bottom, frames from left to right, values of the phase in the nodes.

import { strokeLine } from "../../draw/index.js";
import { createLatticePicture } from "../../draw/lattice.js";
import { sources } from "./ctc.js";

export function createLattice() {
  const { canvas, draw: paint, locate } = createLatticePicture("sbw-lattice", { row: 42, head: 28 });

  /** `values` [t][s] of the `phase`; `shown(t)`: frames that are done; `node`: {frame, state} that is spelt out. */
  function draw({ values, shown, node, states, symbols, blank, phase }, description) {
    const names = states.map((k) => symbols[k]);
    const most = (t) => (shown(t) ? Math.max(...values[t]) || 1 : 0);
    paint({ names, axis: "frame", values, most, chosen: [node.frame, node.state] }, description, ({ context, place, theme }) => {
      for (let t = 1; t < values.length; t++) {
        states.forEach((_, s) => {
          for (const source of sources(states, s, blank)) {
            const ends = [place(t - 1, source), place(t, s)];
            const into = node.frame === t && node.state === s;
            const outOf = node.frame === t - 1 && node.state === source;
            if ({ forward: into, backward: outOf }[phase]) strokeLine(context, ends, { colour: theme.cursor, width: 3 });
            else if (shown(t) && shown(t - 1)) strokeLine(context, ends, { colour: theme.line, width: 1 });
          }
        });
      }
    });
  }

  return { canvas, draw, locate };
}
