// Going through something step by step: back, on, play, and a slider to go anywhere.

import { button, h, slider } from "./controls.js";
import { clamp } from "./numbers.js";

const WHOLE = 15; // seconds to play everything
const SLOWEST = 600; // milliseconds a step
const FASTEST = 50;

/** `onStep(step)` is told every step from 0 to `last`; `describe(step)` words it for the slider. */
export function createStepper({ label, describe, onStep, signal }) {
  let step = 0;
  let last = 0;
  let timer = 0;
  const go = (next) => onStep(clamp(next, 0, last));
  const byHand = (next) => {
    stop();
    go(next);
  };
  const position = slider({ label, min: 0, max: 1, step: 1, value: 0, describe, onInput: byHand });
  const back = button({ label: "Back", onClick: () => byHand(step - 1) });
  const on = button({ label: "Step", onClick: () => byHand(step + 1) });
  const play = button({ label: "Play", icon: "play", primary: true, onClick: () => (timer ? stop() : start()) });
  const element = h(
    "div",
    { className: "sbw-stepper" },
    h("div", { className: "sbw-bar" }, play.element, back.element, on.element),
    position.element,
  );
  signal.addEventListener("abort", stop);

  function start() {
    const pace = clamp((1000 * WHOLE) / (last + 1), FASTEST, SLOWEST);
    const stride = Math.max(1, Math.round(((last + 1) * FASTEST) / (1000 * WHOLE)));
    if (step >= last) go(0);
    play.set({ label: "Stop", icon: "stop" });
    timer = setInterval(() => (step >= last ? stop() : go(step + stride)), pace);
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.set({ label: "Play", icon: "play" });
  }

  function set(next, nextLast) {
    [step, last] = [next, nextLast];
    position.setRange({ max: last });
    position.set(step);
  }

  return { element, set };
}
