// The words that the reader has taught: names, embeddings, and for as long as the page is open their sounds.

import { mixedUpWith, prototype } from "./prototypes.js";
import { MOST, StoreError } from "./store.js";

export function createLexicon() {
  const words = []; // {name, examples: [embedding, ...], sounds: [samples or null, ...]}
  let network = null; // fingerprint of the one that computed the embeddings

  const find = (name) => words.find((word) => key(word.name) === key(name));

  /** Why a name cannot be given to a word, or "". */
  function problemWith(name, own = null) {
    const taken = find(name);
    if (!name.trim()) return "Write the word first, then record it.";
    if (taken && taken !== own) return `“${taken.name}” is taught already. Press “Record more” beside it, delete it, or write another word.`;
    if (!own && words.length >= MOST.words) return `At most ${MOST.words} words can be taught. Delete one first.`;
    return "";
  }

  function add(name) {
    const word = { name: name.trim().slice(0, MOST.name), examples: [], sounds: [] };
    words.push(word);
    return word;
  }

  function addExample(word, embedding, samples) {
    word.examples.push(Float32Array.from(embedding));
    word.sounds.push(Float32Array.from(samples));
  }

  function rename(word, name) {
    const problem = problemWith(name, word);
    if (!problem) word.name = name.trim().slice(0, MOST.name);
    return problem;
  }

  function remove(word) {
    words.splice(words.indexOf(word), 1);
  }

  function clear() {
    words.length = 0;
  }

  /** Add words that were read; those of the same name are replaced. Returns how many did not fit. */
  function merge(others) {
    let left = 0;
    for (const other of others) {
      const own = find(other.name);
      if (own) Object.assign(own, other);
      else if (words.length < MOST.words) words.push({ ...other });
      else left++;
    }
    return left;
  }

  /** Words from a browser's store, computed by the network with this fingerprint. */
  function restore(kept) {
    words.push(...kept.words);
    network = kept.network;
  }

  /** Say which network computes from now on; examples of another one are dropped. Returns whether there were any. */
  function adopt(fingerprint) {
    const isOther = network !== null && network !== fingerprint && words.some(({ examples }) => examples.length);
    if (isOther) for (const word of words) Object.assign(word, { examples: [], sounds: [] });
    network = fingerprint;
    return isOther;
  }

  const withExamples = () => words.filter(({ examples }) => examples.length);
  const names = () => withExamples().map(({ name }) => name);
  const taught = () => ({ names: names(), prototypes: withExamples().map(({ examples }) => prototype(examples)) });

  function mustKnowAWord() {
    if (!withExamples().length) throw new StoreError("No word is taught yet: write one above and record three examples of it.");
  }

  /** A sentence where a word comes too near to another one, or where it is alone. */
  function warningAbout(word) {
    const other = mixedUpWith(word, words);
    if (other >= 0) return `One of its examples is nearer to “${words[other].name}” than to the rest of its own: the two may be mixed up.`;
    return words.length < 2 ? "Teach a second one, so that there is something to choose from." : "";
  }

  return { words, problemWith, add, addExample, rename, remove, clear, merge, restore, adopt, names, taught, mustKnowAWord, warningAbout, fingerprint: () => network };
}

function key(name) {
  return name.trim().normalize("NFC").toLocaleLowerCase();
}
