"""Planted wrong answers for *Optimisers and the training loop*, each with a piece of the hint that it must get."""

import numpy as np


def momentum(gradients, rate, beta):
    velocity, weight, path = 0.0, 0.0, []
    for g in gradients:
        velocity = beta * velocity - rate * g
        weight += velocity
        path.append(weight)
    return np.array(path)


def adam(gradients, rate, *, first=True, second=True, power=0.5):
    mean, square, weight, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        mean = 0.9 * mean + 0.1 * g
        square = 0.999 * square + 0.001 * g**2
        m = mean / (1 - 0.9**t) if first else mean
        s = square / (1 - 0.999**t) if second else square
        weight -= rate * m / (s**power + 1e-7)
        path.append(weight)
    return np.array(path)


def early(losses, patience, *, ties=False):
    best = 0
    for epoch, value in enumerate(losses):
        if value < losses[best] or (ties and value == losses[best]):
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(losses) - 1


WRONG = {
    "opt-updates": [
        (625, "smaller batch"),
        (620, "dropped"),
        (62.5, "half a batch"),
        (63, "There are ten"),
        (20000, "looked at"),
        (320, "counts nothing"),
        (7, "rounded up"),
    ],
    "opt-mnist": [
        (468, "96 images"),
        (468.75, "round up"),
        (547, "test images"),
        (128, "size of a batch"),
        (5, "60,000 / 128"),
    ],
    "opt-limit": [
        (2, "curvature"),
        (0.5, "best rate"),
        (0, "upper end"),
        (1.1, "runs away"),
        (3, "1 − 2η"),
    ],
    "opt-noise": [(16, "ROOT"), (0.25, "quarter"), (2, "fourth root"), (480, "ratio"), (3, "1/√B")],
    "opt-first": [
        (-0.01, "LARGER"),
        (0.05, "plain SGD"),
        (0.001, "1 − β₁"),
        (-5, "gradient itself"),
        (0.01 * 0.1 / np.sqrt(0.001), "Both running means"),
        (3, "m is g"),
    ],
    "opt-rises": [
        (lambda v: int(np.sum(np.diff(v) >= 0)), "no rise"),
        (lambda v: int(np.sum(np.diff(v) < 0)), "fell"),
        (lambda v: int(np.sum(v > v[0])), "just before"),
        (lambda v: np.maximum(np.diff(v), 0).sum(), "how often"),
        (lambda v: np.diff(v) > 0, "should give numbers"),
    ],
    "opt-momentum": [
        (lambda g, r, b: -momentum(g, r, b), "AGAINST"),
        (lambda g, r, b: -r * np.cumsum(g), "plain SGD"),
        (lambda g, r, b: momentum(np.multiply(g, 1 - b), r, b), "1 − beta"),
        (lambda g, r, b: momentum(g, r, b)[-1], "EVERY"),
        (lambda g, r, b: np.r_[0, momentum(g, r, b)], "Leave out the start"),
        (lambda g, r, b: np.diff(np.r_[0, momentum(g, r, b)]), "velocities"),
    ],
    "opt-adam": [
        (lambda g, r: -adam(g, r), "AGAINST"),
        (lambda g, r: adam(g, r, first=False, second=False), "begin at 0"),
        (lambda g, r: adam(g, r, first=False), "m / (1"),
        (lambda g, r: adam(g, r, second=False), "s / (1"),
        (lambda g, r: adam(g, r, power=1), "ROOT"),
        (lambda g, r: momentum(g, r, 0.9), "That is momentum"),
        (lambda g, r: adam(g, r)[-1], "EVERY"),
    ],
    "opt-keep": [
        (lambda v, p: int(np.argmin(v)) + 1, "after the stop"),
        (lambda v, p: early(v, p)[0], "from 1"),
        (lambda v, p: early(v, p)[1] + 1, "weights to keep"),
        (lambda v, p: early(v, p + 1)[0] + 1, "too long"),
        (lambda v, p: early(v, p, ties=True)[0] + 1, "no improvement"),
    ],
}
