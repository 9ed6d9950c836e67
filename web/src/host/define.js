// What every widget needs from its surroundings, so that a widget's module holds only the widget.

import { h } from "../controls.js";
import { followTheme } from "./theme.js";

/**
 * Make an anywidget of `mount({model, root, signal, onTheme})`. `signal` aborts when the view goes away; `onTheme`
 * takes a function that is called whenever the page turns light or dark. Whatever `mount` throws is shown in the page.
 */
export function defineWidget(family, mount) {
  return {
    render({ model, el }) {
      const root = h("div", { className: `sbw sbw-${family}` });
      el.append(root);
      const controller = new AbortController();
      const { signal } = controller;
      const themeListeners = [];
      followTheme(root, () => themeListeners.forEach((listener) => listener()), signal);
      try {
        mount({ model, root, signal, onTheme: (listener) => themeListeners.push(listener) });
      } catch (error) {
        console.error(error);
        root.replaceChildren(h("p", { className: "sbw-message sbw-error", role: "alert" }, `This widget could not start: ${error.message}`));
      }
      return () => controller.abort();
    },
  };
}

/** Call `listener` when the trait changes, until the view goes away. */
export function onTrait(model, name, listener, signal) {
  const event = `change:${name}`;
  model.on(event, listener);
  signal.addEventListener("abort", () => model.off(event, listener));
}

/** Set several traits and send them to Python where there is one. */
export function setTraits(model, traits) {
  for (const [name, value] of Object.entries(traits)) model.set(name, value);
  model.save_changes();
}
