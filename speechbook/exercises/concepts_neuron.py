"""Checkers for the chapter *Neuron, layer, network*."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from speechbook.exercises.checking import Hint, Unanswered, describe, exercise, expect_array, expect_number
from speechbook.exercises.functions import expect_same_function


class Layers(list):
    """Pairs (weights, biases) that a hint shows in short."""

    def __repr__(self) -> str:
        return f"<{len(self)} layers>"


@exercise("neuron-output")
def _output(answer: object) -> str:
    expect_number(
        answer,
        0,
        hints={
            -0.5: "That is the weighted sum with its bias. ReLU still comes: it lets nothing below zero through.",
            -1: "That is the weighted sum. The bias is missing, and then ReLU.",
            0.5: "That is the bias alone, or the sum with its sign lost. The sum is 1 · 1 − 2 · 1 + 0.5.",
            3.5: "The second weight is −2: its product is taken off.",
            0.3775406687981454: "That would be the sigmoid of the sum; here the activation is ReLU.",
        },
        hint="Weighted sum, plus bias, then ReLU: max(0, 1 · 1 + (−2) · 1 + 0.5).",
    )
    return "The sum is −0.5, and ReLU lets nothing below zero through."


def _count(sizes: Sequence[int], *, biases: bool = True) -> int:
    return sum((n_inputs + biases) * n_units for n_inputs, n_units in pairwise(sizes))


@exercise("neuron-count")
def _parameters(answer: object) -> str:
    expect_same_function(
        answer,
        _count,
        name="count",
        calls=[((sizes,), {}) for sizes in ([26, 64, 10], [26, 64], [1, 1], [4000, 128, 64, 10], [2, 1])],
        mistakes=[
            (lambda sizes: _count(sizes, biases=False), "Those are the weights. Each unit also has a bias."),
            (
                lambda sizes: _count(sizes, biases=False) + sum(sizes),
                "You gave the inputs biases too. They hold data and compute nothing: biases sit on units.",
            ),
            (
                lambda sizes: _count(sizes, biases=False) + len(sizes) - 1,
                "You counted one bias a layer. Every unit has one of its own.",
            ),
            (
                lambda sizes: 2 * sum(sizes[1:]),
                "One weight and one bias a unit, as article A says. But each connection has a weight.",
            ),
            (
                lambda sizes: (sizes[0] + 1) * sizes[-1],
                "You joined inputs and outputs directly. Count between each layer and the next.",
            ),
        ],
    )
    return "(inputs + 1) · units, added up over the layers."


@exercise("neuron-picture")
def _picture(answer: object) -> str:
    expect_number(
        answer,
        512_128,
        hints={
            512_000: "Those are the weights. Each of the 128 units also has a bias.",
            5248: "That is a dense layer on one frame of 40 bands. Flattened, all 100 · 40 numbers are inputs.",
            12_928: "That would be 100 inputs. Flattened, there are 100 · 40.",
            18_048: "Flattening lays the 100 rows of 40 end to end: 100 · 40 inputs, not 100 + 40.",
            516_000: "The biases sit on the 128 units, not on the 4,000 inputs.",
            4128: "Every input is joined to every unit: multiply, don't add.",
            512_001: "One bias a unit, not one a layer.",
        },
        hint="Flattened, the picture is 100 · 40 inputs, each joined to each of 128 units; and each unit has a bias.",
    )
    return "Half a million for one layer. The chapter on convolution shows how to do with far fewer."


@exercise("neuron-rank")
def _rank(answer: object) -> str:
    expect_number(
        answer,
        8,
        hints={
            10: "A (26, 10) matrix can have rank 10, but this one is a product. What passes through the middle?",
            26: "The rank is never larger than the smaller side of a matrix.",
            18: "Ranks of factors do not add up. The narrowest place decides.",
            80: "Ranks of factors do not multiply. The narrowest place decides.",
        },
        hint="It is a product of a (26, 8) and an (8, 10) matrix: everything passes through 8 numbers.",
    )
    return "Everything passes through 8 numbers. A narrow layer limits a linear network, and a wide one adds nothing."


def _sigmoid(z: np.ndarray) -> np.ndarray:
    small = np.exp(-np.abs(z))
    return np.where(np.greater_equal(z, 0), 1.0, small) / (1 + small)


@exercise("neuron-sigmoid")
def _safe_sigmoid(answer: object) -> str:
    extremes = np.array([[-1000.0, -800.0], [800.0, 1000.0]])
    small = np.array([-5.0, -30.0, -50.0, -300.0])
    expect_same_function(
        answer,
        _sigmoid,
        name="safe_sigmoid",
        calls=[((np.array(z),), {}) for z in (0.0, [-3.0, -0.5, 0.0, 0.5, 3.0], np.eye(2), small)],
        mistakes=[
            (np.tanh, "That is tanh, which runs from −1 to 1. The sigmoid runs from 0 to 1."),
            (lambda z: _sigmoid(2 * z), "Your curve is twice as steep: mind the factor in (1 + tanh(z / 2)) / 2."),
            (lambda z: _sigmoid(-z), "Yours falls from 1 to 0: the sign of z is turned round."),
        ],
    )
    with np.errstate(over="raise", invalid="raise", divide="raise", under="ignore"):
        try:
            far, ratio = np.asarray(answer(extremes)), np.asarray(answer(small)) / _sigmoid(small)
        except FloatingPointError as error:
            raise Hint(
                f"The values are right, but on the way numpy meets an {error}. Take the exponential of −|z| only: "
                f"it is never above 1."
            ) from None
    if np.abs(far - [[0, 0], [1, 1]]).max() > 1e-12:
        raise Hint(f"For z = −1000, −800, 800 and 1000 it should give 0, 0, 1, 1, but gives {far.ravel().tolist()}.")
    if np.abs(ratio - 1).max() > 1e-6:
        raise Hint(
            "Small results lose their digits: σ(−50) should be 1.9e-22. With tanh or 1 − σ(−z) a tiny number is the "
            "difference of two large ones; for negative z compute exp(z) / (1 + exp(z))."
        )
    return "Only exponentials of negative numbers, so nothing overflows, and small results keep their digits."


@exercise("neuron-slopes")
def _slopes(answer: object) -> str:
    hint = "The slopes are σ(z)(1 − σ(z)) and 1 − tanh(z)². Put in z = 0, where σ is 0.5 and tanh is 0."
    if isinstance(answer, list | tuple | np.ndarray) and np.shape(answer) == (2,):
        for wrong, why in {
            (1, 0.25): "The right numbers in the wrong order: first the sigmoid's.",
            (0.5, 0): "Those are the values at 0. The slopes are asked.",
            (0.5, 1): "σ(0) is 0.5, but its slope there is σ(1 − σ).",
            (0.25, 0.25): "tanh is steeper: it climbs from −1 to 1, and twice as fast, for tanh z = 2σ(2z) − 1.",
            (0.25, 0.5): "The stretch by 2 in height is there; the one in z, tanh z = 2σ(2z) − 1, doubles once more.",
            (1, 1): "tanh's is right. The sigmoid's is never above 1/4.",
        }.items():
            if all(isinstance(x, int | float | np.number) for x in answer) and np.allclose(answer, wrong):
                raise Hint(why)
    expect_array(answer, np.array([0.25, 1.0]), hint=hint)
    return "tanh z = 2σ(2z) − 1: twice as high and twice as fast, so four times as steep."


def _forward(x: np.ndarray, layers: Layers, *, last: bool = False, bias: bool = True) -> np.ndarray:
    for k, (weights, biases) in enumerate(layers):
        x = x @ weights + biases * bias
        x = np.maximum(x, 0) if last or k < len(layers) - 1 else x
    return x


def _linear(x: np.ndarray, layers: Layers) -> np.ndarray:
    for weights, biases in layers:
        x = x @ weights + biases
    return x


def _bias_after(x: np.ndarray, layers: Layers) -> np.ndarray:
    for k, (weights, biases) in enumerate(layers):
        x = (np.maximum(x @ weights, 0) if k < len(layers) - 1 else x @ weights) + biases
    return x


@exercise("neuron-forward")
def _forward_pass(answer: object) -> str:
    rng = np.random.default_rng(4)

    def chain(*sizes: int) -> Layers:
        return Layers((rng.normal(size=pair), rng.normal(size=pair[1])) for pair in pairwise(sizes))

    calls = [
        ((rng.normal(size=(n_clips, sizes[0])), chain(*sizes)), {})
        for n_clips, sizes in [(3, (4, 5, 2)), (2, (6, 3)), (1, (2, 4, 4, 3)), (5, (1, 8, 8, 8, 1))]
    ]
    expect_same_function(
        answer,
        _forward,
        name="forward_pass",
        calls=calls,
        mistakes=[
            (_linear, "Without ReLU between the layers they collapse into one matrix."),
            (
                lambda x, layers: _forward(x, layers, last=True),
                "The last layer's sums are asked for as they are: no ReLU after it.",
            ),
            (lambda x, layers: _forward(x, layers, bias=False), "The biases are missing."),
            (_bias_after, "The bias belongs inside: ReLU comes after it is added."),
            (
                lambda x, layers: _forward(x, [layers[0], layers[-1]]) if len(layers) > 1 else _forward(x, layers),
                "Right for one and two layers. It must work for any number of them: use a loop.",
            ),
        ],
    )
    return "One loop is all that a chain of dense layers needs."


@exercise("neuron-either")
def _either(answer: object) -> str:
    if not isinstance(answer, tuple | list) or len(answer) != 4:
        raise Hint(f"Four things are asked for, (W, b, v, c), but you gave {describe(answer)}.")
    if any(part is ... for part in answer):
        raise Unanswered("Replace the dots by your four arrays and run the cell again.")
    arrays = []
    for name, part, shape in zip("Wbvc", answer, [(2, 2), (2,), (2,), ()], strict=True):
        try:
            array = np.asarray(part, dtype=float)
        except (TypeError, ValueError):
            raise Hint(f"{name} should be numbers of shape {shape}, but you gave {describe(part)}.") from None
        if array.shape != shape or not np.isfinite(array).all():
            raise Hint(f"{name} should be finite numbers of shape {shape}, but has the shape {array.shape}.")
        arrays.append(array)
    weights, biases, outgoing, last = arrays
    inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    outputs = np.maximum(inputs @ weights + biases, 0) @ outgoing + last
    if np.abs(outputs - [0, 1, 1, 0]).max() <= 1e-6:
        return "A bend makes possible what no straight line can do."
    if np.abs(outputs - [0, 1, 1, 1]).max() <= 1e-6:
        raise Hint("Your network says 1 if at least one fires. Let the second fire only if both do, and take it off.")
    if np.abs(outputs - [1, 0, 0, 1]).max() <= 1e-6:
        raise Hint("Just the other way round: yours says 1 if the two agree. Turn v's signs; c becomes 1 − c.")
    if np.abs(outputs - [0, 1, 1, 2]).max() <= 1e-6:
        raise Hint("Your network counts. One unit may do that; the other should fire only if both do, and take 2 off.")
    table = ", ".join(f"{x[0]:g}{x[1]:g} → {y:g}" for x, y in zip(inputs, outputs.round(3), strict=True))
    raise Hint(f"Yours gives {table}. Wanted is 00 → 0, 01 → 1, 10 → 1, 11 → 0.")


def _output_weights(knots: Sequence[float], values: Sequence[float]) -> np.ndarray:
    return np.diff(np.diff(values) / np.diff(knots), prepend=0)


@exercise("neuron-knots")
def _knots(answer: object) -> str:
    rng = np.random.default_rng(9)
    curves = [
        (np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0])),
        (np.array([0.0, 0.25, 0.5, 0.75, 1.0]), np.array([3.0, -1.0, 2.0, 2.0, 5.0])),
        (np.cumsum(rng.uniform(0.1, 1, size=7)), rng.normal(size=7)),
        (np.array([1.0, 3.0]), np.array([2.0, -2.0])),
    ]

    def evenly(knots: np.ndarray, values: np.ndarray) -> np.ndarray:
        return np.diff(np.diff(values) / (knots[1] - knots[0]), prepend=0)

    expect_same_function(
        answer,
        _output_weights,
        name="output_weights",
        calls=[(curve, {}) for curve in curves],
        mistakes=[
            (
                lambda knots, values: np.diff(values) / np.diff(knots),
                "Those are the slopes. Earlier units go on rising, so each unit adds only the change of slope.",
            ),
            (
                lambda knots, values: np.diff(np.diff(values) / np.diff(knots)),
                "The changes of slope are right, but the first unit's is missing: before it the slope is 0.",
            ),
            (
                lambda knots, values: np.diff(np.diff(values), prepend=0),
                "Those are changes of height. A slope is height over width: divide by the distance of the knots.",
            ),
            (evenly, "Right for evenly spaced knots only. Each slope has its own width, np.diff(knots)."),
            (
                lambda knots, values: values[:-1],
                "The values would be right for steps. ReLU units add slopes.",
            ),
        ],
    )
    return "Each unit bends the line at its knot by the change of slope."
