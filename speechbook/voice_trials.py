"""One small recogniser and what it learns from: what the study `voices` and the chapter *Voices differ* share.

Pictures of a corpus with their speakers, batches of them, divisions in which every speaker is unseen once, and the
training, plain or with a reversed gradient.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from speechbook import adaptation, augment, corpora, frontend, gradient_reversal, noisy_words, variations
from speechbook._keras import keras
from speechbook._training_step import train_step
from speechbook.recipe import _outputs

STEPS = 150
BATCH_SIZE = 64
N_FRAMES = noisy_words.N_FRAMES
STORED_FRAMES = 110
FEW = {"fsdd": (1, 2, 4), "voices": (7, 14, 28)}
"""Numbers of speakers among whom equally many clips are divided."""
FSDD_TAKES = 40
"""Of the fewest speakers of FSDD; the voices have four beside those that are kept for the test."""
_STILL = (
    *("pitch", "tempo", "accent", "rhythm", "contrast", "channel_db"),
    *("telephone", "room", "babble", "noise", "trim"),
)
TRACT = variations.Variation(tract=0.14, delay=0, **dict.fromkeys(_STILL, 0.0))
"""Vocal tract length perturbation and nothing else."""


class Words(NamedTuple):
    """Pictures with what is said, by whom, and the levels that they were made of."""

    x: np.ndarray
    db: np.ndarray
    counts: np.ndarray
    digit: np.ndarray
    speaker: np.ndarray
    take: np.ndarray

    def where(self, rows: np.ndarray) -> Words:
        """Keep some rows."""
        return Words(*(column[rows] for column in self))


def words(digits: corpora.Digits, *, speed: float = 1.0) -> Words:
    """Turn clips into pictures, perhaps played at another speed.

    Examples
    --------
    >>> digits = corpora.load_digits("voices")[:3]
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> words(digits).x.shape
    (3, 72, 40)
    """
    clips = digits.clips if speed == 1 else [augment.change_speed(y, factor=speed) for y in digits.clips]
    powers = frontend.mel_powers(clips, sample_rate=digits.sample_rate)
    x = np.full((len(powers), N_FRAMES, frontend.SETTINGS["n_mels"]), frontend.FLOOR, np.float32)
    for row, power in zip(x, powers, strict=True):
        row[: len(power)] = frontend.scale(power)[:N_FRAMES]
    return Words(x, *variations.levels(powers, n_frames=STORED_FRAMES), digits.digit, digits.speaker, digits.take)


def divide(digits: corpora.Digits, division: int) -> np.ndarray:
    """Say of each clip whether its speaker is held out in a division.

    Examples
    --------
    >>> digits = corpora.load_digits("voices")
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> sum(divide(digits, division) for division in range(3)).tolist() == [1] * len(digits)
    True
    """
    names = list(digits.groups.values())
    held = [name for group in names[division :: len(names) // 2] for name in group]
    return np.isin(digits.speaker, held)


def batches(
    known: Words, *, rng: np.random.Generator, variation: variations.Variation | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield pictures, digits and numbers of speakers without end; with a variation, in ever new versions."""
    who = np.unique(known.speaker, return_inverse=True)[1]
    while True:
        rows = rng.integers(0, len(known.digit), BATCH_SIZE)
        x = known.x[rows]
        if variation is not None:
            x = variations.vary(known.db[rows], known.counts[rows], variation=variation, n_frames=N_FRAMES, rng=rng)
        yield x, known.digit[rows], who[rows]


def learn(stream: Iterator[tuple], *, steps: int = STEPS, seed: int = 0) -> keras.Model:
    """Train the small recogniser on batches of pictures and digits (and whatever follows them).

    Examples
    --------
    >>> from itertools import repeat
    >>> learn(repeat((np.zeros((2, 72, 40)), np.array([0, 1]))), steps=1).count_params()
    41414
    """
    keras.utils.set_random_seed(seed)
    model, learner = noisy_words.recogniser(), _learner(steps)
    for target, source in zip(learner.variables, model.variables, strict=True):
        target.assign(source)
    for variable in learner.optimizer.variables:
        variable.assign(np.zeros(variable.shape))
    for _ in range(steps):
        x, digit, *_ = next(stream)
        train_step(learner, x, digit)
    model.set_weights(learner.get_weights())
    return model


@cache
def _learner(steps: int) -> keras.Model:
    """Compile one recogniser for all trainings, which cost more to compile than to run for some seconds."""
    model = noisy_words.recogniser()
    rate = keras.optimizers.schedules.CosineDecay(gradient_reversal.RATE, steps)
    optimiser = keras.optimizers.Adam(rate)
    optimiser.build(model.trainable_variables)
    model.compile(optimiser, "sparse_categorical_crossentropy")
    return model


def learn_to_hide(known: Words, *, strength: float, seed: int = 0, steps: int = STEPS) -> keras.Model:
    """Train the same recogniser while its gradient of the speaker is reversed."""
    keras.utils.set_random_seed(seed)
    model = noisy_words.recogniser()
    stream = batches(known, rng=np.random.default_rng(seed))
    n_speakers = len(set(known.speaker))
    gradient_reversal.train(model, stream, n_speakers=n_speakers, steps=steps, strength=strength)
    return model


def probe(model: keras.Model, known: Words, asked: Words) -> np.ndarray:
    """Train a fresh classifier to name speakers from the embedding, and ask it about other clips of theirs.

    Returns
    -------
    np.ndarray [shape=(asked clips,), dtype=bool]
        Whether it was right.
    """
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))
    classifier.fit(embedded(model, known.x), known.speaker)
    return classifier.predict(embedded(model, asked.x)) == asked.speaker


def embedded(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Compute what the last layer of a recogniser is told [shape=(clips, 96)]."""
    return _outputs(gradient_reversal.embedding_of(model), x)


def matched(part: Words, *, reference: np.ndarray, first: int | None = None, by_clip: bool = False) -> np.ndarray:
    """Move average spectra to the reference: every clip's own, or every speaker's, as his `first` takes show it."""
    x = part.x.copy()
    groups = np.arange(len(x)) if by_clip else np.unique(part.speaker, return_inverse=True)[1]
    for group in range(groups.max() + 1):
        rows = groups == group
        own = adaptation.mean_spectrum(part.x[rows & first_takes(part, first)])
        x[rows] = adaptation.match_spectrum(part.x[rows], own=own, reference=reference)
    return x


def first_takes(part: Words, n: int | None) -> np.ndarray:
    """Say of each clip whether it is among the `n` first takes; all are if `n` is None."""
    return np.isin(part.take, np.unique(part.take)[:n])


def joined(*parts: Words) -> Words:
    """Put words together."""
    return Words(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def spread(known: Words, *, corpus: str, n_speakers: int, turn: int) -> Words:
    """Choose equally many clips whatever the number of speakers, fewer takes of each the more there are.

    Parameters
    ----------
    known : Words
        Of 4 speakers of FSDD, or 28 voices.
    corpus : str
        Which of them.
    n_speakers : int
        One of `FEW`.
    turn : int
        Begin with another speaker.

    Returns
    -------
    Words
    """
    names = np.roll(np.unique(known.speaker), -turn)
    chosen = names[:: len(names) // n_speakers][:n_speakers]
    takes = np.unique(known.take)[: FSDD_TAKES if corpus == "fsdd" else None]
    each = takes[: len(takes) * FEW[corpus][0] // n_speakers]
    return known.where(np.isin(known.speaker, chosen) & np.isin(known.take, each))
