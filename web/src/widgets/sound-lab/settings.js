// The lab's settings: names, ranges, and how they give way to each other.

import { nextPowerOfTwo } from "../../dsp/index.js";
import { clamp } from "../../numbers.js";

export const FFT_SIZES = [64, 128, 256, 512, 1024, 2048];
export const ANALYSIS = ["n_fft", "win_length", "hop_length", "n_mels", "fmin", "fmax", "n_mfcc", "top_db", "color_map"];
export const PLACE = ["view_start", "view_end", "selection_start", "selection_end"];
export const EFFECT = ["effect", "rate", "n_steps", "band_low", "band_high", "target_sr", "anti_alias", "noise", "snr_db", "rt60", "direct_to_reverberant_db"];
export const TRAITS = ["clip", "compare", ...ANALYSIS, ...PLACE, ...EFFECT];

const SHORTEST_VIEW = 0.02; // seconds

/** Settings that fit the sound: the window fits the FFT, frequencies lie below half the sample rate, places within. */
export function fit(settings, { sample_rate }, duration) {
  const nyquist = sample_rate / 2;
  const fmax = clamp(settings.fmax ?? nyquist, 100, nyquist);
  const fmin = clamp(settings.fmin, 0, fmax - 100);
  const view_start = clamp(settings.view_start, 0, Math.max(0, duration - SHORTEST_VIEW));
  const view_end = clamp(settings.view_end ?? duration, Math.min(duration, view_start + SHORTEST_VIEW), duration);
  const place = (seconds) => (seconds === null ? null : clamp(seconds, 0, duration));
  return {
    ...settings,
    fmin,
    fmax,
    win_length: Math.min(settings.win_length, settings.n_fft),
    n_mfcc: Math.min(settings.n_mfcc, settings.n_mels),
    view_start,
    view_end,
    selection_start: place(settings.selection_start),
    selection_end: place(settings.selection_end),
  };
}

/** What else changes when the reader changes one of the analysis' settings. */
export function withConsequences(changes, settings) {
  const next = { ...settings, ...changes };
  if ("n_fft" in changes) return { ...changes, win_length: Math.min(next.win_length, next.n_fft) };
  if ("win_length" in changes) return { ...changes, n_fft: clamp(Math.max(next.n_fft, nextPowerOfTwo(next.win_length)), 64, 2048) };
  if ("n_mels" in changes) return { ...changes, n_mfcc: Math.min(next.n_mfcc, next.n_mels) };
  if ("fmin" in changes) return { ...changes, fmin: Math.min(next.fmin, next.fmax - 100) };
  if ("fmax" in changes) return { ...changes, fmax: Math.max(next.fmax, next.fmin + 100) };
  return changes;
}

/** The selection's {start, end} in seconds, or all if nothing is selected. */
export function selected({ selection_start, selection_end }, duration) {
  if (selection_start === null || selection_end === null || selection_end - selection_start < 0.005) return { start: 0, end: duration, whole: true };
  return { start: selection_start, end: selection_end, whole: false };
}

/** View of `span` seconds around `centre`, as traits; the whole sound is null at its end, so that it stays whole. */
export function viewAround(centre, span, duration) {
  const length = clamp(span, SHORTEST_VIEW, duration);
  const start = clamp(centre - length / 2, 0, duration - length);
  return { view_start: start, view_end: length >= duration - 1e-9 ? null : start + length };
}
