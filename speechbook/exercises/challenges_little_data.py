"""Checkers for the chapter *Little data*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.functions import expect_same_function


@exercise("little-price")
def _price(answer: object) -> str:
    expect_number(
        answer,
        25,
        hints={
            1500: "Those are seconds.",
            20: "That is what the 200 labels cost. What is saved is the difference.",
            45: "Add nothing for the pre-training: nobody sits by it. And take the difference.",
        },
        hint="Count the labels that need not be written, then their seconds, then minutes.",
    )
    return "Five minutes a hundred clips. For a thousand hours of speech the same sum runs into years."


def _hide(x: np.ndarray, first: int, span: int) -> np.ndarray:
    seen = np.array(x, float)
    seen[first : first + span] = 0
    return seen


def _hide_bands(x: np.ndarray, first: int, span: int) -> np.ndarray:
    seen = np.array(x, float)
    seen[:, first : first + span] = 0
    return seen


def _hide_floor(x: np.ndarray, first: int, span: int) -> np.ndarray:
    seen = np.array(x, float)
    seen[first : first + span] = -1
    return seen


@exercise("little-hide")
def _hide_check(answer: object) -> str:
    rng = np.random.default_rng(0)
    pictures = [rng.uniform(-1, 1, shape) for shape in ((12, 5), (9, 9), (20, 3))]
    calls = [((x, first, span), {}) for x, first, span in zip(pictures, (3, 0, 15), (4, 2, 10), strict=True)]
    expect_same_function(
        answer,
        _hide,
        name="hide",
        calls=calls,
        mistakes=[
            (_hide_bands, "You hid bands. Frames are the first axis of the picture."),
            (_hide_floor, "-1 is the floor, and means silence there. Hidden frames hold 0."),
            (
                lambda x, first, span: np.delete(x, slice(first, first + span), axis=0),
                "Hide the frames, but keep them.",
            ),
            (lambda x, first, span: _hide(x, first, span - first), "`span` says how many frames, not where they end."),
        ],
    )
    # A picture that is changed in place would be its own hidden version, and the truth would be lost.
    x = np.ones((6, 2))
    answer(x, 1, 2)
    if not (x == 1).all():
        return "Right. But it changes the picture it was given, and then the truth is gone: copy it first."
    return "All bands at once: one band would give its neighbour away."


def _masked_error(guess: np.ndarray, truth: np.ndarray, hidden: np.ndarray) -> float:
    return np.abs(guess - truth)[hidden].mean()


@exercise("little-masked-error")
def _masked_error_check(answer: object) -> str:
    rng = np.random.default_rng(1)
    calls = []
    for shape in ((2, 10, 4), (3, 7, 5)):
        guess, truth = rng.uniform(-1, 1, (2, *shape))
        calls.append(((guess, truth, rng.random(shape[:2]) < 0.4), {}))
    expect_same_function(
        answer,
        _masked_error,
        name="masked_error",
        calls=calls,
        mistakes=[
            (
                lambda guess, truth, hidden: np.abs(guess - truth).mean(),
                "Over the hidden frames only: the others lie open, and copying them teaches nothing.",
            ),
            (
                lambda guess, truth, hidden: (np.abs(guess - truth) * hidden[:, :, None]).mean(),
                "Divide by the number of hidden values, not by all: take the mean after choosing.",
            ),
            (
                lambda guess, truth, hidden: np.abs(guess - truth)[~hidden].mean(),
                "That is the error of the frames that were *not* hidden.",
            ),
            (
                lambda guess, truth, hidden: ((guess - truth)[hidden] ** 2).mean(),
                "The mean *absolute* error, not the squared one.",
            ),
            (
                lambda guess, truth, hidden: (guess - truth)[hidden].mean(),
                "Without the absolute value, errors up and errors down would cancel.",
            ),
        ],
    )
    return "This is all that the network is told: no label stands in it."


@exercise("little-power")
def _power(answer: object) -> str:
    expect_number(
        answer,
        0.1,
        hints={
            0.0: "That is a straight line on plain axes. On logarithmic ones every factor of 4 does the same.",
            0.9: "That is what is right. Give the error.",
            0.05: "That would be 3,200 labels. From 200 to 800 is one factor of 4.",
            10: "As a share.",
        },
        hint="Four times as many labels halved the error. From 200 to 800 there are again four times as many.",
        tolerance=0.001,
    )
    return "The exponent is −1/2. Believe it only until it has been tested."


def _keep(chances: np.ndarray, threshold: float) -> np.ndarray:
    return np.flatnonzero(np.asarray(chances).max(axis=1) >= threshold)


@exercise("little-keep")
def _keep_check(answer: object) -> str:
    rng = np.random.default_rng(2)
    draws = [rng.dirichlet(np.full(4, 0.6), size=n) for n in (9, 14, 6)]
    expect_same_function(
        answer,
        _keep,
        name="keep",
        calls=[((chances, threshold), {}) for chances, threshold in zip(draws, (0.6, 0.8, 0.0), strict=True)],
        mistakes=[
            (lambda chances, t: np.flatnonzero(chances[:, 0] >= t), "Sure of *any* word: the largest of each row."),
            (
                lambda chances, t: np.flatnonzero(np.max(chances, axis=1) < t),
                "These are the clips of which the network is *not* sure enough.",
            ),
            (lambda chances, t: np.argmax(chances, axis=1)[_keep(chances, t)], "Those are the labels. Give the clips."),
        ],
    )
    return "At a threshold of 0 everything is kept."


@exercise("little-smooth")
def _smooth(answer: object) -> str:
    expect_number(
        answer,
        0.91,
        hints={
            0.9: "Nearly: the tenth that is taken away is spread over *all* ten words, also over the right one.",
            1.0: "Without smoothing. Here a tenth of each label goes to all words alike.",
            0.99: "Take a tenth away first, then give a tenth of that back.",
            0.01: "That is each of the nine others.",
        },
        hint="0.9 stays with the right word; 0.1 is shared by ten words.",
    )
    return "So a threshold of 0.95 waits for an answer that the training calls wrong."


def _ask(chances: np.ndarray, n: int) -> np.ndarray:
    best = np.sort(np.asarray(chances), axis=1)
    return np.argsort(best[:, -1] - best[:, -2], kind="stable")[:n]


@exercise("little-ask")
def _ask_check(answer: object) -> str:
    rng = np.random.default_rng(3)
    draws = [rng.dirichlet(np.full(5, 0.8), size=n) for n in (8, 15, 11)]
    expect_same_function(
        answer,
        _ask,
        name="ask",
        calls=[((chances, n), {}) for chances, n in zip(draws, (3, 5, 4), strict=True)],
        mistakes=[
            (
                lambda chances, n: np.argsort(np.max(chances, axis=1), kind="stable")[:n],
                "Those have the lowest best chance. The margin is the best chance minus the second best.",
            ),
            (lambda chances, n: _ask(chances, len(chances))[::-1][:n], "These have the *largest* margins."),
            (lambda chances, n: np.sort(_ask(chances, n)), "The smallest margin first: keep the order."),
            (
                lambda chances, n: np.argsort(np.ptp(chances, axis=1), kind="stable")[:n],
                "The best minus the *second* best, not minus the worst.",
            ),
        ],
    )
    return "Where two words are hardest to tell apart, a label says most."


@exercise("little-composable")
def _composable(answer: object) -> str:
    expect_number(
        answer,
        2,
        hints={
            10: 'Look at "six": where else is its K?',
            8: "These are the words that *cannot* be put together.",
            0: '"Nine" is N, AY, N: N is in "one" and "seven". And AY?',
        },
        hint="For each word: does every one of its phones stand in at least one of the other nine words?",
    )
    return '"Five" and "nine", and each needs the other: take both away, and none is left.'
