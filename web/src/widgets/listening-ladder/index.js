// Listening ladder: the same words on ever harder rungs, for the reader's ears first and for a network's after them.

import { AudioError, Player } from "../../audio.js";
import { announcer, button, choice, h, message } from "../../controls.js";
import { coalesce, defineWidget, setTraits } from "../../host/define.js";
import { NetworkError } from "../../network/index.js";
import { soundsFromTraits } from "../../sounds.js";
import { createRecogniser } from "../recogniser/listener.js";
import { createSource } from "../recogniser/source.js";
import { createAnswers } from "./answers.js";
import { equallyLoud, hearable, TESTS } from "./conditions.js";
import { createResults } from "./results.js";
import { noiseSeed, planTrials, tally, uniformNumbers } from "./trials.js";

const NARROW = 560;
const NEXT_AFTER = 600; // milliseconds from an answer to the next word
const AT_ONCE = 4; // sounds that the network hears before the page may breathe
const NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

export default defineWidget("listening-ladder", ({ model, root, signal, onTheme }) => {
  const sounds = soundsFromTraits(model.get("samples"), model.get("clips"));
  const digits = model.get("digits");
  const source = createSource(model);
  const player = new Player();
  const status = message();
  const spoken = announcer(100);
  const results = createResults();
  const measured = new Map(); // by test: what the network made of every clip on every rung
  let run = null; // {test, words, trials, answers, place, replays, started}
  let timer = 0;

  const test = choice({ label: "What is done to the words", options: Object.entries(TESTS).map(([key, { title }]) => [key, title]), value: "noise", onInput: tellLength });
  const words = choice({ label: "Words on each rung", options: ["5", "10", "20"].map((count) => [count, count]), value: "10", onInput: tellLength });
  const length = h("p", { className: "sbw-note" });
  const sample = button({ label: "Hear a word in quiet", icon: "play", onClick: () => play(equallyLoud(sounds[0].samples, sounds[0].sample_rate), sounds[0].sample_rate) });
  const begin = button({ label: "Begin", primary: true, onClick: start });
  const setup = h(
    "div",
    { className: "sbw-stack" },
    test.element,
    words.element,
    length,
    h("p", { textContent: "Set the volume first: turn it down, press “Hear a word in quiet”, and turn it up until the word is comfortable, no further. Every sound of the test is as loud as that one. Do not turn it up when words become hard to hear. Headphones are best." }),
    h("div", { className: "sbw-bar" }, sample.element, begin.element),
  );

  const where = h("p", { className: "sbw-strong" });
  const progress = h("p", { className: "sbw-note" });
  const hear = button({ label: "Hear the word", icon: "play", primary: true, onClick: hearTrial });
  const finish = button({ label: "End here", onClick: end });
  const answers = createAnswers({ names: NAMES, onAnswer: answer });
  const trial = h("div", { className: "sbw-stack", hidden: true }, where, progress, h("div", { className: "sbw-bar" }, hear.element, finish.element), answers.element);

  const ask = button({ label: "Let the network listen", icon: "play", primary: true, onClick: compare });
  const again = button({ label: "Start again", onClick: restart });
  const result = h("div", { className: "sbw-stack", hidden: true }, results.element, h("div", { className: "sbw-bar" }, ask.element, again.element));

  root.append(status.element, setup, trial, result, spoken.element);
  root.addEventListener("keydown", (event) => {
    if (trial.hidden || event.ctrlKey || event.altKey || event.metaKey || !/^\d$/.test(event.key)) return;
    event.preventDefault();
    answer(Number(event.key));
  }, { signal });
  const redraw = coalesce(() => {
    root.classList.toggle("sbw-narrow", root.clientWidth < NARROW);
    results.redraw();
  }, signal);
  onTheme(redraw);
  document.fonts.ready.then(redraw);
  const observer = new ResizeObserver(redraw);
  observer.observe(root);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    clearTimeout(timer);
    player.stop();
  });
  tellLength();

  function chosen(control) {
    return control.inputs.find((input) => input.checked).value;
  }

  function tellLength() {
    const count = TESTS[chosen(test)].rungs.length * chosen(words);
    length.textContent = `${TESTS[chosen(test)].rungs.length} rungs, ${count} words, about ${Math.ceil((count * 3) / 60)} minutes. You are not told whether you are right until the end.`;
  }

  function start() {
    const seed = model.get("seed") || crypto.getRandomValues(new Uint32Array(1))[0];
    const name = chosen(test);
    const trials = planTrials({ digits, rungs: TESTS[name].rungs.length, words: Number(chosen(words)), random: uniformNumbers(seed) });
    run = { test: name, trials, answers: [], place: 0, replays: 0, started: false };
    setTraits(model, { test: name, answers: [] });
    status.show("");
    player.stop();
    setup.hidden = true;
    trial.hidden = false;
    showTrial();
    hear.element.focus();
  }

  /** What the page shows before a word; at the first of a rung it waits until the reader is ready. */
  function showTrial() {
    const { trials, place } = run;
    const { rung } = trials[place];
    const { rungs } = TESTS[run.test];
    const own = trials.filter((each) => each.rung === rung);
    where.textContent = `Rung ${rung + 1} of ${rungs.length}: ${rungs[rung][2]}`;
    progress.textContent = `Word ${own.indexOf(trials[place]) + 1} of ${own.length}. One digit, zero to nine: press its key or its button. If you cannot tell, guess.`;
    Object.assign(run, { replays: 0, started: false });
    hear.set({ label: "Hear the word", icon: "play" });
    hear.element.disabled = false;
    answers.setEnabled(false);
    return own[0] === trials[place];
  }

  function hearTrial() {
    clearTimeout(timer);
    if (run.started && run.replays > 0) return;
    const { clip, rung } = run.trials[run.place];
    if (run.started) run.replays++;
    play(soundOf(clip, rung, run.test), sounds[clip].sample_rate, () => {
      run.started = true;
      answers.setEnabled(true);
      hear.set({ label: run.replays ? "Heard twice" : "Hear it once more", icon: "play" });
      hear.element.disabled = run.replays > 0;
    });
  }

  async function play(samples, sample_rate, onStarted) {
    try {
      await player.play(samples, { sample_rate });
      status.show("");
      onStarted?.();
    } catch (error) {
      if (!(error instanceof AudioError)) console.error(error);
      status.show(error.message, { error: true });
    }
  }

  function soundOf(clip, rung, name) {
    const { samples, sample_rate } = sounds[clip];
    return hearable(samples, name, rung, { sample_rate, seed: noiseSeed({ clip, rung }) });
  }

  function answer(heard) {
    if (!run?.started) return;
    player.stop();
    run.answers.push({ ...run.trials[run.place], heard });
    run.place++;
    setTraits(model, { answers: run.answers.map(({ rung, digit, heard: own }) => ({ rung, said: digit, heard: own })) });
    if (run.place === run.trials.length) {
      end();
      return;
    }
    const isNewRung = showTrial();
    if (isNewRung) {
      spoken.say(where.textContent);
      hear.element.focus();
    } else {
      timer = setTimeout(hearTrial, NEXT_AFTER);
    }
  }

  function end() {
    clearTimeout(timer);
    player.stop();
    run.started = false;
    if (!run.answers.length) {
      restart();
      return;
    }
    trial.hidden = true;
    result.hidden = false;
    ask.element.hidden = false;
    showResult();
    spoken.say("The test is over.");
    ask.element.focus();
  }

  function restart() {
    run = null;
    trial.hidden = true;
    result.hidden = true;
    setup.hidden = false;
    status.show("");
    begin.element.focus();
  }

  function showResult() {
    const rungs = TESTS[run.test].rungs.length;
    const heard = measured.get(run.test);
    const yours = tally(run.answers, rungs);
    results.show({ test: run.test, yours, network: heard ? tally(heard, rungs) : null, pairs: heard ? pair(run.answers, heard) : null });
    setTraits(model, { curve: yours, network_curve: heard ? tally(heard, rungs) : [] });
  }

  async function compare() {
    const { test: name } = run;
    ask.element.disabled = true;
    try {
      if (!measured.has(name)) measured.set(name, await listenToAll(name));
      ask.element.hidden = true;
      status.show("");
      if (run?.test === name) showResult();
      spoken.say("The network's curve is drawn beside yours.");
      again.element.focus();
    } catch (error) {
      if (!(error instanceof NetworkError)) console.error(error);
      status.show(error.message, { error: true });
    } finally {
      ask.element.disabled = false;
    }
  }

  /** What the network hears in every clip on every rung. */
  async function listenToAll(name) {
    status.show("Loading the network …");
    const network = await source.load();
    const { sample_rate } = network.front_end;
    const numbers = network.labels.map(digitOf);
    if (numbers.some((digit) => digit < 0) || sounds.some((sound) => sound.sample_rate !== sample_rate))
      throw new NetworkError("This network does not recognise digits at the sample rate of these recordings. Give the ladder one that does.");
    const recognise = createRecogniser(network);
    const heard = [];
    status.show("The network is listening to every word on every rung …");
    for (let rung = 0; rung < TESTS[name].rungs.length; rung++)
      for (let clip = 0; clip < sounds.length; clip++) {
        heard.push({ rung, clip, digit: digits[clip], heard: numbers[recognise(soundOf(clip, rung, name)).best] });
        if (heard.length % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
        signal.throwIfAborted();
      }
    return heard;
  }
});

/** The digit that a label names, in figures or in words; −1 for none. */
function digitOf(label) {
  return /^\d$/.test(label) ? Number(label) : NAMES.indexOf(label);
}

/** How two listeners compare on the very sounds that both have heard. */
function pair(answers, heard) {
  const counts = { n: answers.length, both: 0, onlyYou: 0, onlyNetwork: 0 };
  for (const own of answers) {
    const other = heard.find(({ rung, clip }) => rung === own.rung && clip === own.clip);
    const [you, network] = [own, other].map(({ digit, heard: said }) => digit === said);
    if (you && network) counts.both++;
    else if (you) counts.onlyYou++;
    else if (network) counts.onlyNetwork++;
  }
  return counts;
}
