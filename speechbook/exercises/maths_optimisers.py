"""Checkers for *Optimisers and the training loop* in the part *maths*."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.functions import expect_same_function


@exercise("opt-updates")
def _updates(answer: object) -> str:
    expect_number(
        answer,
        630,
        hints={
            625: "2,000 / 32 is 62.5. The last, smaller batch of each epoch makes an update too.",
            620: "You dropped the last 16 clips of each epoch. They make a smaller batch of their own.",
            62.5: "That is per epoch, and half a batch is a batch: round up, then count ten epochs.",
            63: "That is one epoch. There are ten.",
            62: "That is one epoch, without its last, smaller batch. Round up; and there are ten epochs.",
            20000: "That is how often a clip is looked at. One update serves a batch of 32.",
            640: "32 clips a batch, not 32 batches: divide 2,000 by 32 and round up.",
            320: "Batch size times epochs counts nothing. How many batches of 32 are in 2,000 clips?",
        },
        hint="Batches in an epoch: 2,000 / 32, rounded up. Each makes one update, in each of ten epochs.",
    )
    return "63 batches an epoch, the last one of 16 clips, ten times."


@exercise("opt-mnist")
def _mnist(answer: object) -> str:
    expect_number(
        answer,
        469,
        hints={
            468: "You dropped the last 96 images; they make a smaller batch.",
            468.75: "Three quarters of a batch still make one update: round up.",
            547: "That counts the 10,000 test images too. Nothing is learnt from them.",
            128: "That is the size of a batch. How many of them are in 60,000?",
            60000: "That would be batches of one image.",
            79: "That is for the 10,000 test images; training has 60,000.",
        },
        hint="60,000 / 128, rounded up.",
    )
    return "468 full batches and one of 96 images."


@exercise("opt-limit")
def _limit(answer: object) -> str:
    expect_number(
        answer,
        1,
        hints={
            2: "The limit is 2/λ, where λ is the curvature; that of w² is 2, not 1.",
            0.5: "With 0.5 the very first step lands on 0: the best rate. How much more until it bounces for ever?",
            0: "At 0 it does not move at all. Look for the upper end.",
            4: "2/λ, not 2 · λ.",
            1.1: "At 1.1 it already runs away. Where does it neither shrink nor grow?",
            0.9: "At 0.9 it still shrinks, to 0.8 of its size each step.",
        },
        hint="The slope is 2w, so a step turns w into (1 − 2η) w. For which η does that reach the size of w itself?",
        tolerance=1e-3,
    )
    return "At η = 1 a step turns w into −w, for ever; below it shrinks, above it grows."


@exercise("opt-noise")
def _noise(answer: object) -> str:
    expect_number(
        answer,
        4,
        hints={
            16: "The batch is 16 times as large, but the error of a mean falls with the ROOT of that.",
            0.25: "The noise becomes a quarter. By which number is it then divided?",
            2: "The root of 16, not the fourth root.",
            256: "The root of 16, not its square.",
            480: "A ratio is asked for: 512 / 32 clips, and its root.",
        },
        hint="The error falls like 1/√B. Compare √512 with √32.",
        tolerance=1e-3,
    )
    return "√16. Four times less noise costs sixteen times the clips."


@exercise("opt-first")
def _first(answer: object) -> str:
    expect_number(
        answer,
        0.01,
        hints={
            -0.01: "The size is right. The slope is negative, so downhill means a LARGER weight.",
            0.05: "That is plain SGD, η times the gradient. Adam divides by the gradient's own size.",
            -0.05: "That is SGD without its minus sign. Adam divides by the gradient's own size.",
            0.001: "You forgot to divide the running mean by 1 − β₁: it began at 0 and is too small by that factor.",
            -5: "That is the gradient itself.",
            5: "That is the gradient turned round; the step is η times g/|g|.",
            0.31622776601683794 * 0.1: "Both running means are corrected: divide by 1 − β₁ and by 1 − β₂.",
        },
        hint="After the corrections m is g and s is g², so the step is −η · g / |g|.",
        tolerance=1e-3,
    )
    return "+0.01: at its first step Adam only takes the sign of the gradient."


@exercise("opt-rises")
def _rises(answer: object) -> str:
    walks = [[2.3, 1.9, 2.4, 2.4, 2.1, 2.2], [3.0, 2.0, 1.0], [1.0, 2.0, 4.0, 3.0], [0.5]]
    expect_same_function(
        answer,
        lambda losses: int(np.sum(np.diff(losses) > 0)),
        name="rises",
        calls=[((np.array(losses),), {}) for losses in walks],
        mistakes=[
            (lambda v: int(np.sum(np.diff(v) >= 0)), "A step that changes nothing is no rise: use > and not >=."),
            (lambda v: int(np.sum(np.diff(v) < 0)), "Those are the steps in which the loss fell."),
            (lambda v: int(np.sum(v > v[0])), "Compare each loss with the one just before it, not with the first."),
            (lambda v: float(np.mean(np.diff(v) > 0)) if len(v) > 1 else 0.0, "A number of steps, not their share."),
            (lambda v: float(np.maximum(np.diff(v), 0).sum()), "You added up how far it rose. Count how often."),
        ],
    )
    return "A restless loss is the first sign of a rate that is too large."


def _momentum(gradients: Sequence[float], rate: float, beta: float) -> np.ndarray:
    velocity, weight, path = 0.0, 0.0, []
    for g in gradients:
        velocity = beta * velocity - rate * g
        weight += velocity
        path.append(weight)
    return np.array(path)


@exercise("opt-momentum")
def _check_momentum(answer: object) -> str:
    calls = [
        (([1.0, 1.0, 1.0, 1.0], 0.1, 0.5), {}),
        (([2.0, -1.0, 0.5], 0.01, 0.9), {}),
        (([1.0, -1.0, 1.0], 0.2, 0.0), {}),
    ]

    def velocities(gradients: Sequence[float], rate: float, beta: float) -> np.ndarray:
        return np.diff(_momentum(gradients, rate, beta), prepend=0.0)

    expect_same_function(
        answer,
        _momentum,
        name="momentum_path",
        calls=calls,
        mistakes=[
            (lambda g, r, b: -_momentum(g, r, b), "You walk uphill: the step goes AGAINST the gradient."),
            (velocities, "Those are the velocities. Add them up: the weight itself is asked for."),
            (
                lambda g, r, b: -r * np.cumsum(g),
                "That is plain SGD: the velocity must keep the share beta of its past.",
            ),
            (
                lambda g, r, b: (1 - b) * _momentum(g, r, b),
                "You weigh the new gradient by 1 − beta. Keras's momentum takes it whole.",
            ),
            (lambda g, r, b: _momentum(g, r, b)[-1], "Give the weight after EVERY step, not only the last."),
            (
                lambda g, r, b: np.concatenate([[0.0], _momentum(g, r, b)]),
                "Leave out the start: one weight for each gradient.",
            ),
        ],
    )
    return "The velocity keeps rolling, and steady slopes add up."


def _adam(gradients: Sequence[float], rate: float, *, corrected: tuple = (True, True), root: bool = True) -> np.ndarray:
    mean, square, weight, path = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        mean, square = 0.9 * mean + 0.1 * g, 0.999 * square + 0.001 * g**2
        m = mean / (1 - 0.9**t) if corrected[0] else mean
        s = square / (1 - 0.999**t) if corrected[1] else square
        weight -= rate * m / ((np.sqrt(s) if root else s) + 1e-7)
        path.append(weight)
    return np.array(path)


@exercise("opt-adam")
def _check_adam(answer: object) -> str:
    rng = np.random.default_rng(0)
    expect_same_function(
        answer,
        _adam,
        name="adam_path",
        calls=[
            (([-5.0], 0.01), {}),
            (([1.0, 1.0, -1.0, 3.0], 0.1), {}),
            ((rng.normal(size=30), 0.05), {}),
            (([0.001, 0.002], 0.5), {}),
        ],
        mistakes=[
            (lambda g, r: -_adam(g, r), "You walk uphill: the step goes AGAINST the gradient."),
            (
                lambda g, r: _adam(g, r, corrected=(False, False)),
                "The running means begin at 0 and are too small at first: divide by 1 − β₁ᵗ and 1 − β₂ᵗ.",
            ),
            (lambda g, r: _adam(g, r, corrected=(False, True)), "The mean needs its correction too: m / (1 − β₁ᵗ)."),
            (
                lambda g, r: _adam(g, r, corrected=(True, False)),
                "The mean square needs its correction too: s / (1 − β₂ᵗ).",
            ),
            (lambda g, r: _adam(g, r, root=False), "Divide by the ROOT of the mean square."),
            (lambda g, r: _momentum(g, r, 0.9), "That is momentum. Adam divides by the root of the mean square."),
            (lambda g, r: _adam(g, r)[-1], "Give the weight after EVERY step, not only the last."),
        ],
    )
    return "The optimiser of most papers, in six lines."


def _keep(losses: Sequence[float], patience: float, *, ties: bool = False) -> int:
    best = 0
    for epoch, value in enumerate(losses):
        if value < losses[best] or (ties and value == losses[best]):
            best = epoch
        if epoch - best >= patience:
            break
    return best + 1


def _stopped(losses: Sequence[float], patience: int) -> int:
    best = _keep(losses, patience)
    return min(best + patience, len(losses))


@exercise("opt-keep")
def _check_keep(answer: object) -> str:
    calls = [
        (([2.0, 1.5, 1.2, 1.3, 1.4, 1.0], 2), {}),
        (([2.0, 1.5, 1.2, 1.3, 1.4, 1.0], 3), {}),
        (([1.0, 2.0, 3.0], 1), {}),
        (([3.0, 2.0, 2.0, 2.5, 1.0], 2), {}),
        (([3.0, 2.0, 1.0], 5), {}),
        (([2.0, 1.2, 1.3, 1.4, 1.0, 1.1, 1.2, 1.3, 0.5], 2), {}),
    ]
    expect_same_function(
        answer,
        _keep,
        name="keep",
        calls=calls,
        mistakes=[
            (
                lambda losses, patience: int(np.argmin(losses)) + 1,
                "You looked at all epochs. After the stop none was run: a better one that comes later is never seen.",
            ),
            (lambda losses, patience: _keep(losses, patience) - 1, "Count the epochs from 1."),
            (_stopped, "That is the epoch after which training stops. The weights to keep are older."),
            (
                lambda losses, patience: _keep(losses, patience + 1),
                "You wait one epoch too long: stop as soon as `patience` epochs have brought nothing better.",
            ),
            (
                lambda losses, patience: _keep(losses, patience, ties=True),
                "An equal loss is no improvement: compare with <.",
            ),
        ],
    )
    return "Keras's EarlyStopping with restore_best_weights=True keeps the same."
