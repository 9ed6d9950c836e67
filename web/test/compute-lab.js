// Runs what the sound lab does to sounds, for the comparison with Python in tests/test_sound_lab.py.
// Input: {y: [...], orders: [[name, options], ...]}. Output: the results, arrays or texts, in the same order.

import { readFileSync } from "node:fs";
import * as dsp from "../src/dsp/index.js";
import { encodeWav } from "../src/wav.js";
import { applyEffect } from "../src/widgets/sound-lab/effects.js";
import { pythonCell } from "../src/widgets/sound-lab/python.js";
import { featureTable } from "../src/widgets/sound-lab/saving.js";

const { y, orders } = JSON.parse(readFileSync(0, "utf8"));
const samples = Float64Array.from(y);
const functions = {
  timeStretch: (options) => dsp.timeStretch(samples, options),
  pitchShift: (options) => dsp.pitchShift(samples, options),
  resample: (options) => dsp.resample(samples, options),
  decimate: ({ factor }) => dsp.decimate(samples, factor),
  telephone: (options) => dsp.telephone(samples, options),
  butterworth: (options) => dsp.filterSections(samples, dsp.butterworth(options)),
  noise: ({ length, ...options }) => dsp.colouredNoise(length, options),
  mix: ({ noise, snr_db }) => dsp.mixAtSnr(samples, noise, { snr_db }),
  room: (options) => dsp.roomImpulseResponse(options),
  convolve: ({ response }) => dsp.convolve(samples, response),
  table: ({ kind, sample_rate, ...settings }) => featureTable({ samples, sample_rate }, settings, kind),
  cell: ({ sound, settings, part, changed }) => pythonCell(sound, settings, part, { changed }),
  effect: ({ sample_rate, ...settings }) => applyEffect(samples, settings, sample_rate),
  wav: (options) => new Uint8Array(encodeWav(samples, options)),
};

const results = orders.map(([name, options]) => functions[name](options));
process.stdout.write(JSON.stringify(results.map((result) => (typeof result === "string" ? result : [...result]))));
