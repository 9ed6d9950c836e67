"""Checkers for the chapter *Wake word and assistant*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number, expect_text
from speechbook.exercises.functions import expect_same_function


@exercise("wake-predict")
def _predict(answer: object) -> str:
    expect_text(
        answer,
        "later",
        hints={
            "earlier": "A mean is never higher than the highest of its values: one of them was there before it.",
            "equally soon": "After the first high value, three of the four in the mean are still low.",
        },
        hint='Answer "earlier", "equally soon" or "later".',
    )
    return "A mean of four is high only after several of them are, and where just one is high, it may never be."


@exercise("wake-per-hour")
def _per_hour(answer: object) -> str:
    expect_number(
        answer,
        60 / 6.6,
        tolerance=0.02,
        hints={6.6: "That is how long it took. How many such stretches has an hour?", 1: "In 6.6 minutes. In 60?"},
        hint="An hour has 60 minutes.",
    )
    return "About nine, with an interval from a fifth to fifty: one event bounds nothing."


@exercise("wake-none")
def _none(answer: object) -> str:
    expect_number(
        answer,
        -np.log(0.05) / 0.11,
        tolerance=0.01,
        hints={
            -np.log(0.05): "That many in 6.6 minutes. How many in an hour?",
            -np.log(0.05) / 6.6: "That many a minute. How many in an hour?",
            0: "None were counted; that does not mean that there never will be one.",
        },
        hint="Solve exp(-rate · 0.11 hours) = 0.05 for the rate.",
    )
    return "About 27 an hour: the rule of three, 3 divided by the time."


def _keep(past: np.ndarray, chunk: np.ndarray, size: int) -> np.ndarray:
    return np.concatenate([past, chunk])[-size:]


@exercise("wake-keep")
def _keep_check(answer: object) -> str:
    calls = [((np.arange(a), np.arange(50, 50 + b), 6), {}) for a, b in ((4, 3), (0, 2), (6, 9))]
    expect_same_function(
        answer,
        _keep,
        name="keep",
        calls=calls,
        mistakes=[
            (lambda past, chunk, size: np.concatenate([past, chunk])[:size], "Those are the oldest; keep the newest."),
            (lambda past, chunk, size: np.concatenate([past, chunk]), "It grows without end: drop what is too old."),
            (lambda past, chunk, size: chunk[-size:], "A short chunk must not wipe out all of the past."),
        ],
    )
    return "What is not in these samples, nobody can take out of them."


@exercise("wake-reach")
def _reach(answer: object) -> str:
    expect_number(
        answer,
        31,
        hints={
            30: "And the frame of the output itself?",
            81: "Sizes do not multiply: each layer adds 2 times its gap.",
            9: "With the gaps: the second layer reaches 4 frames further back, not 2.",
            15: "That is without the gap of 8.",
        },
        hint="Each layer adds (size - 1) times its gap; begin with 1.",
    )
    return "31 frames with four layers: the reach doubles with each."


def _moving(energy: np.ndarray, s: float) -> np.ndarray:
    means = [energy[0]]
    for value in energy[1:]:
        means.append((1 - s) * means[-1] + s * value)
    return np.array(means)


def _started_at_nothing(energy: np.ndarray, s: float) -> np.ndarray:
    return _moving(np.r_[0.0, energy], s)[1:]


@exercise("wake-moving")
def _moving_check(answer: object) -> str:
    rng = np.random.default_rng(0)
    expect_same_function(
        answer,
        _moving,
        name="moving",
        calls=[((rng.random(9) + 1, s), {}) for s in (0.025, 0.4)],
        mistakes=[
            (lambda energy, s: _moving(energy, 1 - s), "s is the weight of the new value, 1 - s that of the past."),
            (_started_at_nothing, "It begins with the first energy, not with 0."),
            (lambda energy, s: np.cumsum(energy) / np.arange(1, len(energy) + 1), "That mean never forgets."),
        ],
    )
    return "One multiplication for each side, and one number to keep."


def _fires(probability: np.ndarray, threshold: float, rest: int) -> np.ndarray:
    found: list[int] = []
    for n, value in enumerate(probability):
        if value >= threshold and (not found or n > found[-1] + rest):
            found.append(n)
    return np.array(found)


@exercise("wake-fires")
def _fires_check(answer: object) -> str:
    p = np.array([0.1, 0.9, 0.9, 0.9, 0.2, 0.5, 0.8, 0.9, 0.1, 0.7])
    expect_same_function(
        answer,
        _fires,
        name="fires",
        calls=[((p, threshold, rest), {}) for threshold, rest in ((0.5, 2), (0.7, 4), (0.5, 1))],
        mistakes=[
            (lambda p, threshold, rest: np.flatnonzero(p >= threshold), "One word, several alarms: let it rest."),
            (lambda p, threshold, rest: _fires(p, threshold, rest - 1), "After an alarm, `rest` outputs raise none."),
            (lambda p, threshold, rest: _fires(p, threshold, rest + 1), "It rests for one output too many."),
            (lambda p, threshold, rest: _fires(p, threshold + 1e-9, rest), "Whoever reaches the threshold fires."),
        ],
    )
    return "Three lines, and most of what a product's wake word does after its network."


@exercise("wake-meant")
def _meant(answer: object) -> str:
    expect_number(
        answer,
        9 / 57,
        tolerance=0.015,
        hints={
            0.9: "That is the share of your calls that it answers. Of its awakenings, how many were calls?",
            9 / 21: "The television talks four hours a day.",
            10 / 58: "It answers nine of the ten calls.",
            48 / 57: "Those were not meant.",
        },
        hint="Awakenings that were meant, over all awakenings of the day.",
    )
    return "16 %: five of six times it woke for the television. So products ask for false alarms a *week*."


@exercise("wake-chain")
def _chain(answer: object) -> str:
    expect_number(
        answer,
        0.85**4,
        tolerance=0.01,
        hints={
            0.85: "That is one part. All four must be right.",
            0.4: "Errors do not just add up; multiply the shares.",
        },
        hint="Four independent parts, and every one must be right.",
    )
    return "52 %: a chain is worse than its worst link."
