"""Checkers for the chapter *Noise*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import Call, expect_same_function


@exercise("noise-power")
def _power(answer: object) -> str:
    expect_number(
        answer,
        10 ** (-0.5),
        hints={
            10**0.5: "That is the word by the noise. Asked is the noise by the word.",
            10 ** (-0.25): "That is the ratio of amplitudes: powers are their squares, and dB of powers divide by 10.",
            10 ** (-5): "5 dB are 0.5 bel: divide by 10 before you take the power of ten.",
            0.2: "Decibels are logarithms: 10 to the power of -5/10.",
        },
        hint="SNR in dB is 10 log10(word / noise). Solve for noise / word.",
        tolerance=0.015,
    )
    return "At 5 dB the noise has nearly a third of the word's power, and more than half of its amplitude."


@exercise("noise-rms")
def _rms(answer: object) -> str:
    expect_number(
        answer,
        20 * np.log10(2),
        hints={
            2: "That is the ratio of amplitudes. In dB?",
            4: "That is the ratio of powers. In dB?",
            10 * np.log10(2): "Root mean squares are amplitudes: 20 log10, or square them first.",
            -20 * np.log10(2): "The word is louder than the noise, so the SNR is positive.",
        },
        hint="Square both to have powers, divide, and take 10 log10.",
        tolerance=5e-3,
    )
    return "Twice the amplitude is 6 dB, at whatever level."


def _mixtures() -> list[Call]:
    rng = np.random.default_rng(3)
    sizes = ((40, 1.0, 0.2, 10.0), (50, 0.1, 2.0, 0.0), (60, 3.0, 1.0, -6.0))
    return [((a * rng.standard_normal(n), b * rng.standard_normal(n), snr), {}) for n, a, b, snr in sizes]


def _mix(word: np.ndarray, noise: np.ndarray, snr_db: float) -> np.ndarray:
    return word + noise * np.sqrt(np.mean(word**2) / np.mean(noise**2)) * 10 ** (-snr_db / 20)


@exercise("noise-mix")
def _mixing(answer: object) -> str:
    expect_same_function(
        answer,
        _mix,
        name="mix",
        calls=_mixtures(),
        mistakes=[
            (
                lambda w, n, s: w + n * np.mean(w**2) / np.mean(n**2) * 10 ** (-s / 10),
                "That factor is right for powers. Samples are amplitudes: take its root.",
            ),
            (lambda w, n, s: _mix(w, n, -s), "The higher the SNR, the weaker the noise: check a sign."),
            (lambda w, n, s: w + n * 10 ** (-s / 20), "Bring the noise to the power of the word first."),
            (
                lambda w, n, s: w + n * np.sqrt(np.mean(w**2) / np.mean(n**2)) * 10 ** (-s / 10),
                "Amplitudes change by 10 to the power of dB / 20, powers by dB / 10.",
            ),
            (lambda w, n, s: _mix(w, n, s) - w, "That is the noise alone, well scaled. Add the word."),
        ],
    )
    return "The word keeps its level, and the noise is as strong as you say."


def _spectra() -> list[Call]:
    rng = np.random.default_rng(4)
    return [
        ((rng.gamma(2, size=(5, 7)), rng.gamma(2, size=7), over, floor), {})
        for over, floor in ((1.0, 0.0), (2.0, 0.1), (1.5, 0.3))
    ]


def _subtracted(power: np.ndarray, noise: np.ndarray, over: float, floor: float) -> np.ndarray:
    return np.maximum(np.sqrt(np.maximum(1 - over * noise / power, 0)), floor)


@exercise("noise-subtract")
def _subtract(answer: object) -> str:
    expect_same_function(
        answer,
        _subtracted,
        name="gain",
        calls=_spectra(),
        mistakes=[
            (
                lambda p, n, o, f: np.maximum(np.maximum(1 - o * n / p, 0), f),
                "That is the factor for the power. The spectrum holds amplitudes: take the root.",
            ),
            (lambda p, n, o, f: np.sqrt(np.maximum(1 - o * n / p, 0)), "Nothing may become quieter than the floor."),
            (
                lambda p, n, o, f: np.maximum(np.sqrt(np.maximum(1 - n / p, 0)), f),
                "Subtract the noise `over` times.",
            ),
            (
                lambda p, n, o, f: np.sqrt(np.maximum(1 - o * n / p, f)),
                "The floor is a gain, so it applies after the root.",
            ),
            (lambda p, n, o, f: np.maximum(p - o * n, 0), "That is the power that is left. Which gain leaves it?"),
        ],
    )
    return "Boll's idea, with the two knobs that Berouti, Schwartz and Makhoul added in the same year."


def _ratios() -> list[Call]:
    return [((value,), {}) for value in (0.0, 10.0, -10.0, 3.0)]


def _wiener(snr_db: float) -> float:
    snr = 10 ** (snr_db / 10)
    return snr / (1 + snr)


@exercise("noise-wiener")
def _wieners(answer: object) -> str:
    expect_same_function(
        answer,
        _wiener,
        name="wiener",
        calls=_ratios(),
        mistakes=[
            (lambda s: np.sqrt(_wiener(s)), "That root belongs to power subtraction. Wiener's gain has none."),
            (lambda s: s / (1 + s) if s != -1 else 0.0, "The SNR comes in dB: turn it into a ratio of powers first."),
            (lambda s: 1 - _wiener(s), "That is the share of the noise. The gain is the share of the word."),
            (
                lambda s: 10 ** (s / 20) / (1 + 10 ** (s / 20)),
                "The ratio is one of powers: dB / 10, not dB / 20.",
            ),
            (lambda s: 20 * np.log10(_wiener(s)), "Give the gain as a factor, not in dB."),
        ],
    )
    return "At 0 dB it halves the amplitude. That is the price of being right on average."


@exercise("noise-fair")
def _fair(answer: object) -> str:
    expect_number(
        answer,
        10,
        hints={
            5: "Then it would take half as many steps, and might be worse for that reason alone.",
            20: "That is twice too often: the mixed training sees 4,000 pictures five times.",
            20_000: "That is how many pictures the mixed training sees. In passes over 2,000?",
        },
        hint="How many pictures does the mixed training see in all? The control must see as many.",
    )
    return "Same steps, same clips, same weights at the start: now the noise is the only difference."


@exercise("noise-room")
def _room(answer: object) -> str:
    expect_number(
        answer,
        25,
        hints={
            -25: "The question is by how many dB it falls: a positive number.",
            144: "The time goes into the numerator: longer waiting, deeper fall.",
            0.25 / 0.6: "That is the share of the time. The fall over all of it is 60 dB.",
            60: "That is after 0.6 s.",
        },
        hint="In dB the echo falls along a straight line, 60 dB in the reverberation time.",
        tolerance=1e-3,
    )
    return "Only 25 dB: the vowel is still above the floor when the next consonant comes."


@exercise("noise-honest")
def _honest(answer: object) -> str:
    expect_choices(
        answer,
        {"a": "leaks", "b": "clean", "c": "clean", "d": "leaks", "e": "leaks"},
        choices=("leaks", "clean"),
        hints={
            ("a", "clean"): "(a) The network may know these very sentences of the babble.",
            ("b", "leaks"): "(b) Nothing of the pink noise was seen in training: that is the point of keeping it.",
            ("c", "leaks"): "(c) What is heard before the word is there in real life too.",
            ("d", "clean"): "(d) Only an experimenter has the noise alone. That is an upper bound, not a result.",
            ("e", "clean"): "(e) The floor was chosen by the very clips that are reported.",
        },
        other="Look at ({key}) again.",
    )
    return "Ask of each number: could the machine have known that outside the laboratory?"
