// The four pictures while recording: they scroll, and every frame of sound is computed and coloured once.

import { colourTable, drawWaveform, fitCanvas, readTheme } from "../../draw/index.js";
import { maximum, peak, powerToDb } from "../../dsp/index.js";
import { AMIN, cepstralLimit, cepstrum, energies } from "./analysis.js";
import { drawSurroundings, layout } from "./layout.js";
import { axesOf } from "./tracks.js";

export const SHOWN_SECONDS = 4;
const MOST_COLUMNS = 1000;
const LAG = 0.05; // seconds behind the newest sound, so that it scrolls evenly although sound comes in pieces
const QUIETEST = 1e-5; // of a full-scale tone's power: the brightest colour is never fainter
const [LEAST_LIVELY, MOST_LIVELY] = [30, 80]; // range of the MFCC's colours

/** Scrolling pictures of what `ring` receives: {draw(), stop()}; `draw` is to be called once a frame. */
export function createLive(canvas, { ring, sample_rate, settings }) {
  const { n_fft, hop_length, win_length, n_mfcc, n_mels, color_map, top_db } = settings;
  const table = colourTable(color_map);
  const axes = axesOf({ sample_rate }, settings);
  const hop = hop_length * Math.max(1, Math.ceil((SHOWN_SECONDS * sample_rate) / hop_length / MOST_COLUMNS));
  const columns = Math.ceil((SHOWN_SECONDS * sample_rate) / hop) + 2;
  const strips = {
    spectrogram: createStrip(columns, n_fft / 2 + 1),
    mel: createStrip(columns, n_mels),
    mfcc: createStrip(columns, n_mfcc),
  };
  let made = 0; // frames computed so far
  let loudest = { power: QUIETEST * (win_length / 4) ** 2, mel: 0, mfcc: LEAST_LIVELY };
  let limit = 0.05;
  let clock = null; // performance.now() at second 0

  function draw() {
    advance();
    const newest = ring.total / sample_rate;
    clock ??= performance.now() - 1000 * newest;
    const elapsed = (performance.now() - clock) / 1000;
    if (Math.abs(elapsed - newest) > 0.3) clock = performance.now() - 1000 * newest; // the page was asleep
    paint(Math.max(0, Math.min(newest, elapsed - LAG)));
  }

  /** Compute the frames whose sound is complete by now. */
  function advance() {
    const ready = Math.floor((ring.total - n_fft / 2) / hop);
    const count = Math.min(ready - made, columns);
    if (count <= 0) return;
    const first = ready - count; // older ones would have scrolled away
    const start = first * hop - n_fft / 2;
    const samples = ring.slice(Math.max(0, start), (ready - 1) * hop + n_fft / 2);
    const padded = start < 0 ? pad(samples, -start) : samples;
    // the piece starts half a window before its first frame: that frame is number n_fft / 2 / hop of a hop-grid of its own
    const piece = { ...settings, sample_rate, hop_length: 1, first: n_fft / 2, step: hop, count };
    const { power, mel } = energies(padded, piece);
    made = ready;
    const mfcc = brighten(power, mel);
    const levels = (matrix, ref) => powerToDb(matrix, { ref, amin: AMIN, top_db: null }).data;
    strips.spectrogram.add(first, count, levels(power, loudest.power), { table, low: -top_db, high: 0 });
    strips.mel.add(first, count, levels(mel, loudest.mel), { table, low: -top_db, high: 0 });
    strips.mfcc.add(first, count, mfcc.data, { table, low: -loudest.mfcc, high: loudest.mfcc });
  }

  /** Let the colours follow the loudest sound so far; returns the MFCC. */
  function brighten(power, mel) {
    const loudestMel = Math.max(maximum(mel.data), loudest.mel || loudest.power / 100);
    const mfcc = cepstrum(mel, n_mfcc, loudestMel);
    loudest = {
      power: Math.max(maximum(power.data), loudest.power),
      mel: loudestMel,
      mfcc: Math.max(loudest.mfcc, Math.min(cepstralLimit(mfcc), MOST_LIVELY)),
    };
    return mfcc;
  }

  function paint(now) {
    const { context, width } = fitCanvas(canvas);
    if (width === 0) return;
    const theme = readTheme(canvas);
    const plots = layout(width);
    const range = [now - SHOWN_SECONDS, now];
    const end = Math.round(now * sample_rate);
    const samples = ring.slice(Math.max(0, end - SHOWN_SECONDS * sample_rate), end);
    limit = Math.max(limit, peak(samples));
    const share = samples.length / (SHOWN_SECONDS * sample_rate);
    const wave = { ...plots.wave, left: plots.wave.left + (1 - share) * plots.wave.width, width: share * plots.wave.width };
    if (samples.length) drawWaveform(context, wave, { samples, limit, theme });
    const position = (now * sample_rate) / hop; // in columns
    for (const [name, axis] of [["spectrogram", axes.linear], ["mel", axes.mel], ["mfcc", { low: 0, high: 1 }]])
      strips[name].draw(context, plots[name], { axis, position, shown: (SHOWN_SECONDS * sample_rate) / hop, made, table });
    const marks = { limit: Number(limit.toPrecision(1)), range: [range[0] - now, 0], timeLabel: "Seconds before now" };
    drawSurroundings(context, plots, { ...marks, axes, mfccRows: n_mfcc, mfccLimit: loudest.mfcc, table, settings, theme });
  }

  return { draw };
}

function pad(samples, count) {
  const padded = new Float32Array(count + samples.length);
  padded.set(samples, count);
  return padded;
}

/** Image of the last `columns` columns, written round and round. */
function createStrip(columns, rows) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d");
  const column = context.createImageData(1, rows);

  /** Colour `count` columns from the one numbered `first` on. */
  function add(first, count, values, { table, low, high }) {
    for (let i = 0; i < count; i++) {
      for (let row = 0; row < rows; row++) {
        const share = (values[i * rows + row] - low) / (high - low);
        const entry = 3 * Math.round(255 * Math.min(1, Math.max(0, share)));
        const pixel = 4 * (rows - 1 - row);
        column.data[pixel] = table[entry];
        column.data[pixel + 1] = table[entry + 1];
        column.data[pixel + 2] = table[entry + 2];
        column.data[pixel + 3] = 255;
      }
      context.putImageData(column, (first + i) % columns, 0);
    }
  }

  /** Draw `shown` columns that end at `position`, which need not be whole. */
  function draw(target, plot, { axis, position, shown, made, table }) {
    target.save();
    target.beginPath();
    target.rect(plot.left, plot.top, plot.width, plot.height);
    target.clip();
    target.fillStyle = `rgb(${table.subarray(0, 3).join(" ")})`;
    target.fillRect(plot.left, plot.top, plot.width, plot.height);
    const scale = plot.width / shown;
    const [top, height] = [plot.top + plot.height * (1 - axis.high), plot.height * (axis.high - axis.low)];
    const from = Math.max(0, made - columns + 1, Math.floor(position - shown));
    for (let start = from; start < made; ) {
      const inside = start % columns;
      const count = Math.min(columns - inside, made - start);
      target.drawImage(canvas, inside, 0, count, rows, plot.left + (start - 0.5 - position + shown) * scale, top, count * scale, height);
      start += count;
    }
    target.restore();
  }

  return { add, draw };
}
