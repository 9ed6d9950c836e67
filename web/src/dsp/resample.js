// Change of sample rate by a windowed sinc (Smith & Gossett 1984), with the Kaiser window.

const ZERO_CROSSINGS = 64; // flat up to 3.7 kHz on the way to 8 kHz, as soxr is: the front end's highest bands depend on it
const KAISER_BETA = 9;
const ROLLOFF = 0.965; // cut-off as a share of the lower Nyquist frequency
const STEPS = 512; // table entries between two zero crossings
const MOST_KEPT = 640; // sets of weights; 44.1 kHz to 16 kHz needs 160

let table = null;

/** Resampled copy of `y`; its length is ceil(y.length · target_sr / orig_sr). */
export function resample(y, { orig_sr, target_sr }) {
  checkRates(orig_sr, target_sr);
  if (orig_sr === target_sr) return Float32Array.from(y);
  const kernel = kernelFor(orig_sr, target_sr);
  const out = new Float32Array(Math.ceil((y.length * target_sr) / orig_sr));
  for (let n = 0; n < out.length; n++) out[n] = valueAt(n, y, 0, kernel);
  return out;
}

/**
 * The same for sound that comes piece by piece: `push(piece)` returns the samples that are settled by now, `flush()` the
 * rest. All of them together are what `resample` makes of the whole.
 */
export function createResampler({ orig_sr, target_sr }) {
  checkRates(orig_sr, target_sr);
  if (orig_sr === target_sr) return { push: (piece) => Float32Array.from(piece), flush: () => new Float32Array(0) };
  const kernel = kernelFor(orig_sr, target_sr);
  let waiting = new Float32Array(0); // input that is still needed
  let first = 0; // where it starts in the whole
  let made = 0;

  function take(count) {
    const out = new Float32Array(Math.max(0, count));
    for (let i = 0; i < out.length; i++) out[i] = valueAt(made++, waiting, first, kernel);
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

function kernelFor(orig_sr, target_sr) {
  table ??= sincTable();
  const ratio = target_sr / orig_sr;
  const cutoff = Math.min(1, ratio) * ROLLOFF;
  return { orig_sr, target_sr, ratio, cutoff, reach: ZERO_CROSSINGS / cutoff, kept: new Map() };
}

/** Output sample `n` of a sound of which `y` holds the part from sample `first` on. */
function valueAt(n, y, first, kernel) {
  const rest = (n * kernel.orig_sr) % kernel.target_sr;
  const { before, weights } = weightsFor(rest, kernel);
  const start = Math.round((n * kernel.orig_sr - rest) / kernel.target_sr) - before - first;
  const end = Math.min(weights.length, y.length - start);
  let sum = 0;
  for (let i = Math.max(0, -start); i < end; i++) sum += y[start + i] * weights[i];
  return sum;
}

/** Weights of the input around a place that lies rest / target_sr after one of its samples; they come again and again. */
function weightsFor(rest, { target_sr, cutoff, reach, kept }) {
  const known = kept.get(rest);
  if (known) return known;
  const place = rest / target_sr;
  const before = Math.floor(reach - place);
  const weights = Float64Array.from(
    { length: before + Math.floor(place + reach) + 1 },
    (_, i) => cutoff * lookUp(Math.abs(i - before - place) * cutoff * STEPS),
  );
  const found = { before, weights };
  if (kept.size < MOST_KEPT) kept.set(rest, found);
  return found;
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
