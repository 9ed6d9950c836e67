import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, readArray, readShares } from "../src/arrays.js";
import { threeDigits } from "../src/numbers.js";
import { tokens } from "../src/widgets/alignment-explorer/alignment.js";
import { summarise } from "../src/widgets/attention-map/weights.js";
import { patchAt } from "../src/widgets/convolution-stepper/convolution.js";
import { sources, statesOf, successors } from "../src/widgets/ctc-lattice/ctc.js";
import { PHASES, stage, stepAt } from "../src/widgets/ctc-lattice/steps.js";
import { run } from "../src/widgets/gate-stepper/cells.js";
import { equations, memory } from "../src/widgets/gate-stepper/equations.js";
import { OPTIMISERS, walk } from "../src/widgets/loss-surface/optimisers.js";
import { SURFACES } from "../src/widgets/loss-surface/surfaces.js";

test("arrays come out of their bytes, wherever these lie", () => {
  const bytes = new DataView(Float32Array.from([9, 1, -2]).buffer, 4);
  assert.deepEqual(readArray({ shape: [1, 2], values: bytes }), { shape: [1, 2], values: Float32Array.of(1, -2) });
  assert.equal(readArray(null), null);
  assert.deepEqual([...readShares({ shape: [2], values: new DataView(Uint16Array.of(0, 65535).buffer) }).values], [0, 1]);
  assert.deepEqual(extent([3, -1, 2]), [-1, 3]);
});

test("a lattice may skip the blank between different labels, never between equal ones", () => {
  const states = statesOf([1, 1, 2], 0);
  assert.deepEqual(states, [0, 1, 0, 1, 0, 2, 0]);
  assert.deepEqual(sources(states, 3, 0), [3, 2]);
  assert.deepEqual(sources(states, 5, 0), [5, 4, 3]);
  assert.deepEqual(sources(states, 4, 0), [4, 3]);
  assert.deepEqual(sources(states, 0, 0), [0]);
  for (const s of states.keys()) for (const next of successors(states, s, 0)) assert.ok(sources(states, next, 0).includes(s));
});

test("steps go forward, backward and through the occupancy, and find back from every frame", () => {
  assert.equal(stage(0, 4).frame, -1);
  assert.deepEqual([1, 4, 5, 8, 9, 12].map((step) => stage(step, 4).phase[0] + stage(step, 4).frame), ["f0", "f3", "b3", "b0", "o0", "o3"]);
  assert.deepEqual([0, 1, 2, 3].map(stage(6, 4).shown), [false, false, true, true]);
  for (const phase of PHASES) for (const frame of [0, 1, 2, 3]) assert.equal(stage(stepAt(phase, frame, 4), 4).frame, frame);
});

test("small probabilities are told as powers of ten", () => {
  assert.deepEqual([0, 0.1234, 0.00005, 1.5e-12].map(threeDigits), ["0", "0.123", "5.00 · 10⁻⁵", "1.50 · 10⁻¹²"]);
});

test("the equations of a step end in its results", () => {
  const parameters = { input_weight: -2, recurrent_weight: 0.5, input_bias: 1, forget_bias: 1, output_bias: 0, reset_bias: 0 };
  for (const [cell, name] of [["lstm", "h"], ["gru", "h"]]) {
    const step = run(cell, [0.5, -0.25], parameters)[1];
    const [, , numbers] = equations(cell, step, parameters).at(-1);
    assert.equal(Number(numbers.split("= ").at(-1).replace("−", "-")).toFixed(3), step[name].toFixed(3));
  }
  assert.match(memory("lstm", { f: 0.5 }, 0.01), /at 0\.500, half of the memory is gone after 1 frames \(0\.01 s\)/);
  assert.match(memory("gru", { z: 1 }), /update gate open to 1, nothing is ever forgotten/);
});

test("every optimiser goes down every surface", () => {
  for (const surface of Object.keys(SURFACES)) {
    for (const optimiser of Object.keys(OPTIMISERS)) {
      const path = walk({ surface, optimiser, learning_rate: 0.02, momentum: 0.8, start: [-1.5, 1], steps: 100 });
      const { loss } = SURFACES[surface];
      assert.equal(path.length, 101);
      assert.ok(loss(...path.at(-1)) < 0.5 * loss(...path[0]), `${optimiser} on ${surface}`);
    }
  }
});

test("a patch is cut where the stride leads", () => {
  const image = { values: Float32Array.from({ length: 35 }, (_, i) => i), rows: 5, columns: 7 };
  assert.deepEqual(patchAt(image, [1, 2], 2), [[18, 19, 20], [25, 26, 27], [32, 33, 34]]);
});

test("runs of white space are one space, and characters are whole", () => {
  assert.deepEqual(tokens(" on\u3000 \x1foff\n", "word"), ["on", "off"]);
  assert.deepEqual(tokens("a  🙂\t", "character"), ["a", " ", "🙂"]);
  assert.deepEqual(tokens("a\ufeffb", "word"), ["a\ufeffb"]); // Python's str.split does not part here
  assert.deepEqual(tokens("", "word"), []);
});

test("a row that looks at one frame has no entropy, an even one the most", () => {
  assert.deepEqual(summarise(Float32Array.of(0, 1, 0)), { peak: 1, half: 1, entropy: 0 });
  const even = summarise(new Float32Array(8).fill(1 / 8));
  assert.equal(even.half, 4);
  assert.ok(Math.abs(even.entropy - Math.log(8)) < 1e-12);
});
