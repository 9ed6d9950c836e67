"""How far a transcript is from what was said: edit distance, alignment, word and character error rate."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

Utterance = str | Sequence[Hashable]

MARKS = {"equal": " ", "substitute": "S", "delete": "D", "insert": "I"}


@dataclass(frozen=True)
class Step:
    """One column of an alignment.

    Attributes
    ----------
    kind : str
        ``"equal"``, ``"substitute"``, ``"delete"`` (the reference token is missing) or ``"insert"`` (a token too many).
    reference, hypothesis : hashable or None
        The two tokens; None where a side has none.
    """

    kind: str
    reference: Hashable
    hypothesis: Hashable


@dataclass(frozen=True, repr=False)
class Alignment:
    """A cheapest way to turn the reference into the hypothesis; prints as two aligned rows and a row of marks.

    Attributes
    ----------
    steps : tuple of Step
        From left to right.
    """

    steps: tuple[Step, ...]

    def count(self, kind: str) -> int:
        """Count the steps of one kind, such as ``"delete"``."""
        return sum(step.kind == kind for step in self.steps)

    @property
    def errors(self) -> int:
        """Substitutions, deletions and insertions together: the edit distance."""
        return len(self.steps) - self.count("equal")

    @property
    def reference_length(self) -> int:
        """Number of tokens in the reference."""
        return len(self.steps) - self.count("insert")

    @property
    def error_rate(self) -> float:
        """Errors per reference token; may exceed 1.

        Raises
        ------
        ValueError
            If the reference is empty.
        """
        if not self.reference_length:
            raise ValueError("an error rate needs a reference with at least one token, but the reference is empty")
        return self.errors / self.reference_length

    def __repr__(self) -> str:
        """Lay the alignment out for a fixed-width font."""
        cells = [(_text(step.reference), _text(step.hypothesis), MARKS[step.kind]) for step in self.steps]
        widths = [max(_width(cell) for cell in column) for column in cells]
        rows = []
        for head, row in zip(("REF", "HYP", "   "), zip(*cells, strict=True), strict=False):
            filled = (
                "*" * width if cell == "" else cell + " " * (width - _width(cell))
                for cell, width in zip(row, widths, strict=True)
            )
            rows.append(f"{head}  {' '.join(filled)}".rstrip())
        counts = ", ".join(f"{self.count(kind)} {kind}" for kind in ("substitute", "delete", "insert"))
        return "\n".join([*rows, f"errors: {self.errors} in {self.reference_length} tokens ({counts})"])


def _text(token: Hashable) -> str:
    return "" if token is None else "␣" if token == " " else str(token)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def distance_table(reference: Sequence[Hashable], hypothesis: Sequence[Hashable]) -> np.ndarray:
    """Fill the table of edit distances between all beginnings of two sequences.

    Parameters
    ----------
    reference, hypothesis : sequence
        Tokens; a string is a sequence of characters, so pass ``text.split()`` for words.

    Returns
    -------
    np.ndarray [shape=(len(reference) + 1, len(hypothesis) + 1), dtype=int]
        Entry (i, j) is the distance between the first i and the first j tokens.

    References
    ----------
    Wagner & Fischer (1974), The string-to-string correction problem, Journal of the ACM 21(1), 168–173.

    Examples
    --------
    >>> distance_table("on", "own")
    array([[0, 1, 2, 3],
           [1, 0, 1, 2],
           [2, 1, 1, 1]])
    """
    table = [list(range(len(hypothesis) + 1))]
    for token in reference:
        above, row = table[-1], [table[-1][0] + 1]
        for j, other in enumerate(hypothesis):
            row.append(min(above[j] + (token != other), above[j + 1] + 1, row[j] + 1))
        table.append(row)
    return np.array(table)


def edit_distance(reference: Sequence[Hashable], hypothesis: Sequence[Hashable]) -> int:
    """Count the fewest substitutions, deletions and insertions that turn one sequence into the other.

    Parameters
    ----------
    reference, hypothesis : sequence
        Tokens; a string is a sequence of characters, so pass ``text.split()`` for words.

    Returns
    -------
    int
        The distance; 0 for equal sequences.

    References
    ----------
    Levenshtein (1966), Binary codes capable of correcting deletions, insertions, and reversals, Soviet Physics
    Doklady 10(8), 707–710.

    Examples
    --------
    >>> edit_distance("kitten", "sitting")
    3
    >>> edit_distance("turn on the light".split(), "turn on light".split())
    1
    """
    return int(distance_table(reference, hypothesis)[-1, -1])


def align(reference: Sequence[Hashable], hypothesis: Sequence[Hashable]) -> Alignment:
    """Find the steps of a cheapest edit, walking back through the distance table.

    Where several alignments cost the same, going back from the end, this one prefers to keep or substitute, then to
    delete, then to insert.

    Parameters
    ----------
    reference, hypothesis : sequence
        Tokens; a string is a sequence of characters, so pass ``text.split()`` for words.

    Returns
    -------
    Alignment
        With as many errors as `edit_distance` counts.

    References
    ----------
    Wagner & Fischer (1974), The string-to-string correction problem, Journal of the ACM 21(1), 168–173.

    Examples
    --------
    >>> align("one two three four five".split(), "won two four five six".split())
    REF  one two three four five ***
    HYP  won two ***** four five six
         S       D               I
    errors: 3 in 5 tokens (1 substitute, 1 delete, 1 insert)
    """
    table = distance_table(reference, hypothesis)
    i, j, steps = len(reference), len(hypothesis), []
    while i or j:
        if i and j and table[i, j] == table[i - 1, j - 1] + (reference[i - 1] != hypothesis[j - 1]):
            i, j = i - 1, j - 1
            kind = "equal" if reference[i] == hypothesis[j] else "substitute"
            steps.append(Step(kind, reference[i], hypothesis[j]))
        elif i and table[i, j] == table[i - 1, j] + 1:
            i -= 1
            steps.append(Step("delete", reference[i], None))
        else:
            j -= 1
            steps.append(Step("insert", None, hypothesis[j]))
    return Alignment(tuple(reversed(steps)))


def error_counts(
    reference: str | Sequence[Utterance], hypothesis: str | Sequence[Utterance], *, unit: str = "word"
) -> tuple[np.ndarray, np.ndarray]:
    """Count errors and reference tokens, utterance by utterance.

    Case and punctuation count: normalise both sides first where they should not. Runs of white space are one space.

    Parameters
    ----------
    reference, hypothesis : str, or sequence of str or of token sequences
        One utterance as a string, or as many utterances on either side.
    unit : str
        ``"word"`` or ``"character"`` (spaces between words count as characters).

    Returns
    -------
    errors, totals : np.ndarray [shape=(n_utterances,), dtype=int]
        Edit distance and number of reference tokens of every utterance.

    Raises
    ------
    ValueError
        If the numbers of utterances differ, or the unit is neither of the two.

    Examples
    --------
    >>> errors, totals = error_counts(["four two", "nine"], ["four to", "nine five"])
    >>> errors.tolist(), totals.tolist()
    ([1, 1], [2, 1])
    """
    if unit not in ("word", "character"):
        raise ValueError(f"unit must be 'word' or 'character', but is {unit!r}")
    if isinstance(reference, str) and isinstance(hypothesis, str):
        reference, hypothesis = [reference], [hypothesis]
    elif isinstance(reference, str) or isinstance(hypothesis, str):
        raise ValueError("reference and hypothesis must both be one string or both be sequences of utterances")
    if len(reference) != len(hypothesis):
        raise ValueError(
            f"there are {len(reference)} reference utterances but {len(hypothesis)} hypotheses; each needs its partner "
            "(one utterance given as a list of words must itself be put into a list)"
        )
    pairs = [(_tokens(r, unit), _tokens(h, unit)) for r, h in zip(reference, hypothesis, strict=True)]
    return np.array([edit_distance(*pair) for pair in pairs], int), np.array([len(r) for r, _ in pairs], int)


def _tokens(utterance: Utterance, unit: str) -> Sequence[Hashable]:
    if isinstance(utterance, str):
        return utterance.split() if unit == "word" else " ".join(utterance.split())
    if not isinstance(utterance, Sequence | np.ndarray):
        raise ValueError(f"an utterance must be a string or a sequence of tokens, but is {utterance!r}")
    return list(utterance)


def _error_rate(reference, hypothesis, unit: str) -> float:
    errors, totals = error_counts(reference, hypothesis, unit=unit)
    if not totals.sum():
        raise ValueError(f"the reference holds no {unit}: an error rate without reference is not defined")
    return float(errors.sum() / totals.sum())


def wer(reference: str | Sequence[Utterance], hypothesis: str | Sequence[Utterance]) -> float:
    """Compute the word error rate: all errors divided by all reference words.

    Parameters
    ----------
    reference, hypothesis : str, or sequence of str or of token sequences
        One utterance, or a corpus. Over a corpus it is the sum of errors by the sum of words, not a mean of rates; an
        utterance with an empty reference adds its insertions.

    Returns
    -------
    float
        0 is perfect; insertions can push it above 1.

    Raises
    ------
    ValueError
        If the whole reference holds no word, or the numbers of utterances differ.

    References
    ----------
    Morris, Maier & Green (2004), From WER and RIL to MER and WIL, Interspeech, 2765–2768.

    Examples
    --------
    >>> wer("turn on the light", "turn on light")
    0.25
    >>> wer(["five", "two four one"], ["five five five", "two four one"])
    0.5
    """
    return _error_rate(reference, hypothesis, "word")


def cer(reference: str | Sequence[Utterance], hypothesis: str | Sequence[Utterance]) -> float:
    """Compute the character error rate: all errors divided by all reference characters, spaces included.

    Parameters
    ----------
    reference, hypothesis : str or sequence of str
        One utterance, or a corpus (sum of errors by sum of characters).

    Returns
    -------
    float
        0 is perfect; insertions can push it above 1.

    Raises
    ------
    ValueError
        If the whole reference holds no character, or the numbers of utterances differ.

    Examples
    --------
    >>> cer("seven", "sven")
    0.2
    """
    return _error_rate(reference, hypothesis, "character")
