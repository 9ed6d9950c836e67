import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { createLexicon } from "../src/widgets/voice-teacher/lexicon.js";
import { distance, mixedUpWith, prototype, recogniseWord } from "../src/widgets/voice-teacher/prototypes.js";
import { forgetKept, keep, loadKept, MOST, readWords, StorageError, StoreError, writeWords } from "../src/widgets/voice-teacher/store.js";

const word = (name, ...examples) => ({ name, examples, sounds: examples.map(() => null) });
const TAUGHT = [word("ja", [1, 0.1, 0], [0.9, 0, 0]), word("не", [0, 1, 0.123456789])];

test("the nearest word wins if it is near enough", () => {
  const centres = TAUGHT.map(({ examples }) => prototype(examples));
  assert.deepEqual([recogniseWord([2, 0, 0], centres, 0.2).nearest, recogniseWord([2, 0, 0], centres, 0.2).known], [0, true]);
  assert.equal(recogniseWord([0, 0, 1], centres, 0.2).known, false);
  assert.equal(distance([0, 0, 0], [1, 0, 0]), 1);
});

test("words that come too near are told, one of their own apart", () => {
  const words = [word("no", [1, 0], [0.99, 0.05]), word("know", [1, 0.02], [0.4, 0.9])];
  assert.equal(mixedUpWith(words[1], words), 0);
  assert.equal(mixedUpWith(TAUGHT[0], TAUGHT), -1);
  assert.equal(mixedUpWith(word("solo", [1, 0]), [word("solo", [1, 0])]), -1);
});

test("what is written is read again, to six digits", () => {
  const { network, words } = readWords(writeWords(TAUGHT, "abc"));
  assert.equal(network, "abc");
  assert.deepEqual(words.map(({ name }) => name), ["ja", "не"]);
  assert.ok(Math.abs(words[1].examples[0][2] - 0.123457) < 1e-7);
  assert.ok(!writeWords([{ ...TAUGHT[0], sounds: [new Float32Array(8000), null] }], "abc").includes("sounds"));
});

for (const [name, text, message] of [
  ["no JSON", "RIFF", /not a file of taught words/],
  ["another file", '{"format": "geojson"}', /holds no taught words/],
  ["null", "null", /holds no taught words/],
  ["a later version", writeWords(TAUGHT, "").replace('"version":1', '"version":9'), /has version 9/],
  ["no words", '{"format":"speechbook-words","version":1,"network":""}', /is damaged/],
  ["a word that is null", '{"format":"speechbook-words","version":1,"network":"","words":[null]}', /is damaged/],
  ["a long name", writeWords([word("x".repeat(MOST.name + 1), [1])], ""), /is damaged/],
  ["no numbers", writeWords(TAUGHT, "").replace("0.123457", '"a lot"'), /is damaged/],
  ["sizes that differ", writeWords([word("a", [1, 2]), word("b", [1])], ""), /differ in size/],
  ["too many words", writeWords(Array(MOST.words + 1).fill(word("a", [1])), ""), /is damaged/],
])
  test(`a file with ${name} is refused`, () => {
    assert.throws(() => readWords(text, "x.json"), (error) => error instanceof StoreError && message.test(error.message) && error.message.startsWith("x.json"));
  });

const real = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
afterEach(() => (real ? Object.defineProperty(globalThis, "localStorage", real) : delete globalThis.localStorage));

function withStorage(get) {
  Object.defineProperty(globalThis, "localStorage", { configurable: true, get });
}

test("what is kept comes back until it is forgotten", () => {
  const entries = new Map();
  const storage = { getItem: (key) => entries.get(key) ?? null, setItem: (key, text) => entries.set(key, text), removeItem: (key) => entries.delete(key) };
  withStorage(() => storage);
  assert.equal(loadKept(), null);
  keep(writeWords(TAUGHT, "abc"));
  assert.equal(loadKept().words.length, 2);
  forgetKept();
  assert.equal(entries.size, 0);
});

test("a storage that is forbidden or full says so", () => {
  withStorage(() => {
    throw new DOMException("no", "SecurityError");
  });
  assert.throws(loadKept, (error) => error instanceof StorageError && /forbids/.test(error.message));
  withStorage(() => ({
    setItem() {
      throw new DOMException("no", "QuotaExceededError");
    },
  }));
  assert.throws(() => keep("x"), (error) => error instanceof StorageError && /is full/.test(error.message));
});

test("names are unique, whatever their case or how their letters are composed", () => {
  const lexicon = createLexicon();
  lexicon.addExample(lexicon.add(" Café "), [1, 0], [0]);
  assert.match(lexicon.problemWith("cafe\u0301"), /taught already/);
  assert.match(lexicon.problemWith("  "), /Write the word first/);
  assert.match(lexicon.rename(lexicon.add("thé"), "CAFÉ"), /taught already/);
  assert.equal(lexicon.rename(lexicon.words[0], "CAFÉ"), "");
  for (let i = lexicon.words.length; i < MOST.words; i++) lexicon.add(`word ${i}`);
  assert.match(lexicon.problemWith("one more"), /At most 50/);
  assert.equal(lexicon.merge([word("CAFÉ", [3, 4]), word("new", [1, 2])]), 1);
  assert.deepEqual([...lexicon.words[0].examples[0]], [3, 4]);
});

test("another network's numbers are dropped, the names stay", () => {
  const lexicon = createLexicon();
  lexicon.restore({ network: "old", words: [word("ja", [1, 0])] });
  assert.equal(lexicon.adopt("old"), false);
  assert.equal(lexicon.adopt("new"), true);
  assert.deepEqual(lexicon.words.map(({ name, examples }) => [name, examples.length]), [["ja", 0]]);
  assert.throws(() => lexicon.mustKnowAWord(), /No word is taught yet/);
  assert.deepEqual(lexicon.taught(), { names: [], prototypes: [] });
});
