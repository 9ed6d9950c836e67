"""A large network teaches a small one: its probabilities, softened, are targets beside the labels.

Taught in the chapter *Small devices*; `recipe.train` takes a `Teacher`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from speechbook._keras import keras

ops = keras.ops
TINY = 1e-7


def soften(probabilities: ArrayLike, *, temperature: float) -> np.ndarray:
    """Give the probabilities that a softmax would have given had its scores been divided by a temperature.

    Parameters
    ----------
    probabilities : array_like [shape=(…, classes)]
        Of a softmax.
    temperature : float
        Above 1 makes them more equal, below 1 less.

    Returns
    -------
    np.ndarray [shape=(…, classes), dtype=float64]

    Raises
    ------
    ValueError
        If the temperature is not above 0.

    References
    ----------
    Hinton, Vinyals & Dean (2015), Distilling the knowledge in a neural network, arXiv:1503.02531.

    Examples
    --------
    >>> soften([0.9, 0.09, 0.01], temperature=2).round(2).tolist()
    [0.7, 0.22, 0.07]
    """
    logs = np.log(np.maximum(np.asarray(probabilities, float), TINY)) / _checked(temperature)
    powers = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _checked(temperature: float) -> float:
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0, but is {temperature!r}")
    return float(temperature)


class Teacher:
    """A trained network that says, beside the label, how likely it finds every other answer.

    The loss is ``(1 − share) · H(label, p) + share · T² · H(teacher at T, p at T)`` with the cross-entropy H, the
    student's probabilities p and the temperature T. The factor T² keeps the second part's gradient as large as the
    first one's.

    Parameters
    ----------
    model : keras.Model
        Takes what the student takes and gives probabilities of the same classes; it is not changed.
    temperature : float
        T, above 0.
    share : float
        Weight of the teacher's word against the label's, from 0 to 1.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Hinton, Vinyals & Dean (2015), Distilling the knowledge in a neural network, arXiv:1503.02531.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    >>> teacher = Teacher(model, temperature=2, share=0.5)
    >>> print(teacher.targets(np.zeros((1, 4)), np.eye(3)[[1]]).round(2))
    [[0.   1.   0.   0.33 0.33 0.33]]
    """

    def __init__(self, model: keras.Model, *, temperature: float = 2.0, share: float = 0.7) -> None:
        if not 0 <= share <= 1:
            raise ValueError(f"share must be from 0 to 1, but is {share!r}")
        self.model, self.temperature, self.share = model, _checked(temperature), float(share)

    def targets(self, x: ArrayLike, labels: ArrayLike) -> np.ndarray:
        """Put the teacher's softened answers beside the labels.

        Parameters
        ----------
        x : array_like [shape=(clips, …)]
            Inputs of a batch.
        labels : array_like [shape=(clips, classes)]
            One-hot rows.

        Returns
        -------
        np.ndarray [shape=(clips, 2 · classes), dtype=float32]
        """
        answers = ops.convert_to_numpy(self.model.predict_on_batch(np.asarray(x, np.float32)))
        return np.concatenate([labels, soften(answers, temperature=self.temperature)], axis=1).astype(np.float32)

    def loss(self, label_smoothing: float = 0.0) -> Callable[[object, object], object]:
        """Give the student's loss, a function of such targets and of the student's probabilities.

        Parameters
        ----------
        label_smoothing : float
            Of the labels' part, as in Keras.

        Returns
        -------
        callable
            As ``model.compile`` takes it.
        """
        hard = keras.losses.CategoricalCrossentropy(label_smoothing=label_smoothing, reduction=None)

        def loss(targets: object, p: object) -> object:
            labels, soft = ops.split(targets, 2, axis=-1)
            own = ops.log_softmax(ops.log(ops.maximum(p, TINY)) / self.temperature, axis=-1)
            taught = -ops.sum(soft * own, axis=-1)
            return (1 - self.share) * hard(labels, p) + self.share * self.temperature**2 * taught

        return loss
