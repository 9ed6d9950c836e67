// Butterworth band-pass as second-order sections, equal to scipy.signal.butter and sosfilt.

const TELEPHONE = { low: 300, high: 3400, order: 6 };

/** What a telephone line lets through: 300 to 3,400 Hz, as speechbook.augment.telephone. */
export function telephone(y, { sample_rate }) {
  return filterSections(y, butterworth({ ...TELEPHONE, sample_rate }));
}

/** Sections {b, a} of a band-pass whose gain is -3 dB at `low` and `high` Hz; `order` is even, as that of its low-pass. */
export function butterworth({ low, high, order, sample_rate }) {
  if (!(low > 0 && low < high && high < sample_rate / 2))
    throw new RangeError(`the band must satisfy 0 < low < high < ${sample_rate / 2} Hz, but is ${low} to ${high} Hz`);
  if (order < 2 || order % 2) throw new RangeError(`order must be even, but is ${order}`);
  const warp = (hz) => 2 * sample_rate * Math.tan((Math.PI * hz) / sample_rate);
  const [start, end] = [warp(low), warp(high)];
  const centre = Math.sqrt(start * end);
  const sections = [];
  for (let k = 0; k < order; k++) {
    const angle = (Math.PI * (2 * k + 1 + order)) / (2 * order);
    const half = [((end - start) / 2) * Math.cos(angle), ((end - start) / 2) * Math.sin(angle)];
    const root = squareRoot([half[0] ** 2 - half[1] ** 2 - centre ** 2, 2 * half[0] * half[1]]);
    for (const sign of [1, -1]) {
      const pole = bilinear([half[0] + sign * root[0], half[1] + sign * root[1]], 2 * sample_rate);
      if (pole[1] > 0) sections.push({ b: [1, 0, -1], a: [1, -2 * pole[0], pole[0] ** 2 + pole[1] ** 2] });
    }
  }
  const middle = 2 * Math.atan(centre / (2 * sample_rate));
  for (const section of sections) {
    const gain = gainAt(section, middle);
    section.b = section.b.map((value) => value / gain);
  }
  return sections;
}

/** `y` through all sections, one after the other. */
export function filterSections(y, sections) {
  const out = Float64Array.from(y);
  for (const { b, a } of sections) {
    let [first, second] = [0, 0];
    for (let n = 0; n < out.length; n++) {
      const x = out[n];
      const value = b[0] * x + first;
      first = b[1] * x - a[1] * value + second;
      second = b[2] * x - a[2] * value;
      out[n] = value;
    }
  }
  return Float32Array.from(out);
}

function gainAt({ b, a }, angle) {
  const size = (taps) =>
    Math.hypot(
      taps.reduce((sum, tap, n) => sum + tap * Math.cos(n * angle), 0),
      taps.reduce((sum, tap, n) => sum - tap * Math.sin(n * angle), 0),
    );
  return size(b) / size(a);
}

function squareRoot([re, im]) {
  const size = Math.hypot(re, im);
  return [Math.sqrt((size + re) / 2), Math.sign(im || 1) * Math.sqrt((size - re) / 2)];
}

/** (rate + s) / (rate - s) */
function bilinear([re, im], rate) {
  const size = (rate - re) ** 2 + im ** 2;
  return [((rate + re) * (rate - re) - im * im) / size, (im * (rate - re) + (rate + re) * im) / size];
}
