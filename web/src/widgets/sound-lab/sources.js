// The sounds that can be chosen: those that Python sent, the last recordings, the last files.

import { describeSound, soundsFromTraits } from "../../sounds.js";

const KEPT = 2; // recordings, and files: enough to compare two

export function createSources(bytes, clips) {
  const sounds = soundsFromTraits(bytes, clips).map((sound, i) => ({ ...sound, name: clips[i].name }));
  let recordings = 0;

  /** Add a sound of a kind, "Recording" or "File"; the oldest of the kind goes when there are too many. */
  function add(kind, { samples, sample_rate, label }) {
    const name = kind === "Recording" ? `Recording ${++recordings}` : `File: ${label}`;
    const sound = { ...describeSound({ label: name, samples, sample_rate }), kind };
    const same = sounds.findIndex((known) => known.label === name);
    if (same >= 0) sounds.splice(same, 1);
    const others = sounds.filter((known) => known.kind === kind);
    if (others.length >= KEPT) sounds.splice(sounds.indexOf(others[0]), 1);
    sounds.push(sound);
    return sound;
  }

  const find = (label) => sounds.find((sound) => sound.label === label);
  const options = () => sounds.map(({ label }) => [label, label]);
  return { add, find, options, first: sounds[0] };
}

/** What was done to a file to bring it here, in words; empty if nothing was. */
export function describeConversion({ channels, original_rate, sample_rate, notice }) {
  const facts = [];
  if (channels > 1) facts.push(`${channels} channels were mixed to one`);
  if (original_rate > sample_rate) facts.push(`${original_rate} Hz became ${sample_rate} Hz`);
  const sentence = facts.join("; ");
  return [notice, sentence && `${sentence[0].toUpperCase()}${sentence.slice(1)}.`].filter(Boolean).join(" ");
}
