// Runs the arithmetic of the teaching widgets, for the comparison with Python in tests/teaching.py.
// Input: [[name, ...arguments], ...]. Output: the results, in the same order. JSON has no infinities: they cross as null.

import { readFileSync } from "node:fs";
import { cause, detect, smooth } from "../src/widgets/alarm-tuner/detector.js";
import { rateInterval } from "../src/widgets/alarm-tuner/interval.js";
import { align, score, tokens } from "../src/widgets/alignment-explorer/alignment.js";
import { readShares } from "../src/arrays.js";
import { withProbability } from "../src/probabilities.js";
import { rowOf, summarise } from "../src/widgets/attention-map/weights.js";
import { rint, shrink } from "../src/widgets/compression-explorer/shrink.js";
import { correlate, pool } from "../src/widgets/convolution-stepper/convolution.js";
import { beamSearch, evaluate as evaluateCtc, greedy } from "../src/widgets/ctc-lattice/ctc.js";
import { design, emptyBands, SCALES, weightsAt } from "../src/widgets/filterbank-designer/scales.js";
import { select, toCsv } from "../src/widgets/filter-table/select.js";
import { run } from "../src/widgets/gate-stepper/cells.js";
import { walk } from "../src/widgets/loss-surface/optimisers.js";
import { SURFACES } from "../src/widgets/loss-surface/surfaces.js";
import { ACTIVATIONS, boundary, judge, weigh } from "../src/widgets/neuron-playground/unit.js";
import { evaluate } from "../src/widgets/softmax-explorer/softmax.js";
import { countPaths, nodesOf, probabilityOf, withMove } from "../src/widgets/transducer-lattice/path.js";
import { evaluate as evaluateTransducer, moves } from "../src/widgets/transducer-lattice/transducer.js";

const functions = {
  select: (rows, keys, wish) => select(rows, keys, wish),
  csv: toCsv,
  alarms: (values, settings, recording) => detect(smooth(values, settings.width), settings, recording),
  cause,
  rateInterval,
  align: (reference, hypothesis, unit) => {
    const result = align(tokens(reference, unit), tokens(hypothesis, unit));
    return { ...result, ...score(result) };
  },
  softmax: evaluate,
  outputs: (points, unit) => points.map((point) => ACTIVATIONS[unit.activation](weigh(point, unit))),
  judge,
  boundary,
  ctc: evaluateCtc,
  greedy,
  beam: beamSearch,
  withProbability,
  transducer: evaluateTransducer,
  transducerPath: (path, { probabilities, target, blank }) => probabilityOf(path, moves(probabilities, target, blank)),
  nodesOf,
  withMove: (path, steps, position, next) => withMove(path, steps, position, next),
  countPaths,
  attention: (shape, bytes, head, frame) => {
    const row = rowOf(readShares({ shape, values: new DataView(Uint8Array.from(bytes).buffer) }), head, frame);
    return { row: [...row], ...summarise(row) };
  },
  filterbank: (settings) => {
    const { edges, filters } = design(settings);
    const bins = settings.n_fft / 2 + 1;
    const columns = Array.from({ length: bins }, (_, bin) => weightsAt(filters, bin));
    return { edges: [...edges], columns, empty: emptyBands(filters) };
  },
  scale: (name, hz) => [SCALES[name].fromHz(hz), SCALES[name].toHz(SCALES[name].fromHz(hz))],
  shrink: (kernel, how) => [...shrink(kernel, how)],
  rint: (values) => values.map(rint),
  gates: run,
  walk,
  loss: (surface, ...place) => SURFACES[surface].loss(...place),
  minima: (surface) => SURFACES[surface].minima.map((place) => [place, SURFACES[surface].gradient(...place)]),
  correlate: (rows, kernel, stride) => toRows(correlate(fromRows(rows), kernel, stride)),
  pool: (rows, kind) => toRows(pool(fromRows(rows), kind)),
};

function fromRows(rows) {
  return { values: Float64Array.from(rows.flat()), rows: rows.length, columns: rows[0].length };
}

function toRows({ values, rows, columns }) {
  return Array.from({ length: rows }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);
}

const orders = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(orders.map(([name, ...values]) => functions[name](...values))));
