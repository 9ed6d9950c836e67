// The level of the last seconds, with the noise of the room, the threshold above it, and the words that were found.

import { createPicture, drawBottomAxis, drawFrame, drawLeftAxis, strokeLine, within } from "../../draw/index.js";
import { fixed } from "../../numbers.js";

const SECONDS = 4;
const FRAMES = SECONDS * 100;
const [LOW, HIGH] = [-80, 0];

export function createMeter() {
  const { canvas, draw } = createPicture("sbw-meter");
  const frames = []; // {level, threshold, speaking}

  function push({ level, threshold, speaking, event }) {
    frames.push({ level, threshold, speaking });
    if (event?.kind === "begin") for (const each of frames.slice(event.first - event.end)) each.speaking = true;
    if (frames.length > FRAMES) frames.shift();
  }

  function show({ margin, listening }) {
    const last = frames.at(-1);
    const state = listening && last ? `now ${fixed(last.level, 0)} dB, threshold ${fixed(last.threshold, 0)} dB` : "not listening";
    draw(`Level of the microphone over the last ${SECONDS} seconds, from ${LOW} to ${HIGH} dB: ${state}. Threshold ${margin} dB above the room's noise.`, paint);
  }

  function paint(context, { width, height, theme }) {
    const plot = { left: 60, top: 8, width: width - 72, height: height - 48 };
    const share = (level) => Math.min(1, Math.max(0, (level - LOW) / (HIGH - LOW)));
    const x = (i) => plot.left + plot.width * (1 - (frames.length - 1 - i) / FRAMES);
    const y = (level) => plot.top + plot.height * (1 - share(level));
    context.fillStyle = theme.surface;
    context.fillRect(plot.left, plot.top, plot.width, plot.height);
    within(context, plot, () => {
      const step = plot.width / FRAMES;
      frames.forEach(({ level, speaking }, i) => {
        context.fillStyle = speaking ? theme.wave : theme.line;
        context.fillRect(x(i) - step, y(level), step + 0.5, plot.top + plot.height - y(level));
      });
      strokeLine(context, frames.map(({ threshold }, i) => [x(i), y(threshold)]), { colour: theme.series[1], width: 2, dash: [6, 4] });
    });
    drawFrame(context, plot, theme);
    drawLeftAxis(context, plot, { values: [-80, -60, -40, -20, 0], position: share, theme, label: "Level (dB)" });
    drawBottomAxis(context, plot, { values: [-4, -3, -2, -1, 0], position: (time) => 1 + time / SECONDS, theme, label: "Time (s)" });
  }

  const clear = () => frames.splice(0);
  return { canvas, push, show, clear };
}
