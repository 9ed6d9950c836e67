"""How sure one may be of a measured share or rate: confidence intervals, and a test that compares two recognisers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from speechbook._rng import generator


def wilson_interval(successes: int, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Give the Wilson score interval of a share.

    It treats the n trials as independent; clips of one speaker are not quite (see `bootstrap_interval`).

    Parameters
    ----------
    successes, n : int
        Right answers and all answers.
    confidence : float
        Coverage that is aimed at, between 0 and 1.

    Returns
    -------
    low, high : float
        Limits between 0 and 1.

    Raises
    ------
    ValueError
        If not 0 ≤ successes ≤ n, n ≥ 1 and 0 < confidence < 1.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22(158), 209–212.

    Examples
    --------
    >>> low, high = wilson_interval(374, 500)
    >>> print(f"{low:.3f} to {high:.3f}")
    0.708 to 0.784
    """
    if not (n >= 1 and 0 <= successes <= n):
        raise ValueError(f"needs 0 <= successes <= n and n >= 1, but got successes={successes}, n={n}")
    z, share = _normal_quantile(confidence), successes / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, min(share, float(centre - half))), min(1.0, max(share, float(centre + half)))


def rate_interval(count: int, exposure: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Give the exact interval of a rate, such as false alarms an hour, of events that happen independently.

    Parameters
    ----------
    count : int
        Events that were counted.
    exposure : float
        How long they were counted, in the unit that the rate shall have below the line.
    confidence : float
        Coverage that is aimed at, between 0 and 1; it is at least that.

    Returns
    -------
    low, high : float
        Events for one unit of exposure; `low` is 0 if nothing was counted.

    Raises
    ------
    ValueError
        If the count is negative or no whole number, or the exposure not positive.

    References
    ----------
    Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28(3/4), 437–442.

    Examples
    --------
    >>> low, high = rate_interval(0, 0.11)
    >>> print(f"{low:.0f} to {high:.1f} an hour")
    0 to 33.5 an hour
    """
    if count != int(count) or count < 0 or not exposure > 0:
        raise ValueError(f"needs a count of at least 0 and a positive exposure, but got {count} and {exposure}")
    _normal_quantile(confidence)
    tail = (1 - confidence) / 2
    low = stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(low / exposure), float(stats.chi2.ppf(1 - tail, 2 * count + 2) / 2 / exposure)


def _normal_quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, such as 0.95, but is {confidence}")
    return float(stats.norm.ppf((1 + confidence) / 2))


def mean_interval(values: Iterable[float], *, confidence: float = 0.95) -> tuple[float, float, float]:
    """Give the mean of independent values, such as one a speaker or a seed, and its interval by Student's t.

    Returns
    -------
    mean, low, high : float

    Raises
    ------
    ValueError
        If there are fewer than two.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6(1), 1–25.

    Examples
    --------
    >>> [round(value, 3) for value in mean_interval([0.7, 0.8, 0.9])]
    [0.8, 0.552, 1.048]
    """
    values = np.array(list(values), float)
    if values.size < 2:
        raise ValueError(f"an interval needs at least two values; got {values.size}.")
    reach = stats.t.ppf((1 + confidence) / 2, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size)
    return float(values.mean()), float(values.mean() - reach), float(values.mean() + reach)


def bootstrap_interval(
    errors: ArrayLike,
    totals: ArrayLike | None = None,
    *,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Give a percentile bootstrap interval of ``sum(errors) / sum(totals)``.

    Utterances are drawn with replacement; with `clusters`, whole clusters (speakers) are, which is right when the
    question is about new speakers. Few clusters make the interval too narrow: say how many there are.

    Parameters
    ----------
    errors : array_like [shape=(n,)]
        Per utterance: errors, or 0/1 for a share, or the difference of two recognisers' errors.
    totals : array_like [shape=(n,)], optional
        Per utterance: reference words; one each if not given.
    clusters : array_like [shape=(n,)], optional
        Who speaks, for instance.
    confidence : float
        Coverage that is aimed at, between 0 and 1.
    n_resamples : int
        Number of resampled corpora.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    low, high : float
        Percentiles of the resampled ratio.

    Raises
    ------
    ValueError
        If lengths differ, nothing is left to resample, or a resample holds no words.

    References
    ----------
    Efron (1979), Bootstrap methods: another look at the jackknife, Annals of Statistics 7(1), 1–26. Bisani & Ney
    (2004), Bootstrap estimates for confidence intervals in ASR performance evaluation, ICASSP.

    Examples
    --------
    >>> errors, words = [0, 1, 1] * 30, [2, 1, 2] * 30
    >>> low, high = bootstrap_interval(errors, words, rng=np.random.default_rng(0))
    >>> print(f"{low:.2f} to {high:.2f}")
    0.33 to 0.48
    """
    errors = np.asarray(errors, float)
    totals = np.ones_like(errors) if totals is None else np.asarray(totals, float)
    groups = np.arange(errors.size) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    if errors.ndim != 1 or not errors.shape == totals.shape == groups.shape:
        raise ValueError(
            f"errors, totals and clusters must be equally long vectors, but have shapes {errors.shape}, "
            f"{totals.shape} and {groups.shape}"
        )
    _normal_quantile(confidence)
    n = len(np.unique(groups))
    if n < 2:
        raise ValueError(f"needs at least two utterances (or clusters) to resample, but got {n}")
    sums = np.stack([np.bincount(groups, weights=values, minlength=n) for values in (errors, totals)])
    resampled = sums[:, generator(rng).integers(n, size=(n_resamples, n))].sum(axis=-1)
    if np.any(resampled[1] <= 0):
        raise ValueError("a resample holds no words: there are too few utterances with a reference")
    low, high = np.quantile(resampled[0] / resampled[1], [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


class McNemar(NamedTuple):
    """Outcome of `mcnemar_test`.

    Attributes
    ----------
    only_a, only_b : int
        Clips that only the first, or only the second recogniser got right.
    p_value : float
        Chance of a split at least as uneven if both were equally good.
    """

    only_a: int
    only_b: int
    p_value: float


def mcnemar_test(correct_a: ArrayLike, correct_b: ArrayLike) -> McNemar:
    """Test whether two recognisers differ on the same clips (exact, two-sided).

    Only the clips on which they disagree tell them apart: if both were equally good, each disagreement would be a toss
    of a coin.

    Parameters
    ----------
    correct_a, correct_b : array_like of bool [shape=(n,)]
        Whether each recogniser got each clip right.

    Returns
    -------
    McNemar
        Both counts of disagreement and the p-value; 1 if they never disagree.

    Raises
    ------
    ValueError
        If the two are not equally long vectors of truth values.

    References
    ----------
    McNemar (1947), Note on the sampling error of the difference between correlated proportions or percentages,
    Psychometrika 12(2), 153–157. Gillick & Cox (1989), Some statistical issues in the comparison of speech recognition
    algorithms, ICASSP, 532–535.

    Examples
    --------
    >>> outcome = mcnemar_test([1, 1, 1, 1, 1, 1, 0, 1], [1, 0, 0, 0, 0, 0, 0, 0])
    >>> print(outcome.only_a, outcome.only_b, outcome.p_value)
    6 0 0.03125
    """
    a, b = np.asarray(correct_a), np.asarray(correct_b)
    if a.ndim != 1 or a.shape != b.shape or not len(a) or not np.isin([a, b], (0, 1)).all():
        raise ValueError(
            "correct_a and correct_b must say True or False for the same clips (y_true == y_pred), but have shapes "
            f"{a.shape} and {b.shape} and types {a.dtype} and {b.dtype}"
        )
    only_a, only_b = int(np.sum(a > b)), int(np.sum(b > a))
    p_value = stats.binomtest(only_a, only_a + only_b).pvalue if only_a + only_b else 1.0
    return McNemar(only_a, only_b, float(p_value))
