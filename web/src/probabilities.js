// Probabilities that a reader changes by hand.

/** Distribution `frame` with `value` for one class, the others scaled so that all sum to 1. */
export function withProbability(frame, k, value) {
  const rest = 1 - frame[k];
  const share = (p) => (rest > 1e-9 ? (p / rest) * (1 - value) : (1 - value) / (frame.length - 1));
  return frame.map((p, j) => (j === k ? value : share(p)));
}

/** Distributions in nested lists with `value` for one class of one of them, the one at `place`, whose last number is the class. */
export function withProbabilityAt(values, [i, ...deeper], value) {
  if (!deeper.length) return withProbability(values, i, value);
  return values.map((part, j) => (j === i ? withProbabilityAt(part, deeper, value) : part));
}
