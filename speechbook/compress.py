"""Make a trained network smaller: round its weights, take the smallest out, or replace a matrix by two thin ones.

Everything here is arithmetic on weights: arrays come in and go out, and ``model.set_weights`` puts them to use. Only
kernels change; biases and normalisations are few and stay as they are. Taught in the chapter *Small devices*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import positive_int
from speechbook._keras import keras
from speechbook._quantise import Quantised, kernel, quantise

__all__ = [
    "Quantised",
    "changed",
    "factored_size",
    "hold_zeros",
    "kernel_places",
    "low_rank",
    "masks",
    "pruned",
    "quantise",
    "rank_for",
    "rounded",
    "truncated",
]


def _share(**named: float) -> float:
    ((name, share),) = named.items()
    if not 0 <= share <= 1:
        raise ValueError(f"{name} must be a share from 0 to 1, but is {share!r}")
    return float(share)


def masks(kernels: Sequence[ArrayLike], *, share: float, together: bool = True) -> list[np.ndarray]:
    """Say which weights stay when those of least magnitude are taken out.

    Parameters
    ----------
    kernels : sequence of array_like
        All kernels of a network.
    share : float
        How many go, from 0 to 1.
    together : bool
        Whether all kernels are ranked as one, so that a kernel of small weights loses more; else each loses the share.

    Returns
    -------
    list of np.ndarray [dtype=bool]
        True for what stays, shaped as the kernels are.

    Raises
    ------
    ValueError
        If there are no kernels, or share is not from 0 to 1.

    References
    ----------
    Han, Pool, Tran & Dally (2015), Learning both weights and connections for efficient neural networks, NIPS.

    Examples
    --------
    >>> [mask.tolist() for mask in masks([[3.0, -0.1], [0.2, -4.0]], share=0.5)]
    [[True, False], [False, True]]
    """
    arrays = [np.abs(kernel(each)) for each in kernels]
    share = _share(share=share)
    if not arrays:
        raise ValueError("There are no kernels: give the network's arrays of weights as a list.")
    if not together:
        return [masks([array], share=share)[0] for array in arrays]
    magnitudes = np.concatenate([array.ravel() for array in arrays])
    stays = np.ones(len(magnitudes), bool)
    stays[np.argsort(magnitudes, kind="stable")[: round(share * len(magnitudes))]] = False
    parts = np.split(stays, np.cumsum([array.size for array in arrays])[:-1])
    return [part.reshape(array.shape) for part, array in zip(parts, arrays, strict=True)]


def low_rank(weights: ArrayLike, *, rank: int) -> tuple[np.ndarray, np.ndarray]:
    """Factor a kernel into two thin matrices, whose product is the nearest of that rank (least squares).

    Parameters
    ----------
    weights : array_like [shape=(…, outputs)]
        A kernel; all axes but the last are taken as one, the inputs.
    rank : int
        Of the product.

    Returns
    -------
    left : np.ndarray [shape=(inputs, rank), dtype=float32]
        First matrix: what the inputs are squeezed through.
    right : np.ndarray [shape=(rank, outputs), dtype=float32]
        Second matrix.

    Raises
    ------
    ValueError
        If the kernel has fewer than two axes, or the rank is larger than it can be.

    References
    ----------
    Eckart & Young (1936), The approximation of one matrix by another of lower rank, Psychometrika 1(3), 211–218.

    Examples
    --------
    >>> left, right = low_rank([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]], rank=1)
    >>> (left @ right).round(3).tolist()
    [[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]
    """
    array = kernel(weights)
    if array.ndim < 2:
        raise ValueError(f"a kernel has at least two axes, inputs and outputs; this one has the shape {array.shape}")
    matrix = array.reshape(-1, array.shape[-1])
    if positive_int(rank=rank) > min(matrix.shape):
        raise ValueError(f"a matrix of shape {matrix.shape} has a rank of at most {min(matrix.shape)}, not {rank}")
    u, s, v = np.linalg.svd(matrix, full_matrices=False)
    return u[:, :rank] * s[:rank], v[:rank]


def rank_for(shape: Sequence[int], *, share: float) -> int:
    """Give the largest rank at which two factors hold no more than a share of the kernel's weights.

    Parameters
    ----------
    shape : sequence of int
        Of the kernel, outputs last.
    share : float
        Of its weights.

    Returns
    -------
    int
        At least 1, and at most the full rank.

    Examples
    --------
    >>> rank_for((96, 144), share=0.5)
    28
    """
    inputs, outputs = int(np.prod(shape[:-1])), int(shape[-1])
    rank = int(_share(share=share) * inputs * outputs / (inputs + outputs))
    return min(max(rank, 1), inputs, outputs)


def factored_size(shape: Sequence[int], *, share: float) -> int:
    """Count the numbers of a kernel's two factors at the rank of `rank_for`; the kernel's own if these are fewer.

    Parameters
    ----------
    shape, share
        As for `rank_for`.

    Returns
    -------
    int

    Examples
    --------
    >>> factored_size((96, 144), share=0.5), factored_size((96, 1), share=0.5)
    (6720, 96)
    """
    inputs, outputs = int(np.prod(shape[:-1])), int(shape[-1])
    return min(rank_for(shape, share=share) * (inputs + outputs), inputs * outputs)


def kernel_places(model: keras.Model) -> list[int]:
    """Find the kernels among a model's weights.

    Parameters
    ----------
    model : keras.Model
        Built.

    Returns
    -------
    list of int
        Places in ``model.get_weights()`` of everything that multiplies inputs or a state.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.BatchNormalization()])
    >>> kernel_places(model)
    [0]
    """
    return [place for place, weight in enumerate(model.weights) if weight.path.endswith("kernel")]


def changed(
    model: keras.Model, weights: Sequence[np.ndarray], change: Callable[[np.ndarray], np.ndarray]
) -> list[np.ndarray]:
    """Apply a change to every kernel and leave all other weights alone.

    Parameters
    ----------
    model : keras.Model
        Whose weights they are; it is not changed.
    weights : sequence of np.ndarray
        As ``model.get_weights()`` gives them.
    change : callable
        From a kernel to another of the same shape.

    Returns
    -------
    list of np.ndarray
        As ``model.set_weights`` takes them.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    >>> bool(changed(model, model.get_weights(), np.zeros_like)[0].any())
    False
    """
    new = list(weights)
    for place in kernel_places(model):
        new[place] = np.asarray(change(weights[place]), np.float32).reshape(weights[place].shape)
    return new


def rounded(
    model: keras.Model, weights: Sequence[np.ndarray], *, bits: int, per_channel: bool = True
) -> list[np.ndarray]:
    """Round every kernel to a few levels.

    Parameters
    ----------
    model, weights
        As for `changed`.
    bits, per_channel
        As for `quantise`.

    Returns
    -------
    list of np.ndarray
        As ``model.set_weights`` takes them.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    >>> len(np.unique(rounded(model, model.get_weights(), bits=2, per_channel=False)[0])) <= 3
    True
    """
    return changed(model, weights, lambda kernel: quantise(kernel, bits=bits, per_channel=per_channel).values)


def pruned(
    model: keras.Model, weights: Sequence[np.ndarray], *, share: float, together: bool = True
) -> list[np.ndarray]:
    """Set the kernels' weights of least magnitude to zero.

    Parameters
    ----------
    model, weights
        As for `changed`.
    share, together
        As for `masks`.

    Returns
    -------
    list of np.ndarray
        As ``model.set_weights`` takes them.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    >>> int((pruned(model, model.get_weights(), share=0.25)[0] == 0).sum())
    3
    """
    places = kernel_places(model)
    stays = iter(masks([weights[place] for place in places], share=share, together=together))
    return changed(model, weights, lambda kernel: kernel * next(stays))


def truncated(model: keras.Model, weights: Sequence[np.ndarray], *, share: float) -> list[np.ndarray]:
    """Replace every kernel by the product of two thin matrices that hold a share of its weights.

    Parameters
    ----------
    model, weights
        As for `changed`.
    share : float
        Of the weights of each kernel; the rank follows by `rank_for`.

    Returns
    -------
    list of np.ndarray
        As ``model.set_weights`` takes them.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(30)])
    >>> int(np.linalg.matrix_rank(truncated(model, model.get_weights(), share=0.5)[0]))
    6
    """

    def thin(kernel: np.ndarray) -> np.ndarray:
        left, right = low_rank(kernel, rank=rank_for(kernel.shape, share=share))
        return left @ right

    return changed(model, weights, thin)


def hold_zeros(model: keras.Model) -> Callable[[], None]:
    """See to it that kernels' weights that are zero now stay so in training.

    Keras applies a weight's constraint after each step. A running average of the weights does not know of it; so call
    what is returned when the training is over.

    Parameters
    ----------
    model : keras.Model
        Pruned; it is changed.

    Returns
    -------
    callable
        Sets the same weights to zero once more, and lifts the constraint for the next ``model.compile``.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    >>> model.set_weights(pruned(model, model.get_weights(), share=0.5))
    >>> release = hold_zeros(model)
    >>> model.compile("sgd", "mse")
    >>> loss = model.train_on_batch(np.ones((2, 4)), np.ones((2, 3)))
    >>> release()
    >>> int((model.get_weights()[0] == 0).sum())
    6
    """
    held = {place: np.asarray(model.weights[place].numpy() != 0, np.float32) for place in kernel_places(model)}
    for place, mask in held.items():
        model.weights[place].constraint = lambda weight, mask=mask: weight * mask

    def release() -> None:
        for place, mask in held.items():
            model.weights[place].constraint = None
            model.weights[place].assign(model.weights[place] * mask)

    return release
