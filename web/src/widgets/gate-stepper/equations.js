// The equations of one step, with its numbers.

import { fixed, formatNumber } from "../../numbers.js";

/** Lines [name, equation, numbers] of a step. */
export function equations(cell, step, parameters) {
  const { input_weight: w, recurrent_weight: u } = parameters;
  const { x, before } = step;
  const input = `${number(w)} · ${value(x)}`;
  const past = `${number(u)} · ${value(before.h)}`;
  const bias = (name) => number(parameters[name]);
  const result = (name) => ` = ${fixed(step[name], 3)}`;
  if (cell === "lstm")
    return [
      ["Forget gate", "f = σ(u h + b)", `σ(${past} + ${bias("forget_bias")})${result("f")}`],
      ["Input gate", "i = σ(w x + u h + b)", `σ(${input} + ${past} + ${bias("input_bias")})${result("i")}`],
      ["Output gate", "o = σ(u h + b)", `σ(${past} + ${bias("output_bias")})${result("o")}`],
      ["Candidate", "g = tanh(w x + u h)", `tanh(${input} + ${past})${result("g")}`],
      ["Cell", "c ← f c + i g", `${value(step.f)} · ${value(before.c)} + ${value(step.i)} · ${value(step.g)}${result("c")}`],
      ["Output", "h ← o tanh(c)", `${value(step.o)} · tanh(${value(step.c)})${result("h")}`],
    ];
  return [
    ["Update gate", "z = σ(−w x + u h + b)", `σ(−${input} + ${past} + ${bias("forget_bias")})${result("z")}`],
    ["Reset gate", "r = σ(u h + b)", `σ(${past} + ${bias("reset_bias")})${result("r")}`],
    ["Candidate", "g = tanh(w x + r u h)", `tanh(${input} + ${value(step.r)} · ${past})${result("g")}`],
    [
      "Output",
      "h ← z h + (1 − z) g",
      `${value(step.z)} · ${value(before.h)} + ${value(1 - step.z)} · ${value(step.g)}${result("h")}`,
    ],
  ];
}

/** How long the unit remembers, if the gate that keeps stays as it is at this step. */
export function memory(cell, step, frame_seconds) {
  const keep = cell === "lstm" ? step.f : step.z;
  const name = cell === "lstm" ? "forget" : "update";
  const frames = Math.log(0.5) / Math.log(keep);
  const rounded = (value) => formatNumber(Number(value.toPrecision(2)));
  const seconds = frame_seconds ? ` (${rounded(frames * frame_seconds)} s)` : "";
  if (!Number.isFinite(frames)) return `With the ${name} gate open to 1, nothing is ever forgotten.`;
  return `With the ${name} gate at ${fixed(keep, 3)}, half of the memory is gone after ${rounded(frames)} frames${seconds}.`;
}

function number(weight) {
  return weight < 0 ? `(${formatNumber(weight)})` : formatNumber(weight);
}

function value(result) {
  return number(Number(fixed(result, 3).replace("−", "-")));
}
