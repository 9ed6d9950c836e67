// Progress as a file: what is stored, and the flash cards.

import { NewerVersion, clean } from "./state.js";

const BOOK = "learning-to-listen";

export function toFile(state, cards) {
  return JSON.stringify({ book: BOOK, progress: state, cards }, null, 1);
}

/** { progress, cards } from the text of a file; throws an error whose message is meant for the reader. */
export function fromFile(text, parseCards) {
  const foreign = new Error("That file does not hold progress from this book.");
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw foreign;
  }
  if (content?.book !== BOOK) throw foreign;
  try {
    return { progress: clean(content.progress), cards: parseCards(JSON.stringify(content.cards ?? {})) };
  } catch (error) {
    if (error instanceof NewerVersion) throw new Error("That file was saved by a newer edition of this book. Reload the page and try again.");
    throw error;
  }
}

/** Of two states of a card, the one that rests longer. */
export function mergeCards(one, other) {
  const cards = { ...one };
  for (const [id, card] of Object.entries(other)) if (!(cards[id]?.[1] > card[1])) cards[id] = card;
  return cards;
}
