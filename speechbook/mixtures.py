"""Gaussian mixtures as the scores of a hidden Markov model, and their training by alternating alignment.

`train` learns from clips of which only the sequence of states is known, not when each begins: it divides every clip
evenly, fits Gaussians, aligns again with `speechbook.hmm`, and repeats. Taught in *What deep learning changed*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from speechbook import hmm
from speechbook._checks import positive_int

FRAMES_AT_ONCE = 8192
VARIANCE_FLOOR = 0.02
FIRST_STAY = 0.8


@dataclass(frozen=True, eq=False)
class Mixtures:
    """One mixture of diagonal Gaussians a state, and how long each state tends to last.

    Attributes
    ----------
    means, variances : float arrays [shape=(states, components, features)]
        Of every component.
    weights : float array [shape=(states, components)]
        Share of every component; they sum to 1 in each state.
    stay : float array [shape=(states,)]
        Probability of staying in the state for another frame.
    """

    means: np.ndarray
    variances: np.ndarray
    weights: np.ndarray
    stay: np.ndarray

    @property
    def n_parameters(self) -> int:
        """Numbers that were learnt: means, variances, weights and staying probabilities."""
        return self.means.size + self.variances.size + self.weights.size + self.stay.size

    def log_density(self, x: ArrayLike, *, states: Sequence[int] | None = None) -> np.ndarray:
        """Score frames in states.

        Parameters
        ----------
        x : array_like [shape=(frames, features)]
            Features of each frame.
        states : sequence of int, optional
            Which states, in which order; by default all.

        Returns
        -------
        float array [shape=(frames, states)]
            Natural logarithm of the density.

        Raises
        ------
        ValueError
            If the number of features is another one.

        Examples
        --------
        >>> ones = np.ones((1, 1, 2))
        >>> round(float(Mixtures(0 * ones, ones, ones[..., 0], ones[0, 0, :1]).log_density([[0.0, 0.0]])[0, 0]), 4)
        -1.8379
        """
        x = np.asarray(x, np.float64)
        if x.ndim != 2 or x.shape[1] != self.means.shape[-1]:
            raise ValueError(f"x must have the shape (frames, {self.means.shape[-1]}); got {x.shape}.")
        states = np.arange(len(self.means)) if states is None else np.asarray(states)
        result = np.empty((len(x), len(states)))
        for start in range(0, len(x), FRAMES_AT_ONCE):
            part = slice(start, start + FRAMES_AT_ONCE)
            result[part] = logsumexp(self._components(x[part], states), axis=-1)
        return result

    def _components(self, x: np.ndarray, states: np.ndarray) -> np.ndarray:
        """Give log(weight · density) of each component [shape=(frames, states, components)]."""
        means, variances = self.means[states], self.variances[states]
        n_states, n_components, n_features = means.shape
        precisions = (1 / variances).reshape(-1, n_features)
        centres = means.reshape(-1, n_features)
        distance = x**2 @ precisions.T - 2 * x @ (centres * precisions).T + (centres**2 * precisions).sum(axis=1)
        constant = np.log(2 * np.pi * variances).sum(axis=-1)
        densities = -0.5 * (distance.reshape(len(x), n_states, n_components) + constant)
        return densities + np.log(self.weights[states])


def even_alignment(n_frames: int, chain: Sequence[int]) -> np.ndarray:
    """Divide frames evenly among the states of a chain.

    Parameters
    ----------
    n_frames : int
        Frames of the clip, at least as many as there are states.
    chain : sequence of int
        States in order.

    Returns
    -------
    int array [shape=(n_frames,)]

    Raises
    ------
    ValueError
        If there are fewer frames than states.

    Examples
    --------
    >>> even_alignment(7, [4, 5, 6])
    array([4, 4, 4, 5, 5, 6, 6])
    """
    if n_frames < len(chain):
        raise ValueError(f"{n_frames} frames are too few for {len(chain)} states that last at least one frame each.")
    return np.asarray(chain)[np.arange(n_frames) * len(chain) // n_frames]


def train(
    clips: Sequence[ArrayLike],
    chains: Sequence[Sequence[int]],
    *,
    n_components: int = 1,
    n_rounds: int = 6,
) -> Mixtures:
    """Fit mixtures and staying probabilities to clips whose states are known in order, but not in time.

    Rounds of "align, then fit" follow an even division (segmental k-means). Components double by splitting.

    Parameters
    ----------
    clips : sequence of arrays [shape=(frames, features)]
        Features of each clip.
    chains : sequence of sequences of int
        The states of each clip in order; different clips, and different places of one chain, may share states.
    n_components : int
        Gaussians a state: a power of 2.
    n_rounds : int
        Alignments for each number of components.

    Returns
    -------
    Mixtures

    Raises
    ------
    ValueError
        If there are no clips or not as many chains, a clip is shorter than its chain, or `n_components` is no power of
        2.

    References
    ----------
    Juang, B.-H., & Rabiner, L. R. (1990). The segmental K-means algorithm for estimating parameters of hidden Markov
    models. *IEEE Transactions on Acoustics, Speech, and Signal Processing*, 38(9), 1639–1641.

    Examples
    --------
    >>> clips = [np.array([[0.0], [0.1], [5.0], [5.1]]), np.array([[0.2], [5.0], [5.2], [4.9]])]
    >>> model = train(clips, [[0, 1], [0, 1]])
    >>> model.means[:, 0, 0].round(2)
    array([0.1 , 5.04])
    """
    n_components, n_rounds = positive_int(n_components=n_components), positive_int(n_rounds=n_rounds)
    if n_components & (n_components - 1):
        raise ValueError(f"n_components must be a power of 2 (1, 2, 4, …), since components split; got {n_components}.")
    clips = [np.asarray(clip, np.float64) for clip in clips]
    if not clips or len(clips) != len(chains):
        raise ValueError(f"there must be one chain for each clip; got {len(clips)} clips and {len(chains)} chains.")
    x = np.concatenate(clips)
    states = np.concatenate([even_alignment(len(clip), chain) for clip, chain in zip(clips, chains, strict=True)])
    model = _begin(x, n_states=1 + max(max(chain) for chain in chains))
    model = _fit(model, x, states, chains)
    while True:
        for _ in range(n_rounds):
            states = np.concatenate(align(clips, chains, model))
            model = _fit(model, x, states, chains)
        if model.means.shape[1] == n_components:
            return model
        model = _split(model)


def align(clips: Sequence[ArrayLike], chains: Sequence[Sequence[int]], model: Mixtures) -> list[np.ndarray]:
    """Say for every frame of every clip which state of its chain it belongs to (forced alignment).

    Parameters
    ----------
    clips, chains
        As for `train`.
    model : Mixtures
        Trained before.

    Returns
    -------
    list of int arrays [shape=(frames,)]
        One a clip.

    Examples
    --------
    >>> clips = [np.array([[0.0], [0.1], [5.0], [5.1]]), np.array([[0.2], [5.0], [5.2], [4.9]])]
    >>> align(clips, [[0, 1]] * 2, train(clips, [[0, 1]] * 2))
    [array([0, 0, 1, 1]), array([0, 1, 1, 1])]
    """
    aligned: list[np.ndarray] = [np.empty(0, int)] * len(clips)
    for chain, members in _same_chain(chains):
        group = [np.asarray(clips[i], np.float64) for i in members]
        lengths = np.array([len(clip) for clip in group])
        scores = np.zeros((len(group), lengths.max(), len(chain)))
        scores[np.arange(lengths.max()) < lengths[:, None]] = model.log_density(np.concatenate(group), states=chain)
        paths, _ = hmm.viterbi(scores, hmm.left_to_right(model.stay[chain]), lengths=lengths)
        for i, path, length in zip(members, paths, lengths, strict=True):
            aligned[i] = np.asarray(chain)[path[:length]]
    return aligned


def _same_chain(chains: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], list[int]]]:
    groups: dict[tuple, list[int]] = {}
    for i, chain in enumerate(chains):
        groups.setdefault(tuple(chain), []).append(i)
    return ((list(chain), members) for chain, members in groups.items())


def _begin(x: np.ndarray, *, n_states: int) -> Mixtures:
    shape = (n_states, 1, x.shape[1])
    mean, variance = np.broadcast_to(x.mean(axis=0), shape), np.broadcast_to(x.var(axis=0) + 1e-8, shape)
    return Mixtures(mean.copy(), variance.copy(), np.ones((n_states, 1)), np.full(n_states, FIRST_STAY))


def _fit(model: Mixtures, x: np.ndarray, states: np.ndarray, chains: Sequence[Sequence[int]]) -> Mixtures:
    """Fit every state to its frames: one step of EM for the components, counts for the staying probabilities."""
    means, variances, weights = model.means.copy(), model.variances.copy(), model.weights.copy()
    floor = VARIANCE_FLOOR * x.var(axis=0) + 1e-8
    for state in range(len(means)):
        rows = x[states == state]
        if len(rows) < 2:
            continue
        scores = model._components(rows, np.array([state]))[:, 0]
        shares = np.exp(scores - logsumexp(scores, axis=1, keepdims=True))
        counts = shares.sum(axis=0) + 1e-8
        weights[state] = counts / counts.sum()
        means[state] = shares.T @ rows / counts[:, None]
        variances[state] = np.maximum(shares.T @ rows**2 / counts[:, None] - means[state] ** 2, floor)
    frames = np.bincount(states, minlength=len(means))
    visits = np.bincount(np.concatenate([np.asarray(chain) for chain in chains]), minlength=len(means))
    stay = np.clip(1 - visits / np.maximum(frames, 1), 0.05, 0.99)
    return Mixtures(means, variances, weights, stay)


def _split(model: Mixtures) -> Mixtures:
    """Make two components of each, a little to either side."""
    aside = 0.2 * np.sqrt(model.variances)
    means = np.concatenate([model.means - aside, model.means + aside], axis=1)
    double = [np.concatenate([array, array], axis=1) for array in (model.variances, model.weights / 2)]
    return Mixtures(means, *double, model.stay)
