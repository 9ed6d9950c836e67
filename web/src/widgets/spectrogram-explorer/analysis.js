// From samples and settings to the matrix that is shown; each stage is computed again only when its input changed.

import { clamp } from "../../numbers.js";
import { frequencyAxis } from "../../frequency-axis.js";
import { maximum, melFilterbank, melSpectrogram, powerSpectrogram, powerToDb } from "../../dsp/index.js";

/** Analyser that remembers its last power spectrogram and its last matrix of levels. */
export function createAnalyser() {
  const power = remember(({ samples, n_fft, win_length, hop_length }) => powerSpectrogram(samples, { n_fft, win_length, hop_length }));
  const levels = remember(({ matrix, scale, sample_rate, n_fft, n_mels }) => {
    const shown = scale === "mel" ? melSpectrogram(matrix, melFilterbank({ sample_rate, n_fft, n_mels })) : matrix;
    return powerToDb(shown, { ref: maximum(shown.data), amin: 1e-10, top_db: null });
  });
  return ({ samples, sample_rate }, { n_fft, win_length, hop_length, n_mels, scale }) => {
    const matrix = power({ samples, n_fft, win_length, hop_length });
    const shown = levels({ matrix, scale, sample_rate, n_fft, n_mels: scale === "mel" ? n_mels : 0 });
    return { ...shown, hop_length, sample_rate, axis: frequencyAxis({ scale, sample_rate, n_fft, n_mels }) };
  };
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

/** What the picture shows nearest to `time` (s) and `frequency` (Hz): {time, frequency, level, frame, bin}. */
export function readLevel(view, { time, frequency }) {
  const frame = clamp(Math.round((time * view.sample_rate) / view.hop_length), 0, view.frames - 1);
  const bin = view.axis.bin(frequency);
  return {
    frame,
    bin,
    time: (frame * view.hop_length) / view.sample_rate,
    frequency: view.axis.centre(bin),
    level: view.data[frame * view.bins + bin],
  };
}
