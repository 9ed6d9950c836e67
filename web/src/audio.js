// Sound in the page: play samples with a moving cursor, and turn any file that the browser decodes into samples.

import { readStart } from "./excerpt.js";
import { clamp } from "./numbers.js";

export const FILE_LIMITS = { bytes: 25e6, seconds: 30, sample_rate: 16000 };
const WHOLE_SECONDS = 180; // longer files are decoded in part or not at all
const PLAYED_RATES = [8000, 96000]; // that every browser takes (Web Audio API); other sounds are played slower or faster

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
    const source = createSource(context, samples, sample_rate);
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

function createSource(context, samples, sample_rate) {
  const source = context.createBufferSource();
  const rate = clamp(sample_rate, ...PLAYED_RATES);
  source.buffer = context.createBuffer(1, samples.length, rate);
  source.buffer.copyToChannel(Float32Array.from(samples), 0);
  source.playbackRate.value = sample_rate / rate;
  return source;
}

/**
 * Samples of a file: {label, samples, sample_rate, channels, original_rate, notice}. Mono, at most 16 kHz, at most 30 s;
 * `notice` says what was cut off, or is empty; `original_rate` is NaN where the file does not tell it. Of longer files
 * only the beginning is read, so that memory stays bounded. Throws an AudioError that says what is wrong and what to do.
 */
export async function decodeFile(file, limits = FILE_LIMITS) {
  const name = file.name || "The file";
  if (file.size === 0) throw new AudioError(`${name} is empty (0 bytes). Choose another file.`);
  const start = await readBytes(() => readStart(file, limits.seconds), name);
  const original_rate = start.sample_rate;
  const sample_rate = original_rate >= 8000 ? Math.min(limits.sample_rate, original_rate) : limits.sample_rate;
  const decoded = await decodeStart(file, start, { sample_rate, name, limits });
  if (decoded.length === 0) throw new AudioError(`${name} holds no sound. Choose another file.`);
  const kept = Math.min(decoded.length, Math.round(limits.seconds * decoded.sampleRate));
  const samples = mixToMono(decoded, kept);
  const notices = [];
  const duration = Math.max(decoded.duration, start.duration || 0);
  if (kept < decoded.length || !start.whole)
    notices.push(`${name} lasts ${lasting(duration, start)}; only its first ${Math.floor(kept / decoded.sampleRate)} s are used.`);
  if (samples.every((sample) => sample === 0)) notices.push(`${name} is silent: every sample is zero.`);
  const { numberOfChannels: channels } = decoded;
  return { label: name, samples, sample_rate: decoded.sampleRate, channels, original_rate, notice: notices.join(" ") };
}

async function decodeStart(file, { bytes, whole, duration }, { sample_rate, name, limits }) {
  try {
    return await decode(bytes, sample_rate, name);
  } catch (error) {
    if (whole) throw error;
  }
  if (duration > WHOLE_SECONDS || file.size > limits.bytes)
    throw new AudioError(
      `${name} (${megabytes(file.size)} MB${duration ? `, ${lasting(duration)}` : ""}) is too long to be opened whole, and its beginning cannot be opened alone. Save its first ${limits.seconds} s as a WAV file and open that.`,
    );
  return decode(await readBytes(() => file.arrayBuffer(), name), sample_rate, name);
}

/** "31.0 s", "3 h 0 min" */
function lasting(seconds, { whole = true, duration = seconds } = {}) {
  if (!whole && !Number.isFinite(duration)) return "longer";
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

async function readBytes(read, name) {
  try {
    return await read();
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

function mixToMono(buffer, length) {
  const mono = new Float32Array(length);
  for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
    const samples = buffer.getChannelData(channel);
    for (let i = 0; i < length; i++) mono[i] += samples[i] / buffer.numberOfChannels;
  }
  return mono;
}
