"""Checkers for *Write while somebody speaks* in the part *code*."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import comb

import numpy as np
from scipy.special import log_softmax, softmax

from speechbook.exercises.checking import exercise, expect_array, expect_number
from speechbook.exercises.functions import expect_same_function
from speechbook.transducer import transducer_align, transducer_log_likelihood


@exercise("transducer-paths")
def _check_paths(answer: object) -> str:
    expect_same_function(
        answer,
        lambda n_steps, n_labels: comb(n_steps - 1 + n_labels, n_labels),
        name="count_paths",
        calls=[((5, 2), {}), ((1, 3), {}), ((4, 0), {}), ((10, 4), {})],
        mistakes=[
            (
                lambda n_steps, n_labels: comb(n_steps + n_labels, n_labels),
                "Nearly: the last move of every path is a blank, so only the moves before it can be chosen.",
            ),
            (
                lambda n_steps, n_labels: comb(n_steps, n_labels),
                "Several labels may be written at one step: choose among all moves but the last, not among steps.",
            ),
            (
                lambda n_steps, n_labels: n_steps * (n_labels + 1),
                "That is the number of nodes. Count the ways from the first to the last.",
            ),
        ],
    )
    return "Paths grow like powers, nodes like a product: that is what dynamic programming lives on."


def _read(moves: Sequence[int]) -> list[tuple[int, int]]:
    return [(label, list(moves[:i]).count(0)) for i, label in enumerate(moves) if label != 0]


@exercise("transducer-read")
def _check_read(answer: object) -> str:
    expect_same_function(
        answer,
        _read,
        name="read_path",
        calls=[(([0, 5, 0, 0, 2, 2, 0],), {}), (([3, 0],), {}), (([0, 0, 7, 0],), {})],
        mistakes=[
            (
                lambda moves: [(label, i) for i, label in enumerate(moves) if label != 0],
                "Labels take no time: the step is the number of BLANKS before the label, not of moves.",
            ),
            (
                lambda moves: [(label, step + 1) for label, step in _read(moves)],
                "Steps are counted from 0: before the first blank the sound is at step 0.",
            ),
            (
                lambda moves: [
                    pair for i, pair in enumerate(_read(moves)) if i == 0 or pair[0] != _read(moves)[i - 1][0]
                ],
                "Nothing is merged here: that rule belongs to CTC.",
            ),
            (lambda moves: [(step, label) for label, step in _read(moves)], "First the label, then the step."),
        ],
    )
    return "Only blanks let time pass."


@exercise("transducer-predict")
def _check_predict(answer: object) -> str:
    expect_array(answer, np.array([1, 1]), hint=_why_not(tuple(np.ravel(answer))))
    return "Sure or not: what counts is how many of the right paths come that way. They hardly pass (2, 0)."


def _why_not(node: tuple) -> str:
    if node == (2, 0):
        return "It is sure of itself there; but how many of the right paths come to that node? See the occupation."
    return "One of the two nodes is asked for: (2, 0) or (1, 1), the step first."


@exercise("transducer-joint")
def _check_joint(answer: object) -> str:
    rng = np.random.default_rng(0)
    calls = [
        ((rng.normal(size=4), rng.normal(size=4), rng.normal(size=(4, n)), rng.normal(size=n)), {}) for n in (3, 5)
    ]
    expect_same_function(
        answer,
        lambda e, p, weights, bias: softmax(np.tanh(e + p) @ weights + bias),
        name="joint",
        calls=calls,
        mistakes=[
            (lambda e, p, weights, bias: softmax((e + p) @ weights + bias), "The tanh is missing."),
            (
                lambda e, p, weights, bias: softmax((np.tanh(e) + np.tanh(p)) @ weights + bias),
                "Add first, then take the tanh of the sum: else sound and text do not mix.",
            ),
            (lambda e, p, weights, bias: np.tanh(e + p) @ weights + bias, "Those are scores. Take their softmax."),
            (
                lambda e, p, weights, bias: log_softmax(np.tanh(e + p) @ weights + bias),
                "Those are logarithms. Probabilities are asked for.",
            ),
            (lambda e, p, weights, bias: softmax(np.tanh(e + p) @ weights), "You leave the bias out."),
        ],
    )
    return "One node of the lattice. Training asks for all of them, decoding for one after the other."


@exercise("transducer-loss")
def _loss(answer: object) -> str:
    expect_number(
        answer,
        0.25,
        hints={
            0.125: "That is one path: two blanks and a label. How many paths are there?",
            0.375: "The label must be written before the last blank: there are two paths, not three.",
            0.5: "Each path has three moves, each with probability one half, the last blank included.",
            float(-np.log(0.25)): "That is the loss. P(y) is asked for.",
        },
        hint="Every path has two blanks and one label; the last move is a blank.",
        tolerance=1e-3,
    )
    return "Two paths of three moves."


def _best(p: np.ndarray, labels: Sequence[int]) -> float:
    return float(np.exp(transducer_align(np.log(p), labels).log_prob))


def _best_without_end(p: np.ndarray, labels: Sequence[int]) -> float:
    return _best(p, labels) / p[-1, -1, 0]


def _greedy_path(p: np.ndarray, labels: Sequence[int]) -> float:
    """Take the likelier move at each node, as far as the lattice allows."""
    t, u, total = 0, 0, 1.0
    while (t, u) != (len(p) - 1, len(labels)):
        can_write, can_wait = u < len(labels), t < len(p) - 1
        write = p[t, u, labels[u]] if can_write else -1.0
        if can_write and (not can_wait or write > p[t, u, 0]):
            total, u = total * write, u + 1
        else:
            total, t = total * p[t, u, 0], t + 1
    return total * p[-1, -1, 0]


@exercise("transducer-best")
def _check_best(answer: object) -> str:
    rng = np.random.default_rng(1)
    labels = ([1, 2], [2], [1, 1, 2])
    calls = [((softmax(1.5 * rng.normal(size=(4, len(own) + 1, 3)), axis=-1), own), {}) for own in labels]
    expect_same_function(
        answer,
        _best,
        name="best_path",
        calls=calls,
        mistakes=[
            (
                lambda p, labels: float(np.exp(transducer_log_likelihood(np.log(p), labels))),
                "That is the sum over all paths. Where two ways meet, keep the better one instead of adding.",
            ),
            (_best_without_end, "Every path ends with the blank of the last step."),
            (_greedy_path, "Taking the better move at every node is greedy: a poorer move may lead to better ones."),
        ],
    )
    return "Viterbi again: replace the sum by the maximum."


def _greedy(next_probs: Callable, n_steps: int) -> list[int]:
    labels: tuple[int, ...] = ()
    for t in range(n_steps):
        while (best := int(np.argmax(next_probs(t, labels)))) != 0:
            labels = (*labels, best)
    return list(labels)


def _one_a_step(next_probs: Callable, n_steps: int) -> list[int]:
    labels: tuple[int, ...] = ()
    for t in range(n_steps):
        best = int(np.argmax(next_probs(t, labels)))
        labels = (*labels, best) if best else labels
    return list(labels)


def _forgetful(next_probs: Callable, n_steps: int) -> list[int]:
    found = [int(np.argmax(next_probs(t, ()))) for t in range(n_steps)]
    return [label for label in found if label]


def _table(wanted: Sequence[Sequence[int]]) -> Callable:
    """Distributions by which step t writes the labels of wanted[t], and then the blank."""
    ends = np.cumsum([len(own) for own in wanted])
    text = [label for own in wanted for label in own]

    def next_probs(t: int, labels: tuple[int, ...]) -> np.ndarray:
        label = text[len(labels)] if len(labels) < ends[t] else 0
        return 0.1 + 0.7 * np.eye(4)[label]

    return next_probs


@exercise("transducer-greedy")
def _check_greedy(answer: object) -> str:
    tables = ([[], [2], [], [3, 1], [1]], [[1], [1], []], [[], []])
    expect_same_function(
        answer,
        _greedy,
        name="greedy",
        calls=[((_table(wanted), len(wanted)), {}) for wanted in tables],
        mistakes=[
            (
                _one_a_step,
                "After a label the sound stays: ask again at the SAME step, with the longer text, until a blank comes.",
            ),
            (_forgetful, "Pass on what was written so far: next_probs(t, labels), with a tuple."),
            (
                lambda next_probs, n_steps: ctc_read(_greedy(next_probs, n_steps)),
                "Nothing is merged here: the same word twice is written twice.",
            ),
        ],
    )
    return "A label stays, a blank goes on."


def ctc_read(labels: Sequence[int]) -> list[int]:
    """Merge repeats, which a transducer must not do."""
    return [label for i, label in enumerate(labels) if i == 0 or labels[i - 1] != label]


@exercise("transducer-shy")
def _shy(answer: object) -> str:
    expect_number(
        answer,
        1 - 0.6**3,
        hints={
            1.2: "No probability exceeds 1: at the second step it counts only if the word was not written before.",
            0.4: "That is one step. There are three chances.",
            0.6**3: "That is the chance that it is never written.",
            0.4**3: "That would be three words.",
        },
        tolerance=0.01,
        hint="It is not written only if the blank comes three times.",
    )
    return "Nearly four in five, and greedy decoding writes nothing."


@exercise("transducer-memory")
def _check_memory(answer: object) -> str:
    def megabytes(batch: int, n_steps: int, n_labels: int, n_classes: int) -> float:
        return 4 * batch * n_steps * (n_labels + 1) * n_classes / 1e6

    expect_same_function(
        answer,
        megabytes,
        name="megabytes",
        calls=[((16, 250, 50, 500), {}), ((1, 100, 0, 11), {}), ((8, 30, 4, 5000), {})],
        mistakes=[
            (
                lambda batch, n_steps, n_labels, n_classes: 4 * batch * n_steps * n_labels * n_classes / 1e6,
                "There is a row before each label AND one after the last.",
            ),
            (
                lambda batch, n_steps, n_labels, n_classes: 4 * batch * n_steps * n_classes / 1e6,
                "That is what CTC keeps. A transducer has a distribution for every number of labels, too.",
            ),
            (
                lambda batch, n_steps, n_labels, n_classes: megabytes(batch, n_steps, n_labels, n_classes) / 4,
                "Each number takes four bytes.",
            ),
        ],
    )
    return "And the joint network's inner units come on top, at every node."
