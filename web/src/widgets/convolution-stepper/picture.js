// The picture under the kernel, the responses so far, and what they are pooled to.

import { extent } from "../../arrays.js";
import {
  colourTable,
  createPicture,
  drawFrame,
  drawFrameAxis,
  drawImageWithin,
  drawLeftAxis,
  matrixImage,
  mixTable,
  strokeLine,
  ticks,
} from "../../draw/index.js";
import { SIZE } from "./convolution.js";

const PANEL = 230; // CSS pixels of height, title and axis included
const MARGIN = { left: 54, right: 14, top: 24, bottom: 44 };

export function createMaps(image, frame_seconds) {
  const { canvas, draw: paint } = createPicture("sbw-maps sbw-pickable");
  const [low, high] = extent(image.values);
  const photograph = matrixImage(image, { table: colourTable("viridis"), low, high });
  let plots = [];

  /** `maps`: {response, pooled or null}, NaN where nothing is computed yet; `limit`: the largest response either way. */
  function draw({ response, pooled, limit, stride, cell }, description) {
    const panels = pooled ? 3 : 2;
    const stacked = canvas.clientWidth < 270 * panels;
    canvas.style.height = `${stacked ? panels * PANEL : PANEL + 20}px`;
    paint(description, (context, { width, height, theme }) => {
      plots = Array.from({ length: panels }, (_, i) => {
        const panel = stacked
          ? { left: 0, top: (i * height) / panels, width, height: height / panels }
          : { left: (i * width) / panels, top: 0, width: width / panels, height };
        return inset(panel);
      });
      const signed = (map) =>
        matrixImage(map, { table: mixTable([theme.series[1], theme.surface, theme.series[0]]), low: -limit, high: limit });
      const axes = { theme, frame_seconds };
      drawMap(context, plots[0], photograph, { ...axes, title: "Input", map: image, every: 1 });
      drawMap(context, plots[1], signed(response), { ...axes, title: "Responses", map: response, every: stride });
      if (pooled) drawMap(context, plots[2], signed(pooled), { ...axes, title: "Pooled, 2 × 2", map: pooled, every: 2 * stride });
      drawBox(context, plots[0], image, { row: cell.row * stride, column: cell.column * stride, size: SIZE });
      drawBox(context, plots[1], response, { ...cell, size: 1 });
      if (pooled)
        drawBox(context, plots[2], pooled, { row: Math.floor(cell.row / 2), column: Math.floor(cell.column / 2), size: 1 });
    });
  }

  /** [share across, share up, panel] of a place in the picture, or null outside of input and responses. */
  function locate({ x, y }) {
    const panel = plots
      .slice(0, 2)
      .findIndex(({ left, top, width, height }) => x >= left && x <= left + width && y >= top && y <= top + height);
    if (panel < 0) return null;
    const { left, top, width, height } = plots[panel];
    return [(x - left) / width, 1 - (y - top) / height, panel];
  }

  return { canvas, draw, locate };
}

function inset({ left, top, width, height }) {
  return {
    left: left + MARGIN.left,
    top: top + MARGIN.top,
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  };
}

/** A map with title and axes; one of its cells spans `every` cells of the input. */
function drawMap(context, plot, pixels, { title, map, every, theme, frame_seconds }) {
  drawImageWithin(context, plot, pixels, { target: plot, background: theme.line });
  drawFrame(context, plot, theme);
  drawFrameAxis(context, plot, { count: map.columns, frame_seconds: frame_seconds && frame_seconds * every, theme });
  const bands = ticks(0, map.rows, plot.height / 36).filter((band) => Number.isInteger(band) && band < map.rows);
  drawLeftAxis(context, plot, { values: bands, position: (band) => (band + 0.5) / map.rows, theme, label: "Band" });
  context.font = `600 ${theme.font}`;
  context.fillStyle = theme.strong;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillText(`${title}, ${map.rows} × ${map.columns}`, plot.left, plot.top - 5);
}

function drawBox(context, plot, { rows, columns }, { row, column, size }) {
  if (row + size > rows || column + size > columns) return;
  const [wide, high] = [plot.width / columns, plot.height / rows];
  const left = plot.left + column * wide - 1;
  const right = plot.left + (column + size) * wide + 1;
  const bottom = plot.top + plot.height - row * high + 1;
  const top = bottom - size * high - 2;
  const corners = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
    [right, top],
  ];
  strokeLine(context, corners, { colour: "black", width: 5 });
  strokeLine(context, corners, { colour: "white", width: 2 });
}
