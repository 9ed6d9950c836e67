// The lattice of a transducer, in probabilities: `probabilities[t][u][k]` of class k at step t, after u labels.

/** What may be done at each node [t][u]: the blank, which goes on to t + 1, and the next label, which goes up to u + 1. */
export function moves(probabilities, target, blank) {
  const each = (choose) => probabilities.map((rows) => rows.map(choose));
  return { goOn: each((node) => node[blank]), write: each((node, u) => (u < target.length ? node[target[u]] : 0)) };
}

/** Entry [t][u]: probability of all beginnings of paths that come to step t with u labels written. */
export function forward({ goOn, write }) {
  const alpha = [];
  goOn.forEach((rows, t) => {
    alpha.push([]);
    rows.forEach((_, u) => {
      const waited = t > 0 ? alpha[t - 1][u] * goOn[t - 1][u] : Number(u === 0);
      alpha[t].push(u > 0 ? waited + alpha[t][u - 1] * write[t][u - 1] : waited);
    });
  });
  return alpha;
}

/** Entry [t][u]: probability of all ends of paths from step t on, with u labels written. */
export function backward({ goOn, write }) {
  const last = goOn.length - 1;
  const beta = goOn.map((rows) => rows.map(() => 0));
  for (let t = last; t >= 0; t--) {
    for (let u = goOn[t].length - 1; u >= 0; u--) {
      const after = t < last ? beta[t + 1][u] : Number(u === goOn[t].length - 1);
      beta[t][u] = goOn[t][u] * after + (u + 1 < goOn[t].length ? write[t][u] * beta[t][u + 1] : 0);
    }
  }
  return beta;
}

/**
 * Lattices, total probability, loss and likeliest path. `occupation`, how likely the paths take each move ({goOn, write,
 * nodes}), and `gradient` [t][u][k] with respect to the logits are null if no path writes the target, as `best` is.
 */
export function evaluate({ probabilities, target, blank }) {
  const can = moves(probabilities, target, blank);
  const [alpha, beta] = [forward(can), backward(can)];
  const total = beta[0][0];
  const occupation = total > 0 ? occupy(can, alpha, beta) : null;
  const gradient =
    occupation &&
    probabilities.map((rows, t) =>
      rows.map((node, u) =>
        node.map(
          (p, k) =>
            p * occupation.nodes[t][u] -
            (k === blank ? occupation.goOn[t][u] : 0) -
            (k === target[u] ? occupation.write[t][u] : 0),
        ),
      ),
    );
  return { alpha, beta, total, loss: -Math.log(total), occupation, gradient, best: total > 0 ? likeliest(can) : null };
}

function occupy({ goOn, write }, alpha, beta) {
  const top = goOn[0].length - 1;
  const after = (t, u) => (t + 1 < goOn.length ? beta[t + 1][u] : Number(u === top));
  const each = (share) => alpha.map((line, t) => line.map((value, u) => (value * share(t, u)) / beta[0][0]));
  return {
    goOn: each((t, u) => goOn[t][u] * after(t, u)),
    write: each((t, u) => (u < top ? write[t][u] * beta[t][u + 1] : 0)),
    nodes: each((t, u) => beta[t][u]),
  };
}

/** Step at which each label is written on the likeliest path; of equally likely ones, on that which writes earlier. */
function likeliest({ goOn, write }) {
  const scores = [];
  const wrote = [];
  goOn.forEach((rows, t) => {
    scores.push([]);
    wrote.push([]);
    rows.forEach((_, u) => {
      const waited = t > 0 ? scores[t - 1][u] + Math.log(goOn[t - 1][u]) : u === 0 ? 0 : -Infinity;
      const spoke = u > 0 ? scores[t][u - 1] + Math.log(write[t][u - 1]) : -Infinity;
      scores[t].push(Math.max(waited, spoke));
      wrote[t].push(spoke > waited);
    });
  });
  const path = [];
  for (let [t, u] = [goOn.length - 1, goOn[0].length - 1]; u > 0; ) {
    if (wrote[t][u]) path[--u] = t;
    else t--;
  }
  return path;
}
