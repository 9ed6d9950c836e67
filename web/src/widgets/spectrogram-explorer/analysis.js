// From samples and settings to the matrix that is shown; each stage is computed again only when its input changed.

import { clamp } from "../../numbers.js";
import { hzToMel, maximum, melFilterbank, melFrequencies, melSpectrogram, melToHz, powerSpectrogram, powerToDb } from "../../dsp/index.js";

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

/**
 * The picture's vertical axis. `share(hz)` is the height above the bottom from 0 to 1, `hz(share)` the way back, `bin`
 * the row that holds a frequency, `centre` a row's frequency, and `low`/`high` the shares that all rows together span.
 */
export function frequencyAxis({ scale, sample_rate, n_fft, n_mels }) {
  const nyquist = sample_rate / 2;
  if (scale === "mel") {
    const centres = melFrequencies(n_mels + 2, { fmax: nyquist }).subarray(1, n_mels + 1);
    const span = hzToMel(nyquist);
    const share = (hz) => hzToMel(hz) / span;
    return {
      share,
      hz: (height) => melToHz(height * span),
      bin: (hz) => clamp(Math.round(share(hz) * (n_mels + 1)) - 1, 0, n_mels - 1),
      centre: (bin) => centres[bin],
      low: 0.5 / (n_mels + 1),
      high: (n_mels + 0.5) / (n_mels + 1),
      ticks: [0, 250, 500, 1000, 2000, 4000, 8000].filter((hz) => hz <= nyquist),
    };
  }
  const bins = n_fft / 2;
  return {
    share: (hz) => hz / nyquist,
    hz: (height) => height * nyquist,
    bin: (hz) => clamp(Math.round((hz / nyquist) * bins), 0, bins),
    centre: (bin) => (bin / bins) * nyquist,
    low: -0.5 / bins,
    high: 1 + 0.5 / bins,
    ticks: null,
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
