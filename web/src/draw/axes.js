// Axes with units. A plot is a rectangle {left, top, width, height} in CSS pixels.

import { formatNumber } from "../numbers.js";

const TICK = 4;

/** Round values between `min` and `max`, about `count` of them. */
export function ticks(min, max, count) {
  const rough = (max - min) / Math.max(1, count);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((size) => size >= rough * 0.999);
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Places in a plot of values within two ranges [low, high]: `x(value)`, `y(value)`, and `at({x, y})` the way back. */
export function scales(plot, [left, right], [bottom, top]) {
  return {
    x: (value) => plot.left + ((value - left) / (right - left)) * plot.width,
    y: (value) => plot.top + ((top - value) / (top - bottom)) * plot.height,
    at: ({ x, y }) => [
      left + ((x - plot.left) / plot.width) * (right - left),
      top - ((y - plot.top) / plot.height) * (top - bottom),
    ],
  };
}

/** Frame and both axes, each a range [low, high] with a label; `counts`: x is numbered whole. Returns the plot's scales. */
export function drawAxes(context, plot, { x, y, xLabel, yLabel, counts = false, theme }) {
  drawFrame(context, plot, theme);
  const share = ([low, high]) => (value) => (value - low) / (high - low);
  const across = ticks(...x, plot.width / 64).filter((value) => !counts || Number.isInteger(value));
  drawBottomAxis(context, plot, { values: across, position: share(x), theme, label: xLabel });
  drawLeftAxis(context, plot, { values: ticks(...y, plot.height / 40), position: share(y), theme, label: yLabel });
  return scales(plot, x, y);
}

export function drawTimeAxis(context, plot, { duration, theme, label = "Time (s)" }) {
  drawBottomAxis(context, plot, { values: ticks(0, duration, plot.width / 64), position: (time) => time / duration, theme, label });
}

/** Time axis of `count` frames that fill the plot: in seconds if it is known how long each lasts, else by their numbers. */
export function drawFrameAxis(context, plot, { count, frame_seconds, theme, label = frame_seconds ? "Time (s)" : "Frame" }) {
  const unit = frame_seconds ?? 1;
  const middle = frame_seconds ? 0 : 0.5; // a number stands at its frame's middle
  const position = (value) => (value / unit + middle) / count;
  const isShown = (value) => position(value) <= 1 && (frame_seconds || Number.isInteger(value));
  const values = ticks(0, count * unit, plot.width / 64).filter(isShown);
  drawBottomAxis(context, plot, { values, position, theme, label });
}

/** Axis below the plot; `position(value)` gives the distance from the plot's left edge as a share of its width. */
export function drawBottomAxis(context, plot, { values, position, theme, label }) {
  const bottom = plot.top + plot.height;
  prepare(context, theme);
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of values) {
    const x = plot.left + position(value) * plot.width;
    tick(context, x, bottom, x, bottom + TICK);
    context.fillText(formatNumber(value), x, bottom + TICK + 3);
  }
  context.fillText(label, plot.left + plot.width / 2, bottom + TICK + 19);
}

/** Axis on the left; `position(value)` gives the height above the plot's bottom as a share of it. */
export function drawLeftAxis(context, plot, { values, position, theme, label }) {
  prepare(context, theme);
  context.textAlign = "right";
  context.textBaseline = "middle";
  let free = Infinity; // the lowest y that the next label may reach down to
  for (const value of values) {
    const y = plot.top + plot.height * (1 - position(value));
    tick(context, plot.left - TICK, y, plot.left, y);
    if (y + 7 > free) continue;
    context.fillText(formatNumber(value), plot.left - TICK - 3, y);
    free = y - 7;
  }
  context.save();
  context.translate(plot.left - 46, plot.top + plot.height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(label, 0, 0);
  context.restore();
}

export function drawFrame(context, plot, theme) {
  context.strokeStyle = theme.line;
  context.lineWidth = 1;
  context.strokeRect(plot.left - 0.5, plot.top - 0.5, plot.width + 1, plot.height + 1);
}

/** Colour bar from `-top_db` to 0 dB in the rectangle `bar`. */
export function drawColourBar(context, bar, { table, top_db, theme }) {
  for (let y = 0; y < bar.height; y++) {
    const entry = 3 * Math.round(255 * (1 - y / (bar.height - 1)));
    context.fillStyle = `rgb(${table[entry]} ${table[entry + 1]} ${table[entry + 2]})`;
    context.fillRect(bar.left, bar.top + y, bar.width, 1.5);
  }
  drawFrame(context, bar, theme);
  prepare(context, theme);
  context.textAlign = "left";
  context.textBaseline = "middle";
  const right = bar.left + bar.width;
  for (const level of ticks(-top_db, 0, bar.height / 50)) {
    const y = bar.top - (level / top_db) * bar.height;
    tick(context, right, y, right + TICK, y);
    context.fillText(formatNumber(level), right + TICK + 3, y);
  }
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText("dB", right + TICK + 3, bar.top - 8);
}

function prepare(context, theme) {
  context.font = theme.font;
  context.fillStyle = theme.text;
  context.strokeStyle = theme.line;
  context.lineWidth = 1;
}

function tick(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
