"""Ways to write down what an attention decoder hears: greedily, by a beam, and with CTC as a second judge.

The decoder is a `Scribe` of `speechbook.attend_and_spell`. Taught in the chapter *Listen, look and write*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from speechbook import decoding
from speechbook._checks import positive_int
from speechbook._keras import keras
from speechbook.attend_and_spell import END, Scribe, Speller
from speechbook.sequence_models import PICTURES_AT_ONCE, SUBSAMPLING, buckets, pad

# isort: split
import tensorflow as tf  # after Keras, which keeps its start-up log quiet

MAX_SYMBOLS = 30
"""No answer is longer: a decoder that has lost its place may else go on for ever."""


class Spelling(NamedTuple):
    """What a decoder wrote.

    Attributes
    ----------
    labels : list of int
        Classes, without the end.
    score : float
        Logarithm of their probability, the end included.
    weights : np.ndarray [shape=(labels + 1, steps)]
        Where it looked before each symbol, and before the end or whatever came instead.
    ended : bool
        Whether it came to an end by itself.
    """

    labels: list[int]
    score: float
    weights: np.ndarray
    ended: bool


def listen(model: Scribe, pictures: Sequence[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray, tuple]]:
    """Encode pictures in batches of like lengths: (their indices, the decoder's memory, its state at the start)."""
    if not len(pictures):
        raise ValueError("there are no pictures to read")
    for rows in buckets([len(picture) for picture in pictures], batch_size=PICTURES_AT_ONCE):
        steps = model.listener(pad([pictures[i] for i in rows]), training=False)
        yield rows, *model.speller.begin(steps["heard"], steps["real"])


def greedy(model: Scribe, pictures: Sequence[np.ndarray], *, max_symbols: int = MAX_SYMBOLS) -> list[Spelling]:
    """Write the likeliest symbol, then the likeliest after it, until the end.

    Parameters
    ----------
    model : Scribe
        Trained.
    pictures : sequence of np.ndarray [shape=(frames, bands)]
        Of any lengths.
    max_symbols : int
        Where to stop a decoder that does not.

    Returns
    -------
    list of Spelling
        In the order of the pictures.

    Examples
    --------
    >>> from speechbook.attend_and_spell import scribe
    >>> found = greedy(scribe(11, n_symbols=3), [np.zeros((98, 40), np.float32)], max_symbols=4)[0]
    >>> len(found.labels) <= 4, found.weights.shape[1]
    (True, 25)
    """
    found: list = [None] * len(pictures)
    step = _compiled(model.speller)
    for rows, memory, state in listen(model, pictures):
        last, symbols, weights, scores = np.zeros(len(rows), np.int32), [], [], []
        while len(symbols) <= max_symbols and not (symbols and np.all(np.any(np.array(symbols) == END, axis=0))):
            log_p, looks, state = step(last, state, memory)
            log_p = np.asarray(log_p)
            last = log_p.argmax(axis=1).astype(np.int32)
            symbols.append(last), weights.append(np.asarray(looks)), scores.append(log_p.max(axis=1))
        table = np.array(symbols).T, np.array(weights).swapaxes(0, 1), np.array(scores).T
        for i, labels, looks, nats in zip(rows, *table, strict=True):
            n = int(np.argmax(labels == END)) if END in labels else max_symbols
            shown = looks[: n + 1, : -(-len(pictures[i]) // SUBSAMPLING)]
            found[i] = Spelling(labels[:n].tolist(), float(nats[: n + 1].sum()), shown, END in labels)
    return found


@lru_cache(maxsize=2)
def _compiled(speller: Speller) -> Callable:
    """Compile one step for any number of clips and steps: (log-probabilities, weights, next state)."""
    anything = (None, None)
    state = tuple(tf.TensorSpec(anything) for _ in range(2))
    memory = (tf.TensorSpec((None, *anything)), tf.TensorSpec((None, *anything)), tf.TensorSpec(anything, tf.bool))

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.int32), state, memory])
    def step(last, state, memory):
        scores, weights, state = speller.step(last, state, memory)
        return tf.nn.log_softmax(scores), weights, state

    return step


def beam_search(
    step: Callable[[np.ndarray, object], tuple[np.ndarray, object]],
    state: object,
    *,
    beam_width: int = 4,
    max_symbols: int = MAX_SYMBOLS,
    length_bonus: float = 0.0,
) -> list[tuple[list[int], float]]:
    """Search for the likeliest sentences of any decoder that writes one symbol after the other.

    Parameters
    ----------
    step : callable
        From the last symbols of the beams, int array [shape=(beams,)], and their states, arrays whose first axis counts
        beams, to log-probabilities [shape=(beams, classes)] and the next states.
    state : nested tuple of array
        Of one beam, before the first symbol.
    beam_width : int
        Sentences kept after every symbol.
    max_symbols : int
        Symbols of a sentence, at most.
    length_bonus : float
        Nats for every symbol: products of probabilities favour what is short.

    Returns
    -------
    list of (labels, score)
        Sentences with their ends, the best first.

    Examples
    --------
    >>> table = np.log([[0.0001, 0.6, 0.3999], [0.1, 0.45, 0.45], [0.98, 0.01, 0.01]])  # rows: last symbol
    >>> found = beam_search(lambda last, state: (table[last], state), np.zeros(1), beam_width=2, max_symbols=3)
    >>> found[0][0], round(float(np.exp(found[0][1])), 2)
    ([2], 0.39)
    """
    beams, scores, last, ended = [[]], np.zeros(1), np.zeros(1, np.int32), []
    for length in range(positive_int(max_symbols=max_symbols) + 1):
        log_p, state = step(last, state)
        total = scores[:, None] + np.asarray(log_p, np.float64)
        ended += [(own, float(score)) for own, score in zip(beams, total[:, END], strict=True)]
        ended = sorted(ended, key=lambda one: -one[1])[: positive_int(beam_width=beam_width)]
        total[:, END] = -np.inf
        total[:, END + 1 :] += length_bonus
        best = np.argsort(-total, axis=None, kind="stable")[: min(beam_width, np.isfinite(total).sum())]
        hopeless = length_bonus <= 0 and len(ended) == beam_width and ended[-1][1] >= total.flat[best[0]]
        if length == max_symbols or hopeless:
            break
        parents, symbols = np.unravel_index(best, total.shape)
        beams = [[*beams[parent], int(symbol)] for parent, symbol in zip(parents, symbols, strict=True)]
        scores, last = total.flat[best], symbols.astype(np.int32)
        state = keras.tree.map_structure(lambda values, chosen=parents: np.asarray(values)[chosen], state)
    return ended


def beam(model: Scribe, pictures: Sequence[np.ndarray], **how) -> list[list[tuple[list[int], float]]]:
    """Search for the likeliest sentences of every picture.

    Parameters
    ----------
    model : Scribe
        Trained.
    pictures : sequence of np.ndarray [shape=(frames, bands)]
        Of any lengths.
    **how
        As for `beam_search`.

    Returns
    -------
    list of list of (labels, score)
        For each picture, the best first.
    """
    found: list = [None] * len(pictures)

    step = _compiled(model.speller)

    def look(last, state, memory):
        log_p, _, state = step(last, state, memory)
        return log_p, state

    for rows, memory, state in listen(model, pictures):
        for number, i in enumerate(rows):
            own, start = keras.tree.map_structure(lambda x, n=number: x[n : n + 1], (memory, state))
            found[i] = beam_search(lambda last, state, own=own: look(last, state, own), start, **how)
    return found


def judge_by_ctc(
    found: Sequence[tuple[list[int], float]], log_probs: np.ndarray, *, weight: float = 0.3
) -> list[tuple[list[int], float]]:
    """Let a CTC head on the same encoder judge what a beam found (Watanabe et al., 2017).

    Parameters
    ----------
    found : sequence of (labels, score)
        From `beam`.
    log_probs : np.ndarray [shape=(outputs, classes)]
        Of the CTC head.
    weight : float
        Of CTC's judgement, between 0 and 1; the decoder has the rest.

    Returns
    -------
    list of (labels, score)
        The best first.

    Examples
    --------
    >>> heard = np.log(np.eye(11)[[0, 6, 6, 0, 3]] + 1e-9)
    >>> judge_by_ctc([([6, 3, 3, 3], -0.1), ([6, 3], -0.3)], heard)[0][0]
    [6, 3]
    """
    judged = [
        (own, (1 - weight) * score + weight * decoding.ctc_log_likelihood(log_probs, own)) for own, score in found
    ]
    return sorted(judged, key=lambda one: -one[1])
