// The package anywidget comes as an AMD module, `define(["@jupyter-widgets/base"], factory)`: catch its factory.

import "./catch-define.js";
import "anywidget";

export function takeAnywidget(base) {
  const { factory } = globalThis.define;
  delete globalThis.define;
  return factory(base);
}
