// The recording, a row a minute: how high the network's score rose, the threshold, the wake words and the alarms.

import { createPicture, drawDiamond, drawDot, strokeLine, strokeUpright } from "../../draw/index.js";
import { clamp } from "../../numbers.js";

const ROW_SECONDS = 60;
const ROW = 56; // CSS pixels
const GAP = 14; // above each row, for its marks
const LEFT = 40;
const RIGHT = 8;
const ROOMY = 400; // a row this wide has room for larger marks

export function createTrack({ seconds, first_second, step_seconds }) {
  const rows = Math.ceil(seconds / ROW_SECONDS);
  const { canvas, draw: paint } = createPicture("sbw-track sbw-pickable");
  canvas.style.height = `${rows * (ROW + GAP) + 30}px`;
  let width = 0;

  /** `mean`: the score as it is compared with the threshold; `outcome` of the detector; `place`: a moment to mark, or null. */
  function draw({ mean, threshold, outcome, place }, description) {
    paint(description, (context, size) => {
      const { theme } = size;
      width = size.width - LEFT - RIGHT;
      for (let row = 0; row < rows; row++) {
        const from = row * ROW_SECONDS;
        const plot = { left: LEFT, top: row * (ROW + GAP) + GAP, width, height: ROW, from, to: Math.min(seconds, from + ROW_SECONDS) };
        const picture = { context, theme, plot, x: (moment) => LEFT + ((moment - from) / ROW_SECONDS) * width };
        drawWords(picture, outcome.answers);
        drawScore(picture, mean, { first_second, step_seconds });
        drawThreshold(picture, threshold);
        drawMarks(picture, outcome);
        if (place !== null && isIn(plot, place)) strokeUpright(context, plot, picture.x(place), { colour: theme.strong, width: 2 });
      }
      drawSeconds(context, { theme, width, top: rows * (ROW + GAP) + 2 });
    });
  }

  /** Moment at a place in the picture. */
  function locate({ x, y }) {
    const row = clamp(Math.floor(y / (ROW + GAP)), 0, rows - 1);
    return clamp((row + clamp((x - LEFT) / width, 0, 1)) * ROW_SECONDS, 0, seconds);
  }

  return { canvas, draw, locate };
}

function isIn({ from, to }, moment) {
  return from <= moment && moment < to;
}

function drawWords({ context, theme, plot, x }, answers) {
  context.globalAlpha = 0.3;
  context.fillStyle = theme.series[2];
  for (const { word } of answers) {
    if (!isIn(plot, word.start)) continue;
    context.fillRect(x(word.start), plot.top, Math.max(3, x(word.end) - x(word.start)), plot.height);
  }
  context.globalAlpha = 1;
}

/** The highest score of every half pixel, from the row's bottom up. */
function drawScore({ context, theme, plot, x }, mean, { first_second, step_seconds }) {
  const bottom = plot.top + plot.height;
  const index = (moment) => Math.ceil((moment - first_second) / step_seconds - 1e-9);
  const columns = new Map();
  for (let n = Math.max(0, index(plot.from)); n < Math.min(mean.length, index(plot.to)); n++) {
    const column = Math.floor(2 * x(first_second + n * step_seconds));
    columns.set(column, Math.max(columns.get(column) ?? 0, mean[n]));
  }
  context.fillStyle = theme.wave;
  const breadth = Math.max(1, (step_seconds / (plot.to - plot.from)) * plot.width);
  for (const [column, score] of columns) context.fillRect(column / 2, bottom - score * plot.height, breadth, score * plot.height);
  strokeLine(context, [[plot.left, bottom], [x(plot.to), bottom]], { colour: theme.line, width: 1 });
  context.font = theme.font;
  context.fillStyle = theme.text;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(`${plot.from / ROW_SECONDS} min`, plot.left - 5, bottom);
}

function drawThreshold({ context, theme, plot, x }, threshold) {
  const y = plot.top + plot.height * (1 - threshold);
  strokeLine(context, [[plot.left, y], [x(plot.to), y]], { colour: theme.cursor, width: 1.5, dash: [5, 3] });
}

function drawMarks({ context, theme, plot, x }, outcome) {
  const y = plot.top - GAP / 2;
  const radius = plot.width < ROOMY ? 3.5 : 5;
  for (const { word, moment } of outcome.answers) {
    if (!isIn(plot, word.start)) continue;
    if (moment === null) drawDot(context, [x(word.start), y], { radius: radius - 1, fill: theme.surface, edge: theme.series[2] });
    else drawDot(context, [x(word.start), y], { radius, fill: theme.series[2] });
  }
  for (const moment of outcome.false) if (isIn(plot, moment)) drawDiamond(context, [x(moment), y], { radius, fill: theme.series[1] });
}

function drawSeconds(context, { theme, width, top }) {
  context.font = theme.font;
  context.fillStyle = theme.text;
  context.textBaseline = "top";
  for (const second of [0, 15, 30, 45, 60]) {
    context.textAlign = second === ROW_SECONDS ? "right" : "center";
    const unit = second === ROW_SECONDS ? " s" : "";
    context.fillText(`${second}${unit}`, LEFT + (second / ROW_SECONDS) * width + (unit ? RIGHT : 0), top);
  }
}
