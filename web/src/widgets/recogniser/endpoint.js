// Where a word begins and ends: by its energy, against the noise of the room.

export const FRAME = 80; // samples: 10 ms at 8 kHz
const STARTS_AFTER = 3; // loud frames in a row
const ENDS_AFTER = 20; // quiet frames in a row: longer than the pause inside "eight" and "six"
const SHORTEST = 8; // loud frames of a word; less is a click
const LONGEST = 240; // frames; a drawn-out word may last two seconds, and what goes on longer is the room
const BEFORE = 15; // frames kept before the first loud one, for faint beginnings such as that of "four"
const AFTER = 12; // and after the last one
const LOWEST_DB = -70; // a digital silence is no room
const FALLS = 0.3; // share of the way to a lower level that the noise estimate goes in a frame
const RISES = 0.03; // decibels that it rises in a frame at most
const RISES_IN_WORD = 0.005;

/** Level of a frame in decibels below full scale, not below -100. */
export function levelDb(samples) {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  return 10 * Math.log10(Math.max(1e-10, power / samples.length));
}

/**
 * Follows frames one by one. `push(level, margin)` gives {noise, threshold, loud, event}; `event` is null or
 * {kind, start, end, long} in frames, of the kind "begin", "pause" (the first quiet frame, which may be the end), "resume",
 * "end", "click" (too short for a word) or "hum" (too long for one: its quietest level is the noise from then on);
 * `long` says whether it lasts long enough for a word by now.
 */
export class Endpointer {
  #count = 0;
  #noise = null;
  #loudRun = 0;
  #quietRun = 0;
  #word = null; // {first, last, loud, quietest}

  get speaking() {
    return this.#word !== null;
  }

  push(level, margin) {
    const frame = this.#count++;
    this.#follow(level);
    const threshold = this.#noise + margin;
    const loud = level > threshold;
    [this.#loudRun, this.#quietRun] = loud ? [this.#loudRun + 1, 0] : [0, this.#quietRun + 1];
    return { noise: this.#noise, threshold, loud, event: this.#word ? this.#within(frame, loud, level) : this.#before(frame, level) };
  }

  #follow(level) {
    const kept = Math.max(level, LOWEST_DB);
    this.#noise ??= kept;
    const step = kept - this.#noise;
    const rise = this.#word ? RISES_IN_WORD : RISES;
    this.#noise += step < 0 ? FALLS * step : Math.min(rise, step);
  }

  #before(frame, level) {
    if (this.#loudRun < STARTS_AFTER) return null;
    this.#word = { first: frame - STARTS_AFTER + 1, last: frame, loud: STARTS_AFTER, quietest: level };
    return this.#event("begin");
  }

  #within(frame, loud, level) {
    const word = this.#word;
    word.quietest = Math.min(word.quietest, level);
    if (loud) {
      const paused = frame - word.last > 1;
      word.last = frame;
      word.loud++;
      if (frame - word.first >= LONGEST) return this.#hum();
      return paused ? this.#event("resume") : null;
    }
    if (this.#quietRun === 1) return this.#event("pause");
    return this.#quietRun >= ENDS_AFTER ? this.#finish() : null;
  }

  #hum() {
    this.#noise = this.#word.quietest;
    return this.#finish("hum");
  }

  #finish(kind = this.#isLong() ? "end" : "click") {
    const event = this.#event(kind);
    this.#word = null;
    this.#loudRun = 0;
    return event;
  }

  #isLong() {
    return this.#word.loud >= SHORTEST;
  }

  /** What is to be listened to, from a little before the word to a little after it. */
  #event(kind) {
    const { first, last } = this.#word;
    const [start, end] = [Math.max(0, first - BEFORE), Math.min(this.#count, last + 1 + AFTER)];
    return { kind, start, end, first, last, long: this.#isLong() };
  }
}

/** [start, end] in samples of every word in a recording at 8 kHz. */
export function findWords(samples, margin) {
  const endpointer = new Endpointer();
  const words = [];
  const follow = (level) => {
    const { event } = endpointer.push(level, margin);
    if (event?.kind === "end") words.push([event.start * FRAME, Math.min(samples.length, event.end * FRAME)]);
  };
  const quietest = quietLevel(samples);
  endpointer.push(quietest, margin); // a file need not begin with the silence that a microphone hears first
  for (let i = 0; i + FRAME <= samples.length; i += FRAME) follow(levelDb(samples.subarray(i, i + FRAME)));
  for (let i = 0; endpointer.speaking && i <= ENDS_AFTER; i++) follow(quietest);
  return words;
}

/** Level that one frame in ten stays below. */
function quietLevel(samples) {
  const levels = [];
  for (let i = 0; i + FRAME <= samples.length; i += FRAME) levels.push(levelDb(samples.subarray(i, i + FRAME)));
  return levels.sort((a, b) => a - b)[Math.floor(levels.length / 10)] ?? LOWEST_DB;
}
