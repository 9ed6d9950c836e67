// A path, told by the step at which it writes each label: [1, 3] writes the first at step 1 and the second at step 3.

/** Nodes {t, u, writes} in the order in which the path leaves them, by the next label or by a blank. */
export function nodesOf(path, steps) {
  const nodes = [];
  for (let [t, u] = [0, 0]; t < steps; ) {
    const writes = path[u] === t;
    nodes.push({ t, u, writes });
    if (writes) u++;
    else t++;
  }
  return nodes;
}

/** Where the path stands after `position` moves; after the last blank it stays at the last node. */
export function nodeAt(path, steps, position) {
  const nodes = nodesOf(path, steps);
  return nodes[Math.min(position, nodes.length - 1)];
}

/** The path led through the node {t, u}, and left as it is where that is possible. */
export function through(path, { t, u }) {
  return path.map((step, i) => (i < u ? Math.min(step, t) : Math.max(step, t)));
}

/** The path with a blank, or the next label, as its next move; null if there is no such move. */
export function withMove(path, steps, position, { writes }) {
  if (position >= steps + path.length) return null;
  const { t, u } = nodeAt(path, steps, position);
  if (writes) return u < path.length ? through(path, { t, u: u + 1 }) : null;
  if (t + 1 < steps) return through(path, { t: t + 1, u });
  return u === path.length ? path : null;
}

/** Probability of the path's first `count` moves. */
export function probabilityOf(path, { goOn, write }, count = Infinity) {
  return nodesOf(path, goOn.length)
    .slice(0, count)
    .reduce((product, { t, u, writes }) => product * (writes ? write : goOn)[t][u], 1);
}

/** How many paths a lattice has: all blanks and labels in any order, a blank at the end. */
export function countPaths(steps, labels) {
  let count = 1;
  for (let i = 1; i <= labels; i++) count = (count * (steps - 1 + i)) / i;
  return count;
}
