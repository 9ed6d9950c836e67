"""Planted wrong answers for *Who is speaking?*, each with a piece of the hint that it must get."""

import numpy as np

WRONG = {
    "who-door": [
        (2, "a list"),
        ([5], "a list"),
        ([1, 2], "in the rain who"),
        ([2], "still stands"),
        ([1, 2, 4], "let a stranger"),
    ],
    "who-cosine": [
        (lambda a, b: a @ b, "both lengths"),
        (lambda a, b: a @ b / np.linalg.norm(a), "other length"),
        (lambda a, b: 1 - a @ b / np.linalg.norm(a) / np.linalg.norm(b), "the distance"),
    ],
    "who-ignore": [("voice", "other way round"), ("microphone", "only this one"), ("pitch", "must not matter")],
    "who-trials": [(1800, "somebody else"), (300, "the others"), (750, "two trials"), (1250, "five others")],
    "who-rates": [
        (lambda same, others, threshold: (np.mean(same < threshold), np.mean(others >= threshold)), "First false"),
        (lambda same, others, threshold: (np.mean(others > threshold), np.mean(same <= threshold)), "just reaches"),
        (lambda same, others, threshold: (np.mean(others < threshold), np.mean(same >= threshold)), "count the errors"),
    ],
    "who-cost": [(0.0119, "always no"), (0.21, "Weigh"), (0.01202, "the cheaper"), (0.5, "misses")],
    "who-norm": [(2, "side of the test"), (3, "enrolled side"), (5, "not the sum"), (0.25, "deviations"), (1, "mean")],
    "who-stranger": [(0.01, "twenty"), (0.2, "coincide"), (0.8179, "refused"), (0.5, "all twenty")],
    "who-channel": [
        (lambda mfcc: mfcc - mfcc.mean(axis=0), "over time"),
        (lambda mfcc: mfcc - mfcc.mean(), "of its own"),
        (lambda mfcc: (mfcc - mfcc.mean(1, keepdims=True)) / mfcc.std(1, keepdims=True), "Only the mean"),
    ],
}
