// The picture: waveform above spectrogram on one time axis, with a cursor and a picked point on a layer of its own.

import { colourTable, drawColourBar, drawFrame, drawImageWithin, drawLeftAxis, drawTimeAxis, drawWaveform, fitCanvas, levelsImage, readTheme, strokeLine, strokeUpright, ticks } from "../../draw/index.js";
import { h } from "../../controls.js";

const WAVE_HEIGHT = 72;
const GAP = 26;
const AXIS_HEIGHT = 40;
const TOP = 8;

export function createPicture(root) {
  const canvas = h("canvas", { className: "sbw-picture", role: "img" });
  const layer = h("canvas", { className: "sbw-layer", "aria-hidden": "true" });
  const surface = h("div", { className: "sbw-surface sbw-pickable" });
  const element = h("div", { className: "sbw-pictures" }, canvas, layer, surface);
  let image = null;
  let imageKey = "";
  let view = null;
  let plots = null;

  function layout(width, height) {
    const narrow = width < 480;
    const left = 60;
    const right = narrow ? 54 : 62;
    const inner = width - left - right;
    const top = TOP + WAVE_HEIGHT + GAP;
    const spectrogram = { left, top, width: inner, height: height - top - AXIS_HEIGHT };
    return {
      wave: { left, top: TOP, width: inner, height: WAVE_HEIGHT },
      spectrogram,
      bar: { left: left + inner + 10, top, width: narrow ? 8 : 12, height: spectrogram.height },
    };
  }

  /** Draw all; `shown` is what the analyser gives, with `samples`, `limit`, `top_db`, `color_map` and a `key` for its matrix. */
  function draw(shown) {
    view = shown;
    const theme = readTheme(root);
    const { context, width, height } = fitCanvas(canvas);
    if (width === 0) return;
    plots = layout(width, height);
    const { wave, spectrogram, bar } = plots;
    Object.assign(surface.style, {
      left: `${spectrogram.left}px`,
      top: `${spectrogram.top}px`,
      width: `${spectrogram.width}px`,
      height: `${spectrogram.height}px`,
    });
    const table = colourTable(shown.color_map);
    refreshImage(shown, table);
    drawWaveform(context, wave, { samples: shown.samples, limit: shown.limit, theme });
    drawFrame(context, wave, theme);
    drawLeftAxis(context, wave, {
      values: [-shown.limit, 0, shown.limit],
      position: (value) => 0.5 + value / (2 * shown.limit),
      theme,
      label: "Amplitude",
    });
    drawSpectrogram(context, spectrogram, shown, { theme, table });
    drawTimeAxis(context, spectrogram, { duration: shown.duration, theme });
    drawColourBar(context, bar, { table, top_db: shown.top_db, theme });
  }

  function refreshImage(shown, table) {
    const key = `${shown.top_db} ${shown.color_map}`;
    if (image?.source === shown.data && imageKey === key) return;
    image = { source: shown.data, pixels: levelsImage(shown, { table, max: 0, top_db: shown.top_db }) };
    imageKey = key;
  }

  function drawSpectrogram(context, plot, shown, { theme, table }) {
    const frameWidth = (plot.width * shown.hop_length) / shown.sample_rate / shown.duration;
    const target = {
      left: plot.left - frameWidth / 2, // a frame is centred on its time
      width: frameWidth * shown.frames,
      top: plot.top + plot.height * (1 - shown.axis.high),
      height: plot.height * (shown.axis.high - shown.axis.low),
    };
    drawImageWithin(context, plot, image.pixels, { target, background: `rgb(${table.subarray(0, 3).join(" ")})` });
    drawFrame(context, plot, theme);
    const values = shown.axis.ticks ?? ticks(0, shown.sample_rate / 2, plot.height / 50);
    drawLeftAxis(context, plot, { values, position: shown.axis.share, theme, label: "Frequency (Hz)" });
  }

  /** Draw the playing `cursor` (s, or null) and the `pick` ({time, frequency, low, high} or null). */
  function drawLayer({ cursor, pick }) {
    const { context } = fitCanvas(layer);
    if (!plots || !view) return;
    const { wave, spectrogram } = plots;
    const theme = readTheme(root);
    const x = (time) => spectrogram.left + (time / view.duration) * spectrogram.width;
    const y = (hz) => spectrogram.top + spectrogram.height * (1 - Math.min(1, Math.max(0, view.axis.share(hz))));
    if (pick) drawPick(context, { pick, wave, spectrogram, x, y });
    if (cursor !== null) {
      const both = { top: wave.top, height: spectrogram.top + spectrogram.height - wave.top };
      strokeUpright(context, both, x(cursor), { colour: "rgb(0 0 0 / 60%)", width: 4 });
      strokeUpright(context, both, x(cursor), { colour: theme.cursor });
    }
  }

  const position = (point) => {
    const { width, height } = plots.spectrogram;
    const share = (value) => Math.min(1, Math.max(0, value));
    return { time: share(point.x / width) * view.duration, frequency: view.axis.hz(share(1 - point.y / height)) };
  };

  return { element, canvas, surface, draw, drawLayer, position };
}

function drawPick(context, { pick, wave, spectrogram, x, y }) {
  const { left, width } = spectrogram;
  const [top, bottom, middle] = [y(pick.high), y(pick.low), y(pick.frequency)];
  context.fillStyle = "rgb(255 255 255 / 18%)";
  context.fillRect(left, top, width, bottom - top);
  const dashed = { colour: "rgb(255 255 255 / 75%)", width: 1, dash: [4, 3] };
  for (const edge of [top, bottom]) strokeLine(context, [[left, edge], [left + width, edge]], dashed);
  const time = x(pick.time);
  strokeUpright(context, wave, time, { ...dashed, colour: "rgb(128 128 128)" });
  strokeUpright(context, spectrogram, time, dashed);
  for (const [colour, thickness] of [["black", 5], ["white", 2]]) {
    context.strokeStyle = colour;
    context.lineWidth = thickness;
    context.beginPath();
    context.arc(time, middle, 6, 0, 2 * Math.PI);
    context.stroke();
  }
}
