// Waveform, spectrogram, mel spectrogram and MFCC of a sound on one time axis, with selection and cursor on a layer above.

import { h } from "../../controls.js";
import { colourTable, drawImageWithin, drawWaveform, fitCanvas, levelsImage, matrixImage, readTheme, strokeUpright, within } from "../../draw/index.js";
import { frequencyAxis } from "../../frequency-axis.js";
import { clamp } from "../../numbers.js";
import { cepstralLimit } from "./analysis.js";
import { CANVAS_HEIGHT, drawSurroundings, layout } from "./layout.js";

const KNOB = 7;

export function axesOf({ sample_rate }, { n_fft, n_mels, fmin, fmax }) {
  const shared = { sample_rate, n_fft, n_mels, fmin, fmax };
  return { linear: frequencyAxis({ scale: "linear", ...shared }), mel: frequencyAxis({ scale: "mel", ...shared }) };
}

export function createTracks() {
  const canvas = h("canvas", { className: "sbw-picture", role: "img" });
  const layer = h("canvas", { className: "sbw-layer", "aria-hidden": "true" });
  const surface = h("div", { className: "sbw-surface sbw-pickable" });
  const title = h("figcaption", { className: "sbw-track-title" });
  const element = h("figure", { className: "sbw-tracks" }, title, h("div", { className: "sbw-track-pictures" }, canvas, layer, surface));
  for (const each of [canvas, layer]) each.style.height = `${CANVAS_HEIGHT}px`;
  let plots = null;
  let shown = null;
  let images = {};

  /** Make room: sets the surface where the pictures are. */
  function prepare() {
    const fitted = fitCanvas(canvas);
    plots = layout(fitted.width);
    const { left, top, width, height } = plots.all;
    Object.assign(surface.style, { left: `${left}px`, top: `${top}px`, width: `${Math.max(0, width)}px`, height: `${height}px` });
    return fitted;
  }

  /** Draw `view`: {sound, settings, start, end, matrices}. */
  function draw(view) {
    shown = view;
    const { context, width } = prepare();
    if (width > 0) paint(context, plots, view, readTheme(canvas));
  }

  function paint(context, places, { sound, settings, start, end, matrices }, theme) {
    const table = colourTable(settings.color_map);
    const seconds = matrices.step * (settings.hop_length / sound.sample_rate); // from one column to the next
    const axes = axesOf(sound, settings);
    const mfccLimit = refreshImages(matrices, table, settings);
    const x = (time, plot) => plot.left + ((time - start) / (end - start)) * plot.width;
    const first = (matrices.first * settings.hop_length) / sound.sample_rate;
    const place = (plot, { low, high }) => ({
      left: x(first - seconds / 2, plot), // a frame is centred on its time
      width: (seconds * matrices.count * plot.width) / (end - start),
      top: plot.top + plot.height * (1 - high),
      height: plot.height * (high - low),
    });
    paintWave(context, places.wave, sound, { start, end, theme });
    const background = `rgb(${table.subarray(0, 3).join(" ")})`;
    for (const [name, axis] of [["spectrogram", axes.linear], ["mel", axes.mel], ["mfcc", { low: 0, high: 1 }]])
      drawImageWithin(context, places[name], images[name], { target: place(places[name], axis), background });
    const { bins } = matrices.mfcc;
    drawSurroundings(context, places, { limit: sound.limit, range: [start, end], timeLabel: "Time (s)", axes, mfccRows: bins, mfccLimit, table, settings, theme });
  }

  function refreshImages(matrices, table, { top_db, color_map }) {
    const mfccLimit = cepstralLimit(matrices.mfcc);
    if (images.source !== matrices || images.top_db !== top_db || images.color_map !== color_map) {
      const { data, frames, bins } = matrices.mfcc;
      images = {
        source: matrices,
        top_db,
        color_map,
        spectrogram: levelsImage(matrices.spectrogram, { table, max: 0, top_db }),
        mel: levelsImage(matrices.mel, { table, max: 0, top_db }),
        mfcc: matrixImage({ values: data, rows: bins, columns: frames, rowStep: 1, columnStep: bins }, { table, low: -mfccLimit, high: mfccLimit }),
      };
    }
    return mfccLimit;
  }

  /** Draw the playing `cursor` (s, or null) and the `selection` ({start, end} in s, or null; equal for a place). */
  function drawLayer({ cursor, selection }) {
    const { context } = fitCanvas(layer);
    if (!plots || !shown) return;
    const theme = readTheme(canvas);
    const { all } = plots;
    const x = (time) => all.left + ((time - shown.start) / (shown.end - shown.start)) * all.width;
    within(context, { ...all, left: all.left - KNOB, width: all.width + 2 * KNOB }, () => {
      if (selection) drawSelection(context, plots, [x(selection.start), x(selection.end)], theme);
      if (cursor === null) return;
      strokeUpright(context, all, x(cursor), { colour: "rgb(0 0 0 / 60%)", width: 4 });
      strokeUpright(context, all, x(cursor), { colour: theme.cursor });
    });
  }

  const timeAt = (x) => shown.start + clamp(x / plots.all.width, 0, 1) * (shown.end - shown.start);

  return { element, title, canvas, surface, prepare, draw, drawLayer, paint, timeAt, places: () => plots, view: () => shown };
}

function paintWave(context, plot, { samples, sample_rate, limit }, { start, end, theme }) {
  const last = Math.min(end, samples.length / sample_rate);
  if (last <= start) return;
  const part = samples.subarray(Math.floor(start * sample_rate), Math.ceil(last * sample_rate) + 1);
  const width = (plot.width * (last - start)) / (end - start);
  drawWaveform(context, { ...plot, width }, { samples: part, limit, theme });
}

/** What is not selected is veiled. */
function drawSelection(context, { wave, spectrogram, mel, mfcc, all }, [left, right], theme) {
  context.save();
  context.fillStyle = theme.surface;
  context.globalAlpha = 0.6;
  const plots = [wave, spectrogram, mel, mfcc];
  for (const { top, height } of left === right ? [] : plots) {
    context.fillRect(all.left, top, Math.max(0, left - all.left), height);
    context.fillRect(right, top, Math.max(0, all.left + all.width - right), height);
  }
  context.restore();
  for (const edge of left === right ? [left] : [left, right]) {
    for (const plot of plots) strokeUpright(context, plot, edge, { colour: "rgb(0 0 0 / 55%)", width: 4 });
    for (const plot of plots) strokeUpright(context, plot, edge, { colour: "white", width: 2 });
    context.fillStyle = theme.cursor;
    context.beginPath();
    context.arc(edge, all.top + wave.height, KNOB - 1, 0, 2 * Math.PI);
    context.fill();
  }
}
