// Change of sample rate by a windowed sinc (Smith & Gossett 1984), with the Kaiser window.

const ZERO_CROSSINGS = 24;
const KAISER_BETA = 9;
const ROLLOFF = 0.945; // cut-off as a share of the lower Nyquist frequency
const STEPS = 512; // table entries between two zero crossings

let table = null;

/** Resampled copy of `y`; its length is ceil(y.length · target_sr / orig_sr). */
export function resample(y, { orig_sr, target_sr }) {
  if (!(orig_sr > 0) || !(target_sr > 0))
    throw new RangeError(`sample rates must be positive, but are ${orig_sr} and ${target_sr}`);
  if (orig_sr === target_sr) return Float32Array.from(y);
  table ??= sincTable();
  const ratio = target_sr / orig_sr;
  const cutoff = Math.min(1, ratio) * ROLLOFF;
  const reach = ZERO_CROSSINGS / cutoff;
  const out = new Float32Array(Math.ceil(y.length * ratio));
  for (let n = 0; n < out.length; n++) {
    const centre = n / ratio;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(y.length - 1, Math.floor(centre + reach));
    let sum = 0;
    for (let i = first; i <= last; i++) sum += y[i] * lookUp(Math.abs(i - centre) * cutoff * STEPS);
    out[n] = sum * cutoff;
  }
  return out;
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
