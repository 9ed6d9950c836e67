// Convolution stepper: a 3 × 3 kernel slides over a picture; patch, products, sum and the map of responses.

import { readArray } from "../../arrays.js";
import { choice, h, legend, select } from "../../controls.js";
import { defineWidget, followModel, setTraits } from "../../host/define.js";
import { clamp } from "../../numbers.js";
import { followPointer } from "../../pointer.js";
import { createStepper } from "../../stepper.js";
import { correlate, patchAt, pool, SIZE } from "./convolution.js";
import { createMaps } from "./picture.js";
import { createSums, short } from "./sums.js";

const TRAITS = ["kernel_values", "stride", "pooling", "position"];

export default defineWidget("convolution", (host) => {
  const { model, root, signal } = host;
  const { shape, values } = readArray(model.get("image"));
  const image = { values, rows: shape[0], columns: shape[1] };
  const kernels = model.get("kernels");
  const change = (traits) => setTraits(model, traits);
  let response = null;

  const maps = createMaps(image, model.get("frame_seconds"));
  const sums = createSums((kernel) => change({ kernel_values: kernel }));
  const reading = h("p", { className: "sbw-reading" });
  const kernel = select({
    label: "Kernel",
    options: [...Object.keys(kernels), "own"].map((name) => [name, name[0].toUpperCase() + name.slice(1)]),
    value: "own",
    onInput: (name) =>
      name in kernels ? change({ kernel_values: kernels[name] }) : kernel.set(nameOf(model.get("kernel_values"))),
  });
  const stride = choice({
    label: "Stride",
    options: [
      ["1", "1"],
      ["2", "2"],
    ],
    value: "1",
    onInput: setStride,
  });
  const pooling = choice({
    label: "Pooling, 2 × 2",
    options: [
      ["none", "None"],
      ["max", "Max"],
      ["mean", "Mean"],
    ],
    value: "none",
    onInput: (kind) => change({ pooling: kind }),
  });
  const stepper = createStepper({
    label: "Position",
    describe: (position) => (response ? `${position + 1} of ${response.values.length}` : ""),
    onStep: (position) => change({ position }),
    signal,
  });

  root.append(
    h("div", { className: "sbw-bar" }, kernel.element, stride.element, pooling.element),
    maps.canvas,
    legend([
      ["series-1", "■", "above zero"],
      ["series-2", "■", "below zero"],
      ["line", "■", "not computed yet"],
    ]),
    stepper.element,
    reading,
    sums.element,
  );
  followPointer(maps.canvas, jump, { signal });
  followModel(host, TRAITS, show);

  function nameOf(rows) {
    return Object.keys(kernels).find((name) => kernels[name].flat().join() === rows.flat().join()) ?? "own";
  }

  function setStride(text) {
    const next = Number(text);
    const last = correlate(image, model.get("kernel_values"), next).values.length - 1;
    change({ stride: next, position: Math.min(model.get("position"), last) });
  }

  function show(traits) {
    response = correlate(image, traits.kernel_values, traits.stride);
    const last = response.values.length - 1;
    const cell = { row: Math.floor(traits.position / response.columns), column: traits.position % response.columns };
    const limit = response.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    const soFar = { ...response, values: response.values.map((value, i) => (i <= traits.position ? value : NaN)) };
    const pooled = traits.pooling === "none" ? null : pool(soFar, traits.pooling);
    kernel.set(nameOf(traits.kernel_values));
    stride.set(String(traits.stride));
    pooling.set(traits.pooling);
    stepper.set(traits.position, last);
    sums.show(patchAt(image, [cell.row, cell.column], traits.stride), traits.kernel_values);
    const where = [
      ["band", cell.row],
      ["frame", cell.column],
    ].map(([name, i]) => `${name}s ${i * traits.stride} to ${i * traits.stride + SIZE - 1}`);
    const value = short(response.values[traits.position]);
    reading.textContent = `Patch of ${where.join(", ")}: response ${value}. The largest of this kernel is ±${short(limit)}.`;
    maps.draw({ response: soFar, pooled, limit, stride: traits.stride, cell }, describe(traits, pooled));
    return reading.textContent;
  }

  function describe({ kernel_values, stride: step, position, pooling: kind }, pooled) {
    const result = pooled ? ` pooled by ${kind} to ${pooled.rows} by ${pooled.columns}` : "";
    return (
      `Picture of ${image.rows} bands by ${image.columns} frames, the kernel ${nameOf(kernel_values)} at position ${position + 1}, and ` +
      `${response.rows} by ${response.columns} responses with stride ${step}${result}, filled up to that position.`
    );
  }

  function jump(place) {
    const found = maps.locate(place);
    if (!found) return;
    const [across, up, panel] = found;
    const index = (share, size, count) => {
      const cell = Math.floor(share * size);
      return clamp(panel === 0 ? Math.round((cell - 1) / model.get("stride")) : cell, 0, count - 1);
    };
    const row = index(up, panel === 0 ? image.rows : response.rows, response.rows);
    const column = index(across, panel === 0 ? image.columns : response.columns, response.columns);
    change({ position: row * response.columns + column });
  }
});
