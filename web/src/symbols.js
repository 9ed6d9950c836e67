// How the classes of a small lattice are written one after the other.

/** What stands between symbols: nothing where each is one character, as in `speechbook.widgets.symbols.spelt`. */
export function separatorOf(symbols) {
  return symbols.every((symbol) => [...symbol].length === 1) ? "" : " ";
}
