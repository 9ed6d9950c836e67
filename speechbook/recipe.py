"""How the book's recogniser is trained: ever new versions of the clips, synthetic voices among them, averaged weights.

`train` runs the recipe on any network that takes the front end's pictures; `predict` asks it. Taught in the chapter
*Unseen speakers*.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from speechbook import frontend
from speechbook._checks import positive_int
from speechbook._clips import Labelled, Source, blended
from speechbook._keras import keras
from speechbook._progress import finish, progress_bar
from speechbook._training_step import train_step
from speechbook.variations import Variation, stretched, vary

CLIPS_AT_ONCE = 256
WARM_UP = 0.1


class Teaches(Protocol):
    """Gives a student's targets and loss, as `distillation.Teacher` does."""

    def targets(self, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Give a batch's targets, made of its pictures and one-hot labels."""

    def loss(self, label_smoothing: float) -> Callable[[object, object], object]:
        """Give the loss that understands such targets."""


@dataclass(frozen=True)
class Recipe:
    """The settings of a training run.

    Attributes
    ----------
    steps, batch_size : int
        Batches, and clips in each.
    peak_rate : float
        Learning rate of AdamW after a warm-up over a tenth of the steps; from there it falls along half a cosine to 0.
    weight_decay, label_smoothing : float
        As in Keras.
    average : float
        Momentum of the running average of the weights, which is what the network ends with; 0 for none.
    synthetic_share : float
        Share of each batch that comes from the second corpus, if there is one.
    n_frames : int
        Frames of a training picture.
    blend : float
        Share of the clips that go part of the way to another clip of the same word, from either corpus.
    speeds : tuple of float
        Speeds at which the clips are played once before training, pitch and all.
    emphasis : float
        Of the front end; `predict` must be told the same.
    variation : Variation or None
        How far the versions go from the clips; None trains on the clips as they are.

    Examples
    --------
    >>> Recipe(steps=300).batch_size
    64
    """

    steps: int = 900
    batch_size: int = 64
    peak_rate: float = 3e-3
    weight_decay: float = 0.01
    label_smoothing: float = 0.1
    average: float = 0.99
    synthetic_share: float = 0.45
    n_frames: int = 72
    blend: float = 0.0
    speeds: tuple[float, ...] = (1.0,)
    emphasis: float = 0.0
    variation: Variation | None = field(default_factory=Variation)

    def __post_init__(self) -> None:
        positive_int(steps=self.steps)
        positive_int(batch_size=self.batch_size)
        if not (0 <= self.synthetic_share <= 1 and 0 <= self.average < 1 and 0 <= self.label_smoothing < 1):
            raise ValueError(f"synthetic_share, average and label_smoothing are shares between 0 and 1; got {self}.")
        if not 0 <= self.blend <= 1:
            raise ValueError(f"blend is a share between 0 and 1; got {self.blend}.")


@dataclass(frozen=True)
class Run:
    """What a training run took, and how its loss fell.

    Attributes
    ----------
    steps : int
        Batches that were completed.
    seconds, processor_seconds : float
        Wall time, and processor time over all threads, including augmentation.
    loss : np.ndarray [shape=(steps,)]
        Of every batch.
    last : list of np.ndarray
        All weights after the last step, before the average took their place, as ``model.set_weights`` takes them.
    """

    steps: int
    seconds: float
    processor_seconds: float
    loss: np.ndarray = field(repr=False)
    last: list[np.ndarray] = field(repr=False)


def batches(digits: Labelled, *, recipe: Recipe, synthetic: Labelled | None = None, seed: int = 0):
    """Yield training batches without end.

    Parameters
    ----------
    digits : corpora.Digits
        Clips to learn from.
    recipe : Recipe
        Its batch size, share, frames and variation are used.
    synthetic : corpora.Digits, optional
        A second corpus for `recipe.synthetic_share` of each batch.
    seed : int
        Of the choice of clips and of their variation.

    Yields
    ------
    x : np.ndarray [shape=(batch_size, n_frames, 40), dtype=float32]
        Pictures.
    y : np.ndarray [shape=(batch_size,), dtype=int]
        Labels.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> digits = load_digits("voices")[:20]
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> x, y = next(batches(digits, recipe=Recipe(batch_size=8)))
    >>> x.shape, y.shape
    ((8, 72, 40), (8,))
    """
    rng = np.random.default_rng(seed)
    n_synthetic = 0 if synthetic is None else round(recipe.batch_size * recipe.synthetic_share)
    how = {"speeds": recipe.speeds, "emphasis": recipe.emphasis}
    sources = [(Source(digits, **how), recipe.batch_size - n_synthetic)]
    if n_synthetic:
        sources.append((Source(synthetic, **how), n_synthetic))
    while True:
        parts = [source.draw(n, rng) for source, n in sources]
        db, counts, y = (np.concatenate(part) for part in zip(*parts, strict=True))
        if recipe.blend:
            db = blended(db, counts, y, [source for source, _ in sources], recipe.blend, rng)
        if recipe.variation is None:
            yield _plain(db, counts)[:, : recipe.n_frames], y
        else:
            yield vary(db, counts, variation=recipe.variation, n_frames=recipe.n_frames, rng=rng), y


def _plain(db: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Give the pictures of stored levels as the front end makes them."""
    real = np.arange(db.shape[1])[:, None] < counts[:, None, None]
    return frontend.scale(np.where(real, 10 ** (db.astype(np.float32) / 10), 0))


def train(
    model: keras.Model,
    digits: Labelled,
    *,
    recipe: Recipe,
    synthetic: Labelled | None = None,
    teacher: Teaches | None = None,
    seed: int = 0,
    progress: bool = True,
) -> Run:
    """Train a network by the recipe; show a bar that leaves one line.

    From the same initial weights and seed two runs on one machine end in the same weights. Interrupting the kernel ends
    the training, not the notebook; the model keeps the average of what it has learnt.

    Parameters
    ----------
    model : keras.Model
        Takes pictures [shape=(clips, recipe.n_frames, 40)] and gives probabilities of the classes. It is compiled anew.
    digits : corpora.Digits
        Clips to learn from.
    recipe : Recipe
        Settings.
    synthetic : corpora.Digits, optional
        A second corpus for a share of each batch.
    teacher : distillation.Teacher, optional
        Another network whose answers to the same pictures are targets beside the labels.
    seed : int
        Of batches, variation and dropout.
    progress : bool
        Whether to show the bar.

    Returns
    -------
    Run
        Times and losses.

    Examples
    --------
    >>> from speechbook import models
    >>> from speechbook.corpora import load_digits
    >>> digits = load_digits("voices")[::70]
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> model = models.digit_recogniser(filters=(4, 4), band_filters=8, units=4)
    >>> train(model, digits, recipe=Recipe(steps=2, batch_size=4), progress=False).steps
    2
    """
    start = time.perf_counter(), time.process_time()
    keras.utils.set_random_seed(seed)
    n_classes = model.output_shape[-1]
    optimiser = _compile(model, recipe, teacher)
    stream = batches(digits, recipe=recipe, synthetic=synthetic, seed=seed)
    bar = progress_bar(total=recipe.steps, unit="step", shown=progress)
    losses: list[float] = []
    ended = "steps"
    try:
        for _ in range(recipe.steps):
            x, y = next(stream)
            targets = np.eye(n_classes, dtype=np.float32)[y]
            targets = teacher.targets(x, targets) if teacher else targets
            losses.append(train_step(model, x, targets))
            bar.set_postfix_str(f"loss {losses[-1]:.3f}", refresh=False)
            bar.update()
    except KeyboardInterrupt:
        ended = f"of {recipe.steps} steps, then stopped,"
    last = model.get_weights()
    optimiser.finalize_variable_values(model.trainable_variables)
    run = Run(len(losses), time.perf_counter() - start[0], time.process_time() - start[1], np.array(losses), last)
    finish(bar, f"{run.steps} {ended} in {run.seconds:.0f} s: loss {np.mean(losses[-20:] or [np.nan]):.3f}")
    return run


def _compile(model: keras.Model, recipe: Recipe, teacher: Teaches | None = None) -> keras.optimizers.Optimizer:
    """Give the model the recipe's loss and optimiser, and a metric so that Keras does not warn."""
    warm_up = max(1, round(WARM_UP * recipe.steps))
    rate = keras.optimizers.schedules.CosineDecay(
        1e-5, max(1, recipe.steps - warm_up), warmup_target=recipe.peak_rate, warmup_steps=warm_up
    )
    averaging = {"use_ema": True, "ema_momentum": recipe.average} if recipe.average else {}
    optimiser = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay, clipnorm=5.0, **averaging)
    if teacher:
        loss = teacher.loss(recipe.label_smoothing)
    else:
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)
    model.compile(optimiser, loss=loss)
    return optimiser


def predict(
    model: keras.Model,
    clips: Sequence[ArrayLike],
    *,
    sample_rate: int,
    n_frames: int = 100,
    warps: Sequence[float] = (1.0,),
    lead: int = 0,
    emphasis: float = 0.0,
) -> np.ndarray:
    """Ask a network what is said in each clip.

    Parameters
    ----------
    model : keras.Model
        Takes the front end's pictures.
    clips : sequence of array_like [shape=(samples,)]
        Mono clips.
    sample_rate : int
        In Hz.
    n_frames : int
        Frames of the pictures.
    warps : sequence of float
        Factors by which the frequency axis is stretched; with several, the answers are averaged.
    lead : int
        Frames of silence before the clip, as if its beginning might be missing.
    emphasis : float
        As in the recipe by which the network was trained.

    Returns
    -------
    np.ndarray [shape=(clips, classes), dtype=float32]
        Probabilities.

    Raises
    ------
    ValueError
        If a clip cannot be used, or a factor is not between 0.5 and 2.

    Examples
    --------
    >>> from speechbook import models
    >>> model = models.digit_recogniser(filters=(4, 4), band_filters=8, units=4)
    >>> predict(model, [np.ones(4000), np.ones(8000)], sample_rate=8000).shape
    (2, 10)
    """
    x = frontend.batch(clips, sample_rate=sample_rate, n_frames=n_frames, emphasis=emphasis)
    x = np.pad(x, ((0, 0), (lead, 0), (0, 0)), constant_values=frontend.FLOOR)
    return np.mean([_outputs(model, stretched(x, factor=factor)) for factor in warps], axis=0)


def _outputs(model: keras.Model, x: np.ndarray) -> np.ndarray:
    parts = [model(x[start : start + CLIPS_AT_ONCE], training=False) for start in range(0, len(x), CLIPS_AT_ONCE)]
    return np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])
