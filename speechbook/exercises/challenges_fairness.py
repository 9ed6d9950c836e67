"""Checkers for the chapter *For whom it works*."""

from __future__ import annotations

from math import comb

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.functions import Call, expect_same_function


@exercise("fair-ratio")
def _ratio(answer: object) -> str:
    expect_number(
        answer,
        2.5,
        hints={
            85 / 94: "That is the ratio of the accuracies. Compare how often each is *wrong*.",
            0.09: "That is the gap in points. The ratio divides one error by the other.",
            9: "That is the gap in points. The ratio divides one error by the other.",
            0.4: "The other way round: the group's error by the mean error.",
        },
        hint="One minus the group's accuracy, divided by one minus the mean accuracy.",
    )
    return "Nine points in accuracy, and two and a half times as many misunderstandings."


def _clips() -> list[Call]:
    rng = np.random.default_rng(3)
    calls = []
    for sizes in ((5, 50, 20), (8, 8), (30, 2, 9, 40)):
        group = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
        calls.append((((rng.random(len(group)) < 0.5 + 0.1 * group).astype(int), group), {}))
    return calls


def _worst_group(right: np.ndarray, group: np.ndarray) -> float:
    return min(right[group == g].mean() for g in np.unique(group))


@exercise("fair-worst-group")
def _worst(answer: object) -> str:
    expect_same_function(
        answer,
        _worst_group,
        name="worst_group",
        calls=_clips(),
        mistakes=[
            (lambda r, g: r.mean(), "That is the mean over all clips. Take the mean of each group, then the smallest."),
            (
                lambda r, g: min(r[g == k].sum() for k in np.unique(g)),
                "That is a number of clips. A small group has few right clips; divide by its size.",
            ),
            (lambda r, g: max(r[g == k].mean() for k in np.unique(g)), "That is the best group."),
            (lambda r, g: 1 - _worst_group(r, g), "That is its error rate. The accuracy is asked for."),
            (
                lambda r, g: np.argmin([r[g == k].mean() for k in np.unique(g)]),
                "That is the number of the group. Its accuracy is asked for.",
            ),
        ],
    )
    return "The mean hides it, the smaller the group the better."


@exercise("fair-needed")
def _needed(answer: object) -> str:
    expect_number(
        answer,
        63,
        hints={
            62.72: "Nearly: there are no parts of people. Round up.",
            62: "Round up, or the test is a little too weak.",
            32: "There are two groups, and both scatter: a factor of 2 is missing.",
            126: "That is both groups together. How many are in each?",
            31: "There are two groups, and both scatter: a factor of 2 is missing.",
        },
        hint="2 · (1.96 + 0.84)² · 8² / 4², rounded up.",
    )
    return "Sixty-three people in each group, for four points."


@exercise("fair-least")
def _least(answer: object) -> str:
    expect_number(
        answer,
        1 / comb(8, 4),
        tolerance=0.02,
        hints={
            1 / 2**8: "Four of eight have glasses in every shuffle: not all 2⁸ patterns can occur.",
            1 / 40320: "Many of the 8! orders give the same two groups.",
            2 / comb(8, 4): "That would be two-sided. One-sided, only one division is the most extreme one.",
            70: "That is the number of divisions. The chance of one of them is asked for.",
            0.05: "That is the usual level. Count the ways to choose four of eight.",
        },
        hint="Count the ways to choose four of eight; the most extreme result is one of them.",
    )
    return "1 in 70: eight people can at least reach significance. Six, two against four, cannot."


def _error(right: np.ndarray, speaker: np.ndarray) -> float:
    own = [right[speaker == s].mean() for s in np.unique(speaker)]
    return np.std(own, ddof=1) / np.sqrt(len(own))


def _binomial(right: np.ndarray, speaker: np.ndarray) -> float:
    return np.sqrt(right.mean() * (1 - right.mean()) / len(right))


@exercise("fair-error")
def _standard_error(answer: object) -> str:
    expect_same_function(
        answer,
        _error,
        name="standard_error",
        calls=_clips(),
        mistakes=[
            (_binomial, "That is the error over clips, as if each came from somebody else."),
            (lambda r, s: _error(r, s) * np.sqrt(len(np.unique(s))), "Divide by the root of the number of speakers."),
            (
                lambda r, s: np.std([r[s == k].mean() for k in np.unique(s)]) / np.sqrt(len(np.unique(s))),
                "Divide by n − 1 in the standard deviation: ddof=1.",
            ),
            (
                lambda r, s: np.std([r[s == k].mean() for k in np.unique(s)], ddof=1) / np.sqrt(len(r)),
                "Divide by the root of the number of *speakers*, not of clips.",
            ),
        ],
    )
    return "More clips of the same speakers hardly change it."


def _p_values() -> list[Call]:
    return [
        ((np.array([0.001, 0.2, 0.012, 0.03]), 0.05), {}),
        ((np.array([0.04, 0.03, 0.02]), 0.05), {}),
        ((np.array([0.6, 0.02, 0.011, 0.9, 0.0126]), 0.05), {}),
        ((np.array([0.02, 0.049, 0.026, 0.001]), 0.1), {}),
    ]


def _holm(p: np.ndarray, level: float) -> np.ndarray:
    rejected = np.zeros(len(p), int)
    for tried, place in enumerate(np.argsort(p)):
        if p[place] > level / (len(p) - tried):
            break
        rejected[place] = 1
    return rejected


def _without_stop(p: np.ndarray, level: float) -> np.ndarray:
    rank = np.argsort(np.argsort(p))
    return (p <= level / (len(p) - rank)).astype(int)


@exercise("fair-holm")
def _holm_procedure(answer: object) -> str:
    expect_same_function(
        answer,
        _holm,
        name="holm",
        calls=_p_values(),
        mistakes=[
            (lambda p, level: (p <= level).astype(int), "Nothing is corrected: each is compared with the whole level."),
            (
                lambda p, level: (p <= level / len(p)).astype(int),
                "That is Bonferroni. After the first rejection the next is compared with level / (n − 1), and so on.",
            ),
            (_without_stop, "Stop at the first that fails: nothing with a larger p may be rejected after it."),
            (
                lambda p, level: np.sort(_holm(p, level))[::-1],
                "Those are the answers in the order of the p-values. Put each back in its place.",
            ),
        ],
    )
    return "As safe as Bonferroni, and never rejects less."


def _groups() -> list[Call]:
    return [
        ((np.array([0.5, 0.5]), np.array([0.2, 1.0]), 0.5), {}),
        ((np.array([0.2, 0.3, 0.5]), np.array([3.0, 0.1, 0.7]), 0.05), {}),
        ((np.array([0.9, 0.1]), np.array([0.0, 2.0]), 1.0), {}),
    ]


def _update(weights: np.ndarray, losses: np.ndarray, rate: float) -> np.ndarray:
    grown = weights * np.exp(rate * losses)
    return grown / grown.sum()


@exercise("fair-dro")
def _dro(answer: object) -> str:
    expect_same_function(
        answer,
        _update,
        name="update",
        calls=_groups(),
        mistakes=[
            (lambda w, x, r: w * np.exp(r * x), "They must add up to 1 again."),
            (lambda w, x, r: _update(w, -x, r), "The other way round: a large loss must make the weight grow."),
            (lambda w, x, r: _update(np.ones_like(w), x, r), "The old weights are forgotten: multiply them."),
            (lambda w, x, r: _update(w, x, 1.0), "The rate is missing in the exponent."),
        ],
    )
    return "A group with a lasting large loss soon has nearly all the weight; hence the small rate."


@exercise("fair-alarm")
def _alarm(answer: object) -> str:
    expect_number(
        answer,
        1 - 0.95**12,
        tolerance=0.002,
        hints={
            0.6: "Adding the chances counts double alarms twice; with 21 groups it would exceed 1.",
            0.95**12: "That is the chance of no alarm at all.",
            0.05: "That is one group's. There are twelve.",
            0.05**12: "That is the chance that *all* twelve are alarmed.",
        },
        hint="One minus the chance that all twelve stay quiet.",
    )
    return "Nearly an even chance of a headline about nothing."
