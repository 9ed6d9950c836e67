// Canvases that are sharp on every screen and take their colours and fonts from the page's style sheet.

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

/** Colours and font of the element's theme, from its CSS custom properties `--sbw-…`. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--sbw-${name}`).trim();
  return {
    text: colour("muted"),
    line: colour("line"),
    wave: colour("wave"),
    cursor: colour("cursor"),
    font: `12px ${style.fontFamily}`,
  };
}
