import assert from "node:assert/strict";
import { test } from "node:test";
import { hearable, TESTS } from "../src/widgets/listening-ladder/conditions.js";
import { sentences } from "../src/widgets/listening-ladder/results.js";
import { noiseSeed, planTrials, tally, uniformNumbers } from "../src/widgets/listening-ladder/trials.js";

const DIGITS = Array.from({ length: 30 }, (_, clip) => clip % 10);
const plan = (words, seed = 1) => planTrials({ digits: DIGITS, rungs: 4, words, random: uniformNumbers(seed) });

for (const words of [5, 10, 20])
  test(`on a rung of ${words} words every digit comes as often as every other`, () => {
    const trials = plan(words);
    assert.equal(trials.length, 4 * words);
    for (let rung = 0; rung < 4; rung++) {
      const counts = Array(10).fill(0);
      for (const each of trials) if (each.rung === rung) counts[each.digit]++;
      assert.ok(Math.max(...counts) - Math.min(...counts) <= (words < 10 ? 1 : 0));
    }
    assert.ok(trials.every(({ clip, digit }) => DIGITS[clip] === digit));
    assert.deepEqual(trials.map(({ rung }) => rung), trials.map(({ rung }) => rung).sort());
  });

test("the order is another one on each rung and for each seed, and clips take turns", () => {
  const trials = plan(10);
  const order = (some, rung) => some.filter((each) => each.rung === rung).map(({ digit }) => digit).join("");
  assert.equal(new Set([0, 1, 2, 3].map((rung) => order(trials, rung))).size, 4);
  assert.notEqual(order(trials, 0), order(plan(10, 2), 0));
  assert.deepEqual(trials, plan(10));
  assert.equal(new Set(trials.slice(0, 30).map(({ clip }) => clip)).size, 30);
  assert.equal(new Set(trials.map(noiseSeed)).size, 40);
});

test("answers are counted by rung", () => {
  const answers = [{ rung: 0, digit: 3, heard: 3 }, { rung: 0, digit: 4, heard: 3 }, { rung: 2, digit: 5, heard: 5 }];
  assert.deepEqual(tally(answers, 3), [{ right: 1, n: 2 }, { right: 0, n: 0 }, { right: 1, n: 1 }]);
});

test("what is said in the end holds the counts, where half is lost, and what so few words can tell", () => {
  const yours = [10, 9, 8, 6, 3, 1].map((right) => ({ right, n: 10 }));
  const text = sentences({ test: "noise", yours, network: yours, pairs: { n: 60, both: 30, onlyYou: 7, onlyNetwork: 6 } }).join(" ").replaceAll("\u00a0", " ");
  assert.match(text, /You heard 37 of 60 words right\. Half of them you still had with noise 6 dB above the word, no longer with noise 12 dB above/);
  assert.match(text, /the network was right 36 times\. 7 only you heard right, 6 only the network\. So small a difference.*p = 1\.00/);
  assert.match(text, /7 right stand for anything from 40 % to 89 %/);
  const clear = sentences({ test: "noise", yours, network: yours, pairs: { n: 60, both: 30, onlyYou: 20, onlyNetwork: 2 } }).join(" ");
  assert.match(clear, /Chance alone would seldom.*you did better/);
});

test("every sound of every test is equally loud, and never beyond full scale", () => {
  const y = Float32Array.from({ length: 4000 }, (_, n) => Math.sin(n / 3) * Math.sin(n / 40) * Math.exp(-n / 2000) + 0.1 * Math.sin(n / 1.5) + 0.3 * Math.sin(n / 14));
  for (const [name, { rungs }] of Object.entries(TESTS))
    rungs.forEach((_, rung) => {
      const sound = hearable(y, name, rung, { sample_rate: 8000, seed: 1 });
      const level = Math.sqrt(sound.reduce((sum, value) => sum + value ** 2, 0) / sound.length);
      assert.ok(Math.abs(20 * Math.log10(level / 0.05)) < 0.6, `${name} ${rung}: ${level}`); // the faded ends cost a little
      assert.ok(sound.every((value) => Math.abs(value) <= 0.95));
    });
});
