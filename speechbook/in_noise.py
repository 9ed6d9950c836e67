"""What noise does to a small recogniser, and what each remedy gives back: ``python -m speechbook.bench in-noise``.

One network learns from clean words, one from the same words and noisy versions of them in as many steps. Both hear
words of speakers that they have never met, in noises that the second one knows and in noises that it does not, as they
are and after enhancement. One row a network, remedy and noise goes into ``data/measured/in_noise.csv``. Taught in the
chapter *Noise*.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from speechbook import corpora, noisy_words, training
from speechbook._measured import Table, command_line
from speechbook.noisy_words import HEARD, NOISES

SEEDS = (0, 1, 2)
REMEDIES = ("none", "subtraction", "wiener", "mask", "ideal")
KINDS_OF_TRAINING = {"clean": (), "mixed": HEARD, "all": NOISES}
RT60_SECONDS = (0.3, 0.6, 0.9)


class Row(NamedTuple):
    """How many words one network got right under one condition; `level` is the SNR in dB, or RT60 in s for rooms."""

    corpus: str
    seed: int
    trained: str
    remedy: str
    noise: str
    level: float
    clips: int
    correct: int


TABLE = Table("in_noise.csv", Row)
read, write = TABLE.read, TABLE.write


def shares(rows: Iterable[Row], **wanted: object) -> np.ndarray:
    """Give the share of right answers for each seed, over all rows whose columns have the wanted values.

    Examples
    --------
    >>> row = Row("fsdd", 0, "clean", "none", "white", 5.0, 500, 250)
    >>> shares([row, row._replace(seed=1, correct=300)], noise="white").tolist()
    [0.5, 0.6]
    """
    kept = [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]
    seeds = sorted({row.seed for row in kept})
    parts = [[row for row in kept if row.seed == seed] for seed in seeds]
    return np.array([sum(row.correct for row in part) / sum(row.clips for row in part) for part in parts])


def study(digits: corpora.Digits, *, seeds: Sequence[int] | None = None, every: int = 1) -> list[Row]:
    """Measure every network, remedy and noise on the speakers that are held out.

    Parameters
    ----------
    digits : corpora.Digits
        Clips of all digits.
    seeds : sequence of int, optional
        Of weights and batches, `SEEDS` if not given; the sounds are the same for all.
    every : int
        Use every so-manieth clip only, to try it out.

    Returns
    -------
    list of Row
    """
    learn, test = (part[::every] for part in digits.default_unseen())
    said, asked = noisy_words.words(learn), noisy_words.words(test)
    rng = np.random.default_rng(1)
    own, others = (noisy_words.recordings(said[half::2], rng=rng) for half in (0, 1))
    x = noisy_words.pictures(said)
    noisy = {
        name: noisy_words.pictures(noisy_words.versions(said, own, kinds=k, rng=rng)) if k else x
        for name, k in KINDS_OF_TRAINING.items()
    }
    met = noisy_words.conditions(asked, others, rng=rng)
    heard = {("none", *key): noisy_words.pictures([scene.noisy for scene in place]) for key, place in met.items()}
    heard["none", "clean", 0.0] = noisy_words.pictures(asked)
    for rt60 in RT60_SECONDS:
        heard["none", "room", rt60] = noisy_words.pictures(noisy_words.in_rooms(asked, rt60=rt60, rng=rng))
    for key, place in met.items():
        for remedy in ("subtraction", "wiener"):
            heard[remedy, *key] = noisy_words.pictures([noisy_words.enhance(scene, remedy=remedy) for scene in place])
        heard["ideal", *key] = noisy_words.masked_pictures(place, noisy_words.masks(place))
    rows = []
    for seed in SEEDS if seeds is None else seeds:
        network = noisy_words.learn_masks(said, own, rng=np.random.default_rng(2), seed=seed)
        for key, place in met.items():
            guessed = network.predict(heard["none", *key], verbose=0)
            heard["mask", *key] = noisy_words.masked_pictures(place, guessed)
        for name, varied in noisy.items():
            model = noisy_words.learn_words(np.concatenate([x, varied]), np.tile(learn.digit, 2), seed=seed)
            for (remedy, kind, level), pictured in heard.items():
                right = int((training.predict_labels(model, pictured) == test.digit).sum())
                rows.append(Row(digits.name, seed, name, remedy, kind, level, len(test), right))
    return rows


def table(rows: Iterable[Row], *, corpus: str) -> str:
    """Lay the rows out as plain text: per cent right by network and remedy, in the mean over levels and seeds.

    Examples
    --------
    >>> print(table([Row("fsdd", 0, "clean", "none", "white", 5.0, 500, 250)], corpus="fsdd"))
    trained  remedy        white
    clean    none           50.0
    """
    rows = [row for row in rows if row.corpus == corpus]
    kinds = [kind for kind in ("clean", *NOISES, "room") if any(row.noise == kind for row in rows)]
    return lay_out(lambda **wanted: shares(rows, **wanted), trainings=KINDS_OF_TRAINING, remedies=REMEDIES, kinds=kinds)


def lay_out(
    values: Callable[..., np.ndarray], *, trainings: Iterable[str], remedies: Iterable[str], kinds: Sequence[str]
) -> str:
    """Lay shares out as plain text, in per cent: a row for each training and remedy, a column for each noise.

    Examples
    --------
    >>> print(lay_out(lambda **wanted: np.array([0.5]), trainings=["clean"], remedies=["none"], kinds=["white"]))
    trained  remedy        white
    clean    none           50.0
    """
    lines = ["trained  remedy     " + "".join(f"{kind:>8}" for kind in kinds)]
    for trained, remedy in itertools.product(trainings, remedies):
        own = [values(trained=trained, remedy=remedy, noise=kind) for kind in kinds]
        if any(len(part) for part in own):
            cells = (f"{100 * part.mean():8.1f}" if len(part) else f"{'':8}" for part in own)
            lines.append(f"{trained:8} {remedy:11}" + "".join(cells).rstrip())
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the corpus that is loaded, replace its rows, and print them."""
    parser = command_line("in-noise", __doc__, TABLE)
    parser.add_argument("--every", type=int, default=1, help="use every so-manieth clip only")
    options = parser.parse_args(arguments)
    digits = corpora.load_digits()
    rows = study(digits, every=options.every)
    write([row for row in read(options.file) if row.corpus != digits.name] + rows, options.file)
    print(table(rows, corpus=digits.name))
