"""New words from a few examples: each becomes the mean direction of its examples' embeddings, and the nearest wins.

What a trained network computes right before its last layer, its embedding, is similar for clips that say the same, also
where the word is one that it was never taught. The same steps run in the reader's browser; taught on the page *Teach it
your voice*.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from speechbook import frontend
from speechbook._checks import real_array
from speechbook._keras import keras

UNKNOWN = -1
"""What `predict` gives for a clip that is too far from every word."""

MAX_DISTANCE = 0.18
"""Cosine distance beyond which a clip is none of the words; how it was chosen is told at `few_shot.LIMITS`."""

CLIPS_AT_ONCE = 256


def embed(model: keras.Model, clips: Sequence[ArrayLike], *, sample_rate: int, n_frames: int = 100) -> np.ndarray:
    """Compute what a network's last dense layer is told of each clip.

    Parameters
    ----------
    model : keras.Model
        Takes the front end's pictures, with a dense layer at the end; see `models.digit_recogniser`.
    clips : sequence of array_like [shape=(samples,)]
        Mono clips.
    sample_rate : int
        In Hz.
    n_frames : int
        Frames of the pictures.

    Returns
    -------
    np.ndarray [shape=(clips, size), dtype=float32]

    Raises
    ------
    ValueError
        If a clip cannot be used, or the model does not end in a dense layer.

    Examples
    --------
    >>> from speechbook import models
    >>> model = models.digit_recogniser(filters=(4, 4), band_filters=8, units=4)
    >>> embed(model, [np.ones(4000), np.ones(8000)], sample_rate=8000).shape
    (2, 8)
    """
    last = model.layers[-1]
    if not isinstance(last, keras.layers.Dense):
        raise ValueError(f"the model must end in a dense layer, but ends in {type(last).__name__}")
    inside = keras.Model(model.inputs[0], last.input)
    x = frontend.batch(clips, sample_rate=sample_rate, n_frames=n_frames)
    parts = [inside(x[start : start + CLIPS_AT_ONCE], training=False) for start in range(0, len(x), CLIPS_AT_ONCE)]
    return np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])


def prototypes(embeddings: ArrayLike, labels: ArrayLike) -> np.ndarray:
    """Give each word one direction: the mean of its examples, each scaled to length 1 first.

    Parameters
    ----------
    embeddings : array_like [shape=(examples, size)]
        Of all examples of all words.
    labels : array_like of int [shape=(examples,)]
        The words: 0 … words − 1, each at least once.

    Returns
    -------
    np.ndarray [shape=(words, size), dtype=float64]
        Of length 1 (0 where the examples cancel out).

    Raises
    ------
    ValueError
        If the shapes do not fit or a word has no example.

    References
    ----------
    Snell, Swersky & Zemel (2017), Prototypical networks for few-shot learning, NeurIPS 30, 4077–4087.

    Examples
    --------
    >>> prototypes([[2.0, 0.0], [0.0, 3.0], [0.0, 1.0]], [0, 1, 1]).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    x, labels = _rows(embeddings), np.asarray(labels)
    if labels.shape != x.shape[:1] or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"labels must be {len(x)} whole numbers, one an example; got {labels!r:.80}")
    missing = set(range(labels.max() + 1)) - set(labels.tolist())
    if labels.min() < 0 or missing:
        raise ValueError(f"words must be numbered from 0 without a gap; {sorted(missing) or labels.min()} does not fit")
    return _unit([x[labels == word].mean(axis=0) for word in range(labels.max() + 1)])


def distances(embeddings: ArrayLike, words: ArrayLike) -> np.ndarray:
    """Measure how far clips are from words: 1 minus the cosine of the angle between them.

    Parameters
    ----------
    embeddings : array_like [shape=(clips, size)]
        Of the clips.
    words : array_like [shape=(words, size)]
        As `prototypes` gives them.

    Returns
    -------
    np.ndarray [shape=(clips, words), dtype=float64]
        0 for the same direction, 1 for a right angle or an embedding of length 0, 2 for the opposite.

    Raises
    ------
    ValueError
        If the sizes differ.

    Examples
    --------
    >>> distances([[3.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]).tolist()
    [[0.0, 1.0]]
    """
    x, words = _rows(embeddings), _unit(words)
    if x.shape[1] != words.shape[1]:
        raise ValueError(f"embeddings have {x.shape[1]} numbers each, but words have {words.shape[1]}")
    return 1 - x @ words.T


def predict(embeddings: ArrayLike, words: ArrayLike, *, max_distance: float | None = None) -> np.ndarray:
    """Name the nearest word of each clip, or none.

    Parameters
    ----------
    embeddings, words
        As for `distances`.
    max_distance : float, optional
        Beyond it a clip is none of the words; default is to name one always.

    Returns
    -------
    np.ndarray [shape=(clips,), dtype=int]
        Numbers of words; -1 (`UNKNOWN`) for none.

    Raises
    ------
    ValueError
        As for `distances`, or if `max_distance` is negative.

    Examples
    --------
    >>> predict([[3.0, 0.1], [1.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]], max_distance=0.2).tolist()
    [0, -1]
    """
    if max_distance is not None and not max_distance >= 0:
        raise ValueError(f"max_distance must not be negative, but is {max_distance!r}")
    far = distances(embeddings, words)
    nearest = far.argmin(axis=1)
    if max_distance is None:
        return nearest
    return np.where(far.min(axis=1) <= max_distance, nearest, UNKNOWN)


def _rows(embeddings: ArrayLike) -> np.ndarray:
    """Embeddings of length 1."""
    x = real_array(embeddings=embeddings)
    if x.ndim != 2 or not x.size:
        raise ValueError(f"embeddings must have the shape (clips, size), but have {x.shape}")
    return _unit(x)


def _unit(x: ArrayLike) -> np.ndarray:
    x = np.asarray(x, np.float64)
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return np.divide(x, length, out=np.zeros_like(x), where=length > 0)
