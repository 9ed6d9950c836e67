"""The league of digit strings: everybody reads the same strings of the same speakers.

`speechbook.league` runs it after the single words. Rows of the book's own reader are taken from the study of connected
digits, where it is trained with the same settings on the same divisions; only what is missing there is trained here.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np

from speechbook import connected_digits, corpora, metrics
from speechbook._keras import keras
from speechbook._measured import Table
from speechbook.connected_digits import OFFICIAL
from speechbook.string_peers import Reader, reader, said

WAYS_OF_OURS = ("letters, greedy", "letters, beam and lexicon", "both together")
ONE_BY_ONE = 20
STEPS_A_LOSS = 20
ELSEWHERE = "connected-digits"


class Row(NamedTuple):
    """What one competitor wrote in one way."""

    corpus: str
    fold: str
    competitor: str
    way: str
    seed: int
    utterances: int
    wrong: int
    words: int
    word_errors: int
    parameters: int
    bytes: int
    train_seconds: float
    one_ms: float
    all_ms: float
    measured: str
    versions: str


class Loss(NamedTuple):
    """Where a competitor's training stood: the mean loss of the steps since the row before."""

    corpus: str
    fold: str
    competitor: str
    seed: int
    step: int
    nats: float


TABLE = Table("league_strings.csv", Row)
LOSSES = Table("league_losses.csv", Loss)
read, write = TABLE.read, TABLE.write


def measure(
    name: str,
    train: corpora.Digits,
    test: corpora.Digits,
    *,
    fold: str,
    seed: int = 0,
    synthetic: corpora.Digits | None = None,
) -> tuple[list[Row], list[Loss]]:
    """Train one competitor, and let it read the strings of the test speakers in all its ways.

    Parameters
    ----------
    name : str
        A key of `string_peers.READERS`.
    train, test : corpora.Digits
        Clips to learn from, and clips to glue the test strings from.
    fold : str
        What to call the test clips.
    seed : int
        Of everything.
    synthetic : corpora.Digits, optional
        Second corpus, for the book's own reader.

    Returns
    -------
    rows : list of Row
        One a way.
    losses : list of Loss
        One for every twenty steps of its training.

    Raises
    ------
    ValueError
        If there is no such competitor.
    """
    learn = reader(name).learn
    keras.backend.clear_session()
    start = time.process_time()
    trained = learn(train, seed=seed, synthetic=synthetic)
    facts = trained.parameters, trained.bytes, round(time.process_time() - start, 1)
    strings = said(test)
    how = " ".join(f"{package}-{version(package)}" for package in ("tensorflow", "keras", "numpy"))
    rows = []
    for way, (texts, *ms) in _read(trained, strings).items():
        counts = connected_digits.score(strings, texts)
        counted = [counts[key] for key in ("utterances", "wrong", "words", "word_errors")]
        rows.append(Row(test.name, fold, name, way, seed, *counted, *facts, *ms, "league", how))
    ends = range(STEPS_A_LOSS, len(trained.losses) + 1, STEPS_A_LOSS)
    means = [round(float(np.mean(trained.losses[end - STEPS_A_LOSS : end])), 3) for end in ends]
    return rows, [Loss(test.name, fold, name, seed, *pair) for pair in zip(ends, means, strict=True)]


def _read(trained: Reader, strings: Sequence) -> dict[str, tuple[list[str], float, float]]:
    """Give texts and the processor's milliseconds for a string: one by one, and all at once."""
    found = {}
    for way, write_down in trained.ways.items():
        write_down(strings[:1])
        start = time.process_time()
        texts = write_down(strings)
        middle = time.process_time()
        for one in strings[:ONE_BY_ONE]:
            write_down([one])
        one_ms = 1000 * (time.process_time() - middle) / min(ONE_BY_ONE, len(strings))
        found[way] = texts, round(one_ms, 2), round(1000 * (middle - start) / len(strings), 2)
    return found


def known_already(corpus: str) -> list[Row]:
    """Give the first seed's rows of the book's own reader from the study of connected digits.

    Milliseconds are not known there.
    """
    return [
        Row(
            *(row.corpus, row.fold, "ours", row.way, row.seed, row.utterances, row.wrong, row.words, row.word_errors),
            *(row.parameters, 4 * row.parameters, row.cpu_seconds, np.nan, np.nan, ELSEWHERE, row.how),
        )
        for row in connected_digits.read()
        if (row.corpus, row.strings, row.seed) == (corpus, "random", 0) and row.way in WAYS_OF_OURS
    ]


def complete(digits: corpora.Digits, *, names: Sequence[str], folds: Sequence[str] | None, file: Path) -> None:
    """Measure what stands neither in the table nor in that of connected digits."""
    splits = {OFFICIAL: digits.official_split(), **{name: (train, test) for name, train, test in digits.folds()}}
    for fold in splits:
        for name in names:
            rows = read(file)
            done = {(row.corpus, row.fold, row.competitor) for row in (*rows, *known_already(digits.name))}
            if (folds and fold not in folds) or (digits.name, fold, name) in done:
                continue
            helped = name == "ours" and fold != OFFICIAL and digits.name != "voices"
            synthetic = corpora.load_digits("voices") if helped else None
            new, losses = measure(name, *splits[fold], fold=fold, synthetic=synthetic)
            write([*read(file), *new], file)
            beside = file.with_name(LOSSES.name)
            LOSSES.write([*LOSSES.read(beside), *losses], beside)
            wer = {row.way: f"{row.word_errors / row.words:.1%}" for row in new}
            print(f"strings, {fold}, {name}: {new[0].train_seconds} s, {wer}", flush=True)


class Rate(NamedTuple):
    """A word error rate.

    Attributes
    ----------
    mean : float
        Over folds.
    interval : tuple (low, high)
        At 95 %, as if every word were a draw of its own (Wilson); for several folds over speakers (Student).
    folds : dict of str to float
        One a fold.
    parameters : int
    train_seconds, one_ms, all_ms : float
        Medians over all folds, the official split among them; NaN for times that were not measured.
    """

    mean: float
    interval: tuple[float, float]
    folds: dict[str, float]
    parameters: int
    train_seconds: float
    one_ms: float
    all_ms: float


def rate(rows: Iterable[Row], *, corpus: str, competitor: str, way: str, folds: Sequence[str] | None = None) -> Rate:
    """Give a competitor's word error rate.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` and `known_already` return.
    corpus, competitor, way : str
        Whose.
    folds : sequence of str, optional
        Which; by default all unseen speakers.

    Returns
    -------
    Rate

    Raises
    ------
    ValueError
        If a fold was not measured.

    Examples
    --------
    >>> same = (300, 30, 1000, 20, 8774, 70192, 6.0, 9.0, 8.0, "league", "")
    >>> rows = [Row("fsdd", "official", "markov", "word loop", 0, *same)]
    >>> one = rate(rows, corpus="fsdd", competitor="markov", way="word loop", folds=["official"])
    >>> one.mean, [f"{limit:.3f}" for limit in one.interval]
    (0.02, ['0.013', '0.031'])
    """
    own = [row for row in rows if (row.corpus, row.competitor, row.way) == (corpus, competitor, way)]
    errors = {row.fold: row.word_errors / row.words for row in own}
    wanted = [fold for fold in sorted(errors) if fold != OFFICIAL] if folds is None else list(folds)
    missing = [fold for fold in wanted if fold not in errors]
    if missing or not wanted:
        raise ValueError(
            f"{competitor!r}, read by {way!r}, was not measured on {corpus}, {missing or 'any unseen speaker'}: "
            "run python -m speechbook.bench league"
        )
    if len(wanted) > 1:
        mean, *interval = metrics.mean_interval(errors[fold] for fold in wanted)
    else:
        (row,) = [row for row in own if row.fold == wanted[0]]
        mean, interval = errors[wanted[0]], metrics.wilson_interval(min(row.word_errors, row.words), row.words)
    times = [[getattr(row, name) for row in own] for name in ("train_seconds", "one_ms", "all_ms")]
    middle = [float(np.nanmedian(values)) if not np.isnan(values).all() else np.nan for values in times]
    return Rate(float(mean), tuple(interval), {fold: errors[fold] for fold in wanted}, own[0].parameters, *middle)
