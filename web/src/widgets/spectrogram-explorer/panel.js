// The explorer's controls. Names in code type are librosa's.

import { choice, select, slider } from "../../controls.js";
import { COLOUR_MAPS } from "../../draw/index.js";
import { describeSamples, FFT_SIZES, ranges } from "./settings.js";

const BANDS = [["0.3333", "⅓ octave"], ["1", "1 octave"], ["2", "2 octaves"]];

/** Settings panel: {elements, refresh(settings, sound)}; `onChange({name: value})` is told what the reader changes. */
export function createPanel(settings, sound, onChange) {
  let rate = sound.sample_rate;
  const describe = (samples) => describeSamples(samples, rate);
  const sliders = {
    win_length: slider({ label: "Window `win_length`", describe, onInput: (value) => onChange({ win_length: value }) }),
    hop_length: slider({ label: "Hop `hop_length`", describe, onInput: (value) => onChange({ hop_length: value }) }),
    n_mels: slider({ label: "Mel bands `n_mels`", describe: (count) => `${count} bands`, onInput: (value) => onChange({ n_mels: value }) }),
    top_db: slider({ label: "Colour range `top_db`", describe: (level) => `${level} dB`, onInput: (value) => onChange({ top_db: value }) }),
  };
  const fft = select({
    label: "FFT size `n_fft`",
    options: FFT_SIZES.map((size) => [String(size), `${size} points`]),
    value: String(settings.n_fft),
    onInput: (value) => onChange({ n_fft: Number(value) }),
  });
  const scale = choice({
    label: "Frequency scale",
    options: [["linear", "Linear"], ["mel", "Mel"]],
    value: settings.scale,
    onInput: (value) => onChange({ scale: value }),
  });
  const colours = select({
    label: "Colour map",
    options: COLOUR_MAPS.map((name) => [name, name[0].toUpperCase() + name.slice(1)]),
    value: settings.color_map,
    onInput: (value) => onChange({ color_map: value }),
  });
  const band = select({
    label: "Width of the band to hear",
    options: BANDS,
    value: "1",
    onInput: (value) => onChange({ band_octaves: Number(value) }),
  });

  function refresh(next, { sample_rate, nSamples }) {
    rate = sample_rate;
    const limits = ranges({ sample_rate, nSamples });
    for (const [name, control] of Object.entries(sliders)) {
      control.setRange(limits[name]);
      control.set(next[name]);
    }
    sliders.n_mels.element.hidden = next.scale !== "mel";
    fft.set(String(next.n_fft));
    scale.set(next.scale);
    colours.set(next.color_map);
    band.set(nearestBand(next.band_octaves));
  }

  const elements = [sliders.win_length, sliders.hop_length, fft, scale, sliders.n_mels, sliders.top_db, colours, band].map(
    (control) => control.element,
  );
  return { elements, refresh };
}

function nearestBand(octaves) {
  const distance = ([value]) => Math.abs(Math.log(value / octaves));
  return BANDS.reduce((best, band) => (distance(band) < distance(best) ? band : best))[0];
}
