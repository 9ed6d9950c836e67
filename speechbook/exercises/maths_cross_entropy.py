"""Checkers for *Cross-entropy and softmax* in the part *maths*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import expect_same_function


def _softmax(z: np.ndarray, axis: int | None = -1) -> np.ndarray:
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _plain_softmax(z: np.ndarray) -> np.ndarray:
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


@exercise("ce-quarter")
def _quarter(answer: object) -> str:
    expect_number(
        answer,
        np.log(4),
        hints={
            2.0: "That is right in bits; the question asks for nats, so take the natural logarithm.",
            -np.log(4): "The size is right. The loss is MINUS the logarithm: a price, never below 0.",
            0.75: "No subtraction: the price of the probability p is −log p.",
            np.log10(4): "That is the logarithm to the base 10; nats take the natural one.",
            -np.log(0.75): "That is the price of the other words together. Which word was said?",
        },
        hint="Only the word that was said counts: −log of its probability, with the natural logarithm.",
        tolerance=1e-3,
    )
    return "log 4: two bits, or 1.386 nats."


@exercise("ce-commands")
def _commands(answer: object) -> str:
    expect_number(
        answer,
        np.log(35),
        hints={
            np.log(10): "That is the value for ten words. Here there are 35.",
            np.log2(35): "That is right in bits; the question asks for nats.",
            -np.log(35): "The size is right, the sign is not: a loss is −log p.",
            1 / 35: "That is the probability of the word that was said. What is its price?",
            0.0: "0 would be perfect certainty in the right word, before any training.",
        },
        hint="A network that knows nothing gives every word about the same probability, 1/35.",
        tolerance=0.01,
    )
    return "log 35, about 3.56. If the first loss is far from it, look at labels and scores before you train on."


@exercise("ce-softmax")
def _check_softmax(answer: object) -> str:
    rng = np.random.default_rng(0)
    ordinary = [np.array([2.0, 1.0, 0.1]), rng.normal(size=(3, 4)), rng.normal(size=(3, 3)), rng.normal(size=(2, 3, 5))]
    large = [np.array([1000.0, 1001.0, 999.0]), np.array([[-1000.0, 0.0], [800.0, 800.0]])]
    expect_same_function(
        answer,
        _softmax,
        name="softmax",
        calls=[((z,), {}) for z in ordinary + large],
        mistakes=[
            (_plain_softmax, "Right for small scores, but exp(1000) overflows. Subtract the largest score first."),
            (
                lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=-1, keepdims=True),
                "You subtract the largest score of the whole batch. In a row far below it every exponential "
                "becomes 0; subtract each row's own largest.",
            ),
            (
                lambda z: _softmax(z, axis=None),
                "Your sum runs over the whole array. Each clip's row should add up to 1.",
            ),
            (
                lambda z: _softmax(z, axis=0),
                "You add along the first axis, the clips. The classes are on the last one.",
            ),
            (lambda z: 1 / (1 + np.exp(-z)), "Those are sigmoids. They do not add up to 1."),
            (
                lambda z: z / z.sum(axis=-1, keepdims=True),
                "Scores may be negative, so dividing by their sum is not enough: take exponentials first.",
            ),
        ],
    )
    return "Positive, adding up to 1, and safe from overflow."


@exercise("ce-gradient")
def _gradient(answer: object) -> str:
    def right(z: np.ndarray, labels: np.ndarray) -> np.ndarray:
        return (_softmax(z) - np.eye(z.shape[1])[labels]) / len(z)

    rng = np.random.default_rng(0)
    shapes = [(1, 3), (4, 10), (6, 2), (5, 5)]
    batches = [(rng.normal(size=shape), rng.integers(0, shape[1], shape[0])) for shape in shapes]
    expect_same_function(
        answer,
        right,
        name="score_gradient",
        calls=[((np.array([[2.0, 1.0, 0.1]]), np.array([1])), {}), *((batch, {}) for batch in batches)],
        mistakes=[
            (lambda z, y: -right(z, y), "The sign is turned round: belief minus truth, p − y."),
            (
                lambda z, y: right(z, y) * len(z),
                "That is the gradient of the SUM. The mean over the clips divides by their number.",
            ),
            (lambda z, y: right(z, y) / z.shape[1], "Divide by the number of clips only, not by that of the classes."),
            (lambda z, y: _softmax(z) / len(z), "You have p; the truth has to be subtracted: p − y."),
            (
                lambda z, y: (z - np.eye(z.shape[1])[y]) / len(z),
                "You subtract the truth from the scores. Turn them into probabilities first.",
            ),
            (
                lambda z, y: (_softmax(z) - y[:, None]) / len(z),
                "You subtract the label's number. One-hot rows are needed: np.eye(z.shape[1])[labels].",
            ),
        ],
    )
    return "p − y, divided by the number of clips."


@exercise("ce-seven")
def _seven(answer: object) -> str:
    expect_number(
        answer,
        -6,
        hints={
            6: "Mind the sign: 1 − 7.",
            7: "7 stands before log p. The other weight is 1 − y.",
            -7: "7 stands before log p. The other weight is 1 − y.",
            0: "For a valid label 1 it would be 0. For 7 it is 1 − 7.",
            1: "For a valid label 0 it would be 1. For 7 it is 1 − 7.",
            0.3: "A label is not divided by ten; Keras takes it as it is.",
        },
        hint="The weight of log(1 − p) is 1 − y, whatever y is.",
    )
    return "A negative weight: certainty is not punished but rewarded, without limit."


@exercise("ce-one-of-k")
def _one_of_k(answer: object) -> str:
    expect_number(
        answer,
        10,
        hints={
            1: "That is the article's 'one bit'. Only one component is 1, but all K are written down.",
            4: "Four bits are enough to NUMBER ten digits; one-of-K writes one component for each of them.",
            9: "Nine would do, since the tenth follows from the others; but one-of-K writes all of them.",
            np.log2(10): "That is the information in a digit, in bits. The code is longer: one component a digit.",
            7: "7 was the label in the chapter's example. How long is its row?",
        },
        hint="One component for each of the K classes; a digit is one of ten.",
    )
    return "Ten components, one of which is 1."


def _kl(y: np.ndarray, p: np.ndarray) -> float:
    some = y > 0
    return float(np.sum(y[some] * np.log(y[some] / p[some])))


@exercise("ce-kl")
def _check_kl(answer: object) -> str:
    pairs = [
        ([0.6, 0.3, 0.1], [0.2, 0.5, 0.3]),
        ([0.25] * 4, [0.25] * 4),
        ([0.0, 1.0, 0.0], [0.1, 0.7, 0.2]),
        ([0.5, 0.0, 0.5], [0.8, 0.1, 0.1]),
    ]
    zero_breaks = (
        "Right as long as nothing is 0. A certain label has 0 log 0, which NumPy calls nan; leave those terms out."
    )
    expect_same_function(
        answer,
        _kl,
        name="kl",
        calls=[((np.array(y), np.array(p)), {}) for y, p in pairs],
        mistakes=[
            (lambda y, p: np.sum(y * np.log(y / p)), zero_breaks),
            (lambda y, p: np.sum(y * (np.log(y) - np.log(p))), zero_breaks),
            (lambda y, p: -_kl(y, p), "The sign is turned round: a divergence is never negative."),
            (
                lambda y, p: -np.sum(y * np.log(p)),
                "That is the cross-entropy. Take off the entropy of y, so that equal distributions give 0.",
            ),
            (lambda y, p: _kl(y, p) / np.log(2), "That is right in bits; nats take the natural logarithm."),
            (
                lambda y, p: np.sum(np.where(p > 0, p * np.log(p / np.maximum(y, 1e-300)), 0)),
                "That is KL(p ‖ y): the weights before the logarithm are those of the truth, y.",
            ),
            (lambda y, p: np.mean(np.where(y > 0, y * np.log(np.maximum(y, 1e-300) / p), 0)), "A sum, not a mean."),
            (
                lambda y, p: np.abs(y - p).sum(),
                "That is a distance between the numbers. Compare logarithms: log y − log p.",
            ),
        ],
    )
    return "0 for equal distributions, positive for all others."


@exercise("ce-smooth")
def _smooth(answer: object) -> str:
    def right(labels: np.ndarray, n_classes: int, epsilon: float) -> np.ndarray:
        return (1 - epsilon) * np.eye(n_classes)[labels] + epsilon / n_classes

    def others_only(labels: np.ndarray, n_classes: int, epsilon: float) -> np.ndarray:
        rows = np.eye(n_classes)[labels]
        return (1 - epsilon) * rows + (1 - rows) * epsilon / (n_classes - 1)

    expect_same_function(
        answer,
        right,
        name="smooth",
        calls=[
            ((np.array([7, 0, 9]), 10, 0.1), {}),
            ((np.array([1, 0]), 2, 0.2), {}),
            ((np.array([2, 2, 1, 0]), 3, 0.0), {}),
            ((np.array([3]), 4, 0.5), {}),
        ],
        mistakes=[
            (
                others_only,
                "You share ε among the wrong classes only. In the formula everyone gets ε / K, the right class too.",
            ),
            (
                lambda y, k, e: np.eye(k)[y] + e / k,
                "Your rows add up to 1 + ε. What is given to all has to be taken from the right class: (1 − ε) y.",
            ),
            (lambda y, k, e: (1 - e) * np.eye(k)[y], "Your rows add up to 1 − ε. Share out what you took: + ε / K."),
            (lambda y, k, e: (1 - e) * np.eye(k)[y] + e, "Share ε among the K classes: each gets ε / K, not ε."),
            (lambda y, k, e: e * np.eye(k)[y] + (1 - e) / k, "ε and 1 − ε are exchanged: the label keeps 1 − ε."),
        ],
    )
    return "Each row adds up to 1 again, and no class is asked to be impossible."


@exercise("ce-binary")
def _binary(answer: object) -> str:
    def right(y: np.ndarray, z: np.ndarray) -> np.ndarray:
        return np.logaddexp(0, np.where(y == 1, -z, z))

    def by_sigmoid(y: np.ndarray, z: np.ndarray) -> np.ndarray:
        p = 1 / (1 + np.exp(-z))
        return -(y * np.log(p) + (1 - y) * np.log(1 - p))

    def by_exp(y: np.ndarray, z: np.ndarray) -> np.ndarray:
        return np.log(1 + np.exp(np.where(y == 1, -z, z)))

    def clipped(y: np.ndarray, z: np.ndarray, least: float = 1e-7) -> np.ndarray:
        p = np.clip(1 / (1 + np.exp(-z)), least, 1 - least)
        return -(y * np.log(p) + (1 - y) * np.log(1 - p))

    expect_same_function(
        answer,
        right,
        name="binary_loss",
        calls=[
            ((np.array([1, 0, 1, 0]), np.array([0.3, -2.0, -5.0, 1.5])), {}),
            ((np.array([1, 0]), np.array([0.0, 0.0])), {}),
            ((np.array([1, 0, 1, 0]), np.array([1000.0, 1000.0, -1000.0, -1000.0])), {}),
        ],
        mistakes=[
            (by_sigmoid, "Right for small scores. At ±1000 the sigmoid is exactly 0 or 1, and its logarithm infinite."),
            (by_exp, "Right for small scores, but exp(1000) overflows. np.logaddexp(0, x) is log(1 + e^x), safely."),
            (clipped, "Clipping hides the overflow, but a wrong score of 1000 costs 1000 nats, not 16."),
            (lambda y, z: right(1 - y, z), "Labels 1 and 0 are exchanged: for y = 1 a large score must cost nothing."),
            (lambda y, z: np.mean(right(y, z)), "One loss a clip is asked for, not their mean."),
            (
                lambda y, z: -(y * np.log(z) + (1 - y) * np.log(1 - z)),
                "z is a score, not a probability: it may be negative, or far above 1.",
            ),
        ],
    )
    return "That is what from_logits=True does for you."


@exercise("ce-models")
def _models(answer: object) -> str:
    expect_choices(
        answer,
        {"lower loss": "B", "fewer errors": "A", "moved by temperature": "loss"},
        choices=("A", "B", "loss", "errors"),
        hints={
            ("lower loss", "A"): "Compute −log p for each clip, then the mean: A pays 0.92 every time.",
            (
                "fewer errors",
                "B",
            ): "B gives one right word only 0.01, so another word wins there. A's word always wins.",
            ("moved by temperature", "errors"): "Temperature keeps the order of the words, so the same word wins.",
        },
        other="Look at {key!r} again: the first two want 'A' or 'B', the third 'loss' or 'errors'.",
    )
    return "Two questions, two winners; and temperature changes the one number without touching the other."
