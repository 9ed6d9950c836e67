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
 * `onNoWord(kind)` that a sound was none; `onGuess(answer)` what a word might be so far; `onAnswer(answer)` what it was, once
 * enough quiet has followed. A guess `counts` as an answer if it is sure, and made in the first quiet frame after a sound
 * long enough for a word. If the word goes on after all, so do the guesses, and `onAnswer` lists the labels given
 * `early`. `ended` is when the word's last loud frame came in, `latency` after how many milliseconds the answer that stands
 * was given.
 */
export function createListener({ recognise, margin, onLevel, onGuess, onAnswer, onNoWord }) {
  const endpointer = new Endpointer();
  const memory = new Float32Array(KEPT);
  let total = 0;
  let sinceGuess = 0;
  let rest = EVERY; // frames until the next guess
  let start = 0; // of the word that is being spoken, in frames
  let early = []; // labels that were given before it was over
  let standing = null; // the early answer that nothing has followed yet
  let ended = 0; // when its last loud frame came in

  const cut = (start, end) => {
    const out = new Float32Array(end - start);
    for (let i = 0; i < out.length; i++) out[i] = memory[(start + i) % KEPT];
    return out;
  };

  function hear(frame, { rms_db }) {
    const arrived = performance.now();
    for (const sample of frame) memory[total++ % KEPT] = sample;
    const { noise, threshold, loud, event } = endpointer.push(rms_db, margin());
    onLevel({ level: rms_db, noise, threshold, speaking: endpointer.speaking, event });
    if (loud) ended = arrived;
    if (event?.kind === "begin") [start, early, standing] = [event.start, [], null];
    sinceGuess++;
    if (event?.kind === "end") answer(event, frame.length);
    else if (event?.kind === "click" || event?.kind === "hum") onNoWord(event.kind);
    else if (event?.kind === "pause") guess(frame.length, { mayCount: event.long });
    else if (endpointer.speaking && loud && sinceGuess >= rest) guess(frame.length);
  }

  function guess(size, { mayCount = false } = {}) {
    sinceGuess = 0;
    const started = performance.now();
    const heard = recognise(cut(start * size, total));
    const now = performance.now();
    rest = Math.max(EVERY, Math.ceil((now - started) / SHARE / FRAME_MILLISECONDS));
    standing = mayCount && heard.sure ? { label: heard.label, latency: now - ended } : null;
    if (standing) early.push(heard.label);
    onGuess({ ...heard, counts: standing !== null, ended, latency: now - ended });
  }

  function answer(event, size) {
    const samples = cut(event.start * size, event.end * size);
    const heard = recognise(samples);
    const stands = standing !== null && standing.label === heard.label;
    onAnswer({ ...heard, samples, early, ended, latency: stands ? standing.latency : performance.now() - ended });
  }

  return { hear };
}
