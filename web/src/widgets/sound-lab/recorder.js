// Recording: the button, the level, the scrolling picture, and what may go wrong.

import { button, h } from "../../controls.js";
import { startCapture } from "../../capture.js";
import { createLive } from "./live.js";

const RATE = 16000;
export const LONGEST = 30; // seconds
const LOUDEST = 0.99;

/**
 * Record button and level meter: {elements, active}. `picture()` gives the canvas and the settings to draw with;
 * `onStart()`, `onRunning()`, `onDone(samples, sample_rate, message)` and `onError(error)` are told how it goes.
 */
export function createRecorder({ picture, onStart, onRunning, onDone, onError, signal }) {
  let capture = null;
  let stopping = null; // AbortController of a recording that begins or runs
  const bar = h("span", { className: "sbw-level-bar" });
  const meter = h("span", { className: "sbw-level", "aria-hidden": "true", hidden: true }, bar);
  const clock = h("span", { className: "sbw-clock", hidden: true });
  const record = button({ label: "Record", icon: "record", onClick: () => (stopping ? finish("") : start()) });
  signal.addEventListener("abort", () => stopping?.abort());

  async function start() {
    stopping = new AbortController();
    const { signal: ended } = stopping;
    let loud = false;
    record.set({ label: "Stop", icon: "stop" });
    onStart();
    try {
      capture = await startCapture({
        sample_rate: RATE,
        keep_seconds: LONGEST,
        signal: ended,
        onFrame: (_, { seconds, rms_db, peak }) => {
          loud ||= peak >= LOUDEST;
          bar.style.width = `${Math.max(0, 100 + (100 / 60) * rms_db)}%`;
          bar.classList.toggle("sbw-too-loud", peak >= LOUDEST);
          clock.textContent = `${seconds.toFixed(1)} / ${LONGEST} s${loud ? ", too loud" : ""}`;
          if (seconds >= LONGEST) finish(`A recording lasts at most ${LONGEST} s here; this one was stopped.`);
        },
        onLost: (error) => finish(error.message, { error: true }),
      });
    } catch (error) {
      if (ended.aborted) return;
      reset();
      onError(error);
      return;
    }
    meter.hidden = clock.hidden = false;
    onRunning();
    const live = createLive(picture().canvas, { ring: capture.ring, sample_rate: RATE, settings: picture().settings });
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = () => {
      if (ended.aborted) return;
      live.draw();
      if (isCalm) setTimeout(step, 500);
      else requestAnimationFrame(step);
    };
    step();
  }

  function finish(message, { error = false } = {}) {
    if (!stopping) return;
    const samples = capture?.stop() ?? new Float32Array(0);
    stopping.abort();
    reset();
    onDone(samples, RATE, message, { error });
  }

  function reset() {
    stopping = capture = null;
    meter.hidden = clock.hidden = true;
    record.set({ label: "Record", icon: "record" });
  }

  return { elements: [record.element, meter, clock], get active() { return stopping !== null; } };
}
