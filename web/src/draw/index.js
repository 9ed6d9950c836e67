// Drawing on canvases: colours, axes with units, signals.

export { formatNumber } from "../numbers.js";
export { drawAxes, drawBottomAxis, drawColourBar, drawFrame, drawFrameAxis, drawLeftAxis, drawTimeAxis, scales, ticks } from "./axes.js";
export { createPicture, fitCanvas, readTheme } from "./canvas.js";
export { COLOUR_MAPS, colourTable, mixTable } from "./colormaps.js";
export { drawNode, tinyNumber } from "./nodes.js";
export { drawDiamond, drawDot, strokeLine, strokeUpright, within } from "./shapes.js";
export { drawImageWithin, drawWaveform, levelsImage, matrixImage } from "./signals.js";
