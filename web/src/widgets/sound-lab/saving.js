// What can be taken away: the sound, the picture, the numbers, the program.

import { button, h } from "../../controls.js";
import { readTheme } from "../../draw/index.js";
import { powerToDb } from "../../dsp/index.js";
import { encodeWav } from "../../wav.js";
import { AMIN, cepstrum, energies } from "./analysis.js";
import { CANVAS_HEIGHT, layout } from "./layout.js";
import { fileName } from "./python.js";

export const MOST_CELLS = 2e6; // of a table; larger ones are too much for most programs that open CSV files
const PICTURE = { width: 1000, scale: 2, title: 30, margin: 16 };

export function wavFile(sound) {
  return { blob: new Blob([encodeWav(sound.samples, sound)], { type: "audio/wav" }), name: fileName(sound.label, "wav") };
}

/** Table of a sound's features, one row a frame: "spectrogram" and "mel" in dB, or "mfcc"; as librosa computes them. */
export function featureTable({ samples, sample_rate }, settings, kind) {
  const rows = 1 + Math.floor(samples.length / settings.hop_length);
  const columns = { spectrogram: settings.n_fft / 2 + 1, mel: settings.n_mels, mfcc: settings.n_mfcc }[kind];
  if (rows * columns > MOST_CELLS)
    throw new RangeError(
      `This table would have ${rows} rows and ${columns} columns; at most ${MOST_CELLS / 1e6} million cells are written. Select a shorter part, or take a longer hop.`,
    );
  const { power, mel } = energies(samples, { ...settings, sample_rate });
  const most = (data) => data.reduce((high, value) => Math.max(high, value), AMIN);
  const levels = (matrix) => powerToDb(matrix, { ref: most(matrix.data), amin: AMIN, top_db: settings.top_db });
  const compute = { spectrogram: () => levels(power), mel: () => levels(mel), mfcc: () => cepstrum(mel, settings.n_mfcc, most(mel.data)) };
  const { data, frames, bins } = compute[kind]();
  const lines = [["time_s", ...Array.from({ length: bins }, (_, k) => `${kind}_${k}`)].join(",")];
  for (let t = 0; t < frames; t++) {
    const time = Number(((t * settings.hop_length) / sample_rate).toFixed(6));
    lines.push([time, ...Array.from(data.subarray(t * bins, (t + 1) * bins), (value) => Number(value.toPrecision(7)))].join(","));
  }
  return `${lines.join("\n")}\n`;
}

export function tableFile(sound, settings, kind) {
  return { blob: new Blob([featureTable(sound, settings, kind)], { type: "text/csv" }), name: fileName(`${sound.label} ${kind}`, "csv") };
}

/** Picture of one or two tracks, side by side, in the colours of the page. */
export async function pictureFile(tracks, root) {
  const theme = readTheme(root);
  const { width, scale, title, margin } = PICTURE;
  const canvas = h("canvas", { width: scale * (width * tracks.length + margin), height: scale * (CANVAS_HEIGHT + title + margin) });
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.fillStyle = getComputedStyle(root).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  tracks.forEach((track, i) => {
    context.save();
    context.translate(i * width, 0);
    context.font = `600 15px ${theme.font.replace(/^\S+ /, "")}`;
    context.fillStyle = theme.strong;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(track.view().sound.label, margin, title / 2 + 4);
    context.translate(0, title);
    track.paint(context, layout(width), track.view(), theme);
    context.restore();
  });
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return { blob, name: fileName(tracks[0].view().sound.label, "png") };
}

/** Give the reader a file; nothing of it leaves the machine. */
export function saveFile({ blob, name }) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** Source code to read and to copy: {element, set(source)}. */
export function createSource({ onCopied }) {
  const code = h("code", {});
  const pre = h("pre", { tabIndex: 0, role: "region", "aria-label": "Python cell" }, code);
  const copy = button({
    label: "Copy",
    onClick: async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        onCopied("The Python cell is copied.");
      } catch {
        getSelection().selectAllChildren(code);
        onCopied("The browser does not let this page copy. The text is selected: press Ctrl+C, or ⌘C on a Mac.");
      }
    },
  });
  const element = h("details", { className: "sbw-source" }, h("summary", { textContent: "The same picture in Python" }), pre, copy.element);
  return { element, set: (source) => (code.textContent = source) };
}
