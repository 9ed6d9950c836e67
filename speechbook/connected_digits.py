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
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

from speechbook import corpora, metrics
from speechbook._keras import keras
from speechbook._measured import Table, command_line
from speechbook.connected import UNITS, Utterance, dial_strings, random_strings, utterances
from speechbook.connected_decoding import both, readings
from speechbook.connected_recipe import GENTLE, Recipe, learn, pictures
from speechbook.connected_report import OFFICIAL, table
from speechbook.language import NGramModel
from speechbook.sequence_models import MAPS, accustomed, log_probs

N_STRINGS = {"random": 300, "commands": 200}
N_COMMANDS_READ = 1000
RECIPE = Recipe(steps=1200, maps=MAPS)
SAYING = 99
"""Seed of the test strings: the same for every network."""
WARPS = (0.88, 1.0, 1.12)
HEARD_BEFORE = 64
WARPED = "both together, three warps"
VOICE_KNOWN = "both together, three warps, voice known"
"""The last way is told the batch statistics of each speaker's other strings (see `examine`)."""


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
    return [
        Row(test.name, fold, seed, kind, way, *counts.values(), *facts)
        for (kind, way), counts in examine(network, test).items()
    ]


def examine(network: keras.Model, test: corpora.Digits) -> dict[tuple[str, str], dict[str, int]]:
    """Let one network read random strings and commands in every way.

    Random strings are also read by both heads at three warps of the frequency axis, for a voice that is heard for the
    first time and for one that is known: then the network is `accustomed` to some of the speaker's commands.

    Parameters
    ----------
    network : keras.Model
        With both heads, as from `connected_recipe.learn`.
    test : corpora.Digits
        Clips to glue the strings from.

    Returns
    -------
    dict of (str, str) to dict of str to int
        Counts as `score` gives them, for each kind of strings and each way.
    """
    said = _said(test)
    seen = {kind: pictures([one.y for one in own], sample_rate=test.sample_rate) for kind, own in said.items()}
    found = {}
    for kind, own in said.items():
        heard = log_probs(network, seen[kind])
        written = dict(_written(heard, kind == "commands"))
        if kind == "random":
            written[WARPED] = _by_both(log_probs(network, seen[kind], warps=WARPS))
            written[VOICE_KNOWN] = _by_both(_heard_again(network, said, seen))
        found |= {(kind, way): score(own, texts) for way, texts in written.items()}
    return found


def _said(test: corpora.Digits) -> dict[str, list[Utterance]]:
    rng = np.random.default_rng(SAYING)
    return {
        "random": utterances(test, random_strings(N_STRINGS["random"], rng=rng), rng=rng),
        "commands": utterances(test, dial_strings(N_STRINGS["commands"], rng=rng), rng=rng),
    }


def _by_both(heard: dict[str, list[np.ndarray]]) -> list[str]:
    return [next(iter(both(*rows))) for rows in zip(heard["words"], heard["letters"], strict=True)]


def _heard_again(
    network: keras.Model, said: dict[str, list[Utterance]], seen: dict[str, list[np.ndarray]]
) -> dict[str, list[np.ndarray]]:
    """Hear each speaker's random strings after some of his commands."""
    found: dict[str, list] = {name: [None] * len(said["random"]) for name in network.output_names}
    own = {
        kind: {
            speaker: [i for i, one in enumerate(some) if one.speaker == speaker]
            for speaker in {u.speaker for u in some}
        }
        for kind, some in said.items()
    }
    for speaker, rows in own["random"].items():
        before = [seen["commands"][i] for i in own["commands"].get(speaker, ())[:HEARD_BEFORE]]
        knowing = accustomed(network, before) if before else network
        heard = log_probs(knowing, [seen["random"][i] for i in rows], warps=WARPS)
        for name, values in heard.items():
            for i, value in zip(rows, values, strict=True):
                found[name][i] = value
    return found


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
