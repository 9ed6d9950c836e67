// The beginning of a sound file, so that a file of any length takes a bounded amount of memory.

const PROBE = 3000; // milliseconds to wait for a file's duration
const HEAD = 65536; // bytes in which a WAV file's header ends
const BLIND = 2e6; // bytes of a file that does not say how long it lasts

/**
 * What to decode of `file` to hear its first `seconds`: {bytes, whole, duration, sample_rate}. `duration` (s) and
 * `sample_rate` are NaN where the file does not tell them; `whole` is false when bytes were left out.
 */
export async function readStart(file, seconds) {
  const head = await file.slice(0, HEAD).arrayBuffer();
  const wav = parseWav(head);
  if (wav) return readWav(file, head, wav, seconds);
  const duration = await probeDuration(file);
  const wanted = Number.isFinite(duration) ? (2 * seconds * file.size) / duration + HEAD * 4 : BLIND;
  const whole = file.size <= wanted || duration <= seconds;
  return { bytes: await (whole ? file : file.slice(0, wanted)).arrayBuffer(), whole, duration, sample_rate: NaN };
}

/** {sample_rate, bytesPerSecond, start, size} of the data in a WAV file's header, or null if it is none. */
export function parseWav(bytes) {
  const view = new DataView(bytes);
  const text = (offset) => String.fromCharCode(...new Uint8Array(bytes, offset, 4));
  if (bytes.byteLength < 28 || text(0) !== "RIFF" || text(8) !== "WAVE") return null;
  const found = {};
  for (let offset = 12; offset + 8 <= bytes.byteLength; ) {
    const size = view.getUint32(offset + 4, true);
    if (text(offset) === "fmt " && offset + 20 <= bytes.byteLength) {
      found.sample_rate = view.getUint32(offset + 12, true);
      found.bytesPerSecond = view.getUint32(offset + 16, true);
    }
    if (text(offset) === "data") return found.sample_rate ? { ...found, start: offset + 8, size } : null;
    offset += 8 + size + (size % 2);
  }
  return found.sample_rate ? { ...found, start: NaN, size: NaN } : null;
}

async function readWav(file, head, { sample_rate, bytesPerSecond, start, size }, seconds) {
  const available = Math.min(size, file.size - start);
  const duration = available / bytesPerSecond;
  if (!(duration > seconds)) return { bytes: await file.arrayBuffer(), whole: true, duration, sample_rate };
  const kept = Math.ceil(seconds + 1) * bytesPerSecond;
  const bytes = await file.slice(0, start + kept).arrayBuffer();
  const view = new DataView(bytes);
  view.setUint32(4, bytes.byteLength - 8, true);
  view.setUint32(start - 4, bytes.byteLength - start, true);
  return { bytes, whole: false, duration, sample_rate };
}

/** Seconds that a file lasts as its own header says, without decoding it; NaN if it does not. */
function probeDuration(file) {
  if (!globalThis.document) return NaN;
  const url = URL.createObjectURL(file);
  const media = document.createElement("video");
  return new Promise((resolve) => {
    media.preload = "metadata";
    media.onloadedmetadata = () => resolve(media.duration);
    media.onerror = () => resolve(NaN);
    setTimeout(resolve, PROBE, NaN);
    media.src = url;
  }).finally(() => {
    media.removeAttribute("src");
    media.load();
    URL.revokeObjectURL(url);
  });
}
