// Which word is heard when, and what the answers amount to.

const Z = 1.959963984540054; // 95 % of a normal distribution lie within

/** Function that gives independent numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function uniformNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffle(items, random) {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

/**
 * Trials [{rung, clip, digit}, ...], rung by rung. On each rung every digit comes as often as every other (or, with fewer
 * words than digits, at most once), in an order of its own; the clips of a digit take turns. `digits` tells each clip's.
 */
export function planTrials({ digits, rungs, words, random }) {
  const stocks = new Map();
  for (const digit of new Set(digits)) stocks.set(digit, shuffle(digits.flatMap((each, clip) => (each === digit ? [clip] : [])), random));
  const take = (digit) => {
    const stock = stocks.get(digit);
    stock.push(stock.shift());
    return stock.at(-1);
  };
  const trials = [];
  for (let rung = 0; rung < rungs; rung++) {
    const bag = [];
    while (bag.length < words) bag.push(...shuffle([...stocks.keys()], random));
    for (const digit of shuffle(bag.slice(0, words), random)) trials.push({ rung, digit, clip: take(digit) });
  }
  return trials;
}

/** Noise of a clip on a rung: always the same, so that the network hears the sound that the reader heard. */
export function noiseSeed({ clip, rung }) {
  return 1000 * rung + clip + 1;
}

/** [low, high] of the share that so many right answers of `n` stand for, 95 % (Wilson 1927). */
export function wilson(right, n) {
  const share = right / n;
  const centre = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return [Math.max(0, Math.min(share, centre - half)), Math.min(1, Math.max(share, centre + half))];
}

/** [{right, n}, ...], one a rung, of answers [{rung, digit, heard}, ...]. */
export function tally(answers, rungs) {
  return Array.from({ length: rungs }, (_, rung) => {
    const own = answers.filter((answer) => answer.rung === rung);
    return { right: own.filter(({ digit, heard }) => digit === heard).length, n: own.length };
  });
}

/** Probability that two listeners who are equally good differ at least so much where only one is right (exact, McNemar 1947). */
export function chanceOf(onlyOne, onlyOther) {
  const n = onlyOne + onlyOther;
  let [term, sum] = [0.5 ** n, 0];
  for (let k = 0; k <= Math.min(onlyOne, onlyOther); k++) {
    sum += term;
    term *= (n - k) / (k + 1);
  }
  return Math.min(1, 2 * sum);
}
