// From samples and settings to the three matrices that are shown. Only the frames in view are computed, and of very many
// only every second, third, …, so that time and memory do not grow with the sound.

import { dct, frameCount, maximum, melFilterbank, melSpectrogram, powerSpectrogram, powerToDb } from "../../dsp/index.js";

export const MOST_FRAMES = 1500;
export const AMIN = 1e-10;
const DEVIATIONS = 2.5; // root mean squares that the colours of the MFCC span
const FLOOR_DB = 80; // librosa.feature.mfcc keeps this much below the loudest

/** Analyser that remembers the last levels of the whole sound and the last matrices. */
export function createAnalyser() {
  const reference = remember(({ samples, ...settings }) => {
    const { power, mel } = energies(samples, { ...settings, ...frameRange(samples, settings, 0, Infinity) });
    return { power: maximum(power.data), mel: maximum(mel.data) };
  });
  const matrices = remember((input) => {
    const { samples, sample_rate, n_fft, win_length, hop_length, n_mels, fmin, fmax, n_mfcc, start, end } = input;
    const settings = { sample_rate, n_fft, win_length, hop_length, n_mels, fmin, fmax };
    const range = frameRange(samples, settings, start, end);
    const { power, mel } = energies(samples, { ...settings, ...range });
    const loudest = reference({ samples, ...settings });
    const levels = (matrix, ref) => powerToDb(matrix, { ref: Math.max(ref, AMIN), amin: AMIN, top_db: null });
    return { ...range, spectrogram: levels(power, loudest.power), mel: levels(mel, loudest.mel), mfcc: cepstrum(mel, n_mfcc, loudest.mel) };
  });
  return ({ samples, sample_rate }, { n_fft, win_length, hop_length, n_mels, fmin, fmax, n_mfcc }, { start, end }) =>
    matrices({ samples, sample_rate, n_fft, win_length, hop_length, n_mels, fmin, fmax, n_mfcc, start, end });
}

const filterbank = remember(melFilterbank);

/** Power and mel spectrogram of a range of frames. */
export function energies(samples, { sample_rate, n_fft, win_length, hop_length, n_mels, fmin, fmax, first, step, count }) {
  const power = powerSpectrogram(samples, { n_fft, win_length, hop_length, first, step, count });
  return { power, mel: melSpectrogram(power, filterbank({ sample_rate, n_fft, n_mels, fmin, fmax })) };
}

/** MFCC of a mel spectrogram whose loudest value, in the whole sound, is `loudest`: as librosa.feature.mfcc. */
export function cepstrum(mel, n_mfcc, loudest) {
  const levels = powerToDb(mel, { amin: AMIN, top_db: null });
  const floor = 10 * Math.log10(Math.max(AMIN, loudest)) - FLOOR_DB;
  for (let i = 0; i < levels.data.length; i++) if (levels.data[i] < floor) levels.data[i] = floor;
  return dct(levels, n_mfcc);
}

/** Frames from `start` to `end` (s): {first, step, count}. */
function frameRange({ length }, { hop_length, sample_rate }, start, end) {
  const last = Math.min(frameCount(length, hop_length) - 1, Math.ceil((end * sample_rate) / hop_length));
  const from = Math.min(last, Math.max(0, Math.floor((start * sample_rate) / hop_length)));
  const step = Math.ceil((last - from + 1) / MOST_FRAMES);
  return { first: from, step, count: Math.floor((last - from) / step) + 1 };
}

function remember(compute) {
  let lastInput = {};
  let lastOutput;
  return (input) => {
    if (Object.keys(input).some((key) => input[key] !== lastInput[key])) {
      lastOutput = compute(input);
      lastInput = input;
    }
    return lastOutput;
  };
}

/** Range of colours for all coefficients but the first, so that neither the level nor a few extremes hide the rest. */
export function cepstralLimit({ data, bins }) {
  let sum = 0;
  for (let i = 0; i < data.length; i++) if (i % bins) sum += data[i] * data[i];
  const count = data.length - data.length / bins;
  return Math.max(1, DEVIATIONS * Math.sqrt(sum / count));
}
