"""Planted wrong answers for *Small devices*, each with a piece of the hint that it must get."""

import numpy as np


def rounded(kernel, bits, axis=0, top=None):
    step = np.abs(kernel).max(axis=axis, keepdims=True) / (top or 2 ** (bits - 1) - 1)
    return np.rint(kernel / step) * step


def without(kernel, order, share):
    pruned = np.array(kernel)
    pruned.flat[np.argsort(order, axis=None)[: round(share * kernel.size)]] = 0
    return pruned


def root(p, power):
    return p**power / (p**power).sum()


FIRST, SECOND, DENSE, LAST = 194_688, 10_616_832, 1_179_648, 1280

WRONG = {
    "devices-levels": [(16, "no partner"), (14, "zero itself"), (7, "largest"), (8, "sign"), (3, "steps of one")],
    "devices-adds": [
        (28 * 28 * 9 * 32 * 65 + 14 * 14 * 64 * 128 + LAST, "Without padding"),
        (FIRST + 24 * 24 * 9 * 64 + DENSE + LAST, "all 32 maps"),
        (9 * 32 + 9 * 32 * 64 + DENSE + LAST, "at every place"),
        (FIRST + SECOND + 24 * 24 * 64 * 128 + LAST, "after pooling"),
        (2 * (FIRST + SECOND + DENSE + LAST), "one operation"),
        (1_199_882, "number of parameters"),
        (5, "layer by layer"),
    ],
    "devices-gru": [
        (lambda s, i, u: s * 4 * u * (i + u), "LSTM"),
        (lambda s, i, u: s * u * (i + u), "plain recurrent"),
        (lambda s, i, u: 3 * u * (i + u), "one step"),
        (lambda s, i, u: s * 3 * u * i, "state is multiplied"),
        (lambda s, i, u: s * 3 * (u * (i + u) + u), "Biases"),
        (lambda s, i, u: 0, "should give"),
    ],
    "devices-quantise": [
        (lambda k, b: np.rint(k / (np.abs(k).max(axis=0) / (2 ** (b - 1) - 1))), "whole numbers"),
        (lambda k, b: rounded(k, b, axis=None), "One step for the whole"),
        (lambda k, b: rounded(k, b, axis=1), "One step a row"),
        (lambda k, b: rounded(k, b, top=2 ** (b - 1)), "with 4 bits 7"),
        (lambda k, b: k, "should give"),
    ],
    "devices-prune": [
        (lambda k, s: without(k, k, s), "magnitude"),
        (lambda k, s: without(k, -np.abs(k), s), "the largest"),
        (lambda k, s: without(k, np.abs(k), 1 - s), "share that stays"),
        (lambda k, s: np.where(np.abs(k) < s * np.abs(k).max(), 0, k), "threshold"),
        (0.5, "without calling"),
    ],
    "devices-rank": [(128, "nothing is saved"), (32, "a quarter"), (256, "full rank"), (7, "may not be exceeded")],
    "devices-sparse": [(2000, "where they belong"), (26_000, "bits"), (9250, "80 %"), (10_000, "before"), (1, "map")],
    "devices-soften": [
        (lambda p, t: p ** (1 / t), "add up to 1"),
        (lambda p, t: root(p, t), "sharpens"),
        (lambda p, t: np.exp(p / t) / np.exp(p / t).sum(), "scores"),
        (lambda p, t: p, "Nothing has changed"),
        (lambda p, t: 0 * p, "should give"),
    ],
}
