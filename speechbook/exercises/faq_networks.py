"""Checkers for *Networks and training, question by question* in the part *faq*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import Hint, Unanswered, describe, exercise, expect_array, expect_number
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import expect_same_function

KINDS = ("count", "setting", "layer", "loss", "optimiser")


@exercise("answers-frames")
def _frames(answer: object) -> str:
    expect_number(
        answer,
        30,
        hints={
            29: "One more: the first frame has its centre at sample 0, before any hop.",
            29.8: "There are no tenths of frames: round down, and count the one at sample 0.",
            2384: "Those are the samples.",
            31: "One too many: 2,384 / 80 is rounded down before 1 is added.",
        },
        hint="Divide the samples by the hop, round down, and add the frame at sample 0.",
    )
    return "1 + ⌊2,384 / 80⌋."


@exercise("answers-updates")
def _updates(answer: object) -> str:
    expect_number(
        answer,
        189,
        hints={
            63: "That is one epoch.",
            187.5: "Half a batch is a step too: round up in each epoch.",
            188: "The smaller batch at the end comes in every epoch: round up first, then times three.",
            186: "The 16 clips that are left over make a batch as well.",
            6000: "That is the number of clips heard; each update hears 32.",
        },
        hint="Round 2,000 / 32 up, then take it three times.",
    )
    return "63 updates an epoch, three times."


@exercise("answers-poll")
def _poll(answer: object) -> str:
    expect_number(
        answer,
        512,
        hints={
            128: "Four times as many clips only halve the error: it falls with the ROOT of the size.",
            64: "Twice as many divide the error by 1.4.",
            8: "A smaller batch errs more.",
            2: "A smaller batch errs more.",
        },
        hint="A quarter of the error needs the square of four, times the clips.",
    )
    return "Sixteen times as many for a quarter of the error."


@exercise("answers-three")
def _three(answer: object) -> str:
    if isinstance(answer, list | tuple) and any(part is ... for part in answer):
        raise Unanswered("Replace both dots by numbers and run the cell again.")
    if not isinstance(answer, list | tuple | np.ndarray) or len(answer) != 2:
        raise Hint(f"Two numbers in a list are asked for, but you gave {describe(answer)}.")
    right, yes = np.array([1 / 3, 1 / (1 + np.exp(-6.0))]), 1 / (1 + np.exp(-6.0))
    expect_array(answer, np.asarray(answer), hint="")
    first, second = (float(part) for part in answer)
    if abs(first - yes) < 0.01:
        raise Hint("All shares of a softmax add up to 1, and three words are at it.")
    if abs(second - 1 / 3) < 0.01:
        raise Hint("A sigmoid looks at one score alone and shares nothing.")
    expect_array(answer, right, tolerance=0.005, hint="The softmax shares 1 among three; the sigmoid is 1/(1 + e⁻⁶).")
    return "A third each, or three times yes."


@exercise("answers-half")
def _half(answer: object) -> str:
    expect_number(
        answer,
        35,
        hints={
            34: "After 34 frames a little more than half is left: 0.98³⁴ = 0.503.",
            25: "The loss shrinks with what is left: multiply by 0.98 each time, instead of taking 0.02 away.",
            34.3: "Smallest WHOLE number.",
            50: "0.02 times 50 is 1, but what is left is multiplied each time.",
        },
        hint="Look for the first n with 0.98ⁿ below 0.5.",
    )
    return "0.98³⁵ = 0.493: a third of a second at 10 ms a frame."


def _place(sound: np.ndarray, snippet: np.ndarray) -> int:
    return int(np.argmax(np.correlate(sound, snippet, mode="valid")))


@exercise("answers-where")
def _where(answer: object) -> str:
    rng = np.random.default_rng(0)
    calls = []
    for start in (3, 17, 30, 8):
        sound = rng.normal(size=50)
        sound[start : start + 9] *= 5
        calls.append(((sound, sound[start : start + 9].copy()), {}))
    expect_same_function(
        answer,
        _place,
        name="where",
        calls=calls,
        mistakes=[
            (
                lambda y, s: int(np.argmax(np.convolve(y, s, mode="valid"))),
                "np.convolve flips the snippet first. The layer does not: np.correlate.",
            ),
            (
                lambda y, s: int(np.argmax(np.correlate(y, s, mode="same"))),
                'With mode="same" the place is the middle of the snippet. Its first sample is asked for.',
            ),
            (
                lambda y, s: int(np.argmax(np.correlate(y, s, mode="full"))),
                'With mode="full" it begins before the sound does. Use mode="valid".',
            ),
            (
                lambda y, s: float(np.max(np.correlate(y, s, mode="valid"))),
                "That is how WELL it matches. Where? np.argmax.",
            ),
            (lambda y, s: int(np.argmin(np.correlate(y, s, mode="valid"))), "That is where it fits worst."),
        ],
    )
    return "A matched filter: the oldest detector in radio, and the first layer of many recognisers."


@exercise("answers-kinds")
def _kinds(answer: object) -> str:
    expect_choices(
        answer,
        {
            "epoch": "count",
            "batch size": "setting",
            "Adam": "optimiser",
            "max pooling": "layer",
            "cross-entropy": "loss",
            "GRU": "layer",
        },
        choices=KINDS,
        hints={
            ("epoch", "setting"): "The number of epochs is a setting. An epoch itself counts passes over the data.",
            ("batch size", "count"): "It is chosen beforehand, so a setting.",
            ("max pooling", "setting"): "It has settings. It is a layer, without weights.",
        },
        other="Look at {key} again.",
    )
    return "And none of them is a technique for speech alone."
