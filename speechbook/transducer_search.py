"""From a transducer's output to text, frame by frame or with a beam: what to write is not known beforehand.

Searches ask for one distribution at a time, by a function of the step t and of the labels written so far. A `Joiner` is
such a function; `speechbook.transducer` computes with labels that are known.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_softmax

from speechbook._checks import positive_int
from speechbook.decoding import Hypothesis

NextLogProbs = Callable[[int, tuple[int, ...]], np.ndarray]
"""From a step and the labels written so far to the log-probabilities of what comes next [shape=(classes,)]."""

MOST_LABELS = 4


def joint_log_probs(encoded: ArrayLike, predicted: ArrayLike, *, weights: ArrayLike, bias: ArrayLike) -> np.ndarray:
    """Join what was heard and what was written: softmax of a dense layer over the tanh of their sum.

    Parameters
    ----------
    encoded : array_like [shape=(steps, units)]
        What the encoder says of each step of the sound.
    predicted : array_like [shape=(labels + 1, units)]
        What the prediction network says after each number of labels.
    weights : array_like [shape=(units, classes)]
        Of the dense layer.
    bias : array_like [shape=(classes,)]
        Of the dense layer.

    Returns
    -------
    np.ndarray [shape=(steps, labels + 1, classes), dtype=float64]
        Logarithms of probabilities.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Graves, Mohamed & Hinton (2013), Speech recognition with deep recurrent neural networks, ICASSP, 6645–6649.

    Examples
    --------
    >>> joint_log_probs(np.zeros((4, 8)), np.zeros((3, 8)), weights=np.zeros((8, 11)), bias=np.zeros(11)).shape
    (4, 3, 11)
    """
    encoded, predicted, weights = (np.asarray(values, np.float64) for values in (encoded, predicted, weights))
    shapes = encoded.shape, predicted.shape, weights.shape
    if any(len(shape) != 2 for shape in shapes) or not encoded.shape[1] == predicted.shape[1] == len(weights):
        raise ValueError(
            "encoded (steps, units), predicted (labels + 1, units) and weights (units, classes) must share their "
            f"units, but have the shapes {', '.join(map(str, shapes))}"
        )
    return log_softmax(np.tanh(encoded[:, None] + predicted[None]) @ weights + np.asarray(bias), axis=-1)


@dataclass(frozen=True, eq=False)
class Joiner:
    """Distributions of one utterance by a transducer whose prediction network knows the last label alone.

    Attributes
    ----------
    encoded : np.ndarray [shape=(steps, units)]
        What the encoder says.
    vectors : np.ndarray [shape=(classes, units)]
        What the prediction network says after each label; row 0 is for the beginning.
    weights, bias : np.ndarray [shape=(units, classes)] and [shape=(classes,)]
        Of the dense layer.

    References
    ----------
    Ghodsi, Liu, Apfel, Cabrera & Weinstein (2020), RNN-transducer with stateless prediction network, ICASSP, 7049–7053.

    Examples
    --------
    >>> joiner = Joiner(np.zeros((4, 8)), np.zeros((3, 8)), np.zeros((8, 3)), np.zeros(3))
    >>> joiner(0, (2, 1)).round(2), joiner.lattice([2, 1]).shape
    (array([-1.1, -1.1, -1.1]), (4, 3, 3))
    """

    encoded: np.ndarray
    vectors: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def __call__(self, t: int, labels: tuple[int, ...]) -> np.ndarray:
        """Log-probabilities of what comes next [shape=(classes,)]."""
        last = labels[-1] if labels else 0
        scores = np.tanh(self.encoded[t] + self.vectors[last]) @ self.weights + self.bias
        return scores - np.logaddexp.reduce(scores)

    def lattice(self, labels: Sequence[int]) -> np.ndarray:
        """All distributions for known labels [shape=(steps, labels + 1, classes)]."""
        return joint_log_probs(self.encoded, self.vectors[[0, *labels]], weights=self.weights, bias=self.bias)


class Written(NamedTuple):
    """A label, and when it was written.

    Attributes
    ----------
    label : int
        Its class.
    step : int
        The step of the sound after which it was written, from 0.
    """

    label: int
    step: int


def transducer_greedy(
    next_log_probs: NextLogProbs,
    n_steps: int,
    *,
    written: Sequence[int] = (),
    blank: int = 0,
    most_labels: int = MOST_LABELS,
) -> list[Written]:
    """Take the likeliest move at every node: a label is written at once, a blank goes on to the next step.

    What is written is never taken back, and never depends on what comes later; so a stream can be read piece by piece.

    Parameters
    ----------
    next_log_probs : callable
        From (step, labels written so far) to log-probabilities [shape=(classes,)].
    n_steps : int
        Steps of the sound; may be 0.
    written : sequence of int
        What was written before this piece.
    blank : int
        Class of the blank.
    most_labels : int
        Labels that may be written at one step, so that the search ends.

    Returns
    -------
    list of Written
        The new labels.

    Raises
    ------
    ValueError
        If most_labels is not a positive whole number.

    References
    ----------
    He et al. (2019), Streaming end-to-end speech recognition for mobile devices, ICASSP, 6381–6385.

    Examples
    --------
    >>> table = {(0, ()): [0.2, 0.8], (0, (1,)): [0.9, 0.1], (1, (1,)): [0.6, 0.4]}
    >>> transducer_greedy(lambda t, labels: np.log(table[t, labels]), 2)
    [Written(label=1, step=0)]
    """
    positive_int(most_labels=most_labels)
    labels, new = tuple(written), []
    for t in range(n_steps):
        for _ in range(most_labels):
            label = int(next_log_probs(t, labels).argmax())
            if label == blank:
                break
            labels = (*labels, label)
            new.append(Written(label, t))
    return new


def transducer_beam_search(
    next_log_probs: NextLogProbs,
    n_steps: int,
    *,
    beam_width: int,
    blank: int = 0,
    most_labels: int = MOST_LABELS,
) -> list[Hypothesis]:
    """Search for the likeliest labels; paths that have written the same are added up at every step.

    At each step every prefix may go on, or grow by up to `most_labels` labels first. A wide enough beam makes the
    search exact, but for strings that would write more at one step.

    Parameters
    ----------
    next_log_probs, n_steps, blank, most_labels
        As for `transducer_greedy`.
    beam_width : int
        Number of prefixes kept after every step, and after every label within one.

    Returns
    -------
    list of Hypothesis
        The best first, at most beam_width; their score is their log-probability.

    Raises
    ------
    ValueError
        If most_labels or beam_width is not a positive whole number.

    References
    ----------
    Graves (2012), Sequence transduction with recurrent neural networks, arXiv:1211.3711, algorithm 1.

    Examples
    --------
    >>> def next_log_probs(t, labels):  # writing "1" is unlikely at each step, but there are many steps
    ...     return np.log([0.8, 0.2] if not labels else [1 - 1e-9, 1e-9])
    >>> transducer_greedy(next_log_probs, 4)
    []
    >>> transducer_beam_search(next_log_probs, 4, beam_width=2)[0].labels
    (1,)
    """
    positive_int(beam_width=beam_width), positive_int(most_labels=most_labels)
    beam = {(): 0.0}
    for t in range(n_steps):
        went_on: dict[tuple[int, ...], float] = {}
        for growth in range(most_labels + 1):
            grown: dict[tuple[int, ...], float] = {}
            for labels, log_prob in beam.items():
                moves = log_prob + next_log_probs(t, labels)
                _add(went_on, labels, moves[blank])
                if growth < most_labels:
                    for label in range(len(moves)):
                        if label != blank:
                            _add(grown, (*labels, label), moves[label])
            beam = _best(grown, beam_width)
        beam = _best(went_on, beam_width)
    return [Hypothesis(labels, (), log_prob, log_prob) for labels, log_prob in beam.items()]


def _add(scores: dict[tuple[int, ...], float], labels: tuple[int, ...], log_prob: float) -> None:
    if log_prob > -np.inf:
        scores[labels] = float(np.logaddexp(scores.get(labels, -np.inf), log_prob))


def _best(scores: dict[tuple[int, ...], float], beam_width: int) -> dict[tuple[int, ...], float]:
    return dict(heapq.nlargest(beam_width, scores.items(), key=lambda item: item[1]))
