// Keeping what was taught: in this browser if the reader agrees, in a file, or not at all.

import { button, fileButton, h, uniqueId } from "../../controls.js";
import { saveFile } from "../sound-lab/saving.js";
import { forgetKept, keep, loadKept, StorageError, StoreError, writeWords } from "./store.js";

export function createKeeper({ lexicon, onImport, onForget, onProblem, onDone }) {
  const id = uniqueId("keep");
  const agreed = h("input", { id, type: "checkbox", "data-lm-suppress-shortcuts": "true" });
  const save = button({ label: "Save to a file", onClick: saveAll });
  const open = fileButton({ label: "Read a file of words…", accept: ".json,application/json", onFile: onImport });
  const forget = button({ label: "Delete everything", onClick: ask });
  const what = h("p", { className: "sbw-note", textContent: "Kept are names and numbers that the network made of your examples, never the sound. They say something about your voice: tick this on your own device only." });
  let sure = false;
  agreed.addEventListener("change", () => {
    if (!attempt(agreed.checked ? keepAll : forgetKept)) agreed.checked = false;
  });
  forget.element.addEventListener("blur", () => {
    sure = false;
    forget.set({ label: "Delete everything" });
  });

  const element = h(
    "div",
    { className: "sbw-keeper" },
    h("div", { className: "sbw-check" }, agreed, h("label", { for: id, textContent: "Keep my words in this browser" })),
    what,
    h("div", { className: "sbw-bar" }, save.element, open.element, forget.element),
  );

  function attempt(action) {
    try {
      action();
      return true;
    } catch (error) {
      if (!(error instanceof StoreError)) console.error(error);
      onProblem(error);
      return false;
    }
  }

  const text = () => writeWords(lexicon.words, lexicon.fingerprint() ?? "");
  const keepAll = () => keep(text());

  /** Bring back what was kept, if anything; where nothing may be asked nothing is said until somebody wants it kept. */
  function restore() {
    try {
      const kept = loadKept();
      if (kept) lexicon.restore(kept);
      agreed.checked = kept !== null;
    } catch (error) {
      if (!(error instanceof StorageError)) onProblem(error);
    }
  }

  function update() {
    const none = lexicon.words.length === 0;
    save.element.disabled = none;
    forget.element.disabled = none && !agreed.checked;
    if (!agreed.checked || attempt(keepAll)) return;
    agreed.checked = false;
    dropOld();
  }

  /** Of what no longer fits, leave nothing old behind. */
  function dropOld() {
    try {
      forgetKept();
    } catch {
      // there is nothing that could be deleted where nothing may be stored
    }
  }

  function saveAll() {
    saveFile({ blob: new Blob([text()], { type: "application/json" }), name: "my-words.json" });
    onDone("my-words.json is saved where this browser keeps its downloads. It holds names and numbers, no sound.");
  }

  /** The first press asks, the second deletes. */
  function ask() {
    if (!sure) {
      sure = true;
      forget.set({ label: "Really delete everything" });
      return;
    }
    sure = false;
    agreed.checked = false;
    forget.set({ label: "Delete everything" });
    const done = attempt(forgetKept);
    onForget();
    if (done) onDone("Everything is deleted: in this page and in this browser's storage.");
  }

  return { element, restore, update };
}
