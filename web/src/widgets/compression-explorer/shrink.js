// What pruning by magnitude and symmetric rounding make of one kernel, as speechbook.compress does it.

const FLOAT = 32;

/** Weights with the share of least magnitude set to zero, and rounded to `bits` with one step for the whole kernel. */
export function shrink(kernel, { bits, share }) {
  const order = [...kernel.keys()].sort((i, j) => Math.abs(kernel[i]) - Math.abs(kernel[j]) || i - j);
  const values = Float32Array.from(kernel);
  for (const place of order.slice(0, rint(share * kernel.length))) values[place] = 0;
  if (bits === FLOAT) return values;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const step = Math.fround(largest > 0 ? largest / (2 ** (bits - 1) - 1) : 1);
  return values.map((value) => rint(Math.fround(value / step)) * step);
}

/** How often each value occurs: [value, count], by value. */
export function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value + 0, (counts.get(value + 0) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b);
}

/** Whole number next to a value; of two as near the even one, as NumPy has it. */
export function rint(value) {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
