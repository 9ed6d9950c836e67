// Voice teacher: teach a recogniser words of one's own by a few examples, all in this page.

import { AudioError, decodeFile, Player } from "../../audio.js";
import { startCapture } from "../../capture.js";
import { announcer, button, fileButton, h, message, slider, textField } from "../../controls.js";
import { peak, resample } from "../../dsp/index.js";
import { coalesce, defineWidget, onTrait, setTraits } from "../../host/define.js";
import { NetworkError } from "../../network/index.js";
import { fixed } from "../../numbers.js";
import { amplified, boostFor } from "../../sounds.js";
import { findWords, FRAME } from "../recogniser/endpoint.js";
import { createListener, createRecogniser } from "../recogniser/listener.js";
import { createMeter } from "../recogniser/meter.js";
import { createSource } from "../recogniser/source.js";
import { createAnswer, tell } from "./answer.js";
import { createKeeper } from "./keeper.js";
import { createLexicon } from "./lexicon.js";
import { recogniseWord } from "./prototypes.js";
import { MOST, readWords, StoreError } from "./store.js";
import { createWordList } from "./words.js";

const NARROW = 560;
const WANTED = 3; // examples of a word
const ONE_WORD = 1.6; // seconds; longer recordings are searched for words
const PAUSE = 0.25; // seconds between two examples that are heard
const NO_WORD = {
  click: "That was too short for a word. Once more, please.",
  hum: "That went on too long for a word. Pause after each one; if the room is that loud, this level now counts as its noise.",
};

export default defineWidget("voice-teacher", ({ model, root, signal, onTheme }) => {
  const source = createSource(model);
  const player = new Player();
  const status = message();
  const spoken = announcer(100);
  const meter = createMeter();
  const answer = createAnswer();
  const lexicon = createLexicon();
  let network = null;
  let recognise = null;
  let capture = null;
  let task = null; // "listen", or {word, left, isNew} while one is being recorded
  let busy = false;

  const name = textField({ label: "Word to teach, as you write it", onInput: () => {} });
  name.input.maxLength = MOST.name;
  name.input.dir = "auto";
  const record = button({ label: "Record three examples", icon: "mic", primary: true, onClick: () => (capture ? stop() : teachNew()) });
  const examples = fileButton({ label: "Examples from a file…", accept: "audio/*,video/*", onFile: teachFile });
  const listen = button({ label: "Listen", icon: "mic", primary: true, onClick: () => (capture ? stop() : start("listen")) });
  const opener = fileButton({ label: "Recognise a file…", accept: "audio/*,video/*", onFile: recogniseFile });
  const limit = slider({
    label: "Largest distance that counts as known",
    min: 0.02,
    max: 0.6,
    step: 0.01,
    value: model.get("max_distance"),
    describe: (distance) => fixed(distance),
    onInput: (max_distance) => setTraits(model, { max_distance }),
  });
  const margin = slider({
    label: "Threshold above the room's noise",
    min: 4,
    max: 30,
    step: 1,
    value: model.get("margin"),
    describe: (decibels) => `${decibels} dB`,
    onInput: (decibels) => setTraits(model, { margin: decibels }),
  });
  const list = createWordList({ onHear: hear, onMore: (word) => start({ word, left: 1 }), onRename: rename, onDelete: remove });
  const keeper = createKeeper({ lexicon, onImport: importFile, onForget: forgetAll, onProblem: (error) => status.show(error.message, { error: true }), onDone: (text) => status.show(text) });
  const privacy = h("p", { className: "sbw-note", textContent: "The sound stays in this page's memory until you close it: it is neither stored nor sent." });
  const redraw = coalesce(() => {
    root.classList.toggle("sbw-narrow", root.clientWidth < NARROW);
    meter.show({ margin: model.get("margin"), listening: capture !== null });
  }, signal);

  root.append(
    h("div", { className: "sbw-bar sbw-teach" }, name.element, record.element, examples.element),
    status.element,
    list.element,
    h("div", { className: "sbw-bar sbw-ask" }, listen.element, opener.element),
    h("div", { className: "sbw-split" }, answer.element, h("div", { className: "sbw-stack" }, meter.canvas, limit.element, margin.element, privacy)),
    keeper.element,
    spoken.element,
  );
  onTheme(redraw);
  document.fonts.ready.then(redraw);
  const observer = new ResizeObserver(redraw);
  observer.observe(root);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    player.stop();
    capture?.stop();
  });
  for (const [trait, control] of [["max_distance", limit], ["margin", margin]])
    onTrait(model, trait, () => {
      control.set(model.get(trait));
      redraw();
    }, signal);
  keeper.restore();
  changed();

  /** Do something for which the network must be there; say what went wrong, if so. */
  async function attempt(action) {
    if (busy) return;
    busy = true;
    try {
      if (!network) await load();
      await action();
    } catch (error) {
      if (![AudioError, NetworkError, StoreError].some((kind) => error instanceof kind)) console.error(error);
      status.show(error.message, { error: true });
    } finally {
      busy = false;
      redraw();
    }
  }

  async function load() {
    status.show("Loading the network …");
    network = await source.load();
    recognise = createRecogniser(network);
    recognise(new Float32Array(8000).map((_, i) => Math.sin(i))); // the first run is slow: not when somebody waits
    status.show("");
    if (lexicon.adopt(network.fingerprint)) {
      changed();
      throw new StoreError(OTHER_NETWORK);
    }
  }

  function teachNew() {
    const problem = lexicon.problemWith(name.input.value);
    if (problem) return complain(problem);
    return start({ name: name.input.value, left: WANTED });
  }

  function complain(problem) {
    status.show(problem, { error: true });
    name.input.focus();
  }

  /** Listen to the microphone for `next`: "listen", or examples of a word {word or name, left}. */
  function start(next) {
    if (capture) stop();
    return attempt(async () => {
      if (next === "listen") lexicon.mustKnowAWord();
      player.stop();
      status.show("Waiting for the microphone …");
      const listener = createListener({
        recognise,
        margin: () => model.get("margin"),
        onLevel: (level) => {
          meter.push(level);
          redraw();
        },
        onGuess: (guess) => task === "listen" && showHeard(guess, { final: false }),
        onAnswer: (heard) => (task === "listen" ? showHeard(heard, { final: true }) : takeExample(heard)),
        onNoWord: (kind) => status.show(NO_WORD[kind]),
      });
      capture = await startCapture({
        sample_rate: network.front_end.sample_rate,
        frame_length: FRAME,
        keep_seconds: 1,
        onFrame: (frame, level) => capture && listener.hear(frame, level),
        onLost: (error) => {
          stop();
          status.show(error.message, { error: true });
        },
        signal,
      });
      task = next;
      (task === "listen" ? listen : record).set({ label: "Stop", icon: "stop" });
      status.show(task === "listen" ? `Listening for ${lexicon.names().join(", ")}.` : `Say “${nameOf(task)}”, then wait for a moment.`);
    });
  }

  function stop(text = "") {
    capture?.stop();
    capture = null;
    task = null;
    listen.set({ label: "Listen", icon: "mic" });
    record.set({ label: "Record three examples", icon: "mic" });
    status.show(text);
    redraw();
  }

  function takeExample({ embedding, samples }) {
    task.word ??= lexicon.add(task.name);
    lexicon.addExample(task.word, embedding, samples);
    task.left--;
    changed();
    const { word, left } = task;
    if (left > 0 && word.examples.length < MOST.examples) status.show(`Heard. Say “${word.name}” again, ${left} more ${left === 1 ? "time" : "times"}.`);
    else stop(learnt(word));
  }

  function learnt(word) {
    name.set("");
    return `“${word.name}” is taught by ${word.examples.length} ${word.examples.length === 1 ? "example" : "examples"}. ${lexicon.warningAbout(word)}`.trim();
  }

  function teachFile(file) {
    const given = name.input.value.trim() || file.name.replace(/\.[^.]*$/, "").slice(0, MOST.name);
    const problem = lexicon.problemWith(given);
    if (problem) return complain(problem);
    return attempt(async () => {
      const { words } = await openFile(file);
      const kept = words.slice(0, MOST.examples);
      const word = lexicon.add(given);
      for (const samples of kept) lexicon.addExample(word, recognise(samples).embedding, samples);
      changed();
      status.show(`${learnt(word)} ${kept.length < words.length ? `${file.name} holds ${words.length} words; the first ${kept.length} were taken.` : ""}`.trim());
    });
  }

  function recogniseFile(file) {
    return attempt(async () => {
      lexicon.mustKnowAWord();
      const { words, sound } = await openFile(file);
      player.play(amplified(sound.samples, boostFor(peak(sound.samples))), sound).catch(() => {}); // the answer counts, also where none may sound
      const names = words.map((samples) => showHeard(recognise(samples), { final: true, note: `From ${file.name}.` }));
      status.show(words.length > 1 ? `${words.length} words in ${file.name}: ${names.join(", ")}.` : "");
    });
  }

  /** The words of a file: all of it where it is short, else every part that the threshold lets pass. */
  async function openFile(file) {
    if (capture) stop();
    status.show(`Opening ${file.name} …`);
    const sound = await decodeFile(file);
    const rate = network.front_end.sample_rate;
    const samples = sound.sample_rate === rate ? sound.samples : resample(sound.samples, { orig_sr: sound.sample_rate, target_sr: rate });
    const isWord = samples.length <= ONE_WORD * rate && peak(samples) > 0;
    const words = isWord ? [samples] : findWords(samples, model.get("margin")).map(([from, to]) => samples.subarray(from, to));
    if (!words.length) throw new AudioError(`${sound.notice} ${file.name} holds no word above the threshold. Lower it, or choose another recording.`.trim());
    return { words, sound };
  }

  function showHeard({ embedding }, { final, note }) {
    const { names, prototypes } = lexicon.taught();
    const max_distance = model.get("max_distance");
    const heard = recogniseWord(embedding, prototypes, max_distance);
    answer.show(heard, names, { max_distance, final, note });
    if (!final) return "";
    setTraits(model, { answer: tell(heard, names), distances: Object.fromEntries(names.map((each, i) => [each, heard.distances[i]])) });
    spoken.say(`${tell(heard, names)}.`);
    return tell(heard, names);
  }

  function hear({ sounds }) {
    const rate = network.front_end.sample_rate;
    const gap = new Float32Array(PAUSE * rate);
    const parts = sounds.filter(Boolean).flatMap((samples) => [amplified(samples, boostFor(peak(samples))), gap]);
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    parts.reduce((place, part) => {
      all.set(part, place);
      return place + part.length;
    }, 0);
    if (capture) stop();
    player.play(all, { sample_rate: rate }).catch((error) => status.show(error.message, { error: true }));
  }

  function rename(word, next) {
    const problem = lexicon.rename(word, next);
    if (!problem) changed();
    return problem;
  }

  function remove(word) {
    if (capture) stop();
    lexicon.remove(word);
    changed();
    status.show(`“${word.name}” is deleted.`);
    if (!lexicon.words.length) name.input.focus();
  }

  function forgetAll() {
    if (capture) stop();
    player.stop();
    lexicon.clear();
    changed();
    setTraits(model, { answer: "", distances: {} });
    name.input.focus();
  }

  function importFile(file) {
    return attempt(async () => {
      if (file.size > MOST.bytes) throw new StoreError(`${file.name} is too large for taught words (${fixed(file.size / 1e6, 1)} MB). Choose a file that “Save to a file” has made.`);
      const read = readWords(await file.text(), file.name);
      const isOther = read.network !== network.fingerprint;
      const left = lexicon.merge(read.words.map((word) => (isOther ? { ...word, examples: [], sounds: [] } : word)));
      changed();
      const more = left ? `${left} more did not fit: at most ${MOST.words} words are kept.` : "";
      if (isOther) throw new StoreError(OTHER_NETWORK);
      status.show(`${read.words.length - left} ${read.words.length - left === 1 ? "word" : "words"} read from ${file.name}. ${more}`.trim());
    });
  }

  /** After every change: draw it, keep it where it is to be kept, tell Python. */
  function changed() {
    list.show([...lexicon.words]);
    answer.clear();
    keeper.update();
    setTraits(model, { words: lexicon.words.map((word) => ({ name: word.name, examples: word.examples.length })) });
  }
});

const OTHER_NETWORK =
  "These words were taught to another version of the network, whose numbers mean nothing to this one. Their names are kept: press “Record more” beside each and teach it again.";

function nameOf({ word, name }) {
  return word?.name ?? name.trim();
}
