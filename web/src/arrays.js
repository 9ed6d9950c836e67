// Arrays that Python sent as bytes.

/**
 * {shape, values} of a trait that crosses as little-endian 32-bit floats, or null if there is none; `values` is one
 * Float32Array, row by row.
 */
export function readArray(message) {
  if (message === null) return null;
  const { shape, values: bytes } = message;
  const values = new Float32Array(bytes.byteLength / 4);
  for (let i = 0; i < values.length; i++) values[i] = bytes.getFloat32(4 * i, true);
  return { shape, values };
}

/** The same of a trait of shares from 0 to 1, which cross as little-endian 16-bit integers. */
export function readShares({ shape, values: bytes }) {
  const values = Float32Array.from({ length: bytes.byteLength / 2 }, (_, i) => bytes.getUint16(2 * i, true) / 65535);
  return { shape, values };
}

/** Smallest and largest value. */
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
