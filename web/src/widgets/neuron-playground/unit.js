// One unit with two inputs.

export const ACTIVATIONS = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  relu: (z) => Math.max(0, z),
  step: (z) => (z > 0 ? 1 : 0),
};

export function weigh([x1, x2], { weights: [w1, w2], bias }) {
  return w1 * x1 + w2 * x2 + bias;
}

/** For each point whether the unit's answer, class 1 where z > 0, is its label. */
export function judge(points, labels, unit) {
  return points.map((point, i) => weigh(point, unit) > 0 === (labels[i] === 1));
}

/** Ends [x1, x2] of the part of the line z = 0 that crosses a box of two ranges [low, high]; empty where it misses it. */
export function boundary({ weights: [w1, w2], bias }, [left, right], [low, high]) {
  const ends = [];
  const add = (x1, x2) => {
    if (x1 >= left && x1 <= right && x2 >= low && x2 <= high) ends.push([x1, x2]);
  };
  if (w2 !== 0) for (const x1 of [left, right]) add(x1, -(w1 * x1 + bias) / w2);
  if (w1 !== 0) for (const x2 of [low, high]) add(-(w2 * x2 + bias) / w1, x2);
  return ends.slice(0, 2);
}
