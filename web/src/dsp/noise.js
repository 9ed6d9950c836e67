// Noise of several colours and mixtures at a signal-to-noise ratio, as speechbook.noise.

import { nextPowerOfTwo, plan } from "./fft.js";

export const NOISES = { white: 0, pink: 1, brown: 2 }; // how fast the power falls with frequency
const FLAT_BELOW = 0.005; // of the sample rate

/** Function that gives independent normal numbers, the same for the same seed (mulberry32; Box & Muller 1958). */
export function normalNumbers(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** `length` samples of noise with a root mean square of 1. */
export function colouredNoise(length, { kind, seed = 0 }) {
  if (!(kind in NOISES)) throw new RangeError(`kind of noise must be one of ${Object.keys(NOISES).join(", ")}, but is ${kind}`);
  const next = normalNumbers(seed);
  const size = nextPowerOfTwo(length);
  const re = Float64Array.from({ length: size }, next);
  const im = new Float64Array(size);
  const fft = plan(size);
  fft.forward(re, im);
  for (let k = 0; k < size; k++) {
    const gain = Math.max(Math.min(k, size - k) / size, FLAT_BELOW) ** (-NOISES[kind] / 2);
    re[k] *= gain;
    im[k] *= gain;
  }
  fft.inverse(re, im);
  const noise = re.subarray(0, length);
  const scale = 1 / Math.sqrt(meanPower(noise) || 1);
  return Float32Array.from(noise, (value) => value * scale);
}

/** `y` plus `noise`, over and over if it is shorter, scaled so that the ratio of their mean powers is `snr_db` decibels. */
export function mixAtSnr(y, noise, { snr_db }) {
  const cut = Float32Array.from(y, (_, n) => noise[n % noise.length]);
  const [signalPower, noisePower] = [meanPower(y), meanPower(cut)];
  if (!signalPower || !noisePower) throw new RangeError("a silent sound has no signal-to-noise ratio");
  const gain = Math.sqrt(signalPower / noisePower) * 10 ** (-snr_db / 20);
  return Float32Array.from(y, (value, n) => value + gain * cut[n]);
}

function meanPower(y) {
  let sum = 0;
  for (const value of y) sum += value * value;
  return sum / y.length;
}
