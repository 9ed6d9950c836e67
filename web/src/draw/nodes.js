// Nodes of a lattice: discs that are the fuller, the larger their value.

import { formatNumber } from "../numbers.js";
import { drawDot } from "./shapes.js";

/** Disc at `place`, filled by `share` from 0 to 1, with `text` in it; a ring marks the chosen one. */
export function drawNode(context, place, { radius, share = 0, text = "", chosen = false, theme }) {
  drawDot(context, place, { radius, fill: theme.surface, edge: theme.line, edgeWidth: 1.5 });
  context.globalAlpha = share;
  drawDot(context, place, { radius, fill: theme.series[0] });
  context.globalAlpha = 1;
  if (chosen) drawDot(context, place, { radius: radius + 2, edge: theme.cursor, edgeWidth: 3 });
  context.font = theme.font.replace("12px", "10px");
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = share > 0.5 ? theme.surface : theme.strong;
  context.fillText(text, ...place);
}

/** Two digits that fit into a node: ".42", "3e−5". */
export function tinyNumber(value) {
  if (value === 0) return "0";
  if (value < 0.00095) return value.toExponential(0).replace("-", "−");
  return formatNumber(Number(value.toFixed(value < 0.1 ? 3 : 2))).replace(/^0/, "");
}
