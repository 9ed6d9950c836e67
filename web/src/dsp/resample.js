// Change of sample rate by a windowed sinc (Smith & Gossett 1984), with the Kaiser window.

const ZERO_CROSSINGS = 24;
const KAISER_BETA = 9;
const ROLLOFF = 0.945; // cut-off as a share of the lower Nyquist frequency
const STEPS = 512; // table entries between two zero crossings

let table = null;

/** Resampled copy of `y`; its length is ceil(y.length · target_sr / orig_sr). */
export function resample(y, { orig_sr, target_sr }) {
  checkRates(orig_sr, target_sr);
  if (orig_sr === target_sr) return Float32Array.from(y);
  const kernel = kernelFor(target_sr / orig_sr);
  const out = new Float32Array(Math.ceil((y.length * target_sr) / orig_sr));
  for (let n = 0; n < out.length; n++) out[n] = interpolate(y, n / kernel.ratio, kernel);
  return out;
}

/**
 * The same for sound that comes piece by piece: `push(piece)` returns the samples that are settled by now, `flush()` the
 * rest. All of them together are what `resample` makes of the whole.
 */
export function createResampler({ orig_sr, target_sr }) {
  checkRates(orig_sr, target_sr);
  if (orig_sr === target_sr) return { push: (piece) => Float32Array.from(piece), flush: () => new Float32Array(0) };
  const kernel = kernelFor(target_sr / orig_sr);
  let waiting = new Float32Array(0); // input that is still needed
  let first = 0; // where it starts in the whole
  let made = 0;

  function take(count) {
    const out = new Float32Array(Math.max(0, count));
    for (let i = 0; i < out.length; i++) out[i] = interpolate(waiting, made++ / kernel.ratio - first, kernel);
    const used = Math.min(waiting.length, Math.max(0, Math.floor(made / kernel.ratio - kernel.reach) - first));
    waiting = waiting.slice(used);
    first += used;
    return out;
  }

  function push(piece) {
    const joined = new Float32Array(waiting.length + piece.length);
    joined.set(waiting);
    joined.set(piece, waiting.length);
    waiting = joined;
    const settled = first + waiting.length - 1 - kernel.reach; // centres up to here see no further input
    return take(Math.floor(settled * kernel.ratio) + 1 - made);
  }

  const flush = () => take(Math.ceil(((first + waiting.length) * target_sr) / orig_sr) - made);
  return { push, flush };
}

function checkRates(orig_sr, target_sr) {
  if (!(orig_sr > 0) || !(target_sr > 0))
    throw new RangeError(`sample rates must be positive, but are ${orig_sr} and ${target_sr}`);
}

function kernelFor(ratio) {
  table ??= sincTable();
  const cutoff = Math.min(1, ratio) * ROLLOFF;
  return { ratio, cutoff, reach: ZERO_CROSSINGS / cutoff };
}

/** Value of `y` at the place `centre`, in samples, below the kernel's cut-off. */
function interpolate(y, centre, { cutoff, reach }) {
  const first = Math.max(0, Math.ceil(centre - reach));
  const last = Math.min(y.length - 1, Math.floor(centre + reach));
  let sum = 0;
  for (let i = first; i <= last; i++) sum += y[i] * lookUp(Math.abs(i - centre) * cutoff * STEPS);
  return sum * cutoff;
}

function lookUp(position) {
  const index = Math.floor(position);
  return table[index] + (position - index) * (table[index + 1] - table[index]);
}

function sincTable() {
  const size = ZERO_CROSSINGS * STEPS;
  return Float64Array.from({ length: size + 2 }, (_, i) => {
    const x = Math.min(1, i / size);
    const phase = (Math.PI * i) / STEPS;
    return (i === 0 ? 1 : Math.sin(phase) / phase) * (bessel0(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel0(KAISER_BETA));
  });
}

/** Modified Bessel function of the first kind and order zero, by its power series. */
function bessel0(x) {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** Every `factor`-th sample and nothing else: what lies above half of the new sample rate folds back. */
export function decimate(y, factor) {
  return Float32Array.from({ length: Math.ceil(y.length / factor) }, (_, n) => y[n * factor]);
}
