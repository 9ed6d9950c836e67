// The sounds to explore: those that Python sent, and a file that the reader opened.

import { peak } from "./dsp/index.js";
import { roundUp } from "./numbers.js";

const HEARD_PEAK = 0.5;
const LARGEST_BOOST = 10 ** (40 / 20); // 40 dB

/** Sounds from the traits `samples` (16-bit integers of all clips) and `clips` ({label, sample_rate, offset, length, peak}). */
export function soundsFromTraits(bytes, clips) {
  return clips.map(({ label, sample_rate, offset, length, peak }) => {
    const samples = new Float32Array(length);
    for (let i = 0; i < length; i++) samples[i] = (bytes.getInt16(2 * (offset + i), true) / 32767) * peak;
    return describeSound({ label, samples, sample_rate });
  });
}

export function describeSound({ label, samples, sample_rate }) {
  const loudest = peak(samples);
  return {
    label,
    samples,
    sample_rate,
    nSamples: samples.length,
    duration: samples.length / sample_rate,
    limit: roundUp(loudest || 1),
    boost: boostFor(loudest),
  };
}

/** Factor that makes a faint sound well audible; never attenuates. */
export function boostFor(loudest) {
  return Math.min(LARGEST_BOOST, Math.max(1, HEARD_PEAK / (loudest || HEARD_PEAK)));
}

export function amplified(samples, factor) {
  return samples.map((sample) => sample * factor);
}

/** ", amplified by 12 dB", or nothing where the factor is 1. */
export function inDecibels(factor) {
  const decibels = Math.round(20 * Math.log10(factor));
  return decibels > 0 ? `, amplified by ${decibels} dB` : "";
}
