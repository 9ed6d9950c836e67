"""Planted wrong answers for *From a notebook to a program*, each with a piece of the hint that it must get."""

import hashlib

import numpy as np

WEIGHTS = 5 * 96 * 128

WRONG = {
    "ship-bytes": [
        (WEIGHTS, "weights alone"),
        (4 * WEIGHTS, "float32"),
        (4 * WEIGHTS + 512, "not four"),
        (WEIGHTS + 4 * WEIGHTS, "not one a weight"),
        (8 * WEIGHTS + 512, "one byte"),
        (7, "One byte for each"),
    ],
    "ship-intact": [
        (lambda content: 1, "every file"),
        (lambda content: 0, "no file"),
        (lambda content: int(hashlib.sha256(content).digest() == content[-32:]), "no file"),
        (lambda content: int(hashlib.md5(content[:-32]).digest() == content[-32:]), "no file"),
    ],
    "ship-differences": [
        (lambda a, b: sum(a[name] != b[name] for name in a if name in b), "only one of the two"),
        (lambda a, b: sum(a[name] != b.get(name) for name in a), "names of both"),
        (lambda a, b: sum(a.get(name) != b.get(name) for name in {**a, **b}), "None can be a value"),
        (lambda a, b: int(a != b), "in how many"),
        (lambda a, b: 7, "should give"),
    ],
    "ship-wait": [
        (40, "until the batch is full"),
        (200, "31 others"),
        (155, "computed, too"),
        (160, "32 gaps"),
        (1.25, "whole batch"),
        (3, "5 ms apart"),
    ],
    "ship-percentile": [
        (np.mean, "mean"),
        (np.max, "slowest of all"),
        (np.median, "median"),
        (lambda t: np.percentile(t, 95), "one that occurred"),
        (lambda t: t[int(np.ceil(0.95 * len(t))) - 1], "Sort"),
        (lambda t: np.sort(t)[min(len(t) - 1, int(0.95 * len(t)))], "places count from 0"),
    ],
    "ship-file": [
        (3, "set of words"),
        ({"weights", "optimiser"}, "train on"),
        ({"weights", "training clips"}, "Clips of people"),
        ({"weights", "seed"}, "repeats the training"),
        ({"weights", "music"}, "not in the list"),
        ({"weights", "labels"}, "3 more"),
    ],
    "ship-drift": [
        (lambda x, c, s: np.sqrt(np.mean(((x - c) / s) ** 2)), "one odd recording"),
        (lambda x, c, s: np.sqrt(np.mean((x.mean(axis=0) - c) ** 2)), "usual spread"),
        (lambda x, c, s: np.mean((x.mean(axis=0) - c) / s), "cancel"),
        (lambda x, c, s: np.mean(((x.mean(axis=0) - c) / s) ** 2), "root is missing"),
        (lambda x, c, s: np.sqrt(np.sum(((x.mean(axis=0) - c) / s) ** 2)), "grow by itself"),
    ],
}
