"""Planted wrong answers for *A network from scratch*, each with a piece of the hint that it must get."""

import numpy as np

ZERO = {"w1": False, "b1": False, "w2": False, "b2": True}


def kernel(x, upstream):
    return np.correlate(x, upstream, "valid")


def unpool(x, upstream):
    by_x = np.zeros(len(x))
    for group, slope in enumerate(upstream):
        by_x[2 * group + np.argmax(x[2 * group : 2 * group + 2])] = slope
    return by_x


def share(x, upstream, part):
    return np.append(part * np.repeat(upstream, 2), np.zeros(len(x) - 2 * len(upstream)))


def ties(x, upstream):
    pairs = x[: 2 * len(upstream)].reshape(-1, 2)
    return np.append(
        ((pairs == pairs.max(axis=1, keepdims=True)) * upstream[:, None]).ravel(), np.zeros(len(x) - pairs.size)
    )


def cell(**changed):
    def backward(by_h, c0, i, f, g, o):
        c = f * c0 + i * g
        by_c = by_h * o * (1 - np.tanh(c) ** 2)
        right = {"c0": by_c * f, "i": by_c * g, "f": by_c * c0, "g": by_c * i, "o": by_h * np.tanh(c)}
        here = {"d": by_h, "c0": c0, "i": i, "f": f, "g": g, "o": o, "c": c, "by_c": by_c}
        return tuple(changed[name](here) if name in changed else value for name, value in right.items())

    return backward


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


WRONG = {
    "scratch-frames": [
        (15, "pooling leaves"),
        (30, "first convolution leaves"),
        (14, "15 − 3 + 1"),
        (12, "15 − 3 + 1"),
        (28, "moves by 2"),
        (64, "No layer pads"),
        (16, "need room"),
        (5, "Follow the frames"),
    ],
    "scratch-updates": [
        (169, "one epoch"),
        (1680, "12 clips over"),
        (168, "last 12 clips"),
        (1687.5, "whole batches"),
        (27_000, "counts clips"),
        (43_200, "divide"),
        (10, "rounded up"),
    ],
    "scratch-kernel": [
        (lambda x, u: kernel(x, u)[::-1], "LATER"),
        (lambda x, u: np.convolve(x, u, "valid"), "both run forward"),
        (lambda x, u: kernel(x, u) / len(u), "mean over the places"),
        (lambda x, u: x[: len(x) - len(u) + 1] * u[0], "one place only"),
        (lambda x, u: np.convolve(x, u), "One value for each row"),
        (lambda x, u: x, "shape"),
        (lambda x, u: x * u, "stopped with ValueError"),
    ],
    "scratch-unpool": [
        (ties, "only ONE"),
        (lambda x, u: share(x, u, 0.5), "average pooling"),
        (lambda x, u: share(x, u, 1.0), "Both of a pair"),
        (lambda x, u: unpool(x, [x[2 * i : 2 * i + 2].max() for i in range(len(u))]), "maximum itself"),
        (lambda x, u: unpool(x[: 2 * len(u)], u), "as long as x"),
        (lambda x, u: unpool(-x, u), "not to the smaller"),
        (lambda x, u: u, "shape"),
    ],
    "scratch-cell": [
        (cell(c0=lambda v: v["d"] * v["o"] * v["f"]), "slope of tanh is missing"),
        (cell(c0=lambda v: v["by_c"]), "lets through f"),
        (cell(c0=lambda v: v["d"] * v["f"]), "from h to c"),
        (cell(i=lambda v: v["by_c"] * v["i"]), "changes by g"),
        (cell(i=lambda v: v["by_c"] * v["g"] * v["i"] * (1 - v["i"])), "by i: derivatives by the gates' values"),
        (cell(f=lambda v: v["by_c"] * v["f"]), "changes by c₀"),
        (cell(f=lambda v: v["by_c"] * v["c0"] * v["f"] * (1 - v["f"])), "by f: derivatives by the gates' values"),
        (cell(f=lambda v: v["by_c"] * v["c"]), "OLD cell"),
        (cell(g=lambda v: v["by_c"] * v["g"]), "changes by i"),
        (cell(g=lambda v: v["by_c"] * v["i"] * (1 - v["g"] ** 2)), "by g: derivatives by the gates' values"),
        (cell(o=lambda v: v["by_c"]), "o multiplies tanh(c)"),
        (cell(o=lambda v: v["d"] * v["c"]), "not c"),
        (cell(o=lambda v: v["d"] * np.tanh(v["c"]) * v["o"] * (1 - v["o"])), "by o: derivatives by the gates' values"),
        (cell(o=lambda v: v["d"]), "numbers are not right"),
        (lambda by_h, c0, i, f, g, o: by_h, "5 things"),
    ],
    "scratch-forget": [
        (45.0, "adds"),
        (0.1**50, "what stays"),
        (1 - 0.9**50, "been lost"),
        (0.9**49, "short"),
        (0.9**51, "too many"),
        (0.018, "50 times"),
        (0.5, "fifty times"),
    ],
    "scratch-zero": [
        (ZERO | {"w1": True}, "passes through W²"),
        (ZERO | {"b1": True}, "passes through W²"),
        (ZERO | {"w2": True}, "tanh(0)"),
        (ZERO | {"b2": False}, "sum of p − y"),
        (ZERO | {"b2": 1}, "use one of"),
        ({"w1": False}, "no answer for"),
        (["b2"], "a dict"),
    ],
    "scratch-softplus": [
        (lambda u, z: u * np.exp(np.minimum(z, 800)) / (1 + np.exp(np.minimum(z, 800))), "is nan"),
        (lambda u, z: sigmoid(z), "has to multiply it"),
        (lambda u, z: u * (z > 0), "ReLU's slope"),
        (lambda u, z: u * np.logaddexp(0, z), "softplus itself"),
        (lambda u, z: u * sigmoid(z) * (1 - sigmoid(z)), "slope of the sigmoid"),
        (lambda u, z: u * sigmoid(-z), "sign of z"),
        (lambda u, z: u * np.tanh(z), "should give"),
    ],
}
