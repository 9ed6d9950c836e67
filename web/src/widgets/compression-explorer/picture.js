// Above: accuracy against size for every pair of settings. Below: the weights of one kernel, before and after.

import { createPicture, drawAxes, drawDiamond, drawDot, strokeLine, within } from "../../draw/index.js";
import { extent } from "../../arrays.js";
import { tally } from "./shrink.js";

const BINS = 61;
const LEFT = 58;

export function createPictures() {
  const picture = createPicture("sbw-shrink");

  /** `points`: {size, accuracy} of all settings; `chosen`: one of them; `before`, `after`: the kernel's weights. */
  function draw({ points, chosen, before, after }, description) {
    picture.draw(description, (context, { width, height, theme }) => {
      const half = (height - 108) / 2;
      const plot = { left: LEFT, width: width - LEFT - 12 };
      drawSizes(context, { ...plot, top: 8, height: half }, { points, chosen, theme });
      drawWeights(context, { ...plot, top: half + 64, height: half }, { before, after, theme });
    });
  }
  return { canvas: picture.canvas, draw };
}

function drawSizes(context, plot, { points, chosen, theme }) {
  const most = Math.max(...points.map(({ size }) => size)) / 1000;
  const { x, y } = drawAxes(context, plot, {
    x: [0, 1.05 * most],
    y: [0, 100],
    xLabel: "Stored weights (KB)",
    yLabel: "Right (%)",
    theme,
  });
  const place = ({ size, accuracy }) => [x(size / 1000), y(100 * accuracy)];
  for (const point of points) drawDot(context, place(point), { radius: 3.5, fill: theme.series[0] });
  drawDiamond(context, place(chosen), { radius: 8, fill: theme.series[1], edge: theme.strong });
}

function drawWeights(context, plot, { before, after, theme }) {
  const [low, high] = extent(before);
  const reach = 1.05 * Math.max(-low, high);
  const bins = new Array(BINS).fill(0);
  for (const value of before) bins[Math.min(BINS - 1, Math.floor(((value + reach) / (2 * reach)) * BINS))]++;
  const teeth = tally(after);
  const few = teeth.length <= BINS * 3;
  const most = Math.max(...bins);
  const { x, y } = drawAxes(context, plot, {
    x: [-reach, reach],
    y: [0, 1.3 * most],
    xLabel: "Weight (one kernel)",
    yLabel: "How many",
    theme,
  });
  within(context, plot, () => {
    context.fillStyle = theme.line;
    bins.forEach((count, i) => {
      const left = x(-reach + (2 * reach * i) / BINS);
      context.fillRect(left, y(count), plot.width / BINS - 1, plot.top + plot.height - y(count));
    });
    if (few) for (const [value, count] of teeth) drawTooth(context, [x(value), y(count)], { plot, theme });
    else for (const [value] of teeth) drawTooth(context, [x(value), y(0.04 * most)], { plot, theme });
  });
}

function drawTooth(context, [x, y], { plot, theme }) {
  const foot = plot.top + plot.height;
  strokeLine(context, [[x, foot], [x, Math.min(foot, y)]], { colour: theme.series[1], width: 2 });
}
