// Bringing a network into the page, when the reader asks for it: from the site's own files, and from nowhere else.

import { NetworkError, readNetwork } from "./file.js";

const HOST_SCRIPT = 'script[src*="widget-host.js"]'; // it lies where the site's other files lie

/** Whether the page was published, so that its networks lie beside it. */
export function isPublished() {
  return document.querySelector(HOST_SCRIPT) !== null;
}

/** Network of a name from the published site. Throws a NetworkError that says what is wrong and what to do. */
export async function fetchNetwork(name) {
  const address = new URL(`models/${name}.sbmodel`, document.querySelector(HOST_SCRIPT).src);
  // a page opened as a file may not fetch its neighbours, but may run them
  return readNetwork(address.protocol === "file:" ? await runFile(`${address}.js`, name) : await fetchBytes(address, name));
}

async function fetchBytes(address, name) {
  let answer;
  try {
    answer = await fetch(address, { cache: "no-cache" });
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  } catch {
    throw new NetworkError("The network could not be loaded: the site does not answer. Check the connection, then press the button again.");
  }
  throw new NetworkError(missing(name, `the site answers ${answer.status}`));
}

function runFile(address, name) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(fromBase64(globalThis.speechbookModels[name]));
    script.onerror = () => reject(new NetworkError(missing(name, `there is no file models/${name}.sbmodel.js`)));
    document.head.append(script);
  });
}

function missing(name, reason) {
  return `This copy of the book holds no network called ${name} (${reason}). Build the book with the chapter that trains it, or open the published one.`;
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
