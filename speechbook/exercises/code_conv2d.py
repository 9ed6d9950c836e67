"""Checkers for the chapter *Article B's program: from handwriting to pictures of sound*."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from speechbook.exercises.checking import exercise, expect_number, expect_text
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import expect_same_function

WEIGHTS = 1_199_882


def _one_hot(labels: np.ndarray, n_classes: int) -> np.ndarray:
    return np.eye(n_classes)[labels]


@exercise("conv2d-one-hot")
def _labels(answer: object) -> str:
    calls = [((np.array([3, 0, 9, 3]), 10), {}), ((np.array([1, 0]), 2), {}), ((np.array([2]), 5), {})]
    expect_same_function(
        answer,
        _one_hot,
        name="one_hot",
        calls=calls,
        mistakes=[
            (lambda labels, n: _one_hot(labels, n).T, "The axes are exchanged: one row a label, one column a class."),
            (
                lambda labels, n: 1 - _one_hot(labels, n),
                "You have a 0 in the right class and 1 in the others; it is the other way round.",
            ),
            (
                lambda labels, n: _one_hot(labels, labels.max() + 1),
                "Your rows are as long as the largest label needs; they must have n_classes columns.",
            ),
            (
                lambda labels, n: _one_hot(labels, n) * labels[:, None],
                "You write the label itself into its place; it should be a 1.",
            ),
        ],
    )
    return "Now the labels have the same rank as the ten outputs."


@exercise("conv2d-both-repairs")
def _both(answer: object) -> str:
    expect_text(
        answer,
        "valueerror",
        hints={
            "trains": "One-hot rows are not whole numbers: try it with attempt(...) from the first section.",
            "typeerror": "It is an error, but another one: try it with attempt(...) from the first section.",
        },
        hint="It does not train. attempt(...) from the first section shows the name of the error.",
    )
    return "The sparse loss wants one number a clip, and now gets ten: the same mistake, turned round."


def _flat(rows: int, columns: int, *, lost: int = 4, maps: int = 64, rounded: Callable = int) -> int:
    return int(rounded((rows - lost) / 2) * rounded((columns - lost) / 2) * maps)


@exercise("conv2d-flatten")
def _flatten(answer: object) -> str:
    sizes = [(28, 28), (29, 41), (6, 6), (40, 100)]
    expect_same_function(
        answer,
        _flat,
        name="flatten_size",
        calls=[(size, {}) for size in sizes],
        mistakes=[
            (lambda r, c: _flat(r, c, maps=1), "The 64 maps are missing."),
            (lambda r, c: _flat(r, c, maps=32), "The second convolution has 64 maps, not 32."),
            (
                lambda r, c: _flat(r, c, lost=2),
                "There are two convolutions, and each of them loses 2 rows and 2 columns.",
            ),
            (
                lambda r, c: _flat(r, c, lost=0),
                "Without padding, a kernel of 3 fits into n cells n − 2 times, twice over.",
            ),
            (lambda r, c: _flat(r, c, rounded=np.ceil), "An incomplete group is dropped, so round down."),
            (lambda r, c: (r - 4) * (c - 4) * 64, "Pooling by 2 × 2 is missing: it halves both axes."),
            (lambda r, c: (r - 4) * (c - 4) // 2 * 64, "Pooling halves both axes, so a quarter of the places is left."),
        ],
    )
    return "9,216 for 28 × 28: the size of the picture is built into the weights behind it."


def _work(rows: int, columns: int, n_in: int, n_out: int) -> int:
    return (rows - 2) * (columns - 2) * 9 * n_in * n_out


@exercise("conv2d-products")
def _products(answer: object) -> str:
    expect_same_function(
        answer,
        _work,
        name="products",
        calls=[((26, 26, 32, 64), {}), ((28, 28, 1, 32), {}), ((10, 40, 3, 5), {})],
        mistakes=[
            (lambda r, c, i, o: r * c * 9 * i * o, "Without padding there are fewer places: rows − 2 and columns − 2."),
            (
                lambda r, c, i, o: 9 * i * o,
                "That counts the kernel once. It does its work at every place of the output.",
            ),
            (lambda r, c, i, o: _work(r, c, 1, o), "Each output map adds up over all n_in input maps."),
            (lambda r, c, i, o: _work(r, c, i, 1), "That is for one output map; there are n_out."),
            (lambda r, c, i, o: _work(r, c, i, o) // 9, "A kernel of 3 × 3 has nine weights for each pair of maps."),
            (lambda r, c, i, o: _work(r, c, i, o) // 3, "A kernel of 3 × 3 has nine weights for each pair of maps."),
        ],
    )
    return "10,616,832 for article B's second layer: 88.5 % of all its work."


@exercise("conv2d-dense-share")
def _share(answer: object) -> str:
    expect_number(
        answer,
        (9216 * 128 + 128) / WEIGHTS,
        tolerance=5e-4,
        hints={
            98.3: "As a number between 0 and 1: divide by 100.",
            100 * (9216 * 128 + 128) / WEIGHTS: "As a number between 0 and 1: divide by 100.",
            9216 * 128 + 128: "Those are its weights; divide by the 1,199,882 of the whole network.",
            1290 / WEIGHTS: "That is the last layer. Meant is the dense layer with 128 units.",
            10_616_832 / 11_992_448: "That is the second convolution's share of the work.",
        },
        hint="The layer has 9,216 · 128 weights and 128 biases, and the network 1,199,882 in all.",
    )
    return "One layer, 98.3 %: whoever wants a smaller network knows where to begin."


@exercise("conv2d-average-weights")
def _average(answer: object) -> str:
    expect_number(
        answer,
        28_426,
        hints={
            20_106: "You left out the dense layer of 128. It stays, and reads 64 numbers instead of 9,216.",
            118_538: "That is for a maximum over one axis, which leaves 12 · 64 numbers. A global average leaves 64.",
            WEIGHTS: "That is the network with Flatten. Now the dense layer reads 64 numbers.",
            28_192: "The biases are missing.",
            WEIGHTS - 9216: "Pooling has no weights, but the dense layer behind it changes: it reads 64 numbers.",
        },
        hint="320 + 18,496 for the convolutions; then 64 · 128 + 128 and 128 · 10 + 10.",
    )
    return "A forty-second part of the weights, and any size of picture."


def _raised(picture: np.ndarray, bands: int) -> np.ndarray:
    moved = np.zeros_like(picture)
    moved[bands:] = picture[: len(picture) - bands]
    return moved


@exercise("conv2d-raise")
def _raise(answer: object) -> str:
    rng = np.random.default_rng(3)
    calls = [((rng.normal(size=(8, 6)), 3), {}), ((rng.normal(size=(5, 5)), 1), {}), ((rng.normal(size=(4, 7)), 0), {})]
    expect_same_function(
        answer,
        _raised,
        name="raise_bands",
        calls=calls,
        mistakes=[
            (
                lambda p, k: np.roll(p, k, axis=0),
                "np.roll brings back at the bottom what has left at the top; there should be zeros.",
            ),
            (
                lambda p, k: _raised(p[::-1], k)[::-1],
                "That is down: row 0 is the lowest band, so up means larger row numbers.",
            ),
            (lambda p, k: _raised(p.T, k).T, "That moves along time: the bands are the first axis."),
            (lambda p, k: np.pad(p, ((k, 0), (0, 0))), "The picture must keep its size: drop what leaves at the top."),
        ],
    )
    return "Two cells of that cost far more on FSDD than two cells of time."


@exercise("conv2d-three-sets")
def _sets(answer: object) -> str:
    innocence = "Choosing an architecture is a choice, too, and costs a set its innocence: validation."
    expect_choices(
        answer,
        {"a": "training", "b": "validation", "c": "validation", "d": "test"},
        choices=("training", "validation", "test"),
        hints={
            ("a", "test"): "Weights are set by the training set, and by nothing else.",
            ("b", "test"): "Stopping is a choice. What makes choices is the validation set, or the test is used up.",
            (
                "b",
                "training",
            ): "On the training set more epochs always look better. What makes choices is the validation set.",
            ("c", "test"): innocence,
            (
                "d",
                "validation",
            ): "That set has made choices. The number that others read must come from clips that had no say.",
        },
        other="Look at ({key}) again: who sets weights, who chooses, who only measures?",
    )
    return "And each of the three should hold different speakers."
