// One row of attention weights, summed up.

/** Weights that a query frame gives to all frames: the part of `values` [heads, frames, frames] for it. */
export function rowOf({ shape, values }, head, frame) {
  const count = shape[2];
  const start = (head * count + frame) * count;
  return values.subarray(start, start + count);
}

/** {peak: the frame with most weight, half: how few frames hold half of the weight, entropy in nats}. */
export function summarise(row) {
  const sorted = [...row].sort((a, b) => b - a);
  let sum = 0;
  const half = 1 + sorted.findIndex((weight) => (sum += weight) >= 0.5 - 1e-4);
  const entropy = sorted.reduce((total, weight) => total - (weight > 0 ? weight * Math.log(weight) : 0), 0);
  return { peak: row.indexOf(sorted[0]), half, entropy };
}
