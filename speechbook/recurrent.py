"""Recognisers of single words that read clips of any length: one convolution, a recurrent layer or none, a summary.

The layers are those of article A on frames (`models.article_a_frames`); what can be chosen is the cell, the direction,
whether padding is read, and how the steps are summed up. Taught in the chapter *Lengths and directions*.
"""

from __future__ import annotations

from speechbook._checks import positive_int
from speechbook._keras import keras

layers, ops = keras.layers, keras.ops

CELLS = {"lstm": layers.LSTM, "gru": layers.GRU, "none": None}
SUMMARIES = ("last", "mean", "max")


def word_network(
    *,
    n_features: int,
    cell: str = "lstm",
    bidirectional: bool = False,
    masked: bool = True,
    summary: str = "last",
    n_units: int = 64,
    n_classes: int = 10,
) -> keras.Model:
    """Build and compile a network for one word a clip, of any length.

    A frame whose features are all zero is taken for padding, as in batches of `features.batch`. With ``masked=True`` a
    clip gets the same output however many such frames follow it.

    Parameters
    ----------
    n_features : int
        Features of a frame.
    cell : {"lstm", "gru", "none"}
        The recurrent layer; ``"none"`` goes from the convolution straight to the summary.
    bidirectional : bool
        Whether half of the units read backwards.
    masked : bool
        Whether steps that see padding are left out.
    summary : {"last", "mean", "max"}
        What is made of the steps: the last state (of each direction), their mean or their maximum.
    n_units : int
        Units of the recurrent layer, both directions together.
    n_classes : int
        Words to tell apart.

    Returns
    -------
    keras.Model
        Input float32 [shape=(clips, frames, n_features)] with at least 4 frames; output [shape=(clips, n_classes)].

    Raises
    ------
    ValueError
        If a name is unknown, a size is no positive whole number, or the choices do not go together.

    References
    ----------
    Hochreiter & Schmidhuber (1997), Long short-term memory, Neural Computation 9(8). Cho et al. (2014), Learning phrase
    representations using RNN encoder-decoder for statistical machine translation, EMNLP. Schuster & Paliwal (1997),
    Bidirectional recurrent neural networks, IEEE Transactions on Signal Processing 45(11).

    Examples
    --------
    >>> word_network(n_features=13).count_params()
    40394
    >>> word_network(n_features=13, cell="none", summary="mean").count_params()
    7370
    """
    _check(cell=cell, bidirectional=bidirectional, summary=summary, n_units=positive_int(n_units=n_units))
    x = keras.Input((None, positive_int(n_features=n_features)))
    mask = real_steps(x) if masked else None
    h = layers.Conv1D(64, 3, activation="relu")(x)
    h = layers.MaxPooling1D(2)(h)
    if cell != "none":
        sequences = summary != "last"
        if bidirectional:
            h = layers.Bidirectional(CELLS[cell](n_units // 2, return_sequences=sequences))(h, mask=mask)
        else:
            h = CELLS[cell](n_units, return_sequences=sequences)(h, mask=mask)
    if summary == "mean":
        h = layers.GlobalAveragePooling1D()(h, mask=mask)
    elif summary == "max":
        h = ops.max(h if mask is None else ops.where(mask[..., None], h, -1e9), axis=1)
    h = layers.Dropout(0.5)(h)
    h = layers.Dense(64, activation="relu")(h)
    model = keras.Model(x, layers.Dense(positive_int(n_classes=n_classes), activation="softmax")(h), name="words")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def real_steps(x: keras.KerasTensor) -> keras.KerasTensor:
    """Say which steps after a convolution of 3 frames and pooling by 2 saw nothing but sound.

    Keras drops a mask at a convolution, so it is worked out anew: step j sees the frames 2j to 2j + 3.

    Parameters
    ----------
    x : tensor [shape=(clips, frames, n_features)]
        Frames; those of zeros only are padding.

    Returns
    -------
    tensor of bool [shape=(clips, (frames − 2) // 2)]

    Examples
    --------
    >>> import numpy as np
    >>> x = np.zeros((1, 12, 13), "float32")
    >>> x[0, :8] = 1
    >>> np.array(real_steps(x))
    array([[ True,  True,  True, False, False]])
    """
    return ops.any(ops.not_equal(x, 0), axis=-1)[:, 3::2]


def _check(*, cell: str, bidirectional: bool, summary: str, n_units: int) -> None:
    """Refuse names that are not known and choices that do not go together."""
    for name, value, known in (("cell", cell, tuple(CELLS)), ("summary", summary, SUMMARIES)):
        if value not in known:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, known))}, but is {value!r}")
    if cell == "none" and (bidirectional or summary == "last"):
        raise ValueError(
            "without a recurrent layer there is no direction and no last state: take bidirectional=False and summary "
            "'mean' or 'max', or another cell"
        )
    if bidirectional and n_units % 2:
        raise ValueError(f"two directions share n_units equally, so it must be even, but is {n_units}")
