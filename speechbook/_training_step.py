"""One training step of a Keras model that TensorFlow traces once, not twice."""

from __future__ import annotations

import numpy as np

from speechbook._keras import keras


def prepare(model: keras.Model, x: object, y: object, sample_weight: object = None) -> None:
    """Let a compiled model make the variables of its optimiser, loss and metrics before it learns.

    Where the first training step makes some, TensorFlow traces that step a second time, which takes seconds. What is
    learnt stays the same, bit for bit.

    Parameters
    ----------
    model : keras.Model
        Built and compiled; nothing is done to one that has learnt since.
    x, y, sample_weight : array_like, or list of such
        Data as ``model.train_on_batch`` takes them; only the first example of each is looked at.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> model.compile("adam", "mse", metrics=["mae"])
    >>> prepare(model, np.zeros((4, 3)), np.zeros((4, 2)))
    >>> model.optimizer.built
    True
    """
    if model.train_function is not None:
        return
    model.optimizer.build(model.trainable_variables)
    x, y, weight = keras.tree.map_structure(_first, (x, y, sample_weight))
    given = model(x, training=False)
    model.compute_loss(x, y, given, weight)
    model.compute_metrics(x, y, given, weight)
    model.reset_metrics()


def _first(each: object) -> np.ndarray | None:
    return None if each is None else np.asarray(each)[:1]


def train_step(model: keras.Model, x: object, y: object, sample_weight: object = None) -> float:
    """Let a model learn from one batch.

    Parameters
    ----------
    model : keras.Model
        Built and compiled.
    x, y, sample_weight : array_like, or list of such
        Data as ``model.train_on_batch`` takes them.

    Returns
    -------
    float
        The loss of the batch.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, kernel_initializer="zeros")])
    >>> model.compile("sgd", "mse")
    >>> train_step(model, np.ones((4, 3)), np.ones((4, 2)))
    1.0
    """
    prepare(model, x, y, sample_weight)
    return float(np.ravel(model.train_on_batch(x, y, sample_weight))[0])
