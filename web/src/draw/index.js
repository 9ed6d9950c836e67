// Drawing on canvases: colours, axes with units, signals.

export { drawColourBar, drawFrame, drawLeftAxis, drawTimeAxis, formatNumber, ticks } from "./axes.js";
export { fitCanvas, readTheme } from "./canvas.js";
export { COLOUR_MAPS, colourTable } from "./colormaps.js";
export { drawImageWithin, drawWaveform, levelsImage } from "./signals.js";
