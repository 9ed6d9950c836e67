// Edit distance, the cheapest edit, and error rates.

// what Python's str.split takes for white space
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Words, or the characters of words with one space between them. */
export function tokens(text, unit) {
  const words = text.split(SPACE).filter(Boolean);
  return unit === "word" ? words : [...words.join(" ")];
}

/** Entry [i][j]: fewest edits between the first i tokens of the reference and the first j of the hypothesis. */
export function distanceTable(reference, hypothesis) {
  const table = [[0, ...hypothesis.map((_, j) => j + 1)]];
  reference.forEach((token, i) => {
    const row = [i + 1];
    hypothesis.forEach((other, j) => row.push(Math.min(table[i][j] + Number(token !== other), table[i][j + 1] + 1, row[j] + 1)));
    table.push(row);
  });
  return table;
}

/**
 * A cheapest edit: {table, steps}, each step {kind, reference, hypothesis, i, j} with the table's cell that it leads to.
 * Going back from the end it would rather keep or substitute than delete, and rather delete than insert.
 */
export function align(reference, hypothesis) {
  const table = distanceTable(reference, hypothesis);
  const steps = [];
  let [i, j] = [reference.length, hypothesis.length];
  while (i || j) {
    const [token, other] = [reference[i - 1], hypothesis[j - 1]];
    const end = { i, j };
    if (i && j && table[i][j] === table[i - 1][j - 1] + Number(token !== other)) {
      steps.push({ kind: token === other ? "equal" : "substitute", reference: token, hypothesis: other, ...end });
      [i, j] = [i - 1, j - 1];
    } else if (i && table[i][j] === table[i - 1][j] + 1) {
      steps.push({ kind: "delete", reference: token, hypothesis: null, ...end });
      i -= 1;
    } else {
      steps.push({ kind: "insert", reference: null, hypothesis: other, ...end });
      j -= 1;
    }
  }
  return { table, steps: steps.reverse() };
}

/** {substitute, delete, insert, errors, total, rate} of a cheapest edit; `rate` is null for an empty reference. */
export function score({ steps }) {
  const count = (kind) => steps.filter((step) => step.kind === kind).length;
  const counts = { substitute: count("substitute"), delete: count("delete"), insert: count("insert") };
  const errors = counts.substitute + counts.delete + counts.insert;
  const total = steps.length - counts.insert;
  return { ...counts, errors, total, rate: total ? errors / total : null };
}
