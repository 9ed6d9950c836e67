"""Checkers for *A recogniser that writes text* in the part *code*."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from speechbook.exercises.checking import exercise, expect_number, expect_text
from speechbook.exercises.functions import expect_same_function


@exercise("connected-classes")
def _classes(answer: object) -> str:
    expect_number(
        answer,
        17,
        hints={
            16: "Fifteen letters and the space. One class is still missing: the one that says 'nothing new here'.",
            15: "Those are the letters. Words need something between them, and CTC needs its blank.",
            11: "That is the head that writes words. Count the letters that occur in the ten names.",
            26: "Only letters that occur in zero … nine are needed, and two classes that are no letters.",
            28: "Only letters that occur in zero … nine are needed.",
        },
        hint='Try len(set("".join(DIGIT_NAMES))), and think of what is no letter.',
    )
    return "Fifteen letters, the space and the blank."


@exercise("connected-outputs")
def _outputs(answer: object) -> str:
    expect_number(
        answer,
        63,
        hints={
            62.5: "There is no half output. Strides with same padding round up.",
            62: "Strides with same padding round up: 250, 125, …",
            125: "That is after the first convolution. Two of them have a stride of 2.",
            250: "Two strides of 2 halve it twice.",
            31: "Only the first two convolutions halve the time; the third keeps it.",
            32: "Only the first two convolutions halve the time; the third keeps it.",
            126: "That is what the letters get. The words get one output a step.",
        },
        hint="Halve 250 twice, and round up each time.",
    )
    return "One output every 40 ms."


def _padding(lengths: np.ndarray, batches: Sequence) -> int:
    return sum(int(lengths[batch].max()) * len(batch) - int(lengths[batch].sum()) for batch in batches)


@exercise("connected-padding")
def _check_padding(answer: object) -> str:
    lengths = np.array([90, 20, 80, 30, 55])
    batches = [
        [np.array([1, 3]), np.array([2, 0]), np.array([4])],
        [np.array([0, 1]), np.array([2, 3, 4])],
        [np.arange(5)],
    ]

    def all_frames(lengths: np.ndarray, batches: Sequence) -> int:
        return sum(int(lengths[batch].max()) * len(batch) for batch in batches)

    expect_same_function(
        answer,
        _padding,
        name="padding",
        calls=[((lengths, rows), {}) for rows in batches],
        mistakes=[
            (all_frames, "Those are all frames of the batches. Take away the real ones."),
            (
                lambda lengths, batches: int(lengths.max()) * len(lengths) - int(lengths.sum()),
                "Each batch is padded to ITS longest string, not to the longest of all.",
            ),
            (
                lambda lengths, batches: _padding(lengths, batches) / all_frames(lengths, batches),
                "That is the share. The number of frames is asked for.",
            ),
            (
                lambda lengths, batches: sum(int(lengths[b].max()) - int(lengths[b].sum()) for b in batches),
                "The longest length counts once for EVERY string of the batch.",
            ),
        ],
    )
    return "Silence that is computed for nothing: sorting by length saves most of it."


def _pair_count(words: Sequence[Sequence[str]], first: str, second: str) -> int:
    return sum(pair == (first, second) for word in words for pair in pairwise(word))


@exercise("connected-pairs")
def _check_pairs(answer: object) -> str:
    texts = [["seven", "eleven"], ["three", "seventeen"], ["nine", "eleven"], ["eee"]]
    words = [[list(word) for word in text] for text in texts]
    words.append([["s", "ev", "en"], ["ev", "en"]])
    asked = [("e", "n"), ("e", "e"), ("e", "e"), ("e", "e"), ("ev", "en")]
    expect_same_function(
        answer,
        _pair_count,
        name="pair_count",
        calls=[((text, *pair), {}) for text, pair in zip(words, asked, strict=True)],
        mistakes=[
            (
                lambda words, first, second: sum((first, second) in set(pairwise(word)) for word in words),
                "A pair may occur twice in a word: count every time.",
            ),
            (
                lambda words, first, second: sum("".join(word).count(first + second) for word in words),
                "Count pairs of neighbouring UNITS: in a joined text units lose their ends, and 'eee' holds 'ee' once.",
            ),
            (
                lambda words, first, second: _pair_count([[unit for word in words for unit in word]], first, second),
                "Units in two different words are no neighbours.",
            ),
            (
                lambda words, first, second: _pair_count(words, second, first),
                "The order counts: first, then second.",
            ),
        ],
    )
    return "The pair that comes out highest is merged next, and counting begins again."


def _fuse(heard: np.ndarray, expected: np.ndarray, weight: float) -> int:
    return int(np.argmax(heard + weight * expected))


@exercise("connected-fusion")
def _check_fusion(answer: object) -> str:
    heard = np.log([[0.5, 0.4, 0.1], [0.34, 0.33, 0.33], [0.7, 0.2, 0.1]])
    expected = np.log([[0.1, 0.8, 0.1], [0.1, 0.15, 0.75], [0.05, 0.45, 0.5]])
    weights = (1.0, 1.0, 0.1, 0.0, 3.0)
    rows = (0, 1, 0, 1, 2)
    expect_same_function(
        answer,
        _fuse,
        name="fuse",
        calls=[((heard[i], expected[i], weight), {}) for i, weight in zip(rows, weights, strict=True)],
        mistakes=[
            (
                lambda heard, expected, weight: int(np.argmax(heard + expected)),
                "You leave the weight out.",
            ),
            (
                lambda heard, expected, weight: int(np.argmax(heard)),
                "That is what the network alone would choose.",
            ),
            (
                lambda heard, expected, weight: int(np.argmax(heard * expected)),
                "Both are logarithms: multiplying probabilities means ADDING their logarithms.",
            ),
            (
                lambda heard, expected, weight: float(np.max(heard + weight * expected)),
                "That is the best score. The number of the hypothesis that has it is asked for.",
            ),
            (
                lambda heard, expected, weight: int(np.argmax(weight * heard + expected)),
                "The weight belongs to the language model.",
            ),
        ],
    )
    return "Shallow fusion: two opinions, one sum."


@exercise("connected-empty")
def _empty(answer: object) -> str:
    expect_number(
        answer,
        1.0,
        hints={
            0: "Nothing was written, but three words were said: each of them is an error.",
            3: "That is the number of errors. Divide it by the words that were said.",
            100: "As a fraction, please.",
        },
        hint="Deletions count as errors.",
    )
    return "Silence is not the worst: whoever writes too much can exceed 1."


def _pooled(errors: Sequence[int], words: Sequence[int]) -> float:
    return sum(errors) / sum(words)


@exercise("connected-pooled")
def _check_pooled(answer: object) -> str:
    cases = [([1, 0, 0], [1, 6, 3]), ([0, 2], [1, 4]), ([3, 0, 0, 1], [2, 6, 6, 6])]
    expect_same_function(
        answer,
        _pooled,
        name="pooled_wer",
        calls=[(case, {}) for case in cases],
        mistakes=[
            (
                lambda errors, words: float(np.mean(np.divide(errors, words))),
                "That is the mean of the strings' rates: a wrong word in a string of one counts six times as much as "
                "in a string of six. Divide all errors by all words.",
            ),
            (
                lambda errors, words: float(np.mean([error > 0 for error in errors])),
                "That is the share of strings with an error.",
            ),
            (lambda errors, words: 1 - _pooled(errors, words), "That is what is left. Errors are asked for."),
            (lambda errors, words: sum(errors) / len(words), "Divide by the number of words, not of strings."),
        ],
    )
    return "Every word counts the same."


@exercise("connected-string")
def _string(answer: object) -> str:
    expect_number(
        answer,
        0.95**6,
        hints={
            0.95: "That is one digit. All six must be right.",
            1 - 6 * 0.05: "Nearly: chances multiply. Some strings have two errors.",
            1 - 0.95**6: "That is the share of strings with an error.",
            0.05**6: "That is the chance that all six are wrong.",
        },
        tolerance=1e-3,
        hint="All six must be right, independently of each other.",
    )
    return "About three quarters: long strings forgive nothing."


@exercise("connected-blank")
def _blank(answer: object) -> str:
    expect_text(
        answer,
        "five five",
        hints={
            "five nine": "Two different words end each other: no blank is needed between them.",
            "nine five": "Two different words end each other: no blank is needed between them.",
            "five": "One word lasts as long as it likes, and is read once.",
        },
        hint="Which of the three would be read as another string when repeats are merged?",
    )
    return "Merged, it is read as one five. In letters, 'three' would lose an e as well."
