"""Weights as whole numbers of few bits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import positive_int

FEWEST_BITS, MOST_BITS = 2, 16


class Quantised(NamedTuple):
    """Whole numbers, and the factors that bring them back.

    Attributes
    ----------
    levels : np.ndarray [dtype=int32]
        Whole numbers from −(2^(bits − 1) − 1) to 2^(bits − 1) − 1, shaped as the weights were.
    scales : np.ndarray [shape=(outputs,) or (1,), dtype=float32]
        One factor for each of the last axis, or one for all.
    """

    levels: np.ndarray
    scales: np.ndarray

    @property
    def values(self) -> np.ndarray:
        """The weights as the network will see them [dtype=float32]."""
        return self.levels.astype(np.float32) * self.scales


def kernel(weights: ArrayLike) -> np.ndarray:
    """Return weights as float32, or say why they cannot be used."""
    array = np.asarray(weights, np.float32)
    if array.ndim == 0 or array.size == 0 or not np.isfinite(array).all():
        raise ValueError(f"weights must be an array of finite numbers, but is {weights!r:.60}")
    return array


def quantise(weights: ArrayLike, *, bits: int, per_channel: bool = True) -> Quantised:
    """Round weights to a few evenly spaced levels, as many below zero as above.

    Parameters
    ----------
    weights : array_like [shape=(…, outputs)]
        A kernel.
    bits : int
        Of each whole number, 2 to 16. With b bits there are 2^b − 1 levels.
    per_channel : bool
        Whether each of the last axis has a scale of its own.

    Returns
    -------
    Quantised
        ``values`` differ from the weights by half a scale at most.

    Raises
    ------
    ValueError
        If weights are not finite numbers, or bits is not a whole number from 2 to 16.

    References
    ----------
    Krishnamoorthi (2018), Quantizing deep convolutional networks for efficient inference, arXiv:1806.08342.

    Examples
    --------
    >>> rounded = quantise([[0.7, 2.0], [-0.2, 14.0]], bits=4)
    >>> rounded.levels.tolist(), rounded.scales.round(3).tolist()
    ([[7, 1], [-2, 7]], [0.10000000149011612, 2.0])
    """
    array = kernel(weights)
    if not FEWEST_BITS <= positive_int(bits=bits) <= MOST_BITS:
        raise ValueError(f"bits must be from {FEWEST_BITS} to {MOST_BITS}, but is {bits}: one bit has no zero")
    largest = np.abs(array.reshape(-1, array.shape[-1] if per_channel else 1)).max(axis=0)
    top = 2 ** (bits - 1) - 1
    scales = np.where(largest > 0, largest / top, 1).astype(np.float32)
    return Quantised(np.rint(array / scales).astype(np.int32), scales)
