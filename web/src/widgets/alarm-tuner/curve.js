// Misses against false alarms an hour at all thresholds, and where the present one stands.

import { createPicture, drawBottomAxis, drawDiamond, drawDot, drawFrame, drawLeftAxis, strokeLine } from "../../draw/index.js";
import { detect } from "./detector.js";

export const THRESHOLDS = Array.from({ length: 49 }, (_, i) => (2 * (i + 1)) / 100);
const TICKS = [0, 1, 10, 50, 100, 200, 500, 1000, 2000, 5000];

/** {threshold, missed, per_hour} at every threshold. */
export function tradeOff(mean, rest, recording) {
  return THRESHOLDS.map((threshold) => ({ threshold, ...detect(mean, { threshold, rest }, recording) }));
}

export function createCurve() {
  const { canvas, draw: paint } = createPicture("sbw-tradeoff");

  function draw({ points, now }, description) {
    paint(description, (context, { width, height, theme }) => {
      const plot = { left: 58, top: 8, width: width - 72, height: height - 52 };
      const most = Math.max(10, now.per_hour, ...points.map(({ per_hour }) => per_hour));
      const share = (per_hour) => Math.sqrt(per_hour / most);
      const place = ({ per_hour, missed }) => [plot.left + share(per_hour) * plot.width, plot.top + plot.height * (1 - missed)];
      drawFrame(context, plot, theme);
      drawBottomAxis(context, plot, { values: apart(TICKS.filter((tick) => tick <= most), share), position: share, theme, label: "False alarms an hour" });
      drawLeftAxis(context, plot, { values: [0, 25, 50, 75, 100], position: (percentage) => percentage / 100, theme, label: "Missed (%)" });
      strokeLine(context, points.map(place), { colour: theme.series[0], width: 1.5 });
      for (const point of points) drawDot(context, place(point), { radius: 3, fill: theme.series[0] });
      drawDiamond(context, place(now), { radius: 8, fill: theme.series[1], edge: theme.strong });
    });
  }

  return { canvas, draw };
}

/** Those values that stand far enough from the ones before them to be written. */
function apart(values, share) {
  const kept = [];
  for (const value of values) if (!kept.length || share(value) - share(kept.at(-1)) > 0.12) kept.push(value);
  return kept;
}
