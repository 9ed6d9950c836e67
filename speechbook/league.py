"""The league: everybody on the same clips, in one run: ``python -m speechbook.bench league``.

Words first: each competitor of `speechbook.peers` learns from the same speakers and is asked for the same clips of the
others (and, to see what that hides, for new clips of the same speakers). A row for each speaker goes into
``data/measured/league.csv``. Then strings of digits, by the competitors of `speechbook.string_peers`, into
``league_strings.csv``. What stands there is not measured again. Shown in the appendix, *The league table*.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from speechbook import corpora, models, string_league, unseen_speakers
from speechbook._keras import keras
from speechbook._league_table import (
    SPLITS,
    TABLE,
    Cost,
    Paired,
    Row,
    Share,
    by_speaker,
    cost,
    measured,
    packed,
    paired,
    read,
    share,
    table,
    unpacked,
    write,
)
from speechbook._measured import select
from speechbook.peer_features import cepstra, front_end
from speechbook.peers import COMPETITORS, OURS, Trained, answering, competitor
from speechbook.string_peers import READERS
from speechbook.unseen_speakers import EPOCHS, settings, versions

# isort: split
import tensorflow as tf  # after Keras, which keeps its start-up log quiet

__all__ = [
    "SPLITS",
    "TABLE",
    "Cost",
    "Paired",
    "Row",
    "Share",
    "by_speaker",
    "cost",
    "divisions",
    "main",
    "measure",
    "measured",
    "paired",
    "read",
    "select",
    "share",
    "table",
    "unpacked",
    "write",
]

HELD_OUT = "held out"
ONE_BY_ONE, TOGETHER = 30, 100
ELSEWHERE = "unseen-speakers"
STAGES = {
    "article-a-frames": ("article", f"epochs={EPOCHS} batch_size=32"),
    "ours": ("average", settings(OURS)),
}
"""Competitors whose rows are taken from the table of that study, where they were measured with the same settings."""


class Division(NamedTuple):
    """Clips to learn from and clips to be asked for."""

    split: str
    fold: str
    train: corpora.Digits
    test: corpora.Digits


def divisions(digits: corpora.Digits, split: str) -> Iterator[Division]:
    """Divide a corpus as the league does.

    Parameters
    ----------
    digits : corpora.Digits
        FSDD, whose speakers are left out one at a time, or the voices, of which fourteen are held out together.
    split : str
        ``"unseen"``, or ``"official"``: new clips of the same speakers.

    Yields
    ------
    Division

    Raises
    ------
    ValueError
        If there is no such split.

    Examples
    --------
    >>> digits = corpora.load_digits("voices")
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> [(one.fold, len(one.test)) for split in SPLITS for one in divisions(digits, split)]
    [('held out', 700), ('official', 420)]
    """
    if split not in SPLITS:
        raise ValueError(f"there is no split {split!r}; there are {', '.join(SPLITS)}")
    if split == "official":
        yield Division(split, split, *digits.official_split())
    elif digits.name == "fsdd":
        yield from (Division(split, *fold) for fold in digits.folds())
    else:
        yield Division(split, HELD_OUT, *digits.default_unseen())


def speed(trained: Trained, clips: Sequence[np.ndarray]) -> tuple[float, float]:
    """Measure the processor's milliseconds for a clip, from samples to a digit: one by one, and a hundred at once.

    Parameters
    ----------
    trained : Trained
        Who is asked.
    clips : sequence of array_like [shape=(samples,)]
        Of which a hundred are taken.

    Returns
    -------
    one, hundred : float
        Milliseconds a clip.
    """
    chosen = [clips[i] for i in np.random.default_rng(0).integers(len(clips), size=TOGETHER)]

    def one_by_one() -> None:
        for y in chosen[:ONE_BY_ONE]:
            trained.answer([y])

    return 1000 * _seconds(one_by_one) / ONE_BY_ONE, 1000 * _seconds(lambda: trained.answer(chosen)) / TOGETHER


def _seconds(work: Callable[[], object], *, rounds: int = 3) -> float:
    """Give the least processor time of some rounds, after one that does not count."""
    work()
    took = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took)


def measure(name: str, division: Division, *, seed: int = 0, synthetic: corpora.Digits | None = None) -> list[Row]:
    """Train one competitor and ask for the test clips.

    Parameters
    ----------
    name : str
        A key of `peers.COMPETITORS`.
    division : Division
        Who is learnt from, and who is asked for.
    seed : int
        Of everything.
    synthetic : corpora.Digits, optional
        Second corpus, for the book's own recogniser.

    Returns
    -------
    list of Row
        One a speaker.

    Raises
    ------
    ValueError
        If there is no such competitor.
    """
    learn, test = competitor(name).learn, division.test
    keras.backend.clear_session()
    start = time.process_time()
    trained = learn(division.train, seed=seed, synthetic=synthetic)
    seconds = round(time.process_time() - start, 2)
    right = trained.answer(test.clips) == test.digit
    facts = (trained.parameters, trained.bytes, seconds, *(round(ms, 3) for ms in speed(trained, test.clips)))
    return [
        Row(test.name, *division[:2], speaker, name, seed, len(own), int(own.sum()), packed(own), *facts, "league", how)
        for how in [versions()]
        for speaker in test.speakers
        for own in [right[test.speaker == speaker]]
    ]


def known_already(name: str, division: Division, *, seed: int) -> list[Row]:
    """Take a row from the study of unseen speakers, if the same was measured there with the same settings.

    Only the milliseconds are measured here: they do not depend on what the weights are.
    """
    if name not in STAGES or division.split != "unseen":
        return []
    stage, how = STAGES[name]
    key = division.test.name, stage, seed, division.fold
    found = [row for row in unseen_speakers.read() if row[:4] == key and _same(row.settings, how)]
    if not found:
        return []
    (row,) = found
    untrained = {
        "article-a-frames": lambda: answering(models.article_a_frames(n_frames=100, n_features=13), cepstra),
        "ours": lambda: answering(models.digit_recogniser(), front_end),
    }[name]()
    return [
        Row(
            *(row.corpus, division.split, row.fold, row.fold, name, seed, row.clips, row.correct, ""),
            *(untrained.parameters, untrained.bytes, row.processor_seconds),
            *(round(ms, 3) for ms in speed(untrained, division.test.clips)),
            *(ELSEWHERE, row.versions),
        )
    ]


def _same(written: str, settings: str) -> bool:
    """Say whether all that a row names is set so; settings that came later were not there to be named."""
    return set(written.split()) <= set(settings.split())


def _key(row: Row) -> tuple[str, str, str, int]:
    return row.corpus, row.fold, row.competitor, row.seed


def words(digits: corpora.Digits, *, names: Sequence[str], seeds: int, file: Path, folds: Sequence[str] | None) -> None:
    """Complete the table of single words."""
    synthetic = corpora.load_digits("voices") if digits.name == "fsdd" else None
    for seed in range(seeds):
        for split in SPLITS:
            for division in divisions(digits, split):
                for name in names:
                    key = digits.name, division.fold, name, seed
                    done = set(map(_key, read(file)))
                    wanted = not folds or division.fold in folds
                    if key in done or not wanted or (seed and not competitor(name).by_chance):
                        continue
                    new = known_already(name, division, seed=seed)
                    new = new or measure(name, division, seed=seed, synthetic=synthetic)
                    write([*(row for row in read(file) if _key(row) != key), *new], file)
                    right, asked = sum(row.correct for row in new), sum(row.clips for row in new)
                    took = new[0].train_seconds
                    print(f"seed {seed}, {division.fold}, {name}: {right} of {asked}, {took:.1f} s", flush=True)


def one_thread() -> None:
    """Keep TensorFlow to one thread, unless it has begun to work already."""
    for limit in (
        tf.config.threading.set_intra_op_parallelism_threads,
        tf.config.threading.set_inter_op_parallelism_threads,
    ):
        try:
            limit(1)
        except RuntimeError:
            return


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is missing in the tables, on one thread, then print them."""
    parser = argparse.ArgumentParser(prog="python -m speechbook.bench league", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1, help="how many, where chance matters (default: 1)")
    parser.add_argument("--competitors", nargs="*", choices=COMPETITORS, default=list(COMPETITORS), help="of words")
    parser.add_argument("--folds", nargs="+", help="official, or speakers to leave out (default: all)")
    parser.add_argument("--readers", nargs="*", choices=READERS, default=list(READERS), help="of strings, on FSDD")
    parser.add_argument("--file", type=Path, default=TABLE.file, help="table of words to complete")
    parser.add_argument("--strings", type=Path, default=string_league.TABLE.file, help="table of strings to complete")
    chosen = parser.parse_args(arguments)
    one_thread()
    digits = corpora.load_digits()
    with threadpool_limits(1):
        how = {"names": chosen.competitors, "seeds": chosen.seeds, "folds": chosen.folds}
        words(digits, file=chosen.file, **how)
        if digits.name == "fsdd" and chosen.readers:
            string_league.complete(digits, names=chosen.readers, folds=chosen.folds, file=chosen.strings)
    print(table(read(chosen.file), corpus=digits.name))
