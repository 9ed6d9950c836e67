// Reading a network's file; speechbook/page_model.py describes its format and writes it.

import { Network, STEPS } from "./network.js";
import { product } from "./dense.js";
import { sha256 } from "./sha256.js";

const MAGIC = "SBMODEL";
const VERSION = "1";
const CHECKSUM_BYTES = 32;

/** An error whose message is meant for the reader. */
export class NetworkError extends Error {}

/** Network in `bytes` (Uint8Array), or a NetworkError that says what is wrong and what to do. */
export function readNetwork(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  if (!start.startsWith(MAGIC)) throw new NetworkError("What was loaded is not a network. Reload the page; if that does not help, the site is incomplete.");
  if (start[7] !== VERSION) throw new NetworkError(`The network has version ${start[7]} of its format, but this page reads version ${VERSION}. Reload the page without its stored copy.`);
  const body = bytes.subarray(0, bytes.length - CHECKSUM_BYTES);
  if (bytes.length < 12 + CHECKSUM_BYTES || sha256(body) !== hexadecimal(bytes.subarray(body.length)))
    throw new NetworkError("The network arrived damaged: its checksum is wrong. Reload the page to load it again.");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  const header = JSON.parse(new TextDecoder().decode(body.subarray(12, 12 + length)));
  const unknown = header.steps.find(({ kind }) => !(kind in STEPS));
  if (unknown) throw new NetworkError(`The network has a layer (${unknown.kind}) that this page cannot compute. Reload the page without its stored copy.`);
  const numbers = body.slice(12 + length).buffer; // a copy, so that arrays begin where typed arrays may begin
  const fingerprint = hexadecimal(bytes.subarray(body.length)).slice(0, 16);
  return new Network({ ...header, fingerprint }, header.arrays.map((entry) => readArray(numbers, entry)));
}

function readArray(numbers, { type, shape, offset }) {
  const size = product(shape);
  if (type === "float32") return { shape, data: new Float32Array(numbers, offset, size) };
  const rounded = new Int8Array(numbers, offset, size);
  const factors = new Float32Array(numbers, offset + 4 * Math.ceil(size / 4), shape.at(-1));
  return { shape, data: Float32Array.from(rounded, (value, i) => value * factors[i % factors.length]) };
}

function hexadecimal(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
