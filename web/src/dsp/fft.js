// Fast Fourier transform of lengths that are powers of two (Cooley & Tukey 1965).

const cache = new Map();

/** Plan for transforms of `size` points; plans are kept and shared. */
export function plan(size) {
  if (size < 1 || (size & (size - 1)) !== 0) throw new RangeError(`FFT size must be a power of two, but is ${size}`);
  if (!cache.has(size)) cache.set(size, new Plan(size));
  return cache.get(size);
}

export function nextPowerOfTwo(n) {
  return 2 ** Math.ceil(Math.log2(Math.max(1, n)));
}

class Plan {
  constructor(size) {
    this.size = size;
    const half = Math.max(1, size >> 1);
    this.cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sin = Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / size));
    this.reversed = reversedIndices(size);
  }

  /** Transform re + i·im in place. */
  forward(re, im) {
    const { size, cos, sin, reversed } = this;
    for (let i = 0; i < size; i++) {
      const j = reversed[i];
      if (i < j) {
        [re[i], re[j]] = [re[j], re[i]];
        [im[i], im[j]] = [im[j], im[i]];
      }
    }
    for (let length = 2; length <= size; length *= 2) {
      const half = length / 2;
      const stride = size / length;
      for (let start = 0; start < size; start += length) {
        for (let k = 0; k < half; k++) {
          const a = start + k;
          const b = a + half;
          const wr = cos[k * stride];
          const wi = -sin[k * stride];
          const tr = re[b] * wr - im[b] * wi;
          const ti = re[b] * wi + im[b] * wr;
          re[b] = re[a] - tr;
          im[b] = im[a] - ti;
          re[a] += tr;
          im[a] += ti;
        }
      }
    }
  }

  /** Inverse transform in place, scaled by 1/size. */
  inverse(re, im) {
    this.forward(im, re); // swapping the parts turns the forward transform into the inverse
    for (let i = 0; i < this.size; i++) {
      re[i] /= this.size;
      im[i] /= this.size;
    }
  }
}

function reversedIndices(size) {
  const reversed = new Uint32Array(size);
  for (let i = 1; i < size; i++) reversed[i] = (reversed[i >> 1] >> 1) | (i & 1 ? size >> 1 : 0);
  return reversed;
}

/**
 * Spectrum of a real frame through one complex transform of half its length.
 * Writes frame.length / 2 + 1 values into `re` and `im`; `work` comes from `realWork(frame.length)`.
 */
export function realForward(frame, re, im, work) {
  const half = frame.length >> 1;
  const { a, b, half: halfPlan, full } = work;
  for (let i = 0; i < half; i++) {
    a[i] = frame[2 * i];
    b[i] = frame[2 * i + 1];
  }
  halfPlan.forward(a, b);
  for (let k = 0; k <= half; k++) {
    const i = k % half;
    const j = (half - k) % half;
    const evenRe = (a[i] + a[j]) / 2;
    const evenIm = (b[i] - b[j]) / 2;
    const oddRe = (b[i] + b[j]) / 2;
    const oddIm = (a[j] - a[i]) / 2;
    const c = k < half ? full.cos[k] : -1;
    const s = k < half ? full.sin[k] : 0;
    re[k] = evenRe + c * oddRe + s * oddIm;
    im[k] = evenIm + c * oddIm - s * oddRe;
  }
}

export function realWork(size) {
  const half = size >> 1;
  return { a: new Float64Array(half), b: new Float64Array(half), half: plan(half), full: plan(size) };
}
