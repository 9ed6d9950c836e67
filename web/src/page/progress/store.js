// Progress in this browser's storage, or in this page only where storage is switched off, full, or newer than we are.

import { EMPTY, parse } from "./state.js";

const KEY = "speechbook-progress";
let state = EMPTY;
let kept = true;
const listeners = [];

/** The state as it is now, also where another tab has changed it. */
export function current() {
  if (kept)
    try {
      state = parse(localStorage.getItem(KEY));
    } catch {
      kept = false;
    }
  return state;
}

/** Change the state by a function of it. */
export function change(how) {
  save(how(current()), (next) => localStorage.setItem(KEY, JSON.stringify(next)));
}

export function erase() {
  save(EMPTY, () => localStorage.removeItem(KEY));
}

/** Whether what changes outlives the page. */
export function isKept() {
  return kept;
}

/** Call a function with the state, now and whenever it changes, here or in another tab. */
export function follow(listener) {
  listeners.push(listener);
  listener(current());
}

addEventListener("storage", ({ key }) => (key === KEY || key === null) && tell());
addEventListener("pageshow", ({ persisted }) => persisted && tell());

function save(next, write) {
  state = next;
  if (kept)
    try {
      write(next);
    } catch {
      kept = false;
    }
  tell();
}

function tell() {
  for (const listener of listeners) listener(current());
}
