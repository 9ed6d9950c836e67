// Frequency scales on which bands lie at equal distances, and the filterbank of one of them.

import { frequenciesOnScale, hzToMel, melToHz, triangularFilterbank } from "../../dsp/index.js";

export const SCALES = {
  "mel (Slaney)": { fromHz: (hz) => hzToMel(hz), toHz: (mel) => melToHz(mel) },
  "mel (HTK)": { fromHz: (hz) => hzToMel(hz, { htk: true }), toHz: (mel) => melToHz(mel, { htk: true }) },
  // Traunmüller (1990), without his corrections at the ends
  Bark: { fromHz: (hz) => (26.81 * hz) / (1960 + hz) - 0.53, toHz: (bark) => (1960 * (bark + 0.53)) / (26.28 - bark) },
  linear: { fromHz: (hz) => hz, toHz: (hz) => hz },
};

/** {edges, filters}: band b rises from edges[b] to edges[b + 1] and falls to edges[b + 2]; filters are {start, weights}. */
export function design({ sample_rate, n_fft, n_mels, scale, fmin, fmax, equal_area }) {
  const edges = frequenciesOnScale(n_mels + 2, { fmin, fmax, ...SCALES[scale] });
  return { edges, filters: triangularFilterbank(edges, { sample_rate, n_fft, equalArea: equal_area }) };
}

/** Weight of every band at one bin. */
export function weightsAt(filters, bin) {
  return filters.map(({ start, weights }) => weights[bin - start] ?? 0);
}

/** Bands that hold no bin at all. */
export function emptyBands(filters) {
  return filters.flatMap(({ weights }, band) => (weights.length ? [] : [band]));
}
