// Picking a time and a frequency on the picture: click, tap, drag, arrow keys.

import { h } from "../../controls.js";
import { followPointer } from "../../pointer.js";

const KEYS = "Arrow keys move the cross (with Shift further), Home and End go to the ends, Enter plays the band.";

/**
 * Make `surface` pickable. `position({x, y})` gives {time, frequency}; `onPick(point)` is told every move,
 * `onMove({time, frequency})` steps of the keyboard (in steps, not seconds), `onPlay()` that the band shall sound.
 */
export function attachPicker(surface, { position, onPick, onMove, onEdge, onPlay, signal }) {
  const help = h("span", { className: "sbw-hidden", id: `${surface.id}-help`, textContent: KEYS });
  surface.append(help);
  Object.assign(surface, { tabIndex: 0, role: "application" });
  surface.setAttribute("aria-label", "Pick a time and a frequency");
  surface.setAttribute("aria-describedby", help.id);
  surface.dataset.lmSuppressShortcuts = "true";

  followPointer(surface, (point) => onPick(position(point)), { signal, onEnd: onPlay });

  const moves = {
    ArrowLeft: { time: -1, frequency: 0 },
    ArrowRight: { time: 1, frequency: 0 },
    ArrowUp: { time: 0, frequency: 1 },
    ArrowDown: { time: 0, frequency: -1 },
  };
  surface.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const factor = event.shiftKey ? 10 : 1;
    const move = moves[event.key];
    if (move) onMove({ time: factor * move.time, frequency: factor * move.frequency });
    else if (event.key === "Home" || event.key === "End") onEdge(event.key === "Home" ? 0 : 1);
    else if (event.key === "Enter" || event.key === " ") onPlay();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal });
}
