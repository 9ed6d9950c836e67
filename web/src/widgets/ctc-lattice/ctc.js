// Connectionist temporal classification for small matrices, in probabilities: `posteriors[t][k]` of class k in frame t.

/** Classes of the lattice's states: a blank before, between and after the labels. */
export function statesOf(target, blank) {
  return [blank, ...target.flatMap((label) => [label, blank])];
}

/** States from which `s` can be entered: itself, the one before, and over a blank between different labels. */
export function sources(states, s, blank) {
  const canSkip = s >= 2 && states[s] !== blank && states[s] !== states[s - 2];
  return [s, s - 1, ...(canSkip ? [s - 2] : [])].filter((source) => source >= 0);
}

/** States that `s` can go on to. */
export function successors(states, s, blank) {
  return states.map((_, next) => next).filter((next) => sources(states, next, blank).includes(s));
}

/** Entry [t][s]: probability of all beginnings of paths that end in frame t at state s. */
export function forward(posteriors, states, blank) {
  const lattice = [];
  posteriors.forEach((frame, t) => {
    lattice.push(
      states.map(
        (k, s) => frame[k] * (t === 0 ? Number(s < 2) : sum(sources(states, s, blank).map((source) => lattice[t - 1][source]))),
      ),
    );
  });
  return lattice;
}

/** Entry [t][s]: probability of all ends of paths that are at state s in frame t, that frame included. */
export function backward(posteriors, states, blank) {
  const turned = (list) => [...list].reverse();
  return turned(forward(turned(posteriors), turned(states), blank).map(turned));
}

/**
 * Lattices, total probability and loss of a target; `occupancy` [t][s] and `gradient` [t][k] with respect to the logits
 * are null if no path spells it.
 */
export function evaluate({ posteriors, target, blank }) {
  const states = statesOf(target, blank);
  const alpha = forward(posteriors, states, blank);
  const beta = backward(posteriors, states, blank);
  const total = sum(alpha.at(-1).slice(-2));
  const share = (t, s) => (alpha[t][s] === 0 ? 0 : (alpha[t][s] * beta[t][s]) / posteriors[t][states[s]] / total);
  const occupancy = total > 0 ? alpha.map((line, t) => line.map((_, s) => share(t, s))) : null;
  const gradient =
    occupancy && posteriors.map((frame, t) => frame.map((p, k) => p - sum(occupancy[t].filter((_, s) => states[s] === k))));
  return { states, alpha, beta, total, loss: -Math.log(total), occupancy, gradient };
}

/** The likeliest class of every frame, and what it reads. */
export function greedy(posteriors, blank) {
  const path = posteriors.map((frame) => frame.indexOf(Math.max(...frame)));
  return { path, labels: path.filter((k, t) => k !== blank && k !== path[t - 1]) };
}

/**
 * Prefix beam search: [{labels, probability}], the best first, at most `width`. The two `ends` of a prefix are the
 * log-probabilities of its paths that end in a blank and of the others.
 */
export function beamSearch(posteriors, { blank, width }) {
  let beam = [{ labels: [], ends: [0, -Infinity] }];
  for (const frame of posteriors) beam = best(grow(beam, frame.map(Math.log), blank), width);
  return beam.map(({ labels, ends }) => ({ labels, probability: Math.exp(logAdd(...ends)) }));
}

function grow(beam, scores, blank) {
  const grown = new Map();
  const entry = (labels) => {
    const key = labels.join();
    if (!grown.has(key)) grown.set(key, { labels, ends: [-Infinity, -Infinity] });
    return grown.get(key).ends;
  };
  for (const { labels, ends } of beam) {
    const total = logAdd(...ends);
    const last = labels.at(-1);
    const stay = entry(labels);
    stay[0] = total + scores[blank];
    if (labels.length) stay[1] = logAdd(stay[1], ends[1] + scores[last]);
    scores.forEach((score, k) => {
      const arriving = score + (k === last ? ends[0] : total);
      if (k === blank || arriving === -Infinity) return;
      const longer = entry([...labels, k]);
      longer[1] = logAdd(longer[1], arriving);
    });
  }
  return [...grown.values()];
}

function best(entries, width) {
  return entries.sort((a, b) => logAdd(...b.ends) - logAdd(...a.ends) || 0).slice(0, width);
}

function logAdd(a, b) {
  const [small, large] = a < b ? [a, b] : [b, a];
  return small === -Infinity ? large : large + Math.log1p(Math.exp(small - large));
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
