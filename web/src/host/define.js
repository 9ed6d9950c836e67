// What every widget needs from its surroundings, so that a widget's module holds only the widget.

import { announcer, h } from "../controls.js";
import { followTheme } from "./theme.js";

const NARROW = 560; // CSS pixels; narrower widgets stack what wider ones put side by side

/**
 * Make an anywidget of `mount({model, root, signal, onTheme})`. `signal` aborts when the view goes away; `onTheme`
 * takes a function that is called whenever the page turns light or dark. Whatever `mount` throws is shown in the page.
 */
export function defineWidget(family, mount) {
  return {
    render({ model, el }) {
      const root = h("div", { className: `sbw sbw-${family}`, role: "group", "aria-label": model.get("label") });
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

/**
 * The model as the only place of a widget's state, so that Python, further views and this one always agree:
 * `show(traits)` runs once a frame after any of the named traits, the theme, a font or the size has changed. The
 * sentence that it returns is what screen readers hear, once things are quiet, if it was the reader who changed them.
 */
export function followModel({ model, root, signal, onTheme }, names, show) {
  const spoken = announcer();
  let touched = false;
  const refresh = coalesce(() => {
    root.classList.toggle("sbw-narrow", root.clientWidth < NARROW);
    const sentence = show(readTraits(model, names));
    if (touched) spoken.say(sentence);
    touched = false;
  }, signal);
  root.append(spoken.element);
  for (const event of ["input", "pointerdown", "keydown"]) root.addEventListener(event, () => (touched = true), { signal, capture: true });
  for (const name of names) onTrait(model, name, refresh, signal);
  onTheme(refresh);
  document.fonts.ready.then(refresh); // letters on a canvas do not change by themselves when their font arrives
  const observer = new ResizeObserver(refresh);
  observer.observe(root);
  signal.addEventListener("abort", () => observer.disconnect());
  refresh();
  return refresh;
}

export function readTraits(model, names) {
  return Object.fromEntries(names.map((name) => [name, model.get(name)]));
}

/** Run `action` once in the next frame, however often it is asked for. */
export function coalesce(action, signal) {
  let frame = 0;
  signal.addEventListener("abort", () => cancelAnimationFrame(frame));
  return () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(action);
  };
}

/** Set several traits and send them to Python where there is one. */
export function setTraits(model, traits) {
  for (const [name, value] of Object.entries(traits)) model.set(name, value);
  model.save_changes();
}
