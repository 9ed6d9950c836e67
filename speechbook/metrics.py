"""How good a recogniser is, and how sure one may be of it.

Scores of classifiers and detectors live here; scores of transcripts come from `speechbook.alignment`, intervals and
tests from `speechbook.intervals`. All of them can be had as ``metrics.…``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from speechbook.alignment import Alignment, Step, align, cer, distance_table, edit_distance, error_counts, wer
from speechbook.intervals import McNemar, bootstrap_interval, mcnemar_test, mean_interval, wilson_interval

__all__ = [
    "Alignment",
    "McNemar",
    "Step",
    "accuracy",
    "align",
    "bootstrap_interval",
    "calibration_curve",
    "cer",
    "confusion_matrix",
    "det_curve",
    "distance_table",
    "edit_distance",
    "equal_error_rate",
    "error_counts",
    "expected_calibration_error",
    "mcnemar_test",
    "mean_interval",
    "wer",
    "wilson_interval",
]


def _class_pairs(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.ndim != 1 or y_true.shape != y_pred.shape or not len(y_true):
        raise ValueError(
            f"y_true and y_pred must be equally long vectors of class labels with at least one entry, but have shapes "
            f"{y_true.shape} and {y_pred.shape}; turn a network's output into labels with argmax(axis=-1)"
        )
    return y_true, y_pred


def accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Compute the share of predictions that are right.

    Parameters
    ----------
    y_true, y_pred : array_like [shape=(n,)]
        Class labels.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the two are not equally long vectors with at least one entry.

    Examples
    --------
    >>> accuracy([3, 1, 4, 1], [3, 1, 4, 5])
    0.75
    """
    y_true, y_pred = _class_pairs(y_true, y_pred)
    return float(np.mean(y_true == y_pred))


def confusion_matrix(y_true: ArrayLike, y_pred: ArrayLike, *, n_classes: int) -> np.ndarray:
    """Count what was taken for what.

    Parameters
    ----------
    y_true, y_pred : array_like of int [shape=(n,)]
        Classes 0 … n_classes − 1.
    n_classes : int
        Number of classes.

    Returns
    -------
    np.ndarray [shape=(n_classes, n_classes), dtype=int]
        Row: the true class; column: the predicted class.

    Raises
    ------
    ValueError
        If the vectors do not match or hold anything but these classes.

    Examples
    --------
    >>> confusion_matrix([0, 0, 1], [0, 1, 1], n_classes=2)
    array([[1, 1],
           [0, 1]])
    """
    for name, y in zip(("y_true", "y_pred"), _class_pairs(y_true, y_pred), strict=True):
        if not np.issubdtype(y.dtype, np.integer) or y.min() < 0 or y.max() >= n_classes:
            raise ValueError(f"{name} must hold integers from 0 to {n_classes - 1}, but holds {np.unique(y)[:12]}")
    matrix = np.zeros((n_classes, n_classes), int)
    np.add.at(matrix, (np.asarray(y_true), np.asarray(y_pred)), 1)
    return matrix


def det_curve(scores: ArrayLike, labels: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Trace both errors of a detector over all thresholds (detection error trade-off).

    Parameters
    ----------
    scores : array_like [shape=(n,)]
        Higher means more likely a target; a trial is accepted if its score reaches the threshold.
    labels : array_like of bool [shape=(n,)]
        True for a target (the same speaker, the wake word).

    Returns
    -------
    false_alarm, miss, threshold : np.ndarray [shape=(n_thresholds,)]
        Share of non-targets accepted, share of targets refused, and the threshold, from infinity downwards.

    Raises
    ------
    ValueError
        If the vectors do not match, a score is not a number, or only one kind of trial is there.

    References
    ----------
    Martin et al. (1997), The DET curve in assessment of detection task performance, Eurospeech, 1895–1898.

    Examples
    --------
    >>> false_alarm, miss, threshold = det_curve([0.9, 0.6, 0.4, 0.1], [True, False, True, False])
    >>> false_alarm.tolist(), miss.tolist()
    ([0.0, 0.0, 0.5, 0.5, 1.0], [1.0, 0.5, 0.5, 0.0, 0.0])
    """
    scores, labels = np.asarray(scores, float), np.asarray(labels)
    if scores.ndim != 1 or scores.shape != labels.shape or np.isnan(scores).any():
        raise ValueError(f"scores and labels must be equal vectors without NaN; shapes {scores.shape}, {labels.shape}")
    if set(np.unique(labels).tolist()) != {0, 1}:
        raise ValueError(f"labels must hold both True (target) and False, but hold {np.unique(labels)}")
    order = np.argsort(-scores, kind="stable")
    last_of_tie = np.append(np.diff(scores[order]) != 0, True)
    targets = np.cumsum(labels[order] == 1)[last_of_tie]
    others = np.cumsum(labels[order] == 0)[last_of_tie]
    false_alarm, miss = np.append(0, others / others[-1]), np.append(1, 1 - targets / targets[-1])
    return false_alarm, miss, np.append(np.inf, scores[order][last_of_tie])


def equal_error_rate(scores: ArrayLike, labels: ArrayLike) -> float:
    """Find the rate at which false alarms and misses are equally frequent.

    Parameters
    ----------
    scores : array_like [shape=(n,)]
        Higher means more likely a target.
    labels : array_like of bool [shape=(n,)]
        True for a target.

    Returns
    -------
    float
        The rate where the two errors cross, on straight lines between the points of `det_curve`.

    Raises
    ------
    ValueError
        As in `det_curve`.

    Examples
    --------
    >>> equal_error_rate([0.9, 0.6, 0.4, 0.1], [True, False, True, False])
    0.5
    """
    false_alarm, miss, _ = det_curve(scores, labels)
    gap = false_alarm - miss
    after = int(np.argmax(gap >= 0))
    share = gap[after - 1] / (gap[after - 1] - gap[after])
    return float(false_alarm[after - 1] + share * (false_alarm[after] - false_alarm[after - 1]))


def calibration_curve(
    confidence: ArrayLike, correct: ArrayLike, *, n_bins: int = 10
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compare stated confidence with the share that is right, in bins of equal width.

    Parameters
    ----------
    confidence : array_like [shape=(n,)]
        Probability that the recogniser gives its own answer, 0 to 1.
    correct : array_like of bool [shape=(n,)]
        Whether that answer is right.
    n_bins : int
        Number of bins between 0 and 1; a value on an edge belongs to the upper bin.

    Returns
    -------
    confidence, accuracy : np.ndarray [shape=(n_bins,)]
        Means in each bin; NaN where a bin is empty.
    count : np.ndarray of int [shape=(n_bins,)]
        Answers in each bin.

    Raises
    ------
    ValueError
        If the vectors do not match or a confidence is not a probability.

    References
    ----------
    Guo et al. (2017), On calibration of modern neural networks, ICML, 1321–1330.

    Examples
    --------
    >>> calibration_curve([0.9, 0.7, 0.8, 0.2], [True, False, True, False], n_bins=2)[1].round(2).tolist()
    [0.0, 0.67]
    """
    confidence, correct = np.asarray(confidence, float), np.asarray(correct, float)
    if confidence.ndim != 1 or confidence.shape != correct.shape or not len(confidence):
        raise ValueError(
            f"confidence and correct must be equally long vectors, but have shapes {confidence.shape}, {correct.shape}"
        )
    if not np.all((confidence >= 0) & (confidence <= 1)):
        raise ValueError("confidence must lie between 0 and 1: take the largest softmax output of each clip")
    if n_bins < 1:
        raise ValueError(f"n_bins must be at least 1, but is {n_bins}")
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    count = np.bincount(bins, minlength=n_bins)
    sums = [np.bincount(bins, weights=values, minlength=n_bins) for values in (confidence, correct)]
    mean_confidence, share = (np.divide(s, count, out=np.full(n_bins, np.nan), where=count > 0) for s in sums)
    return mean_confidence, share, count


def expected_calibration_error(confidence: ArrayLike, correct: ArrayLike, *, n_bins: int = 10) -> float:
    """Average the distance between stated confidence and accuracy over the bins of `calibration_curve`.

    Parameters
    ----------
    confidence : array_like [shape=(n,)]
        Probability that the recogniser gives its own answer, 0 to 1.
    correct : array_like of bool [shape=(n,)]
        Whether that answer is right.
    n_bins : int
        Number of bins between 0 and 1.

    Returns
    -------
    float
        Mean absolute gap, each bin weighted by its answers; 0 is perfectly calibrated.

    Raises
    ------
    ValueError
        As in `calibration_curve`.

    References
    ----------
    Naeini, Cooper & Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian binning, AAAI, 2901–2907.

    Examples
    --------
    >>> print(f"{expected_calibration_error([0.9, 0.9, 0.9, 0.9], [True, True, False, False]):.2f}")
    0.40
    """
    stated, share, count = calibration_curve(confidence, correct, n_bins=n_bins)
    filled = count > 0
    return float(np.average(np.abs(stated - share)[filled], weights=count[filled]))
