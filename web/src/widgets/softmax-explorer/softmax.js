// From logits to probabilities, cross-entropy and its gradient.

/** `y`: the target, smoothed as Keras does it; `gradient`: of the loss with respect to the logits. In nats. */
export function evaluate({ logits, target, temperature, smoothing }) {
  const logP = logSoftmax(logits.map((z) => z / temperature));
  const p = logP.map(Math.exp);
  const y = logits.map((_, k) => (k === target ? 1 - smoothing : 0) + smoothing / logits.length);
  const sum = (terms) => terms.reduce((a, b) => a + b, 0);
  return {
    p,
    y,
    loss: -sum(y.map((share, k) => (share === 0 ? 0 : share * logP[k]))),
    entropy: -sum(p.map((share, k) => (share === 0 ? 0 : share * logP[k]))),
    gradient: p.map((share, k) => (share - y[k]) / temperature),
  };
}

function logSoftmax(scores) {
  const largest = Math.max(...scores);
  const total = Math.log(scores.reduce((sum, score) => sum + Math.exp(score - largest), 0));
  return scores.map((score) => score - largest - total);
}
