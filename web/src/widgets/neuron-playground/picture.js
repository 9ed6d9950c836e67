// The plane of the two features: the unit's output as colour, its line, and the points.

import {
  createPicture,
  drawAxes,
  drawDiamond,
  drawDot,
  drawImageWithin,
  matrixImage,
  mixTable,
  scales,
  strokeLine,
} from "../../draw/index.js";
import { ACTIVATIONS, boundary, judge, weigh } from "./unit.js";

const GRID = 64;

/** Picture of the points; `ranges` are those of the two features. */
export function createPlane({ points, labels, names, ranges }) {
  const picture = createPicture("sbw-plane sbw-pickable");
  let places = [];

  function draw(unit, description) {
    picture.draw(description, (context, { width, height, theme }) => {
      const plot = { left: 56, top: 8, width: width - 68, height: height - 52 };
      const { x, y } = scales(plot, ...ranges);
      places = points.map(([x1, x2]) => [x(x1), y(x2)]);
      context.globalAlpha = 0.4;
      drawImageWithin(context, plot, outputImage(unit, ranges, theme), { target: plot, background: theme.surface });
      context.globalAlpha = 1;
      drawAxes(context, plot, { x: ranges[0], y: ranges[1], xLabel: names[0], yLabel: names[1], theme });
      strokeLine(
        context,
        boundary(unit, ...ranges).map(([x1, x2]) => [x(x1), y(x2)]),
        { colour: theme.strong, width: 2.5 },
      );
      drawPoints(context, places, labels, { right: judge(points, labels, unit), picked: unit.point, theme });
    });
  }

  /** Index of the point nearest to a place in the picture. */
  function nearest({ x, y }) {
    const distances = places.map(([px, py]) => Math.hypot(px - x, py - y));
    return distances.indexOf(Math.min(...distances));
  }

  return { canvas: picture.canvas, draw, nearest };
}

function outputImage(unit, [[left, right], [low, high]], theme) {
  const activate = ACTIVATIONS[unit.activation];
  const values = Float32Array.from({ length: GRID * GRID }, (_, i) => {
    const across = ((i % GRID) + 0.5) / GRID;
    const up = (Math.floor(i / GRID) + 0.5) / GRID;
    return activate(weigh([left + across * (right - left), low + up * (high - low)], unit));
  });
  const levels = { sigmoid: [0, 1], step: [0, 1], tanh: [-1, 1], relu: [0, Math.max(1e-9, ...values)] }[unit.activation];
  const table = mixTable([theme.series[1], theme.surface, theme.series[0]]);
  return matrixImage({ values, rows: GRID, columns: GRID }, { table, low: levels[0], high: levels[1] });
}

function drawPoints(context, places, labels, { right, picked, theme }) {
  places.forEach((place, i) => {
    const [mark, fill] = labels[i] ? [drawDiamond, theme.series[0]] : [drawDot, theme.series[1]];
    if (!right[i]) drawDot(context, place, { radius: 9, edge: theme.strong, edgeWidth: 1.5 });
    mark(context, place, { radius: 5, fill, edge: theme.surface, edgeWidth: 1.5 });
  });
  drawDot(context, places[picked], { radius: 13, edge: theme.surface, edgeWidth: 5 });
  drawDot(context, places[picked], { radius: 13, edge: theme.strong, edgeWidth: 2.5 });
}
