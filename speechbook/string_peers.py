"""Everybody who stands in the league table of digit strings: how each learns to read, and what it stores.

A competitor is a function from the clips of known speakers to a `Reader`; `READERS` names them all. `speechbook.league`
measures them on the strings that *A recogniser that writes text* is tested with.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from speechbook import costs, features, hmm, mixtures
from speechbook._keras import keras
from speechbook.connected import UNITS, Utterance, random_strings, spell, utterances
from speechbook.connected_decoding import beam, both, greedy
from speechbook.connected_digits import GENTLE, N_STRINGS, RECIPE, SAYING
from speechbook.connected_recipe import Recipe, learn, pictures
from speechbook.ctc_networks import keras_example
from speechbook.digits import Digits
from speechbook.peer_features import cepstra_and_slopes
from speechbook.peers import GAUSSIANS, ROUNDS, STATES
from speechbook.sequence_models import log_probs, pad, targets, train

# isort: split
import tensorflow as tf  # after Keras, which keeps its start-up log quiet

SILENCE = (10 * STATES, 10 * STATES + 1)
SINGLES = 2000
SMALLER = {"filters": 8, "units": 64, "n_recurrent": 2}
"""Of the network of Keras's example, instead of 32, 512 and 5: else the budget is a handful of steps."""

N_TRAINING, BATCH, STEPS, RATE = 2000, 8, 420, 3e-3


class Reader(NamedTuple):
    """A competitor that has learnt to read strings.

    Attributes
    ----------
    ways : dict of str to callable
        Ways of reading: each from utterances to texts.
    parameters : int
        Numbers that it stores.
    bytes : int
        In which they are stored.
    losses : sequence of float
        One a step of the training, in nats a string; empty where no steps are made.
    """

    ways: dict[str, Callable[[Sequence[Utterance]], list[str]]]
    parameters: int
    bytes: int
    losses: Sequence[float] = ()


class Competitor(NamedTuple):
    """One line of the table.

    Attributes
    ----------
    title : str
        What the table calls it.
    learn : callable
        ``learn(known, seed=…, synthetic=…)`` gives a `Reader`; only the book's own takes the second corpus.
    """

    title: str
    learn: Callable[..., Reader]


def said(test: Digits) -> list[Utterance]:
    """Glue the strings that everybody is asked to read: those of the study of connected digits.

    Parameters
    ----------
    test : Digits
        Clips to take from.

    Returns
    -------
    list of Utterance
    """
    rng = np.random.default_rng(SAYING)
    return utterances(test, random_strings(N_STRINGS["random"], rng=rng), rng=rng)


def markov(known: Digits, *, seed: int = 0, synthetic: Digits | None = None) -> Reader:
    """Fit a hidden Markov model a word and one of silence to single words, and join them into a loop for reading.

    Whoever knows where words begin needs no strings for training; the loop lets every word follow every word.
    """
    rng = np.random.default_rng(seed)
    single = utterances(known, random_strings(SINGLES, n_digits=(1, 1), rng=rng), rng=rng)
    chains = {digit: list(range(STATES * digit, STATES * (digit + 1))) for digit in range(10)}
    surrounded = [[*SILENCE, *chains[one.numbers[0]], *SILENCE] for one in single]
    heard = cepstra_and_slopes([one.y for one in single])
    model = mixtures.train(heard, surrounded, n_components=GAUSSIANS, n_rounds=ROUNDS)
    loop = hmm.word_loop({**chains, None: list(SILENCE)}, stay=model.stay, language=lambda before, word: -np.log(11))

    def read(strings: Sequence[Utterance]) -> list[str]:
        found = [hmm.decode(model.log_density(x), loop)[0] for x in cepstra_and_slopes([one.y for one in strings])]
        return [spell(word for word in words if word is not None) for words in found]

    return Reader({"word loop": read}, model.n_parameters, 8 * model.n_parameters)


class _Compiled:
    """A network that TensorFlow compiles once for recordings of any length: `log_probs` is told nothing else of it."""

    def __init__(self, network: keras.Model) -> None:
        self.output_names = network.output_names
        takes = [tf.TensorSpec(network.input.shape, tf.float32)]
        self._outputs = tf.function(lambda x: network(x, training=False), input_signature=takes)

    def __call__(self, x: np.ndarray, *, training: bool) -> dict[str, tf.Tensor]:
        return self._outputs(x)


def spectra(strings: Sequence[Utterance]) -> list[np.ndarray]:
    """Give square roots of magnitude spectrograms, every frame normalised, as Keras's example makes them.

    Examples
    --------
    >>> one = Utterance(np.random.default_rng(0).normal(size=8000), 8000, (1,), np.zeros((1, 2)), "ann")
    >>> [x.shape for x in spectra([one])]
    [(101, 129)]
    """
    found = []
    for one in strings:
        x = features.power_spectrogram(one.y, **features.SPEECH_8K).T ** 0.25
        x = (x - x.mean(axis=1, keepdims=True)) / (x.std(axis=1, keepdims=True) + 1e-10)
        found.append(x.astype(np.float32))
    return found


def example(known: Digits, *, seed: int = 0, synthetic: Digits | None = None, steps: int = STEPS) -> Reader:
    """Train the network of Keras's example, made smaller, on strings glued in advance.

    The example trains for tens of thousands of steps at a rate of 1e-4. For a few hundred it gets what the book's own
    reader of strings gets: a rate that rises and falls, the mean of the weights, single words first, the blank held.
    """
    keras.utils.set_random_seed(seed)
    network = keras_example(n_bins=129, n_classes=len(UNITS["letters"]), **SMALLER)
    rng = np.random.default_rng(seed)
    strings = utterances(known, random_strings(N_TRAINING, n_digits=RECIPE.n_digits, rng=rng), rng=rng)
    batches = _batches(strings, singles=round(RECIPE.first_words * steps), rng=rng)
    how = {"peak_rate": RATE, "blank_held": RECIPE.blank_held, "progress": False}
    losses = train(network, batches, steps=steps, **how)["letters"]
    compiled = _Compiled(network)

    def letters(strings: Sequence[Utterance]) -> list[np.ndarray]:
        return log_probs(compiled, spectra(strings))["letters"]

    return Reader(_by_letters(letters), network.count_params(), costs.size_in_bytes(network), losses)


def _by_letters(heard: Callable[[Sequence[Utterance]], list[np.ndarray]]) -> dict[str, Callable]:
    """Name the ways to read letters."""
    return {
        "letters, greedy": lambda strings: [greedy(rows, head="letters") for rows in heard(strings)],
        "letters, beam and lexicon": lambda strings: [
            next(iter(beam(rows, head="letters", lexicon=True))) for rows in heard(strings)
        ],
    }


def ours(known: Digits, *, seed: int = 0, synthetic: Digits | None = None, settings: Recipe | None = None) -> Reader:
    """Train the book's reader of strings by its recipe; with the second corpus for speakers who are not known."""
    if settings is None:
        settings = RECIPE if synthetic else dataclasses.replace(RECIPE, variation=GENTLE)
    network, _ = learn([known, synthetic] if synthetic else [known], recipe=settings, seed=seed, progress=False)
    compiled = _Compiled(network)

    def heard(strings: Sequence[Utterance]) -> dict[str, list[np.ndarray]]:
        return log_probs(compiled, pictures([one.y for one in strings], sample_rate=known.sample_rate))

    def together(strings: Sequence[Utterance]) -> list[str]:
        outputs = heard(strings)
        return [next(iter(both(*rows))) for rows in zip(outputs["words"], outputs["letters"], strict=True)]

    ways = {**_by_letters(lambda strings: heard(strings)["letters"]), "both together": together}
    return Reader(ways, network.count_params(), costs.size_in_bytes(network))


def _batches(
    strings: Sequence[Utterance], *, singles: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, dict[str, np.ndarray]]]:
    """Draw batches without end, all strings of a batch with equally many digits, at first one."""
    heard = [x.astype(np.float16) for x in spectra(strings)]
    labels = [UNITS["letters"].encode(one.text) for one in strings]
    lengths = np.array([len(one.numbers) for one in strings])
    for step in itertools.count():
        same = np.flatnonzero(lengths == (lengths.min() if step < singles else rng.choice(lengths)))
        rows = rng.choice(same, size=min(BATCH, len(same)), replace=False)
        x = [heard[i].astype(np.float32) for i in rows]
        yield pad(x), {"letters": targets([labels[i] for i in rows], [len(one) for one in x], outputs_per_step=2)}


READERS = {
    "markov": Competitor("GMM-HMM, words in a loop", markov),
    "example": Competitor("Keras's CTC example, made smaller", example),
    "ours": Competitor("Ours", ours),
}


def reader(name: str) -> Competitor:
    """Find a competitor.

    Parameters
    ----------
    name : str
        A key of `READERS`.

    Returns
    -------
    Competitor

    Raises
    ------
    ValueError
        If there is none of that name.

    Examples
    --------
    >>> reader("markov").title
    'GMM-HMM, words in a loop'
    """
    if name not in READERS:
        raise ValueError(f"nobody called {name!r} reads strings; there are {', '.join(READERS)}")
    return READERS[name]
