"""Is it the person? Trials of a speaker verifier: built from other words and other takes, scored, counted.

A trial asks whether a piece of test speech comes from an enrolled person. Its answer is a score, here the cosine
between two mean embeddings; what a threshold would make of the scores is counted by `metrics.det_curve`. Taught in the
chapter *Who is speaking?*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from speechbook import metrics
from speechbook._checks import positive_int, real_array
from speechbook._rng import generator
from speechbook.digits import Digits
from speechbook.prototypes import prototypes

ENROLLED_WORDS = (0, 1, 2, 3, 4)
ENROLLED_SHARE = 0.6
"""Share of the takes, the first ones, that may be enrolled; tests come from the others."""

LENGTHS = ("-short", "-long")
"""Endings of synthetic voices that are a recorded person at another vocal-tract length, and no other person."""


def person(speaker: str) -> str:
    """Give the person behind a speaker's name: synthetic voices come at several lengths of the vocal tract.

    Examples
    --------
    >>> person("festival-ked-long"), person("theo")
    ('festival-ked', 'theo')
    """
    for ending in LENGTHS:
        speaker = speaker.removesuffix(ending)
    return speaker


@dataclass(frozen=True, eq=False)
class Trials:
    """Pieces of speech to be compared, and who is whose.

    Attributes
    ----------
    enrolled, tested : np.ndarray [shape=(trials, size)]
        Mean embeddings, of length 1.
    claimed, speaking : np.ndarray of str [shape=(trials,)]
        Who was enrolled, and who speaks.
    """

    enrolled: np.ndarray
    tested: np.ndarray
    claimed: np.ndarray
    speaking: np.ndarray

    @property
    def same(self) -> np.ndarray:
        """Whether it is the person, for each trial."""
        return self.claimed == self.speaking

    @property
    def scores(self) -> np.ndarray:
        """Cosine of each trial."""
        return np.sum(self.enrolled * self.tested, axis=1)

    @property
    def error_rate(self) -> float:
        """Equal error rate of the cosines."""
        return metrics.equal_error_rate(self.scores, self.same)


def sides(digits: Digits) -> tuple[np.ndarray, np.ndarray]:
    """Say which clips may be enrolled, and which may be tested: no word and no take is on both sides.

    Parameters
    ----------
    digits : corpora.Digits
        Of some speakers.

    Returns
    -------
    enrolled, tested : np.ndarray of bool [shape=(clips,)]
        Words 0 to 4 from the first takes, and words 5 to 9 from the last.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> [int(side.sum()) for side in sides(load_digits("voices").where(speaker="flite-slt"))]
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    [15, 10]
    """
    takes = np.unique(digits.take)
    late = digits.take >= takes[round(ENROLLED_SHARE * len(takes))]
    early_words = np.isin(digits.digit, ENROLLED_WORDS)
    return early_words & ~late, ~early_words & late


def build_trials(
    embeddings: ArrayLike, digits: Digits, *, enrol: int, test: int = 1, draws: int = 20, rng: np.random.Generator
) -> Trials:
    """Let every speaker claim to be everybody, several times.

    Clips come from the two `sides`. Two synthetic voices made of one person's recordings are not compared.

    Parameters
    ----------
    embeddings : array_like [shape=(clips, size)]
        One row a clip.
    digits : corpora.Digits
        The clips, in the same order.
    enrol, test : int
        Clips that are averaged on either side.
    draws : int
        How often clips are drawn for each speaker; draw i is tested against draw i of everybody.
    rng : np.random.Generator
        Draws the clips.

    Returns
    -------
    Trials
        Speakers × speakers × draws, less those of two voices of one person.

    Raises
    ------
    ValueError
        If the rows do not fit the clips, or a speaker has too few clips.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> digits = load_digits("voices").where(speaker=("flite-slt", "flite-kal"))
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> rows = np.eye(2)[(digits.speaker == "flite-kal").astype(int)]
    >>> trials = build_trials(rows, digits, enrol=3, draws=5, rng=np.random.default_rng(0))
    >>> len(trials.same), trials.error_rate
    (20, 0.0)
    """
    rows = real_array(embeddings=embeddings)
    if rows.ndim != 2 or len(rows) != len(digits):
        raise ValueError(f"embeddings need one row for each of {len(digits)} clips; got the shape {rows.shape}")
    generator(rng)
    means = [_means(rows, digits, side, positive_int(clips=n), draws, rng) for side, n in enumerate((enrol, test))]
    names = digits.speakers
    pairs = [(i, j) for i, a in enumerate(names) for j, b in enumerate(names) if i == j or person(a) != person(b)]
    claimed, speaking = np.array(pairs).T
    return Trials(
        np.concatenate(means[0][claimed]),
        np.concatenate(means[1][speaking]),
        np.repeat(np.array(names)[claimed], draws),
        np.repeat(np.array(names)[speaking], draws),
    )


def _means(rows: np.ndarray, digits: Digits, side: int, n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Average n random clips of every speaker [shape=(speakers, draws, size)]: side 0 to enrol, side 1 to test."""
    fits = sides(digits)[side]
    found = []
    for speaker in digits.speakers:
        own = np.flatnonzero(fits & (digits.speaker == speaker))
        if len(own) < n:
            raise ValueError(f"{speaker} has {len(own)} clips for this side of a trial, but {n} are asked for")
        drawn = np.concatenate([rng.choice(own, n, replace=False) for _ in range(draws)])
        found.append(prototypes(rows[drawn], np.repeat(np.arange(draws), n)))
    return np.array(found)


def adaptive_norm(trials: Trials, cohort: ArrayLike, *, n_nearest: int = 20) -> np.ndarray:
    """Measure each score against what the most similar strangers would get (adaptive symmetric normalisation).

    Parameters
    ----------
    trials : Trials
        To be scored.
    cohort : array_like [shape=(strangers, size)]
        One embedding, of length 1, for each of many voices that occur in no trial.
    n_nearest : int
        How many of them count: those with the highest scores, on either side of a trial.

    Returns
    -------
    np.ndarray [shape=(trials,)]
        Mean of (score − mean) / deviation over both sides.

    Raises
    ------
    ValueError
        If the cohort does not fit, or has fewer voices than are asked for, or fewer than two are.

    References
    ----------
    Matějka et al. (2017), Analysis of score normalization in multilingual speaker recognition, Interspeech, 1567–1571.

    Examples
    --------
    >>> one = np.array([[1.0, 0.0]])
    >>> trials = Trials(one, one, np.array(["ann"]), np.array(["ann"]))
    >>> adaptive_norm(trials, [[0.0, 1.0], [0.6, 0.8]], n_nearest=2).round(3).tolist()
    [2.333]
    """
    cohort = real_array(cohort=cohort)
    if cohort.ndim != 2 or cohort.shape[1] != trials.enrolled.shape[1]:
        raise ValueError(f"cohort needs rows of {trials.enrolled.shape[1]} numbers; got the shape {cohort.shape}")
    if not 2 <= positive_int(n_nearest=n_nearest) <= len(cohort):
        raise ValueError(f"n_nearest must be from 2 to the {len(cohort)} voices of the cohort; got {n_nearest}")
    scores, normed = trials.scores, []
    for side in (trials.enrolled, trials.tested):
        nearest = np.sort(side @ cohort.T, axis=1)[:, -n_nearest:]
        normed.append((scores - nearest.mean(axis=1)) / np.maximum(nearest.std(axis=1), 1e-9))
    return np.mean(normed, axis=0)


def speaker_interval(
    statistic: Callable[[np.ndarray, np.ndarray], float],
    scores: ArrayLike,
    trials: Trials,
    *,
    confidence: float = 0.95,
    n_resamples: int = 200,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Ask how a rate would move with other people: draw persons with replacement, and take the trials among them.

    A trial counts as often as its two persons were drawn together; a person drawn twice is not tested as a stranger to
    himself. With a handful of persons the interval is rough and rather too narrow: say how many there are.

    Parameters
    ----------
    statistic : callable
        From (scores, same) to a number, such as `metrics.equal_error_rate`.
    scores : array_like [shape=(trials,)]
        Of the trials.
    trials : Trials
        Who was compared.
    confidence : float
        Coverage that is aimed at.
    n_resamples : int
        How often persons are drawn.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    low, high : float
        Percentiles.

    Raises
    ------
    ValueError
        If the scores do not fit, or there are fewer than three persons.

    Examples
    --------
    >>> names = np.repeat(["ann", "bob", "cid", "dan"], 4), np.tile(["ann", "bob", "cid", "dan"], 4)
    >>> trials = Trials(np.ones((16, 1)), np.ones((16, 1)), *names)
    >>> sure = trials.same.astype(float)
    >>> speaker_interval(metrics.equal_error_rate, sure, trials, n_resamples=20, rng=np.random.default_rng(0))
    (0.0, 0.0)
    """
    scores = real_array(scores=scores)
    people = sorted({person(name) for name in trials.claimed})
    if scores.shape != trials.claimed.shape or len(people) < 3:
        raise ValueError(
            f"an interval needs a score for each of {len(trials.claimed)} trials, and three persons or more; got "
            f"scores of shape {scores.shape} and {len(people)} persons"
        )
    place: Mapping[str, int] = {name: i for i, name in enumerate(people)}
    a, b = (np.array([place[person(name)] for name in side]) for side in (trials.claimed, trials.speaking))
    found = []
    while len(found) < n_resamples:
        count = np.bincount(generator(rng).integers(len(people), size=len(people)), minlength=len(people))
        if np.count_nonzero(count) < 2:
            continue
        times = np.where(a == b, count[a], count[a] * count[b])
        found.append(statistic(np.repeat(scores, times), np.repeat(trials.same, times)))
    low, high = np.quantile(found, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def minimum_cost(
    scores: ArrayLike, same: ArrayLike, *, prior: float, miss_cost: float = 1.0, false_alarm_cost: float = 1.0
) -> float:
    """Give the least cost that any threshold has, as a share of the cheaper of *always no* and *always yes*.

    Parameters
    ----------
    scores : array_like [shape=(n,)]
        Higher means more likely the same person.
    same : array_like of bool [shape=(n,)]
        Whether it is.
    prior : float
        How often a claim is true, in use.
    miss_cost, false_alarm_cost : float
        What it costs to refuse the right one, and to accept a wrong one.

    Returns
    -------
    float
        minDCF: 0 is perfect, 1 is of no use.

    Raises
    ------
    ValueError
        If the prior is not between 0 and 1, a cost is not positive, or as `metrics.det_curve`.

    References
    ----------
    Doddington et al. (2000), The NIST speaker recognition evaluation – Overview, methodology, systems, results,
    perspective, Speech Communication 31(2–3), 225–254.

    Examples
    --------
    >>> minimum_cost([0.9, 0.6, 0.4, 0.1], [True, False, True, False], prior=0.5)
    0.5
    """
    if not (0 < prior < 1 and miss_cost > 0 and false_alarm_cost > 0):
        raise ValueError(
            f"the prior lies between 0 and 1 and costs are positive; got {prior}, {miss_cost} and {false_alarm_cost}"
        )
    false_alarm, miss, _ = metrics.det_curve(scores, same)
    cost = miss_cost * prior * miss + false_alarm_cost * (1 - prior) * false_alarm
    return float(cost.min() / min(miss_cost * prior, false_alarm_cost * (1 - prior)))
