// Short-time Fourier transform and decibels; names, padding and scaling are librosa's.
// A matrix is {data, frames, bins} with data[frame * bins + bin].

import { realForward, realWork } from "./fft.js";

/** Periodic Hann window. */
export function hann(length) {
  return Float64Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length));
}

/** Number of frames that `center=True` gives. */
export function frameCount(nSamples, hop_length) {
  return 1 + Math.floor(nSamples / hop_length);
}

/**
 * |STFT|² with zeros around the signal and each frame centred on its time, as librosa.stft(center=True). Of all frames
 * only `count` from the one numbered `first` on, every `step`-th, if so asked.
 */
export function powerSpectrogram(y, { n_fft, hop_length, win_length = n_fft, first = 0, step = 1, count }) {
  checkSizes(n_fft, hop_length, win_length);
  const frames = count ?? Math.ceil((frameCount(y.length, hop_length) - first) / step);
  const bins = n_fft / 2 + 1;
  const data = new Float32Array(frames * bins);
  const window = hann(win_length);
  const offset = Math.floor((n_fft - win_length) / 2);
  const frame = new Float64Array(n_fft);
  const re = new Float64Array(bins);
  const im = new Float64Array(bins);
  const work = realWork(n_fft);
  for (let t = 0; t < frames; t++) {
    const start = (first + t * step) * hop_length - n_fft / 2 + offset;
    for (let i = 0; i < win_length; i++) {
      const sample = start + i;
      frame[offset + i] = sample >= 0 && sample < y.length ? y[sample] * window[i] : 0;
    }
    realForward(frame, re, im, work);
    for (let k = 0; k < bins; k++) data[t * bins + k] = re[k] * re[k] + im[k] * im[k];
  }
  return { data, frames, bins };
}

function checkSizes(n_fft, hop_length, win_length) {
  if (n_fft < 4 || (n_fft & (n_fft - 1)) !== 0) throw new RangeError(`n_fft must be a power of two from 4, but is ${n_fft}`);
  if (!Number.isInteger(hop_length) || hop_length < 1)
    throw new RangeError(`hop_length must be a whole number of at least 1, but is ${hop_length}`);
  if (!Number.isInteger(win_length) || win_length < 1 || win_length > n_fft)
    throw new RangeError(`win_length must be a whole number from 1 to n_fft (${n_fft}), but is ${win_length}`);
}

export function maximum(values) {
  let max = -Infinity;
  for (const value of values) if (value > max) max = value;
  return max;
}

/** Decibels as librosa.power_to_db; `top_db: null` keeps everything. */
export function powerToDb({ data, frames, bins }, { ref = 1, amin = 1e-10, top_db = 80 } = {}) {
  const reference = 10 * Math.log10(Math.max(amin, ref));
  const db = Float32Array.from(data, (power) => 10 * Math.log10(Math.max(amin, power)) - reference);
  if (top_db !== null) {
    const floor = maximum(db) - top_db;
    for (let i = 0; i < db.length; i++) if (db[i] < floor) db[i] = floor;
  }
  return { data: db, frames, bins };
}
