"""Planted wrong answers for *Networks and training, question by question*, each with a piece of its hint."""

import numpy as np

SORTED = {"epoch": "count", "batch size": "setting", "Adam": "optimiser", "max pooling": "layer"}
SORTED |= {"cross-entropy": "loss", "GRU": "layer"}

WRONG = {
    "answers-frames": [(29, "One more"), (29.8, "tenths"), (2384, "samples"), (31, "rounded down"), (5, "by the hop")],
    "answers-updates": [(63, "one epoch"), (187.5, "round up"), (188, "first, then"), (186, "left over"), (1, "times")],
    "answers-poll": [(128, "ROOT"), (64, "1.4"), (8, "errs more"), (100, "square")],
    "answers-three": [
        ([0.9975, 0.9975], "add up to 1"),
        ([1 / 3, 1 / 3], "shares nothing"),
        ([0.5, 0.9], "among three"),
        ([1 / 3], "Two numbers"),
        (["a", "b"], "numbers"),
    ],
    "answers-half": [(34, "0.503"), (25, "multiply"), (50, "each time"), (7, "first n")],
    "answers-where": [
        (lambda y, s: int(np.argmax(np.correlate(y, s[::-1], "valid"))), "flips"),
        (lambda y, s: int(np.argmax(np.correlate(y, s, "same"))), "middle"),
        (lambda y, s: int(np.argmax(np.correlate(y, s, "full"))), "before the sound"),
        (lambda y, s: np.correlate(y, s, "valid").max(), "argmax"),
        (lambda y, s: int(np.correlate(y, s, "valid").argmin()), "worst"),
    ],
    "answers-kinds": [
        (SORTED | {"epoch": "setting"}, "counts passes"),
        (SORTED | {"batch size": "count"}, "chosen beforehand"),
        (SORTED | {"max pooling": "setting"}, "without weights"),
        (SORTED | {"GRU": "loss"}, "GRU again"),
        ({"epoch": "count"}, "no answer for"),
    ],
}
