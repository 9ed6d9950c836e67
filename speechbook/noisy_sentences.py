"""Strings of digits in noise, with and without enhancement: ``python -m speechbook.bench noisy-sentences``.

Two networks with the same weights at first, the same strings and as many steps read strangers' strings: one has learnt
without noise, the other with noise, other people's speech and rooms. One row a network, remedy and noise goes into
``data/measured/noisy_sentences.csv``. Taught in the chapter *Noise*.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from speechbook import connected_recipe, corpora, metrics, noisy_words
from speechbook._keras import keras
from speechbook._measured import Table, command_line, rates
from speechbook.connected import Utterance, random_strings, utterances
from speechbook.connected_decoding import greedy
from speechbook.in_noise import RT60_SECONDS, lay_out
from speechbook.sequence_models import log_probs

N_STRINGS = 100
SEEDS = (0, 1, 2)
REMEDIES = ("none", "subtraction", "wiener")
RECIPE = connected_recipe.Recipe(steps=400, variation=connected_recipe.GENTLE)
KINDS_OF_TRAINING = {
    "clean": {"noise": 0.0, "babble": 0.0, "room": 0.0},
    "noisy": {"noise": 1.0, "calm_db": 0.0, "babble": 0.4, "room": 0.4},
}
"""What each training changes in the variation of the recipe."""


class Row(NamedTuple):
    """How many words one network got wrong under one condition; `level` is the SNR in dB, or RT60 in s for rooms.

    `low` and `high` bound the word error rate with 95 % confidence, strings drawn anew (bootstrap).
    """

    corpus: str
    seed: int
    trained: str
    remedy: str
    noise: str
    level: float
    strings: int
    words: int
    word_errors: int
    low: float
    high: float
    parameters: int
    cpu_seconds: float


TABLE = Table("noisy_sentences.csv", Row)
read, write = TABLE.read, TABLE.write


def heard_in(
    said: Sequence[Utterance], noises: Mapping[str, np.ndarray], *, rng: np.random.Generator
) -> Iterator[tuple[str, str, float, list[np.ndarray]]]:
    """Bring strings into every place of the test, and clean them there by every remedy.

    Parameters
    ----------
    said : sequence of Utterance
        Strings without noise, at 8 kHz.
    noises : mapping of str to np.ndarray
        As `noisy_words.recordings` makes them.
    rng : np.random.Generator
        Source of chance.

    Yields
    ------
    remedy, noise : str
        ``"none"`` or the enhancer's name; the noise, or ``"quiet"`` or ``"room"``.
    level : float
        SNR in dB, or reverberation time in s; 0 in quiet.
    sounds : list of np.ndarray [shape=(samples,)]
        One a string, as long as the string.

    Examples
    --------
    >>> one = Utterance(np.sin(np.arange(8000.0)), 8000, (1,), np.zeros((1, 2)), "ann")
    >>> rng = np.random.default_rng(0)
    >>> noises = {name: rng.standard_normal(20_000) for name in noisy_words.NOISES}
    >>> places = list(heard_in([one], noises, rng=rng))
    >>> len(places), [place[:3] for place in places[:3]]
    (52, [('none', 'quiet', 0.0), ('none', 'room', 0.3), ('none', 'room', 0.6)])
    """
    clean = [one.y for one in said]
    yield "none", "quiet", 0.0, clean
    for rt60 in RT60_SECONDS:
        yield "none", "room", rt60, noisy_words.in_rooms(clean, rt60=rt60, rng=rng)
    for (noise, level), scenes in noisy_words.conditions(clean, noises, rng=rng).items():
        for remedy in REMEDIES:
            cleaned = remedy != "none"
            sounds = [noisy_words.enhance(s, remedy=remedy) if cleaned else s.noisy for s in scenes]
            yield remedy, noise, level, sounds


def score(said: Sequence[Utterance], written: Sequence[str]) -> tuple[int, int, float, float]:
    """Count words and errors, and bound the rate.

    Examples
    --------
    >>> one = Utterance(np.zeros(1), 8000, (9, 5), np.zeros((2, 2)), "ann")
    >>> score([one, one], ["nine five", "nine"])
    (4, 1, 0.0, 0.5)
    """
    aligned = [metrics.align(one.text.split(), text.split()) for one, text in zip(said, written, strict=True)]
    errors, words = [one.errors for one in aligned], [one.reference_length for one in aligned]
    low, high = metrics.bootstrap_interval(errors, words, rng=np.random.default_rng(0))
    return sum(words), sum(errors), round(low, 4), round(high, 4)


def study(digits: corpora.Digits, *, seed: int, recipe: connected_recipe.Recipe = RECIPE) -> Iterator[Row]:
    """Train both networks, and let them read strings of the speakers that are held out, word by word.

    Parameters
    ----------
    digits : corpora.Digits
        Clips of all digits; if they are FSDD's, the synthetic voices fill half of each batch.
    seed : int
        Of weights and batches; the sounds of the test are the same for all.
    recipe : connected_recipe.Recipe
        Settings common to both.

    Yields
    ------
    Row
    """
    learn, test = digits.default_unseen()
    sources = [learn] if digits.name == "voices" else [learn, corpora.load_digits("voices")]
    networks = {}
    for name, changes in KINDS_OF_TRAINING.items():
        start = time.process_time()
        own = dataclasses.replace(recipe, variation=dataclasses.replace(recipe.variation, **changes))
        network, _ = connected_recipe.learn(sources, recipe=own, seed=seed, progress=False)
        networks[name] = network, round(time.process_time() - start, 1)
    rng = np.random.default_rng(1)
    said = utterances(test, random_strings(N_STRINGS, rng=rng), snr_db=None, rng=rng)
    noises = noisy_words.recordings(noisy_words.words(learn)[1::2], rng=rng)
    for remedy, noise, level, sounds in heard_in(said, noises, rng=rng):
        pictures = connected_recipe.pictures(sounds, sample_rate=digits.sample_rate)
        for name, (network, seconds) in networks.items():
            written = [greedy(rows, head="words") for rows in log_probs(network, pictures)["words"]]
            facts = (network.count_params(), seconds)
            yield Row(digits.name, seed, name, remedy, noise, level, len(said), *score(said, written), *facts)


def table(rows: Iterable[Row], *, corpus: str) -> str:
    """Lay the rows out as plain text: word error rates in per cent, in the mean over levels and seeds.

    Examples
    --------
    >>> print(table([Row("fsdd", 0, "clean", "none", "white", 5.0, 100, 350, 70, 0.16, 0.24, 1, 1.0)], corpus="fsdd"))
    trained  remedy        white
    clean    none           20.0
    """
    rows = [row for row in rows if row.corpus == corpus]
    kinds = list(dict.fromkeys(row.noise for row in rows))
    return lay_out(lambda **wanted: rates(rows, **wanted), trainings=KINDS_OF_TRAINING, remedies=REMEDIES, kinds=kinds)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the seeds that are missing for the corpus that is loaded, and print the table."""
    parser = command_line("noisy-sentences", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="of the networks (default: 0 1 2)")
    parser.add_argument("--steps", type=int, default=RECIPE.steps, help="of every training (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    digits = corpora.load_digits()
    for seed in chosen.seeds:
        if not any((row.corpus, row.seed) == (digits.name, seed) for row in read(chosen.file)):
            new = list(study(digits, seed=seed, recipe=dataclasses.replace(RECIPE, steps=chosen.steps)))
            write([*read(chosen.file), *new], chosen.file)
            keras.backend.clear_session()
    print(table(read(chosen.file), corpus=digits.name))
