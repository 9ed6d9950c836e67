// The triangles over frequency with the tone, and below them what every band makes of it.

import { createPicture, drawAxes, strokeLine, strokeUpright } from "../../draw/index.js";
import { clamp } from "../../numbers.js";

const LOWER = 150; // CSS pixels for the lower plot with its axis

export function createBank(nyquist) {
  const picture = createPicture("sbw-bank sbw-pickable");
  let plot = null;

  /** `hz`: the tone's frequency; `response`: the weight of every band there. */
  function draw({ edges, equal_area, hz, response }, description) {
    picture.draw(description, (context, { width, height, theme }) => {
      plot = { left: 62, top: 8, width: width - 78, height: height - LOWER - 56 };
      const unit = equal_area ? 1000 : 1; // weights are small where the area is 1: draw them in 1/kHz
      const peaks = response.map((_, band) => (equal_area ? (2 * unit) / (edges[band + 2] - edges[band]) : 1));
      const outputs = response.map((weight) => weight * unit);
      const top = 1.08 * Math.max(...peaks);
      const { x, y } = drawAxes(context, plot, {
        x: [0, nyquist],
        y: [0, top],
        xLabel: "Frequency (Hz)",
        yLabel: equal_area ? "Weight (1/kHz)" : "Weight",
        theme,
      });
      peaks.forEach((peak, band) =>
        drawTriangle(
          context,
          [0, 1, 2].map((k) => [x(edges[band + k]), y(k === 1 ? peak : 0)]),
          { lit: outputs[band] / peak, colour: theme.series[band % 2], theme },
        ),
      );
      strokeUpright(context, plot, x(hz), { colour: theme.cursor, width: 2.5 });
      drawBars(context, { left: 62, top: height - LOWER + 8, width: width - 78, height: LOWER - 52 }, { outputs, top, theme });
    });
  }

  /** Frequency at a place in the picture. */
  function frequencyAt({ x }) {
    return clamp((x - plot.left) / plot.width, 0, 1) * nyquist;
  }

  return { canvas: picture.canvas, draw, frequencyAt };
}

function drawTriangle(context, corners, { lit, colour, theme }) {
  if (lit > 0) {
    context.globalAlpha = 0.2 + 0.6 * lit;
    context.fillStyle = colour;
    context.beginPath();
    for (const corner of corners) context.lineTo(...corner);
    context.fill();
    context.globalAlpha = 1;
  }
  strokeLine(context, corners, { colour: lit > 0 ? theme.strong : colour, width: lit > 0 ? 2 : 1.25 });
}

function drawBars(context, plot, { outputs, top, theme }) {
  const count = outputs.length;
  const { x, y } = drawAxes(context, plot, {
    x: [-0.5, count - 0.5],
    y: [0, top],
    xLabel: "Band",
    yLabel: "Output",
    counts: true,
    theme,
  });
  const wide = (plot.width / count) * 0.7;
  outputs.forEach((weight, band) => {
    if (weight === 0) return;
    context.fillStyle = theme.series[band % 2];
    context.fillRect(x(band) - wide / 2, y(weight), wide, plot.top + plot.height - y(weight));
  });
}
