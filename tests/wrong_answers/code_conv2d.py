"""Planted wrong answers for *Article B's program*, each with a piece of the hint that it must get."""

import numpy as np


def hot(labels, n):
    return np.eye(n)[labels]


def flat(rows, columns, lost=4, maps=64):
    return (rows - lost) // 2 * ((columns - lost) // 2) * maps


def up(picture, bands):
    return np.vstack([np.zeros((bands, picture.shape[1])), picture[: len(picture) - bands]])


SETS = {"a": "training", "b": "validation", "c": "validation", "d": "test"}

WRONG = {
    "conv2d-one-hot": [
        (lambda labels, n: hot(labels, n).T, "axes are exchanged"),
        (lambda labels, n: 1 - hot(labels, n), "other way round"),
        (lambda labels, n: hot(labels, max(labels) + 1), "n_classes columns"),
        (lambda labels, n: hot(labels, n) * labels[:, None], "should be a 1"),
        (lambda labels, n: labels, "shape (4, 10)"),
        ([0, 1], "without calling it"),
    ],
    "conv2d-both-repairs": [
        ("trains", "not whole numbers"),
        ("TypeError", "another one"),
        ("it works", "does not train"),
        (3, "quotes"),
    ],
    "conv2d-flatten": [
        (lambda r, c: flat(r, c, maps=1), "64 maps are missing"),
        (lambda r, c: flat(r, c, maps=32), "not 32"),
        (lambda r, c: flat(r, c, lost=2), "two convolutions"),
        (lambda r, c: flat(r, c, lost=0), "n − 2 times"),
        (lambda r, c: -((4 - r) // 2) * -((4 - c) // 2) * 64, "round down"),
        (lambda r, c: (r - 4) * (c - 4) * 64, "halves both"),
        (lambda r, c: (r - 4) * (c - 4) // 2 * 64, "quarter"),
        (lambda r, c: 9216, "should give"),
    ],
    "conv2d-products": [
        (lambda r, c, i, o: r * c * 9 * i * o, "fewer places"),
        (lambda r, c, i, o: 9 * i * o, "every place"),
        (lambda r, c, i, o: (r - 2) * (c - 2) * 9 * o, "all n_in"),
        (lambda r, c, i, o: (r - 2) * (c - 2) * 9 * i, "there are n_out"),
        (lambda r, c, i, o: (r - 2) * (c - 2) * i * o, "nine weights"),
        (lambda r, c, i, o: (r - 2) * (c - 2) * 3 * i * o, "nine weights"),
        (lambda r, c, i, o: 10_616_832, "should give"),
    ],
    "conv2d-dense-share": [
        (98.3, "divide by 100"),
        (1_179_776, "divide by the 1,199,882"),
        (1290 / 1_199_882, "last layer"),
        (0.5, "9,216 · 128"),
        (10_616_832 / 11_992_448, "share of the work"),
        ("all", "number"),
    ],
    "conv2d-average-weights": [
        (20_106, "left out the dense layer"),
        (118_538, "one axis"),
        (1_199_882, "with Flatten"),
        (28_192, "biases"),
        (1_190_666, "reads 64 numbers"),
        (5, "320 + 18,496"),
    ],
    "conv2d-raise": [
        (lambda p, k: np.roll(p, k, axis=0), "np.roll"),
        (lambda p, k: up(p[::-1], k)[::-1], "larger row numbers"),
        (lambda p, k: up(p.T, k).T, "along time"),
        (lambda p, k: np.pad(p, ((k, 0), (0, 0))), "keep its size"),
        (lambda p, k: p, "should give"),
    ],
    "conv2d-three-sets": [
        (SETS | {"a": "test"}, "by nothing else"),
        (SETS | {"a": "validation"}, "(a) again"),
        (SETS | {"b": "test"}, "used up"),
        (SETS | {"b": "training"}, "more epochs always look better"),
        (SETS | {"c": "test"}, "innocence"),
        (SETS | {"d": "validation"}, "had no say"),
        (SETS | {"d": "all"}, "use one of"),
        ({"a": "training"}, "no answer for"),
        ("training", "dict"),
    ],
}
