"""Checkers for the chapter *Small devices*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.functions import Call, expect_same_function


@exercise("devices-levels")
def _levels(answer: object) -> str:
    expect_number(
        answer,
        15,
        hints={
            16: "Sixteen patterns of bits, but one of them, −8, has no partner above zero and is left out.",
            14: "Seven below and seven above; what about zero itself?",
            7: "That is the largest whole number. Count those below zero, too, and zero.",
            8: "One bit goes to the sign; count what is left on both sides of zero.",
        },
        hint="From −(2³ − 1) to 2³ − 1, in steps of one.",
    )
    return "−7 … 7: as many below zero as above."


@exercise("devices-adds")
def _adds(answer: object) -> str:
    first, second, dense, last = 26 * 26 * 9 * 32, 24 * 24 * 9 * 32 * 64, 12 * 12 * 64 * 128, 1280
    expect_number(
        answer,
        first + second + dense + last,
        hints={
            28 * 28 * 9 * 32 + 28 * 28 * 9 * 32 * 64 + 14 * 14 * 64 * 128 + last: "Without padding a kernel of 3 takes "
            "two rows and two columns off: 28 becomes 26, then 24.",
            first + 24 * 24 * 9 * 64 + dense + last: "Each of the 64 kernels reads all 32 maps: 3 × 3 × 32 weights.",
            9 * 32 + 9 * 32 * 64 + dense + last: "Those are the weights. A convolution uses its kernel at every place.",
            first + second + 24 * 24 * 64 * 128 + last: "The dense layer comes after pooling: 12 × 12 places.",
            2 * (first + second + dense + last): "A multiply-add is one operation here: a product with its sum.",
            1_199_882: "That is the number of parameters.",
        },
        hint="Places of the output × weights of one kernel × kernels, layer by layer: 26 × 26 × 9 × 32 and so on.",
    )
    return "Twelve million, 88.5 % of them in the second convolution."


def _gru(steps: int, inputs: int, units: int) -> int:
    return steps * 3 * units * (inputs + units)


@exercise("devices-gru")
def _gru_adds(answer: object) -> str:
    expect_same_function(
        answer,
        _gru,
        name="gru_adds",
        calls=[((25, 128, 48), {}), ((10, 3, 7), {}), ((1, 5, 5), {})],
        mistakes=[
            (lambda s, i, u: s * 4 * u * (i + u), "Four kernels are an LSTM's. A GRU has three."),
            (lambda s, i, u: s * u * (i + u), "That is a plain recurrent layer. A GRU has three such kernels."),
            (lambda s, i, u: 3 * u * (i + u), "That is one step, and the number of weights. All steps are asked for."),
            (lambda s, i, u: s * 3 * u * i, "The state is multiplied as well: units × units, three times a step."),
            (lambda s, i, u: s * 3 * (u * (i + u) + u), "Biases are added, not multiplied."),
        ],
    )
    return "The weights are few, but every step needs all of them, and the step before it."


def _kernels() -> list[Call]:
    rng = np.random.default_rng(5)
    return [((rng.normal(size=(6, 4)) * [0.1, 1, 3, 10], bits), {}) for bits in (2, 4, 8)]


def _rounded(kernel: np.ndarray, bits: int) -> np.ndarray:
    step = np.abs(kernel).max(axis=0) / (2 ** (bits - 1) - 1)
    return np.rint(kernel / step) * step


def _whole(kernel: np.ndarray, bits: int) -> np.ndarray:
    return np.rint(kernel / (np.abs(kernel).max(axis=0) / (2 ** (bits - 1) - 1)))


def _one_step(kernel: np.ndarray, bits: int) -> np.ndarray:
    step = np.abs(kernel).max() / (2 ** (bits - 1) - 1)
    return np.rint(kernel / step) * step


def _by_row(kernel: np.ndarray, bits: int) -> np.ndarray:
    return _rounded(kernel.T, bits).T


def _too_wide(kernel: np.ndarray, bits: int) -> np.ndarray:
    step = np.abs(kernel).max(axis=0) / 2 ** (bits - 1)
    return np.rint(kernel / step) * step


@exercise("devices-quantise")
def _quantise(answer: object) -> str:
    expect_same_function(
        answer,
        _rounded,
        name="quantise",
        calls=_kernels(),
        mistakes=[
            (_whole, "Those are the whole numbers. Multiply by the step, so that they are weights again."),
            (_one_step, "One step for the whole kernel: give each output, each column, its own."),
            (_by_row, "One step a row. Outputs are the columns: take the maximum over axis 0."),
            (_too_wide, "The largest whole number is 2^(bits − 1) − 1: with 4 bits 7, not 8."),
        ],
    )
    return "No weight has moved by more than half a step."


def _matrices() -> list[Call]:
    rng = np.random.default_rng(6)
    return [((rng.normal(size=(5, 4)), share), {}) for share in (0.5, 0.25, 0.0, 1.0)]


def _pruned(kernel: np.ndarray, share: float) -> np.ndarray:
    pruned = np.array(kernel)
    pruned.flat[np.argsort(np.abs(kernel), axis=None)[: round(share * kernel.size)]] = 0
    return pruned


def _most_negative(kernel: np.ndarray, share: float) -> np.ndarray:
    pruned = np.array(kernel)
    pruned.flat[np.argsort(kernel, axis=None)[: round(share * kernel.size)]] = 0
    return pruned


def _largest(kernel: np.ndarray, share: float) -> np.ndarray:
    pruned = np.array(kernel)
    pruned.flat[np.argsort(-np.abs(kernel), axis=None)[: round(share * kernel.size)]] = 0
    return pruned


@exercise("devices-prune")
def _prune(answer: object) -> str:
    expect_same_function(
        answer,
        _pruned,
        name="prune",
        calls=_matrices(),
        mistakes=[
            (_most_negative, "Least *magnitude*: large negative weights must stay. Rank the absolute values."),
            (_largest, "Those are the largest. The smallest go."),
            (lambda k, s: _pruned(k, 1 - s), "That is the share that stays."),
            (
                lambda k, s: np.where(np.abs(k) < s * np.abs(k).max(), 0, k),
                "That is a threshold on the value. A share of the *number* of weights is asked for.",
            ),
        ],
    )
    return "Now train on, with the zeros held."


@exercise("devices-rank")
def _rank(answer: object) -> str:
    expect_number(
        answer,
        64,
        hints={
            128: "With rank 128 the factors hold 2 × 256 × 128 weights, as many as the matrix: nothing is saved.",
            32: "Then they hold a quarter. Half is allowed.",
            256: "That is the full rank: the factors would hold twice as many weights as the matrix.",
        },
        hint="Two factors of rank r hold r × (256 + 256) weights; half of 256 × 256 may not be exceeded.",
    )
    return "A quarter of the full rank, to save half. That is why narrow layers gain nothing."


@exercise("devices-sparse")
def _sparse(answer: object) -> str:
    expect_number(
        answer,
        3250,
        hints={
            2000: "And who knows where they belong? One bit for each of the 10,000 weights says so.",
            26_000: "Those are bits.",
            9250: "80 % are gone: 2,000 are left, not 8,000.",
            10_000: "That is the kernel before pruning.",
        },
        hint="10,000 bits for the map, and 2,000 weights of one byte.",
    )
    return "A third of 10,000 bytes, not a fifth: the map of the holes is not free."


def _probabilities() -> list[Call]:
    rng = np.random.default_rng(7)
    return [((rng.dirichlet(np.ones(10)), temperature), {}) for temperature in (2.0, 5.0, 0.5)]


def _softened(p: np.ndarray, temperature: float) -> np.ndarray:
    powers = p ** (1 / temperature)
    return powers / powers.sum()


@exercise("devices-soften")
def _soften(answer: object) -> str:
    expect_same_function(
        answer,
        _softened,
        name="soften",
        calls=_probabilities(),
        mistakes=[
            (lambda p, t: p ** (1 / t), "They must add up to 1 again."),
            (lambda p, t: _softened(p, 1 / t), "That sharpens where it should soften: the exponent is 1 / T."),
            (
                lambda p, t: np.exp(p / t) / np.exp(p / t).sum(),
                "The *scores* are divided, and they are the logarithms of p (but for a constant): not p itself.",
            ),
            (lambda p, t: p, "Nothing has changed."),
        ],
    )
    return "Scores are log p up to a constant; dividing them by T takes the T-th root of p."
