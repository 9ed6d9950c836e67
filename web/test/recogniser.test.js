import assert from "node:assert/strict";
import { test } from "node:test";
import { Endpointer, findWords, FRAME, levelDb } from "../src/widgets/recogniser/endpoint.js";
import { tellScore } from "../src/widgets/recogniser/history.js";
import { createListener } from "../src/widgets/recogniser/listener.js";

const MARGIN = 10;

/** Events of levels given as [level in dB, frames]. */
function follow(...parts) {
  const endpointer = new Endpointer();
  const levels = parts.flatMap(([level, count]) => Array(count).fill(level));
  return levels.map((level) => endpointer.push(level, MARGIN).event).filter(Boolean);
}

test("a word begins a little before it is loud and ends a little after", () => {
  const [begin, pause, end, ...more] = follow([-60, 50], [-20, 30], [-60, 40]);
  assert.deepEqual([begin.kind, pause.kind, end.kind, more.length], ["begin", "pause", "end", 0]);
  assert.deepEqual([end.first, end.last], [50, 79]);
  assert.deepEqual([end.start, end.end], [35, 92]);
});

test("a short pause does not end a word, a long one does", () => {
  const kinds = (gap) => follow([-60, 50], [-20, 20], [-60, gap], [-20, 10], [-60, 30]).map(({ kind }) => kind);
  assert.deepEqual(kinds(12), ["begin", "pause", "resume", "pause", "end"]);
  assert.deepEqual(kinds(25).filter((kind) => kind === "end"), ["end", "end"]);
});

test("a drawn-out word is one word", () => {
  const events = follow([-60, 50], [-20, 225], [-60, 40]);
  assert.deepEqual(events.map(({ kind }) => kind), ["begin", "pause", "end"]);
  assert.deepEqual([events.at(-1).first, events.at(-1).last], [50, 274]);
});

test("a click is no word, and neither is what does not end", () => {
  assert.deepEqual(follow([-60, 50], [-20, 4], [-60, 30]).map(({ kind }) => kind), ["begin", "pause", "click"]);
  assert.deepEqual(follow([-60, 50], [-20, 600]).map(({ kind }) => kind), ["begin", "hum"]);
});

test("the threshold follows the noise, but not into a word", () => {
  assert.deepEqual(follow([-60, 50], [-55, 300]), []); // below the margin
  assert.ok(follow([-60, 50], [-45, 900], [-20, 30], [-45, 40]).some(({ kind, first }) => kind === "end" && first >= 940));
  assert.deepEqual(follow([-100, 400]), []); // a digital silence
});

test("words are found in a recording, also one that begins at once", () => {
  const sound = (seconds, amplitude) => Float32Array.from({ length: 8000 * seconds }, (_, i) => amplitude * Math.sin(i));
  const parts = [sound(0.4, 0.5), sound(0.6, 0.0005), sound(0.3, 0.2), sound(0.5, 0.0005)];
  const recording = Float32Array.from(parts.flatMap((part) => [...part]));
  const words = findWords(recording, MARGIN);
  assert.equal(words.length, 2);
  assert.equal(words[0][0], 0);
  assert.ok(words[1][0] < 8000 && words[1][1] > 1.3 * 8000);
  assert.deepEqual(findWords(new Float32Array(16000), MARGIN), []);
  assert.deepEqual(findWords(new Float32Array(10), MARGIN), []);
});

test("levels are decibels below full scale", () => {
  assert.equal(levelDb(new Float32Array(FRAME).fill(1)), 0);
  assert.ok(Math.abs(levelDb(new Float32Array(FRAME).fill(0.1)) + 20) < 1e-5);
  assert.equal(levelDb(new Float32Array(FRAME)), -100);
});

test("to say that one does not know a word that one never learnt is right", () => {
  const known = [{ said: "one", heard: "one" }, { said: "two", heard: "?" }, { said: "other", heard: "?" }, { said: "other", heard: "one" }];
  assert.equal(tellScore(known), "4 sounds: 2 right, 1 wrong, 2 answered with “I do not know”.");
});

/** Guesses made during a word of 100 frames, with a network that takes that many milliseconds. */
function guesses(milliseconds) {
  const recognise = () => {
    for (const start = performance.now(); performance.now() - start < milliseconds; );
    return {};
  };
  let [count, answered] = [0, 0];
  const nothing = () => {};
  const { hear } = createListener({ recognise, margin: () => MARGIN, onLevel: nothing, onGuess: () => count++, onAnswer: () => answered++, onNoWord: nothing });
  for (const [level, frames] of [[-60, 30], [-20, 100], [-60, 30]])
    for (let i = 0; i < frames; i++) hear(new Float32Array(FRAME), { rms_db: level });
  assert.equal(answered, 1);
  return count;
}

test("on a slow device there are fewer guesses, but still one as the word ends, and the answer", () => {
  assert.equal(guesses(0), 21);
  const few = guesses(70);
  assert.ok(few >= 3 && few <= 9, `${few} guesses`);
});
