// How far a count can be trusted: the exact interval of a Poisson rate (Garwood 1936), as speechbook.intervals has it.

const TAIL = 0.025; // on either side, for a confidence of 95 %

/** [low, high] of a rate, from `count` events in `exposure` units of time. */
export function rateInterval(count, exposure) {
  const low = count === 0 ? 0 : solve((mean) => 1 - atMost(count - 1, mean) - TAIL, count);
  return [low, solve((mean) => TAIL - atMost(count, mean), count)].map((mean) => mean / exposure);
}

/** Probability of at most `count` events where `mean` are expected. */
function atMost(count, mean) {
  let term = -mean;
  let sum = Math.exp(term);
  for (let n = 1; n <= count; n++) {
    term += Math.log(mean / n);
    sum += Math.exp(term);
  }
  return Math.min(1, sum);
}

/** Where a rising function of the mean is zero. */
function solve(rising, count) {
  let [low, high] = [1e-9, 10 + 3 * count];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
