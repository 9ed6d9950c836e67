// WAV files with one channel of 16-bit integers.

const HEADER = 44; // bytes

/** Bytes of a WAV file; samples beyond full scale are clipped. */
export function encodeWav(samples, { sample_rate }) {
  const bytes = new ArrayBuffer(HEADER + 2 * samples.length);
  const view = new DataView(bytes);
  const text = (offset, letters) => [...letters].forEach((letter, i) => view.setUint8(offset + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, bytes.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // integers
  view.setUint16(22, 1, true); // channel
  view.setUint32(24, sample_rate, true);
  view.setUint32(28, 2 * sample_rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, i) => view.setInt16(HEADER + 2 * i, Math.round(32767 * Math.max(-1, Math.min(1, sample))), true));
  return bytes;
}
