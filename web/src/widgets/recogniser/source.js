// Where the network comes from, once the reader asks for it: the kernel where there is one, else the site's files.

import { fetchNetwork, isPublished, NetworkError, readNetwork } from "../../network/index.js";

const PATIENCE = 15000; // milliseconds
const NO_KERNEL = "The network could not be loaded: no kernel answers. Run the notebook's cells again, then press the button once more.";

/** `load()` gives the Network; a failure is not kept, so that pressing again tries again. */
export function createSource(model) {
  let pending = null;
  const load = () => {
    pending ??= (isPublished() ? fetchPublished(model.get("name")) : askKernel(model)).catch((error) => {
      pending = null;
      throw error;
    });
    return pending;
  };
  return { load };
}

async function fetchPublished(name) {
  if (name) return fetchNetwork(name);
  throw new NetworkError("This recogniser listened with a network that was only in the notebook's memory. Open the chapter in Jupyter or Colab and run it.");
}

function askKernel(model) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new NetworkError(NO_KERNEL))), PATIENCE);
    const finish = (settle) => {
      clearTimeout(timer);
      model.off("msg:custom", onMessage);
      settle();
    };
    function onMessage({ kind, message }, buffers) {
      if (kind === "error") finish(() => reject(new NetworkError(message)));
      if (kind === "network") finish(() => settleWith(buffers[0], resolve, reject));
    }
    model.on("msg:custom", onMessage);
    model.send({ kind: "load" });
  });
}

function settleWith(view, resolve, reject) {
  try {
    resolve(readNetwork(new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength)));
  } catch (error) {
    reject(error);
  }
}
