import assert from "node:assert/strict";
import { test } from "node:test";
import { bandPass, dct, fadeEnds, frameCount, hann, hzToMel, melFrequencies, melToHz, nextPowerOfTwo, peak, plan, powerSpectrogram, powerToDb, realForward, realWork, resample } from "../src/dsp/index.js";

const tone = (hz, { rate, length, amplitude = 1 }) => Float64Array.from({ length }, (_, n) => amplitude * Math.sin((2 * Math.PI * hz * n) / rate));
const noise = (length) => Float64Array.from({ length }, (_, n) => Math.sin(n * n * 0.7 + 1));
const difference = (a, b) => Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

function slowTransform(x) {
  const re = new Float64Array(x.length);
  const im = new Float64Array(x.length);
  for (let k = 0; k < x.length; k++) {
    for (let n = 0; n < x.length; n++) {
      re[k] += x[n] * Math.cos((2 * Math.PI * k * n) / x.length);
      im[k] -= x[n] * Math.sin((2 * Math.PI * k * n) / x.length);
    }
  }
  return { re, im };
}

for (const size of [2, 4, 8, 64, 256]) {
  test(`FFT of ${size} points equals the definition`, () => {
    const x = noise(size);
    const expected = slowTransform(x);
    const re = x.slice();
    const im = new Float64Array(size);
    plan(size).forward(re, im);
    assert.ok(difference(re, expected.re) < 1e-10);
    assert.ok(difference(im, expected.im) < 1e-10);
    plan(size).inverse(re, im);
    assert.ok(difference(re, x) < 1e-12);
  });

  test(`real FFT of ${size} points equals the complex one`, () => {
    const x = noise(size);
    const expected = slowTransform(x);
    const re = new Float64Array(size / 2 + 1);
    const im = new Float64Array(size / 2 + 1);
    realForward(x, re, im, realWork(size));
    assert.ok(difference(re, expected.re) < 1e-10);
    assert.ok(difference(im, expected.im) < 1e-10);
  });
}

test("FFT sizes that are no powers of two are refused", () => {
  assert.throws(() => plan(12), /power of two, but is 12/);
  assert.throws(() => plan(0), /power of two/);
  assert.deepEqual([1, 2, 3, 200, 256].map(nextPowerOfTwo), [1, 2, 4, 256, 256]);
});

test("the Hann window is periodic: shifted by half, it adds up to one", () => {
  const window = hann(64);
  for (let n = 0; n < 32; n++) assert.ok(Math.abs(window[n] + window[n + 32] - 1) < 1e-12);
});

test("a tone peaks in its own bin, and silence at the floor", () => {
  const rate = 8000;
  const power = powerSpectrogram(tone(1000, { rate, length: 4000 }), { n_fft: 256, hop_length: 80 });
  assert.equal(power.frames, frameCount(4000, 80));
  const middle = power.data.subarray(25 * power.bins, 26 * power.bins);
  assert.equal(middle.indexOf(Math.max(...middle)), 32);
  const silence = powerToDb(powerSpectrogram(new Float64Array(1000), { n_fft: 256, hop_length: 80 }));
  assert.ok(silence.data.every((level) => level === -100));
});

test("sizes that cannot be are refused in words", () => {
  assert.throws(() => powerSpectrogram(noise(100), { n_fft: 100, hop_length: 10 }), /n_fft must be a power of two/);
  assert.throws(() => powerSpectrogram(noise(100), { n_fft: 64, hop_length: 0 }), /hop_length must be a whole number/);
  assert.throws(() => powerSpectrogram(noise(100), { n_fft: 64, hop_length: 10, win_length: 65 }), /from 1 to n_fft \(64\)/);
});

test("the mel scales invert, and band centres rise", () => {
  for (const htk of [false, true])
    for (const hz of [0, 20, 999, 1000, 1001, 4000, 8000]) assert.ok(Math.abs(melToHz(hzToMel(hz, { htk }), { htk }) - hz) < 1e-8);
  const centres = melFrequencies(42, { fmax: 4000 });
  for (let i = 1; i < centres.length; i++) assert.ok(centres[i] > centres[i - 1]);
  assert.ok(Math.abs(hzToMel(1000) - 15) < 1e-12);
});

test("the cosine transform is orthonormal: all coefficients keep the energy", () => {
  const data = Float32Array.from(noise(20));
  const energy = (values) => values.reduce((sum, value) => sum + value * value, 0);
  assert.ok(Math.abs(energy(dct({ data, frames: 1, bins: 20 }, 20).data) - energy(data)) < 1e-4);
  assert.throws(() => dct({ data, frames: 1, bins: 20 }, 21), /21 coefficients/);
});

for (const [orig_sr, target_sr] of [[8000, 16000], [16000, 8000], [44100, 16000], [11025, 8000]]) {
  test(`resampling ${orig_sr} to ${target_sr} Hz gives the same tone at the new rate`, () => {
    const length = orig_sr / 2;
    const mix = (rate, n) => {
      const [a, b] = [tone(440, { rate, length: n, amplitude: 0.5 }), tone(2900, { rate, length: n, amplitude: 0.3 })];
      return a.map((value, i) => value + b[i]);
    };
    const out = resample(mix(orig_sr, length), { orig_sr, target_sr });
    const expected = mix(target_sr, out.length);
    const edge = Math.round(target_sr * 0.02);
    assert.equal(out.length, Math.ceil((length * target_sr) / orig_sr));
    assert.ok(difference(out.subarray(edge, -edge), expected.subarray(edge, -edge)) < 1e-3);
  });
}

test("resampling down keeps what lies a little below half of the new rate", () => {
  const level = (frequency) => {
    const out = resample(tone(frequency, { rate: 48000, length: 24000 }), { orig_sr: 48000, target_sr: 8000 }).subarray(500, 3500);
    const original = tone(frequency, { rate: 48000, length: 24000 });
    const rms = (samples) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    return 20 * Math.log10(rms(out) / rms(original));
  };
  assert.ok(Math.abs(level(3700)) < 0.2);
  assert.ok(level(3800) > -2.8); // as soxr has it
  assert.ok(level(4060) < -80);
});

test("resampling down keeps out what would fold back", () => {
  const out = resample(tone(6000, { rate: 16000, length: 8000 }), { orig_sr: 16000, target_sr: 8000 });
  assert.ok(peak(out.subarray(200, -200)) < 1e-3);
  assert.throws(() => resample(new Float32Array(4), { orig_sr: 0, target_sr: 8000 }), /must be positive/);
});

test("the band-pass keeps the band, drops the rest, and does not shift", () => {
  const rate = 8000;
  const inside = tone(1000, { rate, length: 8000 });
  const mixed = inside.map((value, n) => value + Math.sin((2 * Math.PI * 3000 * n) / rate) + Math.sin((2 * Math.PI * 300 * n) / rate));
  const out = bandPass(mixed, { sample_rate: rate, low: 700, high: 1400 });
  assert.ok(difference(out.subarray(500, -500), inside.subarray(500, -500)) < 0.01);
  assert.throws(() => bandPass(mixed, { sample_rate: rate, low: 900, high: 900 }), /0 <= low < high/);
});

test("faded ends start near zero, and the middle stays", () => {
  const y = fadeEnds(new Float32Array(1000).fill(1), { sample_rate: 8000 });
  assert.ok(y[0] < 0.01 && y[999] < 0.01);
  assert.equal(y[500], 1);
});
