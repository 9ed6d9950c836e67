// Perceptually uniform colour maps that colour-blind readers can use: viridis (Smith & van der Walt 2015), cividis
// (Nunez, Anderton & Renslow 2018) and plain grey. Each is given by colours at equal steps, with straight lines between.

const STOPS = {
  viridis: `
    440154 470d60 48186a 482374 472d7b 453781 424086 3e4989 3b528b 375b8d 33638d
    2f6b8e 2c728e 297a8e 26828e 23898e 21918c 1f988b 1fa088 22a785 28ae80 32b67a
    3fbc73 4ec36b 5ec962 70cf57 84d44b 98d83e addc30 c2df23 d8e219 ece51b fde725`,
  cividis: `
    00224e 00285b 002e6a 053371 1a386f 273e6e 32436d 3b496c 434e6c 4b546c 535a6d
    5a5f6e 61656f 686a71 6f7073 767676 7d7c78 848279 8c8878 938e78 9b9476 a39a74
    aba072 b4a76f bcae6c c4b468 cdbb63 d5c25e dec958 e7d150 f0d846 f9e03a fee838`,
  grey: "000000 ffffff",
};

export const COLOUR_MAPS = /* @__PURE__ */ Object.keys(STOPS); // so that bundles without colour maps leave them out

const tables = new Map();

/** 256 colours as a Uint8Array of red, green, blue triples. */
export function colourTable(name) {
  if (!(name in STOPS)) throw new RangeError(`colour map must be one of ${COLOUR_MAPS.join(", ")}, but is ${name}`);
  if (!tables.has(name)) tables.set(name, interpolate(STOPS[name].trim().split(/\s+/).map(rgb)));
  return tables.get(name);
}

/** 256 colours that pass through the given hexadecimal ones, such as "#ffffff", at equal steps. */
export function mixTable(colours) {
  return interpolate(colours.map((colour) => rgb(colour.slice(1))));
}

function rgb(hex) {
  return [0, 2, 4].map((start) => parseInt(hex.slice(start, start + 2), 16));
}

function interpolate(stops) {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const position = (i / 255) * (stops.length - 1);
    const left = Math.min(Math.floor(position), stops.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const [a, b] = [stops[left][channel], stops[left + 1][channel]];
      table[3 * i + channel] = Math.round(a + (position - left) * (b - a));
    }
  }
  return table;
}
