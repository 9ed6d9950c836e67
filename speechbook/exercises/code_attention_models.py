"""Checkers for *Listen, look and write* in the part *code*."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import expect_same_function


@exercise("spell-looks")
def _looks(answer: object) -> str:
    expect_number(
        answer,
        14,
        hints={
            13: "Those are the letters and spaces. One more look is needed before it knows that it is done.",
            11: "Spaces are symbols too, and so is the end of the sentence.",
            12: "Spaces are symbols too: there are two of them.",
            4: "That is for a decoder that writes words. This one writes letters.",
            3: "This one writes letters, and looks before each of them, and before the end.",
        },
        hint='Count the characters of "nine five two", spaces included, and think of how it stops.',
    )
    return "Eleven letters, two spaces and the end."


def _additive(question: np.ndarray, labels: np.ndarray, values: np.ndarray, v: np.ndarray) -> np.ndarray:
    scores = np.tanh(question + labels) @ v
    e = np.exp(scores - scores.max())
    return e / e.sum() @ values


@exercise("spell-additive")
def _check_additive(answer: object) -> str:
    rng = np.random.default_rng(0)
    calls = [
        (
            (
                rng.standard_normal(4),
                rng.standard_normal((n, 4)),
                rng.standard_normal((n, 3)),
                2 * rng.standard_normal(4),
            ),
            {},
        )
        for n in (5, 2)
    ]

    def unsquashed(question, labels, values, v):
        scores = (question + labels) @ v
        e = np.exp(scores - scores.max())
        return e / e.sum() @ values

    def unshared(question, labels, values, v):
        return np.tanh(question + labels) @ v @ values

    expect_same_function(
        answer,
        _additive,
        name="look",
        calls=calls,
        mistakes=[
            (
                unsquashed,
                "Without the tanh the question adds the same to every score, and softmax takes it away again.",
            ),
            (unshared, "Those are the scores as weights. Softmax makes shares of them, which add up to 1."),
            (
                lambda question, labels, values, v: _additive(question, labels, labels, v),
                "That is the mean of the labels. What is asked for is the mean of the values.",
            ),
        ],
    )
    return "Compare, share out, and take the mean."


def _given(labels: Sequence[int]) -> np.ndarray:
    return np.array([0, *labels])


@exercise("spell-given")
def _check_given(answer: object) -> str:
    expect_same_function(
        answer,
        _given,
        name="given",
        calls=[(([10, 6, 3],), {}), (([4],), {})],
        mistakes=[
            (lambda labels: np.array([*labels, 0]), "That is what shall be WRITTEN. What stands before each of them?"),
            (
                lambda labels: np.array([0, *labels][:-1]),
                "The end must be predicted too, and before it stands the last label.",
            ),
            (
                lambda labels: np.array(labels),
                "Before the first symbol stands none: class 0 tells the decoder to begin.",
            ),
        ],
    )
    return "One to the right, and a beginning."


def _steps_back(weights: np.ndarray) -> int:
    centres = weights @ np.arange(weights.shape[1])
    return int(np.sum(np.diff(centres) < 0))


@exercise("spell-back")
def _check_back(answer: object) -> str:
    rng = np.random.default_rng(1)
    maps = [rng.dirichlet(np.full(9, 0.3), size=n) for n in (6, 7, 5)] + [np.eye(5)[[0, 2, 1, 3, 0]]]
    expect_same_function(
        answer,
        _steps_back,
        name="steps_back",
        calls=[((one,), {}) for one in maps],
        mistakes=[
            (
                lambda weights: int(np.sum(np.diff(weights.argmax(axis=1)) < 0)),
                "Those are the maxima. The centre is the mean of the steps, weighted by the attention.",
            ),
            (
                lambda weights: int(np.sum(np.diff(weights @ np.arange(weights.shape[1])) > 0)),
                "That counts how often it moves forward.",
            ),
        ],
    )
    return "A map that never steps back is monotone."


@exercise("spell-errors")
def _errors(answer: object) -> str:
    expect_choices(
        answer,
        {
            "lost place": "attention",
            "endless answer": "attention",
            "word for a cough": "either",
            "one symbol a moment": "CTC",
        },
        choices=("attention", "CTC", "either"),
        hints={
            ("lost place", "CTC"): "A path of CTC passes every output from left to right; it always has its place.",
            ("lost place", "either"): "A path of CTC passes every output from left to right; it always has its place.",
            (
                "endless answer",
                "CTC",
            ): "CTC has no more words than outputs. What stops a decoder that never writes its end?",
            ("endless answer", "either"): "CTC has no more words than outputs. Which of the two has no such limit?",
            (
                "one symbol a moment",
                "attention",
            ): "A decoder may look at the same step twice. Who has one symbol an output?",
            (
                "one symbol a moment",
                "either",
            ): "A decoder may look at the same step twice. Who has one symbol an output?",
        },
        other="Think again about {key!r}: who can do that, and why?",
    )
    return "Freedom of place is the strength of one and the fault of the same."


@exercise("spell-search")
def _search(answer: object) -> str:
    expect_number(
        answer,
        0.36,
        hints={
            0.33: "That is the sentence that greedy reading finds. Another one is likelier.",
            0.6: "That is the first symbol alone. Multiply by what follows.",
            0.4: "That is the first symbol alone. Multiply by what follows.",
        },
        hint="Multiply along each of the sentences, and take the largest product.",
    )
    return "The likelier beginning led to the less likely sentence."


def _joint(attention: np.ndarray, ctc: np.ndarray, weight: float) -> int:
    return int(np.argmax((1 - weight) * np.asarray(attention) + weight * np.asarray(ctc)))


@exercise("spell-joint")
def _check_joint(answer: object) -> str:
    attention, ctc = np.array([-0.2, -1.0, -3.0]), np.array([-9.0, -2.0, -0.5])
    expect_same_function(
        answer,
        _joint,
        name="judge",
        calls=[((attention, ctc, weight), {}) for weight in (0.0, 0.05, 0.3, 0.5, 0.9)],
        mistakes=[
            (
                lambda attention, ctc, weight: _joint(attention, ctc, 1 - weight),
                "The weight is CTC's; the decoder has the rest.",
            ),
            (
                lambda attention, ctc, weight: int(np.argmax(attention + weight * ctc)),
                "The two weights add up to 1: what CTC gets is taken from the decoder.",
            ),
            (lambda attention, ctc, weight: int(np.argmax(attention + ctc)), "You left the weight out."),
        ],
    )
    return "Two judges, one verdict."


@exercise("spell-whole")
def _whole(answer: object) -> str:
    expect_number(
        answer,
        0.98**7,
        tolerance=5e-3,
        hints={
            0.98**6: "Six words, and the end must be right too.",
            0.98: "That is one symbol. All of them must be right.",
            1 - 0.98**7: "That is the share with an error.",
        },
        hint="Multiply 0.98 by itself, once for each symbol, the end included.",
    )
    return "0.98 to the seventh: an eighth of the sentences has an error."


@exercise("spell-map")
def _map(answer: object) -> str:
    expect_number(
        answer,
        7750,
        hints={
            7500: "Before the end it looks once more.",
            31_000: "The encoder's steps come every 40 ms, not every 10.",
            62_500: "That is self-attention among the steps. The decoder asks once for each symbol.",
            1000: "That is the number of frames.",
        },
        hint="Steps of the encoder in ten seconds, times looks of the decoder.",
    )
    return "250 steps, 31 looks."
