"""Checkers for the chapter *Who is speaking?*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import Hint, describe, exercise, expect_number, expect_text
from speechbook.exercises.functions import expect_same_function


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


@exercise("who-door")
def _door(answer: object) -> str:
    if not isinstance(answer, list | tuple | set) or not all(n in (1, 2, 3, 4) for n in answer):
        raise Hint(f"Give a list of the visitors whom you let in, such as [1, 3]; you gave {describe(answer)}.")
    missed, false = {2, 4} - set(answer), {1, 3} & set(answer)
    if missed and false:
        raise Hint("You left somebody in the rain who lives here, a miss, and let a stranger in, a false alarm.")
    if missed:
        raise Hint("Somebody who lives here still stands in the rain: a miss. Listen for what stays from word to word.")
    if false:
        raise Hint("You let a stranger in: a false alarm. Listen for what stays from word to word.")
    return "No miss and no false alarm, in four trials. Below, a machine stands at the door."


@exercise("who-cosine")
def _cosine_check(answer: object) -> str:
    rng = np.random.default_rng(0)
    expect_same_function(
        answer,
        _cosine,
        name="cosine",
        calls=[((rng.normal(size=6), 3 * rng.normal(size=6)), {}) for _ in range(3)],
        mistakes=[
            (lambda a, b: a @ b, "Divide by both lengths: a loud embedding must not score more."),
            (lambda a, b: a @ b / np.linalg.norm(a), "Divide by the other length too."),
            (lambda a, b: 1 - _cosine(a, b), "That is the distance; the score is the cosine itself."),
        ],
    )
    return "1 for the same direction, whatever the lengths."


@exercise("who-ignore")
def _ignore(answer: object) -> str:
    expect_text(
        answer,
        ("word", "words", "the word", "the words", "text", "the text", "content", "the content", "what is said"),
        hints={
            "voice": "That is what a recogniser of words must ignore. Here it is the other way round.",
            "microphone": "That too, and so must a recogniser of words. What does only this one have to ignore?",
            "level": "That too, and so must a recogniser of words. What does only this one have to ignore?",
        },
        hint="Enrolled with 'zero' to 'four', tested with 'five' to 'nine': what must not matter?",
    )
    return "And a recogniser of words must ignore the voice: opposite tasks on one sound."


@exercise("who-trials")
def _trials(answer: object) -> str:
    expect_number(
        answer,
        1500,
        hints={
            1800: "Those are all trials; in how many of them is it somebody else?",
            300: "In those it is the person. And the others?",
            750: "Ann claims to be Bob, and Bob claims to be Ann: two trials.",
        },
        hint="Everybody claims to be each of the five others, 50 times.",
    )
    return "1,500 trials, but of six people only: the interval must be drawn over people."


def _rates(same: np.ndarray, others: np.ndarray, threshold: float) -> tuple[float, float]:
    return float(np.mean(others >= threshold)), float(np.mean(same < threshold))


@exercise("who-rates")
def _rates_check(answer: object) -> str:
    calls = [
        ((np.array([0.9, 0.5, 0.4, 0.7]), np.array([0.1, 0.5, 0.6, 0.2, 0.3]), threshold), {})
        for threshold in (0.5, 0.6, 0.35)
    ]
    expect_same_function(
        answer,
        _rates,
        name="rates",
        calls=calls,
        mistakes=[
            (lambda same, others, threshold: _rates(same, others, threshold)[::-1], "First false alarms, then misses."),
            (
                lambda same, others, threshold: (np.mean(others > threshold), np.mean(same <= threshold)),
                "A score that just reaches the threshold is accepted.",
            ),
            (
                lambda same, others, threshold: (np.mean(others < threshold), np.mean(same >= threshold)),
                "Those are the right answers; count the errors.",
            ),
        ],
    )
    return "One threshold, two rates: one point of the DET curve."


@exercise("who-cost")
def _cost(answer: object) -> str:
    expect_number(
        answer,
        1.19,
        tolerance=0.005,
        hints={
            0.0119: "That is the cost. Divide it by what *always no* costs.",
            0.21: "Weigh the two errors: a claim is true in 1 % of the cases.",
            0.012020202020202021: "Of the two that need no machine, the cheaper is *always no*: 0.01.",
        },
        hint="(0.01 · misses + 0.99 · false alarms) / 0.01.",
    )
    return "Above 1: worse than a door that never opens."


@exercise("who-norm")
def _norm(answer: object) -> str:
    expect_number(
        answer,
        2.5,
        hints={
            2.0: "That is the enrolled side. Average with the side of the test.",
            3.0: "That is the side of the test. Average with the enrolled side.",
            5.0: "The mean of the two, not the sum.",
            0.25: "Divide by the standard deviations.",
        },
        hint="(0.5 − 0.1) / 0.2 on one side, (0.5 − 0.2) / 0.1 on the other, and their mean.",
    )
    return "2.5 standard deviations above what strangers get."


@exercise("who-stranger")
def _stranger(answer: object) -> str:
    expect_number(
        answer,
        1 - 0.99**20,
        tolerance=0.015,
        hints={
            0.01: "That is one comparison. There are twenty.",
            0.2: "Nearly: twenty false alarms may coincide. One minus the chance that none happens.",
            0.99**20: "That is the chance that the stranger is refused.",
        },
        hint="The stranger is refused only if all twenty comparisons refuse.",
    )
    return "18 %: a longer list of names needs a stricter threshold."


def _without_channel(mfcc: np.ndarray) -> np.ndarray:
    return mfcc - mfcc.mean(axis=1, keepdims=True)


@exercise("who-channel")
def _channel(answer: object) -> str:
    rng = np.random.default_rng(1)
    expect_same_function(
        answer,
        _without_channel,
        name="without_channel",
        calls=[((rng.normal(size=(4, frames)) + rng.normal(size=(4, 1)),), {}) for frames in (5, 9)],
        mistakes=[
            (lambda mfcc: mfcc - mfcc.mean(axis=0), "The mean over time, not over the coefficients."),
            (lambda mfcc: mfcc - mfcc.mean(), "Each coefficient has a mean of its own: a microphone has a shape."),
            (
                lambda mfcc: (mfcc - mfcc.mean(1, keepdims=True)) / mfcc.std(1, keepdims=True),
                "Only the mean: a fixed filter adds, it does not scale.",
            ),
        ],
    )
    return "A fixed filter adds a constant to each coefficient, and is gone. So is the average colour of the voice."
