"""Checkers for *Regularisation and activations, question by question* in the part *faq*."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from speechbook.exercises.checking import Hint, Unanswered, describe, exercise, expect_number
from speechbook.exercises.code import expect_choices

JUDGEMENTS = ("true", "empty", "false", "harmful")


def _whole_numbers(answer: object) -> list[int]:
    """Read a list, tuple, set or array of whole numbers, or say what is missing."""
    if isinstance(answer, Mapping | str) or not isinstance(answer, Collection | np.ndarray) or len(answer) == 0:
        raise Hint(f"Whole numbers in a list or set are asked for, but you gave {describe(answer)}.")
    if any(part is ... for part in answer):
        raise Unanswered("Replace the dots by numbers and run the cell again.")
    if any(isinstance(part, bool) or not isinstance(part, int | np.integer) for part in answer):
        raise Hint(f"Whole numbers in a list or set are asked for, but you gave {describe(answer)}.")
    return [int(part) for part in answer]


@exercise("judge-count")
def _count(answer: object) -> str:
    numbers = _whole_numbers(answer)
    if numbers == [85, 71]:
        return "85 questions, 14 of them repeats, 71 concepts."
    if numbers == [71, 85]:
        raise Hint("Questions first, then concepts.")
    if numbers[-1] == 73:
        raise Hint("Some concepts are asked three times: count what is left, not the groups.")
    if numbers[-1] == 83:
        raise Hint("You took away the two literal repeats. Repeats under another name count as well.")
    raise Hint("len(verdict) counts questions; `asked` holds each concept once.")


@exercise("judge-repeats")
def _repeats(answer: object) -> str:
    numbers = set(_whole_numbers(answer))
    if numbers == {61, 78}:
        return "One-hot encoding and dropout, word for word."
    if numbers == {11, 21}:
        raise Hint("Those were asked first. Which came again?")
    if numbers & {62, 64}:
        raise Hint("62 says one-of-K and 64 says dropout regularisation: the same thing under another name.")
    if numbers & {79, 80, 81, 83, 84, 85}:
        raise Hint("79 to 85 change the name a little. Two further up do not even do that.")
    raise Hint("Look at the groups printed above, and at the sentence below them.")


@exercise("judge-cut-off")
def _cut_off(answer: object) -> str:
    expect_number(
        answer,
        85,
        hints={84: "84, the LSTM layer, is complete.", 36: "36 asks the same and is complete."},
        hint="It is the very last one.",
    )
    return "A bidirectional LSTM layer can handle long-term dependencies, and then the article is over."


@exercise("judge-category")
def _category(answer: object) -> str:
    numbers, right = set(_whole_numbers(answer)), {16, 17, 18, 58, 68, 69}
    if numbers == right:
        return "Three units or settings, one architecture and two ways to normalise."
    if numbers & {35, 57}:
        raise Hint("35 and 57 expand an abbreviation wrongly; the category is right.")
    if numbers & {32, 42, 49, 62}:
        raise Hint("32, 42, 49 and 62 are listed as wrong in the thing itself.")
    if numbers - right:
        raise Hint(f"{min(numbers - right)} is not among the wrong answers, or its category is right.")
    raise Hint(f"{len(numbers)} of six: take the wrong ones above and leave out those that the task names.")


@exercise("judge-letters")
def _letters(answer: object) -> str:
    if isinstance(answer, Mapping):
        answer = {key: value.strip().lower() if isinstance(value, str) else value for key, value in answer.items()}
    expect_choices(
        answer,
        {"GRU-D": "decay", "DRQN": "recurrent"},
        choices=("decay", "recurrent", "delayed", "delayed inputs", "double", "deep", "recursive", "reinforcement"),
        hints={
            ("GRU-D", "delayed"): "That is the article's word. Nothing is delayed: what is missing fades.",
            ("GRU-D", "delayed inputs"): "That is the article's word. Nothing is delayed: what is missing fades.",
            ("DRQN", "double"): "Double DQN is DDQN. The R is for a network with a state.",
            ("DRQN", "recursive"): "A state fed back through time is recurrent, 循环; 递归 is recursive.",
        },
        other="Look up {key} on the page of questions.",
    )
    return "Decay, and recurrent."


@exercise("judge-rewrite")
def _rewrite(answer: object) -> str:
    expect_choices(
        answer,
        {"needs a model": False, "learns from": "differences"},
        choices=(True, False, "differences", "sweeps"),
        hints={
            ("needs a model", True): "Dynamic programming needs one. Q-learning only needs to try.",
            ("learns from", "sweeps"): "Sweeps over all states are value iteration, which knows the model.",
        },
        other="Look at {key!r} again.",
    )
    return "Q-learning is model-free, off-policy temporal-difference control."


@exercise("judge-stock")
def _stock(answer: object) -> str:
    expect_choices(
        answer,
        {"LSTM": "true", "epoch": "empty", "C51": "false", "stop-word removal": "harmful"},
        choices=JUDGEMENTS,
        hints={
            ("epoch", "true"): "Used wherever anything is trained: it says nothing about speech.",
            ("epoch", "false"): "Recognisers are trained in epochs, as is everything. So not false, but …",
            ("C51", "true"): "It learns to play games. Who has recognised speech with it?",
            ("stop-word removal", "true"): "It serves search. In scoring a recogniser it hides errors.",
            ("stop-word removal", "false"): "Worse than false: who believes it loses 'on', 'off' and 'not'.",
        },
        other="Look at {key} again.",
    )
    return "One sentence, four fates."


@exercise("judge-floor")
def _floor(answer: object) -> str:
    right = -(0.91 * np.log(0.91) + 0.09 * np.log(0.01))
    expect_number(
        answer,
        float(right),
        hints={
            0: "Certainty costs now: a target of 0.01 times -log of nearly 0 is large.",
            float(-np.log(0.91)): "The nine other words pay as well: 0.01 each.",
            float(right / np.log(2)): "That is in bits. Nats take the natural logarithm.",
            float(-(0.91 * np.log(0.91) + 0.01 * np.log(0.01))): "There are NINE other words.",
        },
        hint="The lowest cross-entropy is the entropy of the targets themselves.",
        tolerance=0.005,
    )
    return "The entropy of the targets: half a nat that no network can get rid of."
