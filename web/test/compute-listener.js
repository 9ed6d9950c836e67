// Sends sound through the end-pointer and the network as the microphone does, for tests/test_recogniser_accuracy.py.
// Input: {model: path, sound: [...samples at the network's rate], margin}.
// Output: [{best, label, early, first, last}, ...], one a word; `early` lists the labels given in first quiet frames.

import { readFileSync } from "node:fs";
import { readNetwork } from "../src/network/file.js";
import { FRAME, levelDb } from "../src/widgets/recogniser/endpoint.js";
import { createListener, createRecogniser } from "../src/widgets/recogniser/listener.js";

const { model, sound, margin } = JSON.parse(readFileSync(0, "utf8"));
const recognise = createRecogniser(readNetwork(new Uint8Array(readFileSync(model))));
const words = [];
let event = null;
const { hear } = createListener({
  recognise: (samples) => (event ? recognise(samples) : {}), // guesses amid a word take time and change nothing
  margin: () => margin,
  onLevel: (level) => (event = level.event),
  onGuess: () => {},
  onAnswer: ({ best, label, early }) => words.push({ best, label, early, first: event.first, last: event.last }),
  onNoWord: () => {},
});
const samples = Float32Array.from(sound);
for (let i = 0; i + FRAME <= samples.length; i += FRAME) {
  const frame = samples.subarray(i, i + FRAME);
  hear(frame, { rms_db: levelDb(frame) });
}
process.stdout.write(JSON.stringify(words));
