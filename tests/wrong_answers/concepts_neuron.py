"""Planted wrong answers for *Neuron, layer, network*, each with a piece of the hint that it must get."""

from itertools import pairwise

import numpy as np


def passed(x, layers, *, between=lambda z: np.maximum(z, 0), end=lambda z: z, bias=1):
    *hidden, (w, b) = layers
    for weights, biases in hidden:
        x = between(x @ weights + bias * biases)
    return end(x @ w + bias * b)


def two_layers(x, layers):
    return passed(x, layers if len(layers) == 1 else [layers[0], layers[-1]])


def bias_too_late(x, layers):
    *hidden, (w, b) = layers
    for weights, biases in hidden:
        x = np.maximum(x @ weights, 0) + biases
    return x @ w + b


def from_tanh(z):
    return (1 + np.tanh(np.asarray(z) / 2)) / 2


def by_cases(z):
    with np.errstate(over="ignore"):
        z = np.asarray(z, dtype=float)
        return np.where(z < -40, 0.0, 1 / (1 + np.exp(-z)))


HIDDEN = np.ones((2, 2)), np.array([0, -1])

WRONG = {
    "neuron-output": [
        (-0.5, "ReLU still comes"),
        (-1, "bias is missing"),
        (0.5, "bias alone"),
        (3.5, "taken off"),
        (1 / (1 + np.exp(0.5)), "activation is ReLU"),
        (7, "max(0"),
    ],
    "neuron-count": [
        (lambda sizes: sum(n * m for n, m in pairwise(sizes)), "also has a bias"),
        (lambda sizes: sum(n * m for n, m in pairwise(sizes)) + sum(sizes), "inputs biases too"),
        (lambda sizes: sum(n * m + 1 for n, m in pairwise(sizes)), "one bias a layer"),
        (lambda sizes: sum(2 * m for m in sizes[1:]), "as article A says"),
        (lambda sizes: (sizes[0] + 1) * sizes[-1], "each layer and the next"),
        (lambda sizes: 2378, "count([26, 64]) should give 1728"),
    ],
    "neuron-picture": [
        (512_000, "also has a bias"),
        (5248, "one frame"),
        (18_048, "not 100 + 40"),
        (516_000, "4,000 inputs"),
        (1000, "each of 128 units"),
    ],
    "neuron-rank": [
        (10, "through the middle"),
        (26, "smaller side"),
        (18, "do not add"),
        (80, "multiply"),
        (2, "8 numbers"),
    ],
    "neuron-sigmoid": [
        (lambda z: 1 / (1 + np.exp(-z)), "overflow"),
        (np.tanh, "That is tanh"),
        (lambda z: (1 + np.tanh(z)) / 2, "twice as steep"),
        (lambda z: 1 / (1 + np.exp(z)), "turned round"),
        (from_tanh, "lose their digits"),
        (by_cases, "lose their digits"),
        (lambda z: np.clip(0.5 + z / 4, 0, 1), "should give"),
    ],
    "neuron-slopes": [
        ((1, 0.25), "wrong order"),
        ((0.5, 0), "values at 0"),
        ((0.25, 0.25), "steeper"),
        ((0.25, 0.5), "doubles once more"),
        ((1, 1), "never above"),
        ((0.3, 1), "Put in z = 0"),
        (0.25, "shape"),
    ],
    "neuron-forward": [
        (lambda x, layers: passed(x, layers, between=lambda z: z), "collapse"),
        (lambda x, layers: passed(x, layers, end=lambda z: np.maximum(z, 0)), "no ReLU after it"),
        (lambda x, layers: passed(x, layers, bias=0), "biases are missing"),
        (bias_too_late, "inside"),
        (two_layers, "use a loop"),
        (lambda x, layers: passed(x, layers, between=np.tanh), "<2 layers>) should give"),
        (lambda x, layers: x, "<2 layers>) should give an array of shape (3, 2)"),
    ],
    "neuron-either": [
        ((*HIDDEN, np.array([1, -1]), 0), "at least one"),
        ((*HIDDEN, np.array([-1, 2]), 1), "other way round"),
        ((*HIDDEN, np.array([1, 0]), 0), "counts"),
        ((*HIDDEN, np.array([1, 1]), 0), "11 → 3"),
        ((np.ones(2), np.zeros(2), np.ones(2), 0), "W should be finite numbers of shape (2, 2)"),
        ((1, 2, 3), "Four things"),
    ],
    "neuron-knots": [
        (lambda knots, values: np.diff(values) / np.diff(knots), "Those are the slopes"),
        (lambda knots, values: np.diff(np.diff(values) / np.diff(knots)), "first unit's is missing"),
        (lambda knots, values: np.diff(np.diff(values), prepend=0), "changes of height"),
        (lambda knots, values: np.diff(np.diff(values) / (knots[1] - knots[0]), prepend=0), "evenly spaced"),
        (lambda knots, values: values[:-1], "right for steps"),
        (lambda knots, values: np.zeros(len(knots) - 1), "should give"),
    ],
}
