"""Five networks of about equally many weights that read strings of digits, three by CTC and two by attention.

CTC upon the book's convolutions and GRU, upon a Transformer, and upon a Conformer; an attention decoder; and the same
with CTC beside it. Compared by `speechbook.attention_models`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from speechbook import attend_and_spell, connected_decoding, spelling_search
from speechbook._keras import keras
from speechbook.attention_networks import ctc_reader, encoder
from speechbook.connected import UNITS
from speechbook.connected_recipe import Recipe
from speechbook.sequence_models import Head, ctc_network, log_probs, train

WORDS = UNITS["words"]
N_CLASSES = len(WORDS)
LONGEST_IN_TRAINING = 4
CTC_WEIGHT = 0.3
"""Of the CTC loss beside the decoder's."""

Reader = Callable[[Sequence[np.ndarray]], Mapping[str, list[str]]]
"""From pictures to texts, by name of the way."""


class Trained(NamedTuple):
    """A trained network: how it reads, and its weights."""

    reads: Reader
    parameters: int


def _train_ctc(network: keras.Model, stream: Iterable, recipe: Recipe, rate: float) -> Trained:
    only_words = ((x, {"words": y["words"]}) for x, y in stream)
    how = {"peak_rate": rate, "blank_held": recipe.blank_held, "progress": False}
    train(network, only_words, steps=recipe.steps, **how)

    def reads(seen: Sequence[np.ndarray]) -> dict[str, list[str]]:
        heard = log_probs(network, seen)["words"]
        return {
            "greedy": [connected_decoding.greedy(rows, head="words") for rows in heard],
            "beam": [next(iter(connected_decoding.beam(rows, head="words"))) for rows in heard],
        }

    return Trained(reads, network.count_params())


def _train_scribe(model: attend_and_spell.Scribe, stream: Iterable, recipe: Recipe, rate: float) -> Trained:
    with_ctc = "words" in model.network.output_names
    fitted = attend_and_spell.batches(stream, n_symbols=LONGEST_IN_TRAINING + 1, with_ctc=with_ctc)
    losses = {"spelling": attend_and_spell.spelling_loss}
    how = {"peak_rate": rate, "losses": losses, "weights": {"words": CTC_WEIGHT}, "blank_held": recipe.blank_held}
    train(model.network, fitted, steps=recipe.steps, progress=False, **how)

    def reads(seen: Sequence[np.ndarray]) -> dict[str, list[str]]:
        found = spelling_search.beam(model, seen)
        written = {
            "greedy": [WORDS.decode(one.labels) for one in spelling_search.greedy(model, seen)],
            "beam": [WORDS.decode(best[0][0]) for best in found],
        }
        if with_ctc:
            heard = log_probs(model.ctc(), seen)["words"]
            judged = [spelling_search.judge_by_ctc(*pair) for pair in zip(found, heard, strict=True)]
            written["beam, judged by CTC"] = [WORDS.decode(best[0][0]) for best in judged]
            written["CTC alone"] = [connected_decoding.greedy(rows, head="words") for rows in heard]
        return written

    return Trained(reads, model.network.count_params())


def _ctc(kind: str) -> keras.Model:
    return ctc_reader(encoder(kind), {"words": Head(N_CLASSES)})


def _scribe(with_ctc: bool) -> attend_and_spell.Scribe:
    return attend_and_spell.scribe(N_CLASSES, n_symbols=LONGEST_IN_TRAINING + 1, with_ctc=with_ctc)


class Kind(NamedTuple):
    """How a network is trained and built, and how fast it learns at most."""

    fit: Callable
    build: Callable
    rate: float


NETWORKS: Mapping[str, Kind] = {
    "CTC, GRU": Kind(_train_ctc, lambda: ctc_network({"words": Head(N_CLASSES)}), 4e-3),
    "CTC, Transformer": Kind(_train_ctc, lambda: _ctc("transformer"), 2e-3),
    "CTC, Conformer": Kind(_train_ctc, lambda: _ctc("conformer"), 4e-3),
    "attention": Kind(_train_scribe, lambda: _scribe(False), 4e-3),
    "attention and CTC": Kind(_train_scribe, lambda: _scribe(True), 4e-3),
}


def trained_reader(network: str, stream: Iterable, *, recipe: Recipe) -> Trained:
    """Build a network and train it.

    Parameters
    ----------
    network : str
        One of `NETWORKS`.
    stream : iterable
        Batches, as `connected_recipe.batches` makes them.
    recipe : Recipe
        Its steps, and how dear the blank is at first.

    Returns
    -------
    Trained
    """
    fit, build, rate = NETWORKS[network]
    return fit(build(), stream, recipe, rate)
