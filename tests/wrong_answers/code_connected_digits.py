"""Planted wrong answers for *A recogniser that writes text*, each with a piece of the hint that it must get."""

from itertools import pairwise

import numpy as np


def padded(lengths, batches, *, minus=True):
    frames = sum(max(lengths[i] for i in batch) * len(batch) for batch in batches)
    return frames - sum(lengths) if minus else frames


def neighbours(words, first, second):
    return [pair == (first, second) for word in words for pair in pairwise(word)]


WRONG = {
    "connected-classes": [(16, "nothing new here"), (11, "head that writes words"), (27, "no letter")],
    "connected-outputs": [(62, "round up"), (126, "letters get"), (125, "first convolution")],
    "connected-padding": [
        (lambda lengths, batches: padded(lengths, batches, minus=False), "real ones"),
        (lambda lengths, batches: len(lengths) * max(lengths) - sum(lengths), "ITS longest"),
        (lambda lengths, batches: padded(lengths, batches) / padded(lengths, batches, minus=False), "share"),
    ],
    "connected-pairs": [
        (lambda words, a, b: sum(any(neighbours([word], a, b)) for word in words), "every time"),
        (lambda words, a, b: sum(neighbours(words, b, a)), "order"),
        (lambda words, a, b: sum(neighbours([[u for word in words for u in word]], a, b)), "different words"),
    ],
    "connected-fusion": [
        (lambda heard, expected, weight: int(np.argmax(heard + expected)), "weight out"),
        (lambda heard, expected, weight: int(np.argmax(heard)), "network alone"),
        (lambda heard, expected, weight: int((heard * expected).argmax()), "ADDING"),
    ],
    "connected-empty": [(0, "three words were said"), (3, "number of errors")],
    "connected-pooled": [
        (lambda errors, words: np.mean([e / n for e, n in zip(errors, words, strict=True)]), "mean of the strings"),
        (lambda errors, words: sum(errors) / len(errors), "not of strings"),
    ],
    "connected-string": [(0.95, "one digit"), (0.7, "multiply"), (0.265, "with an error")],
    "connected-blank": [("nine five", "end each other"), ("five", "as long as it likes")],
}
