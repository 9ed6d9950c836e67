// Sound from the microphone: short frames at the wanted sample rate, and a bounded memory of the last seconds.
// Nothing is stored outside this page's memory, and nothing is sent anywhere.

import { AudioError } from "./audio.js";
import { createResampler } from "./dsp/index.js";

export const KEEP_SECONDS = 60;
const STARTS_WITHIN = 3000; // milliseconds from the permission to the first sound

// What is recorded must be what was said: recognisers and pictures suffer from the filters made for telephone calls.
const MICROPHONE = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };

// Runs in the audio thread, which takes its program from a URL only: a blob, so that no further file is needed
const WORKLET = `registerProcessor("speechbook-capture", class extends AudioWorkletProcessor {
  constructor() { super(); this.block = new Float32Array(512); this.filled = 0; this.on = true; this.port.onmessage = () => (this.on = false); }
  process([[channel]]) {
    for (let i = 0; channel && i < channel.length; i++) {
      this.block[this.filled++] = channel[i];
      if (this.filled < 512) continue;
      this.port.postMessage(this.block, [this.block.buffer]);
      this.block = new Float32Array(512);
      this.filled = 0;
    }
    return this.on;
  }
});`;

const REASONS = {
  insecure:
    "Browsers lend the microphone only to secure pages: open this page by HTTPS or from localhost. Files can be opened all the same.",
  worklet:
    "This browser cannot record in a page (it has no AudioWorklet). A current version of Firefox, Chrome, Edge or Safari can; files can be opened all the same.",
  missing: "No microphone was found. Plug one in or switch it on, then try again; files can be opened all the same.",
  refused:
    "The page may not use the microphone. Allow it for this page in the browser (the sign beside the address) and in the system's settings, then try again.",
  busy: "The microphone is there but gives no sound: another program may hold it. Close that program or plug the microphone in again, then try again.",
  unplugged: "The microphone was unplugged or switched off. What was recorded until then is kept; plug it in and record again.",
  interrupted: "The system interrupted the recording, as for a call. What was recorded until then is kept; record again.",
};

const KINDS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** An AudioError whose `kind` is "insecure", "worklet", "missing", "refused", "busy", "unplugged" or "interrupted". */
export class CaptureError extends AudioError {
  constructor(kind) {
    super(REASONS[kind]);
    this.kind = kind;
  }
}

/** The last `capacity` samples of all that were pushed. */
export class RingBuffer {
  #samples;
  total = 0; // samples pushed so far

  constructor(capacity) {
    this.#samples = new Float32Array(capacity);
  }

  get length() {
    return Math.min(this.total, this.#samples.length);
  }

  push(samples) {
    const capacity = this.#samples.length;
    const kept = samples.subarray(Math.max(0, samples.length - capacity));
    const start = (this.total + samples.length - kept.length) % capacity;
    const fits = Math.min(kept.length, capacity - start);
    this.#samples.set(kept.subarray(0, fits), start);
    this.#samples.set(kept.subarray(fits), 0);
    this.total += samples.length;
  }

  /** Copy of the last `count` samples, or of all that are there. */
  latest(count = this.length) {
    return this.slice(this.total - Math.min(count, this.length), this.total);
  }

  /** Copy of the samples from `start` to `end`, counted from the first that was ever pushed; those gone by are left out. */
  slice(start, end) {
    const capacity = this.#samples.length;
    const first = Math.max(start, this.total - this.length);
    const out = new Float32Array(Math.max(0, Math.min(end, this.total) - first));
    const from = first % capacity;
    const fits = Math.min(out.length, capacity - from);
    out.set(this.#samples.subarray(from, from + fits));
    out.set(this.#samples.subarray(0, out.length - fits), fits);
    return out;
  }
}

/** {rms_db, peak} of a frame; rms_db is 0 for a square wave at full scale, and at least -100. */
export function levelOf(frame) {
  let power = 0;
  let peak = 0;
  for (const sample of frame) {
    power += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  return { rms_db: 10 * Math.log10(Math.max(1e-10, power / frame.length)), peak };
}

/** Throws the CaptureError that says why this browser or page cannot record at all, if so. */
export function checkCapture() {
  if (globalThis.isSecureContext === false || !navigator.mediaDevices?.getUserMedia) throw new CaptureError("insecure");
  if (!globalThis.AudioContext || !globalThis.AudioWorkletNode) throw new CaptureError("worklet");
}

/**
 * Start to record; call it from a click or a key, or some browsers refuse.
 *
 * `onFrame(samples, {seconds, rms_db, peak})` gets every `frame_length` samples (Float32Array, at `sample_rate` Hz) in
 * turn; `seconds` is where the frame ends, counted from the start. `onLost(error)` is called at most once, with a
 * CaptureError, when the device goes away; the recording has stopped then. The last `keep_seconds` stay in `ring`:
 * 4 · keep_seconds · sample_rate bytes, 3.84 MB for 60 s at 16 kHz. When `signal` aborts, all stops and nothing is told.
 *
 * Resolves to {sample_rate, device, ring, stop}: `stop()` releases the microphone and returns what `ring` holds.
 * Rejects with a CaptureError that says what is wrong and what to do, or with the signal's reason.
 */
export async function startCapture({ sample_rate, frame_length = Math.round(sample_rate / 100), keep_seconds = KEEP_SECONDS, onFrame, onLost, signal }) {
  checkCapture();
  const ring = new RingBuffer(Math.round(keep_seconds * sample_rate));
  const context = new AudioContext({ latencyHint: "interactive" }); // before any await: it needs the reader's click
  let stream = null;
  let node = null;
  let running = true;

  function release() {
    running = false;
    node?.port.postMessage("stop");
    stream?.getTracks().forEach((track) => track.stop());
    context.close().catch(() => {});
  }

  function lose(kind) {
    if (!running) return;
    stop();
    onLost?.(new CaptureError(kind));
  }

  let resampler = null;
  let frame = new Float32Array(frame_length);
  let filled = 0;
  const collect = (samples) => {
    ring.push(samples);
    for (let i = 0; running && i < samples.length; ) {
      const taken = Math.min(frame_length - filled, samples.length - i);
      frame.set(samples.subarray(i, i + taken), filled);
      [filled, i] = [filled + taken, i + taken];
      if (filled < frame_length) continue;
      const seconds = (ring.total - samples.length + i) / sample_rate;
      onFrame?.(frame, { seconds, ...levelOf(frame) });
      frame = new Float32Array(frame_length);
      filled = 0;
    }
  };

  function stop() {
    if (running && resampler) ring.push(resampler.flush());
    release();
    return ring.latest();
  }

  signal?.addEventListener("abort", release);
  try {
    stream = await openMicrophone();
    signal?.throwIfAborted();
    await loadWorklet(context);
    resampler = createResampler({ orig_sr: context.sampleRate, target_sr: sample_rate });
    node = new AudioWorkletNode(context, "speechbook-capture", { channelCount: 1, channelCountMode: "explicit" });
    const started = new Promise((resolve) => {
      node.port.onmessage = ({ data }) => {
        resolve(true);
        if (running) collect(resampler.push(data));
      };
    });
    const [track] = stream.getAudioTracks();
    track.addEventListener("ended", () => lose("unplugged"));
    context.addEventListener("statechange", () => context.state === "interrupted" && lose("interrupted"));
    context.createMediaStreamSource(stream).connect(node).connect(context.destination); // silent: the node puts nothing out
    context.resume().catch(() => {});
    const isHeard = await Promise.race([started, pause(STARTS_WITHIN)]);
    signal?.throwIfAborted();
    if (!isHeard) throw new CaptureError("busy");
    return { sample_rate, device: track.label, ring, stop };
  } catch (error) {
    release();
    throw error;
  }
}

async function openMicrophone() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE });
  } catch (error) {
    throw new CaptureError(KINDS[error.name] ?? "busy");
  }
}

async function loadWorklet(context) {
  const url = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
  try {
    await context.audioWorklet.addModule(url);
  } catch {
    throw new CaptureError("worklet");
  } finally {
    URL.revokeObjectURL(url);
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, false));
}
