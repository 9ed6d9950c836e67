// Recurrent layers over (time, channels). Their gates lie side by side in each kernel, in Keras's order.

import { addProducts, pointwise } from "./dense.js";

/** Long short-term memory (Hochreiter & Schmidhuber 1997); gates: input, forget, candidate, output. */
export function lstm(x, { activation, recurrent_activation, ...step }) {
  const [act, gate] = [pointwise(activation), pointwise(recurrent_activation)];
  const units = step.recurrent_kernel.shape[0];
  const cell = new Float64Array(units);
  const sums = new Float64Array(4 * units);
  return recur(x, step, units, (frame, state) => {
    if (step.bias) sums.set(step.bias.data);
    else sums.fill(0);
    addProducts(sums, x.data, frame, step.kernel.data, x.shape[1]);
    addProducts(sums, state, 0, step.recurrent_kernel.data, units);
    for (let i = 0; i < units; i++) {
      cell[i] = gate(sums[units + i]) * cell[i] + gate(sums[i]) * act(sums[2 * units + i]);
      state[i] = gate(sums[3 * units + i]) * act(cell[i]);
    }
  });
}

/** Gated recurrent unit (Cho et al. 2014), the reset gate applied after the product as in cuDNN; gates: update, reset, candidate. */
export function gru(x, { activation, recurrent_activation, ...step }) {
  const [act, gate] = [pointwise(activation), pointwise(recurrent_activation)];
  const units = step.recurrent_kernel.shape[0];
  const [outer, inner] = [new Float64Array(3 * units), new Float64Array(3 * units)];
  const [outerBias, innerBias] = step.bias ? [step.bias.data.subarray(0, 3 * units), step.bias.data.subarray(3 * units)] : [outer.slice(), inner.slice()];
  return recur(x, step, units, (frame, state) => {
    outer.set(outerBias);
    inner.set(innerBias);
    addProducts(outer, x.data, frame, step.kernel.data, x.shape[1]);
    addProducts(inner, state, 0, step.recurrent_kernel.data, units);
    for (let i = 0; i < units; i++) {
      const update = gate(outer[i] + inner[i]);
      const reset = gate(outer[units + i] + inner[units + i]);
      const candidate = act(outer[2 * units + i] + reset * inner[2 * units + i]);
      state[i] = update * state[i] + (1 - update) * candidate;
    }
  });
}

/** Go through all frames with `advance(place of the frame, state)`; gives the last state, or all of them in their places. */
function recur({ shape: [time, channels] }, { sequences, backwards }, units, advance) {
  const state = new Float64Array(units);
  const out = new Float32Array(sequences ? time * units : units);
  for (let step = 0; step < time; step++) {
    const t = backwards ? time - 1 - step : step;
    advance(t * channels, state);
    if (sequences) out.set(state, t * units);
  }
  if (!sequences) out.set(state);
  return { data: out, shape: sequences ? [time, units] : [units] };
}
