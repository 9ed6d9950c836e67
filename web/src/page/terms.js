// The definitions: one script beside this one, loaded when they are first needed. A script and no data file, because a
// page that was opened from a file may not fetch anything.

const beside = document.currentScript?.src ?? location.href;
let loading;

/** Terms by id, each with theme, question, term, chinese, answer and definition. */
export function loadTerms() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("terms.js", beside);
    script.onload = () => resolve(globalThis.SPEECHBOOK_TERMS);
    script.onerror = () => {
      loading = undefined;
      reject(new Error("the definitions could not be loaded"));
    };
    document.head.append(script);
  });
  return loading;
}

/** Id of the term that a link leads to. */
export function termOf(link) {
  return decodeURIComponent(new URL(link.href, location.href).hash.slice("#term-".length));
}
