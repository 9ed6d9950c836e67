// The forward pass: one step after the other, each from values that are already there.

import { activate, add, concatenate, dense, dot, flatten, multiply, permute, reshape, softmax } from "./dense.js";
import { convolution, depthwiseConvolution } from "./convolution.js";
import { layerNormalization, scaleAndShift } from "./normalization.js";
import { averagePooling, globalAverage, globalMaximum, maxPooling } from "./pooling.js";
import { gru, lstm } from "./recurrent.js";

// Every kind of step: (inputs, settings with weights) => value. A value is {data: Float32Array, shape: [...]}, row by row.
export const STEPS = {
  Activation: ([x], { activation }) => activate(x, activation),
  Add: (inputs) => inputs.reduce(add),
  AveragePooling1D: ([x], step) => averagePooling(x, step),
  AveragePooling2D: ([x], step) => averagePooling(x, step),
  Concatenate: (inputs) => concatenate(inputs),
  Conv1D: ([x], step) => convolution(x, step),
  Conv2D: ([x], step) => convolution(x, step),
  Dense: ([x], step) => dense(x, step),
  DepthwiseConv1D: ([x], step) => depthwiseConvolution(x, step),
  DepthwiseConv2D: ([x], step) => depthwiseConvolution(x, step),
  Dot: ([a, b]) => dot(a, b),
  Flatten: ([x]) => flatten(x),
  GRU: ([x], step) => gru(x, step),
  GlobalAveragePooling: ([x]) => globalAverage(x),
  GlobalMaxPooling: ([x]) => globalMaximum(x),
  LSTM: ([x], step) => lstm(x, step),
  LayerNormalization: ([x], step) => layerNormalization(x, step),
  MaxPooling1D: ([x], step) => maxPooling(x, step),
  MaxPooling2D: ([x], step) => maxPooling(x, step),
  Multiply: (inputs) => inputs.reduce(multiply),
  Permute: ([x], { order }) => permute(x, order),
  Reshape: ([x], { shape }) => reshape(x, shape),
  ScaleAndShift: ([x], step) => scaleAndShift(x, step),
  Softmax: ([x], { axis }) => softmax(x, axis),
};

export class Network {
  #steps;

  /** From the header of a file, and its arrays [{data, shape}, ...]. */
  constructor(header, arrays) {
    Object.assign(this, { name: header.name, fingerprint: header.fingerprint, labels: header.labels, input_shape: header.input_shape });
    Object.assign(this, { front_end: header.front_end, threshold: header.decision?.threshold ?? 0, measured: header.measured });
    this.output = header.output;
    this.embedding = header.embedding;
    this.#steps = header.steps.map(({ weights, ...step }) => ({
      ...step,
      ...Object.fromEntries(Object.entries(weights).map(([name, place]) => [name, arrays[place]])),
    }));
  }

  /** {output, embedding}: what the network says of `data`, and what its last dense layer is told. Both Float32Array. */
  run(data, shape = this.input_shape) {
    const values = [{ data, shape }];
    const size = shape.reduce((product, n) => product * n, 1);
    if (size !== data.length) throw new RangeError(`The network takes ${shape.join(" × ")} numbers, but got ${data.length}.`);
    for (const step of this.#steps) values.push(STEPS[step.kind](step.inputs.map((place) => values[place]), step));
    return { output: values[this.output].data, embedding: values[this.embedding].data };
  }
}
