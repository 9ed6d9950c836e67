"""The road to people never heard before, one change at a time: ``python -m speechbook.bench unseen-speakers``.

Every stage is trained once a fold and seed and writes one row a fold into ``data/measured/unseen_speakers.csv``, with
the settings and the versions that it was measured with. What stands there is not measured again, so that an interrupted
study goes on where it stopped. Shown in the chapter *Unseen speakers*.
"""

from __future__ import annotations

import dataclasses
import platform
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

from speechbook import corpora, features, frontend, models, training
from speechbook._keras import keras
from speechbook._measured import command_line
from speechbook._unseen_table import ELSEWHERE, STAGES, TABLE, Row, accuracy, read, steps, table, tried, write
from speechbook.recipe import Recipe, predict, train
from speechbook.variations import Variation

__all__ = [
    "BEST",
    "ELSEWHERE",
    "FIRST",
    "LIFTED",
    "SHORT",
    "STAGES",
    "WARPS",
    "Outcome",
    "Row",
    "accuracy",
    "divisions",
    "main",
    "measure",
    "read",
    "steps",
    "table",
    "tried",
    "write",
]

FIRST = Recipe(steps=700)
"""The recipe with all that does not need another speaker's clip."""

BEST = Recipe(steps=1200, blend=0.5, variation=Variation(trim=0.8, trim_db=(6.0, 28.0), each_end=True))
"""The recipe that the chapter arrives at."""

LIFTED = dataclasses.replace(BEST, emphasis=0.97)
"""The same, with high frequencies lifted."""

SHORT = dataclasses.replace(FIRST, steps=400)
"""The first, as the chapter itself runs it."""

WARPS = (0.9, 1.0, 1.1)
LEAD = 12
EPOCHS = 20
FIRST_STEPS = {"article": "mfcc", "pictures": "pictures"}
ROAD = {
    "network": dataclasses.replace(FIRST, steps=400, variation=None, synthetic_share=0.0, average=0.0),
    "variation": dataclasses.replace(FIRST, synthetic_share=0.0, average=0.0),
    "first": FIRST,
    "best": BEST,
    "lifted": LIFTED,
}
"""Stages that follow a recipe, each with what it changes; ``first`` and ``best`` give the rows of several stages."""

GIVES = {
    "first": ("voices", "average", "warps"),
    "best": ("blend", "lead"),
    "lifted": ("emphasis",),
    "voices-best": ("voices-blend", "voices-lead"),
    "voices-lifted": ("voices-emphasis",),
}
"""Stages that come of one training; any other training gives the stage of its name."""
ON_VOICES = {"voices-only": FIRST, "voices-best": BEST, "voices-lifted": LIFTED}
TRAININGS = (*FIRST_STEPS, *ROAD, *ON_VOICES)
ANSWERS = {"warps": {"warps": WARPS}, "lead": {"lead": LEAD}, "voices-lead": {"lead": LEAD}}
"""What is particular in how a stage is asked."""


class Outcome(NamedTuple):
    """How many clips of a test a stage recognised, and what its training took."""

    stage: str
    correct: int
    parameters: int
    processor_seconds: float
    settings: str


def first_step(stage: str, train_on: corpora.Digits, test: corpora.Digits, *, seed: int) -> list[Outcome]:
    """Train and test article A's layers, on cepstra or on the front end's pictures.

    The pictures are moved up so that their floor, and with it whatever follows a clip, is 0, as it is with cepstra.

    Parameters
    ----------
    stage : str
        ``"article"`` or ``"pictures"``.
    train_on, test : corpora.Digits
        With different speakers.
    seed : int
        Of the initial weights and of the order of the clips.

    Returns
    -------
    list of Outcome
        One.
    """

    def inputs(digits: corpora.Digits) -> np.ndarray:
        how = {"sample_rate": digits.sample_rate, "n_frames": 100}
        if FIRST_STEPS[stage] == "mfcc":
            return features.batch(digits.clips, **how, **features.SPEECH_8K)
        return frontend.batch(digits.clips, **how) - frontend.FLOOR

    x, x_test = inputs(train_on), inputs(test)
    keras.utils.set_random_seed(seed)
    model = models.article_a_frames(n_frames=100, n_features=x.shape[2])
    start = time.process_time()
    training.fit(model, x, train_on.digit, epochs=EPOCHS, seed=seed, progress=False)
    correct = int((training.predict_labels(model, x_test) == test.digit).sum())
    return [
        Outcome(stage, correct, model.count_params(), time.process_time() - start, f"epochs={EPOCHS} batch_size=32")
    ]


def by_recipe(
    stages: Sequence[str],
    train_on: corpora.Digits,
    test: corpora.Digits,
    *,
    recipe: Recipe,
    synthetic: corpora.Digits | None,
    seed: int,
) -> list[Outcome]:
    """Train the book's recogniser by a recipe, and test it.

    Parameters
    ----------
    stages : sequence of str
        Names of the outcomes: ``"voices"`` asks the last weights, any other stage their average, as `ANSWERS` says.
    train_on, test : corpora.Digits
        With different speakers.
    recipe : Recipe
        Settings.
    synthetic : corpora.Digits or None
        Second corpus.
    seed : int
        Of weights, batches, variation and dropout.

    Returns
    -------
    list of Outcome
    """
    keras.utils.set_random_seed(seed)
    model = models.digit_recogniser()
    run = train(model, train_on, recipe=recipe, synthetic=synthetic, seed=seed, progress=False)
    average, how = model.get_weights(), settings(recipe)
    outcomes = []
    for stage in stages:
        model.set_weights(run.last if stage == "voices" else average)
        asked = {"sample_rate": test.sample_rate, "emphasis": recipe.emphasis, **ANSWERS.get(stage, {})}
        heard = predict(model, test.clips, **asked).argmax(axis=1)
        correct = int((heard == test.digit).sum())
        outcomes.append(Outcome(stage, correct, model.count_params(), run.processor_seconds, how))
    return outcomes


def settings(recipe: Recipe) -> str:
    """Write a recipe as one line of text.

    Examples
    --------
    >>> settings(Recipe(steps=300, variation=None)).split()[:2]
    ['steps=300', 'batch_size=64']
    """
    values = dataclasses.asdict(recipe)
    variation = values.pop("variation")
    parts = [*values.items(), *(variation or {"variation": None}).items()]
    return " ".join(f"{name}={str(value).replace(' ', '')}" for name, value in parts)


def versions() -> str:
    """Name what a measurement depends on.

    Examples
    --------
    >>> versions().split()[0].startswith("Python-")
    True
    """
    packages = [f"{name}-{version(name)}" for name in ("tensorflow", "keras", "numpy")]
    return " ".join([f"Python-{platform.python_version()}", *packages])


def measure(
    stage: str,
    train_on: corpora.Digits,
    test: corpora.Digits,
    *,
    synthetic: corpora.Digits | None = None,
    seed: int = 0,
) -> list[Outcome]:
    """Train one stage of the road and test it.

    Parameters
    ----------
    stage : str
        ``"article"``, ``"pictures"``, or a key of `ROAD` or `ON_VOICES`.
    train_on, test : corpora.Digits
        With different speakers.
    synthetic : corpora.Digits, optional
        Second corpus for the stages that take one.
    seed : int
        Of everything.

    Returns
    -------
    list of Outcome
        One for each stage that `GIVES` names, else one.

    Raises
    ------
    ValueError
        If there is no such stage.
    """
    if stage in FIRST_STEPS:
        return first_step(stage, train_on, test, seed=seed)
    recipe = {**ROAD, **ON_VOICES}.get(stage)
    if recipe is None:
        raise ValueError(f"there is no stage {stage!r}; there are {', '.join(TRAININGS)}")
    mixed = synthetic if recipe.synthetic_share else None
    return by_recipe(GIVES.get(stage, (stage,)), train_on, test, recipe=recipe, synthetic=mixed, seed=seed)


def divisions(digits: corpora.Digits, stage: str) -> Iterator[tuple[str, corpora.Digits, corpora.Digits]]:
    """Yield (fold, training clips, test clips) for a stage: leave one speaker out, or all of FSDD as the test."""
    if stage not in ON_VOICES:
        yield from digits.folds()
    elif digits.name == "fsdd":
        yield "all", corpora.load_digits("voices"), digits


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is missing in the table, then print it."""
    parser = command_line("unseen-speakers", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, default=3, help="how many seeds (default: 3)")
    parser.add_argument("--stages", nargs="+", choices=TRAININGS, default=list(TRAININGS), help="default: all")
    parser.add_argument("--folds", nargs="+", help="speakers to leave out (default: each in turn)")
    chosen = parser.parse_args(arguments)
    digits = corpora.load_digits()
    synthetic = corpora.load_digits("voices") if digits.name == "fsdd" else None
    for seed in range(chosen.seeds):
        for stage in chosen.stages:
            for fold, train_on, test in divisions(digits, stage):
                key = digits.name, GIVES.get(stage, (stage,))[-1], seed, fold
                if chosen.folds and fold not in chosen.folds:
                    continue
                if key in {(row.corpus, row.stage, row.seed, row.fold) for row in read(chosen.file)}:
                    continue
                outcomes = measure(stage, train_on, test, synthetic=synthetic, seed=seed)
                new = [
                    Row(digits.name, name, seed, fold, right, len(test), size, round(seconds, 1), how, versions())
                    for name, right, size, seconds, how in outcomes
                ]
                write([*read(chosen.file), *new], chosen.file)
                keras.backend.clear_session()
                print(f"seed {seed}, {stage}, {fold}: {new[-1].correct} of {len(test)}", flush=True)
    print(table(read(chosen.file), corpus=digits.name), steps(read(chosen.file), corpus=digits.name), sep="\n\n")
