// Functions of two weights to go down, with their gradients and their minima.

export const REACH = [2, 1.5]; // starts lie within these either way

export const SURFACES = {
  bowl: {
    formula: "½ x² + ½ y²",
    loss: (x, y) => 0.5 * x ** 2 + 0.5 * y ** 2,
    gradient: (x, y) => [x, y],
    minima: [[0, 0]],
  },
  ravine: {
    formula: "½ x² + 7.5 y²",
    loss: (x, y) => 0.5 * x ** 2 + 7.5 * y ** 2,
    gradient: (x, y) => [x, 15 * y],
    minima: [[0, 0]],
  },
  "two valleys": {
    formula: "½ (x² − 1)² + ¼ x + y²",
    loss: (x, y) => 0.5 * (x ** 2 - 1) ** 2 + 0.25 * x + y ** 2,
    gradient: (x, y) => [2 * x * (x ** 2 - 1) + 0.25, 2 * y],
    minima: [
      [-1.0574538, 0],
      [0.9304029, 0],
    ], // roots of the gradient, 2 x³ − 2 x + ¼
  },
  saddle: {
    formula: "½ x² − ½ y² + ¼ y⁴",
    loss: (x, y) => 0.5 * x ** 2 - 0.5 * y ** 2 + 0.25 * y ** 4,
    gradient: (x, y) => [x, y ** 3 - y],
    minima: [
      [0, -1],
      [0, 1],
    ],
  },
};
