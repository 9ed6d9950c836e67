// From samples to the network's picture, step by step as speechbook/frontend.py does it.

import { hann, melFilterbank, peak, realForward, realWork } from "../dsp/index.js";

export const BLANK = -1; // value of whatever lies below the range, and of the frames after a clip's end
const SILENCE = 1e-12;
const TRIM_WINDOW = 0.025;
const TRIM_HOP = 0.01;

/** Part of `y` from its first to its last frame that is not far below the loudest one. */
export function trim(y, { sample_rate, top_db, margin }) {
  const length = Math.round(TRIM_WINDOW * sample_rate);
  const hop = Math.round(TRIM_HOP * sample_rate);
  const before = Math.floor(length / 2);
  const count = 1 + Math.floor(y.length / hop);
  const sums = new Float64Array(y.length + 1); // of squares, up to each sample
  for (let i = 0; i < y.length; i++) sums[i + 1] = sums[i] + y[i] * y[i];
  const within = (place) => Math.min(y.length, Math.max(0, place));
  const power = Float64Array.from({ length: count }, (_, t) => sums[within(t * hop - before + length)] - sums[within(t * hop - before)]);
  const limit = power.reduce((a, b) => Math.max(a, b)) * 10 ** (-top_db / 10);
  const first = power.findIndex((value) => value > limit);
  if (first < 0) return y;
  const last = power.findLastIndex((value) => value > limit);
  const extra = Math.round(margin * sample_rate);
  return y.subarray(Math.max(0, first * hop - extra), (last + 1) * hop + extra);
}

/** Trimmed and scaled to the settings' peak. */
export function prepare(y, settings) {
  const kept = trim(y, settings);
  const loudest = peak(kept);
  return loudest > 0 ? Float32Array.from(kept, (sample) => (sample * settings.peak) / loudest) : Float32Array.from(kept);
}

/** Front end with the settings of a network's file; what does not depend on the clip is computed once. */
export class FrontEnd {
  constructor(settings) {
    this.settings = settings;
    this.window = Float32Array.from(hann(settings.win_length));
    this.filters = melFilterbank(settings);
    this.work = realWork(settings.n_fft);
  }

  /** Picture of a clip at the settings' sample rate: {data, frames}, frame by frame, `frames` of them (cut or filled up). */
  picture(y, frames) {
    const { n_mels, range_db } = this.settings;
    const power = this.bandPowers(prepare(y, this.settings));
    const data = new Float32Array(frames * n_mels).fill(BLANK);
    const loudest = power.reduce((a, b) => Math.max(a, b), 0);
    if (loudest <= SILENCE) return { data, frames };
    const lowest = 10 ** (-range_db / 10);
    for (let i = 0; i < Math.min(data.length, power.length); i++)
      data[i] = 1 + (20 * Math.log10(Math.max(power[i] / loudest, lowest))) / range_db;
    return { data, frames };
  }

  /** Power in each mel band of each frame that fits into the clip whole. */
  bandPowers(y) {
    const { win_length, hop_length, n_fft, n_mels } = this.settings;
    const count = 1 + Math.floor(Math.max(0, y.length - win_length) / hop_length);
    const powers = new Float64Array(count * n_mels);
    const frame = new Float64Array(n_fft);
    const [re, im] = [new Float64Array(n_fft / 2 + 1), new Float64Array(n_fft / 2 + 1)];
    for (let t = 0; t < count; t++) {
      let mean = 0;
      for (let i = 0; i < win_length; i++) mean += (y[t * hop_length + i] ?? 0) / win_length;
      for (let i = 0; i < win_length; i++) frame[i] = ((y[t * hop_length + i] ?? 0) - mean) * this.window[i];
      realForward(frame, re, im, this.work);
      this.filters.forEach(({ start, weights }, band) => {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += weights[i] * (re[start + i] ** 2 + im[start + i] ** 2);
        powers[t * n_mels + band] = sum;
      });
    }
    return powers;
  }
}
