"""Planted wrong answers for *Learning with few labels*, each with a piece of the hint that it must get."""

import numpy as np

WRONG = {
    "labels-share": [(20, "how many"), (1, "As a share"), (0.001, "each *digit*"), (0.5, "ten digits")],
    "labels-halved": [(0.07, "gain in accuracy"), (11 / 18, "*left*"), (7 / 82, "what was right"), (0.9, "before")],
    "labels-prototypes": [
        (lambda rows, labels: np.array([rows[labels == k].sum(0) for k in sorted(set(labels))]), "not the sum"),
        (lambda rows, labels: [rows[labels == k].mean(0) for k in dict.fromkeys(labels.tolist())], "sorted labels"),
        (lambda rows, labels: np.array([rows[list(labels).index(k)] for k in sorted(set(labels))]), "first example"),
        (lambda rows, labels: np.array([rows[labels == k].mean() for k in np.unique(labels)]), "axis 0"),
    ],
    "labels-dtw": [(3, "without any waiting"), (0, "has to lie"), (1 / 6, "dividing"), (2, "wait for 1 and 2")],
    "labels-margin": [(3, "Count from 0"), (0, "smaller margin"), (1, "two largest")],
    "labels-surer": [
        (lambda chances, share: np.argsort(chances.max(1))[: round(share * len(chances))], "least sure"),
        (lambda chances, share: np.flatnonzero(chances.max(1) >= share), "no threshold"),
        (lambda chances, share: sorted(np.argsort(-chances.max(1))[: round(share * len(chances))]), "surest first"),
        (lambda chances, share: np.argsort(-chances[:, 0])[: round(share * len(chances))], "any"),
    ],
    "labels-unseen-phone": [("N", "seven"), ("V", "not in"), ("S", "A phone such as")],
    "labels-precision": [(0.3, "errors in the whole"), (500, "how many"), (0.8, "Not the mean"), (0.7, "1,400")],
}
