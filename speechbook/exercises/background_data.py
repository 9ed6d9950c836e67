"""Checkers for *Data, splits and honest numbers* in the part *background*."""

from __future__ import annotations

from math import comb, sqrt

import numpy as np

from speechbook import metrics
from speechbook.exercises.background import call_answer
from speechbook.exercises.checking import Hint, describe, exercise, expect_function, expect_number
from speechbook.exercises.functions import expect_same_function


def _pair(value: object, *, shown: str) -> np.ndarray:
    """Accept (low, high) as a function's result."""
    try:
        pair = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        pair = np.empty(0)
    if pair.shape != (2,) or not np.all(np.isfinite(pair)):
        raise Hint(f"{shown} should give two numbers, (low, high), but gives {describe(value)}.")
    return pair


@exercise("splits-shared-speakers")
def _shared_speakers(answer: object) -> str:
    expect_number(
        answer,
        6,
        hints={
            0: "No shared speaker: that would be a split by speaker. The official split takes clips 0-4 of EVERY one.",
            300: "300 is the number of test clips; count the people behind them.",
            5: "Takes 0 to 4 are five, but they are clips; count the people.",
        },
        hint="Which of the six speakers has clips 0-4, and which has clips 5-49?",
    )
    return "All six: the official split measures new recordings of known people."


@exercise("splits-pairs")
def _pairs(answer: object) -> str:
    expect_number(
        answer,
        15,
        hints={
            30: "You counted george with theo and theo with george as two splits; they hold out the same people.",
            36: "A speaker cannot be paired with himself, and the order does not matter.",
            12: "It is not 6 times 2: choose a first (6 ways), a second (5 ways), and forget the order.",
        },
        hint="Choose 2 of 6: 6 · 5 ordered choices, and each pair appears twice among them.",
    )
    return "Fifteen splits, fifteen results; name the one you report."


@exercise("splits-leave-out")
def _leave_out(answer: object) -> str:
    expect_function(answer, example="leave_out(speaker, ['theo'])")
    cases = [
        (["a", "a", "b", "c"], ["b"]),
        (["lucas", "theo", "george", "theo"], ["theo", "lucas"]),
        (["ann", "anna", "ann"], ["anna"]),
    ]
    for speakers, held_out in cases:
        speaker = np.array(speakers)
        test = np.array([name in held_out for name in speakers])
        shown = f"leave_out({speakers}, {held_out})"
        value = call_answer(answer, speaker, list(held_out), shown=shown)
        if not isinstance(value, tuple | list) or len(value) != 2:
            raise Hint(f"{shown} should give two masks, (train, test), but gives {describe(value)}.")
        masks = [np.asarray(part) for part in value]
        if any(mask.dtype != bool or mask.shape != test.shape for mask in masks):
            raise Hint(f"{shown}: each mask needs one True or False a clip, here {len(speakers)} of them.")
        if np.array_equal(masks[0], test) and np.array_equal(masks[1], ~test):
            raise Hint(f"{shown}: your masks are swapped. The held-out speakers are the TEST clips.")
        if (masks[0] & masks[1]).any():
            raise Hint(f"{shown}: some clip is in both masks; train must be everything that test is not.")
        if not np.array_equal(masks[1], test) or not np.array_equal(masks[0], ~test):
            raise Hint(
                f"{shown}: the test mask should be {test.tolist()} and the train mask its opposite. Compare "
                "whole names, for ALL held-out speakers."
            )
    return "Disjoint by construction: no voice can be on both sides."


@exercise("splits-wilson")
def _wilson(answer: object) -> str:
    def wald(successes: int, n: int) -> np.ndarray:
        share = successes / n
        return share + 1.96 * sqrt(share * (1 - share) / n) * np.array([-1, 1])

    expect_same_function(
        answer,
        metrics.wilson_interval,
        name="wilson",
        calls=[((374, 500), {}), ((50, 100), {}), ((20, 20), {}), ((0, 7), {}), ((1, 3), {})],
        mistakes=[
            (
                wald,
                "This is p ± 1.96·√(p(1-p)/n), which has no width at all when everything is right. Use the solved "
                "form: the centre moves towards 1/2.",
            ),
            (
                lambda s, n: np.clip(wald(s, n), 0, 1),
                "Cutting p ± 1.96·√(p(1-p)/n) at 0 and 1 does not mend it: 20 of "
                "20 right still gets no width. Use the solved form.",
            ),
            (lambda s, n: metrics.wilson_interval(s, n)[::-1], "The lower end comes first."),
            (
                lambda s, n: metrics.wilson_interval(s, n, confidence=0.6827),
                "You left out z = 1.96: one standard deviation covers 68 %, not 95 %.",
            ),
        ],
        tolerance=5e-4,
    )
    return "It never leaves 0 to 1, and it stays honest when everything is right."


@exercise("splits-clips-needed")
def _clips_needed(answer: object) -> str:
    expect_number(
        answer,
        1.96**2 * 0.9 * 0.1 / 0.01**2,
        hints={
            9604: "That is for an accuracy of 50 %, the worst case; here it is 90 %.",
            865: "An interval of ±1 point is two points wide in all; you computed ±2.",
            900: "You left out the factor 1.96² that makes one standard deviation a 95 % interval.",
            35: "±1 point is ±0.01, not ±0.1.",
        },
        hint="Solve 1.96·√(p(1-p)/n) = 0.01 for n, with p = 0.9.",
        tolerance=0.015,
    )
    return "About 3,500 independent clips; clips of one voice are not independent, so many more in practice."


@exercise("splits-strings")
def _strings(answer: object) -> str:
    expect_number(
        answer,
        0.97**10,
        hints={
            0.97: "That is one digit. All ten must be right at the same time.",
            0.7: "1 - 10 · 0.03 counts strings with two errors twice; multiply probabilities instead.",
            1 - 0.97**10: "That is the share of strings with at least one error; the share without is asked for.",
        },
        hint="If errors are independent, the probabilities of ten right digits multiply.",
        tolerance=0.005,
    )
    return "One telephone number in four is wrong, with a digit accuracy of 97 %."


@exercise("splits-balanced-accuracy")
def _balanced(answer: object) -> str:
    def recalls(y_true: np.ndarray, y_pred: np.ndarray, classes: np.ndarray) -> float:
        return float(
            np.mean([(y_pred[y_true == label] == label).sum() / max(1, (y_true == label).sum()) for label in classes])
        )

    pairs = [([0] * 9 + [1], [0] * 10), ([0, 1, 1, 1], [0, 0, 0, 1]), ([2, 2, 5], [2, 2, 5]), ([0, 0, 1], [0, 7, 1])]
    expect_same_function(
        answer,
        lambda t, p: recalls(t, p, np.unique(t)),
        name="balanced_accuracy",
        calls=[((np.array(y_true), np.array(y_pred)), {}) for y_true, y_pred in pairs],
        mistakes=[
            (
                metrics.accuracy,
                "This is plain accuracy. Take the share recognised within each class, then the mean of these shares.",
            ),
            (
                lambda t, p: recalls(t, p, np.union1d(t, p)),
                "You average over classes that were only predicted, too; count the classes that occur in y_true.",
            ),
            (
                lambda t, p: recalls(p, t, np.unique(p)),
                "You took the share among the clips PREDICTED as a class "
                "(precision); take it among the clips that ARE of the class (recall).",
            ),
        ],
    )
    return "A machine that always says no now scores one half, as it deserves."


@exercise("splits-speaker-bootstrap")
def _speaker_bootstrap(answer: object) -> str:
    expect_function(answer, example="speaker_bootstrap(right, speaker)")
    for counts, each in [([40, 0], 40), ([45, 25, 30, 40, 20, 35], 50)]:
        right = np.concatenate([np.arange(each) < count for count in counts])
        speaker = np.repeat([f"s{number}" for number in range(len(counts))], each)
        options = {"n_resamples": 4000, "rng": np.random.default_rng(0)}
        low, high = metrics.bootstrap_interval(right, clusters=speaker, **options)
        clips = metrics.bootstrap_interval(right, **options)
        shown = f"speaker_bootstrap on {len(counts)} speakers with {counts} of {each} clips right"
        pair = _pair(call_answer(answer, right.copy(), speaker.copy(), shown=shown), shown=shown)
        if np.abs(pair - clips).max() < 0.03:
            raise Hint(f"{shown} gives {pair[0]:.2f} to {pair[1]:.2f}: you drew single clips. Draw whole speakers.")
        if np.abs(pair - [low, high]).max() > 0.03:
            raise Hint(
                f"{shown} gives {pair[0]:.2f} to {pair[1]:.2f} instead of about {low:.2f} to {high:.2f}. Draw "
                "as many speakers as there are, WITH replacement, 1,000 times; take the 2.5 % and 97.5 % "
                "quantiles of the accuracies."
            )
    return "The speakers are the sample; their clips are not."


@exercise("splits-mcnemar")
def _mcnemar(answer: object) -> str:
    def tail(right_a: np.ndarray, right_b: np.ndarray) -> float:
        only_a, only_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
        n = only_a + only_b
        return sum(comb(n, k) for k in range(min(only_a, only_b) + 1)) / 2**n

    pattern = [True, True, False, False], [True, False, True, False]
    counts = [(80, 9, 1, 10), (50, 3, 4, 3), (10, 0, 0, 2), (5, 0, 6, 5), (30, 5, 5, 0)]
    expect_same_function(
        answer,
        lambda a, b: min(1.0, 2 * tail(a, b)),
        name="mcnemar",
        calls=[(tuple(np.repeat(row, count) for row in pattern), {}) for count in counts],
        mistakes=[
            (tail, "This is one side; a difference in either direction counts, so double it (at most 1)."),
            (lambda a, b: 2 * tail(a, b), "A probability cannot exceed 1: take the smaller of 1 and twice the tail."),
            (
                lambda a, b: abs(float(np.mean(a) - np.mean(b))),
                "This is the difference of the accuracies. How often "
                "would a fair coin part the clips on which A and B differ at least as unevenly?",
            ),
        ],
        tolerance=1e-4,
    )
    return "Only the clips on which the two differ tell them apart."
