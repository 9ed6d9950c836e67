// Recogniser: say a digit and see what a network makes of it, all in this page.

import { AudioError, decodeFile, Player } from "../../audio.js";
import { startCapture } from "../../capture.js";
import { announcer, button, fileButton, h, message, select, slider } from "../../controls.js";
import { peak, resample } from "../../dsp/index.js";
import { coalesce, defineWidget, onTrait, setTraits } from "../../host/define.js";
import { NetworkError } from "../../network/index.js";
import { amplified, soundsFromTraits } from "../../sounds.js";
import { createAnswer, tell, tellLatency } from "./answer.js";
import { findWords, FRAME } from "./endpoint.js";
import { createHistory } from "./history.js";
import { createListener, createRecogniser } from "./listener.js";
import { createMeter } from "./meter.js";
import { createSource } from "./source.js";

const NARROW = 560;
const ONE_WORD = 1.6; // seconds; longer recordings are searched for words
const NO_WORD = {
  click: "That was too short for a word.",
  hum: "That went on too long for a word. Pause after each one; if the room is that loud, this level now counts as its noise.",
};
const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

export default defineWidget("recogniser", ({ model, root, signal, onTheme }) => {
  const sounds = model.get("clips").length ? soundsFromTraits(model.get("samples"), model.get("clips")) : [];
  const source = createSource(model);
  const player = new Player();
  const status = message();
  const spoken = announcer(100);
  const meter = createMeter();
  const answer = createAnswer();
  const history = createHistory({ onChange: (entries) => setTraits(model, { history: entries }) });
  let network = null;
  let recognise = null;
  let capture = null;
  let busy = false;

  const listen = button({ label: "Listen", icon: "mic", primary: true, onClick: () => (capture ? stop("") : start()) });
  const choice = select({ label: "Or a recording", options: sounds.map(({ label }) => [label, label]), value: sounds[0]?.label, onInput: () => player.stop() });
  const hear = button({ label: "Hear and recognise", icon: "play", onClick: recogniseChosen });
  const opener = fileButton({ label: "Open a file…", accept: "audio/*,video/*", onFile: recogniseFile });
  const margin = slider({
    label: "Threshold above the room's noise",
    min: 4,
    max: 30,
    step: 1,
    value: model.get("margin"),
    describe: (decibels) => `${decibels} dB`,
    onInput: (decibels) => setTraits(model, { margin: decibels }),
  });
  const privacy = h("p", { className: "sbw-note", textContent: "The sound stays in this page: it is neither stored nor sent." });
  const about = h("p", { className: "sbw-note" });
  const redraw = coalesce(() => {
    root.classList.toggle("sbw-narrow", root.clientWidth < NARROW);
    meter.show({ margin: model.get("margin"), listening: capture !== null });
  }, signal);

  const recordings = sounds.length ? [choice.element, hear.element] : [];
  root.append(
    h("div", { className: "sbw-bar" }, listen.element, ...recordings, opener.element),
    status.element,
    h("div", { className: "sbw-split" }, h("div", { className: "sbw-stack" }, meter.canvas, margin.element, privacy, about), answer.element),
    history.element,
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
  onTrait(model, "margin", () => {
    margin.set(model.get("margin"));
    redraw();
  }, signal);

  /** Do something for which the network must be there; say what went wrong, if so. */
  async function attempt(action) {
    if (busy) return;
    busy = true;
    try {
      if (!network) await load();
      await action();
    } catch (error) {
      if (!(error instanceof AudioError) && !(error instanceof NetworkError)) console.error(error);
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
    answer.setLabels(network.labels);
    history.setLabels(network.labels);
    about.textContent = network.measured ? `What it can do: ${network.measured}.` : "";
    status.show("");
  }

  function start() {
    return attempt(async () => {
      player.stop();
      status.show("Waiting for the microphone …");
      const listener = createListener({
        recognise,
        margin: () => model.get("margin"),
        onLevel: (level) => {
          meter.push(level);
          redraw();
        },
        onGuess: showGuess,
        onAnswer: (heard) => showAnswer(heard, { note: tellLatency(heard) }),
        onNoWord: (kind) => status.show(NO_WORD[kind]),
      });
      capture = await startCapture({
        sample_rate: network.front_end.sample_rate,
        frame_length: FRAME,
        keep_seconds: 1,
        onFrame: listener.hear,
        onLost: (error) => {
          stop("");
          status.show(error.message, { error: true });
        },
        signal,
      });
      listen.set({ label: "Stop", icon: "stop" });
      status.show(`Listening to ${capture.device || "the microphone"}. Say one of: ${network.labels.join(", ")}.`);
    });
  }

  function stop(text) {
    capture?.stop();
    capture = null;
    listen.set({ label: "Listen", icon: "mic" });
    status.show(text);
    redraw();
  }

  function showGuess(guess) {
    answer.show(guess, { labels: network.labels, final: guess.counts, note: guess.counts ? tellLatency(guess) : "" });
    if (guess.counts) measure("speechbook-early", guess);
  }

  function showAnswer(heard, { said = null, note = "" } = {}) {
    answer.show(heard, { labels: network.labels, final: true, note });
    history.add(heard, said);
    setTraits(model, { answer: tell(heard), probabilities: [...heard.probabilities] });
    spoken.say(`${tell(heard)}.`);
    if (heard.ended !== undefined) measure("speechbook-answer", heard);
  }

  function recogniseChosen() {
    return attempt(() => recogniseSound(sounds.find(({ label }) => label === choice.input.value)));
  }

  function recogniseFile(file) {
    return attempt(async () => {
      status.show(`Opening ${file.name} …`);
      const { notice, ...sound } = await decodeFile(file);
      recogniseSound(sound, notice);
    });
  }

  /** One word as a whole, as Python hears a clip; in a longer recording every word that the threshold lets pass. */
  function recogniseSound({ label, samples, sample_rate, boost = 1 }, notice = "") {
    if (capture) stop("");
    const rate = network.front_end.sample_rate;
    const sound = sample_rate === rate ? samples : resample(samples, { orig_sr: sample_rate, target_sr: rate });
    const isWord = sound.length <= ONE_WORD * rate && peak(sound) > 0;
    const words = isWord ? [[0, sound.length]] : findWords(sound, model.get("margin"));
    meter.clear();
    player.play(amplified(samples, boost), { sample_rate }).catch(() => {}); // the answer counts, also where none may sound
    if (words.length === 0) {
      status.show(`${notice} ${label} holds no word above the threshold. Lower it, or choose another recording.`.trim());
      return;
    }
    const heard = words.map(([from, to]) => recognise(sound.subarray(from, to)));
    const list = heard.length > 1 ? `${heard.length} words in ${label}: ${heard.map(tell).join(", ")}.` : "";
    status.show(`${notice} ${list}`.trim());
    for (const each of heard) showAnswer(each, { said: heard.length === 1 ? saidIn(label) : null, note: `From ${label}.` });
  }

  /** What a bundled recording says, by the first word of its label. */
  function saidIn(label) {
    const [first] = label.split(",");
    const isBundled = sounds.some((sound) => sound.label === label);
    return (isBundled && network.labels.find((known) => known === first || DIGITS[known] === first)) || null;
  }
});

/** Leave a time and what was heard in the browser's timeline, where its tools and tests find them. */
function measure(name, { ended, latency, best, label, early }) {
  performance.measure(name, { start: ended, duration: latency, detail: { best, label, early } });
}
