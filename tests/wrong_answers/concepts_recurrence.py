"""Planted wrong answers for *Recurrence, gates and memory*, each with a piece of the hint that it must get."""

import numpy as np

USES = {"subtitles for a film": "both", "wake word": "forward", "live captions": "forward", "touched": "all"}


def gate(half_life):
    return 0.5 ** (1 / np.asarray(half_life, float))


def swap(kernel, order=(1, 0, 2)):
    blocks = np.split(kernel, 3, axis=1)
    return np.concatenate([blocks[i] for i in order], axis=1).T


def biases(times, *signs):
    return np.concatenate([sign * np.log(times) for sign in signs])


WRONG = {
    "recurrence-lstm-weights": [
        (4992, "one block"),
        (14_976, "as in a GRU"),
        (15_168, "as Keras makes it"),
        (19_712, "has a bias"),
        (3584, "64 more inputs"),
        (33_024, "13 + 64"),
    ],
    "recurrence-shrink": [
        (90, "not once for all"),
        (13_780.6, "below 1"),
        (0.99997, "vanished"),
        (0.9, "One hundred factors"),
    ],
    "recurrence-forget-bias": [
        (gate, "That is the gate"),
        (lambda h: -np.log(gate(h) / (1 - gate(h))), "turned round"),
        (np.log, "chrono rule"),
        (lambda h: np.log(1 / (np.exp(1 / np.asarray(h, float)) - 1)), "37 %"),
        (lambda h: np.log2(gate(h) / (1 - gate(h))), "natural"),
        (lambda h: np.log(gate(h)), "logarithm of the gate"),
        (lambda h: 4.27, "should give"),
    ],
    "recurrence-chrono": [
        (lambda t: biases(t, 1, -1, 0, 0), "exchanged"),
        (lambda t: biases(t, 0, 1, 0, 0), "so that little comes in"),
        (lambda t: biases(t, -1, 0, 1, 0), "second of Keras"),
        (lambda t: biases(t, -1, 0, 0, 1), "another library"),
        (lambda t: biases(t, 1, 1, 0, 0), "MINUS"),
        (lambda t: biases(t, -1, 1), "have biases too"),
        (lambda t: np.concatenate([-t, t, 0 * t, 0 * t]), "LOGARITHM"),
    ],
    "recurrence-gru-order": [
        (lambda k: k.T, "still stand as in Keras"),
        (lambda k: swap(k).T, "wants the array transposed"),
        (lambda k: swap(k, (2, 1, 0)), "the candidate stays"),
        (lambda k: swap(k, (1, 2, 0)), "in the middle"),
        (lambda k: swap(k, (0, 2, 1)), "should give"),
    ],
    "recurrence-kept": [
        (lambda f, s: f[s:].prod(axis=0), "one frame later"),
        (lambda f, s: f[:s].prod(axis=0), "BEFORE it was stored"),
        (lambda f, s: f[s + 1 :].prod(), "One number a unit"),
        (lambda f, s: f[s + 1 :].sum(axis=0), "MULTIPLIES"),
        (lambda f, s: f.prod(axis=0), "Only the gates after"),
        (lambda f, s: f[-1], "Not the last gate alone"),
    ],
    "recurrence-reverse": [
        (lambda x, n: x[:, ::-1], "zeros first"),
        (lambda x, n: x[:, :, ::-1], "features round"),
        (lambda x, n: x[::-1], "order of the clips"),
        (lambda x, n: x, "Nothing has changed"),
        (lambda x, n: x[:, : max(n)], "should give"),
    ],
    "recurrence-directions": [
        (USES | {"subtitles for a film": "forward"}, "whole film"),
        (USES | {"wake word": "both"}, "have to wait"),
        (USES | {"live captions": "both"}, "have to wait"),
        (USES | {"touched": "last"}, "FIRST"),
        (USES | {"touched": 3}, "use one of"),
        ({"touched": "all"}, "no answer for"),
    ],
    "recurrence-gru-d": [("delayed inputs", "So the FAQ thinks"), ("dropout", "not because of"), ("data", "Think of")],
}
