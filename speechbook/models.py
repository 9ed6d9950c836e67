"""The networks of the two articles, and the first one put right, as Keras builders.

A builder gives a compiled, untrained model and knows no corpus. The initial weights follow Keras's global seed: call
``keras.utils.set_random_seed`` before it to get the same ones again. Taught in the part *Code* of the book.
"""

from __future__ import annotations

from speechbook._checks import positive_int
from speechbook._keras import keras

layers = keras.layers

FEWEST_FRAMES = 4
"""A kernel of 3 leaves two of four frames, and pooling by 2 leaves one: fewer frames leave nothing."""


def article_a() -> keras.Sequential:
    """Build article A's network as printed: 13 numbers a clip in, one number between 0 and 1 out.

    Layers, sizes, optimiser, loss and metric are the article's. The shape of the input is given by `keras.Input`, where
    the article passes ``input_shape=`` to the first layer: the same network without Keras's warning.

    Returns
    -------
    keras.Sequential
        Input float32 [shape=(clips, 13, 1)]; output [shape=(clips, 1)], the probability of "yes". 37,505 parameters.

    Examples
    --------
    >>> article_a().count_params()
    37505
    """
    return _compiled(
        [keras.Input((13, 1)), *_article_a_body(), layers.Dense(1, activation="sigmoid")],
        loss="binary_crossentropy",
        name="article_a",
    )


def article_a_frames(*, n_frames: int, n_features: int, n_classes: int = 10) -> keras.Sequential:
    """Build article A's layers as a recogniser of single words: frames as time steps, one output a word.

    Three things differ from `article_a`: the shape of the input, the last layer (softmax over the words) and the loss
    (categorical cross-entropy, for labels that are integers).

    Parameters
    ----------
    n_frames : int
        Time steps; at least 4, because convolution and pooling must leave one for the LSTM.
    n_features : int
        Features of a frame, such as 13 cepstral coefficients.
    n_classes : int
        Words to tell apart; labels are 0 … n_classes − 1.

    Returns
    -------
    keras.Sequential
        Input float32 [shape=(clips, n_frames, n_features)]; output [shape=(clips, n_classes)], probabilities.

    Raises
    ------
    ValueError
        If a size is not a whole number or too small.

    Examples
    --------
    >>> article_a_frames(n_frames=100, n_features=13).count_params()
    40394

    The parameters do not depend on the number of frames:

    >>> article_a_frames(n_frames=64, n_features=13).count_params()
    40394
    """
    n_frames, n_features = positive_int(n_frames=n_frames), positive_int(n_features=n_features)
    if n_frames < FEWEST_FRAMES:
        raise ValueError(
            f"n_frames must be at least {FEWEST_FRAMES}, but is {n_frames}: "
            f"after a kernel of 3 and pooling by 2 nothing would be left for the LSTM"
        )
    if positive_int(n_classes=n_classes) < 2:
        raise ValueError(f"n_classes must be at least 2, but is {n_classes}: with one class there is nothing to decide")
    return _compiled(
        [keras.Input((n_frames, n_features)), *_article_a_body(), layers.Dense(n_classes, activation="softmax")],
        loss="sparse_categorical_crossentropy",
        name="article_a_frames",
    )


def article_b() -> keras.Sequential:
    """Build article B's network: a picture of 28 × 28 in, ten probabilities out.

    The layers are the article's. Its loss, ``categorical_crossentropy``, fits one-hot labels, but the article trains on
    integers and stops with an error; of the two repairs this one keeps the labels and takes
    ``sparse_categorical_crossentropy``.

    Returns
    -------
    keras.Sequential
        Input float32 [shape=(clips, 28, 28, 1)]; output [shape=(clips, 10)]. 1,199,882 parameters.

    Examples
    --------
    >>> article_b().count_params()
    1199882
    """
    return _compiled(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, (3, 3), activation="relu"),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ],
        loss="sparse_categorical_crossentropy",
        name="article_b",
    )


def _article_a_body() -> list[keras.Layer]:
    """Give what lies between input and output in article A."""
    return [
        layers.Conv1D(filters=64, kernel_size=3, activation="relu"),
        layers.MaxPooling1D(pool_size=2),
        layers.LSTM(64),
        layers.Dropout(0.5),
        layers.Dense(64, activation="relu"),
    ]


def _compiled(stack: list, *, loss: str, name: str) -> keras.Sequential:
    """Stack layers and compile them as both articles do."""
    model = keras.Sequential(stack, name=name)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model
