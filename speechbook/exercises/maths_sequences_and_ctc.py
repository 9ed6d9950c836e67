"""Checkers for *Sequences, alignment and CTC* in the part *maths*."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np

from speechbook.exercises.checking import Hint, describe, exercise, expect_array, expect_number
from speechbook.exercises.functions import expect_same_function

_P = np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4], [0.3, 0.1, 0.6], [0.7, 0.2, 0.1], [0.1, 0.8, 0.1]])

_SURE = np.array([[0.1, 0.8, 0.1]] * 4)


def _collapse(path: list[int], blank: int = 0) -> list[int]:
    return [label for label, _ in groupby(path) if label != blank]


@exercise("seq-collapse")
def _check_collapse(answer: object) -> str:
    def blanks_first(path: list[int], blank: int) -> list[int]:
        return [label for label, _ in groupby(label for label in path if label != blank)]

    paths = [([1, 1, 0, 1, 2, 2], 0), ([0, 0, 0], 0), ([], 0), ([3, 3, 3], 0), ([5, 9, 5, 5, 9, 2], 9), ([0, 4, 0], 4)]
    expect_same_function(
        answer,
        _collapse,
        name="collapse",
        calls=[(path, {}) for path in paths],
        mistakes=[
            (blanks_first, "You drop the blanks first, and then nothing keeps two equal labels apart. Merge first."),
            (lambda path, blank: [label for label in path if label != blank], "Merge repeats before you drop blanks."),
            (lambda path, blank: [label for label, _ in groupby(path)], "Repeats are merged. Now drop the blanks."),
            (lambda path, blank: _collapse(path), "The blank need not be class 0: use the argument."),
            (
                lambda path, blank: sorted(set(path) - {blank}),
                "A set forgets the order, and that a label may come twice. Only neighbours are merged.",
            ),
        ],
    )
    return "Repeats first, blanks second: the order matters."


@exercise("seq-paths")
def _paths(answer: object) -> str:
    if not isinstance(answer, list | tuple | np.ndarray) or np.shape(answer) != (3,):
        raise Hint(f"A list of three counts is asked for, for '1', '1 1' and '1 2'; you gave {describe(answer)}.")
    given = np.asarray(answer)
    if given.dtype.kind in "iuf" and given.tolist() in ([7, 1, 5], [3, 1, 5], [6, 3, 5]):
        raise Hint("Write them out: a label may last for several frames, with blanks before and after, never inside.")
    if given.dtype.kind in "iuf" and given[1] == 0:
        raise Hint("'1 1' can be written in three frames: put a blank between the two.")
    expect_array(given, np.array([6, 1, 5]), hint="List all 27 paths with itertools.product, and read each of them.")
    return "6, 1 and 5. Together with eight other strings they use up all 27 paths."


def _frames_needed(labels: list[int]) -> int:
    return len(labels) + sum(a == b for a, b in pairwise(labels))


@exercise("seq-frames")
def _check_frames(answer: object) -> str:
    strings = [[5, 5, 2], [], [7], [1, 1, 1, 1], [1, 2, 1, 2], [3, 3, 4, 4, 3], [9, 1, 1, 9]]
    expect_same_function(
        answer,
        _frames_needed,
        name="frames_needed",
        calls=[((labels,), {}) for labels in strings],
        mistakes=[
            (len, "A label a frame is not enough for '5 5 2': between equal neighbours stands a blank."),
            (lambda labels: 2 * len(labels) + 1, "That is the number of states. Most blanks may be skipped."),
            (
                lambda labels: max(2 * len(labels) - 1, 0),
                "A blank is needed between EQUAL neighbours only; '1 2' fits into two frames.",
            ),
            (
                lambda labels: 2 * len(labels) - len(set(labels)),
                "Labels that come back later need no blank: count equal NEIGHBOURS.",
            ),
        ],
    )
    return "One frame a label, and one more for each repeat. Shorter outputs have an infinite loss."


@exercise("seq-mask")
def _mask(answer: object) -> str:
    def right(x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        real = np.arange(x.shape[1]) < np.asarray(lengths)[:, None]
        return (x * real[..., None]).sum(axis=1) / real.sum(axis=1)[:, None]

    def sums(x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        return right(x, lengths) * np.asarray(lengths)[:, None]

    rng = np.random.default_rng(0)
    batches = [(rng.normal(size=shape) + 5, np.array(n)) for shape, n in [((3, 6, 2), [2, 6, 4]), ((2, 4, 3), [1, 3])]]
    expect_same_function(
        answer,
        right,
        name="masked_mean",
        calls=[(batch, {}) for batch in batches],
        mistakes=[
            (lambda x, lengths: x.mean(axis=1), "You average over the padding too: it pulls every mean its way."),
            (
                lambda x, lengths: sums(x, lengths) / x.shape[1],
                "The sum is right. Divide by each sequence's own number of frames.",
            ),
            (sums, "That is the sum over the real frames. A mean divides by their number."),
            (
                lambda x, lengths: right(x, np.full(len(x), lengths.min())),
                "You cut all sequences to the shortest: that is truncating, and loses frames.",
            ),
            (
                lambda x, lengths: right(x, np.minimum(lengths + 1, x.shape[1])),
                "One frame too many: indices count from 0, so the last real frame is lengths − 1.",
            ),
        ],
    )
    return "What stands in the padding no longer matters."


def _best(p: np.ndarray, labels: list[int], *, add: bool = False, skip: str = "right", end: int = 2) -> float:
    states = np.zeros(2 * len(labels) + 1, int)
    states[1::2] = labels
    join = np.add if add else np.maximum
    alpha = np.where(np.arange(len(states)) < 2, p[0, states], 0.0)
    for frame in p[1:]:
        step = np.concatenate([[0], alpha[:-1]])
        jump = np.concatenate([[0, 0], alpha[:-2]])
        before = np.concatenate([[0, 0], states[:-2]])
        allowed = {"right": (states != 0) & (states != before), "never": False, "always": states != 0}[skip]
        alpha = frame[states] * join(join(alpha, step), np.where(allowed, jump, 0))
    return float(alpha[-end:].sum() if add else alpha[-end:].max())


@exercise("seq-best-path")
def _best_path(answer: object) -> str:
    strings = [[1, 2], [1, 1], [2], [2, 1, 2], [1, 2, 2]]
    expect_same_function(
        answer,
        _best,
        name="best_path",
        calls=[*(((_P, labels), {}) for labels in strings), ((_SURE, [1, 1]), {})],
        mistakes=[
            (
                lambda p, labels: _best(p, labels, add=True),
                "That is the sum over all paths, the chapter's result. Take the largest arrival instead of the sum.",
            ),
            (lambda p, labels: np.log(_best(p, labels)), "A probability is asked for, not its logarithm."),
            (
                lambda p, labels: _best(p, labels, skip="never"),
                "You never jump over a blank. Between different labels it may be left out.",
            ),
            (
                lambda p, labels: _best(p, labels, skip="always"),
                "You jump over the blank between equal labels too; such a path reads as one label.",
            ),
            (
                lambda p, labels: _best(p, labels, end=1),
                "A path may end in the last label as well as in the last blank: take the better of the two.",
            ),
            (
                lambda p, labels: p.max(axis=1).prod(),
                "That is the best path of all, whatever it spells. Stay among those that spell the labels.",
            ),
        ],
        tolerance=1e-9,
    )
    return "Max instead of sum: Viterbi's algorithm, which also aligns."


@exercise("seq-posterior")
def _posterior(answer: object) -> str:
    expect_number(
        answer,
        -1 / 6,
        hints={
            1 / 6: "Output minus posterior: 1/2 − 2/3. A likelier label costs less, so its slope is negative.",
            2 / 3: "That is the posterior: two of the three paths hold the label in frame 1. Now p − γ.",
            -1 / 2: "That would be p − 1, for a label certain in this frame. It is there in two paths of three.",
            0.5: "That is the output p. Subtract the posterior from it.",
            0: "Not every path that spells the label goes through it in frame 1; how many of the three do?",
            -0.25: "Three paths spell it, two of them with it in frame 1. Divide by the three, not by all four.",
        },
        tolerance=1e-3,
        hint="List the paths that spell '1' in two frames: which share of their probability has '1' in frame 1?",
    )
    return "1/2 − 2/3: descent raises this score."


@exercise("seq-wer")
def _wer(answer: object) -> str:
    expect_number(
        answer,
        0.25,
        hints={
            1: "That is the number of errors. Divide it by the number of words that were said.",
            0.75: "Place by place, one lost word shifts all that follow. Find the FEWEST edits.",
            1 / 3: "Divide by the words that were said, four, not by those heard.",
            0: "A word is missing in what was heard.",
            25: "A fraction is asked for, not per cent.",
        },
        tolerance=1e-3,
        hint="Count deletions, substitutions and insertions in the cheapest alignment, and divide by four.",
    )
    return "One word lost, of four."


@exercise("seq-string")
def _string(answer: object) -> str:
    expect_number(
        answer,
        0.97**10,
        hints={
            0.97: "That is one digit. All ten have to be right.",
            0.7: "Errors do not simply add up, since a string may hold two of them: multiply.",
            1 - 0.97**10: "That is the share of strings with an error.",
            0.03**10: "That is the chance that all ten digits are wrong.",
            9.7: "That is how many of the ten digits are right, on average.",
        },
        tolerance=0.005,
        hint="Every digit must be right; the chances of independent events multiply.",
    )
    return "One string in four has an error."


@exercise("seq-bigram")
def _bigram(answer: object) -> str:
    def right(strings: list[str], before: str, after: str) -> float:
        pairs = [pair for string in strings for pair in pairwise("^" + string + "$")]
        return sum(pair == (before, after) for pair in pairs) / max(1, sum(pair[0] == before for pair in pairs))

    def without_ends(strings: list[str], before: str, after: str) -> float:
        pairs = [pair for string in strings for pair in pairwise(string)]
        return sum(pair == (before, after) for pair in pairs) / max(1, sum(pair[0] == before for pair in pairs))

    def joint(strings: list[str], before: str, after: str) -> float:
        pairs = [pair for string in strings for pair in pairwise("^" + string + "$")]
        return sum(pair == (before, after) for pair in pairs) / len(pairs)

    def unigram(strings: list[str], before: str, after: str) -> float:
        tokens = [token for string in strings for token in string + "$"]
        return tokens.count(after) / len(tokens)

    strings = ["1745", "0930", "1215", "1100"]
    calls = [("1", "1"), ("1", "2"), ("^", "1"), ("5", "$"), ("0", "0"), ("9", "1"), ("1", "7")]
    expect_same_function(
        answer,
        right,
        name="bigram",
        calls=[((strings, *pair), {}) for pair in calls],
        mistakes=[
            (without_ends, "Put '^' before and '$' behind every string: beginnings and ends count as well."),
            (joint, "You divide by all pairs. Divide by the pairs that begin with `before`."),
            (unigram, "You forget the token before. Count pairs, not single tokens."),
            (lambda s, b, a: right(s, a, b), "The two are exchanged: how often does `after` FOLLOW `before`?"),
            (
                lambda s, b, a: sum(string.count(b + a) for string in s) / sum(string.count(b) for string in s),
                "Put '^' before and '$' behind every string, and mind that str.count passes over overlaps.",
            ),
        ],
        tolerance=1e-6,
    )
    return "Unseen pairs get 0, which no recogniser should believe: hence smoothing."
