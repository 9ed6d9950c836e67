// Compression explorer: bits of a weight, share of weights taken out, and what is left of a network's accuracy.

import { readArray } from "../../arrays.js";
import { h, legend, slider } from "../../controls.js";
import { defineWidget, followModel, setTraits } from "../../host/define.js";
import { fixed, percent } from "../../numbers.js";
import { createPictures } from "./picture.js";
import { shrink, tally } from "./shrink.js";

const TRAITS = ["bits_place", "share_place", "bits", "shares", "accuracy", "size", "kernel", "what"];
const FLOAT = 32;

export default defineWidget("compression", (host) => {
  const { model, root } = host;
  const bits = model.get("bits");
  const shares = model.get("shares");
  const pictures = createPictures();
  const bitsSlider = slider({
    label: "Bits a weight",
    min: 0,
    max: bits.length - 1,
    step: 1,
    value: 0,
    describe: (place) => tellBits(bits[place]),
    onInput: (place) => setTraits(model, { bits_place: place }),
  });
  const shareSlider = slider({
    label: "Weights taken out",
    min: 0,
    max: shares.length - 1,
    step: 1,
    value: 0,
    describe: (place) => percent(shares[place]),
    onInput: (place) => setTraits(model, { share_place: place }),
  });
  const outcome = h("p", { className: "sbw-reading sbw-strong" });
  const kernelLine = h("p", { className: "sbw-reading" });
  root.append(
    h("div", { className: "sbw-panel" }, bitsSlider.element, shareSlider.element),
    h("div", { className: "sbw-readings" }, outcome, kernelLine),
    pictures.canvas,
    legend([
      ["series-1", "●", "every pair of settings, measured"],
      ["series-2", "◆", "the one chosen"],
      ["line", "▮", "weights as trained"],
      ["series-2", "|", "weights as they are now (tall ones cut off)"],
    ]),
  );
  followModel(host, TRAITS, show);

  function show(traits) {
    const { bits_place: row, share_place: column, accuracy, size, what } = traits;
    const [chosenBits, share] = [traits.bits[row], traits.shares[column]];
    const points = accuracy.flatMap((line, i) => line.map((right, j) => ({ accuracy: right, size: size[i][j] })));
    const chosen = { accuracy: accuracy[row][column], size: size[row][column] };
    const before = readArray(traits.kernel).values;
    const after = shrink(before, { bits: chosenBits, share });
    const zeros = after.reduce((count, value) => count + (value === 0), 0);
    bitsSlider.set(row);
    shareSlider.set(column);
    const result = `${percent(chosen.accuracy, 1)} of ${what} right, ${kilobytes(chosen.size)}`;
    outcome.textContent = `${tellBits(chosenBits)}, ${percent(share)} taken out: ${result}.`;
    kernelLine.textContent =
      `This kernel's ${before.length} weights have ${tally(after).length} different values; ${zeros} of them are zero. ` +
      `Largest network of the picture: ${kilobytes(Math.max(...points.map((point) => point.size)))}.`;
    pictures.draw(
      { points, chosen, before, after },
      `Above, accuracy against size of ${points.length} versions of a network. Below, how often each weight of a kernel occurs. ${outcome.textContent}`,
    );
    return outcome.textContent;
  }
});

function tellBits(bits) {
  return bits === FLOAT ? "32 bits (float)" : `${bits} bits`;
}

function kilobytes(bytes) {
  return `${fixed(bytes / 1000, 1)} KB`;
}
