import assert from "node:assert/strict";
import { test } from "node:test";
import { fromFile, mergeCards, toFile } from "../src/page/progress/file.js";
import { EMPTY, NewerVersion, answerQuestion, clean, markRead, merge, moveTo, parse, rightOf, tick } from "../src/page/progress/state.js";
import { summarise, totals, whereNext } from "../src/page/progress/summary.js";
import { parse as parseCards } from "../src/page/schedule.js";

const PARTS = [
  { part: "One", chapters: [{ page: "a", title: "A", exercises: ["a1", "a2"], questions: 3 }] },
  { part: "Two", chapters: [{ page: "b", title: "B", exercises: ["b1"], questions: 2 }, { page: "c", title: "C", exercises: [], questions: 0 }] },
];

const answer = (state, index, right) => answerQuestion(state, "a", { index, count: 3, right });
const place = (page, at = 1) => ({ page, section: "s", heading: "S", at });

test("an exercise is ticked and unticked, and the state before is left alone", () => {
  const before = tick(EMPTY, "a1", true);
  const after = tick(tick(before, "a2", true), "a1", false);
  assert.deepEqual(before.solved, { a1: true });
  assert.deepEqual(after.solved, { a2: true });
  assert.deepEqual(EMPTY.solved, {});
});

test("a question that was right once stays right", () => {
  let state = answer(EMPTY, 1, false);
  assert.equal(state.quizzes.a, ".-.");
  state = answer(answer(state, 1, true), 2, true);
  assert.equal(state.quizzes.a, ".++");
  assert.equal(answer(state, 2, false).quizzes.a, ".++");
  assert.equal(rightOf(state.quizzes.a), 2);
  assert.equal(rightOf(undefined), 0);
});

test("what is stored is read back, and nonsense is left out", () => {
  const state = moveTo(markRead(answer(tick(EMPTY, "a1", true), 0, true), "a", true), place("a"));
  assert.deepEqual(parse(JSON.stringify(state)), state);
  for (const text of [null, "", "nonsense", "null", "[1]", "3", "{}"]) assert.deepEqual(parse(text), EMPTY, text);
  const damaged = { version: 1, read: { a: "yes", b: true }, solved: [1], quizzes: { a: "<b>", b: 3, c: "+" }, place: { page: "a" } };
  assert.deepEqual(clean(damaged), { ...EMPTY, read: { b: true }, quizzes: { c: "+" } });
  assert.equal(Object.getPrototypeOf(clean(JSON.parse('{"solved":{"__proto__":true}}')).solved), Object.prototype);
});

test("progress of a newer edition is refused, not overwritten", () => {
  assert.throws(() => parse('{"version":2}'), NewerVersion);
});

test("two states are merged to what either knows", () => {
  const one = moveTo(answer(markRead(tick(EMPTY, "a1", true), "a", false), 0, true), place("a", 5));
  const other = moveTo(answer(markRead(tick(EMPTY, "b1", true), "a", true), 1, false), place("b", 7));
  const both = { version: 1, read: { a: true }, solved: { a1: true, b1: true }, quizzes: { a: "+-." }, place: place("b", 7) };
  assert.deepEqual(merge(one, other), both);
  assert.deepEqual(merge(other, one), both);
  assert.deepEqual(merge(one, EMPTY), one);
});

test("a file gives back what was saved, and other files are refused in words", () => {
  const state = tick(EMPTY, "a1", true);
  const cards = { ctc: [1, 20000] };
  assert.deepEqual(fromFile(toFile(state, cards), parseCards), { progress: state, cards });
  for (const text of ["", "[]", "null", '{"book":"other"}']) assert.throws(() => fromFile(text, parseCards), /does not hold progress from this book/, text);
  assert.throws(() => fromFile('{"book":"learning-to-listen","progress":{"version":9}}', parseCards), /newer edition/);
  assert.deepEqual(mergeCards({ a: [1, 5], b: [3, 9] }, { a: [2, 7], b: [1, 2], c: [0, 1] }), { a: [2, 7], b: [3, 9], c: [0, 1] });
});

test("sums count only what the book still has", () => {
  let state = tick(tick(tick(EMPTY, "a1", true), "b1", true), "gone", true);
  state = answerQuestion(markRead(markRead(state, "c", true), "gone", true), "b", { index: 3, count: 4, right: true });
  const book = summarise(PARTS, answer(state, 2, true));
  assert.deepEqual(totals(book), { read: [1, 3], solved: [2, 3], right: [1, 5] });
  assert.deepEqual(book[1].chapters.map(({ read, solved, right }) => [read, solved, right]), [[false, 1, 0], [true, 0, 0]]);
});

test("one goes on where one was, or with the next chapter that is not read", () => {
  const next = (read, at) => whereNext(summarise(PARTS, { ...EMPTY, read }), at && place(at));
  assert.equal(next({}, null), null);
  assert.equal(next({}, "gone"), null);
  assert.deepEqual(next({}, "b"), { page: "b", title: "B", section: "s", heading: "S" });
  assert.deepEqual(next({ b: true }, "b"), { page: "c", title: "C" });
  assert.deepEqual(next({ b: true, c: true }, "b"), { page: "a", title: "A" });
  assert.equal(next({ a: true, b: true, c: true }, "b"), null);
});
