import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { sha256 } from "../src/network/sha256.js";
import { trim } from "../src/network/frontend.js";

test("SHA-256 equals the system's, also around the ends of its blocks", () => {
  for (const length of [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) % 256);
    assert.equal(sha256(bytes), createHash("sha256").update(bytes).digest("hex"), `${length} bytes`);
  }
});

test("what is quiet at both ends is cut off, but for a margin", () => {
  const y = new Float32Array(8800).fill(0.001);
  y.fill(0.5, 4000, 4800);
  const settings = { sample_rate: 8000, top_db: 30, margin: 0.03 };
  const kept = trim(y, settings);
  assert.ok(kept.length > 1200 && kept.length < 1600, String(kept.length));
  assert.equal(trim(new Float32Array(100), settings).length, 100);
});
