// How the classes of a small lattice are written one after the other.

/**
 * What a model's `symbols` and `blank` mean: `write(labels)` puts nothing between symbols where each is one character, as
 * `speechbook.widgets.symbols.spelt` does, and `quote(labels)` says so in a sentence.
 */
export function readSymbols(model) {
  const [symbols, blank] = [model.get("symbols"), model.get("blank")];
  const separator = symbols.every((symbol) => [...symbol].length === 1) ? "" : " ";
  const write = (labels) => labels.map((k) => symbols[k]).join(separator);
  const quote = (labels) => (labels.length ? `“${write(labels)}”` : "nothing");
  return { symbols, blank, separator, write, quote };
}
