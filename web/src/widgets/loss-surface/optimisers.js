// Keras' update rules, and the path that one of them takes down a surface.

import { SURFACES } from "./surfaces.js";

const FARTHEST = 1e6; // a path that leaves these bounds has diverged and ends
const EPSILON = 1e-7;
const RHO = 0.9;
const [BETA_1, BETA_2] = [0.9, 0.999];

/** For each optimiser a function that gives one weight's rule: from its gradient and the step's number to its change. */
export const OPTIMISERS = {
  sgd:
    ({ learning_rate }) =>
    (gradient) =>
      -learning_rate * gradient,
  momentum: ({ learning_rate, momentum }) => {
    let change = 0;
    return (gradient) => (change = momentum * change - learning_rate * gradient);
  },
  rmsprop: ({ learning_rate }) => {
    let square = 0;
    return (gradient) => {
      square = RHO * square + (1 - RHO) * gradient ** 2;
      return (-learning_rate * gradient) / Math.sqrt(square + EPSILON);
    };
  },
  adam: ({ learning_rate }) => {
    let mean = 0;
    let square = 0;
    return (gradient, step) => {
      mean += (gradient - mean) * (1 - BETA_1);
      square += (gradient ** 2 - square) * (1 - BETA_2);
      const rate = (learning_rate * Math.sqrt(1 - BETA_2 ** step)) / (1 - BETA_1 ** step);
      return (-rate * mean) / (Math.sqrt(square) + EPSILON);
    };
  },
};

/** Places [x, y] from the start on; shorter than `steps` + 1 if the path diverges. */
export function walk({ surface, optimiser, start, steps, ...settings }) {
  const { gradient } = SURFACES[surface];
  const rules = start.map(() => OPTIMISERS[optimiser](settings));
  const path = [start];
  for (let step = 1; step <= steps; step++) {
    const slopes = gradient(...path.at(-1));
    const place = path.at(-1).map((weight, i) => weight + rules[i](slopes[i], step));
    if (!place.every((weight) => Math.abs(weight) < FARTHEST)) break;
    path.push(place);
  }
  return path;
}
