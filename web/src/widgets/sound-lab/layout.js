// Where the four pictures lie, and the axes around them; the same for a finished sound and for a running recording.

import { drawBottomAxis, drawColourBar, drawFrame, drawLeftAxis, ticks } from "../../draw/index.js";

const TOP = 22;
const GAP = 30;
const AXIS_HEIGHT = 40;
const LEFT = 60;
const BAR = 12;
const HEIGHTS = { wave: 64, spectrogram: 150, mel: 112, mfcc: 96 };

export const CANVAS_HEIGHT = TOP + Object.values(HEIGHTS).reduce((sum, height) => sum + height) + 3 * GAP + AXIS_HEIGHT;

/** Rectangles of the pictures, and of the colour bar where there is room for one. */
export function layout(width) {
  const withBar = width >= 640;
  const inner = width - LEFT - (withBar ? 62 : 10);
  const plots = {};
  let top = TOP;
  for (const [name, height] of Object.entries(HEIGHTS)) {
    plots[name] = { left: LEFT, top, width: inner, height };
    top += height + GAP;
  }
  const bar = withBar ? { left: LEFT + inner + 10, top: plots.spectrogram.top, width: BAR, height: plots.spectrogram.height } : null;
  const all = { left: LEFT, width: inner, top: plots.wave.top, height: plots.mfcc.top + plots.mfcc.height - plots.wave.top };
  return { ...plots, bar, all };
}

/** Frames, axes and headings; `limit` is the waveform's, `range` what the time axis shows, `timeLabel` its name. */
export function drawSurroundings(context, plots, { limit, range, timeLabel, axes, mfccRows, mfccLimit, table, settings, theme }) {
  const { wave, spectrogram, mel, mfcc, bar } = plots;
  for (const plot of [wave, spectrogram, mel, mfcc]) drawFrame(context, plot, theme);
  const symmetric = (value) => 0.5 + value / (2 * limit);
  drawLeftAxis(context, wave, { values: [-limit, 0, limit], position: symmetric, theme, label: "Amplitude" });
  const frequencies = ticks(0, axes.linear.hz(1), spectrogram.height / 32);
  drawLeftAxis(context, spectrogram, { values: frequencies, position: axes.linear.share, theme, label: "Hz" });
  drawLeftAxis(context, mel, { values: axes.mel.ticks, position: axes.mel.share, theme, label: "Hz (mel scale)" });
  const coefficients = ticks(0, mfccRows - 1, 3).filter(Number.isInteger);
  drawLeftAxis(context, mfcc, { values: coefficients, position: (k) => (k + 0.5) / mfccRows, theme, label: "Coefficient" });
  const [start, end] = range;
  drawBottomAxis(context, mfcc, { values: ticks(start, end, mfcc.width / 64), position: (time) => (time - start) / (end - start), theme, label: timeLabel });
  if (bar) drawColourBar(context, bar, { table, top_db: settings.top_db, theme });
  const levels = bar ? "" : `, −${settings.top_db} to 0 dB`;
  heading(context, wave, "Waveform", theme);
  heading(context, spectrogram, `Spectrogram${levels}`, theme);
  heading(context, mel, `Mel spectrogram, ${settings.n_mels} bands`, theme);
  heading(context, mfcc, `MFCC, colours from −${Math.round(mfccLimit)} to ${Math.round(mfccLimit)}`, theme);
}

function heading(context, plot, text, theme) {
  context.font = `600 ${theme.font}`;
  context.fillStyle = theme.strong;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillText(text, plot.left, plot.top - 5);
}
