// The explorer's settings: which values they may take, and how they give way to each other.

import { nextPowerOfTwo } from "../../dsp/index.js";

const MAX_FRAMES = 6000; // more are slow to compute and finer than any screen
const LONGEST_WINDOW = 0.128; // seconds

export const FFT_SIZES = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];
export const TRAITS = ["n_fft", "win_length", "hop_length", "n_mels", "scale", "top_db", "color_map", "band_octaves"];

/** Smallest and largest values that make sense for a sound of `nSamples` at `sample_rate`; `step` is a millisecond. */
export function ranges({ sample_rate, nSamples }) {
  const step = Math.max(1, Math.round(sample_rate / 1000));
  const smallestHop = Math.max(1, Math.ceil(nSamples / MAX_FRAMES));
  return {
    win_length: { min: 2 * step, max: Math.round(LONGEST_WINDOW * 1000) * step, step },
    hop_length: { min: Math.max(step, Math.ceil(smallestHop / step) * step), max: 40 * step, step },
    n_mels: { min: 8, max: 128, step: 4 },
    top_db: { min: 20, max: 100, step: 5 },
    smallestHop,
  };
}

/**
 * Settings after `changes`. The window must fit into the FFT: the one that was changed wins, the other follows.
 * The hop is at least so long that the picture stays computable.
 */
export function applyChanges(settings, changes, sound) {
  const next = { ...settings, ...changes };
  if ("n_fft" in changes) next.win_length = Math.min(next.win_length, next.n_fft);
  else next.n_fft = Math.min(FFT_SIZES.at(-1), Math.max(next.n_fft, nextPowerOfTwo(next.win_length)));
  next.win_length = Math.min(next.win_length, next.n_fft);
  next.hop_length = Math.max(next.hop_length, ranges(sound).smallestHop);
  return next;
}

/** "200 samples, 25 ms" */
export function describeSamples(samples, sample_rate) {
  const milliseconds = Number(((1000 * samples) / sample_rate).toPrecision(3));
  return `${samples} samples, ${milliseconds} ms`;
}

/** Lower and upper edge in Hz of a band of `octaves` around `frequency`, within what the sample rate can hold. */
export function bandAround(frequency, octaves, sample_rate) {
  const nyquist = sample_rate / 2;
  const centre = Math.min(Math.max(frequency, 40), nyquist);
  const half = 2 ** (octaves / 2);
  return { low: centre / half, high: Math.min(nyquist, centre * half) };
}
