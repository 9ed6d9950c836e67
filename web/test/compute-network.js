// Runs networks and the front end on what tests/test_network.py writes into files.
// Input: {model: path, frames, clips: [[...samples]], inputs: [[...numbers]], shape}. Output: the results' numbers.

import { readFileSync } from "node:fs";
import { readNetwork } from "../src/network/file.js";
import { FrontEnd } from "../src/network/frontend.js";

const { model, settings, frames, clips = [], inputs = [], shape } = JSON.parse(readFileSync(0, "utf8"));
const results = { pictures: [], outputs: [], embeddings: [], milliseconds: [] };
const network = model && readNetwork(new Uint8Array(readFileSync(model)));
const frontEnd = (settings || clips.length) && new FrontEnd(settings ?? network.front_end);

for (const clip of clips) {
  const started = performance.now();
  const { data } = frontEnd.picture(Float32Array.from(clip), frames ?? network.input_shape[0]);
  if (settings) results.pictures.push([...data]);
  if (network) run(data, network.input_shape.map((n) => n ?? frames), started);
}
for (const input of inputs) run(Float32Array.from(input), shape ?? network.input_shape, performance.now());
process.stdout.write(JSON.stringify(results));

function run(data, sizes, started) {
  const { output, embedding } = network.run(data, sizes);
  results.milliseconds.push(performance.now() - started);
  results.outputs.push([...output]);
  results.embeddings.push([...embedding]);
}
