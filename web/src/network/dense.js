// Dense layers, activations, and what only rearranges or joins values.

const POINTWISE = {
  relu: (v) => (v > 0 ? v : 0),
  leaky_relu: (v) => (v > 0 ? v : 0.2 * v),
  elu: (v) => (v > 0 ? v : Math.expm1(v)),
  sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  silu: (v) => v / (1 + Math.exp(-v)),
  softplus: (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
  tanh: Math.tanh,
};

/** Function of one number, for layers that need it as such. */
export function pointwise(name) {
  return name === "linear" ? (v) => v : POINTWISE[name];
}

export function activate({ data, shape }, name) {
  if (name === "linear") return { data, shape };
  if (name === "softmax") return softmax({ data, shape }, shape.length - 1);
  const activation = POINTWISE[name];
  const out = new Float32Array(data.length);
  if (name === "relu") for (let i = 0; i < data.length; i++) out[i] = data[i] > 0 ? data[i] : 0; // without a call for each
  else for (let i = 0; i < data.length; i++) out[i] = activation(data[i]);
  return { data: out, shape };
}

/** Shares that add up to one along an axis. */
export function softmax({ data, shape }, axis) {
  const count = shape[axis];
  const stride = product(shape.slice(axis + 1));
  const out = new Float32Array(data.length);
  for (let block = 0; block < data.length; block += count * stride) {
    for (let start = block; start < block + stride; start++) {
      let largest = -Infinity;
      for (let i = 0; i < count; i++) largest = Math.max(largest, data[start + i * stride]);
      let sum = 0;
      for (let i = 0; i < count; i++) sum += out[start + i * stride] = Math.exp(data[start + i * stride] - largest);
      for (let i = 0; i < count; i++) out[start + i * stride] /= sum;
    }
  }
  return { data: out, shape };
}

/** The same weighted sums for every row, whatever axes there are before the last. */
export function dense({ data, shape }, { kernel, bias, activation }) {
  const [from, to] = kernel.shape;
  const rows = data.length / from;
  const out = new Float32Array(rows * to);
  for (let row = 0; row < rows; row++) {
    const sums = new Float64Array(to);
    if (bias) sums.set(bias.data);
    addProducts(sums, data, row * from, kernel.data, from);
    out.set(sums, row * to);
  }
  return activate({ data: out, shape: [...shape.slice(0, -1), to] }, activation);
}

/** sums[j] += Σ data[start + i] · kernel[offset + i, j] over `count` inputs i: the innermost loop of most layers. */
export function addProducts(sums, data, start, kernel, count, offset = 0) {
  const outputs = sums.length;
  for (let i = 0; i < count; i++) {
    const value = data[start + i];
    if (value === 0) continue; // half of what a ReLU gives
    const row = offset + i * outputs;
    for (let j = 0; j < outputs; j++) sums[j] += value * kernel[row + j];
  }
}

export const add = (a, b) => combine(a, b, (x, y) => x + y);
export const multiply = (a, b) => combine(a, b, (x, y) => x * y);

/** Value by value; an axis of length one is repeated. */
function combine(a, b, operation) {
  const shape = a.shape.map((n, axis) => Math.max(n, b.shape[axis]));
  const out = new Float32Array(product(shape));
  const [left, right] = [a, b].map((each) => strides(each.shape).map((step, axis) => (each.shape[axis] === 1 ? 0 : step)));
  const place = shape.map(() => 0);
  for (let i = 0; i < out.length; i++) {
    let [x, y] = [0, 0];
    for (let axis = 0; axis < shape.length; axis++) {
      x += place[axis] * left[axis];
      y += place[axis] * right[axis];
    }
    out[i] = operation(a.data[x], b.data[y]);
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis] === shape[axis]; axis--) place[axis] = 0;
  }
  return { data: out, shape };
}

/** Sum over time of the products of all pairs: (time, m) and (time, n) give (m, n). */
export function dot({ data: a, shape: [time, m] }, { data: b, shape: [, n] }) {
  const out = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    const sums = new Float64Array(n);
    for (let t = 0; t < time; t++) for (let j = 0; j < n; j++) sums[j] += a[t * m + i] * b[t * n + j];
    out.set(sums, i * n);
  }
  return { data: out, shape: [m, n] };
}

/** Put values side by side along the last axis. */
export function concatenate(inputs) {
  const widths = inputs.map(({ shape }) => shape.at(-1));
  const width = widths.reduce((sum, n) => sum + n);
  const rows = inputs[0].data.length / widths[0];
  const out = new Float32Array(rows * width);
  let left = 0;
  inputs.forEach(({ data }, place) => {
    const count = widths[place];
    for (let row = 0; row < rows; row++) out.set(data.subarray(row * count, (row + 1) * count), row * width + left);
    left += count;
  });
  return { data: out, shape: [...inputs[0].shape.slice(0, -1), width] };
}

export function flatten({ data }) {
  return { data, shape: [data.length] };
}

/** Another shape for the same numbers; -1 takes what is left. */
export function reshape({ data }, shape) {
  const known = product(shape.filter((n) => n !== -1));
  return { data, shape: shape.map((n) => (n === -1 ? data.length / known : n)) };
}

/** Axis `i` of what comes out is axis `order[i]` of what went in. */
export function permute({ data, shape }, order) {
  const next = order.map((axis) => shape[axis]);
  const step = order.map((axis) => strides(shape)[axis]);
  const out = new Float32Array(data.length);
  const place = next.map(() => 0);
  for (let i = 0; i < out.length; i++) {
    out[i] = data[place.reduce((sum, n, axis) => sum + n * step[axis], 0)];
    for (let axis = next.length - 1; axis >= 0 && ++place[axis] === next[axis]; axis--) place[axis] = 0;
  }
  return { data: out, shape: next };
}

function strides(shape) {
  return shape.map((_, axis) => product(shape.slice(axis + 1)));
}

export function product(numbers) {
  return numbers.reduce((result, n) => result * n, 1);
}
