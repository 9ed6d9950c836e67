// Filters that a reader can hear.

import { nextPowerOfTwo, plan } from "./fft.js";

/**
 * Keep only what lies between `low` and `high` Hz. Works on the whole signal's spectrum, so it has no phase shift;
 * raised-cosine flanks of `slope` Hz inside and outside each edge keep it from ringing.
 */
export function bandPass(y, { sample_rate, low, high, slope = Math.max(20, (high - low) / 8) }) {
  if (!(low >= 0 && low < high)) throw new RangeError(`band must satisfy 0 <= low < high, but is ${low} to ${high} Hz`);
  const size = nextPowerOfTwo(y.length + Math.round(sample_rate / 10)); // room so that the end does not wrap around
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  re.set(y);
  const fft = plan(size);
  fft.forward(re, im);
  for (let k = 0; k < size; k++) {
    const hz = (Math.min(k, size - k) * sample_rate) / size;
    const gain = flank((hz - low) / slope) * flank((high - hz) / slope);
    re[k] *= gain;
    im[k] *= gain;
  }
  fft.inverse(re, im);
  return Float32Array.from(re.subarray(0, y.length));
}

/** 0 below -1/2, 1 above 1/2, a raised cosine between. */
function flank(x) {
  return 0.5 - 0.5 * Math.cos(Math.PI * Math.min(1, Math.max(0, x + 0.5)));
}

/** Fade both ends over `seconds`, in place, so that no click is heard. */
export function fadeEnds(y, { sample_rate, seconds = 0.01 }) {
  const length = Math.min(Math.round(seconds * sample_rate), y.length >> 1);
  for (let i = 0; i < length; i++) {
    const gain = (i + 0.5) / length;
    y[i] *= gain;
    y[y.length - 1 - i] *= gain;
  }
  return y;
}

export function peak(y) {
  let max = 0;
  for (const sample of y) if (Math.abs(sample) > max) max = Math.abs(sample);
  return max;
}
