// Spectrogram explorer: see and hear how the settings of the short-time Fourier transform change its picture.

import { AudioError, decodeFile, Player } from "../../audio.js";
import { announcer, button, fileButton, h, message, select, uniqueId } from "../../controls.js";
import { bandPass, fadeEnds, peak } from "../../dsp/index.js";
import { coalesce, defineWidget, onTrait, readTraits, setTraits } from "../../host/define.js";
import { clamp } from "../../numbers.js";
import { createAnalyser, readLevel } from "./analysis.js";
import { createPanel } from "./panel.js";
import { attachPicker } from "./picker.js";
import { createPicture } from "./picture.js";
import { applyChanges, bandAround, describeSamples, TRAITS } from "./settings.js";
import { amplified, boostFor, describeSound, inDecibels, soundsFromTraits } from "../../sounds.js";

const HEARD_AROUND = 0.5; // seconds before and after the picked time

export default defineWidget("explorer", ({ model, root, signal, onTheme }) => {
  const sounds = soundsFromTraits(model.get("samples"), model.get("clips"));
  let sound = sounds.find(({ label }) => label === model.get("clip")) ?? sounds[0];
  let settings = applyChanges(readTraits(model, TRAITS), {}, sound);
  let pick = pickFromModel(model);
  let cursor = null;
  let view = null;

  const analyse = createAnalyser();
  const player = new Player();
  const picture = createPicture(root);
  const status = message();
  const spoken = announcer();
  const panel = createPanel(settings, sound, change);
  const clipChoice = select({ label: "Sound", options: [], value: sound.label, onInput: chooseSound });
  const playButton = button({ label: "Play", icon: "play", primary: true, onClick: () => playAll() });
  const clock = h("span", { className: "sbw-clock" });
  const reading = h("p", { className: "sbw-reading" });
  const heard = h("p", { className: "sbw-heard" });
  const bandButton = button({ label: "Hear this band", icon: "band", onClick: () => playBand() });
  const opener = fileButton({ label: "Open a file…", accept: "audio/*,video/*", onFile: openFile });
  const redraw = coalesce(draw, signal);

  root.append(
    h("div", { className: "sbw-bar" }, clipChoice.element, h("span", { className: "sbw-transport" }, playButton.element, clock), opener.element),
    status.element,
    picture.element,
    h("div", { className: "sbw-bar sbw-pickbar" }, h("div", { className: "sbw-readings" }, reading, heard), bandButton.element),
    h("div", { className: "sbw-panel" }, ...panel.elements),
    spoken.element,
  );
  picture.surface.id = uniqueId("surface");
  attachPicker(picture.surface, {
    signal,
    position: picture.position,
    onPick: setPick,
    onMove: ({ time, frequency }) => movePick(time, frequency),
    onEdge: (share) => setPick({ ...startingPick(), time: share * sound.duration }),
    onPlay: playBand,
  });
  acceptDrops(root, openFile, signal);

  listSounds();
  refresh();
  onTheme(redraw);
  document.fonts.ready.then(redraw); // letters on a canvas do not change by themselves when their font arrives
  const observer = new ResizeObserver(redraw);
  observer.observe(picture.element);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    player.stop();
  });
  for (const name of TRAITS) onTrait(model, name, () => settings[name] !== model.get(name) && change({ [name]: model.get(name) }), signal);
  for (const name of ["selection_time", "selection_frequency"]) onTrait(model, name, followSelection, signal);
  onTrait(model, "clip", () => model.get("clip") !== sound.label && chooseSound(model.get("clip")), signal);

  function change(changes) {
    settings = applyChanges(settings, changes, sound);
    setTraits(model, settings);
    refresh();
  }

  function refresh() {
    panel.refresh(settings, sound);
    showTime();
    redraw();
  }

  function draw() {
    view = { ...sound, ...settings, ...analyse(sound, settings) };
    picture.draw(view);
    picture.canvas.setAttribute("aria-label", describeView());
    showPick();
  }

  function describeView() {
    const scale = settings.scale === "mel" ? `${settings.n_mels} mel bands` : `${view.bins} frequencies`;
    return (
      `Waveform and ${settings.scale === "mel" ? "mel " : ""}spectrogram of ${sound.label}: ${sound.duration.toFixed(2)} s, ` +
      `0 to ${sound.sample_rate / 2} Hz, ${view.frames} frames of ${scale}; window ${describeSamples(settings.win_length, sound.sample_rate)}; ` +
      `hop ${describeSamples(settings.hop_length, sound.sample_rate)}; levels from −${settings.top_db} to 0 dB below the loudest.`
    );
  }

  function listSounds() {
    clipChoice.setOptions(sounds.map(({ label }) => [label, label]));
    clipChoice.set(sound.label);
  }

  function chooseSound(label) {
    const chosen = sounds.find((candidate) => candidate.label === label);
    if (!chosen) return;
    player.stop();
    sound = chosen;
    cursor = null;
    setPick(null);
    status.show("");
    clipChoice.set(label);
    if (model.get("clips").some((clip) => clip.label === label)) setTraits(model, { clip: label });
    change({});
  }

  async function openFile(file) {
    status.show(`Opening ${file.name} …`);
    try {
      const { notice, ...decoded } = await decodeFile(file);
      const opened = describeSound({ ...decoded, label: `File: ${decoded.label}` });
      const known = sounds.findIndex(({ label }) => label.startsWith("File: "));
      sounds.splice(known < 0 ? sounds.length : known, 1, opened);
      listSounds();
      chooseSound(opened.label);
      status.show(notice);
      spoken.say(`${file.name} is open. ${opened.duration.toFixed(1)} seconds. ${notice}`);
    } catch (error) {
      showError(error);
    }
  }

  function showError(error) {
    if (!(error instanceof AudioError)) console.error(error);
    status.show(error.message, { error: true });
  }

  function setPick(point) {
    pick = point && { time: clamp(point.time, 0, sound.duration), frequency: clamp(point.frequency, 0, sound.sample_rate / 2) };
    heard.textContent = "";
    setTraits(model, { selection_time: pick?.time ?? null, selection_frequency: pick?.frequency ?? null });
    showPick();
    if (pick) spoken.say(reading.textContent);
  }

  function startingPick() {
    return pick ?? { time: sound.duration / 2, frequency: view.axis.hz(0.5) };
  }

  function movePick(frames, bins) {
    if (!pick) return setPick(startingPick());
    const { frame, bin } = readLevel(view, pick);
    const frameStep = Math.max(1, Math.round(view.frames / 200));
    const binStep = Math.max(1, Math.round(view.bins / 100));
    return setPick({
      time: ((frame + frames * frameStep) * view.hop_length) / view.sample_rate,
      frequency: view.axis.centre(clamp(bin + bins * binStep, 0, view.bins - 1)),
    });
  }

  function followSelection() {
    const next = pickFromModel(model);
    if (next?.time === pick?.time && next?.frequency === pick?.frequency) return;
    pick = next;
    showPick();
  }

  function showPick() {
    if (!view) return;
    bandButton.element.disabled = !pick;
    if (!pick) {
      reading.textContent = "Click or tap the picture, or use the arrow keys on it, to read a level and hear a band.";
      picture.drawLayer({ cursor, pick });
      return;
    }
    const { time, frequency, level } = readLevel(view, pick);
    const below = level < -settings.top_db ? " (below the colour range)" : "";
    reading.textContent = `${time.toFixed(3)} s, ${Math.round(frequency)} Hz: ${level.toFixed(1).replace("-", "−")} dB${below}`;
    picture.drawLayer({ cursor, pick: { ...pick, ...bandAround(pick.frequency, settings.band_octaves, sound.sample_rate) } });
  }

  function showTime() {
    clock.textContent = `${(cursor ?? 0).toFixed(2)} / ${sound.duration.toFixed(2)} s`;
  }

  function playAll() {
    if (player.playing) player.stop();
    else play(amplified(sound.samples, sound.boost), 0);
  }

  function playBand() {
    if (!pick) setPick(startingPick());
    const { low, high } = bandAround(pick.frequency, settings.band_octaves, sound.sample_rate);
    const start = Math.round(Math.max(0, pick.time - HEARD_AROUND) * sound.sample_rate);
    const end = Math.round(Math.min(sound.duration, pick.time + HEARD_AROUND) * sound.sample_rate);
    const band = bandPass(sound.samples.subarray(start, end), { sample_rate: sound.sample_rate, low, high });
    const boost = boostFor(peak(band));
    heard.textContent = `Heard: ${Math.round(low)} to ${Math.round(high)} Hz${inDecibels(boost)}.`;
    play(fadeEnds(amplified(band, boost), { sample_rate: sound.sample_rate }), start / sound.sample_rate);
  }

  async function play(samples, offset) {
    playButton.set({ label: "Stop", icon: "stop" });
    try {
      await player.play(samples, { sample_rate: sound.sample_rate, onTime: (time) => moveCursor(offset + time), onEnd: ended });
    } catch (error) {
      ended();
      showError(error);
    }
  }

  function moveCursor(time) {
    cursor = time;
    showPick();
    showTime();
  }

  function ended() {
    if (player.playing) return;
    playButton.set({ label: "Play", icon: "play" });
    moveCursor(null);
  }
});

function pickFromModel(model) {
  const [time, frequency] = [model.get("selection_time"), model.get("selection_frequency")];
  return time === null || frequency === null ? null : { time, frequency };
}

function acceptDrops(root, onFile, signal) {
  root.addEventListener("dragover", (event) => event.preventDefault(), { signal });
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  }, { signal });
}
