// How typed words are compared with text.

/** Small letters without accents. */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[–‑]/g, "-");
}

/** Whether a folded text has every word somewhere; Latin words count from where a word begins. */
export function matches(text, words) {
  return words.every((word) => {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
      if (!/[a-z0-9]/.test(word[0]) || !/[a-z0-9]/.test(text[at - 1] ?? " ")) return true;
    return false;
  });
}
