"""Learning from speech without labels: hide a stretch of a picture, and let a network guess it from the rest.

An encoder turns pictures of mel bands into a vector for every four frames. It is trained to fill in what was hidden,
for which nobody has to say what was said; then a classifier is put upon it and tuned on the few clips that have labels.
Taught in the chapter *Little data*.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import positive_int, real_array
from speechbook._keras import keras
from speechbook._rng import generator
from speechbook._training_step import train_step

layers, ops = keras.layers, keras.ops

N_FRAMES = 64
FRAMES_A_VECTOR = 4
"""The encoder halves the time axis twice."""
HIDDEN = 0.0
"""What hidden frames hold: half way between the floor and the loudest point of a clip."""
SPAN = 10
"""Frames of a hidden stretch, a tenth of a second: longer than most frames' neighbours could tell."""
SHARE = 0.4
STATISTICS_MOMENTUM = 0.95


def encoder(
    *, n_frames: int = N_FRAMES, n_mels: int = 40, filters: tuple[int, ...] = (16, 24, 48), units: int = 64
) -> keras.Model:
    """Build a small convolutional network from pictures to a vector for every four frames.

    Parameters
    ----------
    n_frames : int
        Frames of a picture, a multiple of 4.
    n_mels : int
        Mel bands.
    filters : tuple of int
        Channels of the convolutions over time and frequency; the first two halve both axes, the others frequency only.
    units : int
        Size of a vector. Two convolutions over time let each vector know its neighbours, four on either side.

    Returns
    -------
    keras.Model
        Input float32 [shape=(clips, n_frames, n_mels)]; output [shape=(clips, n_frames / 4, units)].

    Raises
    ------
    ValueError
        If `n_frames` is not a multiple of 4.

    Examples
    --------
    >>> encoder().output_shape
    (None, 16, 64)
    """
    if positive_int(n_frames=n_frames) % FRAMES_A_VECTOR:
        raise ValueError(f"n_frames must be a multiple of {FRAMES_A_VECTOR}, but is {n_frames}")
    x = inputs = keras.Input((n_frames, positive_int(n_mels=n_mels)))
    x = layers.Reshape((n_frames, n_mels, 1))(x)
    for place, channels in enumerate(filters):
        strides, kernel = ((2, 2), 5 if place == 0 else 3) if place < 2 else ((1, 2), 3)
        x = _settled(layers.Conv2D(channels, kernel, strides=strides, padding="same", use_bias=False)(x))
    x = layers.Reshape((n_frames // FRAMES_A_VECTOR, x.shape[2] * x.shape[3]))(x)
    for kernel in (1, 5, 5):
        x = _settled(layers.Conv1D(units, kernel, padding="same", use_bias=False)(x))
    return keras.Model(inputs, x, name="encoder")


def _settled(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.ReLU()(layers.BatchNormalization(momentum=STATISTICS_MOMENTUM)(x))


def classifier(trunk: keras.Model, *, n_classes: int, dropout: float = 0.3) -> keras.Model:
    """Put a classifier upon an encoder, whose layers it shares: the mean over time, then one dense layer.

    Parameters
    ----------
    trunk : keras.Model
        Such as `encoder` gives.
    n_classes : int
        Labels are 0 … n_classes − 1.
    dropout : float
        Share of the means that is left out in training.

    Returns
    -------
    keras.Model
        Output: probabilities [shape=(clips, n_classes)].

    Examples
    --------
    >>> classifier(encoder(), n_classes=10).output_shape
    (None, 10)
    """
    x = layers.Dropout(dropout)(layers.GlobalAveragePooling1D(name="mean")(trunk.output))
    outputs = layers.Dense(n_classes, activation="softmax")(x)
    return keras.Model(trunk.inputs[0], outputs, name="classifier")


def guesser(trunk: keras.Model) -> keras.Model:
    """Put a linear layer upon an encoder that makes frames of its vectors again, four of each.

    Parameters
    ----------
    trunk : keras.Model
        Such as `encoder` gives; its layers are shared.

    Returns
    -------
    keras.Model
        From pictures to pictures, both [shape=(clips, n_frames, n_mels)].

    Examples
    --------
    >>> guesser(encoder()).output_shape
    (None, 64, 40)
    """
    _, n_frames, n_mels = trunk.input_shape
    x = layers.Dense(FRAMES_A_VECTOR * n_mels, name="guess")(trunk.output)
    return keras.Model(trunk.inputs[0], layers.Reshape((n_frames, n_mels))(x), name="guesser")


def hide(
    x: ArrayLike,
    lengths: ArrayLike,
    *,
    share: float = SHARE,
    span: int = SPAN,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Hide stretches of pictures, so that about a share of each clip's own frames is gone.

    Parameters
    ----------
    x : array_like [shape=(clips, frames, bands)]
        Pictures.
    lengths : array_like of int [shape=(clips,)]
        Frames before each clip's end; what follows is never hidden.
    share : float
        Of the frames, between 0 and 1; stretches may overlap, so that a little less is hidden. At least one stretch is.
    span : int
        Frames of a stretch.
    rng : np.random.Generator
        Chooses where.

    Returns
    -------
    seen : np.ndarray [shape=(clips, frames, bands), dtype=float32]
        The pictures with 0 in all bands of the hidden frames.
    hidden : np.ndarray of bool [shape=(clips, frames)]

    Raises
    ------
    ValueError
        If the shapes do not fit, or the share is not between 0 and 1.

    References
    ----------
    Liu, Yang, Chi, Hsu & Lee (2020), Mockingjay: Unsupervised speech representation learning with deep bidirectional
    transformer encoders, ICASSP, 6419–6423.

    Examples
    --------
    >>> seen, hidden = hide(np.ones((1, 64, 40)), [40], share=0.2, span=8, rng=np.random.default_rng(0))
    >>> int(hidden.sum()), seen[hidden].max().item(), bool(hidden[0, 40:].any())
    (8, 0.0, False)
    """
    x, lengths, rng = real_array(x=x), np.asarray(lengths), generator(rng)
    if x.ndim != 3 or lengths.shape != x.shape[:1] or not 0 < share < 1:
        raise ValueError(
            f"hide takes pictures (clips, frames, bands), one length a clip and a share between 0 and 1; "
            f"got {x.shape}, {lengths.shape} and {share}"
        )
    stretches = np.maximum(1, np.round(share * lengths / positive_int(span=span))).astype(int)
    first = rng.random((len(x), stretches.max())) * np.maximum(1, lengths - span + 1)[:, None]
    first = np.where(np.arange(stretches.max()) < stretches[:, None], first.astype(int), -span)
    frames = np.arange(x.shape[1])
    hidden = ((frames >= first[:, :, None]) & (frames < first[:, :, None] + span)).any(axis=1)
    hidden &= frames < lengths[:, None]
    return np.where(hidden[:, :, None], np.float32(HIDDEN), x).astype(np.float32), hidden


def pretrain(
    trunk: keras.Model,
    draw: Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray]],
    *,
    steps: int,
    peak_rate: float = 3e-3,
    seed: int = 0,
) -> tuple[keras.Model, np.ndarray]:
    """Train an encoder to fill in what was hidden: the mean absolute error of the hidden frames is the loss.

    Parameters
    ----------
    trunk : keras.Model
        Such as `encoder` gives; it is trained.
    draw : callable
        From a random generator to a batch: pictures [shape=(clips, frames, bands)] and lengths [shape=(clips,)].
    steps : int
        Batches.
    peak_rate : float
        Of Adam; it falls along half a cosine.
    seed : int
        Of batches and hidden stretches.

    Returns
    -------
    guesser : keras.Model
        Fills in pictures.
    loss : np.ndarray [shape=(steps,)]

    Examples
    --------
    >>> x = np.random.default_rng(0).uniform(-1, 1, (8, 16, 8))
    >>> trunk = encoder(n_frames=16, n_mels=8, filters=(4, 4), units=8)
    >>> model, loss = pretrain(trunk, lambda rng: (x, np.full(8, 16)), steps=2)
    >>> model.output_shape, loss.shape
    ((None, 16, 8), (2,))
    """
    rng = np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    model = guesser(trunk)
    model.compile(keras.optimizers.Adam(peak_rate), loss="mean_absolute_error")
    losses = []
    for step in range(positive_int(steps=steps)):
        model.optimizer.learning_rate.assign(peak_rate * cosine(step, steps))
        x, lengths = draw(rng)
        seen, hidden = hide(x, lengths, rng=rng)
        weights = (hidden / max(hidden.mean(), 1e-9)).astype(np.float32)
        losses.append(train_step(model, seen, x.astype(np.float32), weights))
    return model, np.array(losses)


def cosine(step: int, steps: int) -> float:
    """Give the share of the peak rate at a step: a short way up, then half a cosine down.

    Examples
    --------
    >>> cosine(0, 100), cosine(10, 100), round(cosine(55, 100), 3), round(cosine(99, 100), 3)
    (0.1, 1.0, 0.5, 0.0)
    """
    warm_up = max(1, steps // 10)
    done = max(0, step - warm_up) / max(1, steps - warm_up)
    return min((step + 1) / warm_up, 0.5 + 0.5 * math.cos(math.pi * done))
