"""The recurrent neural network transducer: the probability of a sequence, when each label may depend on those before.

Throughout, ``log_probs`` has the shape (steps, labels + 1, classes): entry (t, u, k) is the natural logarithm of the
probability of class k at step t of the sound, after u labels have been written. One class is the blank, which goes on
to the next step; any other class is written, and the sound waits. A path leads from (0, 0) over blanks and labels to
the blank of the last step (Graves, 2012). `speechbook.transducer_search` reads where the labels are not known. Taught
in the chapter *Write while somebody speaks*.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from speechbook.ctc import check_labels


def _checked(log_probs: ArrayLike, labels: Sequence[int], blank: int) -> tuple[np.ndarray, np.ndarray]:
    """Return log_probs [dtype=float64] and labels [dtype=int] that fit each other, or raise ValueError."""
    log_probs = np.asarray(log_probs, np.float64)
    if log_probs.ndim != 3 or 0 in log_probs.shape or np.isnan(log_probs).any():
        raise ValueError(
            "log_probs must have the shape (steps, labels + 1, classes), of one utterance and without NaN; got "
            f"{log_probs.shape}"
        )
    if not 0 <= blank < log_probs.shape[2]:
        raise ValueError(f"blank must be one of the {log_probs.shape[2]} classes, but is {blank}")
    if np.abs(logsumexp(log_probs, axis=2)).max() > 1e-3:
        raise ValueError(
            "log_probs must be logarithms of probabilities that sum to 1 over the classes: take "
            "scipy.special.log_softmax(logits, axis=-1)"
        )
    labels = check_labels(labels, log_probs.shape[2], blank)
    if log_probs.shape[1] != len(labels) + 1:
        raise ValueError(
            f"{len(labels)} labels need log_probs of {len(labels) + 1} rows, one before each label and one after the "
            f"last, but there are {log_probs.shape[1]}"
        )
    return log_probs, labels


def _moves(log_probs: np.ndarray, labels: np.ndarray, blank: int) -> tuple[np.ndarray, np.ndarray]:
    """Log-probabilities of going on [shape=(steps, n + 1)], and of writing the next label [shape=(steps, n)]."""
    return log_probs[:, :, blank], log_probs[:, np.arange(len(labels)), labels]


def _fill(go_on: np.ndarray, write: np.ndarray, start: float, meet=np.logaddexp) -> tuple[np.ndarray, np.ndarray]:
    """Fill a lattice on anti-diagonals: what lies on one depends on the one before alone.

    Entry (t, u) of `go_on` leads to (t + 1, u), of `write` to (t, u + 1). Where two paths `meet` is said by a ufunc.
    Gives the scores, and where a label led to a higher one than a blank.
    """
    by_blank = np.pad(go_on[:-1], ((1, 0), (0, 0)), constant_values=-np.inf)
    by_label = np.pad(write, ((0, 0), (1, 0)), constant_values=-np.inf)
    scores, wrote = np.full(by_blank.shape, start), np.zeros(by_blank.shape, bool)
    n_steps, n_rows = scores.shape
    for both in range(1, n_steps + n_rows - 1):
        t = np.arange(max(0, both - n_rows + 1), min(both, n_steps - 1) + 1)
        u = both - t
        waited, spoke = scores[t - 1, u] + by_blank[t, u], scores[t, u - 1] + by_label[t, u]
        scores[t, u], wrote[t, u] = meet(waited, spoke), spoke > waited
    return scores, wrote


def transducer_forward(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> np.ndarray:
    """Fill the lattice of forward log-probabilities.

    Parameters
    ----------
    log_probs : array_like [shape=(steps, n + 1, classes)]
        Log-probabilities of one utterance.
    labels : sequence of int
        What was said, n labels without blanks; there may be more of them than steps.
    blank : int
        Class of the blank.

    Returns
    -------
    np.ndarray [shape=(steps, n + 1), dtype=float64]
        Entry (t, u): log-probability of all beginnings of paths that come to step t with u labels written.

    Raises
    ------
    ValueError
        If log_probs are not logarithms of probabilities or do not fit the labels, or a label is not one of the classes.

    References
    ----------
    Graves (2012), Sequence transduction with recurrent neural networks, arXiv:1211.3711, equation 16.

    Examples
    --------
    >>> np.exp(transducer_forward(np.log(np.full((3, 2, 2), 0.5)), [1]))
    array([[1.   , 0.5  ],
           [0.5  , 0.5  ],
           [0.25 , 0.375]])
    """
    log_probs, labels = _checked(log_probs, labels, blank)
    return _fill(*_moves(log_probs, labels, blank), start=0.0)[0]


def transducer_backward(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> np.ndarray:
    """Fill the lattice of backward log-probabilities.

    Parameters
    ----------
    log_probs : array_like [shape=(steps, n + 1, classes)]
        Log-probabilities of one utterance.
    labels : sequence of int
        What was said, n labels without blanks.
    blank : int
        Class of the blank.

    Returns
    -------
    np.ndarray [shape=(steps, n + 1), dtype=float64]
        Entry (t, u): log-probability of all ends of paths from step t on, with u labels written. Entry (0, 0) is that
        of all paths.

    Raises
    ------
    ValueError
        As in `transducer_forward`.

    Examples
    --------
    >>> np.exp(transducer_backward(np.log(np.full((3, 2, 2), 0.5)), [1]))
    array([[0.1875, 0.125 ],
           [0.25  , 0.25  ],
           [0.25  , 0.5   ]])
    """
    log_probs, labels = _checked(log_probs, labels, blank)
    go_on, write = (move[::-1, ::-1] for move in _moves(log_probs, labels, blank))
    return _fill(np.roll(go_on, -1, axis=0), write, start=go_on[0, 0])[0][::-1, ::-1]


def transducer_log_likelihood(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> float:
    """Sum the probability of all paths that write the labels; the transducer loss is its negative.

    Parameters
    ----------
    log_probs : array_like [shape=(steps, n + 1, classes)]
        Log-probabilities of one utterance.
    labels : sequence of int
        What was said, n labels without blanks; may be empty.
    blank : int
        Class of the blank.

    Returns
    -------
    float
        In nats.

    Raises
    ------
    ValueError
        As in `transducer_forward`.

    Examples
    --------
    >>> print(f"{np.exp(transducer_log_likelihood(np.log(np.full((3, 2, 2), 0.5)), [1])):.4f} = 3 paths of 4 moves")
    0.1875 = 3 paths of 4 moves
    """
    forward = transducer_forward(log_probs, labels, blank=blank)
    return float(forward[-1, -1] + np.asarray(log_probs)[-1, -1, blank])


class Occupation(NamedTuple):
    """Outcome of `transducer_occupation`, all probabilities given that the labels were said.

    Attributes
    ----------
    go_on : np.ndarray [shape=(steps, n + 1)]
        That the path leaves step t by a blank, with u labels written; each step's row sums to 1.
    write : np.ndarray [shape=(steps, n)]
        That label u is written at step t; each label's column sums to 1.
    """

    go_on: np.ndarray
    write: np.ndarray

    @property
    def nodes(self) -> np.ndarray:
        """That the path comes to step t with u labels written [shape=(steps, n + 1)]."""
        return self.go_on + np.pad(self.write, ((0, 0), (0, 1)))


def transducer_occupation(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> Occupation:
    """Tell how likely each move of the lattice is, given that the labels were said: a soft alignment.

    Parameters
    ----------
    log_probs : array_like [shape=(steps, n + 1, classes)]
        Log-probabilities of one utterance.
    labels : sequence of int
        What was said, n labels without blanks.
    blank : int
        Class of the blank.

    Returns
    -------
    Occupation
        Of blanks and of labels.

    Raises
    ------
    ValueError
        As in `transducer_forward`, or if no path writes the labels.

    Examples
    --------
    >>> transducer_occupation(np.log(np.full((3, 2, 2), 0.5)), [1]).write.round(3).T
    array([[0.333, 0.333, 0.333]])
    """
    log_probs, labels = _checked(log_probs, labels, blank)
    go_on, write = _moves(log_probs, labels, blank)
    forward, backward = (fill(log_probs, labels, blank=blank) for fill in (transducer_forward, transducer_backward))
    total = _require_path(backward[0, 0])
    after = np.full(go_on.shape, -np.inf)
    after[:-1], after[-1, -1] = backward[1:], 0.0
    return Occupation(
        np.exp(forward + go_on + after - total), np.exp(forward[:, :-1] + write + backward[:, 1:] - total)
    )


def _require_path(total: float) -> float:
    if total == -np.inf:
        raise ValueError("no path writes the labels: somewhere on every path log_probs say that a move is impossible")
    return total


def transducer_gradient(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> np.ndarray:
    """Differentiate the transducer loss with respect to the logits: at each node, output minus what the paths do there.

    Parameters
    ----------
    log_probs : array_like [shape=(steps, n + 1, classes)]
        Log-softmax of the logits, of one utterance.
    labels : sequence of int
        What was said, n labels without blanks.
    blank : int
        Class of the blank.

    Returns
    -------
    np.ndarray [shape=(steps, n + 1, classes), dtype=float64]
        Gradient of −`transducer_log_likelihood`: the node's probability times the output, minus the probabilities of
        its moves. Sums to 0 over the classes.

    Raises
    ------
    ValueError
        As in `transducer_occupation`.

    References
    ----------
    Graves (2012), Sequence transduction with recurrent neural networks, arXiv:1211.3711, equation 20, through softmax.

    Examples
    --------
    >>> transducer_gradient(np.log(np.full((3, 2, 2), 0.5)), [1])[:, 0].round(3)
    array([[-0.167,  0.167],
           [ 0.   ,  0.   ],
           [ 0.167, -0.167]])
    """
    occupation = transducer_occupation(log_probs, labels, blank=blank)
    gradient = np.exp(np.asarray(log_probs, np.float64)) * occupation.nodes[:, :, None]
    gradient[:, :, blank] -= occupation.go_on
    rows = np.arange(occupation.write.shape[1])
    gradient[:, rows, np.asarray(labels, int)] -= occupation.write
    return gradient


class TransducerAlignment(NamedTuple):
    """Outcome of `transducer_align`.

    Attributes
    ----------
    steps : list of int
        Step of the sound at which each label is written.
    nodes : list of (int, int)
        The nodes (t, u) of the likeliest path, from (0, 0) to the last.
    log_prob : float
        Log-probability of this one path, in nats.
    """

    steps: list[int]
    nodes: list[tuple[int, int]]
    log_prob: float


def transducer_align(log_probs: ArrayLike, labels: Sequence[int], *, blank: int = 0) -> TransducerAlignment:
    """Find the likeliest path that writes the labels: forced alignment by the Viterbi algorithm.

    Parameters
    ----------
    log_probs : array_like [shape=(steps, n + 1, classes)]
        Log-probabilities of one utterance.
    labels : sequence of int
        What was said, n labels without blanks.
    blank : int
        Class of the blank.

    Returns
    -------
    TransducerAlignment
        Step of each label, path, log-probability; of equally likely paths the one that writes earlier.

    Raises
    ------
    ValueError
        As in `transducer_occupation`.

    References
    ----------
    Viterbi (1967), Error bounds for convolutional codes, IEEE Transactions on Information Theory 13(2), 260–269.

    Examples
    --------
    >>> p = np.full((3, 2, 2), 0.5)
    >>> p[1, 0] = 0.1, 0.9
    >>> transducer_align(np.log(p), [1])[:2]
    ([1], [(0, 0), (1, 0), (1, 1), (2, 1)])
    """
    log_probs, labels = _checked(log_probs, labels, blank)
    go_on, write = _moves(log_probs, labels, blank)
    best, wrote = _fill(go_on, write, start=0.0, meet=np.maximum)
    log_prob = _require_path(float(best[-1, -1] + go_on[-1, -1]))
    nodes = [(len(best) - 1, len(labels))]
    while nodes[-1] != (0, 0):
        t, u = nodes[-1]
        nodes.append((t, u - 1) if wrote[t, u] else (t - 1, u))
    nodes = nodes[::-1]
    steps = [before[0] for before, after in pairwise(nodes) if after[1] > before[1]]
    return TransducerAlignment(steps, nodes, log_prob)
