// What Sphinx puts into a page with widgets: one script of state, and one script where each view belongs.

const TYPE = (kind) => `script[type="application/vnd.jupyter.widget-${kind}+json"]`;

/** All models of the page by id: {model_name, model_module, state, buffers}. */
export function readModels() {
  return Object.assign({}, ...read("state").map(([, content]) => content.state));
}

/** [script element, model id] of every view in the page. */
export function readViews() {
  return read("view").map(([tag, content]) => [tag, content.model_id]);
}

/** The page's state as one object that html-manager takes. */
export function wholeState() {
  return { version_major: 2, version_minor: 0, state: readModels() };
}

function read(kind) {
  return [...document.querySelectorAll(TYPE(kind))].map((tag) => {
    const content = JSON.parse(tag.textContent);
    return [tag, typeof content === "string" ? JSON.parse(content) : content];
  });
}

/** Element for the view whose script is `tag`, right before it. */
export function placeFor(tag) {
  const element = document.createElement("div");
  element.className = "speechbook-widget";
  tag.before(element);
  return element;
}

/** Say in the page, at `tag`, that a widget does not work and why. */
export function showFailure(tag, error) {
  console.error(error);
  const box = document.createElement("p");
  box.setAttribute("role", "alert");
  box.style.cssText = "padding:.75rem 1rem;border-left:4px solid #a12b22;background:#fdf1ef;color:#8a1f17;border-radius:4px";
  box.textContent = `This interactive figure could not start: ${error.message}`;
  tag.before(box);
}
