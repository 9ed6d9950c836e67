"""Planted wrong answers for *Regularisation and normalisation*, each with a piece of the hint that it must get."""

import numpy as np

SORTED = {"dropout": "regularises", "batch norm": "normalises", "L1": "regularises"}
SORTED |= {"layer norm": "normalises", "label smoothing": "regularises", "dividing by 255": "normalises"}


def soft(w, amount):
    return np.sign(w) * np.maximum(np.abs(w) - amount, 0)


def norm(x, gamma, beta, axis=1, power=0.5):
    variance = x.var(axis=axis, keepdims=True)
    return gamma * (x - x.mean(axis=axis, keepdims=True)) / (variance + 1e-3) ** power + beta


WRONG = {
    "reg-survivors": [
        (5, "fifth is dropped"),
        (0.8, "GROW"),
        (0.2, "share that is dropped"),
        (1.2, "0.96"),
        (2, "rate of 0.5"),
        (7, "add up"),
    ],
    "reg-dropout": [
        (lambda x, d, r: np.where(d < r, 0, x), "divide by 1"),
        (lambda x, d, r: np.where(d < r, x, 0) / (1 - r), "BELOW"),
        (lambda x, d, r: np.where(d < r, 0, x) * (1 - r), "you multiplied"),
        (lambda x, d, r: np.where(d < r, 0, x) / np.mean(d >= r), "happened to survive"),
        (lambda x, d, r: (d >= r) / (1 - r), "That is the mask"),
        (lambda x, d, r: x, "should give"),
    ],
    "reg-smooth": [
        ([0.9, 0.1], "among ten"),
        ([0.9, 0.01], "back"),
        ((0.9, 0.1 / 9), "nine wrong"),
        ([0.01, 0.91], "first"),
        ([1, 0], "one-hot"),
        ([0.5, 0.5], "for every other"),
        (0.91, "Two numbers"),
        (["a", "b"], "Two numbers"),
    ],
    "reg-shrink": [
        (lambda w, r, a, b: w - r * b * w - r * a * np.sign(w), "run past 0"),
        (lambda w, r, a, b: soft(w - r * b * w, a), "to the L1 step"),
        (lambda w, r, a, b: soft(w - b * w, r * a), "to the L2 step"),
        (lambda w, r, a, b: soft(w - b * w, a), "Both steps"),
        (lambda w, r, a, b: (1 - r * b) * soft(w, r * a), "order"),
        (lambda w, r, a, b: soft(w - 2 * r * b * w, r * a), "factor ½"),
        (lambda w, r, a, b: w - r * b * w, "step of L1 is missing"),
        (lambda w, r, a, b: soft(w, r * a), "step of L2 is missing"),
    ],
    "reg-spread": [
        (2 / 128, "variance"),
        (128**-0.5, "LINEAR"),
        ((2 / 160) ** 0.5, "Glorot"),
        (0.25, "number of units"),
        ((6 / 128) ** 0.5, "LIMIT"),
        (3, "2 divided"),
    ],
    "reg-count": [
        ([64, 64], "Two of each kind"),
        ([128, 0], "kept as well"),
        ([256, 0], "only two"),
        ([2, 2], "There are 64"),
        ([128, 64], "moving variance"),
        ([1, 1], "Per channel"),
        (256, "Two numbers"),
    ],
    "reg-layer": [
        (lambda x, g, b: norm(x, g, b, axis=0), "BATCH"),
        (lambda x, g, b: norm(x, g, b, axis=None), "whole array"),
        (lambda x, g, b: norm(x, g, b, power=1), "ROOT"),
        (lambda x, g, b: norm(x, 1, 0), "missing"),
        (lambda x, g, b: g * (norm(x, 1, 0) + b), "Scale first"),
        (lambda x, g, b: g * (x - x.mean(1, keepdims=True)) / (x.std(1, keepdims=True) + 1e-3) + b, "before the root"),
        (lambda x, g, b: x, "should give"),
    ],
    "reg-sort": [
        (SORTED | {"batch norm": "regularises"}, "article A"),
        (SORTED | {"layer norm": "regularises"}, "no noise"),
        (SORTED | {"dropout": "normalises"}, "disturbs"),
        (SORTED | {"dividing by 255": "regularises"}, "scale of the inputs"),
        (SORTED | {"L1": "both"}, "use one of"),
        ({"L1": "regularises"}, "no answer for"),
        ("normalises", "a dict"),
    ],
}
