// What is done to the words: tests of several rungs each, from easy to hard. All sounds come out equally loud.

import { bandPass, colouredNoise, fadeEnds, melFrequencies, mixAtSnr, peak, telephone } from "../../dsp/index.js";

const LOUDNESS = 0.05; // root mean square: 26 dB below full scale
const HIGHEST = 0.95;
const AROUND = 0.15; // seconds of noise before and after the word
const LOW = 100; // Hz
const HIGH = 3800;
const ENVELOPE = { low: 0, high: 30, slope: 20 }; // Hz: how fast a band's loudness may change

// `rungs` are [value, words for the axis, words for the reader]; `apply(y, value, {sample_rate, seed})` gives the sound
export const TESTS = {
  noise: {
    title: "In noise",
    axis: "Word against noise (dB)",
    rungs: [[Infinity, "quiet", "no noise at all"], ...[6, 0, -6, -12, -18].map((snr) => [snr, signed(snr), tellSnr(snr)])],
    apply: (y, snr, how) => (snr === Infinity ? y : addNoise(y, snr, how)),
  },
  filter: {
    title: "Through filters",
    axis: "Frequencies left, up to (Hz)",
    rungs: [
      [3400, "phone", "a telephone line, 300 to 3,400 Hz"],
      ...[2000, 1000, 500, 250].map((hz) => [hz, String(hz), `nothing above ${hz.toLocaleString("en")} Hz`]),
    ],
    apply: (y, high, { sample_rate }) => (high === 3400 ? telephone(y, { sample_rate }) : bandPass(y, { sample_rate, low: 0, high })),
  },
  bands: {
    title: "In few bands",
    axis: "Bands of noise",
    rungs: [16, 8, 4, 2, 1].map((count) => [count, String(count), count === 1 ? "one band of noise" : `${count} bands of noise`]),
    apply: vocode,
  },
};

/** A word as it is heard on a rung, at the loudness that all have. */
export function hearable(y, test, rung, { sample_rate, seed }) {
  const { apply, rungs } = TESTS[test];
  return equallyLoud(apply(y, rungs[rung][0], { sample_rate, seed }), sample_rate);
}

export function equallyLoud(y, sample_rate) {
  const level = rootMeanSquare(y);
  const gain = Math.min(LOUDNESS / (level || 1), HIGHEST / (peak(y) || 1));
  return fadeEnds(Float32Array.from(y, (value) => value * gain), { sample_rate });
}

/** The word in pink noise that begins before it and ends after it; the ratio is that of the mean powers while it lasts. */
export function addNoise(y, snr_db, { sample_rate, seed }) {
  const edge = Math.round(AROUND * sample_rate);
  const noise = colouredNoise(y.length + 2 * edge, { kind: "pink", seed });
  const during = noise.subarray(edge, edge + y.length);
  const mixed = mixAtSnr(y, during, { snr_db });
  const gain = rootMeanSquare(y) / (rootMeanSquare(during) * 10 ** (snr_db / 20));
  return Float32Array.from(noise, (value, i) => (i < edge || i >= edge + y.length ? gain * value : mixed[i - edge]));
}

/** Noise vocoder: how loud each of `count` bands is over time is kept, what sounds in them is replaced by noise. */
export function vocode(y, count, { sample_rate, seed }) {
  const edges = melFrequencies(count + 1, { fmin: LOW, fmax: HIGH });
  const carrier = colouredNoise(y.length, { kind: "white", seed });
  const out = new Float32Array(y.length);
  for (let band = 0; band < count; band++) {
    const range = { sample_rate, low: edges[band], high: edges[band + 1] };
    const part = bandPass(y, range);
    const envelope = bandPass(part.map(Math.abs), { sample_rate, ...ENVELOPE });
    const noise = bandPass(bandPass(carrier, range).map((value, i) => value * Math.max(0, envelope[i])), range);
    const gain = rootMeanSquare(part) / (rootMeanSquare(noise) || 1);
    noise.forEach((value, i) => (out[i] += gain * value));
  }
  return out;
}

function rootMeanSquare(y) {
  return Math.sqrt(y.reduce((sum, value) => sum + value * value, 0) / y.length);
}

function signed(value) {
  return value < 0 ? `−${-value}` : String(value);
}

function tellSnr(snr) {
  if (snr === 0) return "noise as loud as the word";
  return snr > 0 ? `noise ${snr} dB below the word` : `noise ${-snr} dB above the word`;
}
