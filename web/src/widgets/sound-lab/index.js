// Sound lab: take a sound from a clip, the microphone or a file; see it four ways, hear it changed, take it away.

import { AudioError, decodeFile, Player } from "../../audio.js";
import { announcer, button, fileButton, h, message, select, slider } from "../../controls.js";
import { fadeEnds } from "../../dsp/index.js";
import { defineWidget, followModel, readTraits, setTraits } from "../../host/define.js";
import { fixed } from "../../numbers.js";
import { amplified, describeSound } from "../../sounds.js";
import { createAnalyser } from "./analysis.js";
import { applyEffect, EFFECTS, tempo } from "./effects.js";
import { attachGestures } from "./gestures.js";
import { createAnalysisPanel, createEffectPanel } from "./panel.js";
import { pythonCell } from "./python.js";
import { createRecorder } from "./recorder.js";
import { createSource, pictureFile, saveFile, tableFile, wavFile } from "./saving.js";
import { EFFECT, fit, selected, TRAITS, viewAround, withConsequences } from "./settings.js";
import { createSources, describeConversion } from "./sources.js";
import { createTracks } from "./tracks.js";

const TABLES = [["spectrogram", "Spectrogram"], ["mel", "Mel spectrogram"], ["mfcc", "MFCC"]];
const HINT = "Drag across the picture to select a part; pinch, or turn the wheel with Ctrl, to zoom. Keys work on it too.";

export default defineWidget("lab", (host) => {
  const { model, root, signal } = host;
  const sources = createSources(model.get("samples"), model.get("clips"));
  const player = new Player();
  const spoken = announcer();
  const status = message();
  const tracks = [createTracks(), createTracks()];
  const analysers = [createAnalyser(), createAnalyser()];
  const change = (traits) => setTraits(model, traits);
  let now = null; // what is shown: {sound, settings, span, other, part}
  let mark = { from: null, to: null }; // ends of the selection in the order in which they were set
  let playing = null; // {which, start, rate} while a sound plays
  let cursor = null;
  let changed = { key: "", sound: null };
  let tableKind = "mfcc";

  const clip = select({ label: "Sound", options: [], value: "", onInput: (label) => change({ clip: label, ...NOWHERE }) });
  const opener = fileButton({ label: "Open a file…", accept: "audio/*,video/*", onFile: openFile });
  const recorder = createRecorder({
    picture: () => ({ canvas: tracks[0].canvas, settings: now.settings }),
    onStart: startRecording,
    onRunning: () => status.show(""),
    onDone: endRecording,
    onError: (error) => {
      root.classList.remove("sbw-recording");
      showError(error);
      refresh();
    },
    signal,
  });
  const playButton = button({ label: "Play", icon: "play", primary: true, onClick: () => toggle("original") });
  const playChanged = button({ label: "Play changed", icon: "play", primary: true, onClick: () => toggle("changed") });
  const playOther = button({ label: "Play the other", icon: "play", onClick: () => toggle("other") });
  const latest = () => fit(readTraits(model, TRAITS), now.sound, now.span); // newer than `now` until the next frame
  const zoomButtons = [
    button({ label: "Zoom in", onClick: () => showSpan(0.5) }),
    button({ label: "Zoom out", onClick: () => showSpan(2) }),
    button({ label: "Zoom to selection", onClick: () => change(viewAround((now.part.start + now.part.end) / 2, (now.part.end - now.part.start) * 1.05, now.span)) }),
    button({ label: "Show all", onClick: () => change({ view_start: 0, view_end: null }) }),
  ];
  const mover = slider({ label: "Move the view", min: 0, max: 1, step: 0.001, value: 0, describe: (seconds) => `from ${fixed(Number(seconds))} s`, onInput: moveView });
  const reading = h("p", { className: "sbw-reading" });
  const analysis = createAnalysisPanel((changes) => change(withConsequences(changes, now.settings)));
  const effects = createEffectPanel(change);
  const compare = select({ label: "Compare with", options: [], value: "", onInput: (value) => change({ compare: value }) });
  const table = select({ label: "Table of", options: TABLES, value: tableKind, onInput: (kind) => (tableKind = kind) });
  const python = createSource({ onCopied: (text) => status.show(text) });
  const saveButtons = [
    button({ label: "WAV", icon: "save", onClick: () => save(() => wavFile(partOf("taken"))) }),
    button({ label: "PNG", icon: "save", onClick: () => save(() => pictureFile(now.other ? tracks : tracks.slice(0, 1), root)) }),
    button({ label: "CSV", icon: "save", onClick: () => save(() => tableFile(partOf("taken"), now.settings, tableKind)) }),
  ];
  const settingsPanel = h("details", { className: "sbw-section" }, h("summary", { textContent: "Settings of the pictures" }), h("div", { className: "sbw-panel" }, ...analysis.elements));

  root.append(
    h("div", { className: "sbw-bar sbw-sources" }, clip.element, ...recorder.elements, opener.element),
    status.element,
    h("div", { className: "sbw-pair" }, ...tracks.map((track) => track.element)),
    h("div", { className: "sbw-bar sbw-transport-bar" }, playButton.element, playOther.element, ...zoomButtons.map(({ element }) => element)),
    mover.element,
    reading,
    section("Change and compare", h("div", { className: "sbw-panel" }, ...effects.elements, compare.element), playChanged.element),
    settingsPanel,
    section("Take it with you", h("div", { className: "sbw-bar" }, saveButtons[0].element, saveButtons[1].element, table.element, saveButtons[2].element), python.element),
    spoken.element,
  );
  tracks.forEach((track, i) => attachGestures(track.surface, { ...gestures(i), signal }));
  acceptDrops(root, openFile, signal);
  signal.addEventListener("abort", () => player.stop());
  const refresh = followModel(host, TRAITS, show);

  function show(traits) {
    const sound = sources.find(traits.clip) ?? sources.first;
    const other = attempt(() => otherSound(sound, traits));
    const span = Math.max(sound.duration, other ? other.sound.duration * other.ratio : 0);
    const settings = fit(traits, sound, span);
    const part = selected(settings, sound.duration);
    now = { sound, settings, span, other, part };
    if (Math.min(mark.from, mark.to) !== settings.selection_start || Math.max(mark.from, mark.to) !== settings.selection_end)
      mark = { from: settings.selection_start, to: settings.selection_end };
    showControls();
    if (recorder.active) {
      tracks[0].title.hidden = false;
      return undefined;
    }
    drawTrack(0, sound, settings, 1);
    if (other) drawTrack(1, other.sound, fit(traits, other.sound, span), other.ratio);
    showLayers();
    return reading.textContent;
  }

  function showControls() {
    const { sound, settings, span, other, part } = now;
    const isChanged = settings.effect !== "none";
    clip.setOptions(sources.options());
    clip.set(sound.label);
    analysis.refresh(settings, sound);
    effects.refresh(settings, sound);
    compare.setOptions([["", "Nothing"], ["changed", "The changed sound"], ...sources.options().filter(([label]) => label !== sound.label)]);
    compare.set(other || settings.compare === "changed" ? settings.compare : "");
    playChanged.element.hidden = !isChanged;
    playOther.element.hidden = !other || settings.compare === "changed";
    tracks[0].title.hidden = !other;
    tracks[1].element.hidden = !other;
    root.classList.toggle("sbw-two", Boolean(other));
    const length = settings.view_end - settings.view_start;
    mover.element.hidden = length >= span - 1e-6;
    mover.setRange({ max: Math.max(0, span - length), step: Math.max(0.001, span / 1000) });
    mover.set(settings.view_start);
    zoomButtons[2].element.disabled = part.whole;
    zoomButtons[3].element.disabled = length >= span - 1e-6;
    python.set(pythonCell(sound, settings, part, { changed: isChanged }));
    reading.textContent = describePart(part, sound);
  }

  function drawTrack(i, sound, settings, ratio) {
    const [start, end] = [settings.view_start / ratio, settings.view_end / ratio];
    const matrices = analysers[i](sound, settings, { start, end });
    tracks[i].title.textContent = sound.label;
    tracks[i].canvas.setAttribute("aria-label", describeView(sound, settings, { start, end }));
    tracks[i].draw({ sound, settings, start, end, matrices });
  }

  function otherSound(sound, traits) {
    if (traits.compare !== "changed") {
      const other = sources.find(traits.compare);
      return other && { sound: other, ratio: 1 };
    }
    if (traits.effect === "none") return null;
    const key = JSON.stringify([sound.label, ...EFFECT.map((name) => traits[name])]);
    if (changed.key !== key || changed.source !== sound) {
      const { samples, sample_rate, label } = sound;
      const samplesNow = applyEffect(samples, traits, sample_rate);
      changed = { key, source: sound, sound: describeSound({ label: `${EFFECTS[traits.effect].title}: ${label}`, samples: samplesNow, sample_rate }) };
    }
    return { sound: changed.sound, ratio: tempo(traits) };
  }

  function showLayers() {
    if (!now || recorder.active) return;
    const { selection_start: start, selection_end: end } = now.settings;
    tracks.forEach((track, i) => {
      if (i === 1 && !now.other) return;
      const ratio = i === 1 ? now.other.ratio : 1;
      const isHere = cursor !== null && (now.settings.compare === "changed" || !now.other || (playing?.which === "other") === (i === 1));
      track.drawLayer({ cursor: isHere ? cursor / ratio : null, selection: start === null ? null : { start: start / ratio, end: end / ratio } });
    });
  }

  function gestures(i) {
    const ratio = () => (i === 1 ? now.other.ratio : 1);
    return {
      timeAt: (x) => tracks[i].timeAt(x) * ratio(),
      state: () => {
        const { view_start, view_end } = latest();
        return { start: view_start, end: view_end, ...mark, duration: now.span };
      },
      onSelect: (from, to) => {
        mark = { from, to };
        change({ selection_start: Math.min(from, to), selection_end: Math.max(from, to) });
      },
      onView: (centre, span) => change(viewAround(centre, span, now.span)),
      onClear: () => change({ selection_start: null, selection_end: null }),
      onPlay: () => toggle(i === 0 ? "original" : now.settings.compare === "changed" ? "changed" : "other"),
    };
  }

  function showSpan(factor) {
    const { view_start, view_end } = latest();
    const centre = (now.part.whole ? view_start + view_end : now.part.start + now.part.end) / 2;
    change(viewAround(centre, (view_end - view_start) * factor, now.span));
  }

  function moveView(start) {
    const length = now.settings.view_end - now.settings.view_start;
    change(viewAround(start + length / 2, length, now.span));
  }

  /** The selected part as it is ("original"), as it is heard ("changed"), of the other sound, or what is "taken" away. */
  function partOf(which) {
    const sound = which === "other" ? now.other.sound : now.sound;
    const { start, end, whole } = selected(now.settings, sound.duration);
    const samples = sound.samples.subarray(Math.round(start * sound.sample_rate), Math.round(end * sound.sample_rate));
    const isChanged = which === "changed" || (which === "taken" && now.settings.effect !== "none");
    const label = `${sound.label}${whole ? "" : ` ${start.toFixed(2)} to ${end.toFixed(2)} s`}${isChanged ? ` ${now.settings.effect}` : ""}`;
    return { label, start, sample_rate: sound.sample_rate, boost: sound.boost, samples: isChanged ? applyEffect(samples, now.settings, sound.sample_rate) : samples };
  }

  async function toggle(which) {
    const wasPlaying = playing?.which;
    player.stop();
    if (wasPlaying === which || recorder.active) return;
    try {
      const { samples, sample_rate, start, boost } = partOf(which);
      if (!samples.length) throw new AudioError("Nothing of this sound is selected. Press Escape on the picture to clear the selection.");
      playing = { which, start, rate: which === "changed" ? tempo(now.settings) : 1 };
      const heard = fadeEnds(amplified(samples, boost), { sample_rate, seconds: 0.005 });
      const mine = playing;
      showTransport();
      await player.play(heard, { sample_rate, onTime: (time) => mine === playing && moveCursor(mine.start + time * mine.rate), onEnd: () => mine === playing && ended() });
    } catch (error) {
      ended();
      showError(error);
    }
  }

  function moveCursor(time) {
    cursor = time;
    showLayers();
  }

  function ended() {
    playing = null;
    showTransport();
    moveCursor(null);
  }

  function showTransport() {
    for (const [which, control, label] of [["original", playButton, "Play"], ["changed", playChanged, "Play changed"], ["other", playOther, "Play the other"]])
      control.set(playing?.which === which ? { label: "Stop", icon: "stop" } : { label, icon: "play" });
  }

  function startRecording() {
    player.stop();
    status.show("Waiting for the microphone: the browser may ask whether this page may use it.");
    change({ compare: "" });
    root.classList.add("sbw-recording");
    tracks[0].title.hidden = false;
    tracks[0].title.textContent = "Recording. It stays in this page: nothing is sent or stored.";
    tracks[0].drawLayer({ cursor: null, selection: null });
  }

  function endRecording(samples, sample_rate, text, { error = false } = {}) {
    root.classList.remove("sbw-recording");
    const silent = samples.length > 0 && samples.every((sample) => Math.abs(sample) < 1e-4);
    const notice = silent ? "The microphone gave silence. It may be muted, or another one may be chosen in the system's settings." : "";
    status.show([text, notice].filter(Boolean).join(" "), { error });
    if (samples.length === 0) return refresh();
    const sound = sources.add("Recording", { samples, sample_rate });
    change({ clip: sound.label, ...NOWHERE });
    spoken.say(`${sound.label}, ${sound.duration.toFixed(1)} seconds. ${text}`);
    return refresh();
  }

  async function openFile(file) {
    if (recorder.active) return;
    status.show(`Opening ${file.name} …`);
    try {
      const decoded = await decodeFile(file);
      const sound = sources.add("File", decoded);
      change({ clip: sound.label, ...NOWHERE });
      status.show(describeConversion(decoded));
      spoken.say(`${file.name} is open. ${sound.duration.toFixed(1)} seconds. ${decoded.notice}`);
      refresh();
    } catch (error) {
      showError(error);
    }
  }

  async function save(make) {
    try {
      const file = await make();
      saveFile(file);
      status.show(`${file.name} is saved where this browser keeps its downloads.`);
    } catch (error) {
      showError(error);
    }
  }

  /** What `action` gives, or null and its error in the page. */
  function attempt(action) {
    try {
      return action();
    } catch (error) {
      showError(error);
      return null;
    }
  }

  function showError(error) {
    if (!(error instanceof AudioError || error instanceof RangeError)) console.error(error);
    status.show(error.message, { error: true });
  }
});

const NOWHERE = { view_start: 0, view_end: null, selection_start: null, selection_end: null };

function section(title, ...children) {
  return h("div", { className: "sbw-section", role: "group", "aria-label": title }, h("p", { className: "sbw-strong", textContent: title }), ...children);
}

function describePart({ start, end, whole }, { duration, sample_rate }) {
  if (whole) return `${fixed(duration)} s at ${sample_rate} Hz. ${HINT}`;
  return `Selected: ${fixed(start, 3)} to ${fixed(end, 3)} s, ${fixed(end - start, 3)} s long. Play, save and zoom take this part.`;
}

function describeView({ label, duration, sample_rate }, { n_fft, hop_length, n_mels, n_mfcc, top_db }, { start, end }) {
  return (
    `Waveform, spectrogram, mel spectrogram and MFCC of ${label}: ${fixed(start)} to ${fixed(end)} s of ${fixed(duration)} s, ` +
    `0 to ${sample_rate / 2} Hz; FFT of ${n_fft} points every ${hop_length} samples, ${n_mels} mel bands, ${n_mfcc} coefficients; ` +
    `levels from −${top_db} to 0 dB below the loudest.`
  );
}

function acceptDrops(root, onFile, signal) {
  root.addEventListener("dragover", (event) => event.preventDefault(), { signal });
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  }, { signal });
}
