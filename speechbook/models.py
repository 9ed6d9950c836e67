"""The networks of the two articles, of a well-known tutorial, and the book's own recogniser, as Keras builders.

A builder gives a compiled, untrained model and knows no corpus. The initial weights follow Keras's global seed: call
``keras.utils.set_random_seed`` before it to get the same ones again. Taught in the part *Code* of the book.
"""

from __future__ import annotations

from speechbook._checks import positive_int
from speechbook._keras import keras

layers = keras.layers

FEWEST_FRAMES = 4
"""A kernel of 3 leaves two of four frames, and pooling by 2 leaves one: fewer frames leave nothing."""

STATISTICS_MOMENTUM = 0.95
"""Of batch normalisation: a short training must not test with the statistics that it began with."""
FEWEST_TO_HALVE = 8
"""A picture that is halved twice in time, and three times in frequency, must leave moments to weigh and a band."""


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


def simple_audio(*, n_bins: int, n_frames: int, n_classes: int = 10) -> keras.Sequential:
    """Build the network of TensorFlow's tutorial on recognising keywords: a spectrogram, shrunk to a small picture.

    Layers and sizes are the tutorial's. Its layer of normalisation learns from data before the training: call
    ``model.get_layer("normalise").adapt(x)`` with the training pictures.

    Parameters
    ----------
    n_bins, n_frames : int
        Of the magnitude spectrogram.
    n_classes : int
        Words to tell apart.

    Returns
    -------
    keras.Sequential
        Input float32 [shape=(clips, n_frames, n_bins, 1)]; output [shape=(clips, n_classes)], scores before softmax.

    Raises
    ------
    ValueError
        If a size is not a positive whole number.

    References
    ----------
    TensorFlow authors (2020), Simple audio recognition: Recognizing keywords, tensorflow.org/tutorials/audio.

    Examples
    --------
    >>> simple_audio(n_bins=129, n_frames=63).count_params()
    1625869
    """
    sizes = positive_int(n_frames=n_frames), positive_int(n_bins=n_bins), 1
    return _compiled(
        [
            keras.Input(sizes),
            layers.Resizing(32, 32),
            layers.Normalization(name="normalise"),
            layers.Conv2D(32, 3, activation="relu"),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(positive_int(n_classes=n_classes)),
        ],
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        name="simple_audio",
    )


def digit_recogniser(
    *,
    n_frames: int | None = None,
    n_mels: int = 40,
    n_classes: int = 10,
    filters: tuple[int, ...] = (24, 36, 48, 72),
    band_filters: int = 128,
    units: int = 48,
    dropout: float = 0.3,
) -> keras.Model:
    """Build the book's recogniser of single words, which hears pictures of mel bands as `frontend.batch` makes them.

    Convolutions over time and frequency find what sounds look like; one that spans all that is left of the frequency
    axis turns them into features of a moment; a bidirectional GRU puts them in order; attention weighs the moments.
    Only layers that Keras brings, so that it can be exported.

    Parameters
    ----------
    n_frames : int, optional
        Frames of a clip, at least 8. None takes clips of any length (all of a batch equally long).
    n_mels : int
        Mel bands, at least 8.
    n_classes : int
        Words to tell apart; labels are 0 … n_classes − 1.
    filters : tuple of int
        Channels of the convolutions; the picture is halved in both directions after the first and the second.
    band_filters : int
        Features of a moment.
    units : int
        Of the GRU in each direction.
    dropout : float
        Share of the pooled features that is left out in training, and a third of it of the maps (whole maps).

    Returns
    -------
    keras.Model
        Input float32 [shape=(clips, n_frames, n_mels)]; output [shape=(clips, n_classes)], probabilities. The layer
        ``"embedding"`` gives what the last one decides on, [shape=(clips, 2 · units)].

    Raises
    ------
    ValueError
        If a size is not a whole number or too small.

    References
    ----------
    Cho et al. (2014), Learning phrase representations using RNN encoder–decoder, EMNLP, 1724–1734 (the GRU).
    Bahdanau, Cho & Bengio (2015), Neural machine translation by jointly learning to align and translate, ICLR.

    Examples
    --------
    >>> model = digit_recogniser(n_frames=100)
    >>> model.output_shape, model.count_params()
    ((None, 10), 154675)
    """
    sizes = _recogniser_sizes(n_frames, n_mels, n_classes)
    x = inputs = keras.Input(sizes)
    x = layers.Reshape((*(-1 if size is None else size for size in sizes), 1))(x)
    for place, channels in enumerate(filters):
        first = place == 0
        kernel, strides = ((5, 5), (1, 2)) if first else ((3, 3), (1, 1))
        x = layers.Conv2D(channels, kernel, strides=strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=STATISTICS_MOMENTUM)(x))
        if place < 2:
            x = layers.SpatialDropout2D(dropout / 3)(layers.MaxPooling2D((2, 2))(x))
    x = layers.Conv2D(band_filters, (1, x.shape[2]), use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=STATISTICS_MOMENTUM)(x))
    x = layers.Reshape((-1 if x.shape[1] is None else x.shape[1], band_filters))(x)
    x = layers.Bidirectional(layers.GRU(units, return_sequences=True))(x)
    weights = layers.Softmax(axis=1, name="attention")(layers.Dense(1, name="scores")(x))
    x = layers.Flatten(name="embedding")(layers.Dot(axes=1)([weights, x]))
    outputs = layers.Dense(n_classes, activation="softmax")(layers.Dropout(dropout)(x))
    model = keras.Model(inputs, outputs, name="digit_recogniser")
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _recogniser_sizes(n_frames: int | None, n_mels: int, n_classes: int) -> tuple[int | None, int]:
    """Check the sizes that a caller chose, and give the shape of one input."""
    for name, size in {"n_frames": n_frames, "n_mels": n_mels}.items():
        if size is not None and positive_int(**{name: size}) < FEWEST_TO_HALVE:
            raise ValueError(
                f"{name} must be at least {FEWEST_TO_HALVE}, but is {size}: the picture is halved several times"
            )
    if positive_int(n_classes=n_classes) < 2:
        raise ValueError(f"n_classes must be at least 2, but is {n_classes}: with one class there is nothing to decide")
    return n_frames, n_mels


def _article_a_body() -> list[keras.Layer]:
    """Give what lies between input and output in article A."""
    return [
        layers.Conv1D(filters=64, kernel_size=3, activation="relu"),
        layers.MaxPooling1D(pool_size=2),
        layers.LSTM(64),
        layers.Dropout(0.5),
        layers.Dense(64, activation="relu"),
    ]


def _compiled(stack: list, *, loss: str | keras.losses.Loss, name: str) -> keras.Sequential:
    """Stack layers and compile them as both articles and the tutorial do."""
    model = keras.Sequential(stack, name=name)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model
