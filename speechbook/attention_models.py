"""How attention compares with CTC on strings of digits: ``python -m speechbook.bench attention-models``.

The networks of `speechbook.attention_readers` learn from the same stream of strings in equally many steps. Each reads
strings as long as in training and a little longer, and strings of 8 to 12 digits. One row a network, kind of strings
and way to read goes into ``data/measured/attention_models.csv``; what stands there is not repeated. Shown in the
chapter *Listen, look and write*.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np

from speechbook import corpora, metrics
from speechbook._keras import keras
from speechbook._measured import Table, command_line, rates, select
from speechbook.attention_readers import LONGEST_IN_TRAINING, NETWORKS, trained_reader
from speechbook.connected import Utterance, random_strings, utterances
from speechbook.connected_recipe import GENTLE, VARIATION, Recipe, Shelf, batches, pictures

OFFICIAL, VOICES = "official", "voices"
FOLDS = {"fsdd": (OFFICIAL, "theo"), "voices": (VOICES,)}
"""Settings were chosen on the official split; theo and the held-out voices were seen once, at the end."""

SHARES = (0.25, 0.5, 1.0)
"""Of the training voices; on FSDD, of the takes of each person."""

STRINGS = {"1-6": (300, (1, 6)), "8-12": (60, (8, 12))}
SAYING = 99
"""Seed of the test strings: those of 1 to 6 digits are the same as in `speechbook.connected_digits`."""
MANY_SPEAKERS = 10

RECIPE = Recipe(steps=600, n_digits=(1, LONGEST_IN_TRAINING))


class Row(NamedTuple):
    """What one network wrote in one way."""

    corpus: str
    fold: str
    share: float
    network: str
    seed: int
    steps: int
    strings: str
    way: str
    utterances: int
    wrong: int
    words: int
    word_errors: int
    left_out: int
    put_in: int
    low: float
    high: float
    cut_short: int
    run_on: int
    parameters: int
    cpu_seconds: float
    how: str


TABLE = Table("attention_models.csv", Row)
read, write = TABLE.read, TABLE.write


def score(said: Sequence[Utterance], written: Sequence[str], *, by_speaker: bool = False) -> dict[str, float]:
    """Count words, errors of each kind, and answers that are much too short or long.

    Parameters
    ----------
    said : sequence of Utterance
        What was said.
    written : sequence of str
        What was written down.
    by_speaker : bool
        Whether the interval is of other speakers, not only of other strings.

    Returns
    -------
    dict of str to number
        Under the names of `Row`. `cut_short` and `run_on` count answers with at least two words too few or too many;
        `low` and `high` bound the word error rate with 95 % confidence (bootstrap).

    Examples
    --------
    >>> one = Utterance(np.zeros(1), 8000, (9, 5, 5), np.zeros((3, 2)), "ann")
    >>> counts = score([one, one], ["nine", "nine five five"])
    >>> counts["word_errors"], counts["left_out"], counts["cut_short"], counts["run_on"]
    (2, 2, 1, 0)
    """
    texts = [one.text for one in said]
    aligned = [metrics.align(a.split(), b.split()) for a, b in zip(texts, written, strict=True)]
    errors, words = [one.errors for one in aligned], [one.reference_length for one in aligned]
    clusters = [one.speaker for one in said] if by_speaker else None
    low, high = metrics.bootstrap_interval(errors, words, clusters=clusters, rng=np.random.default_rng(0))
    longer = [len(b.split()) - len(a.split()) for a, b in zip(texts, written, strict=True)]
    return {
        "utterances": len(texts),
        "wrong": sum(a != b for a, b in zip(texts, written, strict=True)),
        "words": sum(words),
        "word_errors": sum(errors),
        "left_out": sum(one.count("delete") for one in aligned),
        "put_in": sum(one.count("insert") for one in aligned),
        "low": round(low, 4),
        "high": round(high, 4),
        "cut_short": sum(n <= -2 for n in longer),
        "run_on": sum(n >= 2 for n in longer),
    }


def part(digits: corpora.Digits, share: float) -> corpora.Digits:
    """Keep a share of the voices, every second or fourth in the order of the corpus; of people, of each one's takes.

    Examples
    --------
    >>> voices = corpora.load_digits("voices")
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> len(part(voices, 0.25).speakers)
    11
    """
    every = round(1 / share)
    if digits.name == VOICES:
        return digits.where(speaker=list(digits.speakers[::every]))
    return digits.where(take=[int(take) for take in np.unique(digits.take)[::every]])


def study(
    learn: corpora.Digits, test: corpora.Digits, *, fold: str, network: str, share: float, seed: int, recipe: Recipe
) -> list[Row]:
    """Train one network, and let it read the strings of the test speakers.

    Parameters
    ----------
    learn, test : corpora.Digits
        Clips to learn from, and clips to glue test strings from. If the test speaker is another and real, the synthetic
        voices fill half of each batch.
    fold : str
        What to call the test clips.
    network : str
        One of `NETWORKS`.
    share : float
        Of the training clips.
    seed : int
        Of the training.
    recipe : Recipe
        Its settings.

    Returns
    -------
    list of Row
        One for each kind of strings and each way.
    """
    sources = [part(learn, share)]
    if learn.name != VOICES and fold != OFFICIAL:
        sources.append(corpora.load_digits(VOICES))
    start = time.process_time()
    keras.utils.set_random_seed(seed)
    stream = batches([Shelf(digits) for digits in sources], recipe=recipe, rng=np.random.default_rng(seed))
    trained = trained_reader(network, stream, recipe=recipe)
    spent = round(time.process_time() - start, 1)
    rows = []
    for strings, said in _said(test):
        seen = pictures([one.y for one in said], sample_rate=test.sample_rate)
        for way, written in trained.reads(seen).items():
            for name, chosen in _lengths(strings, said):
                own = [said[i] for i in chosen], [written[i] for i in chosen]
                counts = score(*own, by_speaker=len(test.speakers) >= MANY_SPEAKERS)
                facts = (test.name, fold, share, network, seed, recipe.steps, name, way)
                rows.append(Row(*facts, *counts.values(), trained.parameters, spent, _how(network)))
    return rows


def _said(test: corpora.Digits) -> Iterator[tuple[str, list[Utterance]]]:
    for name, (n, n_digits) in STRINGS.items():
        rng = np.random.default_rng(SAYING)
        yield name, utterances(test, random_strings(n, n_digits=n_digits, rng=rng), rng=rng)


def _lengths(strings: str, said: Sequence[Utterance]) -> Iterator[tuple[str, list[int]]]:
    """Give all strings, and of the first kind also those that are no longer than in training."""
    yield strings, list(range(len(said)))
    short = [i for i, one in enumerate(said) if len(one.numbers) <= LONGEST_IN_TRAINING]
    if short and len(short) < len(said):
        yield f"1-{LONGEST_IN_TRAINING}", short


def _how(network: str) -> str:
    versions = "; ".join(f"{name} {version(name)}" for name in ("tensorflow", "keras", "numpy"))
    return f"python -m speechbook.bench attention-models; highest rate {NETWORKS[network].rate}; {versions}"


def table(rows: Iterable[Row], *, corpus: str, fold: str, share: float = 1.0, steps: int = RECIPE.steps) -> str:
    """Lay word error rates out as plain text, in per cent, with intervals.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    corpus, fold : str
        What to choose.
    share : float
        Of the training clips.
    steps : int
        Of training.

    Returns
    -------
    str
        A line for each network and way to read: the mean over seeds and, in brackets, from the lowest to the highest
        end of the seeds' intervals.
    """
    rows = select(rows, corpus=corpus, fold=fold, share=share, steps=steps)
    kinds = ("1-4", "1-6", "8-12")
    lines = [f"{'WER, %':39}" + "".join(f"{f'{kind} digits':>20}" for kind in kinds) + "  weights  CPU s  seeds"]
    ways = dict.fromkeys((row.network, row.way) for row in rows)
    for network, way in sorted(ways, key=lambda pair: list(NETWORKS).index(pair[0])):
        own = [row for row in rows if (row.network, row.way) == (network, way)]
        cells = [_cell([row for row in own if row.strings == kind]) for kind in kinds]
        seconds = np.median([row.cpu_seconds for row in own])
        facts = f"{own[0].parameters:9,}{seconds:7.0f}{len({row.seed for row in own}):7}"
        lines.append(f"{network:18} {way:20}{''.join(cells)}{facts}")
    return "\n".join(lines)


def _cell(rows: Sequence[Row]) -> str:
    if not rows:
        return " " * 20
    low, high = min(row.low for row in rows), max(row.high for row in rows)
    return f"{100 * rates(rows).mean():6.1f} {f'({100 * low:.1f} - {100 * high:.1f})':>13}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is missing in the table for the corpus that is loaded, then print it."""
    parser = command_line("attention-models", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds (default: 1)")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS), metavar="NETWORK")
    parser.add_argument("--folds", nargs="+", help="default: all of the corpus")
    parser.add_argument("--shares", nargs="+", type=float, default=SHARES, help="of the training clips")
    parser.add_argument("--steps", type=int, default=RECIPE.steps, help="of training")
    chosen = parser.parse_args(arguments)
    digits = corpora.load_digits()
    recipe = Recipe(steps=chosen.steps, n_digits=RECIPE.n_digits)
    for seed in range(chosen.seeds):
        for share in sorted(chosen.shares, reverse=True):
            for fold in chosen.folds or FOLDS[digits.name]:
                for network in chosen.networks:
                    wanted = {"fold": fold, "network": network, "share": share, "seed": seed}
                    if not select(read(chosen.file), corpus=digits.name, steps=recipe.steps, **wanted):
                        _run(digits, recipe, chosen.file, wanted)
    for fold in chosen.folds or FOLDS[digits.name]:
        print(f"{digits.name}, {fold}\n{table(read(chosen.file), corpus=digits.name, fold=fold, steps=recipe.steps)}")


def _run(digits: corpora.Digits, recipe: Recipe, file: Path, wanted: dict) -> None:
    recipe = replace(recipe, variation=GENTLE if wanted["fold"] == OFFICIAL else VARIATION)
    new = study(*_split(digits, wanted["fold"]), recipe=recipe, **wanted)
    write([*read(file), *new], file)
    keras.backend.clear_session()
    found = {f"{row.strings} {row.way}": f"{row.word_errors / row.words:.1%}" for row in new}
    print(f"{wanted}: {new[0].cpu_seconds} s, {found}", flush=True)


def _split(digits: corpora.Digits, fold: str) -> tuple[corpora.Digits, corpora.Digits]:
    if fold == OFFICIAL:
        return digits.official_split()
    return digits.default_unseen() if fold == VOICES else digits.leave_speakers_out(fold)
