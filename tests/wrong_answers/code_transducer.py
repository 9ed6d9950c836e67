"""Planted wrong answers for *Write while somebody speaks*, each with a piece of the hint that it must get."""

from itertools import groupby, product
from math import comb

import numpy as np


def normalised(scores):
    return np.exp(scores) / np.exp(scores).sum()


def all_paths(p, labels):
    alpha = np.zeros(p.shape[:2])
    alpha[0, 0] = 1
    for t, u in product(*map(range, alpha.shape)):
        if t > 0:
            alpha[t, u] += alpha[t - 1, u] * p[t - 1, u, 0]
        if u > 0:
            alpha[t, u] += alpha[t, u - 1] * p[t, u - 1, labels[u - 1]]
    return alpha[-1, -1] * p[-1, -1, 0]


def best(p, labels):
    top = np.zeros(p.shape[:2])
    top[0, 0] = 1
    for t, u in product(*map(range, top.shape)):
        came = [top[t - 1, u] * p[t - 1, u, 0]] if t else []
        came += [top[t, u - 1] * p[t, u - 1, labels[u - 1]]] if u else []
        top[t, u] = max(came, default=1)
    return top[-1, -1]


def once_a_step(next_probs, n_steps):
    labels = []
    for t in range(n_steps):
        label = int(np.argmax(next_probs(t, tuple(labels))))
        labels += [label] if label else []
    return labels


def merging(next_probs, n_steps):
    labels = []
    for t in range(n_steps):
        while label := int(np.argmax(next_probs(t, tuple(labels)))):
            labels.append(label)
    return [label for label, _ in groupby(labels)]


WRONG = {
    "transducer-paths": [
        (lambda n_steps, n_labels: comb(n_steps + n_labels, n_labels), "last move"),
        (comb, "at one step"),
        (lambda n_steps, n_labels: n_steps * (n_labels + 1), "number of nodes"),
    ],
    "transducer-read": [
        (lambda moves: [(label, i) for i, label in enumerate(moves) if label], "BLANKS"),
        (lambda moves: [(label, 1 + moves[:i].count(0)) for i, label in enumerate(moves) if label], "from 0"),
        (lambda moves: [(moves[:i].count(0), label) for i, label in enumerate(moves) if label], "First the label"),
    ],
    "transducer-predict": [((2, 0), "come to that node"), ((0, 0), "One of the two")],
    "transducer-joint": [
        (lambda e, p, weights, bias: normalised((e + p) @ weights + bias), "tanh is missing"),
        (lambda e, p, weights, bias: np.tanh(e + p) @ weights + bias, "softmax"),
        (lambda e, p, weights, bias: normalised(np.tanh(e + p) @ weights), "bias out"),
    ],
    "transducer-loss": [(1 / 8, "How many paths"), (3 / 8, "before the last blank"), (1.386, "the loss")],
    "transducer-best": [
        (all_paths, "sum over all paths"),
        (best, "blank of the last step"),
    ],
    "transducer-greedy": [
        (once_a_step, "SAME step"),
        (merging, "written twice"),
        (lambda next_probs, n_steps: [k for t in range(n_steps) if (k := int(np.argmax(next_probs(t, ()))))], "so far"),
    ],
    "transducer-shy": [(1.2, "exceeds 1"), (0.216, "never written"), (0.4, "one step")],
    "transducer-memory": [
        (lambda batch, n_steps, n_labels, n_classes: 4e-6 * batch * n_steps * n_labels * n_classes, "after the last"),
        (lambda batch, n_steps, n_labels, n_classes: 4e-6 * batch * n_steps * n_classes, "CTC keeps"),
        (lambda batch, n_steps, n_labels, n_classes: 1e-6 * batch * n_steps * (n_labels + 1) * n_classes, "four bytes"),
    ],
}
