// Slower, faster, higher, lower: the phase vocoder (Flanagan & Golden 1966), equal to librosa's.
// Works frame by frame, so that its memory is that of the sound that it returns.

import { realForward, plan, realWork } from "./fft.js";
import { resample } from "./resample.js";
import { frameCount, hann } from "./stft.js";

const TURN = 2 * Math.PI;

/** `y` at `rate` times its tempo with its pitch unchanged, as librosa.effects.time_stretch; rate below 1 is slower. */
export function timeStretch(y, { rate, n_fft = 512, hop_length = n_fft / 4 }) {
  if (!(rate > 0)) throw new RangeError(`rate must be positive, but is ${rate}`);
  const out = new Float64Array(Math.round(y.length / rate));
  const frames = frameCount(y.length, hop_length);
  const spectrumAt = createSpectra(y, { n_fft, hop_length, frames });
  const adder = createAdder(out, { n_fft, hop_length });
  const phase = Float64Array.from(spectrumAt(0).phase);
  const count = Math.min(Math.ceil(frames / rate), Math.ceil((out.length + n_fft) / hop_length));
  for (let t = 0; t < count; t++) {
    const step = t * rate;
    const [here, next] = [spectrumAt(Math.floor(step)), spectrumAt(Math.floor(step) + 1)];
    const share = step - Math.floor(step);
    adder.add(t, (k) => (1 - share) * here.magnitude[k] + share * next.magnitude[k], phase);
    for (let k = 0; k < phase.length; k++) {
      const expected = (hop_length * TURN * k) / n_fft;
      const excess = next.phase[k] - here.phase[k] - expected;
      phase[k] += expected + excess - TURN * Math.round(excess / TURN);
    }
  }
  return adder.finish();
}

/** `y` higher by `n_steps` semitones in the same time, as librosa.effects.pitch_shift. */
export function pitchShift(y, { n_steps, sample_rate, n_fft = 512, hop_length = n_fft / 4 }) {
  const rate = 2 ** (-n_steps / 12);
  const stretched = timeStretch(y, { rate, n_fft, hop_length });
  const shifted = resample(stretched, { orig_sr: sample_rate / rate, target_sr: sample_rate });
  const out = new Float32Array(y.length);
  out.set(shifted.subarray(0, y.length));
  return out;
}

/** Function that gives frame t's {magnitude, phase}; it remembers the last two, and beyond the last all is zero. */
function createSpectra(y, { n_fft, hop_length, frames }) {
  const bins = n_fft / 2 + 1;
  const window = hann(n_fft);
  const frame = new Float64Array(n_fft);
  const [re, im] = [new Float64Array(bins), new Float64Array(bins)];
  const work = realWork(n_fft);
  const slots = [0, 1].map(() => ({ t: -1, magnitude: new Float64Array(bins), phase: new Float64Array(bins) }));
  return (t) => {
    const slot = slots[t % 2];
    if (slot.t === t) return slot;
    slot.t = t;
    const start = t * hop_length - n_fft / 2;
    for (let i = 0; i < n_fft; i++) frame[i] = t < frames ? (y[start + i] ?? 0) * window[i] : 0;
    realForward(frame, re, im, work);
    for (let k = 0; k < bins; k++) {
      slot.magnitude[k] = Math.hypot(re[k], im[k]);
      slot.phase[k] = Math.atan2(im[k], re[k]);
    }
    return slot;
  };
}

/** Overlap-add of inverse transforms into `out`, divided by the sum of squared windows, as librosa.istft. */
function createAdder(out, { n_fft, hop_length }) {
  const window = hann(n_fft);
  const sums = new Float64Array(out.length);
  const [re, im] = [new Float64Array(n_fft), new Float64Array(n_fft)];
  const fft = plan(n_fft);

  function add(t, magnitude, phase) {
    for (let k = 0; k <= n_fft / 2; k++) {
      const size = magnitude(k);
      re[k] = size * Math.cos(phase[k]);
      im[k] = k % (n_fft / 2) ? size * Math.sin(phase[k]) : 0;
      if (k % (n_fft / 2)) [re[n_fft - k], im[n_fft - k]] = [re[k], -im[k]];
    }
    fft.inverse(re, im);
    const start = t * hop_length - n_fft / 2;
    for (let i = Math.max(0, -start); i < n_fft && start + i < out.length; i++) {
      out[start + i] += re[i] * window[i];
      sums[start + i] += window[i] * window[i];
    }
  }

  const finish = () => Float32Array.from(out, (value, i) => (sums[i] > 1e-30 ? value / sums[i] : value));
  return { add, finish };
}
