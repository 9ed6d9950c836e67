// Cross-correlation of a picture with a 3 × 3 kernel, and pooling. Pictures are {values, rows, columns}, row by row.

export const SIZE = 3;

/** The patch that the response at [row, column] sees: three rows of three numbers. */
export function patchAt(image, [row, column], stride) {
  const line = (i) => {
    const start = (row * stride + i) * image.columns + column * stride;
    return [...image.values.subarray(start, start + SIZE)];
  };
  return [line(0), line(1), line(2)];
}

/** Responses at all positions, without padding. */
export function correlate(image, kernel, stride) {
  const count = (size) => Math.floor((size - SIZE) / stride) + 1;
  const [rows, columns] = [count(image.rows), count(image.columns)];
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      values[row * columns + column] = sum(products(patchAt(image, [row, column], stride), kernel));
  return { values, rows, columns };
}

export function products(patch, kernel) {
  return patch.map((line, i) => line.map((value, j) => value * kernel[i][j]));
}

export function sum(matrix) {
  return matrix.flat().reduce((total, value) => total + value, 0);
}

/** Largest or mean of every 2 × 2 responses; NaN wherever one of the four is NaN. A last odd row or column is left out. */
export function pool({ values, rows, columns }, kind) {
  const combine = { max: (four) => Math.max(...four), mean: (four) => four.reduce((a, b) => a + b) / 4 }[kind];
  const pooled = { rows: Math.floor(rows / 2), columns: Math.floor(columns / 2) };
  pooled.values = Float64Array.from({ length: pooled.rows * pooled.columns }, (_, i) => {
    const corner = 2 * Math.floor(i / pooled.columns) * columns + 2 * (i % pooled.columns);
    return combine([0, 1, columns, columns + 1].map((step) => values[corner + step]));
  });
  return pooled;
}
