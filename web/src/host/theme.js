// Light or dark, as the page around the widget is: the book, JupyterLab, Colab and VS Code each say it in their own way.

export function detectTheme(element) {
  const { documentElement: html, body } = document;
  const said = html.dataset.theme ?? html.getAttribute("theme");
  if (said === "dark" || said === "light") return said;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "true" ? "light" : "dark";
  if (body.classList.contains("vscode-dark")) return "dark";
  return isDark(backgroundBehind(element)) ? "dark" : "light";
}

function backgroundBehind(element) {
  for (let node = element; node; node = node.parentElement) {
    const channels = getComputedStyle(node).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
    if (channels.length === 3 || channels[3] > 0.5) return channels;
  }
  return [255, 255, 255];
}

function isDark([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue < 110;
}

/** Keep `root.dataset.sbwTheme` as the page is, and call `onChange` whenever it changes. */
export function followTheme(root, onChange, signal) {
  const update = () => {
    const theme = detectTheme(root.parentElement ?? document.body);
    if (theme === root.dataset.sbwTheme) return;
    root.dataset.sbwTheme = theme;
    onChange();
  };
  const observer = new MutationObserver(update);
  for (const node of [document.documentElement, document.body])
    observer.observe(node, { attributes: true, attributeFilter: ["data-theme", "theme", "class", "data-jp-theme-light"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update, { signal });
  signal.addEventListener("abort", () => observer.disconnect());
  update();
}
