// From frames of sound to answers: the end-pointer says what to listen to, the network what it was.

import { FrontEnd } from "../../network/index.js";
import { Endpointer } from "./endpoint.js";

const EVERY = 6; // frames between two guesses while a word is spoken
const SHARE = 1 / 3; // of the time that guesses may take: on a slow device there are fewer
const FRAME_MILLISECONDS = 10;
const KEPT = 4 * 8000; // samples of memory: longer than any word

/** Recognises clips at the network's sample rate. */
export function createRecogniser(network) {
  const frontEnd = new FrontEnd(network.front_end);
  const frames = network.front_end.n_frames ?? network.input_shape[0];
  const bands = network.front_end.n_mels;
  return (samples) => {
    const { data } = frontEnd.picture(samples, frames);
    const { output, embedding } = network.run(data, [frames, bands, ...network.input_shape.slice(2)]);
    const best = output.reduce((most, value, i) => (value > output[most] ? i : most), 0);
    const sure = output[best] >= network.threshold;
    return { probabilities: output, embedding, best, probability: output[best], sure, label: sure ? network.labels[best] : null };
  };
}

/**
 * Listens to frames as they come: `hear(frame, {rms_db})`. `onLevel({level, noise, threshold, speaking})` is told each;
 * `onGuess(answer)` what it might be so far; `onAnswer(answer)` what it was; `onNoWord(kind)` that it was none. `answer.latency` is the time in
 * milliseconds from when the word's last frame, or the frame that proved its end, came in until the answer was there.
 */
export function createListener({ recognise, margin, onLevel, onGuess, onAnswer, onNoWord }) {
  const endpointer = new Endpointer();
  const memory = new Float32Array(KEPT);
  let total = 0;
  let sinceGuess = 0;
  let rest = EVERY; // frames until the next guess
  let start = 0; // of the word that is being spoken, in frames

  const cut = (start, end) => {
    const out = new Float32Array(end - start);
    for (let i = 0; i < out.length; i++) out[i] = memory[(start + i) % KEPT];
    return out;
  };

  function hear(frame, { rms_db }) {
    const arrived = performance.now();
    for (const sample of frame) memory[total++ % KEPT] = sample;
    const { noise, threshold, event } = endpointer.push(rms_db, margin());
    onLevel({ level: rms_db, noise, threshold, speaking: endpointer.speaking, event });
    if (event?.kind === "begin") start = event.start;
    sinceGuess++;
    if (event?.kind === "end") answer(event, frame.length, arrived);
    else if (event?.kind === "click" || event?.kind === "hum") onNoWord(event.kind);
    else if (event?.kind === "pause" || (endpointer.speaking && sinceGuess >= rest)) think(event, frame.length, arrived);
  }

  function think(event, size, arrived) {
    sinceGuess = 0;
    const guess = recognise(cut(start * size, total));
    const latency = performance.now() - arrived;
    rest = Math.max(EVERY, Math.ceil(latency / SHARE / FRAME_MILLISECONDS));
    onGuess({ ...guess, pause: event?.kind === "pause", latency });
  }

  function answer(event, size, arrived) {
    const samples = cut(event.start * size, event.end * size);
    const heard = recognise(samples);
    onAnswer({ ...heard, samples, latency: performance.now() - arrived });
  }

  return { hear };
}
