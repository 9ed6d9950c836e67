// Pictures of signals: waveform and matrix of levels.

/** Draw samples between ±`limit` as a filled outline: smallest and largest value of every pixel column. */
export function drawWaveform(context, plot, { samples, limit, theme }) {
  const middle = plot.top + plot.height / 2;
  const scale = plot.height / 2 / limit;
  context.fillStyle = theme.line;
  context.fillRect(plot.left, middle - 0.5, plot.width, 1);
  context.fillStyle = theme.wave;
  const columns = Math.round(plot.width * 2);
  for (let column = 0; column < columns; column++) {
    const first = Math.floor((column * samples.length) / columns);
    const last = Math.max(first + 1, Math.floor(((column + 1) * samples.length) / columns));
    let low = Infinity;
    let high = -Infinity;
    for (let i = first; i <= Math.min(last, samples.length - 1); i++) {
      if (samples[i] < low) low = samples[i];
      if (samples[i] > high) high = samples[i];
    }
    const top = middle - high * scale;
    context.fillRect(plot.left + column / 2, top - 0.5, 0.75, (high - low) * scale + 1);
  }
}

/** Image of a matrix of decibels, one pixel a value, low bins at the bottom; levels run from `max - top_db` to `max`. */
export function levelsImage({ data, frames, bins }, { table, max, top_db }) {
  const matrix = { values: data, rows: bins, columns: frames, rowStep: 1, columnStep: bins };
  return matrixImage(matrix, { table, low: max - top_db, high: max });
}

/** Image of a matrix, one pixel a value, row 0 at the bottom; NaN stays transparent. Row by row in memory if not said otherwise. */
export function matrixImage({ values, rows, columns, rowStep = columns, columnStep = 1 }, { table, low, high }) {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const share = (values[row * rowStep + column * columnStep] - low) / (high - low);
      if (Number.isNaN(share)) continue;
      const entry = 3 * Math.round(255 * Math.min(1, Math.max(0, share)));
      const pixel = 4 * ((rows - 1 - row) * columns + column);
      image.data[pixel] = table[entry];
      image.data[pixel + 1] = table[entry + 1];
      image.data[pixel + 2] = table[entry + 2];
      image.data[pixel + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Draw `image` so that it fills `target` but is seen only within `plot`; what it leaves free is `background`. */
export function drawImageWithin(context, plot, image, { target, background }) {
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.width, plot.height);
  context.clip();
  context.fillStyle = background;
  context.fillRect(plot.left, plot.top, plot.width, plot.height);
  context.imageSmoothingEnabled = image.width > target.width * globalThis.devicePixelRatio;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, target.left, target.top, target.width, target.height);
  context.restore();
}
