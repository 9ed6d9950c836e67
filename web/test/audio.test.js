import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { AudioError, decodeFile, Player } from "../src/audio.js";
import { encodeWav } from "../src/wav.js";

function browserThatDecodes(channels) {
  globalThis.OfflineAudioContext = class {
    constructor(_, __, sampleRate) {
      this.sampleRate = sampleRate;
    }
    async decodeAudioData() {
      if (!channels) throw new DOMException("Unable to decode audio data", "EncodingError");
      const { length } = channels[0];
      return { length, duration: length / this.sampleRate, sampleRate: this.sampleRate, numberOfChannels: channels.length, getChannelData: (i) => channels[i] };
    }
  };
}

afterEach(() => delete globalThis.OfflineAudioContext);

const file = (bytes, name = "speech.mp3") => new File([bytes], name);
const some = new Uint8Array(64);

function wavHeader(rate) {
  const header = Buffer.alloc(64);
  header.write("RIFF", 0);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(rate, 24);
  return header;
}

test("channels are mixed to one", async () => {
  browserThatDecodes([Float32Array.of(1, 0), Float32Array.of(0, 0.5)]);
  const { samples, sample_rate, notice } = await decodeFile(file(some));
  assert.deepEqual([...samples], [0.5, 0.25]);
  assert.equal(sample_rate, 16000);
  assert.equal(notice, "");
});

test("a WAV file keeps a low sample rate and loses a high one", async () => {
  browserThatDecodes([Float32Array.of(1)]);
  assert.equal((await decodeFile(file(wavHeader(8000)))).sample_rate, 8000);
  assert.equal((await decodeFile(file(wavHeader(96000)))).sample_rate, 16000);
});

test("only the first 30 s are used, and it says so", async () => {
  browserThatDecodes([new Float32Array(16000 * 31).fill(0.1)]);
  const { samples, notice } = await decodeFile(file(some));
  assert.equal(samples.length, 16000 * 30);
  assert.match(notice, /lasts 31\.0 s; only its first 30 s/);
});

test("of a WAV file of three hours only the beginning is read, with a header that fits", async () => {
  let given = null;
  browserThatDecodes([Float32Array.of(1)]);
  const { decodeAudioData } = OfflineAudioContext.prototype;
  OfflineAudioContext.prototype.decodeAudioData = function (bytes) {
    given = bytes;
    return decodeAudioData.call(this, bytes);
  };
  const header = new DataView(encodeWav(new Float32Array(0), { sample_rate: 8000 }));
  header.setUint32(40, 3 * 3600 * 16000, true);
  const long = new Blob([header, new Uint8Array(3 * 3600 * 16000)]);
  const { notice } = await decodeFile(Object.assign(long, { name: "meeting.wav" }));
  assert.equal(given.byteLength, 44 + 31 * 16000);
  assert.equal(new DataView(given).getUint32(40, true), 31 * 16000);
  assert.match(notice, /meeting\.wav lasts 3 h 0 min/);
});

test("silence is told", async () => {
  browserThatDecodes([new Float32Array(100)]);
  assert.match((await decodeFile(file(some))).notice, /is silent/);
});

const refusals = [
  ["an empty file", new Uint8Array(0), /empty \(0 bytes\)/],
  ["a file that is too large and cannot be cut", new Uint8Array(25_000_001), /\(25 MB\) is too long to be opened whole.*Save its first 30 s/],
  ["a text", new TextEncoder().encode("hello"), /speech\.mp3 is not audio that this browser can decode/],
];
for (const [what, bytes, message] of refusals) {
  test(`${what} is refused in words`, async () => {
    browserThatDecodes(null);
    await assert.rejects(decodeFile(file(bytes)), (error) => error instanceof AudioError && message.test(error.message));
  });
}

test("a browser that cannot decode says so", async () => {
  await assert.rejects(decodeFile(file(some)), /cannot decode audio files/);
});

test("a file without samples is refused", async () => {
  browserThatDecodes([new Float32Array(0)]);
  await assert.rejects(decodeFile(file(some)), /holds no sound/);
});

test("a sound of any sample rate lasts as long as it should, in a browser that takes no more than it must", async () => {
  const started = [];
  globalThis.matchMedia = () => ({ matches: true });
  globalThis.AudioContext = class {
    state = "running";
    currentTime = 0;
    async resume() {}
    createBuffer(_, length, rate) {
      if (rate < 8000 || rate > 96000) throw new DOMException("nominal range", "NotSupportedError");
      return { duration: length / rate, copyToChannel() {} };
    }
    createBufferSource() {
      return { playbackRate: { value: 1 }, connect() {}, stop() {}, start() { started.push(this); } };
    }
  };
  for (const sample_rate of [3000, 8000, 44100, 192000]) {
    const player = new Player();
    await player.play(new Float32Array(2 * sample_rate), { sample_rate });
    player.stop();
    const { buffer, playbackRate } = started.at(-1);
    assert.ok(Math.abs(buffer.duration / playbackRate.value - 2) < 1e-9, `${sample_rate} Hz`);
  }
  delete globalThis.AudioContext;
  delete globalThis.matchMedia;
});
