"""N-gram language models: how likely is the next word (or letter), given the ones before it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence

import numpy as np

from speechbook._rng import generator

START, END = "<s>", "</s>"


class NGramModel:
    """An n-gram model with interpolated Witten–Bell smoothing.

    After a history h that was followed c(h) times, by t(h) different tokens, a token w has the probability

        P(w | h) = (c(h, w) + t(h) · P(w | h′)) / (c(h) + t(h)),

    where h′ is h without its oldest token. Below the empty history stands the uniform distribution over the vocabulary
    and the end of the sentence, so every token of the vocabulary is possible after every history. Make one with
    `NGramModel.train`.

    Attributes
    ----------
    order : int
        Longest n-gram counted: 1 for a unigram model, 2 for a bigram model.
    vocabulary : tuple
        Every token that the model knows, without the end mark.

    References
    ----------
    Witten & Bell (1991), The zero-frequency problem, IEEE Transactions on Information Theory 37(4), 1085–1094. Chen &
    Goodman (1999), An empirical study of smoothing techniques for language modeling, Computer Speech & Language 13(4),
    359–394.

    Examples
    --------
    >>> model = NGramModel.train([["call", "nine"], ["call", "two"], ["stop"]], order=2)
    >>> model
    NGramModel(order=2, vocabulary of 4 tokens)
    >>> {token: round(p, 3) for token, p in model.distribution(["call"]).items()}
    {'call': 0.115, 'nine': 0.327, 'two': 0.327, 'stop': 0.077, '</s>': 0.154}
    """

    def __init__(self, counts: dict[tuple, Counter], *, order: int, vocabulary: tuple) -> None:
        self._counts = counts
        self.order = order
        self.vocabulary = vocabulary
        self._known = {*vocabulary, END}

    @classmethod
    def train(
        cls, sentences: Iterable[Sequence[Hashable]], *, order: int = 2, vocabulary: Iterable[Hashable] = ()
    ) -> NGramModel:
        """Count the n-grams of a training text.

        Parameters
        ----------
        sentences : iterable of sequences of tokens
            Tokens are words, characters or class numbers; a string is a sequence of characters, so pass
            ``text.split()`` for words.
        order : int
            Longest n-gram to count.
        vocabulary : iterable of tokens, optional
            Tokens that are possible although the text may not show them.

        Returns
        -------
        NGramModel
            The smoothed model.

        Raises
        ------
        ValueError
            If there is no sentence, the order is below 1, or a token is one of the marks ``<s>`` and ``</s>``.

        Examples
        --------
        >>> NGramModel.train([[1, 2, 3]], order=3, vocabulary=range(10))
        NGramModel(order=3, vocabulary of 10 tokens)
        """
        if order < 1:
            raise ValueError(f"order must be at least 1, but is {order}")
        if isinstance(sentences, str):
            raise ValueError("sentences must be a sequence of sentences, but is one string; put it into a list")
        sentences = [tuple(sentence) for sentence in sentences]
        if not sentences:
            raise ValueError("training needs at least one sentence, but got none")
        tokens = tuple(dict.fromkeys([*vocabulary, *(token for sentence in sentences for token in sentence)]))
        if START in tokens or END in tokens:
            raise ValueError(f"{START!r} and {END!r} are added by the model itself: take them out of the text")
        counts: dict[tuple, Counter] = defaultdict(Counter)
        for sentence in sentences:
            padded = (START,) * (order - 1) + sentence + (END,)
            for position in range(order - 1, len(padded)):
                for length in range(order):
                    counts[padded[position - length : position]][padded[position]] += 1
        return cls(dict(counts), order=order, vocabulary=tokens)

    def __repr__(self) -> str:
        return f"NGramModel(order={self.order}, vocabulary of {len(self.vocabulary)} tokens)"

    def log_prob(self, token: Hashable, *, context: Sequence[Hashable] = ()) -> float:
        """Give the natural logarithm of P(token | context).

        Parameters
        ----------
        token : hashable
            A token of the vocabulary, or `END`.
        context : sequence of tokens
            All that came before in this sentence; empty at its beginning.

        Returns
        -------
        float
            At most 0, in nats.

        Raises
        ------
        ValueError
            If the token is not in the vocabulary.

        Examples
        --------
        >>> model = NGramModel.train(["ab", "a"], order=1)
        >>> print(f"{math.exp(model.log_prob('a')):.3f} = (2 + 3 / 3) / (5 + 3)")
        0.375 = (2 + 3 / 3) / (5 + 3)
        """
        if token not in self._known:
            raise ValueError(
                f"{token!r} is not among the {len(self.vocabulary)} tokens of the vocabulary; pass all that may occur "
                "to train(…, vocabulary=…)"
            )
        return math.log(self._probability(token, self._history(context)))

    def _history(self, context: Sequence[Hashable]) -> tuple:
        padded = (START,) * (self.order - 1) + tuple(context)
        return padded[len(padded) - self.order + 1 :]

    def _probability(self, token: Hashable, history: tuple) -> float:
        lower = self._probability(token, history[1:]) if history else 1 / len(self._known)
        followers = self._counts.get(history)
        if followers is None:
            return lower
        return (followers[token] + len(followers) * lower) / (followers.total() + len(followers))

    def distribution(self, context: Sequence[Hashable] = ()) -> dict[Hashable, float]:
        """Give the probability of every token after a context.

        Parameters
        ----------
        context : sequence of tokens
            All that came before in this sentence; empty at its beginning.

        Returns
        -------
        dict
            Vocabulary and end mark with their probabilities, which sum to 1.

        Examples
        --------
        >>> NGramModel.train(["a"], order=1).distribution()
        {'a': 0.5, '</s>': 0.5}
        """
        history = self._history(context)
        return {token: self._probability(token, history) for token in (*self.vocabulary, END)}

    def sentence_log_prob(self, sentence: Sequence[Hashable]) -> float:
        """Give the natural logarithm of the probability of a whole sentence, its end included.

        Parameters
        ----------
        sentence : sequence of tokens
            May be empty.

        Returns
        -------
        float
            At most 0, in nats.

        Raises
        ------
        ValueError
            If a token is not in the vocabulary.

        Examples
        --------
        >>> round(NGramModel.train(["a"], order=1).sentence_log_prob("aa") / math.log(2), 6)
        -3.0
        """
        tokens = (*sentence, END)
        return sum(self.log_prob(token, context=tokens[:i]) for i, token in enumerate(tokens))

    def perplexity(self, sentences: Iterable[Sequence[Hashable]]) -> float:
        """Measure how many equally likely tokens the model hesitates between, on average.

        Parameters
        ----------
        sentences : iterable of sequences of tokens
            A text that the model was not trained on.

        Returns
        -------
        float
            exp(−mean log-probability), where every sentence end counts as a token.

        Raises
        ------
        ValueError
            If there is no sentence, or a token is not in the vocabulary.

        References
        ----------
        Jelinek, Mercer, Bahl & Baker (1977), Perplexity – a measure of the difficulty of speech recognition tasks, JASA
        62(S1), S63.

        Examples
        --------
        >>> round(NGramModel.train(["a"], order=1).perplexity(["a", "aaa"]), 6)
        2.0
        """
        sentences = [tuple(sentence) for sentence in sentences]
        if not sentences:
            raise ValueError("perplexity needs at least one sentence, but got none")
        n_tokens = sum(len(sentence) + 1 for sentence in sentences)
        return math.exp(-sum(map(self.sentence_log_prob, sentences)) / n_tokens)

    def sample(self, *, rng: np.random.Generator, max_length: int = 100) -> list[Hashable]:
        """Draw a sentence.

        Parameters
        ----------
        rng : np.random.Generator
            Source of chance.
        max_length : int
            Cut after so many tokens.

        Returns
        -------
        list
            Tokens without the end mark.

        Examples
        --------
        >>> model = NGramModel.train(["seven", "eleven", "twelve"], order=4)
        >>> "".join(model.sample(rng=np.random.default_rng(7)))
        'elven'
        """
        choices, sentence = (*self.vocabulary, END), []
        while len(sentence) < max_length:
            token = choices[generator(rng).choice(len(choices), p=list(self.distribution(sentence).values()))]
            if token == END:
                break
            sentence.append(token)
        return sentence
