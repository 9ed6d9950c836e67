// Normalisation. Batch normalisation has become one factor and one summand a channel when the network was written.

export function scaleAndShift({ data, shape }, { scale, shift }) {
  const channels = scale.data.length;
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = data[i] * scale.data[i % channels] + shift.data[i % channels];
  return { data: out, shape };
}

/** Each row to mean 0 and variance 1, then by a learnt factor and summand for each place in it. */
export function layerNormalization({ data, shape }, { gamma, beta, epsilon }) {
  const width = shape.at(-1);
  const out = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += width) {
    let mean = 0;
    for (let i = 0; i < width; i++) mean += data[start + i] / width;
    let variance = 0;
    for (let i = 0; i < width; i++) variance += (data[start + i] - mean) ** 2 / width;
    const factor = 1 / Math.sqrt(variance + epsilon);
    for (let i = 0; i < width; i++)
      out[start + i] = (data[start + i] - mean) * factor * (gamma?.data[i] ?? 1) + (beta?.data[i] ?? 0);
  }
  return { data: out, shape };
}
