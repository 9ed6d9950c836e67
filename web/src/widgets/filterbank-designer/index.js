// Filterbank designer: triangles on a mel, Bark or linear scale, and a tone that lights them up.

import { choice, h, select, slider } from "../../controls.js";
import { defineWidget, followModel, setTraits } from "../../host/define.js";
import { formatNumber, percent } from "../../numbers.js";
import { followPointer } from "../../pointer.js";
import { createBank } from "./picture.js";
import { design, emptyBands, SCALES, weightsAt } from "./scales.js";

const TRAITS = ["n_mels", "scale", "fmin", "fmax", "equal_area", "tone"];
const LEAST = 100; // Hz between fmin and fmax

export default defineWidget("filterbank", (host) => {
  const { model, root, signal } = host;
  const [sample_rate, n_fft] = [model.get("sample_rate"), model.get("n_fft")];
  const nyquist = sample_rate / 2;
  const change = (traits) => setTraits(model, traits);
  const inHz = (hz) => `${formatNumber(Number(hz.toFixed(2)))} Hz`;
  const hertz = (label, onInput) => slider({ label, min: 0, max: nyquist, step: 10, value: 0, describe: inHz, onInput });

  const bank = createBank(nyquist);
  const scale = select({
    label: "Scale",
    options: Object.keys(SCALES).map((name) => [name, name[0].toUpperCase() + name.slice(1)]),
    value: "linear",
    onInput: (name) => change({ scale: name }),
  });
  const height = choice({
    label: "Filters of equal",
    options: [
      ["true", "Area"],
      ["false", "Height"],
    ],
    value: "true",
    onInput: (text) => change({ equal_area: text === "true" }),
  });
  const count = slider({
    label: "Bands `n_mels`",
    min: 2,
    max: 128,
    step: 1,
    value: 2,
    describe: String,
    onInput: (n_mels) => change({ n_mels }),
  });
  const fmin = hertz("Lowest `fmin`", (hz) => change({ fmin: Math.max(0, Math.min(hz, model.get("fmax") - LEAST)) }));
  const fmax = hertz("Highest `fmax`", (hz) => change({ fmax: Math.min(nyquist, Math.max(hz, model.get("fmin") + LEAST)) }));
  const tone = slider({
    label: "Tone",
    min: 0,
    max: nyquist,
    step: sample_rate / n_fft,
    value: 0,
    describe: inHz,
    onInput: (hz) => change({ tone: hz }),
  });
  const reading = h("p", { className: "sbw-reading sbw-strong" });
  const widths = h("p", { className: "sbw-reading" });
  const empty = h("p", { className: "sbw-reading sbw-empty" });

  root.append(
    bank.canvas,
    tone.element,
    reading,
    widths,
    empty,
    h("div", { className: "sbw-panel" }, ...[scale, height, count, fmin, fmax].map(({ element }) => element)),
  );
  followPointer(bank.canvas, (place) => change({ tone: bank.frequencyAt(place) }), { signal });
  followModel(host, TRAITS, show);

  function show(traits) {
    const { edges, filters } = design({ ...traits, sample_rate, n_fft });
    const bin = Math.round((traits.tone * n_fft) / sample_rate);
    const hz = (bin * sample_rate) / n_fft;
    const response = weightsAt(filters, bin);
    const missing = emptyBands(filters);
    scale.set(traits.scale);
    height.set(String(traits.equal_area));
    count.set(traits.n_mels);
    fmin.set(traits.fmin);
    fmax.set(traits.fmax);
    tone.set(hz);
    reading.textContent = tellTone({ hz, bin, response, edges, equal_area: traits.equal_area });
    const [lowest, highest, bins] = [edges[2] - edges[0], edges.at(-1) - edges.at(-3), sample_rate / n_fft].map(inHz);
    widths.textContent = `The lowest band is ${lowest} wide, the highest ${highest}; FFT bins are ${bins} apart.`;
    empty.textContent = missing.length
      ? `Without any bin, and so always 0: ${missing.length === 1 ? "band" : "bands"} ${listed(missing)}. Take fewer bands or a larger n_fft.`
      : "";
    bank.draw({ edges, equal_area: traits.equal_area, hz, response }, describe(traits, reading.textContent));
    return reading.textContent;
  }

  function tellTone({ hz, bin, response, edges, equal_area }) {
    const lit = response.flatMap((weight, band) => {
      const peak = equal_area ? 2 / (edges[band + 2] - edges[band]) : 1;
      return weight > 0 ? [`band ${band} at ${percent(weight / peak)} of its peak`] : [];
    });
    return `A tone of ${inHz(hz)}, bin ${bin}, lights up ${lit.length ? lit.join(" and ") : "no band"}.`;
  }

  function describe({ n_mels, scale: name, fmin: low, fmax: high }, text) {
    return `${n_mels} triangular filters on the ${name} scale from ${inHz(low)} to ${inHz(high)}, and the output of every band. ${text}`;
  }
});

/** "0, 1 and 3", or the first few and how many more. */
function listed(bands) {
  const most = 6;
  if (bands.length > most) return `${bands.slice(0, most).join(", ")} and ${bands.length - most} more`;
  return bands.join(", ").replace(/, (\d+)$/, " and $1");
}
