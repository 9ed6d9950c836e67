// What the reader taught, as text: for this browser's storage if the reader wants it kept, and for a file.

const FORMAT = "speechbook-words";
const VERSION = 1;
const KEY = "speechbook-words";
const DIGITS = 6; // of each number that is written
export const MOST = { words: 50, examples: 10, name: 40, bytes: 2e6 };

/** An error whose message is meant for the reader. */
export class StoreError extends Error {}

/** One that says why the browser keeps nothing. */
export class StorageError extends StoreError {}

/** Text that holds names and embeddings, and no sound; `network` tells which network computed them. */
export function writeWords(words, network) {
  const entries = words.map(({ name, examples }) => ({
    name,
    examples: examples.map((example) => Array.from(example, (value) => Number(value.toPrecision(DIGITS)))),
  }));
  return JSON.stringify({ format: FORMAT, version: VERSION, network, words: entries });
}

/** {words, network} from such a text; a StoreError says what is wrong with it. */
export function readWords(text, name = "The file") {
  const content = parse(text, name);
  if (content?.format !== FORMAT) throw new StoreError(`${name} holds no taught words. Choose a file that “Save to a file” has made.`);
  if (content.version !== VERSION) throw new StoreError(`${name} has version ${content.version} of its format, but this page reads version ${VERSION}. Reload the page and try again.`);
  const { words, network } = content;
  if (!Array.isArray(words) || words.length > MOST.words || typeof network !== "string" || !words.every(isWord))
    throw new StoreError(`${name} is damaged: its words cannot be read. Choose another copy, or teach the words again.`);
  const sizes = new Set(words.flatMap(({ examples }) => examples.map((example) => example.length)));
  if (sizes.size > 1) throw new StoreError(`${name} is damaged: its examples differ in size. Choose another copy, or teach the words again.`);
  return { network, words: words.map((word) => ({ name: word.name, examples: word.examples.map((each) => Float32Array.from(each)), sounds: word.examples.map(() => null) })) };
}

function parse(text, name) {
  try {
    return JSON.parse(text);
  } catch {
    throw new StoreError(`${name} is not a file of taught words, or is damaged. Choose a file that “Save to a file” has made.`);
  }
}

function isWord(word) {
  const { name, examples } = word ?? {};
  const isExample = (example) => Array.isArray(example) && example.length > 0 && example.length <= 4096 && example.every(Number.isFinite);
  return typeof name === "string" && name.trim() !== "" && name.length <= MOST.name && Array.isArray(examples) && examples.length <= MOST.examples && examples.every(isExample);
}

/** What this browser has kept, or null. Throws a StorageError where it may not be asked, and a StoreError where what it kept is damaged. */
export function loadKept() {
  const text = reach((storage) => storage.getItem(KEY));
  return text === null ? null : readWords(text, "What this browser kept");
}

/** Keep a text in this browser. */
export function keep(text) {
  reach((storage) => storage.setItem(KEY, text));
}

export function forgetKept() {
  reach((storage) => storage.removeItem(KEY));
}

function reach(action) {
  try {
    return action(globalThis.localStorage);
  } catch (error) {
    const reason = error?.name === "QuotaExceededError" ? "its storage for this site is full" : "it forbids this page to store anything";
    throw new StorageError(`This browser keeps nothing: ${reason}. Your words stay until you close the page; “Save to a file” keeps them.`);
  }
}
