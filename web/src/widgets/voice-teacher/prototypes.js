// New words from a few examples, as speechbook.prototypes: a word is the mean direction of its examples' embeddings.

/** `vector` scaled to length 1; a vector of zeros stays as it is. */
export function unit(vector) {
  const length = Math.hypot(...vector);
  return Float64Array.from(vector, (value) => (length > 0 ? value / length : 0));
}

/** Mean direction of embeddings. */
export function prototype(examples) {
  const sum = new Float64Array(examples[0].length);
  for (const example of examples) unit(example).forEach((value, i) => (sum[i] += value));
  return unit(sum);
}

/** 1 minus the cosine of the angle between two vectors. */
export function distance(a, b) {
  const [one, other] = [unit(a), unit(b)];
  return 1 - one.reduce((sum, value, i) => sum + value * other[i], 0);
}

/** {distances, nearest, known}: how far from each prototype, the number of the nearest, and whether it is near enough. */
export function recogniseWord(embedding, prototypes, max_distance) {
  const distances = prototypes.map((each) => distance(embedding, each));
  const nearest = distances.indexOf(Math.min(...distances));
  return { distances, nearest, known: distances[nearest] <= max_distance };
}

/** Number of the word whose examples `word` comes too near to, or -1: one of its own is nearer to that than to the rest of its own. */
export function mixedUpWith(word, words) {
  const others = words.map((each, i) => (each !== word && each.examples.length ? [i, prototype(each.examples)] : null)).filter(Boolean);
  for (const example of word.examples) {
    const rest = word.examples.filter((each) => each !== example);
    if (!rest.length) continue;
    const own = distance(example, prototype(rest));
    const nearer = others.find(([, centre]) => distance(example, centre) < own);
    if (nearer) return nearer[0];
  }
  return -1;
}
