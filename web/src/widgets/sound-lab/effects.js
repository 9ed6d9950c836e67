// What can happen to a sound before it is heard again. Each effect knows its parameters and how Python does the same.

import { bandPass, colouredNoise, convolve, decimate, mixAtSnr, pitchShift, resample, roomImpulseResponse, telephone, timeStretch } from "../../dsp/index.js";

const SEED = 0;
const VOCODER = { n_fft: 512, hop_length: 128 };
const STRETCH = `n_fft=${VOCODER.n_fft}, hop_length=${VOCODER.hop_length}`;

// `apply(samples, settings, sample_rate)`; `tempo(settings)` where the sound becomes longer or shorter
export const EFFECTS = {
  none: { title: "As it is", controls: [] },
  stretch: {
    title: "Slower or faster, same pitch",
    controls: ["rate"],
    apply: (y, { rate }) => timeStretch(y, { rate, ...VOCODER }),
    tempo: ({ rate }) => rate,
    python: ({ rate }) => `y = librosa.effects.time_stretch(y, rate=${rate}, ${STRETCH})`,
  },
  speed: {
    title: "Slower or faster, pitch too",
    controls: ["rate"],
    apply: (y, { rate }, sample_rate) => resample(y, { orig_sr: sample_rate * rate, target_sr: sample_rate }),
    tempo: ({ rate }) => rate,
    python: ({ rate }) => `y = librosa.resample(y, orig_sr=sr * ${rate}, target_sr=sr)`,
  },
  pitch: {
    title: "Higher or lower, same tempo",
    controls: ["n_steps"],
    apply: (y, { n_steps }, sample_rate) => pitchShift(y, { n_steps, sample_rate, ...VOCODER }),
    python: ({ n_steps }) => `y = librosa.effects.pitch_shift(y, sr=sr, n_steps=${n_steps}, ${STRETCH})`,
  },
  band: {
    title: "Only a band of frequencies",
    controls: ["band_low", "band_high"],
    apply: (y, { band_low, band_high }, sample_rate) => bandPass(y, { sample_rate, low: Math.min(band_low, band_high - 50), high: band_high }),
    python: ({ band_low, band_high }) => [
      "from scipy import signal",
      `y = signal.sosfiltfilt(signal.butter(4, [${Math.max(1, Math.min(band_low, band_high - 50))}, ${band_high}], "bandpass", fs=sr, output="sos"), y)  # nearly the same filter`,
    ],
  },
  resample: {
    title: "Another sample rate",
    controls: ["target_sr", "anti_alias"],
    apply: (y, { target_sr, anti_alias }, sample_rate) => {
      const factor = decimation(target_sr, sample_rate);
      const fewer = anti_alias ? resample(y, { orig_sr: factor, target_sr: 1 }) : decimate(y, factor);
      return resample(fewer, { orig_sr: 1, target_sr: factor }).subarray(0, y.length);
    },
    python: ({ target_sr, anti_alias }, sample_rate) => {
      const factor = decimation(target_sr, sample_rate);
      const rate = sample_rate / factor;
      return anti_alias
        ? `y = librosa.resample(librosa.resample(y, orig_sr=sr, target_sr=${rate}), orig_sr=${rate}, target_sr=sr)`
        : `y = librosa.resample(y[::${factor}], orig_sr=${rate}, target_sr=sr)  # every ${factor}th sample, no filter before`;
    },
  },
  noise: {
    title: "In noise",
    controls: ["noise", "snr_db"],
    apply: (y, { noise, snr_db }) => (y.some(Boolean) ? mixAtSnr(y, colouredNoise(y.length, { kind: noise, seed: SEED }), { snr_db }) : y),
    python: ({ noise, snr_db }) => [
      "from speechbook import augment",
      `y = augment.add_noise(y, snr_db=${snr_db}, kind="${noise}", rng=np.random.default_rng(0))  # other noise, same ratio`,
    ],
  },
  room: {
    title: "In a room",
    controls: ["rt60", "direct_to_reverberant_db"],
    apply: (y, { rt60, direct_to_reverberant_db }, sample_rate) =>
      convolve(y, roomImpulseResponse({ sample_rate, rt60, direct_to_reverberant_db, seed: SEED })),
    python: ({ rt60, direct_to_reverberant_db }) => [
      "from speechbook import augment",
      `y = np.pad(y, (0, round(${rt60} * sr)))`,
      `y = augment.room(y, sample_rate=sr, rt60=${rt60}, direct_to_reverberant_db=${direct_to_reverberant_db}, rng=np.random.default_rng(0))  # another room`,
    ],
  },
  telephone: {
    title: "Over the telephone",
    controls: [],
    apply: (y, _, sample_rate) => telephone(y, { sample_rate }),
    python: () => ["from speechbook import augment", "y = augment.telephone(y, sample_rate=sr)"],
  },
};

/** Every how many samples one is kept to come nearest to `target_sr`. */
export function decimation(target_sr, sample_rate) {
  return Math.max(1, Math.round(sample_rate / target_sr));
}

/** The changed sound, brought back below full scale if it has left it. */
export function applyEffect(samples, settings, sample_rate) {
  const { apply } = EFFECTS[settings.effect];
  if (!apply) return samples;
  const changed = apply(samples, settings, sample_rate);
  const loudest = changed.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return loudest > 1 ? changed.map((sample) => sample / loudest) : changed;
}

/** How many times as fast the changed sound goes. */
export function tempo(settings) {
  return EFFECTS[settings.effect].tempo?.(settings) ?? 1;
}
