import assert from "node:assert/strict";
import { test } from "node:test";
import { REST, answer, dayOf, due, parse, tally } from "../src/page/schedule.js";
import { fold, matches } from "../src/page/search.js";

test("a card that is known rests longer each time, one that is not starts again", () => {
  let state = {};
  let today = 100;
  const rests = [];
  for (let i = 0; i < 8; i++) {
    state = answer(state, "ctc", true, today);
    rests.push(state.ctc[1] - today);
    today = state.ctc[1];
  }
  assert.deepEqual(rests, [1, 3, 7, 14, 30, 60, 60, 60]);
  state = answer(state, "ctc", false, today);
  assert.deepEqual(state.ctc, [0, today]);
  assert.equal(answer(state, "ctc", true, today).ctc[1], today + REST[1]);
});

test("cards that wait come first, the oldest before the others, then new ones, and none that rest", () => {
  const state = { a: [1, 9], b: [2, 5], c: [3, 11] };
  assert.deepEqual(due(state, ["new", "a", "b", "c"], 10), ["b", "a", "new"]);
  assert.deepEqual(tally(state, ["new", "a", "b", "c"], 10), { fresh: 1, waiting: 2, resting: 1 });
  assert.deepEqual(state, { a: [1, 9], b: [2, 5], c: [3, 11] });
});

test("days begin at the reader's midnight", () => {
  const late = new Date(2026, 2, 1, 23, 59);
  assert.equal(dayOf(new Date(2026, 2, 2, 0, 1)) - dayOf(late), 1);
  assert.equal(dayOf(late), dayOf(new Date(2026, 2, 1, 0, 1)));
});

test("what is stored is read back, and nonsense is not", () => {
  const state = answer({}, "ctc", true, 20000);
  assert.deepEqual(parse(JSON.stringify(state)), state);
  assert.deepEqual(parse('{"a":[99,1],"b":"x","c":[1],"d":[1,2.5],"e":[1,2]}'), { e: [1, 2] });
  for (const text of ["", "nonsense", "null", "[1]", "3"]) assert.deepEqual(parse(text), {});
});

test("words are found where they begin, without regard to accents and case", () => {
  const text = fold("Küchler’s hidden Markov model · 隐马尔可夫模型 encoder–decoder");
  for (const words of [["kuch"], ["markov", "hid"], ["马尔可夫"], ["encoder-dec"], []]) assert.ok(matches(text, words), words);
  for (const words of [["idden"], ["markov", "x"], ["odder"]]) assert.ok(!matches(text, words), words);
});
