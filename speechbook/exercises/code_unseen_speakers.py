"""Checkers for the chapter *Unseen speakers*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import Call, expect_same_function


def _levels() -> list[Call]:
    """Give calls with levels in dB: quiet, loud, and with a floor that is not reached."""
    rng = np.random.default_rng(6)
    return [((rng.uniform(low, high, (4, 6)),), {}) for low, high in ((-90, 0), (-30, 20), (5, 70))]


def _scaled(db: np.ndarray) -> np.ndarray:
    return 2 * np.clip((db - db.max() + 45) / 45, 0, 1) - 1


@exercise("unseen-scale")
def _scale(answer: object) -> str:
    expect_same_function(
        answer,
        _scaled,
        name="scale",
        calls=_levels(),
        mistakes=[
            (lambda x: np.clip((x - x.max() + 45) / 45, 0, 1), "That runs from 0 to 1: stretch it to -1 … 1."),
            (lambda x: 2 * (x - x.max() + 45) / 45 - 1, "What lies more than 45 dB below the loudest must become -1."),
            (lambda x: 2 * np.clip((x + 45) / 45, 0, 1) - 1, "Count from this clip's own loudest point, db.max()."),
            (
                lambda x: 2 * np.clip((x - x.max(axis=1, keepdims=True) + 45) / 45, 0, 1) - 1,
                "One maximum for the whole clip, not one a band: else the shape of the spectrum is lost.",
            ),
            (
                lambda x: 2 * np.clip((x - x.max(axis=0, keepdims=True) + 45) / 45, 0, 1) - 1,
                "One maximum for the whole clip, not one a frame: else silence is as bright as a vowel.",
            ),
            (lambda x: x - x.max(), "That is the level below the loudest point, still in dB."),
        ],
    )
    return "Neither the distance to the microphone nor its amplifier is left in it."


@exercise("unseen-formant")
def _formant(answer: object) -> str:
    expect_number(
        answer,
        500 * 17.5 / 14,
        hints={
            500 * 14 / 17.5: "That is lower. The resonances of a shorter tube lie higher.",
            500 + 3.5: "Lengths are in centimetres and frequencies in Hz: form a ratio.",
            17.5 / 14: "That is the factor. How many Hz are asked for?",
        },
        hint="Resonances of a tube are inversely proportional to its length.",
        tolerance=1e-3,
    )
    return "A quarter higher: about the way from a man's vowel to a child's."


def _averages() -> list[Call]:
    rng = np.random.default_rng(8)
    return [((rng.normal(size=12), momentum), {}) for momentum in (0.9, 0.5, 0.99)]


def _average(weights: np.ndarray, momentum: float) -> float:
    average = weights[0]
    for weight in weights[1:]:
        average = momentum * average + (1 - momentum) * weight
    return average


def _average_from_nothing(weights: np.ndarray, momentum: float) -> float:
    average = 0.0
    for weight in weights:
        average = momentum * average + (1 - momentum) * weight
    return average


@exercise("unseen-average")
def _running_average(answer: object) -> str:
    expect_same_function(
        answer,
        _average,
        name="average",
        calls=_averages(),
        mistakes=[
            (
                lambda w, m: _average(w, 1 - m),
                "The momentum belongs to the old average, 1 - momentum to the new weight.",
            ),
            (_average_from_nothing, "Begin with the first weight, not with 0: else the average starts far off."),
            (lambda w, m: np.mean(w), "That is the plain mean: old weights count as much as new ones."),
            (lambda w, m: w[-1], "That is the last weight alone."),
        ],
    )
    return "With a momentum of 0.99 it remembers about the last hundred steps."


def _targets() -> list[Call]:
    return [((digit, epsilon), {}) for digit, epsilon in ((3, 0.1), (0, 0.2), (9, 0.0))]


def _smoothed(digit: int, epsilon: float) -> np.ndarray:
    return (1 - epsilon) * np.eye(10)[digit] + epsilon / 10


@exercise("unseen-smooth")
def _smooth(answer: object) -> str:
    expect_same_function(
        answer,
        _smoothed,
        name="smooth",
        calls=_targets(),
        mistakes=[
            (
                lambda d, e: np.where(np.arange(10) == d, 1 - e, e / 9),
                "Nearly: Keras spreads epsilon over all ten classes, the right one too: each gets epsilon / 10.",
            ),
            (
                lambda d, e: np.eye(10)[d] + e / 10,
                "The ten numbers must add up to 1: take epsilon off the right one first.",
            ),
            (lambda d, e: (1 - e) * np.eye(10)[d], "The ten numbers must add up to 1: where did epsilon go?"),
            (lambda d, e: np.eye(10)[d], "That is one-hot, without smoothing."),
        ],
    )
    return "No probability of 1 is asked for any more, so the network need not shout."


@exercise("unseen-rate")
def _rate(answer: object) -> str:
    expect_number(
        answer,
        1.5e-3,
        hints={
            3e-3: "That is the peak, at step 90.",
            3e-3 * (1 - 405 / 810) * 0.5: "Half a cosine is at one half of its height in its middle, not at a quarter.",
            3e-3 * 0.5 * (1 + np.cos(np.pi * 495 / 900)): "The cosine begins after the warm-up: count from step 90.",
        },
        hint="The cosine runs from step 90 to step 900. How far along is step 495, and what is the cosine there?",
        tolerance=1e-3,
    )
    return "Half-way along, half the peak."


ACCURACIES = (89.2, 97.2, 97.8, 92.2, 96.8, 93.2)


@exercise("unseen-interval")
def _interval(answer: object) -> str:
    spread = float(np.std(ACCURACIES, ddof=1))
    right = 2.5706 * spread / np.sqrt(6)
    expect_number(
        answer,
        right,
        hints={
            2.5706 * spread: "That is for one more speaker, not for the mean of six: divide by the root of 6.",
            1.96
            * spread
            / np.sqrt(6): "1.96 is for many speakers. With six, Student's factor for 5 degrees of freedom.",
            spread / np.sqrt(6): "That is the standard error. Multiply it by Student's factor, 2.571.",
            2.5706 * float(np.std(ACCURACIES)) / np.sqrt(6): "Divide the sum of squares by 5, not by 6: ddof=1.",
            2 * right: "That is the whole width; asked is what stands after ±.",
        },
        hint="Standard deviation (ddof=1) over the root of six, times Student's factor 2.571.",
        tolerance=2e-3,
    )
    return "Six speakers are few: a gain of one point in the mean says little."


@exercise("unseen-honest")
def _honest(answer: object) -> str:
    expect_choices(
        answer,
        {"a": "leaks", "b": "clean", "c": "leaks", "d": "clean", "e": "leaks"},
        choices=("leaks", "clean"),
        hints={
            ("a", "clean"): "(a) The best of ten seeds was chosen by the very clips that are reported.",
            ("c", "clean"): "(c) When to stop was read off the test speaker's curve.",
            ("e", "clean"): "(e) Voices were kept because they suit the test speakers.",
            ("b", "leaks"): "(b) The choice was made on other speakers than the one reported.",
            ("d", "leaks"): "(d) Each clip is scaled by itself, so nothing is learnt from the test set.",
        },
        other="Look at ({key}) again.",
    )
    return "The rule: whatever was chosen, it must not have been chosen by what is reported."


@exercise("unseen-trim")
def _trim(answer: object) -> str:
    expect_number(
        answer,
        18,
        hints={
            -18: "How far *below* is a positive number here.",
            30: "That is the trimmer's threshold; the fricative lies above it.",
            12: "That is what is left before the trimmer cuts it off. What was asked is the level below the vowel.",
        },
        hint="Power in dB is 10 log10: a factor of 1/63 is how many dB?",
        tolerance=0.01,
    )
    return "18 dB: this fricative survives a trimmer at 30 dB. A little noise or a muffled microphone, and it does not."
