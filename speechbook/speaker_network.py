"""A network that turns a clip into the direction of its voice, trained to tell many voices apart.

Frames see some tens of milliseconds around them, then mean and standard deviation over the clip sum them up, and a
dense layer gives the embedding (an x-vector). The voices it was trained on are thrown away with the last layer; two
clips are compared by the cosine between their embeddings. Taught in the chapter *Who is speaking?*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from speechbook import augment, frontend
from speechbook._checks import positive_int
from speechbook._keras import keras
from speechbook.digits import Digits
from speechbook.recipe import Recipe
from speechbook.variations import Variation

layers, ops = keras.layers, keras.ops

SPEEDS = (0.87, 1.0, 1.15)
"""Each voice played slower or faster, pitch and all, counts as one more voice in training."""

RECIPE = Recipe(
    steps=350,
    batch_size=48,
    peak_rate=4e-3,
    label_smoothing=0.0,
    average=0.97,
    variation=Variation(
        **{"tract": 0.0, "pitch": 0.0, "tempo": 0.25, "accent": 0.0, "rhythm": 0.15, "contrast": 0.1},
        **{"channel_db": 1.5, "telephone": 0.0, "room": 0.2, "babble": 0.0, "trim": 0.3},
    ),
)
"""What is no voice is varied: tempo, microphone, room, noise."""

VARIANCE_FLOOR = 1e-4
SHARPNESS = 10.0
"""Factor of the cosines before the softmax: by themselves they lie too near to each other."""


@dataclass(frozen=True)
class Voices:
    """Clips labelled by who speaks, as `recipe.train` takes them: its ``digit`` is the number of the voice.

    Attributes
    ----------
    clips : list of np.ndarray
        Mono clips.
    digit : np.ndarray of int
        Number of the voice of each clip, from 0.
    sample_rate : int
        In Hz.
    """

    clips: list[np.ndarray]
    digit: np.ndarray
    sample_rate: int


def many_voices(digits: Digits, *, speeds: Sequence[float] = SPEEDS) -> Voices:
    """Make more voices of few: every speaker at every speed is a voice of its own.

    Parameters
    ----------
    digits : corpora.Digits
        Clips of the speakers to learn from.
    speeds : sequence of float
        Factors; a voice at 1.15 is faster, and its pitch and formants are 15 % higher.

    Returns
    -------
    Voices
        With as many numbers as speakers times speeds.

    Raises
    ------
    ValueError
        If a factor is not positive.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> voices = many_voices(load_digits("voices")[::100], speeds=(1.0, 1.2))
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> len(voices.clips), int(voices.digit.max())
    (42, 41)
    """
    number = np.searchsorted(digits.speakers, digits.speaker)
    clips = [y if s == 1 else augment.change_speed(y, factor=s) for s in speeds for y in digits.clips]
    labels = [number + place * len(digits.speakers) for place in range(len(speeds))]
    return Voices(clips, np.concatenate(labels), digits.sample_rate)


def voice_network(*, n_voices: int, channels: int = 64, size: int = 64) -> keras.Model:
    """Build an x-vector network for the front end's pictures.

    Parameters
    ----------
    n_voices : int
        Voices to tell apart in training.
    channels : int
        Of the convolutions over time.
    size : int
        Numbers of an embedding.

    Returns
    -------
    keras.Model
        Input float32 [shape=(clips, frames, 40)] of any length; frames at the floor throughout are no part of the
        statistics. Output [shape=(clips, n_voices)], probabilities. What the last layer is told, of length 1, is the
        embedding, so that `prototypes.embed` gives it.

    Raises
    ------
    ValueError
        If a size is no positive whole number.

    References
    ----------
    Snyder et al. (2018), X-vectors: Robust DNN embeddings for speaker recognition, ICASSP, 5329–5333.

    Examples
    --------
    >>> voice_network(n_voices=84).count_params()
    69312
    """
    channels, size = positive_int(channels=channels), positive_int(size=size)
    x = h = keras.Input((None, frontend.SETTINGS["n_mels"]))
    heard = ops.any(ops.greater(x, frontend.FLOOR), axis=-1, keepdims=True)
    for width, dilation in ((5, 1), (3, 2), (3, 3)):
        h = layers.Conv1D(channels, width, dilation_rate=dilation, padding="same", use_bias=False)(h)
        h = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(h))
    h = layers.Conv1D(2 * channels, 1, activation="relu")(h)
    h = layers.BatchNormalization(momentum=0.95)(statistics(h, heard))
    h = layers.UnitNormalization()(layers.Dense(size)(h))
    named = layers.Dense(positive_int(n_voices=n_voices), use_bias=False, activation=_sharp_softmax)(h)
    return keras.Model(x, named, name="voices")


def _sharp_softmax(scores):
    return ops.softmax(SHARPNESS * scores)


def statistics(h: ArrayLike, heard: ArrayLike):
    """Sum up the moments of a clip by mean and standard deviation of each channel.

    Parameters
    ----------
    h : tensor [shape=(clips, frames, channels)]
        Moments.
    heard : tensor of bool [shape=(clips, frames, 1)]
        Which moments count.

    Returns
    -------
    tensor [shape=(clips, 2 · channels)]

    Examples
    --------
    >>> h = np.array([[[1.0], [3.0], [9.0]]], "float32")
    >>> np.array(statistics(h, np.array([[[True], [True], [False]]]))).round(2).tolist()
    [[2.0, 1.0]]
    """
    weight = ops.cast(heard, h.dtype)
    total = ops.maximum(ops.sum(weight, axis=1), 1.0)
    mean = ops.sum(weight * h, axis=1) / total
    square = ops.sum(weight * ops.square(h - mean[:, None, :]), axis=1) / total
    return ops.concatenate([mean, ops.sqrt(square + VARIANCE_FLOOR)], axis=-1)
