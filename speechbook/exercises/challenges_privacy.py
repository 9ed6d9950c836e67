"""Checkers for the chapter *Privacy, compliance and misuse*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.functions import expect_same_function


@exercise("privacy-angle")
def _angle(answer: object) -> str:
    expect_number(
        answer,
        (2 * np.pi * 500 / 8000) ** 0.8 * 8000 / (2 * np.pi),
        tolerance=0.005,
        hints={
            400.0: "The power, not the product; and of the angle, not of the frequency.",
            500**0.8: "The power is taken of the angle in radians, 2π · 500 / 8,000.",
            (2 * np.pi * 500 / 8000) ** 0.8: "That is the new angle. Which frequency has it?",
            500.0: "Only an angle of 1 radian, 1,273 Hz, stays.",
        },
        hint="Frequency to angle, 2π f / sample rate; the power; and back.",
    )
    return "603 Hz: low resonances rise."


@exercise("privacy-average")
def _average(answer: object) -> str:
    expect_number(
        answer,
        2.5,
        hints={2: "Who has more clips counts for more.", 1.5: "The 3 was trained on the 300 clips.", 1000: "Divide."},
        hint="Weigh each report with its number of clips, and divide by all clips.",
    )
    return "2.5."


def _recover(gradient: np.ndarray) -> np.ndarray:
    column = np.abs(gradient[-1]).argmax()
    return gradient[:-1, column] / gradient[-1, column]


@exercise("privacy-recover")
def _recover_check(answer: object) -> str:
    rng = np.random.default_rng(0)
    calls = []
    for errors in ([0.3, -0.8, 0.5], [0.0, 0.4, -0.4], [-0.9, 0.9]):
        calls.append(((np.outer(np.append(rng.normal(size=4), 1.0), errors),), {}))
    expect_same_function(
        answer,
        _recover,
        name="recover",
        calls=calls,
        mistakes=[
            (lambda gradient: gradient[:-1].sum(axis=1), "The columns of the gradient add up to 0: errors do."),
            (
                lambda gradient: np.append(_recover(gradient), 1.0),
                "Without the 1: leave the last row out.",
            ),
            (lambda gradient: gradient[:-1, np.abs(gradient[-1]).argmax()], "Divide by the last row: there x was 1."),
            (
                lambda gradient: np.divide(
                    gradient[:-1, 0],
                    gradient[-1, 0],
                    out=np.full(len(gradient) - 1, np.nan),
                    where=gradient[-1, 0] != 0,
                ),
                "The error in the first column may be 0. Take a column where it is not.",
            ),
        ],
    )
    return "One division: a gradient of a single clip is the clip."


def _auc(members: np.ndarray, others: np.ndarray) -> float:
    difference = np.subtract.outer(members, others)
    return float(np.mean((difference > 0) + 0.5 * (difference == 0)))


@exercise("privacy-auc")
def _auc_check(answer: object) -> str:
    rng = np.random.default_rng(1)
    calls = [
        ((rng.integers(0, 5, 12) + 1.0, rng.integers(0, 5, 9) + 0.0), {}),
        ((np.array([3.0, 1.0]), np.array([2.0, 1.0, 0.0])), {}),
        ((np.zeros(4), np.zeros(3)), {}),
    ]
    expect_same_function(
        answer,
        _auc,
        name="auc",
        calls=calls,
        mistakes=[
            (lambda members, others: np.mean(np.subtract.outer(members, others) > 0), "A tie counts one half."),
            (lambda members, others: np.mean(np.subtract.outer(members, others) >= 0), "A tie counts only one half."),
            (lambda members, others: 1 - _auc(members, others), "The other way round: members should be larger."),
            (lambda members, others: np.mean(members) - np.mean(others), "Compare each with each, not the means."),
        ],
    )
    return "0.5 for somebody who guesses."


def _clip_rows(gradients: np.ndarray, limit: float) -> np.ndarray:
    length = np.linalg.norm(gradients, axis=1, keepdims=True)
    return gradients * np.minimum(1, limit / np.maximum(length, 1e-300))


@exercise("privacy-clip")
def _clip_check(answer: object) -> str:
    rng = np.random.default_rng(2)
    rows = [rng.normal(size=(6, 4)), np.array([[3.0, 4.0], [0.0, 0.0], [0.3, 0.4]]), 5 * rng.normal(size=(3, 8))]
    expect_same_function(
        answer,
        _clip_rows,
        name="clip_rows",
        calls=[((row, limit), {}) for row, limit in zip(rows, (1.5, 1.0, 2.0), strict=True)],
        mistakes=[
            (
                lambda gradients, limit: np.clip(gradients, -limit, limit),
                "That clips each number. Shorten the row as a whole, so that it keeps its direction.",
            ),
            (
                lambda gradients, limit: (
                    gradients * limit / np.maximum(np.linalg.norm(gradients, axis=1, keepdims=True), 1e-300)
                ),
                "Rows that are short enough stay as they are.",
            ),
            (
                lambda gradients, limit: gradients * min(1, limit / np.linalg.norm(gradients)),
                "Each row by itself: one loud clip must not silence the others.",
            ),
        ],
    )
    return "Now one clip more or less moves the sum by at most the limit."


@exercise("privacy-steps")
def _steps(answer: object) -> str:
    expect_number(
        answer,
        2,
        hints={
            4: "µ grows with the square root of the steps.",
            0.5: "More looks need more noise.",
            1: "Each look tells.",
        },
        hint="µ is the square root of the steps, divided by σ. What keeps it the same?",
    )
    return "Twice the noise."


@exercise("privacy-ceiling")
def _ceiling(answer: object) -> str:
    expect_number(
        answer,
        0.6381631950841185,
        tolerance=0.005,
        hints={
            0.5: "That is guessing, or µ itself. The bound is Φ(µ/√2).",
            0.6914624612740131: "Divide µ by √2: two draws are compared.",
            0.3535533905932738: "That goes into Φ, norm.cdf.",
            0.9999999997: "µ is √100 / 20.",
        },
        hint="µ = √steps / σ, and the bound is norm.cdf(µ / √2).",
    )
    return "0.64, whatever the attacker knows."


@exercise("privacy-snr")
def _snr(answer: object) -> str:
    expect_number(
        answer,
        26.020599913279625,
        tolerance=0.005,
        hints={
            13.010299956639813: "These are amplitudes: 20 times the logarithm, or square them first.",
            20: "That is the ratio. In dB?",
            -26.020599913279625: "Signal by noise, not noise by signal.",
        },
        hint="The RMS of a change of ±0.005 is 0.005.",
    )
    return "26 dB."


@exercise("privacy-retention")
def _retention(answer: object) -> str:
    expect_number(
        answer,
        2029,
        tolerance=1e-9,
        hints={
            3: "That is how many years. Count from her last contact.",
            2026: "There is a time limit: Sec. 15(a).",
            2031: "Not five years.",
        },
        hint="Within how many years of the last interaction, by Sec. 15(a)?",
    )
    return "On 1 March 2029 at the latest, and earlier once the purpose is met."
