// Where the flash cards remember what is known: this browser's storage.

import { parse } from "./schedule.js";

const KEY = "speechbook-cards";

/** { state, kept }: the state as `schedule.js` has it, and whether there is a place to keep it. */
export function readCards() {
  try {
    return { state: parse(localStorage.getItem(KEY) ?? "{}"), kept: true };
  } catch {
    return { state: {}, kept: false };
  }
}

/** Store a state, or none; tells whether it could be done. */
export function writeCards(state) {
  try {
    if (state) localStorage.setItem(KEY, JSON.stringify(state));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}
