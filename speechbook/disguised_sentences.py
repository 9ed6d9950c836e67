"""What disguised voices cost a recogniser of digit strings: ``python -m speechbook.bench disguised-sentences``.

Two networks with the same first weights, as many steps and the recipe of the chapter *A recogniser that writes text*:
one has learned from voices as they are, one from voices of which three in four are disguised. Both read strings of
strangers, as recorded and disguised by `anonymise.mcadams`. One row a network and disguise goes into
``data/measured/disguised_sentences.csv``. Shown in the chapter *Privacy, compliance and misuse*.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from speechbook import anonymise, connected_recipe
from speechbook._keras import keras
from speechbook._measured import Table, command_line
from speechbook._measured import word_error_rate as rate
from speechbook.connected import random_strings, utterances
from speechbook.connected_decoding import greedy
from speechbook.corpora import load_digits
from speechbook.digits import Digits
from speechbook.noisy_sentences import score
from speechbook.sequence_models import log_probs

ALPHAS = (1.0, 0.9, 0.8, 0.7, 0.6)
"""McAdams coefficients of the test; 1 leaves a voice as it is."""

LEARNED_ALPHAS = (1.0, 0.85, 0.75, 0.65)
"""What the second network learns from, in equal shares; none of the disguises of the test is among them."""

TRAININGS = ("recorded", "disguised")
N_STRINGS = 120
SEEDS = (0, 1, 2)
STEPS = 600


class Row(NamedTuple):
    """Words that one network got wrong; `low` and `high` bound the rate with 95 % confidence (strings drawn anew)."""

    corpus: str
    seed: int
    trained: str
    alpha: float
    strings: int
    words: int
    word_errors: int
    low: float
    high: float


TABLE = Table("disguised_sentences.csv", Row)
read, write = TABLE.read, TABLE.write


def disguised(digits: Digits, *, alphas: Sequence[float]) -> Digits:
    """Give every clip another voice.

    Parameters
    ----------
    digits : Digits
        Clips.
    alphas : sequence of float
        McAdams coefficients; the clips take turns with them.

    Returns
    -------
    Digits
        The same words by the same speakers, in the same order.

    Examples
    --------
    >>> clips = load_digits("voices")[:3]
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> hidden = disguised(clips, alphas=[1.0, 0.8])
    >>> [bool(np.allclose(a, b, atol=1e-4)) for a, b in zip(clips.clips, hidden.clips)]
    [True, False, True]
    """
    hidden = copy.copy(digits)
    hidden.clips = [
        anonymise.mcadams(y, sample_rate=digits.sample_rate, alpha=alphas[k % len(alphas)])
        for k, y in enumerate(digits.clips)
    ]
    return hidden


def study(digits: Digits, *, seed: int, steps: int = STEPS) -> Iterator[Row]:
    """Train both networks, and let them read strings of the speakers that are held out, word by word.

    Parameters
    ----------
    digits : Digits
        A corpus.
    seed : int
        Of weights and batches; the strings of the test are the same for all.
    steps : int
        Of each training.

    Yields
    ------
    Row
    """
    learn, test = digits.default_unseen()
    sources = {"recorded": learn, "disguised": disguised(learn, alphas=LEARNED_ALPHAS)}
    recipe = dataclasses.replace(connected_recipe.Recipe(), steps=steps)
    networks = {
        name: connected_recipe.learn([source], recipe=recipe, seed=seed, progress=False)[0]
        for name, source in sources.items()
    }
    for alpha in ALPHAS:
        rng = np.random.default_rng(1)  # the same strings for every disguise
        said = utterances(disguised(test, alphas=[alpha]), random_strings(N_STRINGS, rng=rng), snr_db=None, rng=rng)
        pictures = connected_recipe.pictures([one.y for one in said], sample_rate=digits.sample_rate)
        for name, network in networks.items():
            written = [greedy(rows, head="words") for rows in log_probs(network, pictures)["words"]]
            yield Row(digits.name, seed, name, alpha, len(said), *score(said, written))


def table(rows: Iterable[Row], *, corpus: str) -> str:
    """Lay the rows of one corpus out as plain text: word error rates in per cent, seeds together, then best and worst.

    Examples
    --------
    >>> row = Row("fsdd", 0, "recorded", 0.8, 100, 350, 70, 0.16, 0.24)
    >>> print(table([row, row._replace(seed=1, word_errors=35)], corpus="fsdd"))
    trained on    1.0   0.9   0.8   0.7   0.6
    recorded                 15.0
      best                   10.0
      worst                  20.0
    """
    rows = [row for row in rows if row.corpus == corpus]
    lines = ["trained on " + "".join(f"{alpha:6}" for alpha in ALPHAS)]
    for name in TRAININGS:
        own = [[row for row in rows if (row.trained, row.alpha) == (name, alpha)] for alpha in ALPHAS]
        for label, choose in {name: rate, "  best": _best, "  worst": _worst}.items():
            if any(own):
                cells = (f"{100 * choose(part):6.1f}" if part else f"{'':6}" for part in own)
                lines.append(f"{label:11}{''.join(cells)}".rstrip())
    return "\n".join(lines)


def _best(rows: Sequence[Row]) -> float:
    return min(rate([row]) for row in rows)


def _worst(rows: Sequence[Row]) -> float:
    return max(rate([row]) for row in rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the seeds that are missing for the corpus that is loaded, and print the table."""
    parser = command_line("disguised-sentences", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="of the networks (default: 0 1 2)")
    parser.add_argument("--steps", type=int, default=STEPS, help="of every training (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    digits = load_digits()
    for seed in chosen.seeds:
        if not any((row.corpus, row.seed) == (digits.name, seed) for row in read(chosen.file)):
            write([*read(chosen.file), *study(digits, seed=seed, steps=chosen.steps)], chosen.file)
            keras.backend.clear_session()
    print(table(read(chosen.file), corpus=digits.name))


if __name__ == "__main__":
    main()
