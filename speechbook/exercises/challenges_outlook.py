"""Checkers for the chapter *What we measured, and what comes*."""

from __future__ import annotations

import numpy as np
from scipy import stats

from speechbook.exercises.checking import exercise, expect_number, expect_text
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import Call, expect_same_function


@exercise("outlook-check")
def _check(answer: object) -> str:
    expect_text(
        answer,
        ("b-8.1", "8.1"),
        hints={
            "b-8.3": "B-8.3 speaks of the future: there is nothing to look up yet.",
            "b-8.7": "B-8.7 encourages. Encouragement is neither true nor false.",
        },
        hint='One of "B-8.1", "B-8.3" and "B-8.7": which of them speaks of something that has happened already?',
    )
    return "What has been achieved can be looked up, with a date and a number."


@exercise("outlook-missing")
def _missing(answer: object) -> str:
    expect_text(
        answer,
        ("population", "whom", "who", "people"),
        hints={
            "quantity": "The quantity is there: the share who dictate a message at least once a week.",
            "threshold": "The threshold is there: more than half.",
            "date": "The date is there: the end of 2030.",
            "source": "The source is there: a yearly survey.",
        },
        hint="Go through the five parts: quantity, population, threshold, date, source.",
    )
    return "More than half of whom? Of the pupils of one school, or of mankind?"


def _forecasts() -> list[Call]:
    rng = np.random.default_rng(4)
    return [((rng.random(n).round(2), rng.integers(0, 2, n)), {}) for n in (5, 12, 1)]


@exercise("outlook-brier")
def _brier(answer: object) -> str:
    expect_same_function(
        answer,
        lambda p, came: np.mean((p - came) ** 2),
        name="brier",
        calls=_forecasts(),
        mistakes=[
            (lambda p, came: np.mean(np.abs(p - came)), "Square the differences; their size alone rewards boasting."),
            (lambda p, came: np.sum((p - came) ** 2), "That is the sum. The mean is asked for."),
            (lambda p, came: 1 - np.mean((p - came) ** 2), "0 is the best score; nothing is subtracted from 1."),
            (
                lambda p, came: np.mean((p > 0.5) == came),
                "That is the share of right guesses; how sure one was counts.",
            ),
        ],
    )
    return "It is best for whoever says what he believes."


@exercise("outlook-bold")
def _bold(answer: object) -> str:
    expect_number(
        answer,
        0.3,
        hints={
            0.21: "That is the score of somebody who says 70 %.",
            0.7: "That is how often it comes. The forecast is wrong in the other cases.",
            0.09: "Not (1 − 0.7)²: in each single case the event comes or does not.",
        },
        hint="In 70 % of the cases the forecast 1 is off by 0, in the others by 1.",
    )
    return "0.30, against 0.21 for the one who says 70 %."


def _pairs() -> list[Call]:
    rng = np.random.default_rng(5)
    return [
        ((rng.normal(0, 2, n), rng.normal(shift, 2, n)), {}) for n, shift in ((6, 8.0), (6, -9.0), (3, 0.1), (12, 6.0))
    ]


def _student(before: np.ndarray, after: np.ndarray, paired: bool = True) -> tuple[float, float]:
    gains, n = after - before, len(before)
    error = np.std(gains, ddof=1) if paired else np.sqrt(np.var(before, ddof=1) + np.var(after, ddof=1))
    half = stats.t.ppf(0.975, n - 1) * error / np.sqrt(n)
    return gains.mean() - half, gains.mean() + half


def _distances(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    low, high = _student(before, after)
    return (low - high) / 2, (high - low) / 2


def _normal(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    gains = after - before
    half = 1.96 * np.std(gains, ddof=1) / np.sqrt(len(gains))
    return gains.mean() - half, gains.mean() + half


@exercise("outlook-interval")
def _interval(answer: object) -> str:
    expect_same_function(
        answer,
        _student,
        name="interval",
        calls=_pairs(),
        mistakes=[
            (lambda b, a: _student(b, a, paired=False), "Take the differences pair by pair first, then their spread."),
            (_normal, "1.96 is for many pairs. With few, Student's factor is larger: stats.t.ppf(0.975, n - 1)."),
            (lambda b, a: _student(a, b), "After minus before: a remedy that helps has a positive gain."),
            (_distances, "That is the distance to the ends. Add the mean gain."),
        ],
    )
    return "Pairs take away what is hard about a speaker or a seed for both alike."


@exercise("outlook-verdict")
def _verdicts(answer: object) -> str:
    expect_choices(
        answer,
        {"a": "helped", "b": "not shown", "c": "hurt", "d": "not shown", "e": "helped"},
        choices=("helped", "hurt", "not shown"),
        hints={
            ("b", "helped"): "(b) The interval reaches below zero: it may as well have hurt.",
            ("d", "hurt"): "(d) The interval reaches above zero: it may as well have helped.",
            ("e", "not shown"): "(e) A small gain, but the whole interval lies above zero.",
        },
        other="Look at ({key}) again: does the interval contain zero?",
    )
    return "Size and certainty are two things: (b) may be large and (e) is small but sure."


@exercise("outlook-chance")
def _chance(answer: object) -> str:
    expect_number(
        answer,
        1,
        hints={
            2: "Those are both tails. How many seem to *help*?",
            0.025: "That is the chance of one of them. There are forty.",
            38: "That many contain zero, as they should.",
        },
        hint="A remedy that does nothing has its interval above zero in 2.5 % of all studies.",
    )
    return "One useless remedy in forty wins a prize. Test the winner again."


@exercise("outlook-claims")
def _claims(answer: object) -> str:
    expect_choices(
        answer,
        {"A-5.1": "forecast", "B-8.1": "finding", "B-8.2": "finding", "B-8.6": "judgement", "B-8.7": "judgement"},
        choices=("forecast", "finding", "judgement"),
        hints={
            ("A-5.1", "finding"): "A-5.1 says what *will* be.",
            ("B-8.6", "finding"): "B-8.6 says what *should* be done.",
            ("B-8.7", "forecast"): "B-8.7 calls upon the reader; nothing that could come or not come is named.",
            ("B-8.2", "forecast"): "B-8.2 says what is lacking now: that can be counted.",
        },
        other="Look at {key} again: does it say what is, what will be, or what should be?",
    )
    return "Only findings can be right or wrong today."
