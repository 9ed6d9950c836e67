"""Planted wrong answers for *Lengths and directions*, each with a piece of the hint that it must get."""

import math

import numpy as np


def real(x, n, how):
    return np.stack([how(clip[:k], axis=0) for clip, k in zip(x, n, strict=True)])


def zeroed(x, n):
    return x * (np.arange(x.shape[1]) < n[:, None])[..., None]


def reverse(x, n, padding):
    return np.stack([np.concatenate([c[:k][::-1], padding(c[k:])]) for c, k in zip(x, n, strict=True)])


def wasted(lengths, size, *, rows=None):
    batches = [lengths[start : start + size] for start in range(0, len(lengths), size)]
    return 1 - sum(lengths) / sum((rows or len(batch)) * max(batch) for batch in batches)


def tail(a, b):
    return sum(math.comb(a + b, k) for k in range(min(a, b) + 1)) / 2 ** (a + b)


WHERE = {"a": "one", "b": "both", "c": "one", "d": "both"}

WRONG = {
    "lengths-last-state": [
        (lambda states, n: states[:, -1], "behind the padding"),
        (lambda states, n: states[np.arange(len(states)), np.minimum(n, states.shape[1] - 1)], "One step too far"),
        (lambda states, n: states[:, n - 1], "index for the clips"),
        (lambda states, n: states[:, 0], "first step"),
        (lambda states, n: real(states, n, np.mean), "mean of the real"),
        (lambda states, n: states, "should give"),
        (3, "without calling"),
    ],
    "lengths-masked-max": [
        (lambda x, n: x.max(axis=1), "padding takes part"),
        (lambda x, n: zeroed(x, n).max(axis=1), "zero in the padding"),
        (lambda x, n: np.maximum(0, real(x, n, np.max)), "zero beats"),
        (lambda x, n: real(x, n, np.max).max(axis=1), "each feature"),
        (lambda x, n: real(x, n, np.mean), "the mean"),
        (lambda x, n: x[:, 0], "should give"),
    ],
    "lengths-reverse": [
        (lambda x, n: x[:, ::-1], "padding to the front"),
        (lambda x, n: x[:, :, ::-1], "reverses the features"),
        (lambda x, n: x[::-1], "order of the clips"),
        (lambda x, n: reverse(x, n, np.zeros_like), "stay as it was"),
        (lambda x, n: x, "should give"),
    ],
    "lengths-left": [
        (0.95**70, "only 35 steps"),
        (0.95**140, "doubled it"),
        (1 - 0.95**35, "what is lost"),
        (0.95 * 35, "take a power"),
        (95**35 / 100**34, "divide by 100"),
        (0.5, "multiplies the cell"),
    ],
    "lengths-wasted-share": [
        (lambda n, size: 1 - wasted(n, size), "share of sound"),
        (lambda n, size: 1 - sum(n) / (len(n) * max(n)), "longest of all"),
        (lambda n, size: wasted(sorted(n), size), "sort the clips"),
        (lambda n, size: wasted(n, size, rows=size), "may be smaller"),
        (lambda n, size: wasted(n[: len(n) // size * size], size), "leave out the last"),
        (lambda n, size: np.mean([wasted(n[k : k + size], size) for k in range(0, len(n), size)]), "weighs short"),
        (lambda n, size: 0.5, "should give"),
    ],
    "lengths-bigru-weights": [
        (9408, "one direction"),
        (18_624, "reset_after"),
        (18_432, "biases are missing"),
        (25_088, "four blocks"),
        (24_832, "bidirectional LSTM"),
        (24_960, "one GRU of 64"),
        (1, "three blocks"),
    ],
    "lengths-coin-test": [
        (lambda a, b: min(1.0, 2 * tail(a, b)) / 2, "one-sided"),
        (tail, "one-sided"),
        (lambda a, b: 2 * tail(a, b), "above 1"),
        (lambda a, b: min(1.0, 2 * math.comb(a + b, min(a, b)) / 2 ** (a + b)), "exactly this split"),
        (lambda a, b: math.erfc(abs(a - b) / math.sqrt(2 * (a + b))) if a + b else 1.0, "chi-squared"),
        (lambda a, b: 0.05, "should give"),
    ],
    "lengths-directions": [
        (WHERE | {"a": "both"}, "(a) Captions"),
        (WHERE | {"b": "one"}, "(b) The whole film"),
        (WHERE | {"c": "both"}, "(c) A wake word"),
        (WHERE | {"d": "one"}, "(d) The whole recordings"),
        (WHERE | {"d": "three"}, "use one of"),
        ("one", "dict"),
    ],
}
