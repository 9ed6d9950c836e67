// Sound in the page: play samples with a moving cursor, and turn any file that the browser decodes into samples.

import { resample } from "./dsp/index.js";

export const FILE_LIMITS = { bytes: 25e6, seconds: 30, sample_rate: 16000 };

/** An error whose message is meant for the reader. */
export class AudioError extends Error {}

let context = null;

function audioContext() {
  const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  if (!Context) throw new AudioError("This browser cannot play sounds from a page. A current version of it or another one can.");
  context ??= new Context();
  return context;
}

/** Player for one sound at a time. */
export class Player {
  #source = null;
  #timer = null;

  /**
   * Play `samples`; calls `onTime(seconds)` while it sounds and `onEnd()` once, when it ends or is stopped.
   * With reduced motion the time is told four times a second instead of with every frame.
   */
  async play(samples, { sample_rate, onTime, onEnd }) {
    this.stop();
    const context = audioContext();
    await Promise.race([context.resume(), pause(500)]);
    if (context.state !== "running") throw new AudioError("The browser does not let this page play sound yet. Press the button again.");
    const source = context.createBufferSource();
    source.buffer = toBuffer(context, samples, sample_rate);
    source.connect(context.destination);
    const start = context.currentTime;
    const duration = samples.length / sample_rate;
    const follow = () => {
      onTime?.(Math.min(duration, Math.max(0, context.currentTime - start - (context.outputLatency || 0))));
    };
    this.#timer = repeat(follow);
    this.#source = source;
    source.onended = () => {
      if (this.#source === source) this.#release();
      onEnd?.();
    };
    source.start();
  }

  get playing() {
    return this.#source !== null;
  }

  stop() {
    this.#source?.stop();
    this.#release();
  }

  #release() {
    this.#timer?.stop();
    this.#source = null;
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function repeat(action) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    const timer = setInterval(action, 250);
    return { stop: () => clearInterval(timer) };
  }
  let frame = 0;
  const step = () => {
    action();
    frame = requestAnimationFrame(step);
  };
  step();
  return { stop: () => cancelAnimationFrame(frame) };
}

function toBuffer(context, samples, sample_rate) {
  try {
    const buffer = context.createBuffer(1, samples.length, sample_rate);
    buffer.copyToChannel(Float32Array.from(samples), 0);
    return buffer;
  } catch {
    // some browsers take no low sample rates
    const resampled = resample(samples, { orig_sr: sample_rate, target_sr: context.sampleRate });
    const buffer = context.createBuffer(1, resampled.length, context.sampleRate);
    buffer.copyToChannel(resampled, 0);
    return buffer;
  }
}

/**
 * Samples of a file: {label, samples, sample_rate, notice}. Mono, at most 16 kHz, at most 30 s; `notice` says what was
 * cut off, or is empty. Throws an AudioError that says what is wrong and what to do.
 */
export async function decodeFile(file, limits = FILE_LIMITS) {
  const name = file.name || "The file";
  if (file.size === 0) throw new AudioError(`${name} is empty (0 bytes). Choose another file.`);
  if (file.size > limits.bytes)
    throw new AudioError(
      `${name} has ${megabytes(file.size)} MB; at most ${megabytes(limits.bytes)} MB can be opened here. Cut out the first ${limits.seconds} s and try again.`,
    );
  const bytes = await readBytes(file, name);
  const sample_rate = Math.min(limits.sample_rate, wavSampleRate(bytes) ?? limits.sample_rate);
  const decoded = await decode(bytes, sample_rate, name);
  if (decoded.length === 0) throw new AudioError(`${name} holds no sound. Choose another file.`);
  const kept = Math.min(decoded.length, Math.round(limits.seconds * decoded.sampleRate));
  const samples = mixToMono(decoded, kept);
  const notices = [];
  if (kept < decoded.length)
    notices.push(`${name} lasts ${decoded.duration.toFixed(1)} s; only its first ${limits.seconds} s are used.`);
  if (samples.every((sample) => sample === 0)) notices.push(`${name} is silent: every sample is zero.`);
  return { label: name, samples, sample_rate: decoded.sampleRate, notice: notices.join(" ") };
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

async function readBytes(file, name) {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new AudioError(`${name} cannot be read. It may have been moved or changed; choose it again.`);
  }
}

async function decode(bytes, sample_rate, name) {
  const Context = globalThis.OfflineAudioContext ?? globalThis.webkitOfflineAudioContext;
  if (!Context) throw new AudioError("This browser cannot decode audio files in a page. A current version of it or another one can.");
  try {
    return await new Context(1, 1, sample_rate).decodeAudioData(bytes);
  } catch {
    throw new AudioError(`${name} is not audio that this browser can decode. WAV, MP3, OGG and FLAC files usually work.`);
  }
}

/** Sample rate in the header of a WAV file, if it is one that a browser can keep; else undefined. */
function wavSampleRate(bytes) {
  if (bytes.byteLength < 28) return undefined;
  const view = new DataView(bytes);
  const isWav = view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57415645; // "RIFF", "WAVE"
  const rate = view.getUint32(24, true);
  return isWav && view.getUint32(12) === 0x666d7420 && rate >= 8000 ? rate : undefined; // "fmt "
}

function mixToMono(buffer, length) {
  const mono = new Float32Array(length);
  for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
    const samples = buffer.getChannelData(channel);
    for (let i = 0; i < length; i++) mono[i] += samples[i] / buffer.numberOfChannels;
  }
  return mono;
}
