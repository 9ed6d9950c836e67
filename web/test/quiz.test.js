import assert from "node:assert/strict";
import { test } from "node:test";
import { parseText } from "../src/widgets/quiz/text.js";

test("code and maths are set apart, everything else stays text", () => {
  assert.deepEqual(parseText("use `n_fft`, so $x^2$ <b>"), [
    { kind: "text", text: "use " },
    { kind: "code", text: "n_fft" },
    { kind: "text", text: ", so " },
    { kind: "maths", text: "x^2" },
    { kind: "text", text: " <b>" },
  ]);
});

test("single marks are ordinary signs", () => {
  assert.deepEqual(parseText("5 $ and 6 $ are ` prices"), [{ kind: "text", text: "5 $ and 6 $ are ` prices" }]);
  assert.deepEqual(parseText("$"), [{ kind: "text", text: "$" }]);
});
