"""When a recogniser should rather say that it does not know."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def choose_threshold(probabilities: ArrayLike, y_true: ArrayLike, *, error_rate: float = 0.02) -> float:
    """Choose the probability below which a network should rather say that it does not know.

    Parameters
    ----------
    probabilities : array_like, shape (clips, classes)
        What the network gives for clips that it was neither trained nor will be tested on.
    y_true : array_like of int, shape (clips,)
        The right classes.
    error_rate : float
        Share of wrong answers that is accepted among those that it gives.

    Returns
    -------
    float
        The lowest threshold that keeps to it on these clips; with none, just above the surest error.

    Raises
    ------
    ValueError
        If the shapes do not fit or `error_rate` is not a share.

    References
    ----------
    Chow, C. K. (1970). On optimum recognition error and reject tradeoff. *IEEE Transactions on Information Theory*,
    16(1), 41–46.

    Examples
    --------
    >>> choose_threshold([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]], [0, 0, 1], error_rate=0.0)
    0.8
    """
    probabilities, y_true = np.asarray(probabilities, np.float64), np.asarray(y_true)
    if probabilities.ndim != 2 or y_true.shape != probabilities.shape[:1] or not y_true.size:
        raise ValueError(
            f"probabilities (clips, classes) and y_true (clips,) do not fit: {probabilities.shape} and {y_true.shape}"
        )
    if not 0 <= error_rate < 1:
        raise ValueError(f"error_rate must be a share from 0 to below 1, but is {error_rate!r}")
    sureness = probabilities.max(axis=1)
    order = np.argsort(-sureness, kind="stable")
    wrong = (probabilities.argmax(axis=1) != y_true)[order]
    kept = np.cumsum(wrong) <= error_rate * np.arange(1, len(order) + 1)
    last_of_equals = np.append(np.diff(sureness[order]) != 0, True)
    places = np.flatnonzero(kept & last_of_equals)
    if not places.size:
        return float(np.nextafter(sureness.max(), 2.0).clip(max=1.0))
    return float(sureness[order][places[-1]])
