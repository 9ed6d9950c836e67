// The surface from above with the path on it, and the loss after every step of all optimisers.

import { extent } from "../../arrays.js";
import {
  colourTable,
  createPicture,
  drawAxes,
  drawDot,
  drawImageWithin,
  matrixImage,
  scales,
  strokeLine,
  within,
} from "../../draw/index.js";
import { clamp } from "../../numbers.js";
import { SURFACES } from "./surfaces.js";

const X = [-2.2, 2.2];
const Y = [-1.65, 1.65];
const GRID = 160;
const BANDS = 16; // levels of the surface that are told apart
const CURVES = 170; // CSS pixels for the lower plot with its axis
export const DASHES = { sgd: [], momentum: [9, 4], rmsprop: [5, 3], adam: [2, 3] };

export function createMap() {
  const picture = createPicture("sbw-map sbw-pickable");
  let plot = null;
  let image = { surface: "" };

  /** `paths`: for each optimiser its places; `chosen`: the one to draw on the surface. */
  function draw({ surface, paths, chosen, steps }, description) {
    if (image.surface !== surface) image = { surface, pixels: drawSurface(surface) };
    picture.draw(description, (context, { width, height, theme }) => {
      plot = { left: 56, top: 8, width: width - 66, height: height - CURVES - 52 };
      drawImageWithin(context, plot, image.pixels, { target: plot, background: theme.line });
      const { x, y } = drawAxes(context, plot, { x: X, y: Y, xLabel: "Weight x", yLabel: "Weight y", theme });
      const places = paths[chosen].map(([px, py]) => [x(clamp(px, -99, 99)), y(clamp(py, -99, 99))]);
      within(context, plot, () => {
        for (const [mx, my] of SURFACES[surface].minima) drawCross(context, [x(mx), y(my)]);
        strokeLine(context, places, { colour: "rgb(0 0 0 / 70%)", width: 5 });
        strokeLine(context, places, { colour: "white", width: 2 });
        for (const place of places) drawDot(context, place, { radius: 3, fill: "white", edge: "black", edgeWidth: 1 });
        drawDot(context, places.at(-1), { radius: 6, fill: theme.cursor, edge: "black" });
      });
      drawCurves(
        context,
        { left: 56, top: height - CURVES + 8, width: width - 66, height: CURVES - 52 },
        { surface, paths, chosen, steps, theme },
      );
    });
    return scales(plot ?? { left: 0, top: 0, width: 1, height: 1 }, X, Y);
  }

  /** Weights [x, y] at a place in the picture, or null below the surface. */
  function locate(point) {
    return point.y > plot.top + plot.height + 20 ? null : scales(plot, X, Y).at(point);
  }

  return { canvas: picture.canvas, draw, locate };
}

/** The surface in bands of colour, closer where it is low, as contour lines would be. */
function drawSurface(surface) {
  const { loss } = SURFACES[surface];
  const at = (i, [low, high]) => low + ((i + 0.5) / GRID) * (high - low);
  const values = Float64Array.from({ length: GRID * GRID }, (_, i) => loss(at(i % GRID, X), at(Math.floor(i / GRID), Y)));
  const [low, high] = extent(values);
  const banded = values.map((value) => Math.floor(BANDS * Math.sqrt((value - low) / (high - low))) / BANDS);
  return matrixImage({ values: banded, rows: GRID, columns: GRID }, { table: colourTable("viridis"), low: 0, high: 1.15 });
}

function drawCross(context, [x, y]) {
  for (const [colour, width] of [
    ["black", 5],
    ["white", 2],
  ])
    for (const side of [-1, 1])
      strokeLine(
        context,
        [
          [x - 6, y - 6 * side],
          [x + 6, y + 6 * side],
        ],
        { colour, width },
      );
}

function drawCurves(context, plot, { surface, paths, chosen, steps, theme }) {
  const losses = Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, path.map((place) => SURFACES[surface].loss(...place))]),
  );
  const first = losses[chosen][0];
  const floor = Math.min(...SURFACES[surface].minima.map((place) => SURFACES[surface].loss(...place)));
  const range = [floor, first + 0.1 * (first - floor) + 0.01];
  const { x, y } = drawAxes(context, plot, {
    x: [0, Math.max(1, steps)],
    y: range,
    xLabel: "Step",
    yLabel: "Loss",
    counts: true,
    theme,
  });
  within(context, plot, () => {
    Object.entries(losses).forEach(([name, curve], k) => {
      const points = curve.map((loss, step) => [x(step), y(Math.min(loss, 1e9))]);
      strokeLine(context, points, { colour: theme.series[k], width: name === chosen ? 3.5 : 1.5, dash: DASHES[name] });
    });
  });
}
