// The sounds to explore: those that Python sent, and a file that the reader opened.

/** Sounds from the traits `samples` (16-bit integers of all clips) and `clips` ({label, sample_rate, offset, length, peak}). */
export function soundsFromTraits(bytes, clips) {
  return clips.map(({ label, sample_rate, offset, length, peak }) => {
    const samples = new Float32Array(length);
    for (let i = 0; i < length; i++) samples[i] = (bytes.getInt16(2 * (offset + i), true) / 32767) * peak;
    return describeSound({ label, samples, sample_rate });
  });
}

export function describeSound({ label, samples, sample_rate }) {
  let limit = 0;
  for (const sample of samples) limit = Math.max(limit, Math.abs(sample));
  return { label, samples, sample_rate, duration: samples.length / sample_rate, nSamples: samples.length, limit: roundUp(limit || 1) };
}

/** Next larger number with one significant digit out of 1, 2, 5. */
function roundUp(value) {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => Number((factor * magnitude).toPrecision(1))).find((rounded) => rounded >= value * 0.999);
}
