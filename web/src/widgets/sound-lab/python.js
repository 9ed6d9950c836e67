// The Python cell that computes the same picture.

import { EFFECTS } from "./effects.js";

/** Source of a cell; `sound` is {label, name, sample_rate}, `part` the {start, end, whole} that is selected. */
export function pythonCell(sound, settings, part, { changed }) {
  const { n_fft, hop_length, win_length, n_mels, fmin, fmax, n_mfcc, top_db } = settings;
  const effect = changed ? [EFFECTS[settings.effect].python?.(settings, sound.sample_rate) ?? []].flat() : [];
  const [imports, changes] = [true, false].map((wanted) => effect.filter((line) => /^from\b/.test(line) === wanted));
  const [from, to] = [part.start, part.end].map((seconds) => Math.round(seconds * sound.sample_rate));
  return [
    "import librosa",
    "import librosa.display",
    "import matplotlib.pyplot as plt",
    "import numpy as np",
    ...imports,
    ...(sound.name ? ["from speechbook import corpora"] : []),
    "",
    ...loadLines(sound),
    ...(part.whole ? [] : [`y = y[${from}:${to}]  # the selection, ${part.start.toFixed(3)} to ${part.end.toFixed(3)} s`]),
    ...changes,
    `frames = {"n_fft": ${n_fft}, "hop_length": ${hop_length}, "win_length": ${win_length}}`,
    "power = np.abs(librosa.stft(y, **frames)) ** 2",
    `mel_power = librosa.feature.melspectrogram(S=power, sr=sr, n_fft=${n_fft}, n_mels=${n_mels}, fmin=${fmin}, fmax=${fmax})`,
    `spectrogram = librosa.power_to_db(power, ref=np.max, top_db=${top_db})`,
    `mel = librosa.power_to_db(mel_power, ref=np.max, top_db=${top_db})`,
    `mfcc = librosa.feature.mfcc(S=librosa.power_to_db(mel_power), n_mfcc=${n_mfcc})`,
    "",
    'fig, axes = plt.subplots(4, sharex=True, figsize=(9, 9), layout="constrained")',
    "librosa.display.waveshow(y, sr=sr, ax=axes[0])",
    'librosa.display.specshow(spectrogram, sr=sr, x_axis="time", y_axis="linear", ax=axes[1], **frames)',
    `librosa.display.specshow(mel, sr=sr, x_axis="time", y_axis="mel", fmin=${fmin}, fmax=${fmax}, ax=axes[2], **frames)`,
    'librosa.display.specshow(mfcc, sr=sr, x_axis="time", ax=axes[3], **frames)',
    'axes[3].set(ylabel="MFCC")',
  ].join("\n");
}

function loadLines({ name, label, sample_rate }) {
  if (name) return [`clip = corpora.load_clip("${name}")`, "y, sr = clip.y, clip.sample_rate"];
  return [`y, sr = librosa.load("${fileName(label, "wav")}", sr=${sample_rate})  # get this file with "WAV" (nothing selected, nothing changed)`];
}

/** Name of a file to save, made of letters that every system takes. */
export function fileName(label, extension) {
  const stem = label.replace(/^File: /, "").replace(/\.\w{2,4}$/, "").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").toLowerCase();
  return `${stem || "sound"}.${extension}`;
}
