import assert from "node:assert/strict";
import { test } from "node:test";
import { frequencyAxis } from "../src/frequency-axis.js";
import { createAnalyser, readLevel } from "../src/widgets/spectrogram-explorer/analysis.js";
import { applyChanges, bandAround, describeSamples, ranges } from "../src/widgets/spectrogram-explorer/settings.js";
import { boostFor, describeSound, inDecibels, soundsFromTraits } from "../src/sounds.js";

const sound = { sample_rate: 8000, nSamples: 8000 };
const settings = { n_fft: 256, win_length: 200, hop_length: 80, n_mels: 40, scale: "linear" };

test("a window that outgrows the FFT makes it larger; a smaller FFT shortens the window", () => {
  assert.equal(applyChanges(settings, { win_length: 300 }, sound).n_fft, 512);
  assert.equal(applyChanges(settings, { n_fft: 128 }, sound).win_length, 128);
  assert.deepEqual(applyChanges(settings, { hop_length: 40 }, sound), { ...settings, hop_length: 40 });
});

test("a long sound gets a hop that keeps the picture computable", () => {
  const long = { sample_rate: 16000, nSamples: 480000 };
  const { hop_length } = applyChanges({ ...settings, hop_length: 1 }, {}, long);
  assert.ok(480000 / hop_length <= 6000);
  assert.ok(ranges(long).hop_length.min >= hop_length);
});

test("lengths are told in samples and milliseconds", () => {
  assert.equal(describeSamples(200, 8000), "200 samples, 25 ms");
  assert.equal(describeSamples(512, 11025), "512 samples, 46.4 ms");
});

test("a band lies around its frequency and within what can be heard", () => {
  const { low, high } = bandAround(1000, 1, 8000);
  assert.ok(Math.abs(high / low - 2) < 1e-12 && low < 1000 && high > 1000);
  assert.equal(bandAround(3999, 2, 8000).high, 4000);
  assert.ok(bandAround(0, 1, 8000).low > 0);
});

for (const scale of ["linear", "mel"]) {
  test(`every row of the ${scale} axis finds itself again`, () => {
    const axis = frequencyAxis({ scale, sample_rate: 8000, n_fft: 256, n_mels: 40 });
    const rows = scale === "mel" ? 40 : 129;
    for (let row = 0; row < rows; row++) {
      assert.equal(axis.bin(axis.centre(row)), row);
      assert.ok(Math.abs(axis.hz(axis.share(axis.centre(row))) - axis.centre(row)) < 1e-6);
      const height = axis.low + ((row + 0.5) / rows) * (axis.high - axis.low);
      assert.ok(Math.abs(axis.share(axis.centre(row)) - height) < 1e-9, "rows are drawn where the axis says");
    }
  });
}

test("the loudest point of a tone reads 0 dB at its frequency", () => {
  const samples = Float32Array.from({ length: 8000 }, (_, n) => 0.1 * Math.sin((2 * Math.PI * 1000 * n) / 8000));
  const view = createAnalyser()(describeSound({ label: "tone", samples, sample_rate: 8000 }), settings);
  const { level, frequency, time } = readLevel(view, { time: 0.5, frequency: 1010 });
  assert.equal(frequency, 1000);
  assert.ok(Math.abs(time - 0.5) < 0.006);
  assert.ok(level > -0.1 && level <= 0);
  const corner = readLevel(view, { time: 99, frequency: 99999 });
  assert.deepEqual([corner.frame, corner.bin], [view.frames - 1, 128]);
});

test("sounds come out of the packed bytes with their own amplitude", () => {
  const bytes = new DataView(Int16Array.from([0, 32767, -32767, 100]).buffer);
  const clips = [
    { label: "a", sample_rate: 8000, offset: 0, length: 2, peak: 0.5 },
    { label: "b", sample_rate: 16000, offset: 2, length: 2, peak: 1 },
  ];
  const [a, b] = soundsFromTraits(bytes, clips);
  assert.deepEqual([...a.samples], [0, 0.5]);
  assert.equal(b.samples[0], -1);
  assert.deepEqual([a.limit, b.limit], [0.5, 1]);
});

test("faint sounds are amplified, loud and silent ones are not", () => {
  assert.equal(boostFor(0.5), 1);
  assert.equal(boostFor(0.9), 1);
  assert.equal(boostFor(0), 1);
  assert.equal(boostFor(0.05), 10);
  assert.equal(inDecibels(10), ", amplified by 20 dB");
  assert.equal(inDecibels(1), "");
});
