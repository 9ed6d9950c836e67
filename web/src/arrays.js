// Arrays that Python sent as bytes.

/** {shape, values} of a trait that crosses as little-endian 32-bit floats; `values` is one Float32Array, row by row. */
export function readArray({ shape, values: bytes }) {
  const values = new Float32Array(bytes.byteLength / 4);
  for (let i = 0; i < values.length; i++) values[i] = bytes.getFloat32(4 * i, true);
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
