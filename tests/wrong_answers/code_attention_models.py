"""Planted wrong answers for *Listen, look and write*, each with a piece of the hint that it must get."""

import numpy as np


def shares(scores):
    e = np.exp(scores - scores.max())
    return e / e.sum()


RIGHT_ERRORS = {
    "lost place": "attention",
    "endless answer": "attention",
    "word for a cough": "either",
    "one symbol a moment": "CTC",
}

WRONG = {
    "spell-looks": [(13, "One more look"), (4, "writes letters"), (11, "Spaces are symbols"), (20, "how it stops")],
    "spell-additive": [
        (lambda q, labels, values, v: shares((q + labels) @ v) @ values, "tanh"),
        (lambda q, labels, values, v: (np.tanh(q + labels) @ v) @ values, "Softmax"),
        (lambda q, labels, values, v: shares(np.tanh(q + labels) @ v) @ labels, "mean of the values"),
    ],
    "spell-given": [
        (lambda labels: np.array([*labels, 0]), "WRITTEN"),
        (lambda labels: np.array([0, *labels[:-1]]), "end must be predicted"),
        (lambda labels: np.array(labels), "Before the first"),
    ],
    "spell-back": [
        (lambda weights: int((np.diff(np.argmax(weights, axis=1)) < 0).sum()), "maxima"),
        (lambda weights: int((np.diff(weights @ np.arange(weights.shape[1])) >= 0).sum()), "forward"),
    ],
    "spell-errors": [
        ({**RIGHT_ERRORS, "lost place": "CTC"}, "left to right"),
        ({**RIGHT_ERRORS, "endless answer": "either"}, "no such limit"),
        ({**RIGHT_ERRORS, "one symbol a moment": "attention"}, "one symbol an output"),
        ({**RIGHT_ERRORS, "word for a cough": "CTC"}, "Think again"),
    ],
    "spell-search": [(0.33, "greedy"), (0.6, "first symbol"), (0.5, "largest product")],
    "spell-joint": [
        (lambda a, c, weight: int(np.argmax(weight * a + (1 - weight) * c)), "CTC's"),
        (lambda a, c, weight: int(np.argmax(a + weight * c)), "add up to 1"),
        (lambda a, c, weight: int(np.argmax(a + c)), "left the weight out"),
    ],
    "spell-whole": [(0.98**6, "end must be right"), (0.98, "one symbol"), (0.5, "Multiply")],
    "spell-map": [(7500, "once more"), (31_000, "every 40 ms"), (1000, "frames"), (5, "looks of the decoder")],
}
