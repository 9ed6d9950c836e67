// Pooling: the largest or the mean value of every window, or of a whole channel.

import { windows } from "./convolution.js";

export const maxPooling = (x, step) => pool(x, step, { start: -Infinity, join: Math.max, finish: (value) => value });
export const averagePooling = (x, step) => pool(x, step, { start: 0, join: (a, b) => a + b, finish: (sum, count) => sum / count });

/** What lies outside the picture does not count, neither as a value nor for the mean. */
function pool(x, { size: sizes, strides, padding }, { start, join, finish }) {
  const channels = x.shape.at(-1);
  const { height, width, rows, columns, stride, size, shape } = windows(x, sizes, { strides, padding }, channels);
  const out = new Float32Array(rows.count * columns.count * channels);
  for (let row = 0; row < rows.count; row++) {
    for (let column = 0; column < columns.count; column++) {
      const [top, left] = [row * stride[0] - rows.before, column * stride[1] - columns.before];
      const [firstRow, lastRow] = [Math.max(0, top), Math.min(height, top + size[0])];
      const [firstColumn, lastColumn] = [Math.max(0, left), Math.min(width, left + size[1])];
      const count = (lastRow - firstRow) * (lastColumn - firstColumn);
      for (let channel = 0; channel < channels; channel++) {
        let value = start;
        for (let i = firstRow; i < lastRow; i++)
          for (let j = firstColumn; j < lastColumn; j++) value = join(value, x.data[(i * width + j) * channels + channel]);
        out[(row * columns.count + column) * channels + channel] = finish(value, count);
      }
    }
  }
  return { data: out, shape };
}

export function globalMaximum({ data, shape }) {
  const out = new Float32Array(shape.at(-1)).fill(-Infinity);
  for (let i = 0; i < data.length; i++) out[i % out.length] = Math.max(out[i % out.length], data[i]);
  return { data: out, shape: [out.length] };
}

export function globalAverage({ data, shape }) {
  const sums = new Float64Array(shape.at(-1));
  for (let i = 0; i < data.length; i++) sums[i % sums.length] += data[i];
  return { data: Float32Array.from(sums, (sum) => (sum * sums.length) / data.length), shape: [sums.length] };
}
