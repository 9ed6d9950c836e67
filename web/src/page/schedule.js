// Spaced repetition in boxes (after Leitner): a card that was known moves up a box and rests longer, one that was not
// goes back to the first. State: { id: [box, day on which it is due] }; days count from 1970.

export const REST = [0, 1, 3, 7, 14, 30, 60]; // days that a card rests in each box
const DAY = 24 * 60 * 60 * 1000;

/** Number of the day, in the reader's own time zone. */
export function dayOf(date) {
  return Math.floor((date.getTime() - date.getTimezoneOffset() * 60 * 1000) / DAY);
}

/** State after an answer. */
export function answer(state, id, known, today) {
  const box = known ? Math.min((state[id]?.[0] ?? 0) + 1, REST.length - 1) : 0;
  return { ...state, [id]: [box, today + REST[box]] };
}

/** Cards to show now: those that are due, oldest first, then those never seen, in their order. */
export function due(state, ids, today) {
  const seen = ids.filter((id) => id in state && state[id][1] <= today);
  return [...seen.sort((a, b) => state[a][1] - state[b][1]), ...ids.filter((id) => !(id in state))];
}

/** How many cards were never seen, wait, or rest. */
export function tally(state, ids, today) {
  const fresh = ids.filter((id) => !(id in state)).length;
  const waiting = ids.filter((id) => state[id]?.[1] <= today).length;
  return { fresh, waiting, resting: ids.length - fresh - waiting };
}

/** What was stored, or nothing where it is not a state of ours. */
export function parse(text) {
  try {
    const entries = Object.entries(JSON.parse(text) ?? {});
    const sound = ([, value]) => Array.isArray(value) && value.length === 2 && value.every(Number.isInteger) && value[0] in REST;
    return Object.fromEntries(entries.filter(sound));
  } catch {
    return {};
  }
}
