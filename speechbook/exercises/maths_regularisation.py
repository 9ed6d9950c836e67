"""Checkers for *Regularisation and normalisation* in the part *maths*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import Hint, Unanswered, describe, exercise, expect_number
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import expect_same_function

KINDS = ("normalises", "regularises")


def _expect_pair(
    answer: object, right: tuple[float, float], *, hints: dict[tuple[float, float], str], hint: str
) -> None:
    """Accept two numbers in order; explain well-known wrong pairs."""
    if not isinstance(answer, list | tuple | np.ndarray) or len(answer) != 2:
        raise Hint(f"Two numbers in a list are asked for, but you gave {describe(answer)}.")
    if any(part is ... for part in answer):
        raise Unanswered("Replace both dots by numbers and run the cell again.")
    try:
        pair = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        raise Hint(f"Two numbers in a list are asked for, but you gave {describe(answer)}.") from None
    if np.allclose(pair, right, rtol=1e-4, atol=0):
        return
    for wrong, why in hints.items():
        if np.allclose(pair, wrong, rtol=1e-4, atol=1e-9):
            raise Hint(why)
    raise Hint(hint)


@exercise("reg-survivors")
def _survivors(answer: object) -> str:
    expect_number(
        answer,
        1.25,
        hints={
            5: "1/0.2 would make up for keeping a fifth. Here a fifth is dropped.",
            0.8: "That is the share that survives. To keep the sum, the survivors must GROW.",
            0.2: "That is the share that is dropped.",
            1.2: "Nearly: 0.8 times 1.2 is only 0.96. Divide by the share that survives.",
            2: "That belongs to a rate of 0.5.",
            1: "Unscaled, the next layer would get four fifths of what it gets in use.",
        },
        hint="Four fifths survive; times which number do they add up to the whole again?",
        tolerance=1e-3,
    )
    return "1/(1 − 0.2): four fifths, each a quarter larger."


@exercise("reg-dropout")
def _check_dropout(answer: object) -> str:
    def right(x: np.ndarray, draws: np.ndarray, rate: float) -> np.ndarray:
        return x * (draws >= rate) / (1 - rate)

    rng = np.random.default_rng(0)
    calls = [
        ((np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.1, 0.3, 0.6, 0.9]), 0.25), {}),
        ((rng.normal(size=(3, 5)), rng.random((3, 5)), 0.5), {}),
        ((rng.normal(size=(4, 6)), rng.random((4, 6)), 0.2), {}),
        ((rng.normal(size=(2, 2)), rng.random((2, 2)), 0.0), {}),
    ]
    expect_same_function(
        answer,
        right,
        name="dropout",
        calls=calls,
        mistakes=[
            (lambda x, d, r: x * (d >= r), "The survivors must make up for the dropped: divide by 1 − rate."),
            (lambda x, d, r: x * (d < r) / (1 - r), "You dropped the survivors: a unit goes where its draw is BELOW."),
            (lambda x, d, r: x * (d >= r) * (1 - r), "Divide by 1 − rate; you multiplied."),
            (
                lambda x, d, r: x * (d >= r) / np.maximum(np.mean(d >= r), 1e-9),
                "Divide by the expected share, 1 − rate, not by the share that happened to survive.",
            ),
            (lambda x, d, r: (d >= r) / (1 - r), "That is the mask. Multiply x by it."),
        ],
    )
    return "Dropped or enlarged, and the same on average."


@exercise("reg-smooth")
def _smooth(answer: object) -> str:
    _expect_pair(
        answer,
        (0.91, 0.01),
        hints={
            (0.9, 0.1): "The fraction 0.1 is shared out among ten words: 0.01 each.",
            (0.9, 0.01): "The right word gets its share of ε back: 0.9 + 0.01. (Yours add up to 0.99.)",
            (0.9, 0.1 / 9): "You share ε among the nine wrong words. In the formula all ten get ε / K.",
            (0.01, 0.91): "The right word first.",
            (1, 0): "That is the one-hot target, before smoothing.",
            (0.95, 0.05): "ε = 0.1 goes to ten words in equal shares: 0.01 each.",
        },
        hint="(1 − ε) · 1 + ε / K for the right word, (1 − ε) · 0 + ε / K for every other.",
    )
    return "0.91 + 9 · 0.01 = 1."


def _soft(w: np.ndarray, amount: float) -> np.ndarray:
    return np.sign(w) * np.maximum(np.abs(w) - amount, 0)


@exercise("reg-shrink")
def _check_shrink(answer: object) -> str:
    def right(w: np.ndarray, rate: float, l1: float, l2: float) -> np.ndarray:
        return _soft(w - rate * l2 * w, rate * l1)

    w = np.array([-2.0, -0.05, 0.0, 0.3, 4.0])
    numbers = [(0.5, 0.2, 0.0), (0.5, 0.0, 0.2), (0.1, 1.0, 0.5), (0.4, 3.0, 0.1)]
    expect_same_function(
        answer,
        right,
        name="shrink",
        calls=[((w, rate, l1, l2), {}) for rate, l1, l2 in numbers],
        mistakes=[
            (
                lambda w, rate, l1, l2: w - rate * l2 * w - rate * l1 * np.sign(w),
                "Small weights run past 0 to the other side. They must stop there: use soft.",
            ),
            (lambda w, rate, l1, l2: _soft(w - rate * l2 * w, l1), "The learning rate belongs to the L1 step as well."),
            (lambda w, rate, l1, l2: _soft(w - l2 * w, rate * l1), "The learning rate belongs to the L2 step as well."),
            (lambda w, rate, l1, l2: _soft(w - l2 * w, l1), "Both steps take the learning rate as a factor."),
            (
                lambda w, rate, l1, l2: _soft(w, rate * l1) * (1 - rate * l2),
                "L2 first, then L1: the order changes the result.",
            ),
            (
                lambda w, rate, l1, l2: _soft(w - 2 * rate * l2 * w, rate * l1),
                "With the factor ½ in the price, the derivative of L2 is λw and not 2λw.",
            ),
            (lambda w, rate, l1, l2: w - rate * l2 * w, "L2 is right; the step of L1 is missing."),
            (lambda w, rate, l1, l2: _soft(w, rate * l1), "L1 is right; the step of L2 is missing."),
        ],
    )
    return "A share for L2, an amount for L1: the elastic net in two lines."


@exercise("reg-spread")
def _spread(answer: object) -> str:
    expect_number(
        answer,
        0.125,
        hints={
            1 / 64: "That is the variance, 2/128. The standard deviation is its root.",
            np.sqrt(
                1 / 128
            ): "That keeps the size in a LINEAR layer. ReLU cuts off half, so twice the variance is needed.",
            np.sqrt(2 / 160): "That is Glorot's rule, with inputs and outputs. He et al. count the inputs only.",
            np.sqrt(2 / 32): "32 is the number of units. The sum runs over the inputs.",
            np.sqrt(6 / 128): "That is the LIMIT of a uniform distribution with the right spread.",
        },
        hint="The variance is 2 divided by the number of inputs; the standard deviation is its root.",
        tolerance=1e-3,
    )
    return "√(2/128) = 1/8."


@exercise("reg-count")
def _count(answer: object) -> str:
    _expect_pair(
        answer,
        (128, 128),
        hints={
            (64, 64): "Two of each kind per channel: scale and shift, and moving mean and moving variance.",
            (128, 0): "γ and β are counted. The moving mean and variance are kept as well, without being trained.",
            (256, 0): "Four numbers a channel, but only two of them are trained.",
            (0, 128): "γ and β are trained by gradients.",
            (4, 0): "That is per channel, and not all four are trained.",
            (2, 2): "That is per channel. There are 64.",
            (128, 64): "Both a moving mean and a moving variance are kept.",
        },
        hint="Per channel γ and β are trained, a moving mean and a moving variance are kept.",
    )
    return "γ and β; moving mean and moving variance. Keras shows 256 in all."


def _norm(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, axis: int | None = 1, root: bool = True) -> np.ndarray:
    mean, variance = x.mean(axis=axis, keepdims=True), x.var(axis=axis, keepdims=True) + 1e-3
    return gamma * (x - mean) / (np.sqrt(variance) if root else variance) + beta


@exercise("reg-layer")
def _check_layer(answer: object) -> str:
    rng = np.random.default_rng(0)
    calls = [
        ((rng.normal(2, 3, size=shape), rng.normal(size=shape[1]), rng.normal(size=shape[1])), {})
        for shape in [(3, 4), (1, 6), (5, 5)]
    ]
    calls.append(((np.ones((2, 3)), np.ones(3), np.zeros(3)), {}))
    expect_same_function(
        answer,
        _norm,
        name="layer_norm",
        calls=calls,
        mistakes=[
            (
                lambda x, g, b: _norm(x, g, b, axis=0),
                "That is BATCH normalisation: mean and variance run over the clips. Take them along each row.",
            ),
            (lambda x, g, b: _norm(x, g, b, axis=None), "Your mean runs over the whole array. Each clip has its own."),
            (lambda x, g, b: _norm(x, g, b, root=False), "Divide by the ROOT of the variance."),
            (
                lambda x, g, b: _norm(x, np.ones_like(g), np.zeros_like(b)),
                "gamma and beta are missing: scale, then shift.",
            ),
            (lambda x, g, b: g * (_norm(x, np.ones_like(g), np.zeros_like(b)) + b), "Scale first, then shift."),
            (
                lambda x, g, b: g * (x - x.mean(1, keepdims=True)) / (x.std(1, keepdims=True) + 1e-3) + b,
                "Add 0.001 to the variance, before the root.",
            ),
        ],
    )
    return "One clip by itself: no batch, no moving averages, the same in training and in use."


@exercise("reg-sort")
def _sort(answer: object) -> str:
    expect_choices(
        answer,
        {
            "dropout": "regularises",
            "batch norm": "normalises",
            "L1": "regularises",
            "layer norm": "normalises",
            "label smoothing": "regularises",
            "dividing by 255": "normalises",
        },
        choices=KINDS,
        hints={
            (
                "batch norm",
                "regularises",
            ): "That is what article A says. Its noise regularises a little, as a side effect.",
            (
                "layer norm",
                "regularises",
            ): "It sets centre and scale of one clip's features, and it has no noise at all.",
            ("dropout", "normalises"): "Dropout disturbs; its factor only keeps the mean where it was.",
            (
                "label smoothing",
                "normalises",
            ): "The targets add up to 1 before and after. It keeps confidence in check.",
            ("L1", "normalises"): "It restricts the weights and leaves the scale of the data alone.",
            ("dividing by 255", "regularises"): "It only changes the scale of the inputs.",
        },
        other="Look at {key} again: does it set the scale of numbers, or restrict what is learnt?",
    )
    return "归一化 for the scale of numbers, 正则化 for the gap to strangers."
