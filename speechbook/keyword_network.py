"""A causal network that names a word when it ends, and how it is trained.

Taught in the chapter *Wake word and assistant*.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from speechbook import frontend
from speechbook._checks import positive_int
from speechbook._keras import keras
from speechbook._progress import finish, progress_bar
from speechbook._training_step import train_step
from speechbook.digits import Digits
from speechbook.keyword_streams import Recipe, Shelf, batches

CHANNELS = 64
DILATIONS = (1, 2, 4)
STATISTICS_MOMENTUM = 0.95


def network(*, n_classes: int, channels: int = CHANNELS) -> keras.Model:
    """Build a causal convolutional network with an output every four frames.

    Two convolutions halve the time, three with growing gaps between their weights look back; an output sees the last
    69 frames, 0.7 s, and nothing that comes later.

    Parameters
    ----------
    n_classes : int
        Words, and class 0 for everything else.
    channels : int
        Of each convolution.

    Returns
    -------
    keras.Model
        Not compiled. Input [shape=(streams, frames, 40)], output probabilities [shape=(streams, frames / 4, classes)].

    References
    ----------
    van den Oord et al. (2016), WaveNet: A generative model for raw audio (causal convolutions with growing gaps).
    Sainath & Parada (2015), Convolutional neural networks for small-footprint keyword spotting, Interspeech.

    Examples
    --------
    >>> model = network(n_classes=9)
    >>> model.count_params(), tuple(model(np.zeros((1, 100, 40))).shape)
    (72009, (1, 25, 9))
    """
    layers = keras.layers
    x = inputs = keras.Input((None, frontend.SETTINGS["n_mels"]))
    sizes = [(5, 2, 1), (5, 2, 1), *((3, 1, dilation) for dilation in DILATIONS)]
    for place, (size, strides, dilation) in enumerate(sizes):
        how = {"strides": strides, "dilation_rate": dilation, "padding": "causal", "use_bias": False}
        x = layers.Conv1D(positive_int(channels=channels), size, **how)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=STATISTICS_MOMENTUM)(x))
        x = layers.SpatialDropout1D(0.1)(x) if place else x
    x = layers.Softmax()(layers.Conv1D(n_classes, 1, padding="causal")(x))
    return keras.Model(inputs, x, name="keyword_network")


def learn(
    sources: Sequence[Digits],
    words: Sequence[int],
    *,
    recipe: Recipe,
    foreign: Digits | None = None,
    channels: int = CHANNELS,
    seed: int = 0,
    progress: bool = True,
) -> keras.Model:
    """Build a network and train it; show a bar that leaves one line.

    Parameters
    ----------
    sources : sequence of Digits
        Sets of clips; each fills an equal share of every batch.
    words : sequence of int
        Digits that the network shall name, in the order of its classes 1, 2, …
    recipe : Recipe
        Settings.
    foreign : Digits, optional
        Words that must not count.
    channels : int
        As for `network`.
    seed : int
        Of the weights, the streams and their variation.
    progress : bool
        Whether to show the bar.

    Returns
    -------
    keras.Model
        With averaged weights. Interrupting the kernel ends the training, not the notebook.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> few = load_digits("voices").where(digit=[1, 7])[::40]
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> model = learn([few], [1, 7], recipe=Recipe(steps=1, streams=2), progress=False)
    >>> model.output_shape
    (None, None, 3)
    """
    start = time.perf_counter()
    keras.utils.set_random_seed(seed)
    model = network(n_classes=1 + len(words), channels=channels)
    optimiser = _compile(model, recipe)
    shelves = [Shelf(digits, words, foreign if not place else None) for place, digits in enumerate(sources)]
    stream = batches(shelves, recipe=recipe, rng=np.random.default_rng(seed))
    bar, losses, ended = progress_bar(total=recipe.steps, unit="step", shown=progress), [], "steps"
    try:
        for _ in range(recipe.steps):
            x, y, weight = next(stream)
            losses.append(train_step(model, x, y, weight))
            bar.set_postfix_str(f"loss {losses[-1]:.3f}", refresh=False)
            bar.update()
    except KeyboardInterrupt:
        ended = f"of {recipe.steps} steps, then stopped,"
    optimiser.finalize_variable_values(model.trainable_variables)
    mean = np.mean(losses[-20:] or [np.nan])
    finish(bar, f"{len(losses)} {ended} in {time.perf_counter() - start:.0f} s: loss {mean:.3f}")
    return model


def _compile(model: keras.Model, recipe: Recipe) -> keras.optimizers.Optimizer:
    """Give the model the loss of every moment, and an optimiser that averages its weights."""
    warm_up = max(1, recipe.steps // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        1e-5, max(1, recipe.steps - warm_up), warmup_target=recipe.peak_rate, warmup_steps=warm_up
    )
    how = {"weight_decay": 0.01, "clipnorm": 5.0, "use_ema": True, "ema_momentum": recipe.average}
    optimiser = keras.optimizers.AdamW(rate, **how)
    model.compile(optimiser, loss="sparse_categorical_crossentropy", weighted_metrics=[])
    return optimiser
