// Numbers as prose prints them: with a true minus sign, and no rounding dust.

export function formatNumber(value) {
  return signed(String(Number(value.toPrecision(6))));
}

/** With a fixed number of digits after the point; never "−0.00". */
export function fixed(value, digits = 2) {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : signed(text);
}

/** Three significant digits; tiny values as powers of ten. */
export function threeDigits(value) {
  if (value === 0 || Math.abs(value) >= 1e-4) return formatNumber(Number(value.toPrecision(3)));
  const [digits, power] = value.toExponential(2).split("e");
  return `${digits} · 10${[...power.replace("-", "⁻")].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? sign).join("")}`;
}

export function percent(share, digits = 0) {
  return `${fixed(100 * share, digits)}\u00a0%`;
}

export function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

/** Next larger number with one significant digit out of 1, 2, 5. */
export function roundUp(value) {
  if (value === 0) return 0;
  const magnitude = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => Number((factor * magnitude).toPrecision(1))).find((rounded) => rounded >= value * 0.999);
}

function signed(text) {
  return text.replace("-", "−");
}
