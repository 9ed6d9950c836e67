"""From a network's output, frame by frame, to text: greedy decoding, and prefix beam search with a language model.

The arithmetic of CTC comes from `speechbook.ctc`, n-gram models from `speechbook.language`; all of it can be had as
``decoding.…``.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from speechbook.ctc import (
    CtcAlignment,
    check_labels,
    check_log_probs,
    check_scores,
    ctc_align,
    ctc_backward,
    ctc_collapse,
    ctc_forward,
    ctc_gradient,
    ctc_log_likelihood,
    ctc_posteriors,
)
from speechbook.language import END, NGramModel

__all__ = [
    "CtcAlignment",
    "Hypothesis",
    "NGramModel",
    "ctc_align",
    "ctc_backward",
    "ctc_beam_search",
    "ctc_collapse",
    "ctc_forward",
    "ctc_gradient",
    "ctc_greedy",
    "ctc_log_likelihood",
    "ctc_posteriors",
]

_WORD = "word"


def ctc_greedy(log_probs: ArrayLike, *, blank: int = 0) -> list[int]:
    """Read the best path: the likeliest class of every frame.

    Parameters
    ----------
    log_probs : array_like [shape=(frames, classes)]
        Log-probabilities, or any other score that rises with them.
    blank : int
        Class of the blank.

    Returns
    -------
    list of int
        The labels. They need not be the likeliest labels, which several paths may spell together.

    Raises
    ------
    ValueError
        If the array has another shape or holds NaN.

    References
    ----------
    Graves, Fernández, Gomez & Schmidhuber (2006), Connectionist temporal classification, ICML, 369–376.

    Examples
    --------
    >>> ctc_greedy(np.log([[0.6, 0.4], [0.6, 0.4]]))
    []
    >>> ctc_beam_search(np.log([[0.6, 0.4], [0.6, 0.4]]), beam_width=2)[0].labels
    (1,)
    """
    return ctc_collapse(check_scores(log_probs, blank).argmax(axis=1), blank=blank)


class Hypothesis(NamedTuple):
    """One answer of `ctc_beam_search`.

    Attributes
    ----------
    labels : tuple of int
        The classes, without blanks.
    words : tuple
        The words they spell, if a vocabulary was given, else empty.
    log_prob : float
        Log-probability of the labels by the network alone, of the paths inside the beam, in nats.
    score : float
        What the search ranks by: log_prob + weight · log P(language model) + length_bonus · length.
    """

    labels: tuple[int, ...]
    words: tuple[Hashable, ...]
    log_prob: float
    score: float


class _State(NamedTuple):
    """What the search knows about a prefix besides its probability."""

    tokens: tuple[Hashable, ...] = ()
    score: float = 0.0
    node: dict | None = None


class _Grammar:
    """Which labels may follow a prefix, and what the language model and the length bonus add for them."""

    def __init__(self, classes, language_model, weight, length_bonus, trie, space):
        self.classes, self.model, self.weight, self.length_bonus = classes, language_model, weight, length_bonus
        self.trie, self.space = trie, space

    def choices(self, state: _State) -> Iterable[int]:
        if state.node is None:
            return self.classes
        return [self.space if key == _WORD else key for key in state.node]

    def extend(self, state: _State, label: int) -> _State:
        if state.node is None:
            return self._append(state, label)
        if label == self.space:
            return self._append(state, state.node[_WORD])
        return state._replace(node=state.node[label])

    def finish(self, state: _State) -> _State | None:
        """Close the last word and the sentence; None if the prefix stops short of a word's end."""
        if state.node is not None and (state.tokens or state.node is not self.trie):
            if _WORD not in state.node:
                return None
            state = self._append(state, state.node[_WORD])
        return state._replace(score=state.score + self._language_score(END, state.tokens))

    def _append(self, state: _State, token: Hashable) -> _State:
        score = state.score + self._language_score(token, state.tokens) + self.length_bonus
        return _State((*state.tokens, token), score, self.trie)

    def _language_score(self, token: Hashable, context: tuple) -> float:
        return self.weight * self.model.log_prob(token, context=context) if self.model is not None else 0.0


def _spelling_tree(vocabulary: Mapping[Hashable, Sequence[int]], space: int | None, n_classes: int, blank: int) -> dict:
    if space is None or not 0 <= space < n_classes or space == blank:
        raise ValueError(f"a vocabulary needs space=…, the class between two words, other than the blank; got {space}")
    if not isinstance(vocabulary, Mapping) or not vocabulary:
        raise ValueError("vocabulary must map every word to its labels, such as {'two': [20, 23, 15]}")
    root: dict = {}
    for word, spelling in vocabulary.items():
        node = root
        for label in check_labels(spelling, n_classes, blank).tolist():
            if label == space:
                raise ValueError(f"the spelling of {word!r} holds the space ({space}): enter its parts as words")
            node = node.setdefault(label, {})
        if node is root or _WORD in node:
            other = f"that of {node[_WORD]!r}" if node is not root else "empty"
            raise ValueError(f"every word needs a spelling of its own, but that of {word!r} is {other}")
        node[_WORD] = word
    return root


def _log_add(a: float, b: float) -> float:
    if a < b:
        a, b = b, a
    return a if b == -math.inf else a + math.log1p(math.exp(b - a))


def ctc_beam_search(
    log_probs: ArrayLike,
    *,
    beam_width: int,
    blank: int = 0,
    language_model: NGramModel | None = None,
    weight: float = 1.0,
    length_bonus: float = 0.0,
    vocabulary: Mapping[Hashable, Sequence[int]] | None = None,
    space: int | None = None,
) -> list[Hypothesis]:
    """Search for the likeliest labels by prefix beam search, if wanted with a language model and a closed vocabulary.

    After every frame the search keeps the best prefixes, each with two probabilities: of its paths that end in a blank
    and of those that do not. A wide enough beam makes it exact.

    Parameters
    ----------
    log_probs : array_like [shape=(frames, classes)]
        Log-probabilities of one utterance.
    beam_width : int
        Number of prefixes kept after every frame.
    blank : int
        Class of the blank.
    language_model : NGramModel, optional
        Its tokens are the words if there is a vocabulary, else the classes. The end of the sentence counts too.
    weight : float
        Factor of the language model's log-probability.
    length_bonus : float
        Added for every token (word or label), against a language model's liking for short answers.
    vocabulary : mapping of word to sequence of int, optional
        The words allowed, each with its labels; answers are words with one space between them, or empty. If at the end
        no prefix in the beam closes with a word, the beginnings that do are given, with all their paths.
    space : int, optional
        Class between two words; needed with a vocabulary.

    Returns
    -------
    list of Hypothesis
        The best first, at most beam_width.

    Raises
    ------
    ValueError
        If log_probs are not logarithms of probabilities, the beam is narrower than 1, the vocabulary cannot be used, or
        the language model does not know a token.

    References
    ----------
    Hannun, Maas, Jurafsky & Ng (2014), First-pass large vocabulary continuous speech recognition using bi-directional
    recurrent DNNs, arXiv:1408.2873.

    Examples
    --------
    >>> log_probs = np.log([[0.1, 0.6, 0.3], [0.4, 0.2, 0.4], [0.1, 0.1, 0.8]])
    >>> ctc_greedy(log_probs)
    [1, 2]
    >>> likes_two = NGramModel.train([[2]] * 9, order=2, vocabulary=[1, 2])
    >>> [ctc_beam_search(log_probs, beam_width=8, language_model=likes_two, weight=w)[0].labels for w in (0.0, 1.0)]
    [(1, 2), (2,)]
    """
    log_probs = check_log_probs(log_probs, blank)
    if beam_width < 1:
        raise ValueError(f"beam_width must be at least 1, but is {beam_width}")
    n_classes = log_probs.shape[1]
    trie = None if vocabulary is None else _spelling_tree(vocabulary, space, n_classes, blank)
    classes = [label for label in range(n_classes) if label != blank]
    grammar = _Grammar(classes, language_model, weight, length_bonus, trie, space)
    states = {(): _State(node=trie)}
    beam = {(): (0.0, -math.inf)}

    def rank(entry):
        return _log_add(*entry[1]) + states[entry[0]].score

    for frame in log_probs.tolist():
        grown = _advance(beam, frame, blank, states, grammar)
        beam = dict(heapq.nlargest(beam_width, grown.items(), key=rank))
    return _answers(beam, log_probs, blank, states, grammar)


def _advance(beam: dict, frame: list[float], blank: int, states: dict, grammar: _Grammar) -> dict:
    """Let every prefix stay as it is, or grow by one label; states of new prefixes are added to `states`."""
    grown = defaultdict(lambda: [-math.inf, -math.inf])
    for prefix, (ends_blank, ends_label) in beam.items():
        total = _log_add(ends_blank, ends_label)
        last = prefix[-1] if prefix else None
        stay = grown[prefix]
        stay[0] = total + frame[blank]
        if prefix:
            stay[1] = _log_add(stay[1], ends_label + frame[last])
        for label in grammar.choices(states[prefix]):
            arriving = frame[label] + (ends_blank if label == last else total)
            if arriving == -math.inf:
                continue
            longer = (*prefix, label)
            if longer not in states:
                states[longer] = grammar.extend(states[prefix], label)
            grown[longer][1] = _log_add(grown[longer][1], arriving)
    return grown


def _answers(beam: dict, log_probs: np.ndarray, blank: int, states: dict, grammar: _Grammar) -> list[Hypothesis]:
    log_prob = {prefix: _log_add(*ends) for prefix, ends in beam.items() if grammar.finish(states[prefix]) is not None}
    if not log_prob:
        for prefix in beam:
            while grammar.finish(states[prefix]) is None:
                prefix = prefix[:-1]
            log_prob[prefix] = ctc_log_likelihood(log_probs, prefix, blank=blank)
    answers = []
    for prefix, value in log_prob.items():
        final = grammar.finish(states[prefix])
        words = () if final.node is None else final.tokens
        answers.append(Hypothesis(prefix, words, value, value + final.score))
    return sorted(answers, key=lambda answer: -answer.score)
