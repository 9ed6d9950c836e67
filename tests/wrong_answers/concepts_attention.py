"""Planted wrong answers for *Attention and today's encoders*, each with a piece of the hint that it must get."""

import numpy as np

ORDER = {"outputs": "shuffled alike", "mean": "unchanged", "mean with codes": "changed"}


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def attend(q, k, v, allowed, root=0.5, forbidden=-1e300, axis=-1):
    return softmax(np.where(allowed, q @ k.T / q.shape[1] ** root, forbidden), axis) @ v


def plain(q, k, v, allowed):
    e = np.exp(np.where(allowed, q @ k.T / np.sqrt(q.shape[1]), -np.inf))
    return e / e.sum(axis=1, keepdims=True) @ v


def chunks(n, chunk, left):
    number = np.arange(n) // chunk
    back = number[:, None] - number[None, :]
    return (back >= 0) & (back <= left)


def glu(x, axis=-1):
    value, gate = np.split(x, 2, axis=axis)
    return value / (1 + np.exp(-gate))


WRONG = {
    "attention-weights": [
        (16_384, "a bias as well"),
        (12_480, "A fourth matrix"),
        (6560, "the layer of the chapter"),
        (4160, "How many are there"),
        (4304, "one head"),
        (64, "Four matrices"),
    ],
    "attention-cost": [
        (10, "ten times as many keys"),
        (1_000_000, "number of pairs"),
        (990_000, "difference"),
        (20, "multiply"),
        (1000, "divide the new number"),
    ],
    "attention-masked": [
        (lambda q, k, v, a: attend(q, k, v, a | True), "no effect"),
        (lambda q, k, v, a: attend(q, k, v, a, forbidden=0), "still gets a weight"),
        (lambda q, k, v, a: (softmax(q @ k.T / np.sqrt(q.shape[1])) * a) @ v, "after softmax"),
        (plain, "overflows"),
        (lambda q, k, v, a: attend(q, k, v, a, root=0), "is missing"),
        (lambda q, k, v, a: attend(q, k, v, a, root=1), "ROOT"),
        (lambda q, k, v, a: attend(q, k, v, ~a), "turned round"),
        (lambda q, k, v, a: attend(q, k, v, a, axis=0), "along the keys"),
        (lambda q, k, v, a: q @ k.T, "should give"),
    ],
    "attention-chunks": [
        (lambda n, c, left: chunks(n, c, left).T, "see the future"),
        (lambda n, c, left: chunks(n, c, n), "not at all of the past"),
        (lambda n, c, left: chunks(n, c, 0), "own chunk only"),
        (lambda n, c, left: chunks(n, c, left) & np.tri(n, dtype=bool), "look AHEAD"),
        (lambda n, c, left: np.tri(n), "causal mask"),
        (lambda n, c, left: np.ones((n, n)), "should give"),
        (lambda n, c, left: "mask", "should give numbers"),
        (np.ones((8, 8)), "Pass the function itself"),
    ],
    "attention-pool": [
        (lambda x, s, n: softmax(s) @ x, "padding gets weight"),
        (lambda x, s, n: softmax(s)[:n] @ x[:n], "BEFORE softmax"),
        (lambda x, s, n: x[:n].mean(axis=0), "plain mean"),
        (lambda x, s, n: s[:n] @ x[:n], "no weights yet"),
        (lambda x, s, n: np.exp(s[:n]) / np.exp(s[:n]).sum() @ x[:n], "overflows"),
        (lambda x, s, n: (softmax(s[:n])[:, None] * x[:n]).mean(axis=0), "SUM"),
    ],
    "attention-glu": [
        (lambda x: glu(np.roll(x, x.shape[-1] // 2, axis=-1)), "SECOND half"),
        (lambda x: glu(x, axis=0), "LAST axis"),
        (lambda x: x[..., : x.shape[-1] // 2] * x[..., x.shape[-1] // 2 :], "through a sigmoid"),
        (lambda x: x / (1 + np.exp(-x)), "SiLU"),
        (lambda x: x[..., : x.shape[-1] // 2] * np.tanh(x[..., x.shape[-1] // 2 :]), "not tanh"),
        (lambda x: x[..., ::2] / (1 + np.exp(-x[..., 1::2])), "Halves"),
    ],
    "attention-order": [
        (ORDER | {"outputs": "unchanged"}, "another row"),
        (ORDER | {"outputs": "changed"}, "same set of keys"),
        (ORDER | {"mean": "changed"}, "another order"),
        (ORDER | {"mean": "shuffled alike"}, "no order"),
        (ORDER | {"mean with codes": "unchanged"}, "not its own"),
        (ORDER | {"mean": 0}, "use one of"),
    ],
    "attention-memory": [
        (144, "one head"),
        (288, "4 bytes"),
        (36, "in millions"),
        (1_152_000_000, "Right in bytes"),
        (1.152, "gigabytes"),
        (0.192, "6,000 times 6,000"),
        (7, "every pair"),
    ],
}
