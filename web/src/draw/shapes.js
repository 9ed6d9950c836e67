// Lines and marks in CSS pixels.

/** Line through `points` [x, y]. */
export function strokeLine(context, points, { colour, width = 2, dash = [] }) {
  context.save();
  context.setLineDash(dash);
  context.lineJoin = "round";
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
  context.restore();
}

/** Upright line through the whole plot. */
export function strokeUpright(context, { top, height }, x, style) {
  strokeLine(context, [[x, top], [x, top + height]], style);
}

/** Round mark at [x, y], filled, with an edge that sets it apart from what lies behind. */
export function drawDot(context, [x, y], { radius = 5, fill, edge, edgeWidth = 2 }) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  fillAndEdge(context, { fill, edge, edgeWidth });
}

/** Square mark standing on a corner, of about the same area. */
export function drawDiamond(context, [x, y], { radius = 5, fill, edge, edgeWidth = 2 }) {
  const reach = radius * 1.25;
  context.beginPath();
  for (const [dx, dy] of [[0, -reach], [reach, 0], [0, reach], [-reach, 0]]) context.lineTo(x + dx, y + dy);
  context.closePath();
  fillAndEdge(context, { fill, edge, edgeWidth });
}

function fillAndEdge(context, { fill, edge, edgeWidth }) {
  if (fill) {
    context.fillStyle = fill;
    context.fill();
  }
  if (edge) {
    context.strokeStyle = edge;
    context.lineWidth = edgeWidth;
    context.stroke();
  }
}

/** Draw with `paint(context)` what must not leave the rectangle `plot`. */
export function within(context, plot, paint) {
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.width, plot.height);
  context.clip();
  paint(context);
  context.restore();
}
