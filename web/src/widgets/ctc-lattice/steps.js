// The order of the calculation: frame by frame forward, frame by frame backward, then both together.

export const PHASES = ["forward", "backward", "occupancy"];

/** {phase, frame, shown(t)}: what step number `step` does, from 0 (nothing yet) to 3 frames; `shown` is what it has done so far. */
export function stage(step, frames) {
  if (step === 0) return { phase: "forward", frame: -1, shown: () => false };
  const phase = PHASES[Math.floor((step - 1) / frames)];
  const count = (step - 1) % frames;
  if (phase === "backward") return { phase, frame: frames - 1 - count, shown: (t) => t >= frames - 1 - count };
  return { phase, frame: count, shown: (t) => t <= count };
}

/** Step that stands at `frame` of a phase. */
export function stepAt(phase, frame, frames) {
  return 1 + PHASES.indexOf(phase) * frames + (phase === "backward" ? frames - 1 - frame : frame);
}
