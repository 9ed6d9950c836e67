import assert from "node:assert/strict";
import { test } from "node:test";
import { clamp, fixed, percent, roundUp } from "../src/numbers.js";

test("fixed numbers have a true minus sign and never a negative zero", () => {
  assert.equal(fixed(-1.005, 1), "−1.0");
  assert.equal(fixed(-0.0004, 3), "0.000");
  assert.equal(fixed(2), "2.00");
});

test("a percentage does not part from its sign", () => {
  assert.equal(percent(0.714, 1), "71.4\u00a0%");
});

test("limits are rounded up to 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual([0, 0.011, 0.2, 3, 5, 5.1, 990].map(roundUp), [0, 0.02, 0.2, 5, 5, 10, 1000]);
});

test("clamping keeps a value within its limits", () => {
  assert.deepEqual([-1, 0.5, 2].map((value) => clamp(value, 0, 1)), [0, 0.5, 1]);
});
