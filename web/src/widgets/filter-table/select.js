// Which rows are shown, and in which order; the same rules as in speechbook/widgets/filter_table.py.

export function toText(value, decimals = 0) {
  if (Array.isArray(value)) return value.join(", ");
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && decimals) return value.toFixed(decimals);
  return Number.isInteger(value) || typeof value !== "number" ? String(value) : String(Number(value.toPrecision(6)));
}

/** For each key, how many decimals its numbers need: all of a column get the same. */
export function decimalsOf(rows, keys) {
  const needed = (value) => (typeof value === "number" ? (/\.(\d+)$/.exec(toText(value))?.[1].length ?? 0) : 0);
  return new Map(keys.map((key) => [key, Math.max(0, ...rows.map((row) => needed(row[key])))]));
}

export function partsOf(value) {
  return Array.isArray(value) ? value : [toText(value)];
}

/** Places of the rows that pass the filters, in order. `sort` is a key, with a minus in front for descending order. */
export function select(rows, keys, { search, picked, sort }) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const decimals = decimalsOf(rows, keys);
  const places = rows.map((_, i) => i).filter((i) => passes(rows[i], decimals, words, picked));
  if (!sort) return places;
  const key = sort.replace(/^-/, "");
  const sign = sort.startsWith("-") ? -1 : 1;
  const orders = new Map(places.map((i) => [i, orderOf(rows[i][key])]));
  const there = places.filter((i) => toText(rows[i][key]));
  there.sort((a, b) => sign * compare(orders.get(a), orders.get(b)));
  return [...there, ...places.filter((i) => !toText(rows[i][key]))];
}

function passes(row, decimals, words, picked) {
  const haystack = [...decimals].map(([key, n]) => toText(row[key], n)).join("\n").toLowerCase();
  if (!words.every((word) => haystack.includes(word))) return false;
  return Object.entries(picked).every(([key, value]) => !value || partsOf(row[key]).includes(value));
}

/** Numbers before texts; a text as its pieces, in which digits are numbers. */
function orderOf(value) {
  if (typeof value === "number") return [0, value];
  const pieces = toText(value).toLowerCase().split(/([0-9]+)/);
  return [1, ...pieces.map((piece, i) => (i % 2 ? Number(piece) : piece))];
}

function compare(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] < b[i]) return -1;
    if (a[i] > b[i]) return 1;
  }
  return a.length - b.length;
}

/** Values of a column for its filter, in order. */
export function valuesOf(rows, key) {
  const values = [...new Set(rows.flatMap((row) => partsOf(row[key])))].filter(Boolean);
  return values.sort((a, b) => compare(orderOf(a), orderOf(b)));
}

export function toCsv(rows, columns, decimals = decimalsOf(rows, Object.keys(columns))) {
  const quote = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => [...decimals].map(([key, n]) => toText(row[key], n)));
  return [Object.values(columns), ...lines].map((line) => line.map(quote).join(",")).join("\n");
}
