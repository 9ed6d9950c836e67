import assert from "node:assert/strict";
import { test } from "node:test";
import { CaptureError, levelOf, RingBuffer, startCapture } from "../src/capture.js";
import { createResampler, resample } from "../src/dsp/index.js";

const noise = (length) => Float32Array.from({ length }, (_, n) => Math.sin(n * n * 0.7 + 1));

test("the ring keeps the last samples, whatever the size of the pieces", () => {
  const all = noise(1000);
  for (const piece of [1, 7, 64, 65, 300, 1000]) {
    const ring = new RingBuffer(64);
    for (let i = 0; i < all.length; i += piece) ring.push(all.subarray(i, i + piece));
    assert.equal(ring.total, 1000);
    assert.equal(ring.length, 64);
    assert.deepEqual(ring.latest(), all.slice(-64));
    assert.deepEqual(ring.latest(10), all.slice(-10));
    assert.deepEqual(ring.slice(900, 950), all.slice(936, 950));
    assert.deepEqual(ring.slice(990, 2000), all.slice(990));
  }
});

test("a ring that is not full yet gives what it has", () => {
  const ring = new RingBuffer(8);
  assert.equal(ring.latest().length, 0);
  ring.push(Float32Array.of(1, 2, 3));
  assert.deepEqual([...ring.latest(5)], [1, 2, 3]);
});

for (const [orig_sr, target_sr] of [[48000, 16000], [44100, 16000], [48000, 8000], [8000, 16000], [16000, 16000]]) {
  test(`resampling ${orig_sr} to ${target_sr} Hz piece by piece equals doing it at once`, () => {
    const y = noise(5003);
    const expected = resample(y, { orig_sr, target_sr });
    for (const piece of [128, 512, 1999]) {
      const resampler = createResampler({ orig_sr, target_sr });
      const parts = [];
      for (let i = 0; i < y.length; i += piece) parts.push(...resampler.push(y.subarray(i, i + piece)));
      parts.push(...resampler.flush());
      assert.equal(parts.length, expected.length);
      const difference = Math.max(...parts.map((value, i) => Math.abs(value - expected[i])));
      assert.ok(difference < 1e-6, `${piece}: ${difference}`);
    }
  });
}

test("levels are relative to full scale", () => {
  assert.deepEqual(levelOf(Float32Array.of(1, -1, 1, -1)), { rms_db: 0, peak: 1 });
  assert.equal(levelOf(new Float32Array(4)).rms_db, -100);
});

test("what cannot record says so in words, and of what kind it is", async () => {
  const refuse = async (kind, pattern) => {
    await assert.rejects(startCapture({ sample_rate: 16000 }), (error) => {
      assert.ok(error instanceof CaptureError);
      assert.equal(error.kind, kind);
      return pattern.test(error.message);
    });
  };
  const closed = [];
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  await refuse("insecure", /HTTPS/);
  const getUserMedia = (name) => async () => {
    throw new DOMException("", name);
  };
  navigator.mediaDevices = { getUserMedia: getUserMedia("NotFoundError") };
  await refuse("worklet", /AudioWorklet/);
  globalThis.AudioWorkletNode = class {};
  globalThis.AudioContext = class {
    async close() {
      closed.push(this);
    }
  };
  const kinds = { NotFoundError: "missing", NotAllowedError: "refused", SecurityError: "refused", NotReadableError: "busy", TypeError: "busy" };
  for (const [name, kind] of Object.entries(kinds)) {
    navigator.mediaDevices.getUserMedia = getUserMedia(name);
    await refuse(kind, /again/);
  }
  assert.equal(closed.length, 5);
});
