"""Get to know one speaker: move his average spectrum, or let the last layer of a network learn a few of his words.

The first needs any few clips of the new speaker, the second needs to know what they say. Taught in the chapter *Voices
differ*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from speechbook import frontend
from speechbook._checks import real_array

PULL = 1.0
"""Strength of the bond to the weights that were trained: as if each had a normal prior of variance 1 around them."""


def mean_spectrum(x: ArrayLike) -> np.ndarray:
    """Average pictures over all frames in which there is anything above the floor.

    Parameters
    ----------
    x : array_like [shape=(clips, frames, bands)]
        Pictures as the front end makes them.

    Returns
    -------
    np.ndarray [shape=(bands,), dtype=float64]

    Raises
    ------
    ValueError
        If all pictures are silent.

    Examples
    --------
    >>> mean_spectrum([[[1.0, 0.0], [0.0, -1.0], [-1.0, -1.0]]]).tolist()
    [0.5, -0.5]
    """
    x = real_array(x=x)
    spoken = x[(x > frontend.FLOOR).any(axis=-1)]
    if not len(spoken):
        raise ValueError("there is no sound in these pictures, so they have no average spectrum; pass other clips.")
    return spoken.mean(axis=0, dtype=np.float64)


def match_spectrum(x: ArrayLike, *, own: ArrayLike, reference: ArrayLike) -> np.ndarray:
    """Move pictures from a speaker's average spectrum to that of others: mean normalisation over a speaker.

    Parameters
    ----------
    x : array_like [shape=(clips, frames, bands)]
        Pictures of one speaker.
    own, reference : array_like [shape=(bands,)]
        His `mean_spectrum`, and the one to move to.

    Returns
    -------
    np.ndarray [shape=(clips, frames, bands), dtype=float32]
        Between -1 and 1; what lay at the floor stays there.

    References
    ----------
    Viikki & Laurila (1998), Cepstral domain segmental feature vector normalization for noise robust speech recognition,
    Speech Communication 25, 133–147.

    Examples
    --------
    >>> match_spectrum([[[0.5, -1.0]]], own=[0.5, 0.0], reference=[0.0, 0.5]).tolist()
    [[[0.0, -1.0]]]
    """
    x = real_array(x=x)
    moved = np.clip(x + (np.asarray(reference) - np.asarray(own)), frontend.FLOOR, 1)
    return np.where(x > frontend.FLOOR, moved, frontend.FLOOR).astype(np.float32)


def tune_last_layer(
    kernel: ArrayLike, bias: ArrayLike, embeddings: ArrayLike, labels: ArrayLike, *, pull: float = PULL
) -> tuple[np.ndarray, np.ndarray]:
    """Fine-tune a softmax layer on a few examples, with a bond to the weights that it had.

    The sum of the cross-entropies plus half of `pull` times the squared distance from the old weights is as small as it
    can be. This cost has one minimum: no learning rate and no number of steps have to be chosen.

    Parameters
    ----------
    kernel : array_like [shape=(size, classes)]
    bias : array_like [shape=(classes,)]
        The trained layer.
    embeddings : array_like [shape=(examples, size)]
        What the layer is told of the examples.
    labels : array_like of int [shape=(examples,)]
        What they say.
    pull : float
        Larger values keep more of the old layer.

    Returns
    -------
    kernel, bias : np.ndarray
        Of the same shapes.

    Raises
    ------
    ValueError
        If shapes do not fit or `pull` is not positive.

    References
    ----------
    Chelba & Acero (2006), Adaptation of maximum entropy capitalizer: Little data can help a lot, Computer Speech and
    Language 20(4), 382–399 (a prior around weights that were trained elsewhere).

    Examples
    --------
    >>> kernel, bias = tune_last_layer(np.zeros((1, 2)), np.zeros(2), [[1.0], [-1.0]], [0, 1])
    >>> bool(kernel[0, 0] > 0 > kernel[0, 1])
    True
    """
    start = np.vstack([real_array(kernel=kernel), real_array(bias=bias)]).astype(np.float64)
    inputs = np.column_stack([embeddings, np.ones(len(embeddings))])
    labels = np.asarray(labels)
    if inputs.shape[1] != len(start) or labels.shape != (len(inputs),):
        raise ValueError(
            f"embeddings {inputs[:, :-1].shape}, labels {labels.shape} and a kernel of {start[:-1].shape} do not fit."
        )
    if not pull > 0:
        raise ValueError(f"pull must be positive, or a few examples decide everything; got {pull}.")
    targets = np.eye(start.shape[1])[labels]

    def cost(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(start.shape)
        scores, moved = inputs @ weights, weights - start
        gradient = inputs.T @ (softmax(scores, axis=1) - targets) + pull * moved
        return -(targets * log_softmax(scores, axis=1)).sum() + pull / 2 * (moved**2).sum(), gradient.ravel()

    found = minimize(cost, start.ravel(), jac=True, method="L-BFGS-B").x.reshape(start.shape)
    return found[:-1], found[-1]
