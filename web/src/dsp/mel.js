// Mel scale, mel filterbank, cosine transform and MFCC; names and scaling are librosa's.

import { powerSpectrogram, powerToDb } from "./stft.js";

const SLANEY_STEP = 200 / 3; // Hz a mel below 1 kHz (Slaney 1998)
const SLANEY_BREAK = 1000; // Hz; logarithmic from here on
const SLANEY_LOG_STEP = Math.log(6.4) / 27;

export function hzToMel(hz, { htk = false } = {}) {
  if (htk) return 2595 * Math.log10(1 + hz / 700);
  if (hz < SLANEY_BREAK) return hz / SLANEY_STEP;
  return SLANEY_BREAK / SLANEY_STEP + Math.log(hz / SLANEY_BREAK) / SLANEY_LOG_STEP;
}

export function melToHz(mel, { htk = false } = {}) {
  if (htk) return 700 * (10 ** (mel / 2595) - 1);
  const breakMel = SLANEY_BREAK / SLANEY_STEP;
  if (mel < breakMel) return mel * SLANEY_STEP;
  return SLANEY_BREAK * Math.exp(SLANEY_LOG_STEP * (mel - breakMel));
}

/** Frequencies in Hz of `count` points that are equally far apart on the mel scale. */
export function melFrequencies(count, { fmin = 0, fmax, htk = false }) {
  return frequenciesOnScale(count, { fmin, fmax, fromHz: (hz) => hzToMel(hz, { htk }), toHz: (mel) => melToHz(mel, { htk }) });
}

/** The same on any scale, given by the function that leads to it and the one that leads back. */
export function frequenciesOnScale(count, { fmin, fmax, fromHz, toHz }) {
  const [low, high] = [fromHz(fmin), fromHz(fmax)];
  return Float64Array.from({ length: count }, (_, i) => toHz(low + ((high - low) * i) / (count - 1)));
}

/** Triangular filters of equal area, one sparse row a band: {start, weights}. */
export function melFilterbank({ sample_rate, n_fft, n_mels, fmin = 0, fmax = sample_rate / 2, htk = false }) {
  return triangularFilterbank(melFrequencies(n_mels + 2, { fmin, fmax, htk }), { sample_rate, n_fft });
}

/** Triangular filters between the frequencies `edges`, each from one to the next but one; of equal area or equal height. */
export function triangularFilterbank(edges, { sample_rate, n_fft, equalArea = true }) {
  const bins = n_fft / 2 + 1;
  return Array.from({ length: edges.length - 2 }, (_, band) => {
    const [low, centre, high] = edges.subarray(band, band + 3);
    const height = equalArea ? 2 / (high - low) : 1;
    const weights = Float64Array.from({ length: bins }, (_, k) => {
      const hz = (k * sample_rate) / n_fft;
      return Math.max(0, Math.min((hz - low) / (centre - low), (high - hz) / (high - centre))) * height;
    });
    const start = Math.max(0, weights.findIndex((weight) => weight > 0));
    const end = weights.findLastIndex((weight) => weight > 0) + 1;
    return { start, weights: weights.slice(start, Math.max(start, end)) };
  });
}

/** Energy in each mel band of a power spectrogram. */
export function melSpectrogram({ data, frames, bins }, filterbank) {
  const bands = filterbank.length;
  const mel = new Float32Array(frames * bands);
  for (let t = 0; t < frames; t++) {
    for (let band = 0; band < bands; band++) {
      const { start, weights } = filterbank[band];
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i] * data[t * bins + start + i];
      mel[t * bands + band] = sum;
    }
  }
  return { data: mel, frames, bins: bands };
}

/** First `count` coefficients of the orthonormal cosine transform (type 2) of each frame. */
export function dct({ data, frames, bins }, count) {
  if (count > bins) throw new RangeError(`${count} coefficients asked of only ${bins} bands`);
  const basis = Float64Array.from({ length: count * bins }, (_, index) => {
    const k = Math.floor(index / bins);
    const n = index % bins;
    return Math.sqrt((k === 0 ? 1 : 2) / bins) * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * bins));
  });
  const out = new Float32Array(frames * count);
  for (let t = 0; t < frames; t++) {
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let n = 0; n < bins; n++) sum += basis[k * bins + n] * data[t * bins + n];
      out[t * count + k] = sum;
    }
  }
  return { data: out, frames, bins: count };
}

/** Mel-frequency cepstral coefficients as librosa.feature.mfcc. */
export function mfcc(y, { sample_rate, n_mfcc = 13, n_mels = 40, n_fft, hop_length, win_length, fmin, fmax, htk }) {
  const power = powerSpectrogram(y, { n_fft, hop_length, win_length });
  const filterbank = melFilterbank({ sample_rate, n_fft, n_mels, fmin, fmax, htk });
  return dct(powerToDb(melSpectrogram(power, filterbank)), n_mfcc);
}
