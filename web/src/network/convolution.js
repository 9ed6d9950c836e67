// Convolution over time, or over time and frequency: a small kernel slides over a picture with channels.

import { activate, addProducts } from "./dense.js";

/** Sizes after a window of `size` has moved over `length` in steps of `stride`: {count, before}, `before` being padding. */
export function slide(length, { size, stride, padding }) {
  if (padding === "valid") return { count: Math.floor((length - size) / stride) + 1, before: 0 };
  const count = Math.ceil(length / stride);
  if (padding === "causal") return { count, before: size - 1 };
  return { count, before: Math.floor(Math.max(0, (count - 1) * stride + size - length) / 2) };
}

/** A sequence (time, channels) as a picture of one column (time, 1, channels), so that one loop serves both. */
export function asPicture(shape) {
  return shape.length === 2 ? [shape[0], 1, shape[1]] : shape;
}

/** Places of a window along both axes, and the shape of what comes out with `channels`. */
export function windows(x, sizes, { strides, padding }, channels) {
  const flat = x.shape.length === 2;
  const [height, width] = asPicture(x.shape);
  const rows = slide(height, { size: sizes[0], stride: strides[0], padding });
  const columns = flat ? { count: 1, before: 0 } : slide(width, { size: sizes[1], stride: strides[1], padding });
  const shape = flat ? [rows.count, channels] : [rows.count, columns.count, channels];
  return { height, width, rows, columns, stride: flat ? [strides[0], 1] : strides, size: flat ? [sizes[0], 1] : sizes, shape };
}

export function convolution(x, { kernel, bias, strides, padding, activation }) {
  const [from, to] = kernel.shape.slice(-2);
  const { height, width, rows, columns, stride, size, shape } = windows(x, kernel.shape, { strides, padding }, to);
  const out = new Float32Array(rows.count * columns.count * to);
  const sums = new Float64Array(to);
  for (let row = 0; row < rows.count; row++) {
    for (let column = 0; column < columns.count; column++) {
      if (bias) sums.set(bias.data);
      else sums.fill(0);
      const top = row * stride[0] - rows.before;
      const left = column * stride[1] - columns.before;
      const first = Math.max(0, -left);
      const count = Math.min(size[1], width - left) - first; // columns of the kernel that lie inside the picture
      for (let i = Math.max(0, -top); i < size[0] && top + i < height; i++) {
        const start = ((top + i) * width + left + first) * from;
        addProducts(sums, x.data, start, kernel.data, count * from, (i * size[1] + first) * from * to);
      }
      out.set(sums, (row * columns.count + column) * to);
    }
  }
  return activate({ data: out, shape }, activation);
}

/** One kernel, or a few, for each channel by itself. */
export function depthwiseConvolution(x, { kernel, bias, strides, padding, activation }) {
  const [from, times] = kernel.shape.slice(-2);
  const { height, width, rows, columns, stride, size, shape } = windows(x, kernel.shape, { strides, padding }, from * times);
  const out = new Float32Array(rows.count * columns.count * from * times);
  const sums = new Float64Array(from * times);
  for (let row = 0; row < rows.count; row++) {
    for (let column = 0; column < columns.count; column++) {
      if (bias) sums.set(bias.data);
      else sums.fill(0);
      for (let i = 0; i < size[0]; i++) {
        const y = row * stride[0] - rows.before + i;
        for (let j = 0; j < size[1] && y >= 0 && y < height; j++) {
          const across = column * stride[1] - columns.before + j;
          if (across < 0 || across >= width) continue;
          const start = (y * width + across) * from;
          const offset = (i * size[1] + j) * from * times;
          for (let k = 0; k < sums.length; k++) sums[k] += x.data[start + Math.floor(k / times)] * kernel.data[offset + k];
        }
      }
      out.set(sums, (row * columns.count + column) * sums.length);
    }
  }
  return activate({ data: out, shape }, activation);
}
