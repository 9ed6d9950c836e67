// The lab's controls. Names in code type are librosa's, or speechbook's where librosa has none.

import { choice, h, select, slider, withCode, uniqueId } from "../../controls.js";
import { COLOUR_MAPS } from "../../draw/index.js";
import { fixed, formatNumber } from "../../numbers.js";
import { decimation, EFFECTS } from "./effects.js";
import { FFT_SIZES } from "./settings.js";

const FACTORS = [2, 3, 4, 6, 8];
const capital = (name) => name[0].toUpperCase() + name.slice(1);
const hertz = (value) => `${Math.round(value)} Hz`;
const decibels = (value) => `${fixed(value, 0)} dB`;

/** Controls of the pictures: {elements, refresh(settings, sound)}. */
export function createAnalysisPanel(onChange) {
  let rate = 16000;
  const samples = (count) => `${count} (${Number(((1000 * count) / rate).toPrecision(3))} ms)`;
  const make = (name, label, describe) => slider({ label: `${label} \`${name}\``, value: 0, describe, onInput: (value) => onChange({ [name]: value }) });
  const sliders = {
    win_length: make("win_length", "Window", samples),
    hop_length: make("hop_length", "Hop", samples),
    n_mels: make("n_mels", "Mel bands", String),
    n_mfcc: make("n_mfcc", "Coefficients", String),
    fmin: make("fmin", "Lowest mel edge", hertz),
    fmax: make("fmax", "Highest mel edge", hertz),
    top_db: make("top_db", "Colour range", decibels),
  };
  const fft = select({
    label: "FFT size `n_fft`",
    options: FFT_SIZES.map((size) => [String(size), `${size} points`]),
    value: "512",
    onInput: (value) => onChange({ n_fft: Number(value) }),
  });
  const colours = select({
    label: "Colour map",
    options: COLOUR_MAPS.map((name) => [name, capital(name)]),
    value: "viridis",
    onInput: (value) => onChange({ color_map: value }),
  });

  function refresh(settings, { sample_rate }) {
    rate = sample_rate;
    const step = Math.max(1, Math.round(sample_rate / 1000));
    const nyquist = Math.floor(sample_rate / 2);
    const ranges = {
      win_length: { min: 2 * step, max: Math.min(2048, 128 * step), step },
      hop_length: { min: step, max: 40 * step, step },
      n_mels: { min: 8, max: 128, step: 4 },
      n_mfcc: { min: 2, max: Math.min(40, settings.n_mels), step: 1 },
      fmin: { min: 0, max: nyquist - 100, step: 20 },
      fmax: { min: 100, max: nyquist, step: 20 },
      top_db: { min: 20, max: 100, step: 5 },
    };
    for (const [name, control] of Object.entries(sliders)) {
      control.setRange(ranges[name]);
      control.set(settings[name]);
    }
    fft.set(String(settings.n_fft));
    colours.set(settings.color_map);
  }

  return { elements: [fft, ...Object.values(sliders), colours].map((control) => control.element), refresh };
}

/** Controls of what happens to the sound before it is heard: {elements, refresh(settings, sound)}. */
export function createEffectPanel(onChange) {
  const change = (name) => (value) => onChange({ [name]: value });
  const make = (name, label, range, describe) => slider({ label: `${label} \`${name}\``, value: range.min, ...range, describe, onInput: change(name) });
  const effect = select({
    label: "Hear it",
    options: Object.entries(EFFECTS).map(([name, { title }]) => [name, title]),
    value: "none",
    onInput: change("effect"),
  });
  const target = select({ label: "Sample rate `target_sr`", options: [], value: "", onInput: (value) => onChange({ target_sr: Number(value) }) });
  const filter = checkBox({ label: "Filter first, against aliasing", onInput: change("anti_alias") });
  const parts = {
    rate: make("rate", "Tempo", { min: 0.25, max: 2, step: 0.05 }, (value) => `× ${formatNumber(value)}`),
    n_steps: make("n_steps", "Pitch", { min: -12, max: 12, step: 1 }, (value) => `${value > 0 ? "+" : ""}${fixed(value, 0)} semitones`),
    band_low: make("band_low", "From", { min: 0, max: 7900, step: 50 }, hertz),
    band_high: make("band_high", "To", { min: 100, max: 8000, step: 50 }, hertz),
    target_sr: target,
    anti_alias: filter,
    noise: choice({ label: "Kind of noise", options: ["white", "pink", "brown"].map((kind) => [kind, capital(kind)]), value: "white", onInput: change("noise") }),
    snr_db: make("snr_db", "Signal above noise", { min: -10, max: 40, step: 1 }, decibels),
    rt60: make("rt60", "Reverberation time", { min: 0.1, max: 2, step: 0.1 }, (value) => `${fixed(value, 1)} s`),
    direct_to_reverberant_db: make("direct_to_reverberant_db", "Direct sound above echoes", { min: -10, max: 20, step: 1 }, decibels),
  };

  function refresh(settings, { sample_rate }) {
    effect.set(settings.effect);
    const { controls } = EFFECTS[settings.effect];
    for (const [name, control] of Object.entries(parts)) control.element.hidden = !controls.includes(name);
    const rates = FACTORS.map((factor) => sample_rate / factor);
    target.setOptions(rates.map((rate, i) => [String(rate), `${Math.round(rate)} Hz, every ${ordinal(FACTORS[i])} sample`]));
    const kept = FACTORS.reduce((best, factor) => (distance(factor, settings, sample_rate) < distance(best, settings, sample_rate) ? factor : best));
    target.set(String(sample_rate / kept));
    for (const name of ["band_low", "band_high"]) parts[name].setRange({ max: Math.floor(sample_rate / 2) });
    for (const name of controls) if (name !== "target_sr") parts[name].set(settings[name]);
  }

  return { elements: [effect.element, ...Object.values(parts).map((control) => control.element)], refresh };
}

function distance(factor, { target_sr }, sample_rate) {
  return Math.abs(factor - decimation(target_sr, sample_rate));
}

function ordinal(number) {
  return { 2: "2nd", 3: "3rd" }[number] ?? `${number}th`;
}

export function checkBox({ label, onInput }) {
  const id = uniqueId("check");
  const input = h("input", { id, type: "checkbox", "data-lm-suppress-shortcuts": "true" });
  input.addEventListener("input", () => onInput(input.checked));
  const set = (value) => (input.checked = value);
  return { element: h("div", { className: "sbw-check" }, input, h("label", { for: id }, ...withCode(label))), input, set };
}
