"""A small conditional GAN that draws pictures of spoken digits, and ways to look at what it draws.

The generator turns chance and a digit into a picture of mel bands; the discriminator says whether a picture of that
digit is real. Beside the training: how near the drawn pictures come to what was learnt by heart, and how they sound.
Taught in the chapter *Voices differ*.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import librosa
import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist

from speechbook import frontend
from speechbook._checks import positive_int, real_array
from speechbook._keras import keras
from speechbook._progress import finish, progress_bar
from speechbook.mel import mel_filterbank

# isort: split
import tensorflow as tf  # after Keras, which keeps its start-up log quiet

layers, ops = keras.layers, keras.ops

N_FRAMES, N_MELS, N_DIGITS = 72, frontend.SETTINGS["n_mels"], 10
CHANCE = 32
"""Random numbers that the generator is given for each picture."""
BATCH_SIZE = 32
RATES = {"generator": 1e-3, "discriminator": 8e-4}
MOMENTS = {"beta_1": 0.5, "beta_2": 0.99}


def generator() -> keras.Model:
    """Build the network that draws: chance and a digit in, a picture out.

    Returns
    -------
    keras.Model
        Inputs float32 [shape=(pictures, 32)], standard normal, and one-hot digits [shape=(pictures, 10)]; output
        [shape=(pictures, 72, 40)] between -1 and 1.

    References
    ----------
    Radford, Metz & Chintala (2016), Unsupervised representation learning with deep convolutional generative
    adversarial networks, ICLR.

    Examples
    --------
    >>> generator().output_shape
    (None, 72, 40)
    """
    chance, digit = keras.Input((CHANCE,)), keras.Input((N_DIGITS,))
    x = layers.Dense(9 * 5 * 48)(layers.Concatenate()([chance, digit]))
    x = layers.Reshape((9, 5, 48))(layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x)))
    for channels in (32, 16):
        x = layers.Conv2DTranspose(channels, 4, strides=2, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh")(x)
    return keras.Model([chance, digit], layers.Reshape((N_FRAMES, N_MELS))(x), name="generator")


def discriminator() -> keras.Model:
    """Build the network that judges: a picture and a digit in, a score out, positive for "real, and this digit".

    Returns
    -------
    keras.Model
        Inputs float32 [shape=(pictures, 72, 40)] and one-hot digits [shape=(pictures, 10)]; output
        [shape=(pictures, 1)].

    References
    ----------
    Miyato & Koyama (2018), cGANs with projection discriminator, ICLR.

    Examples
    --------
    >>> discriminator().output_shape
    (None, 1)
    """
    picture, digit = keras.Input((N_FRAMES, N_MELS)), keras.Input((N_DIGITS,))
    x = layers.Reshape((N_FRAMES, N_MELS, 1))(picture)
    for channels in (16, 32, 48):
        x = layers.LeakyReLU(0.2)(layers.Conv2D(channels, 4, strides=2, padding="same")(x))
        x = layers.SpatialDropout2D(0.1)(x)
    x = layers.LeakyReLU(0.2)(layers.Dense(64)(layers.Flatten()(x)))
    agreement = layers.Dot(axes=1)([x, layers.Dense(64, use_bias=False)(digit)])
    return keras.Model([picture, digit], layers.Add()([layers.Dense(1)(x), agreement]), name="discriminator")


def losses(real: object, drawn: object) -> tuple[object, object]:
    """Give the losses of discriminator and generator for scores of real and of drawn pictures.

    Parameters
    ----------
    real, drawn : tensor [shape=(pictures, 1)]
        The discriminator's scores, as logits.

    Returns
    -------
    of_discriminator, of_generator : tensor
        Mean cross-entropies: the discriminator shall call real pictures real and drawn ones drawn; the generator wants
        drawn ones to be called real.

    References
    ----------
    Goodfellow et al. (2014), Generative adversarial nets, NeurIPS 27, 2672–2680.

    Examples
    --------
    >>> of_discriminator, of_generator = losses(np.zeros((2, 1)), np.zeros((2, 1)))
    >>> print(f"{float(of_discriminator):.4f} {float(of_generator):.4f}")
    1.3863 0.6931
    """
    real, drawn = ops.convert_to_tensor(real), ops.convert_to_tensor(drawn)
    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(drawn)), ops.mean(ops.softplus(-drawn))


class Gan(NamedTuple):
    """A trained pair, and how its losses went [shape=(steps, 2)]: discriminator, generator."""

    draws: keras.Model
    judges: keras.Model
    losses: np.ndarray


def train(x: ArrayLike, digit: ArrayLike, *, steps: int, seed: int = 0, progress: bool = False) -> Gan:
    """Train generator and discriminator in turns.

    Parameters
    ----------
    x : array_like [shape=(clips, 72, 40)]
        Real pictures between -1 and 1.
    digit : array_like of int [shape=(clips,)]
        What is said in them.
    steps : int
        Batches of 32 for each of the two.
    seed : int
        Of weights, batches and chance.
    progress : bool
        Whether to show a bar that leaves one line.

    Returns
    -------
    Gan

    Raises
    ------
    ValueError
        If pictures and digits do not fit.

    Examples
    --------
    >>> gan = train(np.zeros((8, 72, 40)), np.arange(8), steps=1)
    >>> gan.losses.shape
    (1, 2)
    """
    x, digit = _checked(x, digit)
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    draws, judges = generator(), discriminator()
    step = _step(draws, judges)
    went = []
    bar = progress_bar(total=positive_int(steps=steps), unit="step", shown=progress)
    for _ in range(steps):
        rows = rng.integers(0, len(x), BATCH_SIZE)
        chance = rng.standard_normal((2, BATCH_SIZE, CHANCE)).astype(np.float32)
        went.append([float(value) for value in step(x[rows], np.eye(N_DIGITS, dtype=np.float32)[digit[rows]], chance)])
        bar.update()
    finish(bar, f"{steps} steps of {BATCH_SIZE} pictures for each network")
    return Gan(draws, judges, np.array(went))


def _step(draws: keras.Model, judges: keras.Model) -> Callable[[np.ndarray, np.ndarray, np.ndarray], tuple]:
    """Compile one step of the training: first the discriminator's, then the generator's."""
    generator_learns, discriminator_learns = (
        keras.optimizers.Adam(RATES[model.name], **MOMENTS) for model in (draws, judges)
    )

    @tf.function(reduce_retracing=True)
    def step(x: tf.Tensor, digit: tf.Tensor, chance: tf.Tensor) -> tuple:
        with tf.GradientTape() as tape:
            drawn = draws([chance[0], digit], training=True)
            scores = judges([tf.concat([x, drawn], 0), tf.concat([digit, digit], 0)], training=True)
            of_discriminator = losses(*tf.split(scores, 2))[0]
        weights = judges.trainable_variables
        discriminator_learns.apply(tape.gradient(of_discriminator, weights), weights)
        with tf.GradientTape() as tape:
            scores = judges([draws([chance[1], digit], training=True), digit], training=True)
            of_generator = losses(scores, scores)[1]
        weights = draws.trainable_variables
        generator_learns.apply(tape.gradient(of_generator, weights), weights)
        return of_discriminator, of_generator

    generator_learns.build(draws.trainable_variables)
    discriminator_learns.build(judges.trainable_variables)
    return step


def draw(model: keras.Model, digit: ArrayLike, *, rng: np.random.Generator) -> np.ndarray:
    """Let a generator draw.

    Parameters
    ----------
    model : keras.Model
        As `generator` builds it.
    digit : array_like of int [shape=(pictures,)]
        What is to be said.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(pictures, 72, 40), dtype=float32]

    Examples
    --------
    >>> draw(generator(), [3, 3, 7], rng=np.random.default_rng(0)).shape
    (3, 72, 40)
    """
    digit = np.asarray(digit)
    chance = rng.standard_normal((len(digit), CHANCE)).astype(np.float32)
    return ops.convert_to_numpy(model([chance, np.eye(N_DIGITS, dtype=np.float32)[digit]], training=False))


def nearest(x: ArrayLike, known: ArrayLike) -> np.ndarray:
    """Measure how far each picture is from the most similar of others.

    Parameters
    ----------
    x : array_like [shape=(pictures, frames, bands)]
        To be looked at.
    known : array_like [shape=(others, frames, bands)]
        To be compared with.

    Returns
    -------
    np.ndarray [shape=(pictures,), dtype=float64]
        Root mean square of the difference; 0 for a copy.

    Examples
    --------
    >>> nearest(np.zeros((1, 2, 2)), [np.ones((2, 2)), 3 * np.ones((2, 2))]).tolist()
    [1.0]
    """
    x, known = (real_array(pictures=part).reshape(len(part), -1) for part in (x, known))
    return cdist(x, known).min(axis=1) / np.sqrt(x.shape[1])


def to_sound(picture: ArrayLike, *, rounds: int = 32) -> np.ndarray:
    """Let a picture be heard: undo decibels and mel bands, and guess the phases.

    Parameters
    ----------
    picture : array_like [shape=(frames, 40)]
        Between -1 and 1, as `frontend.scale` makes it. The level and whatever lay below the floor are gone for good.
    rounds : int
        Of Griffin's and Lim's guess.

    Returns
    -------
    np.ndarray [shape=(samples,), dtype=float32]
        At 8 kHz, with a peak of 0.5.

    Raises
    ------
    ValueError
        If it is not one picture of 40 bands.

    References
    ----------
    Griffin & Lim (1984), Signal estimation from modified short-time Fourier transform, IEEE TASSP 32(2), 236–243.

    Examples
    --------
    >>> to_sound(np.zeros((20, 40))).shape
    (1520,)
    """
    picture = real_array(picture=picture)
    if picture.ndim != 2 or picture.shape[1] != N_MELS:
        raise ValueError(f"to_sound takes one picture [shape=(frames, {N_MELS})]; got {picture.shape}.")
    how = {name: frontend.SETTINGS[name] for name in ("sample_rate", "n_fft", "n_mels", "fmin", "fmax")}
    bank = mel_filterbank(**how)
    power = np.where(picture > frontend.FLOOR, 10 ** ((picture - 1) * frontend.SETTINGS["range_db"] / 20), 0)
    spread = bank / np.maximum((bank**2).sum(axis=1, keepdims=True), 1e-12)
    magnitude = np.sqrt(np.maximum(power @ spread, 0)).T
    frames = {name: frontend.SETTINGS[name] for name in ("n_fft", "win_length", "hop_length")}
    y = librosa.griffinlim(magnitude, n_iter=rounds, random_state=0, **frames)
    return (y * frontend.SETTINGS["peak"] / max(np.abs(y).max(), 1e-9)).astype(np.float32)


def _checked(x: ArrayLike, digit: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    x, digit = real_array(x=x).astype(np.float32), np.asarray(digit)
    if x.shape[1:] != (N_FRAMES, N_MELS) or not len(x):
        raise ValueError(f"x must be pictures of the shape (clips, {N_FRAMES}, {N_MELS}); got {x.shape}.")
    if digit.shape != x.shape[:1] or not np.issubdtype(digit.dtype, np.integer) or not np.isin(digit, range(10)).all():
        raise ValueError(f"digit must be {len(x)} whole numbers from 0 to 9, one a clip; got {digit!r:.80}.")
    return x, digit
