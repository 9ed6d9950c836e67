"""How well new words are told apart after a few examples: ``python -m speechbook.bench few-shot``.

A network is trained on five digits, and never hears the other five: not from its speakers, and not from the synthetic
voices mixed in. Then one speaker teaches it these five by 1, 3 or 5 examples each, and says them again. That is done
for speakers whom it heard in training (saying other words), and for speakers never heard; for odd and for even digits;
for both corpora. Beside it stands no network at all: the picture itself.

One row a speaker goes into ``data/measured/few_shot.csv``. Shown on the page *Teach it your voice*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from speechbook import corpora, models, prototypes
from speechbook._keras import keras
from speechbook._measured import Table, command_line, select
from speechbook.intervals import wilson_interval
from speechbook.recipe import Recipe, train
from speechbook.word_pictures import pictures

EXAMPLES = (1, 3, 5)
DRAWS = 20
WORDS = {"odd": (1, 3, 5, 7, 9), "even": (0, 2, 4, 6, 8)}
TAUGHT = 3
"""Of the five words, when the question is whether the other two are refused."""
RECIPE = Recipe(steps=300)
EMBEDDINGS = {
    "picture": "no network: the picture of mel bands in twelve parts",
    "network": "network trained on the other five digits",
}
LIMITS = {"picture": 0.06, "network": prototypes.MAX_DISTANCE}
"""Distances beyond which a clip is refused. Chosen on people of FSDD heard in training, odd digits, three examples:
there about as many taught words were refused as words that were not taught were taken for one that was."""


class Row(NamedTuple):
    """What was recognised of one speaker after some examples of each word; all counts are sums over the draws."""

    corpus: str
    embedding: str
    words: str
    heard: bool
    speaker: str
    examples: int
    clips: int
    trials: int
    correct: int
    known_trials: int
    known_correct: int
    known_refused: int
    other_trials: int
    other_refused: int


TABLE = Table("few_shot.csv", Row)
read, write = TABLE.read, TABLE.write


class _Words(NamedTuple):
    """Clips with labels from 0, for training."""

    clips: list[np.ndarray]
    digit: np.ndarray
    sample_rate: int


def train_embedding(
    digits: corpora.Digits, known: Sequence[int], *, synthetic: corpora.Digits | None = None, recipe: Recipe = RECIPE
) -> keras.Model:
    """Train the book's recogniser on some of the digits only.

    Parameters
    ----------
    digits : corpora.Digits
        Clips to learn from; those of other digits are left out.
    known : sequence of int
        The digits to learn.
    synthetic : corpora.Digits, optional
        Second corpus, of which also only those digits are used.
    recipe : Recipe
        How.

    Returns
    -------
    keras.Model
        With one output for each known digit.
    """
    keras.utils.set_random_seed(0)
    model = models.digit_recogniser(n_classes=len(known))
    second = None if synthetic is None else _only(synthetic, known)
    train(model, _only(digits, known), recipe=recipe, synthetic=second, progress=False)
    return model


def _only(digits: corpora.Digits, known: Sequence[int]) -> _Words:
    part = digits[np.isin(digits.digit, known)]
    return _Words(part.clips, np.searchsorted(sorted(known), part.digit), part.sample_rate)


class Counts(NamedTuple):
    """What `teach_and_test` counts; see `Row`."""

    trials: int
    correct: int
    known_trials: int
    known_correct: int
    known_refused: int
    other_trials: int
    other_refused: int


def teach_and_test(
    embeddings: ArrayLike,
    words: ArrayLike,
    *,
    examples: int,
    max_distance: float,
    draws: int = DRAWS,
    rng: np.random.Generator,
) -> Counts | None:
    """Let one speaker teach each word by some clips drawn at random, and recognise all the others.

    Parameters
    ----------
    embeddings : array_like [shape=(clips, size)]
        Of one speaker.
    words : array_like of int [shape=(clips,)]
        What is said.
    examples : int
        Clips that teach each word.
    max_distance : float
        Beyond which a clip is refused, where only three of the words are taught.
    draws : int
        How often it is done.
    rng : np.random.Generator
        Draws the examples, and the three words.

    Returns
    -------
    Counts or None
        None where a word has no clip left to test.

    Examples
    --------
    >>> angles = np.repeat([0.0, 1.0, 2.0, 3.0], 3) + 0.01 * np.arange(12)
    >>> rng = np.random.default_rng(0)
    >>> x, words = np.c_[np.cos(angles), np.sin(angles)], np.repeat(range(4), 3)
    >>> counts = teach_and_test(x, words, examples=1, max_distance=0.1, rng=rng)
    >>> counts.trials, counts.correct, counts.other_refused == counts.other_trials
    (160, 160, True)
    """
    embeddings, words = np.asarray(embeddings), np.unique(words, return_inverse=True)[1]
    n_words = words.max() + 1
    if np.bincount(words).min() <= examples:
        return None
    totals = np.zeros(len(Counts._fields), int)
    for _ in range(draws):
        shuffled = rng.permutation(len(words))
        taught = np.concatenate([shuffled[words[shuffled] == word][:examples] for word in range(n_words)])
        tested = np.setdiff1d(shuffled, taught)
        centres = prototypes.prototypes(embeddings[taught], words[taught])
        right = prototypes.predict(embeddings[tested], centres) == words[tested]
        some = rng.permutation(n_words)[:TAUGHT]
        named = prototypes.predict(embeddings[tested], centres[some], max_distance=max_distance)
        known, refused = np.isin(words[tested], some), named == prototypes.UNKNOWN
        correct = ~refused & (some[named] == words[tested])
        marks = (known, correct, known & refused, ~known, ~known & refused)
        totals += [len(tested), right.sum(), *(mark.sum() for mark in marks)]
    return Counts(*totals.tolist())


def measure(
    embeddings: ArrayLike, digits: corpora.Digits, *, name: str, words: str, heard: Iterable[str], seed: int = 0
) -> list[Row]:
    """Make the rows of all speakers for one embedding.

    Parameters
    ----------
    embeddings : array_like [shape=(clips, size)]
        Of `digits`.
    digits : corpora.Digits
        All clips.
    name : str
        Which of `EMBEDDINGS` it is.
    words : str
        Which of `WORDS` are taught.
    heard : iterable of str
        Speakers that the network heard in training.
    seed : int
        Of the draws.

    Returns
    -------
    list of Row
    """
    rows, heard = [], set(heard)
    for speaker in digits.speakers:
        chosen = np.flatnonzero((digits.speaker == speaker) & np.isin(digits.digit, WORDS[words]))
        for examples in EXAMPLES:
            rng = np.random.default_rng(seed)
            part = np.asarray(embeddings)[chosen], digits.digit[chosen]
            counts = teach_and_test(*part, examples=examples, max_distance=LIMITS[name], rng=rng)
            if counts:
                rows.append(Row(digits.name, name, words, speaker in heard, speaker, examples, len(chosen), *counts))
    return rows


def table(rows: Iterable[Row], *, corpus: str) -> str:
    """Lay the rows out as plain text: per cent right of five words, and what becomes of words when three are taught.

    The interval is Wilson's, for the distinct clips; speakers are few, so it holds for these speakers only.

    Examples
    --------
    >>> row = Row("fsdd", "network", "odd", False, "theo", 3, 250, 4700, 4230, 9, 8, 1, 4, 3)
    >>> print(table([row], corpus="fsdd"))
    embedding    speakers     examples  right of 5   95 % interval  worst speaker  of 3: right  refused  others refused
    network      never heard         3        90.0    85.7 to 93.1           90.0         88.9     11.1            75.0
    """
    rows = [row for row in rows if row.corpus == corpus]
    lines = [
        "embedding    speakers     examples  right of 5   95 % interval  worst speaker"
        "  of 3: right  refused  others refused"
    ]
    for name in EMBEDDINGS:
        for heard in (False, True):
            for examples in EXAMPLES:
                own = select(rows, embedding=name, heard=heard, examples=examples)
                if own:
                    lines.append(_line(own, name=name, heard=heard, examples=examples))
    return "\n".join(lines)


def share(rows: Sequence[Row], part: str = "correct", whole: str = "trials") -> float:
    """Give the share of some counts in others, over all rows.

    Examples
    --------
    >>> share([Row("fsdd", "network", "odd", False, "theo", 3, 250, 4700, 4230, 9, 8, 1, 4, 3)])
    0.9
    """
    return sum(getattr(row, part) for row in rows) / sum(getattr(row, whole) for row in rows)


def interval(rows: Sequence[Row]) -> tuple[float, float]:
    """Give Wilson's interval for the share of right answers, with as many trials as there are distinct clips.

    Examples
    --------
    >>> low, high = interval([Row("fsdd", "network", "odd", False, "theo", 3, 250, 4700, 4230, 9, 8, 1, 4, 3)])
    >>> round(low, 3), round(high, 3)
    (0.857, 0.931)
    """
    clips = sum(row.clips for row in rows)
    return wilson_interval(round(share(rows) * clips), clips)


def _line(rows: Sequence[Row], *, name: str, heard: bool, examples: int) -> str:
    low, high = interval(rows)
    speakers = {row.speaker for row in rows}
    worst = min(share(select(rows, speaker=speaker)) for speaker in speakers)
    three = [share(rows, "known_correct", "known_trials"), share(rows, "known_refused", "known_trials")]
    others = share(rows, "other_refused", "other_trials")
    return (
        f"{name:12} {'heard' if heard else 'never heard':12} {examples:8}  {100 * share(rows):10.1f}"
        f"  {f'{100 * low:.1f} to {100 * high:.1f}':>14}  {100 * worst:13.1f}"
        f"  {100 * three[0]:11.1f}  {100 * three[1]:7.1f}  {100 * others:14.1f}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the corpus that is loaded, replace its rows, and print them."""
    parser = command_line("few-shot", __doc__, TABLE)
    file = parser.parse_args(arguments).file
    digits = corpora.load_digits()
    learn, _ = digits.default_unseen()
    second = corpora.load_digits("voices") if digits.name == "fsdd" else None
    how = {"sample_rate": digits.sample_rate}
    plain = pictures(digits.clips, **how)
    rows = []
    for words, chosen in WORDS.items():
        model = train_embedding(learn, sorted(set(range(10)) - set(chosen)), synthetic=second)
        learnt = prototypes.embed(model, digits.clips, **how)
        for name, embeddings in zip(EMBEDDINGS, (plain, learnt), strict=True):
            rows += measure(embeddings, digits, name=name, words=words, heard=learn.speakers)
    write([row for row in read(file) if row.corpus != digits.name] + rows, file)
    print(table(rows, corpus=digits.name))
