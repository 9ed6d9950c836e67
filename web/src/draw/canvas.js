// Canvases that are sharp on every screen and take their colours and fonts from the page's style sheet.

import { h } from "../controls.js";

/** Give the canvas as many pixels as the screen shows of it; returns its context in CSS pixels. */
export function fitCanvas(canvas) {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/** Canvas of a class that describes itself: `draw(description, paint)` calls `paint(context, {width, height, theme})`. */
export function createPicture(className) {
  const canvas = h("canvas", { className: `sbw-picture ${className}`, role: "img" });
  function draw(description, paint) {
    canvas.setAttribute("aria-label", description);
    const { context, width, height } = fitCanvas(canvas);
    if (width > 0) paint(context, { width, height, theme: readTheme(canvas) });
  }
  return { canvas, draw };
}

/** Colours and font of the element's theme, from its CSS custom properties `--sbw-…`. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--sbw-${name}`).trim();
  return {
    text: colour("muted"),
    strong: colour("text"),
    surface: colour("raised"),
    line: colour("line"),
    wave: colour("wave"),
    cursor: colour("cursor"),
    series: [1, 2, 3, 4].map((number) => colour(`series-${number}`)),
    font: `12px ${style.fontFamily}`,
  };
}
