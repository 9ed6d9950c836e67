"""Hidden Markov models: score, align and decode sequences of frames with chains of states.

Everything works on ``log_observed`` [shape=(…, frames, states)]: how well each state explains each frame, as a natural
logarithm. Where the scores come from does not matter: Gaussian mixtures (`speechbook.mixtures`) or a network. Taught
in the chapter *What deep learning changed*.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class Topology(NamedTuple):
    """Which state may follow which, as natural logarithms of probabilities.

    Attributes
    ----------
    start : float array [shape=(states,)]
        Of beginning in each state.
    step : float array [shape=(states, states)]
        Of going from one state (row) to another (column) at the next frame.
    end : float array [shape=(states,)]
        Of ending after each state.
    """

    start: np.ndarray
    step: np.ndarray
    end: np.ndarray


def left_to_right(stay: ArrayLike) -> Topology:
    """Build a chain of states: each is held for a while, then left for the next; the last one leads out.

    Parameters
    ----------
    stay : array_like [shape=(states,)]
        Probability of staying in each state for another frame, between 0 and 1.

    Returns
    -------
    Topology
        Begins in the first state and ends after the last.

    Raises
    ------
    ValueError
        If a probability is not between 0 and 1, or there is none.

    References
    ----------
    Bakis, R. (1976). Continuous speech recognition via centisecond acoustic states. *Journal of the Acoustical Society
    of America*, 59(S1), S97.

    Examples
    --------
    >>> np.exp(left_to_right([0.75, 0.5]).step)
    array([[0.75, 0.25],
           [0.  , 0.5 ]])
    """
    stay = np.asarray(stay, float)
    if stay.ndim != 1 or stay.size == 0 or not ((stay > 0) & (stay < 1)).all():
        raise ValueError(f"stay must hold one probability between 0 and 1 for each state; got {stay}.")
    n = len(stay)
    step = np.full((n, n), -np.inf)
    step[range(n), range(n)] = np.log(stay)
    step[range(n - 1), range(1, n)] = np.log1p(-stay[:-1])
    start, end = np.full(n, -np.inf), np.full(n, -np.inf)
    start[0], end[-1] = 0.0, np.log1p(-stay[-1])
    return Topology(start, step, end)


def forward(log_observed: ArrayLike, topology: Topology) -> np.ndarray:
    """Fill the lattice of forward log-probabilities: sums over all paths that lead to each state.

    Parameters
    ----------
    log_observed : array_like [shape=(…, frames, states)]
        Log-density of each frame in each state.
    topology : Topology
        Which state may follow which.

    Returns
    -------
    float array [shape=(…, frames, states)]
        Log-density of all frames up to this one, on any path that is in this state now.

    Raises
    ------
    ValueError
        If the numbers of states differ, there is no frame, or a score is NaN.

    References
    ----------
    Rabiner, L. R. (1989). A tutorial on hidden Markov models and selected applications in speech recognition.
    *Proceedings of the IEEE*, 77(2), 257–286.

    Examples
    --------
    >>> np.exp(forward(np.log([[0.5, 0.1], [0.5, 0.1], [0.1, 0.4]]), left_to_right([0.5, 0.5]))).round(4)
    array([[0.5   , 0.    ],
           [0.125 , 0.025 ],
           [0.0063, 0.03  ]])
    """
    observed = _scores(log_observed, topology)
    lattice = np.empty_like(observed)
    lattice[..., 0, :] = topology.start + observed[..., 0, :]
    for t in range(1, observed.shape[-2]):
        arriving = lattice[..., t - 1, :, None] + topology.step
        lattice[..., t, :] = np.logaddexp.reduce(arriving, axis=-2) + observed[..., t, :]
    return lattice


def log_likelihood(log_observed: ArrayLike, topology: Topology, *, lengths: ArrayLike | None = None) -> np.ndarray:
    """Sum over all paths: the log-density of all frames under the model.

    Parameters
    ----------
    log_observed : array_like [shape=(…, frames, states)]
        Log-density of each frame in each state.
    topology : Topology
        Which state may follow which.
    lengths : array_like of int [shape=(…)], optional
        How many frames of each sequence are real; by default all.

    Returns
    -------
    float array [shape=(…)]
        −inf where no path fits, as in a chain that has more states than there are frames.

    Raises
    ------
    ValueError
        As for `forward`, or if a length does not fit.

    Examples
    --------
    >>> observed = np.log([[0.5, 0.1], [0.5, 0.1], [0.1, 0.4]])
    >>> print(round(float(np.exp(log_likelihood(observed, left_to_right([0.5, 0.5])))), 6))
    0.015
    """
    lattice = forward(log_observed, topology)
    last = _last(lattice.shape, lengths)
    final = np.take_along_axis(lattice, last[..., None, None], axis=-2)[..., 0, :]
    return np.logaddexp.reduce(final + topology.end, axis=-1)


def viterbi(
    log_observed: ArrayLike, topology: Topology, *, lengths: ArrayLike | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Find the single most probable path.

    Parameters
    ----------
    log_observed, topology, lengths
        As for `log_likelihood`.

    Returns
    -------
    path : int array [shape=(…, frames)]
        State of every frame; the frames after a sequence's end repeat its last state.
    score : float array [shape=(…)]
        Log-density of the frames on that path; −inf where no path fits.

    Raises
    ------
    ValueError
        As for `log_likelihood`.

    References
    ----------
    Viterbi, A. J. (1967). Error bounds for convolutional codes and an asymptotically optimum decoding algorithm. *IEEE
    Transactions on Information Theory*, 13(2), 260–269.

    Examples
    --------
    >>> path, score = viterbi(np.log([[0.5, 0.1], [0.5, 0.1], [0.1, 0.4]]), left_to_right([0.5, 0.5]))
    >>> path, round(float(np.exp(score)), 6)
    (array([0, 0, 1]), 0.0125)
    """
    observed = _scores(log_observed, topology)
    last = _last(observed.shape, lengths)
    n_frames = observed.shape[-2]
    before = np.zeros(observed.shape, np.int32)
    best = topology.start + observed[..., 0, :]
    final = np.where((last == 0)[..., None], best, -np.inf)
    for t in range(1, n_frames):
        arriving = best[..., :, None] + topology.step
        before[..., t, :] = arriving.argmax(axis=-2)
        best = arriving.max(axis=-2) + observed[..., t, :]
        final = np.where((last == t)[..., None], best, final)
    final = final + topology.end
    path = np.empty(observed.shape[:-1], np.int64)
    state = final.argmax(axis=-1)
    for t in range(n_frames - 1, -1, -1):
        path[..., t] = state
        previous = np.take_along_axis(before[..., t, :], state[..., None], axis=-1)[..., 0]
        state = np.where(t <= last, previous, state)
    return path, final.max(axis=-1)


class WordLoop(NamedTuple):
    """One large model in which every word may follow every word.

    Attributes
    ----------
    topology : Topology
        Over the states of all words, one word after another.
    columns : int array [shape=(states,)]
        The acoustic state that scores each state of the loop.
    words : tuple [length=states]
        The word that each state belongs to.
    first : bool array [shape=(states,)]
        True at the first state of every word.
    """

    topology: Topology
    columns: np.ndarray
    words: tuple
    first: np.ndarray


def word_loop(
    chains: Mapping[Hashable, Sequence[int]],
    *,
    stay: ArrayLike,
    language: Callable[[Hashable | None, Hashable | None], float],
) -> WordLoop:
    """Join the chains of all words into one model: what a decoder searches.

    Parameters
    ----------
    chains : mapping of word to sequence of int
        The acoustic states of each word in order, at least two (a repeat could not be told from a long one): a
        pronunciation lexicon.
    stay : array_like [shape=(acoustic states,)]
        Probability of staying in each acoustic state.
    language : callable
        ``language(before, word)`` gives the log-probability of a word after another one; `before` is None at the
        beginning, and `word` is None for the end.

    Returns
    -------
    WordLoop

    Raises
    ------
    ValueError
        If there is no word, a word has fewer than two states, or a state does not exist.

    References
    ----------
    Ney, H. (1984). The use of a one-stage dynamic programming algorithm for connected word recognition. *IEEE
    Transactions on Acoustics, Speech, and Signal Processing*, 32(2), 263–271.

    Examples
    --------
    >>> chains = {"a": [0, 1], "b": [2, 0]}
    >>> loop = word_loop(chains, stay=[0.5, 0.5, 0.5], language=lambda before, word: np.log(1 / 3))
    >>> loop.words, np.exp(loop.topology.step[1]).round(3)
    (('a', 'a', 'b', 'b'), array([0.167, 0.5  , 0.167, 0.   ]))
    """
    stay = np.asarray(stay, float)
    if not chains:
        raise ValueError("chains must hold at least one word, with its states.")
    for word, chain in chains.items():
        if len(chain) < 2 or min(chain) < 0 or max(chain) >= len(stay):
            raise ValueError(
                f"the states of {word!r} must be at least two numbers from 0 to {len(stay) - 1}; got {list(chain)}."
            )
    size = sum(map(len, chains.values()))
    start, end = np.full(size, -np.inf), np.full(size, -np.inf)
    step, first = np.full((size, size), -np.inf), np.zeros(size, bool)
    places, offset = {}, 0
    for word, chain in chains.items():
        places[word] = slice(offset, offset + len(chain))
        inner = left_to_right(stay[list(chain)])
        step[places[word], places[word]] = inner.step
        start[offset], first[offset] = language(None, word), True
        end[places[word]] = inner.end + language(word, None)
        offset += len(chain)
    for before, out in places.items():
        leave = np.log1p(-stay[chains[before][-1]])
        for word, into in places.items():
            step[out.stop - 1, into.start] = leave + language(before, word)
    columns = np.concatenate([np.asarray(chain, int) for chain in chains.values()])
    words = tuple(word for word, chain in chains.items() for _ in chain)
    return WordLoop(Topology(start, step, end), columns, words, first)


def decode(log_observed: ArrayLike, loop: WordLoop) -> tuple[list, np.ndarray]:
    """Read the most probable word sequence out of one utterance.

    Parameters
    ----------
    log_observed : array_like [shape=(frames, acoustic states)]
        Log-density of each frame in each acoustic state.
    loop : WordLoop
        What `word_loop` returned.

    Returns
    -------
    words : list
        In the order in which they were said.
    begins : int array [shape=(words,)]
        The frame at which each begins.

    Raises
    ------
    ValueError
        If no path fits, because the utterance has fewer frames than the shortest word has states.

    Examples
    --------
    >>> chains = {"up": [0, 1], "down": [1, 0]}
    >>> loop = word_loop(chains, stay=[0.5, 0.5], language=lambda before, word: np.log(1 / 3))
    >>> decode(np.log([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.9, 0.1]]), loop)
    (['up', 'down'], array([0, 3]))
    """
    observed = np.asarray(log_observed, float)[:, loop.columns]
    path, score = viterbi(observed, loop.topology)
    if not np.isfinite(score):
        raise ValueError(f"no sequence of words fits {len(observed)} frames: each state takes at least one frame.")
    entered = loop.first[path[1:]] & (path[1:] != path[:-1])
    begins = [0, *(1 + np.flatnonzero(entered)).tolist()]
    return [loop.words[path[t]] for t in begins], np.array(begins)


def _scores(log_observed: ArrayLike, topology: Topology) -> np.ndarray:
    """Return the scores as an array of float64 that fits the topology, or raise ValueError."""
    observed = np.asarray(log_observed, np.float64)
    n_states = len(topology.start)
    if observed.ndim < 2 or observed.shape[-1] != n_states or observed.shape[-2] == 0:
        raise ValueError(f"log_observed must have the shape (…, frames, {n_states}); got {observed.shape}.")
    if np.isnan(observed).any():
        raise ValueError("log_observed holds NaN: look for the logarithm of a negative number or for 0/0.")
    return observed


def _last(shape: tuple[int, ...], lengths: ArrayLike | None) -> np.ndarray:
    """Return the index of every sequence's last frame."""
    if lengths is None:
        return np.full(shape[:-2], shape[-2] - 1)
    lengths = np.asarray(lengths)
    if lengths.shape != shape[:-2] or lengths.dtype.kind not in "iu" or lengths.min() < 1 or lengths.max() > shape[-2]:
        raise ValueError(f"lengths must be whole numbers from 1 to {shape[-2]}, shape {shape[:-2]}; got {lengths}.")
    return lengths - 1
