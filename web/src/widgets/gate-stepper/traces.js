// Signal, gates, cell and output, one above the other on one time axis, with a cursor at the step.

import { extent } from "../../arrays.js";
import {
  createPicture,
  drawDot,
  drawFrame,
  drawFrameAxis,
  drawLeftAxis,
  scales,
  strokeLine,
  strokeUpright,
  ticks,
} from "../../draw/index.js";
import { clamp, roundUp } from "../../numbers.js";

const DASHES = [[], [8, 4], [2, 3]];
const GAP = 14;

/** What each kind of cell shows, from top to bottom: {label, names, heights in parts, range if it is fixed}. */
export const PLOTS = {
  lstm: [
    { label: "signal x", names: ["x"], parts: 2 },
    { label: "gates", names: ["f", "i", "o"], parts: 3, range: [0, 1] },
    { label: "cell c", names: ["c"], parts: 2.5 },
    { label: "output h", names: ["h"], parts: 2.5 },
  ],
  gru: [
    { label: "signal x", names: ["x"], parts: 2 },
    { label: "gates", names: ["z", "r"], parts: 3, range: [0, 1] },
    { label: "output h", names: ["h"], parts: 3 },
  ],
};

export function createTraces(frame_seconds) {
  const picture = createPicture("sbw-traces sbw-pickable");
  let plots = [];
  let count = 1;

  function draw(cell, steps, cursor, description) {
    count = steps.length;
    picture.draw(description, (context, { width, height, theme }) => {
      plots = layout(PLOTS[cell], width, height);
      const middle = (t) => (t + 0.5) / count;
      plots.forEach((plot) => drawTrace(context, plot, { steps, cursor, middle, theme }));
      drawFrameAxis(context, plots.at(-1), { count, frame_seconds, theme });
    });
  }

  /** Step at a place in the picture. */
  function stepAt({ x }) {
    const { left, width } = plots[0];
    return clamp(Math.floor(((x - left) / width) * count), 0, count - 1);
  }

  return { canvas: picture.canvas, draw, stepAt };
}

function layout(kinds, width, height) {
  const parts = kinds.reduce((sum, kind) => sum + kind.parts, 0);
  const room = height - 8 - 42 - GAP * (kinds.length - 1);
  let top = 8;
  return kinds.map((kind) => {
    const plot = { ...kind, left: 56, top, width: width - 66, height: (room * kind.parts) / parts };
    top += plot.height + GAP;
    return plot;
  });
}

function drawTrace(context, plot, { steps, cursor, middle, theme }) {
  const [low, high] = plot.range ?? rangeOf(steps.map((step) => step[plot.names[0]]));
  const { x, y } = scales(plot, [0, 1], [low, high]);
  drawFrame(context, plot, theme);
  drawLeftAxis(context, plot, {
    values: ticks(low, high, 2),
    position: (value) => (value - low) / (high - low),
    theme,
    label: plot.label,
  });
  if (low < 0)
    strokeLine(
      context,
      [
        [plot.left, y(0)],
        [plot.left + plot.width, y(0)],
      ],
      { colour: theme.line, width: 1 },
    );
  strokeUpright(context, plot, x(middle(cursor)), { colour: theme.cursor });
  plot.names.forEach((name, k) => {
    const colour = plot.names.length === 1 ? theme.strong : theme.series[k];
    strokeLine(
      context,
      steps.map((step, t) => [x(middle(t)), y(step[name])]),
      { colour, dash: DASHES[k] },
    );
    drawDot(context, [x(middle(cursor)), y(steps[cursor][name])], { fill: colour, edge: theme.surface });
  });
}

function rangeOf(values) {
  const [low, high] = extent(values);
  return [low < 0 ? -roundUp(-low) : 0, high > 0 ? roundUp(high) : low < 0 ? 0 : 1];
}
