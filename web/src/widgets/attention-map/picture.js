// The query's weights as a curve, the spectrogram below it, and the whole map below both, on one axis of frames.

import { extent } from "../../arrays.js";
import {
  colourTable,
  createPicture,
  drawFrame,
  drawFrameAxis,
  drawImageWithin,
  drawLeftAxis,
  matrixImage,
  scales,
  strokeLine,
  strokeUpright,
  ticks,
} from "../../draw/index.js";
import { clamp, formatNumber, roundUp } from "../../numbers.js";

const GAP = 14;
const LEFT = 60;
const PARTS = { curve: 90, image: 110, map: 260 }; // CSS pixels of height

export function createMap({ image, count, frame_seconds }) {
  const picture = createPicture("sbw-attentionmap sbw-pickable");
  const photograph = image && imageOf({ values: image.values, rows: image.shape[0], columns: count });
  const names = photograph ? ["curve", "image", "map"] : ["curve", "map"];
  picture.canvas.style.height = `${8 + names.reduce((sum, name) => sum + PARTS[name] + GAP, 0) + 30}px`;
  let plots = {};
  let drawn = { head: -1 };

  /** `matrix`: weights of the head, frames × frames; `row`: those of the query `frame`. */
  function draw({ head, frame, matrix, row }, description) {
    if (drawn.head !== head) drawn = { head, pixels: imageOf({ values: matrix.map(Math.sqrt), rows: count, columns: count }) };
    picture.draw(description, (context, { width, theme }) => {
      plots = layout(names, width);
      const middle = (t) => LEFT + ((t + 0.5) / count) * plots.map.width;
      if (photograph) drawSpectrogram(context, plots.image, photograph, { bands: image.shape[0], theme });
      drawWeights(context, plots.curve, row, { middle, theme });
      drawMatrix(context, plots.map, drawn.pixels, { frame, count, frame_seconds, theme });
      for (const name of names.slice(0, -1)) {
        strokeUpright(context, plots[name], middle(frame), { colour: "rgb(0 0 0 / 60%)", width: 4 });
        strokeUpright(context, plots[name], middle(frame), { colour: theme.cursor });
      }
      drawFrameAxis(context, plots.map, {
        count,
        frame_seconds,
        theme,
        label: frame_seconds ? "Attended time (s)" : "Attended frame",
      });
    });
  }

  /** Query frame at a place: by height in the map, by time above it. */
  function frameAt({ x, y }) {
    const { left, top, width, height } = plots.map;
    const share = y >= top ? (y - top) / height : (x - left) / width;
    return clamp(Math.floor(share * count), 0, count - 1);
  }

  return { canvas: picture.canvas, draw, frameAt };
}

function imageOf(matrix) {
  const [low, high] = extent(matrix.values);
  return matrixImage(matrix, { table: colourTable("viridis"), low, high: high > low ? high : low + 1 });
}

function layout(names, width) {
  let top = 8;
  return Object.fromEntries(
    names.map((name) => {
      const plot = { left: LEFT, top, width: width - LEFT - 12, height: PARTS[name] };
      top += PARTS[name] + GAP;
      return [name, plot];
    }),
  );
}

function drawWeights(context, plot, row, { middle, theme }) {
  const high = roundUp(Math.max(...row)) || 1;
  const { y } = scales(plot, [0, 1], [0, high]);
  drawFrame(context, plot, theme);
  drawLeftAxis(context, plot, { values: ticks(0, high, 2), position: (value) => value / high, theme, label: "Weight" });
  strokeLine(
    context,
    Array.from(row, (weight, t) => [middle(t), y(weight)]),
    { colour: theme.series[0], width: 2.5 },
  );
}

function drawSpectrogram(context, plot, pixels, { bands, theme }) {
  drawImageWithin(context, plot, pixels, { target: plot, background: theme.line });
  drawFrame(context, plot, theme);
  const values = ticks(0, bands, 3).filter((band) => Number.isInteger(band) && band < bands);
  drawLeftAxis(context, plot, { values, position: (band) => (band + 0.5) / bands, theme, label: "Band" });
}

/** The map with query frame 0 at the top, as papers draw it, and the query's row framed. */
function drawMatrix(context, plot, pixels, { frame, count, frame_seconds, theme }) {
  context.save();
  context.translate(0, 2 * plot.top + plot.height);
  context.scale(1, -1);
  drawImageWithin(context, plot, pixels, { target: plot, background: theme.line });
  context.restore();
  drawFrame(context, plot, theme);
  const unit = frame_seconds ?? 1;
  const values = ticks(0, count * unit, 5).filter((value) => value < count * unit && (frame_seconds || Number.isInteger(value)));
  const position = (value) => 1 - (value / unit + (frame_seconds ? 0 : 0.5)) / count;
  drawLeftAxis(context, plot, {
    values: values.reverse(),
    position,
    theme,
    label: frame_seconds ? "Query time (s)" : "Query frame",
  });
  const high = Math.max(3, plot.height / count);
  const top = plot.top + ((frame + 0.5) / count) * plot.height - high / 2;
  const [left, right] = [plot.left - 2, plot.left + plot.width + 2];
  const corners = [
    [left, top],
    [right, top],
    [right, top + high],
    [left, top + high],
    [left, top],
  ];
  strokeLine(context, corners, { colour: "black", width: 4 });
  strokeLine(context, corners, { colour: theme.cursor, width: 2 });
}

/** "frame 22 (0.22 s)" */
export function tellFrame(frame, frame_seconds) {
  return frame_seconds ? `frame ${frame} (${formatNumber(Number((frame * frame_seconds).toFixed(3)))} s)` : `frame ${frame}`;
}
