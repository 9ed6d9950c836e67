// Runs the DSP on signals from standard input, for the comparison with librosa in tests/test_web.py.
// Input: {y: [...], orders: [{name, ...options}]}. Output: the results' numbers, in the same order.

import { readFileSync } from "node:fs";
import { melFilterbank, melSpectrogram, mfcc, powerSpectrogram, powerToDb } from "../src/dsp/index.js";
import { colourTable } from "../src/draw/index.js";

const { y, orders } = JSON.parse(readFileSync(0, "utf8"));
const samples = Float64Array.from(y);
const functions = {
  power: (options) => powerSpectrogram(samples, options),
  mel: (options) => melSpectrogram(powerSpectrogram(samples, options), melFilterbank(options)),
  decibels: ({ ref, amin, top_db, ...options }) => powerToDb(functions.mel(options), { ref, amin, top_db }),
  mfcc: (options) => mfcc(samples, options),
  colours: ({ map }) => ({ data: colourTable(map), frames: 256, bins: 3 }),
};

const results = orders.map(({ name, ...options }) => functions[name](options));
process.stdout.write(JSON.stringify(results.map(({ data, frames, bins }) => ({ data: [...data], frames, bins }))));
