// Frequency axes: linear, or even in mel.

import { hzToMel, melFrequencies, melToHz } from "./dsp/index.js";
import { clamp } from "./numbers.js";

/**
 * The picture's vertical axis. `share(hz)` is the height above the bottom from 0 to 1, `hz(share)` the way back, `bin`
 * the row that holds a frequency, `centre` a row's frequency, and `low`/`high` the shares that all rows together span.
 */
export function frequencyAxis({ scale, sample_rate, n_fft, n_mels, fmin = 0, fmax = sample_rate / 2 }) {
  const nyquist = sample_rate / 2;
  if (scale === "mel") {
    const centres = melFrequencies(n_mels + 2, { fmin, fmax }).subarray(1, n_mels + 1);
    const [lowest, span] = [hzToMel(fmin), hzToMel(fmax) - hzToMel(fmin)];
    const share = (hz) => (hzToMel(hz) - lowest) / span;
    return {
      share,
      hz: (height) => melToHz(lowest + height * span),
      bin: (hz) => clamp(Math.round(share(hz) * (n_mels + 1)) - 1, 0, n_mels - 1),
      centre: (bin) => centres[bin],
      low: 0.5 / (n_mels + 1),
      high: (n_mels + 0.5) / (n_mels + 1),
      ticks: [0, 250, 500, 1000, 2000, 4000, 8000].filter((hz) => hz >= fmin && hz <= fmax),
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
