import assert from "node:assert/strict";
import { test } from "node:test";
import { Endpointer, findWords, FRAME, levelDb } from "../src/widgets/recogniser/endpoint.js";
import { tellLatency } from "../src/widgets/recogniser/answer.js";
import { tellPace, tellScore } from "../src/widgets/recogniser/history.js";
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
  assert.equal(guesses(0), 18); // one every six loud frames from the third on, and one in the first quiet frame
  const few = guesses(70);
  assert.ok(few >= 3 && few <= 9, `${few} guesses`);
});

/** What a listener tells of [level in dB, frames]; the network's opinions are [label, probability], the last one for ever. */
function listen(parts, opinions) {
  const told = [];
  const recognise = () => {
    const [label, probability] = opinions.length > 1 ? opinions.shift() : opinions[0];
    const sure = probability >= 0.6;
    return { sure, probability, label: sure ? label : null };
  };
  const { hear } = createListener({
    recognise,
    margin: () => MARGIN,
    onLevel: () => {},
    onGuess: ({ label, counts }) => counts && told.push(["early", label]),
    onAnswer: ({ label, early }) => told.push(["answer", label, early]),
    onNoWord: (kind) => told.push([kind]),
  });
  for (const [level, frames] of parts) for (let i = 0; i < frames; i++) hear(new Float32Array(FRAME), { rms_db: level });
  return told;
}

const WORD = [[-60, 50], [-20, 5], [-20, 25], [-60, 40]];
const PAUSED = [[-60, 50], [-20, 20], [-60, 9], [-20, 5], [-60, 40]];

test("a sure word is answered in its first quiet frame, and counts once", () => {
  assert.deepEqual(listen(WORD, [["two", 0.9]]), [["early", "two"], ["answer", "two", ["two"]]]);
});

test("an unsure word waits until it is over", () => {
  assert.deepEqual(listen(WORD, [["two", 0.5]]), [["answer", null, []]]);
});

test("a word that goes on after a pause is answered anew", () => {
  const [inside, resumed, after] = [["six", 0.8], ["six", 0.8], ["eight", 0.9]];
  const guessesBefore = Array(3).fill(inside); // while it is spoken
  const told = listen(PAUSED, [...guessesBefore, inside, resumed, after]);
  assert.deepEqual(told, [["early", "six"], ["early", "eight"], ["answer", "eight", ["six", "eight"]]]);
});

test("a pause in a word of which the network is not sure yet says nothing", () => {
  const told = listen(PAUSED, [...Array(5).fill(["six", 0.4]), ["eight", 0.9]]);
  assert.deepEqual(told, [["early", "eight"], ["answer", "eight", ["eight"]]]);
});

test("an answer that the end of the word does not confirm is taken back", () => {
  const told = listen(WORD, [...Array(6).fill(["four", 0.7]), ["one", 0.9]]);
  assert.deepEqual(told, [["early", "four"], ["answer", "one", ["four"]]]);
});

test("two words close together are two answers, each at once", () => {
  const twice = listen([...WORD.slice(0, 3), [-60, 22], [-20, 30], [-60, 40]], [["two", 0.9]]);
  assert.deepEqual(twice.map(([kind]) => kind), ["early", "answer", "early", "answer"]);
});

test("a click is never an answer, however sure the network", () => {
  assert.deepEqual(listen([[-60, 50], [-20, 5], [-60, 40]], [["two", 0.9]]), [["click"]]);
});

test("an answer tells when it was given, and what was taken back", () => {
  assert.equal(tellLatency({ latency: 21.6, label: "two", early: ["two"] }), "Answered 22\u00a0ms after the word’s end.");
  assert.ok(tellLatency({ latency: 212, label: null, early: ["six", "six"] }).endsWith("At first it was taken for six."));
});

test("the pace is counted over spoken words alone", () => {
  assert.equal(tellPace([{ heard: "two" }]), "");
  const spoken = [{ heard: "two", early: ["two"] }, { heard: "eight", early: ["six"] }, { heard: "?", early: [] }, { heard: "one" }];
  assert.equal(tellPace(spoken), "3 spoken words: 2 answered at once, 1 of them taken back.");
});
