// What is known of a reader's progress. Every function gives a new state and leaves the old one as it is.
//
//   read     { page: true, or false if the reader took the mark back }
//   solved   { exercise: true }
//   quizzes  { page: one letter a question }: "+" was right once, "-" was answered, "." was not
//   place    { page, section, heading, at }: where the reader was last, and when, in milliseconds since 1970

export const VERSION = 1;
export const EMPTY = Object.freeze({ version: VERSION, read: {}, solved: {}, quizzes: {}, place: null });

const RANK = ".-+";
const LONGEST = 200; // letters of a name

export class NewerVersion extends Error {}

export function markRead(state, page, isRead) {
  return { ...state, read: { ...state.read, [page]: isRead } };
}

export function tick(state, exercise, isSolved) {
  const { [exercise]: _, ...others } = state.solved;
  return { ...state, solved: isSolved ? { ...others, [exercise]: true } : others };
}

/** What was right once stays right, so that trying again costs nothing. */
export function answerQuestion(state, page, { index, count, right }) {
  const marks = better(".".repeat(index) + (right ? "+" : "-"), state.quizzes[page] ?? "").padEnd(count, ".");
  return { ...state, quizzes: { ...state.quizzes, [page]: marks } };
}

export function moveTo(state, place) {
  return { ...state, place };
}

/** How many questions were right. */
export function rightOf(marks = "") {
  return marks.split("+").length - 1;
}

/** What either of two states knows; the later place. */
export function merge(one, other) {
  const quizzes = { ...one.quizzes };
  for (const [page, marks] of Object.entries(other.quizzes)) quizzes[page] = better(marks, quizzes[page] ?? "");
  const read = { ...other.read, ...one.read };
  for (const page in other.read) read[page] ||= other.read[page];
  const place = (other.place?.at ?? 0) > (one.place?.at ?? 0) ? other.place : one.place;
  return { ...one, read, solved: { ...other.solved, ...one.solved }, quizzes, place };
}

/** State from stored text; nonsense is left out, and a form that only later editions know is refused. */
export function parse(text) {
  let stored;
  try {
    stored = JSON.parse(text);
  } catch {
    return EMPTY;
  }
  return clean(stored);
}

/** The sound parts of what claims to be a state. */
export function clean(stored) {
  if (!isRecord(stored)) return EMPTY;
  if (stored.version > VERSION) throw new NewerVersion("this progress was written by a newer edition of the book");
  return {
    version: VERSION,
    read: keep(stored.read, (value) => typeof value === "boolean"),
    solved: keep(stored.solved, (value) => value === true),
    quizzes: keep(stored.quizzes, (value) => isName(value) && /^[.+-]*$/.test(value)),
    place: cleanPlace(stored.place),
  };
}

function cleanPlace(place) {
  if (!isRecord(place)) return null;
  const { page, section, heading, at } = place;
  return [page, section, heading].every(isName) && Number.isFinite(at) ? { page, section, heading, at } : null;
}

function keep(record, isSound) {
  return Object.fromEntries(Object.entries(isRecord(record) ? record : {}).filter(([name, value]) => isName(name) && isSound(value)));
}

function better(one, other) {
  const count = Math.max(one.length, other.length);
  return Array.from({ length: count }, (_, i) => RANK[Math.max(rank(one[i]), rank(other[i]))]).join("");
}

function rank(mark) {
  return Math.max(0, RANK.indexOf(mark ?? "."));
}

function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isName(value) {
  return typeof value === "string" && value.length <= LONGEST;
}
