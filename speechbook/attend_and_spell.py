"""An encoder that listens and a decoder that spells: attention between them, and what teacher forcing needs.

The decoder writes one symbol after the other. Before each it looks back over all that was heard, and class 0 says that
the sentence has ended. `speechbook.spelling_search` reads with it. Taught in the chapter *Listen, look and write*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from speechbook._checks import positive_int
from speechbook._keras import keras
from speechbook.attention_networks import encoder

layers, ops = keras.layers, keras.ops

END = 0
"""Class of the end of the sentence; as an input it is the beginning. CTC has its blank there."""


@keras.saving.register_keras_serializable("speechbook")
class Speller(layers.Layer):
    """The decoder: a GRU that knows the last symbol and what it last looked at, and additive attention.

    Parameters
    ----------
    n_classes : int
        Symbols, and the end.
    units : int
        Of the GRU.
    width : int
        In which questions and labels are compared.

    References
    ----------
    Bahdanau, Cho & Bengio (2015), Neural machine translation by jointly learning to align and translate, ICLR. Chan,
    Jaitly, Le & Vinyals (2016), Listen, attend and spell, ICASSP, 4960–4964.

    Examples
    --------
    >>> heard, real = np.zeros((1, 25, 96), np.float32), np.ones((1, 25), bool)
    >>> Speller(11)(np.array([[0, 6, 3]]), heard, real).shape
    TensorShape([1, 3, 11])
    """

    def __init__(self, n_classes: int, *, units: int = 80, width: int = 64, **kwargs) -> None:
        super().__init__(**kwargs)
        self.n_classes, self.units, self.width = positive_int(n_classes=n_classes), units, width
        self.embedding = layers.Embedding(n_classes, 32)
        self.cell = layers.GRUCell(units)
        self.question, self.label = layers.Dense(width), layers.Dense(width)
        self.compare = layers.AdditiveAttention()
        self.forget = layers.Dropout(0.2)
        self.answer = layers.Dense(n_classes)

    def begin(self, heard, real):
        """Give what stays the same for all symbols (what was heard, its labels, which steps are real), and a state."""
        n = ops.shape(heard)[0]
        return (heard, self.label(heard), real), (ops.zeros((n, self.units)), ops.zeros((n, heard.shape[-1])))

    def step(self, last, state, memory, training=False):
        """Look once, and score the next symbol.

        Parameters
        ----------
        last : int tensor [shape=(clips,)]
            Symbols written last; `END` at the beginning.
        state, memory : tuple of tensor
            As from `begin`.
        training : bool
            Whether dropout is at work.

        Returns
        -------
        scores : tensor [shape=(clips, n_classes)]
            Before softmax.
        weights : tensor [shape=(clips, steps)]
            Where it looked.
        state : tuple of tensor
        """
        heard, labels, real = memory
        hidden, seen = state
        hidden, _ = self.cell(ops.concatenate([self.embedding(last), seen], axis=-1), [hidden])
        looks = [self.question(hidden)[:, None], heard, labels]
        seen, weights = self.compare(looks, mask=[None, real], return_attention_scores=True)
        seen = seen[:, 0]
        scores = self.answer(self.forget(ops.concatenate([hidden, seen], axis=-1), training=training))
        return scores, weights[:, 0], (hidden, seen)

    def call(self, given, heard, real, training=False):
        """Score all symbols of known sentences at once: each is told what really stands before it."""
        memory, state = self.begin(heard, real)
        scores = []
        for number in range(given.shape[1]):
            one, _, state = self.step(given[:, number], state, memory, training=training)
            scores.append(one)
        return ops.stack(scores, axis=1)

    def compute_output_shape(self, given, *_):
        """Give the shape of the scores."""
        return (*given, self.n_classes)

    def get_config(self) -> dict:
        """Give what `from_config` needs."""
        return {**super().get_config(), "n_classes": self.n_classes, "units": self.units, "width": self.width}


@dataclass(frozen=True, eq=False)
class Scribe:
    """An encoder and a decoder, and the network that trains both.

    Attributes
    ----------
    listener : keras.Model
        From `attention_networks.encoder`.
    speller : Speller
        The decoder.
    network : keras.Model
        From pictures ``"frames"`` and what stands before each symbol ``"given"`` to scores ``"spelling"``; with a CTC
        head upon the encoder also ``"words"``.
    """

    listener: keras.Model
    speller: Speller
    network: keras.Model

    def ctc(self) -> keras.Model:
        """Give the encoder with its CTC head, for `sequence_models.log_probs`; ValueError if it has none."""
        if "words" not in self.network.output_names:
            raise ValueError("this network has no CTC head: build it with scribe(…, with_ctc=True)")
        heard = self.listener(self.listener.input)["heard"]
        return keras.Model(self.listener.input, {"words": self.network.get_layer("words")(heard)})


def scribe(
    n_classes: int, *, n_symbols: int, kind: str = "bigru", with_ctc: bool = False, memory: int = 80, **sizes
) -> Scribe:
    """Build an encoder with an attention decoder.

    Parameters
    ----------
    n_classes : int
        Symbols, and the end, which is class 0.
    n_symbols : int
        Of the longest sentence to train with, the end included.
    kind : str
        Of encoder.
    with_ctc : bool
        Whether a CTC head listens too (Watanabe et al., 2017).
    memory : int
        Units of the decoder's GRU.
    **sizes
        Of the encoder.

    Returns
    -------
    Scribe

    Examples
    --------
    >>> print(f"{scribe(11, n_symbols=5).network.count_params():,}")
    152,923
    """
    listener, speller = encoder(kind, **sizes), Speller(n_classes, units=memory, name="spelling")
    frames = keras.Input((None, listener.input_shape[-1]), name="frames")
    given = keras.Input((n_symbols,), dtype="int32", name="given")
    steps = listener(frames)
    outputs = {"spelling": speller(given, steps["heard"], steps["real"])}
    if with_ctc:
        outputs["words"] = layers.Dense(n_classes, name="words")(steps["heard"])
    return Scribe(listener, speller, keras.Model({"frames": frames, "given": given}, outputs))


def spelling_loss(targets, scores):
    """Compute the cross-entropy of each sentence, up to and including its end.

    Parameters
    ----------
    targets : int array [shape=(clips, n_symbols)]
        Labels, and `END` from there on; only the first `END` counts.
    scores : array [shape=(clips, n_symbols, n_classes)]
        Before softmax.

    Returns
    -------
    tensor [shape=(clips,)]
        In nats.

    Examples
    --------
    >>> print(f"{float(spelling_loss(np.array([[5, 0, 0]]), np.zeros((1, 3, 11)))[0]):.3f} = {2 * np.log(11):.3f}")
    4.796 = 4.796
    """
    targets = ops.cast(targets, "int32")
    counts = ops.concatenate([ops.ones_like(targets[:, :1]), ops.cast(targets[:, :-1] != END, "int32")], axis=1)
    nats = keras.losses.sparse_categorical_crossentropy(targets, scores, from_logits=True)
    return ops.sum(nats * ops.cast(counts, nats.dtype), axis=1)


def teacher_forced(labels: Sequence[Sequence[int]], *, n_symbols: int) -> tuple[np.ndarray, np.ndarray]:
    """Lay out what stands before each symbol, and the symbols.

    Parameters
    ----------
    labels : sequence of sequence of int
        Classes of each sentence, from 1.
    n_symbols : int
        Room, the end included.

    Returns
    -------
    given, wanted : np.ndarray [shape=(clips, n_symbols), dtype=int32]

    Raises
    ------
    ValueError
        If a sentence with its end does not fit.

    Examples
    --------
    >>> teacher_forced([[10, 6], [3]], n_symbols=3)
    (array([[ 0, 10,  6],
           [ 0,  3,  0]], dtype=int32), array([[10,  6,  0],
           [ 3,  0,  0]], dtype=int32))
    """
    table = np.full((len(labels), n_symbols + 1), END, np.int32)
    for row, own in zip(table, labels, strict=True):
        if len(own) >= n_symbols:
            raise ValueError(f"{len(own)} labels and the end need more than n_symbols={n_symbols}")
        row[1 : len(own) + 1] = own
    return table[:, :-1], table[:, 1:]


def batches(stream: Iterable, *, n_symbols: int, with_ctc: bool = False) -> Iterator[tuple[dict, dict]]:
    """Change batches of `connected_recipe.batches` into what a `Scribe` trains with."""
    for x, y in stream:
        labels = [[label for label in row if label] for row in y["words"][:, :-1]]
        given, wanted = teacher_forced(labels, n_symbols=n_symbols)
        ctc = {"words": y["words"]} if with_ctc else {}
        yield {"frames": x, "given": given}, {"spelling": wanted, **ctc}
