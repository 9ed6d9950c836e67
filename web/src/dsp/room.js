// An imaginary room (Moorer 1979), as speechbook.acoustics.

import { nextPowerOfTwo, plan } from "./fft.js";
import { normalNumbers } from "./noise.js";

/**
 * Impulse response: the direct sound, 1, then noise that dies away by 60 dB within `rt60` seconds; the direct sound's
 * energy is `direct_to_reverberant_db` above that of all echoes.
 */
export function roomImpulseResponse({ sample_rate, rt60, direct_to_reverberant_db = 0, seed = 0 }) {
  const length = Math.round(rt60 * sample_rate);
  if (!(length >= 2)) throw new RangeError(`rt60 must last two samples or more, but is ${rt60} s`);
  const next = normalNumbers(seed);
  const echoes = Float64Array.from({ length }, (_, n) => next() * 10 ** ((-3 * n) / sample_rate / rt60));
  echoes[0] = 0;
  const energy = echoes.reduce((sum, value) => sum + value * value, 0);
  const gain = 10 ** (-direct_to_reverberant_db / 20) / Math.sqrt(energy);
  return Float32Array.from(echoes, (value, n) => (n === 0 ? 1 : value * gain));
}

/** Convolution of two signals, y.length + response.length - 1 samples long. */
export function convolve(y, response) {
  const length = y.length + response.length - 1;
  const size = nextPowerOfTwo(length);
  const fft = plan(size);
  const [re, im] = [new Float64Array(size), new Float64Array(size)];
  re.set(y);
  im.set(response); // both are real: one transform holds both spectra
  fft.forward(re, im);
  const product = [new Float64Array(size), new Float64Array(size)];
  for (let k = 0; k < size; k++) {
    const j = (size - k) % size;
    const [aRe, aIm] = [(re[k] + re[j]) / 2, (im[k] - im[j]) / 2];
    const [bRe, bIm] = [(im[k] + im[j]) / 2, (re[j] - re[k]) / 2];
    product[0][k] = aRe * bRe - aIm * bIm;
    product[1][k] = aRe * bIm + aIm * bRe;
  }
  fft.inverse(...product);
  return Float32Array.from(product[0].subarray(0, length));
}
