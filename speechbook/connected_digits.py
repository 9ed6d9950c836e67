"""How well strings of digits are read by the book's recipe: ``python -m speechbook.bench connected-digits``.

One network a fold and seed is trained by `speechbook.connected_recipe`, and reads random strings and commands to a
telephone in every way of `speechbook.connected_decoding`. Every way writes a row into
``data/measured/connected_digits.csv``. Runs whose rows stand there are not repeated, so an interrupted study goes on
where it stopped. Shown in the chapter *A recogniser that writes text*.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

from speechbook import corpora, metrics
from speechbook._keras import keras
from speechbook._measured import Table, command_line
from speechbook.connected import UNITS, Utterance, dial_strings, random_strings, utterances
from speechbook.connected_decoding import readings
from speechbook.connected_recipe import GENTLE, Recipe, learn, pictures
from speechbook.language import NGramModel
from speechbook.sequence_models import MAPS, log_probs

N_STRINGS = {"random": 300, "commands": 200}
N_COMMANDS_READ = 1000
OFFICIAL = "official"
RECIPE = Recipe(steps=1200, maps=MAPS)
SAYING = 99
"""Seed of the test strings: the same for every network."""


class Row(NamedTuple):
    """What one network wrote in one way."""

    corpus: str
    fold: str
    seed: int
    strings: str
    way: str
    utterances: int
    wrong: int
    words: int
    word_errors: int
    letters: int
    letter_errors: int
    parameters: int
    cpu_seconds: float
    how: str


class Tried(NamedTuple):
    """What one network of another design wrote; kept because it decided how the others were trained."""

    tried: str
    steps: int
    fold: str
    way: str
    words: int
    word_errors: int


TABLE = Table("connected_digits.csv", Row)
read, write = TABLE.read, TABLE.write
read_tried = Table("connected_digits_tried.csv", Tried).read


def commands_model(*, seed: int = 1) -> tuple[NGramModel, float]:
    """Count trigrams in a thousand telephone commands.

    Parameters
    ----------
    seed : int
        Of the commands; the spoken ones are drawn with another.

    Returns
    -------
    model : NGramModel
        Over the classes of the words: 1 for zero … 10 for nine.
    length_bonus : float
        Logarithm of the perplexity on a thousand others: what a word costs on average is given back for each.

    Examples
    --------
    >>> model, length_bonus = commands_model()
    >>> print(f"{math.exp(length_bonus):.1f} instead of 11 possibilities")
    4.3 instead of 11 possibilities
    """
    rng = np.random.default_rng(seed)
    text, unread = (
        [[number + 1 for number in string] for string in dial_strings(N_COMMANDS_READ, rng=rng)] for _ in range(2)
    )
    model = NGramModel.train(text, order=3, vocabulary=range(1, len(UNITS["words"])))
    return model, math.log(model.perplexity(unread))


def score(said: Sequence[Utterance], written: Sequence[str]) -> dict[str, int]:
    """Count utterances, words and letters, and errors in each.

    Parameters
    ----------
    said : sequence of Utterance
        What was said.
    written : sequence of str
        What was written down.

    Returns
    -------
    dict of str to int
        Under the names of `Row`.

    Examples
    --------
    >>> one = Utterance(np.zeros(1), 8000, (9, 5), np.zeros((2, 2)), "ann")
    >>> counts = score([one], ["nine nine five"])
    >>> counts["words"], counts["word_errors"], counts["wrong"]
    (2, 1, 1)
    """
    texts = [one.text for one in said]
    words = [metrics.align(a.split(), b.split()) for a, b in zip(texts, written, strict=True)]
    return {
        "utterances": len(texts),
        "wrong": sum(a != b for a, b in zip(texts, written, strict=True)),
        "words": sum(one.reference_length for one in words),
        "word_errors": sum(one.errors for one in words),
        "letters": sum(map(len, texts)),
        "letter_errors": sum(metrics.edit_distance(a, b) for a, b in zip(texts, written, strict=True)),
    }


def study(
    train: corpora.Digits, test: corpora.Digits, *, fold: str, seed: int, recipe: Recipe, progress: bool = False
) -> list[Row]:
    """Train one network, and let it read the strings of the test speakers in every way.

    Parameters
    ----------
    train, test : corpora.Digits
        Clips to learn from, and clips to glue test strings from. If the speakers of the test are others and real, the
        synthetic voices fill half of each batch.
    fold : str
        What to call the test clips.
    seed : int
        Of the training.
    recipe : Recipe
        Its settings.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    list of Row
        One for each kind of strings and each way.
    """
    helped = train.name != "voices" and fold != OFFICIAL
    sources = [train, corpora.load_digits("voices")] if helped else [train]
    start = time.process_time()
    network, _ = learn(sources, recipe=recipe, seed=seed, progress=progress)
    cpu_seconds = round(time.process_time() - start, 1)
    facts = (network.count_params(), cpu_seconds, _how(recipe))
    rows = []
    for kind, said, with_model in _said(test):
        heard = log_probs(network, pictures([one.y for one in said], sample_rate=test.sample_rate))
        for name, written in _written(heard, with_model):
            counts = score(said, written)
            rows.append(Row(test.name, fold, seed, kind, name, *counts.values(), *facts))
    return rows


def _said(test: corpora.Digits) -> Iterator[tuple[str, list[Utterance], bool]]:
    rng = np.random.default_rng(SAYING)
    yield "random", utterances(test, random_strings(N_STRINGS["random"], rng=rng), rng=rng), False
    yield "commands", utterances(test, dial_strings(N_STRINGS["commands"], rng=rng), rng=rng), True


def _written(heard: dict[str, list[np.ndarray]], with_model: bool) -> Iterator[tuple[str, list[str]]]:
    yield from readings(heard).items()
    if with_model:
        model, length_bonus = commands_model()
        found = readings(heard, language_model=model, length_bonus=length_bonus)
        yield from ((f"{name}, language model", written) for name, written in found.items())


def _how(recipe: Recipe) -> str:
    fewest, most = recipe.n_digits
    return (
        f"python -m speechbook.bench connected-digits; {recipe.steps} steps of {recipe.batch_digits} digits in strings "
        f"of {fewest}-{most}, maps {recipe.maps}; "
        + "; ".join(f"{name} {version(name)}" for name in ("tensorflow", "keras", "numpy"))
    )


class Rate(NamedTuple):
    """A word error rate, pooled over seeds, with what surrounds it.

    Attributes
    ----------
    mean : float
        Over the folds, of each one's word error rate.
    folds : dict of str to float
        Word error rate of each fold.
    letters : float
        Mean letter error rate.
    wrong : float
        Mean share of utterances that are not entirely right.
    seeds : int
        Networks a fold, at least.
    """

    mean: float
    folds: dict[str, float]
    letters: float
    wrong: float
    seeds: int


def rate(rows: Iterable[Row], *, corpus: str, strings: str, way: str, official: bool = False) -> Rate:
    """Give one way's word error rate for unseen speakers, or for new recordings of known ones.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    corpus, strings, way : str
        What to choose.
    official : bool
        New recordings of known speakers instead of unseen speakers.

    Returns
    -------
    Rate

    Raises
    ------
    ValueError
        If there are no such rows.

    Examples
    --------
    >>> same = ("random", "words, greedy", 10, 1, 30)
    >>> rows = [Row("fsdd", name, 0, *same, errors, 120, 4, 1, 1.0, "") for name, errors in (("ann", 0), ("bob", 3))]
    >>> rate(rows, corpus="fsdd", strings="random", way="words, greedy").folds
    {'ann': 0.0, 'bob': 0.1}
    """
    chosen = [
        row
        for row in rows
        if (row.corpus, row.strings, row.way) == (corpus, strings, way) and (row.fold == OFFICIAL) == official
    ]
    if not chosen:
        raise ValueError(
            f"the table has no rows of {strings!r} read by {way!r} on {corpus!r}; "
            "run python -m speechbook.bench connected-digits"
        )
    own = {fold: [row for row in chosen if row.fold == fold] for fold in sorted({row.fold for row in chosen})}

    def shares(errors: str, total: str) -> dict[str, float]:
        return {
            fold: sum(getattr(row, errors) for row in part) / sum(getattr(row, total) for row in part)
            for fold, part in own.items()
        }

    words = shares("word_errors", "words")
    letters, wrong = shares("letter_errors", "letters"), shares("wrong", "utterances")
    means = [float(np.mean(list(values.values()))) for values in (words, letters, wrong)]
    return Rate(means[0], words, *means[1:], min(map(len, own.values())))


def table(rows: Iterable[Row], *, corpus: str, strings: str) -> str:
    """Lay word error rates out as plain text, in per cent, seeds pooled.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    corpus, strings : str
        What to choose.

    Returns
    -------
    str
        A line for each way to read. After the mean of the unseen speakers stands its 95 % interval, speakers drawn anew
        (bootstrap): six are few, so take it for a lower bound of the doubt.

    Examples
    --------
    >>> same = ("random", "words, greedy", 10, 1, 30)
    >>> rows = [Row("fsdd", name, 0, *same, errors, 120, 4, 1, 1.0, "") for name, errors in (("ann", 0), ("bob", 3))]
    >>> print(table(rows, corpus="fsdd", strings="random"))
    WER, %                                        ann     bob    mean  95 % interval
    words, greedy                                 0.0    10.0     5.0     0.0 - 10.0
    """
    rows = [row for row in rows if (row.corpus, row.strings) == (corpus, strings)]
    folds = sorted({row.fold for row in rows}, key=lambda fold: (fold != OFFICIAL, fold))
    lines = [
        f"{'WER, %':41}" + "".join(f"{fold:>{max(8, len(fold) + 1)}}" for fold in folds) + "    mean  95 % interval"
    ]
    for way in dict.fromkeys(row.way for row in rows):
        own = [[row for row in rows if (row.way, row.fold) == (way, fold)] for fold in folds]
        errors, words = (np.array([sum(getattr(row, n) for row in p) for p in own]) for n in ("word_errors", "words"))
        cells = [f"{100 * e / w:{max(8, len(fold) + 1)}.1f}" for e, w, fold in zip(errors, words, folds, strict=True)]
        unseen = np.array([fold != OFFICIAL for fold in folds])
        lines.append(f"{way:41}" + "".join(cells) + _mean_of_strangers(errors[unseen], words[unseen]))
    return "\n".join(lines)


def _mean_of_strangers(errors: np.ndarray, words: np.ndarray) -> str:
    """Write the mean over speakers if there are any, and its interval if there are several."""
    if not len(words):
        return ""
    mean = f"{100 * np.mean(errors / words):8.1f}"
    if len(words) == 1:
        return mean
    low, high = metrics.bootstrap_interval(errors, words, rng=np.random.default_rng(0))
    return f"{mean}{100 * low:8.1f} - {100 * high:4.1f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is missing in the table, then print it."""
    parser = command_line("connected-digits", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, default=3, help="how many seeds (default: 3)")
    parser.add_argument("--folds", nargs="+", help="default: official, then every speaker or group of speakers")
    chosen = parser.parse_args(arguments)
    digits = corpora.load_digits()
    splits = {OFFICIAL: digits.official_split(), **{name: (train, test) for name, train, test in digits.folds()}}
    for seed in range(chosen.seeds):
        for fold in chosen.folds or splits:
            if (digits.name, fold, seed) in {(row.corpus, row.fold, row.seed) for row in read(chosen.file)}:
                continue
            recipe = dataclasses.replace(RECIPE, variation=GENTLE) if fold == OFFICIAL else RECIPE
            new = study(*splits[fold], fold=fold, seed=seed, recipe=recipe)
            write([*read(chosen.file), *new], chosen.file)
            keras.backend.clear_session()
            wer = {row.way: f"{row.word_errors / row.words:.1%}" for row in new if row.strings == "random"}
            print(f"seed {seed}, {fold}: {new[0].cpu_seconds} s, {wer}", flush=True)
    for strings in N_STRINGS:
        print(table(read(chosen.file), corpus=digits.name, strings=strings))
