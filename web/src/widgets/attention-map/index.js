// Attention map: pick a query frame and see how much it attends to every other.

import { extent, readArray, readShares } from "../../arrays.js";
import { h, select, slider } from "../../controls.js";
import { defineWidget, followModel, setTraits } from "../../host/define.js";
import { fixed } from "../../numbers.js";
import { followPointer } from "../../pointer.js";
import { createMap, tellFrame } from "./picture.js";
import { rowOf, summarise } from "./weights.js";

const TRAITS = ["head", "frame"];

export default defineWidget("attention", (host) => {
  const { model, root, signal } = host;
  const weights = readShares(model.get("weights"));
  const [heads, count] = weights.shape;
  const names = model.get("head_names");
  const frame_seconds = model.get("frame_seconds");
  const image = readArray(model.get("image"));
  const change = (traits) => setTraits(model, traits);

  const map = createMap({ image, count, frame_seconds });
  const head = select({
    label: "Head",
    options: names.map((name, i) => [String(i), name]),
    value: "0",
    onInput: (i) => change({ head: Number(i) }),
  });
  const query = slider({
    label: "Query frame",
    min: 0,
    max: count - 1,
    step: 1,
    value: 0,
    describe: (frame) => tellFrame(frame, frame_seconds),
    onInput: (frame) => change({ frame }),
  });
  const reading = h("p", { className: "sbw-reading sbw-strong" });
  const spread = h("p", { className: "sbw-reading" });
  const colours = h("p", { className: "sbw-note" });
  head.element.hidden = heads === 1;

  root.append(h("div", { className: "sbw-picks" }, head.element, query.element), map.canvas, colours, reading, spread);
  followPointer(map.canvas, pick, { signal, hover: true });
  followModel(host, TRAITS, show);

  function pick(place) {
    const frame = map.frameAt(place);
    if (frame !== model.get("frame")) change({ frame });
  }

  function show(traits) {
    const row = rowOf(weights, traits.head, traits.frame);
    const { peak, half, entropy } = summarise(row);
    head.set(String(traits.head));
    query.set(traits.frame);
    const weightOf = (frame) => fixed(row[frame], 3);
    const most = `${tellFrame(peak, frame_seconds)}: weight ${weightOf(peak)}; to itself ${weightOf(traits.frame)}.`;
    reading.textContent = `${capital(tellFrame(traits.frame, frame_seconds))} attends most to ${most}`;
    spread.textContent =
      `Half of its attention lies on ${half} of ${count} frames; ` +
      `entropy ${fixed(entropy)} nats, of at most ${fixed(Math.log(count))}.`;
    const matrix = weights.values.subarray(traits.head * count * count, (traits.head + 1) * count * count);
    const [least, largest] = extent(matrix).map((weight) => fixed(weight, 3));
    colours.textContent = `Colours grow with the square root of the weight, from ${least} (dark) to ${largest} (bright).`;
    map.draw({ ...traits, matrix, row }, describe(traits, peak));
    return reading.textContent;
  }

  function describe({ head: index, frame }, peak) {
    const picture = image ? ", the spectrogram," : "";
    return (
      `Attention weights of ${names[index]} for ${tellFrame(frame, frame_seconds)} as a curve${picture} and the map of ` +
      `all ${count} by ${count} weights; the curve peaks at ${tellFrame(peak, frame_seconds)}.`
    );
  }
});

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
