// Full host for pages with core ipywidgets: html-manager and anywidget in one classic script, all files local.
// html-manager's own start (libembed) is left out: it compiles JSON schemas with eval, which the page's policy forbids.

import "@fortawesome/fontawesome-free/css/all.min.css";
import "@fortawesome/fontawesome-free/css/v4-shims.min.css";
import "@jupyter-widgets/controls/css/widgets-base.css";
import "@lumino/widgets/style/index.css";
import "./core-widgets.css";
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import { HTMLManager } from "@jupyter-widgets/html-manager/lib/htmlmanager.js";
import { takeAnywidget } from "./anywidget-module.js";
import { placeFor, readViews, showFailure, wholeState } from "./embedded.js";

const modules = { anywidget: takeAnywidget(base), "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls };

async function loader(name) {
  if (!(name in modules)) throw new Error(`widgets of the package ${name} are not part of this book.`);
  return modules[name];
}

async function renderAll() {
  const manager = new HTMLManager({ loader });
  const models = await manager.set_state(wholeState());
  for (const [tag, id] of readViews()) {
    try {
      const model = models.find(({ model_id }) => model_id === id);
      if (!model) throw new Error("its state was not saved with the page. Open the chapter in Jupyter or Colab to use it.");
      const element = placeFor(tag);
      element.classList.add("widget-subarea");
      nameSliders(element);
      await manager.display_view(await manager.create_view(model), element);
    } catch (error) {
      showFailure(tag, error);
    }
  }
}

/** Core sliders are focusable without a name: whenever one appears, give it the text beside it. */
function nameSliders(element) {
  const nameAll = () => {
    for (const handle of element.querySelectorAll(".noUi-handle:not([aria-label])")) {
      const label = handle.closest(".jupyter-widgets")?.querySelector(".widget-label")?.textContent;
      handle.setAttribute("aria-label", label || "value");
    }
  };
  new MutationObserver(nameAll).observe(element, { childList: true, subtree: true });
}

const style = document.createElement("link");
style.rel = "stylesheet";
style.href = new URL("widgets.css", WIDGETS_SCRIPT).href;
document.head.append(style);
renderAll().catch((error) => readViews().forEach(([tag]) => showFailure(tag, error)));
