"""The layers of networks that read recordings of any length; `speechbook.sequence_models` trains them.

Taught in the chapter *A recogniser that writes text*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from speechbook._checks import positive_int
from speechbook._keras import keras

layers = keras.layers

CHANNELS = (64, 96, 128)
MAPS = (16, 32, 48)
"""Sizes of the convolutions over time alone, and of those over time and frequency."""

DROPOUT = 0.1


class Head(NamedTuple):
    """One way to write what was heard.

    Attributes
    ----------
    n_classes : int
        Symbols and the blank, which is class 0.
    outputs_per_step : int
        Outputs for every four frames: 1 suffices for words, letters need 2.
    """

    n_classes: int
    outputs_per_step: int = 1


def ctc_network(
    heads: Mapping[str, Head], *, n_bands: int = 40, channels: Sequence[int] = CHANNELS, maps: Sequence[int] = ()
) -> keras.Model:
    """Build a convolutional recurrent network with one or more CTC heads.

    Convolutions over time read all bands at once, or first those over time and frequency look for pieces of sounds; the
    first two halve the time. A bidirectional GRU reads the result; each head is a dense layer. A head with two outputs
    per step computes both at once, and lays them out one after the other.

    Parameters
    ----------
    heads : mapping of str to Head
        Name and size of each head.
    n_bands : int
        Bands of a picture.
    channels : sequence of int
        Channels of the convolutions over time, at least two.
    maps : sequence of int
        Maps of convolutions over time and frequency, at least two; each halves the bands. Of `channels` the last one
        follows then.

    Returns
    -------
    keras.Model
        Not compiled. Input float32 [shape=(clips, frames, n_bands)]; outputs a dict of scores (before softmax), each
        [shape=(clips, ceil(frames / 4) · outputs_per_step, n_classes)].

    References
    ----------
    Sainath, Vinyals, Senior & Sak (2015), Convolutional, long short-term memory, fully connected deep neural networks,
    ICASSP, 4580–4584. Amodei et al. (2016), Deep Speech 2, ICML, 173–182.

    Examples
    --------
    >>> import numpy as np
    >>> network = ctc_network({"words": Head(11), "letters": Head(17, 2)})
    >>> scores = network(np.zeros((1, 98, 40)))
    >>> {name: tuple(values.shape) for name, values in scores.items()}
    {'words': (1, 25, 11), 'letters': (1, 50, 17)}
    """
    if not heads:
        raise ValueError("ctc_network needs at least one head, such as {'words': Head(11)}")
    x = inputs = keras.Input((None, positive_int(n_bands=n_bands)))
    if maps:
        x = _pieces_of_sound(x, maps)
        x = _normalised(layers.Conv1D(channels[-1], 3, padding="same", use_bias=False)(x))
    else:
        for number, n_channels in enumerate(channels):
            strides = 2 if number < 2 else 1
            x = _normalised(layers.Conv1D(n_channels, 5, strides=strides, padding="same", use_bias=False)(x))
    x = layers.Bidirectional(layers.GRU(48, return_sequences=True))(x)
    x = layers.Dropout(2 * DROPOUT)(x) if maps else x
    return keras.Model(inputs, {name: _head(x, name, *head) for name, head in heads.items()}, name="ctc_network")


def keras_example(
    *, n_bins: int, n_classes: int, filters: int = 32, units: int = 512, n_recurrent: int = 5
) -> keras.Model:
    """Build the network of Keras's example of CTC, which is modelled on Deep Speech 2.

    Two convolutions over time and frequency, bidirectional GRUs one upon the other, a dense layer, and letters.
    Layers, kernels and dropout are the example's; smaller numbers than its own make it smaller. The softmax at its end
    is left to the loss.

    Parameters
    ----------
    n_bins : int
        Bins of the magnitude spectrogram.
    n_classes : int
        Symbols and the blank.
    filters : int
        Maps of each convolution.
    units : int
        Of each GRU in each direction.
    n_recurrent : int
        How many there are.

    Returns
    -------
    keras.Model
        Not compiled. Input float32 [shape=(clips, frames, n_bins)]; output a dict with ``"letters"``, scores
        [shape=(clips, ceil(frames / 2), n_classes)].

    Raises
    ------
    ValueError
        If a size is not a positive whole number.

    References
    ----------
    Bouadjenek & Huynh (2021), Automatic speech recognition using CTC, keras.io/examples. Amodei et al. (2016), Deep
    Speech 2, ICML, 173–182.

    Examples
    --------
    >>> keras_example(n_bins=193, n_classes=32).count_params()
    26628480
    """
    sizes = {"filters": filters, "units": units, "n_recurrent": n_recurrent, "n_classes": n_classes}
    filters, units, n_recurrent, n_classes = (positive_int(**{name: size}) for name, size in sizes.items())
    x = inputs = keras.Input((None, positive_int(n_bins=n_bins)))
    x = layers.Reshape((-1, n_bins, 1))(x)
    for kernel, strides in (((11, 41), (2, 2)), ((11, 21), (1, 2))):
        x = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Reshape((-1, x.shape[2] * x.shape[3]))(x)
    for number in range(n_recurrent):
        x = layers.Dropout(0.5)(x) if number else x
        x = layers.Bidirectional(layers.GRU(units, return_sequences=True))(x)
    x = layers.Dropout(0.5)(layers.Dense(2 * units, activation="relu")(x))
    scores = layers.Dense(n_classes, name="letters")(x)
    return keras.Model(inputs, {"letters": scores}, name="keras_example")


def _pieces_of_sound(x, maps: Sequence[int]):
    """Convolve over time and frequency; maps and what is left of the bands become features of a moment."""
    x = layers.Reshape((-1, x.shape[2], 1))(x)
    for number, n_maps in enumerate(maps):
        kernel, strides = (3 if number else 5), (2 if number < 2 else 1, 2)
        x = _normalised(layers.Conv2D(n_maps, kernel, strides=strides, padding="same", use_bias=False)(x))
        x = layers.SpatialDropout2D(DROPOUT)(x) if number else x
    return layers.Reshape((-1, x.shape[2] * x.shape[3]))(x)


def _normalised(x):
    return layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))


def _head(x, name: str, n_classes: int, outputs_per_step: int):
    scores = layers.Dense(outputs_per_step * n_classes, name=f"{name}_scores")(x)
    return layers.Reshape((-1, n_classes), name=name)(scores)
