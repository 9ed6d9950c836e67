// From probabilities to alarms, and what they are worth, as speechbook.wake_word has it.

const LATE_SECONDS = 0.6; // how long after a word's end an alarm still counts as an answer to it

/** Every value averaged with those just before it; before the first there are zeros. */
export function smooth(values, width) {
  if (width === 1) return values;
  return Float64Array.from(values, (_, n) => {
    let sum = 0;
    for (let i = Math.max(0, n - width + 1); i <= n; i++) sum += values[i] / width;
    return sum;
  });
}

/** Numbers of the outputs whose `mean` reaches the threshold and that do not lie in the rest after an alarm. */
export function fire(mean, { threshold, rest }) {
  const alarms = [];
  for (let n = 0; n < mean.length; n++) {
    if (mean[n] < threshold) continue;
    alarms.push(n);
    n += rest;
  }
  return alarms;
}

/** {answers: [{word, moment}], with null for the moment of a word that was missed; false: [moments]}. */
export function judge(moments, words, wake_word) {
  const open = [...moments].sort((a, b) => a - b);
  const called = words.filter(({ label }) => label === wake_word).sort((a, b) => a.end - b.end || a.start - b.start);
  const answers = called.map((word) => {
    const place = open.findIndex((moment) => word.start <= moment && moment <= word.end + LATE_SECONDS);
    return { word, moment: place < 0 ? null : open.splice(place, 1)[0] };
  });
  return { answers, false: open };
}

/** Label of the word at which an alarm was raised: the last one begun, if it ended less than 0.6 s before; or null. */
export function cause(moment, words) {
  const before = words.filter(({ start, end }) => start <= moment && moment <= end + LATE_SECONDS);
  return before.reduce((last, word) => (last && last.start >= word.start ? last : word), null)?.label ?? null;
}

/** All that a detector does: `judge`'s outcome with its counts, the median latency (NaN without a hit), alarms an hour. */
export function detect(mean, { threshold, rest }, { first_second, step_seconds, seconds, words, wake_word }) {
  const moments = fire(mean, { threshold, rest }).map((n) => first_second + step_seconds * n);
  const outcome = judge(moments, words, wake_word);
  const hits = outcome.answers.filter(({ moment }) => moment !== null);
  const latencies = hits.map(({ word, moment }) => moment - word.end);
  const misses = outcome.answers.length - hits.length;
  return { ...outcome, misses, missed: misses / outcome.answers.length, latency: median(latencies), per_hour: (3600 * outcome.false.length) / seconds };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
