// Runs the arithmetic of the teaching widgets, for the comparison with Python in tests/test_teaching_widgets.py.
// Input: [[name, ...arguments], ...]. Output: the results, in the same order. JSON has no infinities: they cross as null.

import { readFileSync } from "node:fs";
import { ACTIVATIONS, boundary, judge, weigh } from "../src/widgets/neuron-playground/unit.js";
import { evaluate } from "../src/widgets/softmax-explorer/softmax.js";

const functions = {
  softmax: evaluate,
  outputs: (points, unit) => points.map((point) => ACTIVATIONS[unit.activation](weigh(point, unit))),
  judge,
  boundary,
};

const orders = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(orders.map(([name, ...values]) => functions[name](...values))));
