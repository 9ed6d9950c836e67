// Builds everything that the book's pages and widgets run:
//   src/widgets/NAME/index.js + style.css  ->  speechbook/widgets/static/NAME.js, NAME.css   (one anywidget family each)
//   src/host/page.js                       ->  book/assets/widget-host.js                    (widgets without a kernel)
//   src/page/NAME.js                       ->  book/assets/NAME.js                           (the pages' own scripts)
//   src/host/html-manager.js               ->  book/assets/vendor/html-manager/              (core ipywidgets)
//   node_modules/mathjax                   ->  book/assets/vendor/mathjax/                   (copied)
// Usage: node build.mjs OUTPUT_ROOT

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = process.argv[2] ?? join(HERE, "..");
const MODULES = join(HERE, "node_modules");
const WIDGETS = join(ROOT, "speechbook", "widgets", "static");
const ASSETS = join(ROOT, "book", "assets");
const TARGET = ["es2022", "chrome109", "firefox115", "safari16.4"];

// TeX commands that MathJax fetches when a page first uses them, such as \boldsymbol and \cancel
const TEX_EXTENSIONS = ["bbox", "boldsymbol", "braket", "cancel", "color", "enclose", "mathtools", "textmacros", "unicode", "verb"];

const shared = { bundle: true, minify: true, target: TARGET, charset: "utf8", logLevel: "warning", absWorkingDir: HERE };

for (const folder of [WIDGETS, join(ASSETS, "vendor", "html-manager"), join(ASSETS, "vendor", "mathjax")])
  rmSync(folder, { recursive: true, force: true });

await buildWidgets();
await buildHost();
await buildPageScripts();
await buildHtmlManager();
copyMathJax();

async function buildWidgets() {
  for (const family of readdirSync(join(HERE, "src", "widgets"))) {
    const source = (file) => join("src", "widgets", family, file);
    await build({ ...shared, entryPoints: { [family]: source("index.js") }, format: "esm", outdir: WIDGETS });
    await build({ ...shared, entryPoints: { [family]: source("style.css") }, outdir: WIDGETS });
  }
}

async function buildHost() {
  await build({ ...shared, entryPoints: ["src/host/page.js"], format: "iife", outfile: join(ASSETS, "widget-host.js") });
}

async function buildPageScripts() {
  const entryPoints = Object.fromEntries(["glossary", "faq", "progress", "home"].map((name) => [name, `src/page/${name}.js`]));
  await build({ ...shared, entryPoints, format: "iife", outdir: ASSETS });
}

async function buildHtmlManager() {
  const folder = join(ASSETS, "vendor", "html-manager");
  const { metafile } = await build({
    ...shared,
    metafile: true,
    entryPoints: { widgets: "src/host/html-manager.js" },
    format: "iife",
    outdir: folder,
    assetNames: "[name]",
    legalComments: "eof",
    loader: { ".svg": "empty", ".woff2": "file", ".woff": "empty", ".ttf": "empty", ".eot": "empty" },
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    banner: { js: 'var __webpack_public_path__="",WIDGETS_SCRIPT=document.currentScript.src;' },
    alias: { "@jupyter-widgets/base7": "@jupyter-widgets/base", "@jupyter-widgets/controls7": "@jupyter-widgets/controls" },
  });
  writeLicences(folder, packagesOf(metafile));
}

function copyMathJax() {
  const folder = join(ASSETS, "vendor", "mathjax");
  const source = join(MODULES, "mathjax", "es5");
  const extensions = TEX_EXTENSIONS.map((name) => join("input", "tex", "extensions", `${name}.js`));
  for (const path of ["tex-mml-chtml.js", join("output", "chtml", "fonts", "woff-v2"), ...extensions])
    cpSync(join(source, path), join(folder, path), { recursive: true });
  writeLicences(folder, ["mathjax"]);
}

/** Names of the packages that esbuild put into a bundle. */
function packagesOf({ inputs }) {
  const names = Object.keys(inputs).map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

function writeLicences(folder, packages) {
  const texts = packages.map((name) => {
    const { version, license } = JSON.parse(readFileSync(join(MODULES, name, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${licenceText(name, license)}`;
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "LICENSES.txt"), `${texts.join(`\n\n${"=".repeat(80)}\n\n`)}\n`);
}

function licenceText(name, license) {
  const file = readdirSync(join(MODULES, name)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (file) return readFileSync(join(MODULES, name, file), "utf8").trim();
  if (license === "BSD-3-Clause" && /^@(jupyter|lumino)/.test(name))
    return readFileSync(join(HERE, "licences", "jupyter-bsd-3-clause.txt"), "utf8").trim();
  return "The package holds no licence text of its own; see its licence's name above.";
}
