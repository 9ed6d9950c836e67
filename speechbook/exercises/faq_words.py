"""Checkers for the chapter *Words as data*."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from itertools import pairwise

import numpy as np

from speechbook.exercises.checking import (
    Hint,
    Unanswered,
    describe,
    exercise,
    expect_function,
    expect_number,
    expect_text,
)


@exercise("words-bpe")
def _bpe(answer: object) -> str:
    expect_number(
        answer,
        5,
        hints={
            4: 'That is "seven" alone, or "seventeen" after more joints. Print `encode("seventeen")`.',
            10: "That is before any joint.",
            9: "The end mark is a piece, too, and six joints have been made.",
        },
        hint="Apply the joints one after the other, or let `encode` do it.",
    )
    return 's, e, v, en, and "teen" with the end mark.'


def _best_pair(words: list[list[str]]) -> tuple[str, str]:
    pairs = Counter(pair for word in words for pair in pairwise(word))
    return max(pairs, key=pairs.get)


@exercise("words-pair")
def _pair(answer: object) -> str:
    expect_function(answer, example="best_pair([['o', 'n', 'e']])")
    inputs = [
        [["o", "n", "e"], ["n", "i", "n", "e"], ["t", "e", "n"]],
        [["s", "i", "x"], ["s", "i", "x", "t", "y"]],
        [["te", "n"], ["ten"], ["t", "e", "n"], ["te", "n"]],
        [["a", "b"], ["c", "d"], ["d", "c"], ["c", "d"]],
        [["e", "d"], ["a", "b"]],
    ]
    for words in inputs:
        given = answer([list(word) for word in words])
        if given is ...:
            raise Unanswered("Replace the dots in the function and run the cell again.")
        wanted = _best_pair(words)
        if given == "".join(wanted):
            raise Hint("Give the two pieces as a tuple, not joined.")
        if given == Counter(piece for word in words for piece in word).most_common(1)[0][0]:
            raise Hint("That is the most frequent piece. Count pairs of neighbours.")
        if not isinstance(given, tuple) or len(given) != 2:
            raise Hint(f"A tuple of two pieces is asked for, but you gave {describe(given)}.")
        if given != wanted:
            raise Hint(f"best_pair({words}) should give {wanted}, but gives {given}.")
    return "The whole of byte-pair encoding is this and `join`, in turn."


@exercise("words-stops")
def _stops(answer: object) -> str:
    if isinstance(answer, str) or not isinstance(answer, tuple | list | np.ndarray) or len(answer) != 2:
        raise Hint(f"Two numbers are asked for, such as (0.5, 0.1), but you gave {describe(answer)}.")
    if list(answer) == [0, 1 / 4]:
        raise Hint("The other way round: first with all words.")
    expect_number(
        answer[0],
        1 / 4,
        hints={
            1 / 3: "Divide by the words that were *said*.",
            1: "That is a count. Divide by the words that were said.",
        },
        hint="The first number: one deletion, over the words that were said.",
    )
    expect_number(answer[1], 0, hint='The second number: "call ben" on both sides.')
    return "And Ben is called, though nobody was to call him."


@exercise("words-normal")
def _normal(answer: object) -> str:
    expect_function(answer, example="same_text('Call  ２')")
    cases = (
        ("Call  BEN ", "call ben", "Small letters, single spaces, none at the ends."),
        ("call ２４", "call 24", "Wide digits: that is what NFKC is for; NFC leaves them alone."),
        ("cafe\u0301", "caf\u00e9", "An accent beside its letter must be composed: NFKC, not NFKD."),
        ("turn\ton\nnow", "turn on now", "Tabs and line ends are white space, too."),
        ("ＣＡＬＬ\u3000ＭＥ", "call me", "Wide letters and the wide space: normalise before you split."),
        ("not, on", "not, on", "Nothing was said about punctuation."),
    )
    for text, wanted, hint in cases:
        given = answer(text)
        if given is ...:
            raise Unanswered("Replace the dots in the function and run the cell again.")
        if not isinstance(given, str):
            raise Hint(f"A text is asked for, but you gave {describe(given)}.")
        if unicodedata.normalize("NFC", given) == wanted != given:
            raise Hint("An accent beside its letter must be composed: NFKC, not NFKD.")
        if given != wanted:
            raise Hint(f"{text!r} should become {wanted!r}, but becomes {given!r}. {hint}")
    return "Apply it to both sides, and say that you did."


@exercise("words-stem")
def _stem(answer: object) -> str:
    expect_text(
        answer,
        ("studi",),
        hints={
            "study": "That is the lemma, a word. A rule knows no words.",
            "studie": 'The first rule that fits is that for "ies", not that for "s".',
            "stud": 'The rule cuts "ies" and puts an "i" in its place.',
        },
        hint='A text such as "turn". Which ending fits first?',
    )
    return "No word, and it need not be one."


@exercise("words-overlap")
def _overlap(answer: object) -> str:
    expect_number(
        answer,
        3,
        hints={
            2: "The mark at the end counts as a letter.",
            3 / 8: "The number of common strings is asked for, not a share.",
            4: 'Only strings of three: "even" has four.',
        },
        hint='Write down all strings of three letters of "<seven>" and of "<eleven>".',
    )
    return '"eve", "ven" and "en>".'


@exercise("words-skipgram")
def _skipgram(answer: object) -> str:
    right = math.log1p(math.exp(-2)) + math.log1p(math.exp(1))
    expect_number(
        answer,
        right,
        tolerance=1e-3,
        hints={
            math.log1p(math.exp(-2)) + math.log1p(math.exp(-1)): "The negative sample enters with −u·v.",
            math.log1p(math.exp(-2)): "That is the true neighbour alone. Add the negative sample.",
            -right: "A loss is the *negative* logarithm.",
            right / math.log(2): "That is in bits: take natural logarithms.",
        },
        hint="The products are 2 and 1: −log σ(2) − log σ(−1).",
    )
    return "Most of it comes from the negative sample, which lies on the wrong side."


@exercise("words-floor")
def _floor(answer: object) -> str:
    expect_number(
        answer,
        10 ** (10 / 48),
        tolerance=2e-3,
        hints={
            10 ** (1 / 5): "That is with zero, 40 letters in all.",
            10 ** (10 / 38): "The spaces are characters, too.",
            10: "That is per digit. A digit has several characters.",
            math.log(10) * 10 / 48: "That is the entropy in nats. Perplexity is its exponential.",
        },
        hint="Ten equally likely names, each 3.8 letters and a space on average: which root of ten?",
    )
    return "Shorter names leave less that is certain, so the floor rises a little."
