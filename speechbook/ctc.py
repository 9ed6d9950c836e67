"""Connectionist temporal classification (CTC): the probability of a sequence, summed over all its alignments.

Throughout, ``log_probs`` has the shape (frames, classes): natural logarithms of probabilities that sum to 1 in every
frame, for one utterance. One class is the blank. A path names one class for every frame; a path is read by merging
repeats and then dropping blanks (Graves, Fernández, Gomez & Schmidhuber, 2006).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp


def check_scores(log_probs: ArrayLike, blank: int) -> np.ndarray:
    """Return an array [shape=(frames, classes), dtype=float64] without NaN that has the blank, or raise ValueError."""
    log_probs = np.asarray(log_probs, np.float64)
    if log_probs.ndim != 2 or 0 in log_probs.shape or np.isnan(log_probs).any():
        raise ValueError(
            f"log_probs must have the shape (frames, classes), of one utterance and without NaN; got {log_probs.shape}"
        )
    if not 0 <= blank < log_probs.shape[1]:
        raise ValueError(f"blank must be one of the {log_probs.shape[1]} classes, but is {blank}")
    return log_probs


def check_log_probs(log_probs: ArrayLike, blank: int) -> np.ndarray:
    """Return what `check_scores` returns, if every frame holds logarithms of probabilities that sum to 1."""
    log_probs = check_scores(log_probs, blank)
    if np.abs(logsumexp(log_probs, axis=1)).max() > 1e-3:
        raise ValueError(
            "log_probs must be logarithms of probabilities that sum to 1 in every frame: take np.log of a softmax "
            "output, or scipy.special.log_softmax(logits, axis=-1)"
        )
    return log_probs


def check_labels(labels: Sequence[int], n_classes: int, blank: int) -> np.ndarray:
    """Return labels [shape=(n,), dtype=int] that are classes other than the blank, or raise ValueError."""
    labels = np.asarray(labels)
    if labels.size == 0:
        return np.zeros(0, int)
    if labels.ndim != 1 or labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= n_classes:
        raise ValueError(f"labels must be integers from 0 to {n_classes - 1} in one row, but are {labels.tolist()}")
    if blank in labels:
        raise ValueError(f"labels must not hold the blank ({blank}), but are {labels.tolist()}: cut off any padding")
    return labels


def ctc_collapse(path: Iterable[int], *, blank: int = 0) -> list[int]:
    """Read a path: merge repeats, then drop blanks.

    Parameters
    ----------
    path : iterable of int
        One class a frame.
    blank : int
        Class of the blank.

    Returns
    -------
    list of int
        The labels.

    Examples
    --------
    >>> ctc_collapse([1, 1, 0, 1, 2, 2])
    [1, 1, 2]
    """
    path = [int(label) for label in path]
    return [label for before, label in zip([None, *path], path, strict=False) if label != before and label != blank]


def _states(labels: np.ndarray, blank: int) -> tuple[np.ndarray, np.ndarray]:
    """Put a blank around every label; say which states can be entered from two before (never over a repeat)."""
    states = np.full(2 * len(labels) + 1, blank)
    states[1::2] = labels
    can_skip = np.zeros(len(states), bool)
    can_skip[3::2] = labels[1:] != labels[:-1]
    return states, can_skip


def _arrivals(previous: np.ndarray, can_skip: np.ndarray) -> np.ndarray:
    """Stack the scores of arriving in every state by staying, by one step and by a skip [shape=(3, states)]."""
    padded = np.concatenate([[-np.inf, -np.inf], previous])
    return np.stack([previous, padded[1:-1], np.where(can_skip, padded[:-2], -np.inf)])


def _start(emissions: np.ndarray) -> np.ndarray:
    lattice = np.full(emissions.shape, -np.inf)
    lattice[0, :2] = emissions[0, :2]
    return lattice


def ctc_forward(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> np.ndarray:
    """Fill the lattice of forward log-probabilities.

    Parameters
    ----------
    log_probs : array_like [shape=(frames, classes)]
        Log-probabilities of one utterance.
    labels : sequence of int
        What was said, n labels without blanks.
    blank : int
        Class of the blank.

    Returns
    -------
    np.ndarray [shape=(frames, 2 n + 1), dtype=float64]
        Entry (t, s): log-probability of all beginnings of paths that end in frame t at state s. The states are blank,
        first label, blank, second label, …, blank.

    Raises
    ------
    ValueError
        If log_probs are not logarithms of probabilities, or a label is not one of the classes.

    References
    ----------
    Graves, Fernández, Gomez & Schmidhuber (2006), Connectionist temporal classification, ICML, 369–376.

    Examples
    --------
    >>> np.exp(ctc_forward(np.log([[0.5, 0.5], [0.5, 0.5]]), [1]))
    array([[0.5 , 0.5 , 0.  ],
           [0.25, 0.5 , 0.25]])
    """
    log_probs = check_log_probs(log_probs, blank)
    states, can_skip = _states(check_labels(labels, log_probs.shape[1], blank), blank)
    emissions = log_probs[:, states]
    forward = _start(emissions)
    for t in range(1, len(emissions)):
        forward[t] = emissions[t] + np.logaddexp.reduce(_arrivals(forward[t - 1], can_skip))
    return forward


def ctc_backward(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> np.ndarray:
    """Fill the lattice of backward log-probabilities: the forward lattice of everything reversed.

    Parameters
    ----------
    log_probs : array_like [shape=(frames, classes)]
        Log-probabilities of one utterance.
    labels : sequence of int
        What was said, n labels without blanks.
    blank : int
        Class of the blank.

    Returns
    -------
    np.ndarray [shape=(frames, 2 n + 1), dtype=float64]
        Entry (t, s): log-probability of all ends of paths that are at state s in frame t, that frame included.

    Raises
    ------
    ValueError
        As in `ctc_forward`.

    Examples
    --------
    >>> np.exp(ctc_backward(np.log([[0.5, 0.5], [0.5, 0.5]]), [1]))
    array([[0.25, 0.5 , 0.25],
           [0.  , 0.5 , 0.5 ]])
    """
    return ctc_forward(np.asarray(log_probs)[::-1], np.asarray(labels)[::-1], blank=blank)[::-1, ::-1]


def ctc_log_likelihood(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> float:
    """Sum the probability of all paths that spell the labels; the CTC loss is its negative.

    Parameters
    ----------
    log_probs : array_like [shape=(frames, classes)]
        Log-probabilities of one utterance.
    labels : sequence of int
        What was said, without blanks; may be empty.
    blank : int
        Class of the blank.

    Returns
    -------
    float
        In nats; −inf if there are fewer frames than labels and repeats need.

    Raises
    ------
    ValueError
        As in `ctc_forward`.

    Examples
    --------
    >>> print(f"{np.exp(ctc_log_likelihood(np.log([[0.5, 0.5], [0.5, 0.5]]), [1])):.2f}")
    0.75
    """
    return float(np.logaddexp.reduce(ctc_forward(log_probs, labels, blank=blank)[-1, -2:]))


def ctc_posteriors(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> np.ndarray:
    """Tell for every frame how likely each class is there, given that the labels were said.

    Parameters
    ----------
    log_probs : array_like [shape=(frames, classes)]
        Log-probabilities of one utterance.
    labels : sequence of int
        What was said, without blanks.
    blank : int
        Class of the blank.

    Returns
    -------
    np.ndarray [shape=(frames, classes), dtype=float64]
        Probabilities; every row sums to 1.

    Raises
    ------
    ValueError
        As in `ctc_forward`, or if no path spells the labels.

    Examples
    --------
    >>> ctc_posteriors(np.log([[0.5, 0.5], [0.5, 0.5]]), [1]).round(3)
    array([[0.333, 0.667],
           [0.333, 0.667]])
    """
    log_probs = check_log_probs(log_probs, blank)
    labels = check_labels(labels, log_probs.shape[1], blank)
    states, _ = _states(labels, blank)
    forward, backward = (lattice(log_probs, labels, blank=blank) for lattice in (ctc_forward, ctc_backward))
    total = _require_path(np.logaddexp.reduce(forward[-1, -2:]), log_probs, labels)
    emissions = np.maximum(log_probs[:, states], -1e300)
    occupancy = np.exp(forward + backward - emissions - total)
    return occupancy @ np.eye(log_probs.shape[1])[states]


def _require_path(total: float, log_probs: np.ndarray, labels: np.ndarray) -> float:
    if total == -np.inf:
        repeats = int(np.sum(labels[1:] == labels[:-1]))
        raise ValueError(
            f"no path spells the labels: {len(labels)} labels with {repeats} repeats need {len(labels) + repeats} "
            f"frames whose log_probs allow them, and there are {len(log_probs)} frames"
        )
    return total


def ctc_gradient(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> np.ndarray:
    """Differentiate the CTC loss with respect to the logits: output minus posteriors.

    Parameters
    ----------
    log_probs : array_like [shape=(frames, classes)]
        Log-softmax of the logits, of one utterance.
    labels : sequence of int
        What was said, without blanks.
    blank : int
        Class of the blank.

    Returns
    -------
    np.ndarray [shape=(frames, classes), dtype=float64]
        Gradient of −`ctc_log_likelihood`; every row sums to 0.

    Raises
    ------
    ValueError
        As in `ctc_posteriors`.

    References
    ----------
    Graves, Fernández, Gomez & Schmidhuber (2006), Connectionist temporal classification, ICML, 369–376, equation 16.

    Examples
    --------
    >>> ctc_gradient(np.log([[0.5, 0.5], [0.5, 0.5]]), [1]).round(3)
    array([[ 0.167, -0.167],
           [ 0.167, -0.167]])
    """
    return np.exp(check_log_probs(log_probs, blank)) - ctc_posteriors(log_probs, labels, blank=blank)


class CtcAlignment(NamedTuple):
    """Outcome of `ctc_align`.

    Attributes
    ----------
    path : np.ndarray of int [shape=(frames,)]
        Class of every frame on the likeliest path.
    spans : list of (int, int)
        First frame of each label, and the frame after its last.
    log_prob : float
        Log-probability of this one path, in nats.
    """

    path: np.ndarray
    spans: list[tuple[int, int]]
    log_prob: float


def ctc_align(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> CtcAlignment:
    """Find the likeliest path that spells the labels: forced alignment by the Viterbi algorithm.

    Parameters
    ----------
    log_probs : array_like [shape=(frames, classes)]
        Log-probabilities of one utterance.
    labels : sequence of int
        What was said, without blanks.
    blank : int
        Class of the blank.

    Returns
    -------
    CtcAlignment
        Path, frames of each label, log-probability.

    Raises
    ------
    ValueError
        As in `ctc_forward`, or if no path spells the labels.

    References
    ----------
    Viterbi (1967), Error bounds for convolutional codes, IEEE Transactions on Information Theory 13(2), 260–269.

    Examples
    --------
    >>> found = ctc_align(np.log([[0.8, 0.2], [0.1, 0.9], [0.3, 0.7], [0.9, 0.1]]), [1])
    >>> found.path.tolist(), found.spans
    ([0, 1, 1, 0], [(1, 3)])
    """
    log_probs = check_log_probs(log_probs, blank)
    labels = check_labels(labels, log_probs.shape[1], blank)
    states, can_skip = _states(labels, blank)
    emissions = log_probs[:, states]
    best, steps = _start(emissions), np.zeros(emissions.shape, int)
    for t in range(1, len(emissions)):
        arrivals = _arrivals(best[t - 1], can_skip)
        steps[t] = arrivals.argmax(axis=0)
        best[t] = emissions[t] + arrivals.max(axis=0)
    route = [len(states) - 1 - int(len(labels) and best[-1, -2] > best[-1, -1])]
    log_prob = _require_path(float(best[-1, route[0]]), log_probs, labels)
    for t in range(len(emissions) - 1, 0, -1):
        route.append(route[-1] - steps[t, route[-1]])
    route = np.array(route[::-1])
    frames = [np.flatnonzero(route == 2 * i + 1) for i in range(len(labels))]
    return CtcAlignment(states[route], [(int(f[0]), int(f[-1]) + 1) for f in frames], log_prob)
