import assert from "node:assert/strict";
import { test } from "node:test";
import { COLOUR_MAPS, colourTable, formatNumber, ticks } from "../src/draw/index.js";

for (const name of COLOUR_MAPS) {
  test(`${name} grows lighter from end to end`, () => {
    const table = colourTable(name);
    const lightness = (i) => 0.2126 * table[3 * i] + 0.7152 * table[3 * i + 1] + 0.0722 * table[3 * i + 2];
    assert.equal(table.length, 768);
    for (let i = 8; i < 256; i += 8) assert.ok(lightness(i) > lightness(i - 8), `entry ${i}`);
  });
}

test("an unknown colour map is refused by name", () => {
  assert.throws(() => colourTable("jet"), /viridis, cividis, grey, but is jet/);
});

test("ticks are round numbers within the range", () => {
  assert.deepEqual(ticks(0, 4000, 5), [0, 1000, 2000, 3000, 4000]);
  assert.deepEqual(ticks(-60, 0, 3), [-60, -40, -20, 0]);
  assert.deepEqual(ticks(0, 0.286, 6), [0, 0.05, 0.1, 0.15, 0.2, 0.25]);
});

test("numbers carry a true minus sign and no rounding dust", () => {
  assert.equal(formatNumber(-0.30000000000000004), "−0.3");
});
