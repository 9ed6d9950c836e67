// Runs what the voice teacher and the listening ladder compute on what tests/test_voice_teacher.py and
// tests/test_listening_ladder.py send. Input: a list of {name, ...arguments}. Output: the results, in the same order.

import { readFileSync } from "node:fs";
import { addNoise, equallyLoud, hearable, vocode } from "../src/widgets/listening-ladder/conditions.js";
import { chanceOf, planTrials, uniformNumbers, wilson } from "../src/widgets/listening-ladder/trials.js";
import { prototype, recogniseWord } from "../src/widgets/voice-teacher/prototypes.js";

const COMPUTE = {
  prototypes: ({ examples }) => examples.map((each) => [...prototype(each)]),
  recognise: ({ embeddings, prototypes, max_distance }) => embeddings.map((each) => recogniseWord(each, prototypes, max_distance)),
  wilson: ({ pairs }) => pairs.map(([right, n]) => wilson(right, n)),
  chance: ({ pairs }) => pairs.map(([one, other]) => chanceOf(one, other)),
  plan: ({ seed, ...how }) => planTrials({ ...how, random: uniformNumbers(seed) }),
  noise: ({ y, snr_db, ...how }) => [...addNoise(Float32Array.from(y), snr_db, how)],
  vocode: ({ y, count, ...how }) => [...vocode(Float32Array.from(y), count, how)],
  loud: ({ y, sample_rate }) => [...equallyLoud(Float32Array.from(y), sample_rate)],
  hearable: ({ y, test, rung, ...how }) => [...hearable(Float32Array.from(y), test, rung, how)],
};

const orders = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(orders.map(({ name, ...rest }) => COMPUTE[name](rest))));
