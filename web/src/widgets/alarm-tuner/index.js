// Alarm tuner: set threshold, smoothing and rest of a wake-word detector, and see and hear what it misses and mistakes.

import { readShares } from "../../arrays.js";
import { AudioError, Player } from "../../audio.js";
import { button, h, legend, message, select, slider } from "../../controls.js";
import { defineWidget, followModel, readTraits, setTraits } from "../../host/define.js";
import { clamp, fixed, percent } from "../../numbers.js";
import { followPointer } from "../../pointer.js";
import { amplified, boostFor, soundsFromTraits } from "../../sounds.js";
import { createCurve, tradeOff } from "./curve.js";
import { cause, detect, smooth } from "./detector.js";
import { rateInterval } from "./interval.js";
import { createTrack } from "./track.js";

const RECORDING = ["first_second", "step_seconds", "seconds", "words", "wake_word"];
const SETTINGS = ["threshold", "width", "rest"];
const NAMED = 5; // false alarms and misses that are told one by one
const NEAR = 0.8; // seconds between an alarm and the place that it belongs to

export default defineWidget("alarms", (host) => {
  const { model, root, signal } = host;
  const recording = readTraits(model, RECORDING);
  const begun = readTraits(model, SETTINGS);
  const { values } = readShares(model.get("probability"));
  const places = model.get("places");
  const sounds = soundsFromTraits(model.get("samples"), model.get("clips"));
  const player = new Player();
  const change = (traits) => setTraits(model, traits);
  let kept = { key: "" }; // smoothed scores and curve, as long as width and rest stay

  const inSeconds = (outputs) => `${outputs} outputs (${fixed(outputs * recording.step_seconds)} s)`;
  const threshold = slider({ label: "Threshold", min: 0, max: 1, step: 0.01, value: 0, describe: (value) => fixed(value), onInput: (value) => change({ threshold: value }) });
  const width = slider({ label: "Mean of", min: 1, max: 12, step: 1, value: 1, describe: (n) => (n === 1 ? "1 output" : inSeconds(n)), onInput: (value) => change({ width: value }) });
  const rest = slider({ label: "Rest after an alarm", min: 0, max: 50, step: 1, value: 0, describe: inSeconds, onInput: (value) => change({ rest: value }) });
  const restore = button({ label: "Restore", onClick: () => change(begun) });
  const outcome = h("p", { className: "sbw-reading sbw-strong" });
  const trust = h("p", { className: "sbw-reading" });
  const list = h("p", { className: "sbw-reading" });
  const track = createTrack(recording);
  const curve = createCurve();
  const place = select({ label: "Listen to", options: places.map((moment, i) => [String(i), nameOf(moment)]), value: "0", onInput: (i) => change({ place: Number(i) }) });
  const play = button({ label: "Play", icon: "play", primary: true, onClick: toggle });
  const verdict = h("p", { className: "sbw-reading" });
  const fault = message();
  const hear = h("div", { className: "sbw-hear", hidden: !places.length }, h("div", { className: "sbw-bar" }, play.element, place.element), verdict, fault.element);

  root.append(
    h("div", { className: "sbw-panel" }, threshold.element, width.element, rest.element, restore.element),
    h("div", { className: "sbw-readings" }, outcome, trust, list),
    track.canvas,
    legend([
      ["wave", "▮", "score"],
      ["cursor", "╌", "threshold"],
      ["series-3", "▮", `“${recording.wake_word}” is said`],
      ["series-3", "●", "answered"],
      ["series-3", "○", "missed"],
      ["series-2", "◆", "false alarm"],
    ]),
    hear,
    curve.canvas,
    legend([
      ["series-1", "●", "every threshold from 0.02 to 0.98"],
      ["series-2", "◆", "the present one"],
    ]),
  );
  if (places.length) followPointer(track.canvas, pick, { signal, onEnd: start });
  signal.addEventListener("abort", () => player.stop());
  followModel(host, [...SETTINGS, "place"], show);

  function pick(point) {
    const moment = track.locate(point);
    const distances = places.map((other) => Math.abs(other - moment));
    const nearest = distances.indexOf(Math.min(...distances));
    if (nearest !== model.get("place")) change({ place: nearest });
  }

  function toggle() {
    if (player.playing) return player.stop();
    return start();
  }

  async function start() {
    const { samples, sample_rate, limit } = sounds[model.get("place")];
    fault.show("");
    play.set({ label: "Stop", icon: "stop" });
    try {
      await player.play(amplified(samples, boostFor(limit)), { sample_rate, onEnd: () => player.playing || play.set({ label: "Play", icon: "play" }) });
    } catch (error) {
      play.set({ label: "Play", icon: "play" });
      if (!(error instanceof AudioError)) throw error;
      fault.show(error.message, { error: true });
    }
  }

  function scored(settings) {
    const key = `${settings.width} ${settings.rest}`;
    if (kept.key !== key) {
      const mean = smooth(values, settings.width);
      kept = { key, mean, points: tradeOff(mean, settings.rest, recording) };
    }
    return kept;
  }

  function show(traits) {
    const { mean, points } = scored(traits);
    const now = detect(mean, traits, recording);
    threshold.set(traits.threshold);
    width.set(traits.width);
    rest.set(traits.rest);
    outcome.textContent = tellOutcome(now);
    trust.textContent = tellTrust(now);
    list.textContent = tellEach(now);
    const chosen = places.length ? clamp(traits.place, 0, places.length - 1) : null;
    if (chosen !== null) {
      place.set(String(chosen));
      verdict.textContent = tellPlace(places[chosen], now);
    }
    track.draw({ mean, threshold: traits.threshold, outcome: now, place: chosen === null ? null : places[chosen] }, describeTrack(now));
    curve.draw({ points, now }, `Misses against false alarms an hour at ${points.length} thresholds; at the present settings ${percent(now.missed)} and ${fixed(now.per_hour, 0)}.`);
    return `Threshold ${fixed(traits.threshold)}: ${outcome.textContent}`;
  }

  function tellOutcome(now) {
    const { length } = now.answers;
    const late = length > now.misses ? ` Half of the answers had come ${ofTheEnd(now.latency)} the word’s end.` : "";
    return `${now.misses} of ${length} wake words missed (${percent(now.missed)}); ${counted(now.false.length, "false alarm")}.${late}`;
  }

  function tellTrust(now) {
    const [low, high] = rateInterval(now.false.length, recording.seconds / 3600);
    const minutes = fixed(recording.seconds / 60, 1);
    return `${counted(now.false.length, "false alarm")} in ${minutes} minutes: ${fixed(now.per_hour, 0)} an hour, and with 95\u00a0% confidence between ${fixed(low, low < 10 ? 1 : 0)} and ${fixed(high, 0)}.`;
  }

  function tellEach(now) {
    const missed = now.answers.filter(({ moment }) => moment === null).map(({ word }) => clock(word.start));
    const mistaken = now.false.map((moment) => `${clock(moment)} (${cause(moment, recording.words) ?? "no word"})`);
    return `${missed.length ? `Missed at ${some(missed)}` : "None missed"}; ${mistaken.length ? `false alarms at ${some(mistaken)}` : "no false alarm"}.`;
  }

  function tellPlace(moment, now) {
    const answer = now.answers.find(({ word }) => word.end === moment);
    if (answer) return answer.moment === null ? "The wake word, missed." : `The wake word, answered ${ofTheEnd(answer.moment - answer.word.end)} its end.`;
    const alarm = now.false.some((other) => Math.abs(other - moment) < NEAR);
    return alarm ? "Not the wake word, but an alarm: a false one." : "Not the wake word, and no alarm.";
  }

  function nameOf(moment) {
    const said = recording.words.find((word) => word.label === recording.wake_word && word.end === moment);
    const heard = said ? said.label : cause(moment, recording.words);
    return `${clock(moment)} ${heard ? `“${heard}”` : "no word"}`;
  }

  function describeTrack(now) {
    return (
      `The score of “${recording.wake_word}” over ${fixed(recording.seconds / 60, 1)} minutes, a row a minute, with ` +
      `${now.answers.length} wake words, ${now.answers.length - now.misses} answered and ${now.misses} missed, and ${counted(now.false.length, "false alarm")}.`
    );
  }
});

function counted(count, name) {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

function ofTheEnd(latency) {
  return `${fixed(Math.abs(latency))} s ${latency < 0 ? "before" : "after"}`;
}

function some(items) {
  const more = items.length > NAMED ? `, and ${items.length - NAMED} more` : "";
  return items.slice(0, NAMED).join(", ") + more;
}

/** "1:03.2" */
function clock(moment) {
  const tenths = Math.round(10 * moment);
  return `${Math.floor(tenths / 600)}:${String(((tenths % 600) / 10).toFixed(1)).padStart(4, "0")}`;
}
