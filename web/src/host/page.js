// Host for widgets on a published page, with no kernel behind it. Pages whose widgets are all anywidgets are served by
// these few lines; a page with core ipywidgets (sliders, jslink, …) gets the html-manager bundle instead.

import { placeFor, readModels, readViews, showFailure } from "./embedded.js";

const HTML_MANAGER = new URL("vendor/html-manager/widgets.js", document.currentScript.src).href;

class Model {
  #state;
  #listeners = [];

  constructor(state) {
    this.#state = state;
  }

  get(name) {
    return this.#state[name];
  }

  set(name, value) {
    if (typeof name === "object") {
      for (const [key, each] of Object.entries(name)) this.set(key, each);
      return;
    }
    if (this.#state[name] === value) return;
    this.#state[name] = value;
    this.#tell(`change:${name}`, value);
    this.#tell("change");
  }

  on(event, listener) {
    this.#listeners.push([event, listener]);
  }

  off(event, listener) {
    this.#listeners = this.#listeners.filter(([name, each]) => (event && name !== event) || (listener && each !== listener));
  }

  #tell(event, ...values) {
    for (const [name, listener] of [...this.#listeners]) if (name === event) listener(...values);
  }

  // without a kernel there is nobody to save for or send to
  save_changes() {}
  send() {}
}

const modules = new Map(); // widgets of one family carry the same source: import it once
const styled = new Set();

async function load(source) {
  if (!source) throw new Error("its program was not saved with the page.");
  if (!modules.has(source)) modules.set(source, importSource(source));
  return modules.get(source);
}

async function importSource(source) {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const { default: widget } = await import(url);
    return typeof widget === "function" ? await widget() : widget;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function addStyle(css) {
  if (!css || styled.has(css)) return;
  styled.add(css);
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
}

/** State with its binary parts put back where they were. */
function restoreState({ state, buffers = [] }) {
  for (const { path, data } of buffers) {
    const owner = path.slice(0, -1).reduce((node, key) => node[key], state);
    owner[path.at(-1)] = new DataView(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)).buffer);
  }
  return state;
}

async function renderAll() {
  const saved = readModels();
  const views = readViews();
  if (!Object.values(saved).every(isSimple)) {
    loadHtmlManager(views);
    return;
  }
  const models = new Map();
  for (const [tag, id] of views) {
    try {
      await render(tag, id, saved, models);
    } catch (error) {
      showFailure(tag, error);
    }
  }
}

function isSimple({ model_module, model_name }) {
  return model_module === "anywidget" || (model_module === "@jupyter-widgets/base" && model_name === "LayoutModel");
}

async function render(tag, id, saved, models) {
  if (!saved[id]) throw new Error("its state was not saved with the page. Open the chapter in Jupyter or Colab to use it.");
  const isNew = !models.has(id);
  if (isNew) models.set(id, new Model(restoreState(saved[id])));
  const model = models.get(id);
  const widget = await load(model.get("_esm"));
  addStyle(model.get("_css"));
  const { signal } = new AbortController();
  if (isNew) await widget.initialize?.({ model, signal });
  await widget.render?.({ model, el: placeFor(tag), signal });
}

function loadHtmlManager(views) {
  const script = document.createElement("script");
  script.src = HTML_MANAGER;
  script.onerror = () => views.forEach(([tag]) => showFailure(tag, new Error("the file html-manager/widgets.js is missing.")));
  document.head.append(script);
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", renderAll);
else renderAll();
