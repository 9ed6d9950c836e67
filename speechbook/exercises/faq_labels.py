"""Checkers for the chapter *Learning with few labels*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number, expect_text
from speechbook.exercises.functions import expect_same_function


@exercise("labels-share")
def _share(answer: object) -> str:
    expect_number(
        answer,
        0.01,
        hints={
            20: "That is how many. Divide by all clips.",
            1: "As a share: 1 % is 0.01.",
            0.001: "Two of each *digit*.",
        },
        hint="Two clips, ten digits, 2,000 clips.",
    )
    return "1 %."


@exercise("labels-halved")
def _halved(answer: object) -> str:
    expect_number(
        answer,
        7 / 18,
        tolerance=0.01,
        hints={
            0.07: "That is the gain in accuracy. Compare it with the errors that there were.",
            0.11: "These errors are left.",
            11 / 18: "This share of the errors is *left*.",
            7 / 82: "Compare with the errors, not with what was right.",
        },
        hint="How large was the share of errors before, how large is it now?",
    )
    return "Seven of eighteen errors, for ten seconds of somebody's time."


def _prototypes(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return np.stack([rows[labels == label].mean(axis=0) for label in np.unique(labels)])


@exercise("labels-prototypes")
def _prototypes_check(answer: object) -> str:
    rng = np.random.default_rng(0)
    calls = [
        ((rng.normal(size=(12, 3)), np.array([7, 2, 5] * 4)), {}),
        ((rng.normal(size=(5, 4)), np.array([3, 1, 1, 3, 3])), {}),
        ((rng.normal(size=(3, 2)), np.array([0, 1, 2])), {}),
    ]
    expect_same_function(
        answer,
        _prototypes,
        name="prototypes",
        calls=calls,
        mistakes=[
            (
                lambda rows, labels: np.stack([rows[labels == k].sum(axis=0) for k in np.unique(labels)]),
                "The mean, not the sum: a word with more examples would count more.",
            ),
            (
                lambda rows, labels: np.stack([rows[labels == k].mean(axis=0) for k in dict.fromkeys(labels.tolist())]),
                "In the order of sorted labels, whichever comes first in the examples.",
            ),
            (
                lambda rows, labels: np.stack([rows[labels == k][0] for k in np.unique(labels)]),
                "That is the first example of each label. Average them all.",
            ),
            (
                lambda rows, labels: np.array([rows[labels == k].mean() for k in np.unique(labels)]),
                "One mean for each column: take the mean over axis 0.",
            ),
        ],
    )
    return "With one example each, the prototype is that example."


@exercise("labels-dtw")
def _dtw(answer: object) -> str:
    expect_number(
        answer,
        1,
        hints={
            3: "That is frame against frame, without any waiting: |1 − 1| + |2 − 5| + |5 − 5|.",
            0: "The 2 has to lie on something, and there is no 2 on the other side.",
            1 / 6: "Without dividing by the lengths.",
        },
        hint="Let the first 1 of the second sequence wait for 1 and 2, and the last 5 of the first for both fives.",
    )
    return "Only the 2 costs anything."


@exercise("labels-margin")
def _margin(answer: object) -> str:
    expect_number(
        answer,
        2,
        hints={3: "Count from 0.", 0: "0.5 − 0.4 is 0.1. There is a smaller margin."},
        hint="Take the difference between the two largest chances of each clip.",
    )
    return "By luck it also has the lowest best chance here."


def _surer(chances: np.ndarray, share: float) -> np.ndarray:
    sure = np.asarray(chances).max(axis=1)
    return np.argsort(-sure)[: round(share * len(sure))]


def _by_first_class(chances: np.ndarray, share: float) -> np.ndarray:
    chances = np.asarray(chances)
    return np.argsort(-chances[:, 0])[: round(share * len(chances))]


@exercise("labels-surer")
def _surer_check(answer: object) -> str:
    rng = np.random.default_rng(1)
    draws = [rng.dirichlet(np.full(4, 0.7), size=n) for n in (10, 7, 20)]
    expect_same_function(
        answer,
        _surer,
        name="surer",
        calls=[((chances, share), {}) for chances, share in zip(draws, (0.5, 0.3, 1.0), strict=True)],
        mistakes=[
            (
                lambda chances, share: np.argsort(np.max(chances, axis=1))[: round(share * len(chances))],
                "These are the least sure ones, whom active learning would ask about.",
            ),
            (
                lambda chances, share: np.flatnonzero(np.max(chances, axis=1) >= share),
                "The share says how many clips to keep; it is no threshold.",
            ),
            (
                lambda chances, share: np.sort(_surer(chances, share)),
                "The surest first: keep the order of the sorting.",
            ),
            (_by_first_class, "Sure of *any* class: take the largest probability of each row."),
        ],
    )
    return "A share instead of a threshold always keeps something."


@exercise("labels-unseen-phone")
def _unseen_phone(answer: object) -> str:
    expect_text(
        answer,
        ("AY", "ay", "/aɪ/", "aɪ"),
        hints={
            "n": '"One" and "seven" have N.',
            "v": '"Seven" has V, and it is not in "nine".',
            "f": '"Four" has F, and it is not in "nine".',
        },
        hint='A phone such as "N". Look for a sound of "nine" in the other words.',
    )
    return "So no clip can teach it, and the description of both words is half unknown."


@exercise("labels-precision")
def _precision(answer: object) -> str:
    expect_number(
        answer,
        0.5,
        hints={
            0.3: "That is the share of errors in the whole.",
            500: "That is how many. As a share of the half.",
            0.8: "Not the mean: what is right in both halves adds up to 1,400.",
            0.2: "The difference of shares is not a share of the half.",
        },
        hint="1,400 are right in all, 900 of them among the surer half.",
    )
    return "Half of it would be learned wrongly."
