"""Forget who speaks: a layer that turns gradients round, and a recogniser that is taught with it.

A second branch tries to name the speaker from what the network has computed of a word. Its gradient comes back
reversed: the branch learns to find the speaker, and what feeds it learns to hide him. Taught in the chapter *Voices
differ*.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from speechbook._checks import positive_int
from speechbook._keras import keras
from speechbook._training_step import train_step

layers, ops = keras.layers, keras.ops

STEEPNESS = 10.0
"""How quickly the reversal sets in over the training."""
HIDDEN = 32
RATE = 3e-3


def reverse_gradient(x: object, strength: object) -> object:
    """Pass `x` on unchanged, and its gradient multiplied by ``-strength``.

    Parameters
    ----------
    x : tensor
        Anything of floating point.
    strength : float or tensor
        0 lets no gradient through; -1 is an ordinary branch.

    Returns
    -------
    tensor
        Equal to `x`, up to rounding.

    References
    ----------
    Ganin & Lempitsky (2015), Unsupervised domain adaptation by backpropagation, ICML, 1180–1189.

    Examples
    --------
    >>> import tensorflow as tf
    >>> x = tf.Variable([2.0, 3.0])
    >>> with tf.GradientTape() as tape:
    ...     y = reverse_gradient(x, 0.5)
    >>> y.numpy().tolist(), tape.gradient(y, x).numpy().tolist()
    ([2.0, 3.0], [-0.5, -0.5])
    """
    return ops.stop_gradient((1 + strength) * x) - strength * x


@keras.saving.register_keras_serializable("speechbook")
class GradientReversal(layers.Layer):
    """`reverse_gradient` as a layer, with a strength that may change while the network learns.

    Examples
    --------
    >>> layer = GradientReversal(strength=1.0)
    >>> float(layer(np.array([4.0]))[0])
    4.0
    """

    def __init__(self, *, strength: float = 0.0, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.strength = self.add_weight(
            shape=(), initializer=keras.initializers.Constant(strength), trainable=False, name="strength"
        )

    def call(self, x: object) -> object:
        """Pass on unchanged."""
        return reverse_gradient(x, self.strength)


def schedule(progress: float) -> float:
    """Give the share of the full strength after a share of the training: 0 at first, until there is something to hide.

    Parameters
    ----------
    progress : float
        0 at the beginning, 1 at the end.

    Returns
    -------
    float

    References
    ----------
    Ganin & Lempitsky (2015), section 4.

    Examples
    --------
    >>> [round(schedule(p), 2) for p in (0.0, 0.1, 0.5, 1.0)]
    [0.0, 0.46, 0.99, 1.0]
    """
    return float(2 / (1 + np.exp(-STEEPNESS * progress)) - 1)


def with_speaker_branch(model: keras.Model, *, n_speakers: int) -> keras.Model:
    """Give a recogniser a second output that names the speaker, behind a reversal of the gradient.

    Parameters
    ----------
    model : keras.Model
        Ends in dropout and a dense layer, as `noisy_words.recogniser`. Its layers are shared, not copied.
    n_speakers : int
        At least 2.

    Returns
    -------
    keras.Model
        Outputs: the digit [shape=(clips, digits)] and the speaker [shape=(clips, n_speakers)], probabilities; the
        layer ``"reversal"`` holds the strength.

    Raises
    ------
    ValueError
        If there are fewer than two speakers.

    Examples
    --------
    >>> from speechbook import noisy_words
    >>> with_speaker_branch(noisy_words.recogniser(), n_speakers=4).output_shape
    [(None, 10), (None, 4)]
    """
    if positive_int(n_speakers=n_speakers) < 2:
        raise ValueError(f"n_speakers must be at least 2, but is {n_speakers}: one speaker cannot be told apart.")
    embedding = embedding_of(model).output
    x = GradientReversal(name="reversal")(embedding)
    x = layers.Dense(HIDDEN, activation="relu")(x)
    speaker = layers.Dense(n_speakers, activation="softmax", name="speaker")(x)
    return keras.Model(model.inputs[0], [model.output, speaker], name="adversarial_recogniser")


def embedding_of(model: keras.Model) -> keras.Model:
    """Give the part of a recogniser that lies before its dropout and last layer.

    Examples
    --------
    >>> from speechbook import noisy_words
    >>> embedding_of(noisy_words.recogniser()).output_shape
    (None, 96)
    """
    return keras.Model(model.inputs[0], model.layers[-2].input)


def train(model: keras.Model, stream: Iterator[tuple], *, n_speakers: int, steps: int, strength: float) -> keras.Model:
    """Teach a recogniser digits while a branch looks for the speaker.

    Parameters
    ----------
    model : keras.Model
        As for `with_speaker_branch`; it learns.
    stream : iterator of (x, digit, speaker)
        Batches: pictures, and integers for both labels.
    n_speakers : int
        Speakers are numbered 0 … n_speakers - 1.
    steps : int
        Batches.
    strength : float
        Of the reversal, after a start from 0.

    Returns
    -------
    keras.Model
        With both outputs.

    Examples
    --------
    >>> from itertools import repeat
    >>> from speechbook import noisy_words
    >>> stream = repeat((np.zeros((4, 72, 40)), np.arange(4), np.arange(4) % 2))
    >>> both = train(noisy_words.recogniser(), stream, n_speakers=2, steps=1, strength=1.0)
    >>> float(both.get_layer("reversal").strength)
    0.0
    """
    both = with_speaker_branch(model, n_speakers=n_speakers)
    rate = keras.optimizers.schedules.CosineDecay(RATE, steps)
    both.compile(keras.optimizers.Adam(rate), ["sparse_categorical_crossentropy"] * 2)
    reversal = both.get_layer("reversal")
    for step in range(positive_int(steps=steps)):
        reversal.strength.assign(strength * schedule(step / steps))
        x, digit, speaker = next(stream)
        train_step(both, x, [digit, speaker])
    return both
