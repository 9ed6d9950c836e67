// An LSTM and a GRU of one unit. Each step holds what went in (`x`, and the `before` values) and what came out.

export const CELLS = { lstm, gru };

/** All steps of a cell over a signal, starting from nothing. */
export function run(cell, signal, parameters) {
  let state = { c: 0, h: 0 };
  return Array.from(signal, (x) => {
    state = { x, before: { c: state.c, h: state.h }, ...CELLS[cell](x, state, parameters) };
    return state;
  });
}

function lstm(x, { c, h }, { input_weight: w, recurrent_weight: u, input_bias, forget_bias, output_bias }) {
  const i = sigmoid(w * x + u * h + input_bias);
  const f = sigmoid(u * h + forget_bias);
  const o = sigmoid(u * h + output_bias);
  const g = Math.tanh(w * x + u * h);
  const kept = f * c + i * g;
  return { i, f, o, g, c: kept, h: o * Math.tanh(kept) };
}

function gru(x, { h }, { input_weight: w, recurrent_weight: u, forget_bias, reset_bias }) {
  const z = sigmoid(-w * x + u * h + forget_bias);
  const r = sigmoid(u * h + reset_bias);
  const g = Math.tanh(w * x + r * (u * h));
  return { z, r, g, c: 0, h: z * h + (1 - z) * g };
}

function sigmoid(z) {
  return 1 / (1 + Math.exp(-z));
}
