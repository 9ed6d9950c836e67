"""A transducer that can listen while somebody speaks, with CTC beside it: layers, loss and training.

The ear is causal: a step of 80 ms knows what was said so far and nothing that comes later. Two heads read it, a
transducer and CTC. The arithmetic for one lattice is that of `speechbook.transducer`; here it runs in TensorFlow for a
whole batch. Taught in the chapter *Write while somebody speaks*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_softmax

from speechbook import frontend
from speechbook._checks import positive_int
from speechbook._keras import keras
from speechbook._rng import generator
from speechbook.connected import UNITS
from speechbook.connected_recipe import Recipe, Shelf, batches
from speechbook.digits import Digits
from speechbook.sequence_models import pad, train
from speechbook.streaming_frontend import StreamingFrontEnd
from speechbook.transducer_search import Joiner, Written

# isort: split
import tensorflow as tf  # after Keras, which keeps its start-up log quiet

layers, ops = keras.layers, keras.ops

HEADS = ("transducer", "ctc")
STEP_FRAMES = 8
"""Frames of a step of the ear: 80 ms."""
CHANNELS = ((48, 5), (64, 5), (96, 3))
"""Channels and width of each convolution; each halves the time."""
UNITS_OF_MEMORY = 64
TAIL_SECONDS = 0.4
"""How long the ear goes on listening after a string."""
REFERENCE_DB = 5.0
"""Power of the loudest point of a usual string with a peak of 0.5, in dB."""
LEVEL_DB = 3.0
"""Standard deviation of the level of a training string around that."""
EARLY = 1.0
"""How much more the gradient of a label counts than that of a blank."""
PEAK_RATE = 8e-3


def transducer_loss(targets, scores, early=0.0):
    """Compute the transducer loss of each utterance in a batch, each up to its own end.

    Along a row of the lattice, where u labels are written, forward log-probabilities are a sum that only grows: with
    the blanks so far taken off it is a cumulative logsumexp. So there are as many passes as labels, not as steps.

    Parameters
    ----------
    targets : int array [shape=(clips, n + 1)]
        Labels padded with 0, and in the last column the number of real steps (see `sequence_models.targets`).
    scores : array [shape=(clips, steps, n + 1, classes)]
        Before softmax; class 0 is the blank.
    early : float
        By how much the gradient of writing a label is raised, which changes no loss but makes the network write sooner
        (Yu et al., 2021).

    Returns
    -------
    tensor [shape=(clips,)]
        In nats.

    References
    ----------
    Graves (2012), Sequence transduction with recurrent neural networks, arXiv:1211.3711.

    Examples
    --------
    >>> scores = np.zeros((1, 5, 2, 2), np.float32)  # blank and label equally likely; only three steps are real
    >>> print(f"{float(transducer_loss(np.array([[1, 3]]), scores)[0]):.4f} = {-np.log(3 / 2**4):.4f}")
    1.6740 = 1.6740
    """
    targets, log_probs = tf.cast(targets, tf.int32), tf.nn.log_softmax(scores)
    labels, n_steps = targets[:, :-1], targets[:, -1]
    n_labels = tf.math.count_nonzero(labels, axis=1, dtype=tf.int32)
    ends = tf.stack([tf.range(tf.shape(labels)[0]), n_steps - 1], axis=1)
    go_on = tf.transpose(log_probs[..., 0], [2, 0, 1])
    write = tf.einsum("btuv,buv->ubt", log_probs[:, :, :-1], tf.one_hot(labels, tf.shape(scores)[-1]))
    blanks = tf.cumsum(go_on, axis=2, exclusive=True)
    forward = blanks[0]
    total = tf.gather_nd(forward + go_on[0], ends)
    write += early * (write - tf.stop_gradient(write))
    for u in tf.range(1, tf.shape(go_on)[0]):
        forward = blanks[u] + tf.math.cumulative_logsumexp(forward + write[u - 1] - blanks[u], axis=1)
        total = tf.where(n_labels < u, total, tf.gather_nd(forward + go_on[u], ends))
    return -total


def network(*, n_classes: int = len(UNITS["words"]), n_units: int = UNITS_OF_MEMORY) -> keras.Model:
    """Build a causal ear with two heads: a transducer whose prediction network knows the last label, and CTC.

    Parameters
    ----------
    n_classes : int
        Symbols, and the blank as class 0.
    n_units : int
        Of the recurrent layer, and of the space in which the transducer joins sound and label.

    Returns
    -------
    keras.Model
        Not compiled. Inputs float32 [shape=(clips, frames, 40)] and labels [shape=(clips, n)], padded with 0; outputs a
        dict of scores before softmax, ``"transducer"`` [shape=(clips, ceil(frames / 8), n + 1, n_classes)] and
        ``"ctc"`` [shape=(clips, ceil(frames / 8), n_classes)].

    References
    ----------
    He et al. (2019), Streaming end-to-end speech recognition for mobile devices, ICASSP, 6381–6385. Ghodsi, Liu, Apfel,
    Cabrera & Weinstein (2020), RNN-transducer with stateless prediction network, ICASSP, 7049–7053.

    Examples
    --------
    >>> scores = network()([np.zeros((1, 160, 40)), np.array([[9, 5, 2]])])
    >>> {name: tuple(values.shape) for name, values in scores.items()}
    {'transducer': (1, 20, 4, 11), 'ctc': (1, 20, 11)}
    """
    sizes = positive_int(n_classes=n_classes), positive_int(n_units=n_units)
    frames = keras.Input((None, frontend.SETTINGS["n_mels"]), name="frames")
    labels = keras.Input((None,), dtype="int32", name="labels")
    heard = layers.GRU(n_units, return_sequences=True, name="memory")(_ear()(frames - frontend.FLOOR))
    heard = layers.Dropout(0.1)(heard)
    spread = keras.initializers.RandomUniform(-0.5, 0.5)
    last_label = layers.Embedding(*sizes, embeddings_initializer=spread, name="last_label")
    written = last_label(ops.pad(labels, ((0, 0), (1, 0))))
    sound = layers.Dense(n_units, name="sound")(heard)
    joined = ops.tanh(ops.expand_dims(sound, 2) + ops.expand_dims(written, 1))
    outputs = {
        "transducer": layers.Dense(n_classes, name="transducer")(joined),
        "ctc": layers.Dense(n_classes, name="ctc")(heard),
    }
    return keras.Model([frames, labels], outputs, name="transducer")


def _ear() -> keras.Model:
    x = frames = keras.Input((None, frontend.SETTINGS["n_mels"]))
    for n_channels, width in CHANNELS:
        x = layers.Conv1D(n_channels, width, strides=2, padding="causal", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
    return keras.Model(frames, x, name="ear")


def live_batches(shelves: Sequence[Shelf], *, recipe: Recipe, rng: np.random.Generator) -> Iterator[tuple]:
    """Make batches as a live front end would hear them: `connected_recipe.batches`, on which the ear goes on listening.

    Parameters
    ----------
    shelves, recipe, rng
        As for `connected_recipe.batches`.

    Yields
    ------
    x : tuple of np.ndarray
        Frames [shape=(strings, frames, 40), dtype=float32] and labels [shape=(strings, digits), dtype=int32].
    y : dict of str to np.ndarray
        For each head labels, and in the last column the steps up to 0.4 s after the string's end.
    """
    rng, tail = generator(rng), n_tail()
    for x, y in batches(shelves, recipe=recipe, rng=rng):
        louder = 2 / frontend.SETTINGS["range_db"] * LEVEL_DB * rng.standard_normal((len(x), 1, 1))
        x = np.where(x > frontend.FLOOR, np.maximum(x + louder, frontend.FLOOR), frontend.FLOOR).astype(np.float32)
        x = np.pad(x, ((0, 0), (0, tail), (0, 0)), constant_values=frontend.FLOOR)
        labels, ends = y["words"][:, :-1], y["words"][:, -1:] * 4 + tail
        own = np.concatenate([labels, np.minimum(-(-ends // STEP_FRAMES), x.shape[1] // STEP_FRAMES)], axis=1)
        yield [x, labels], dict.fromkeys(HEADS, own)


def n_tail() -> int:
    """Count the frames of the silence after a string."""
    return round(TAIL_SECONDS * frontend.SETTINGS["sample_rate"] / frontend.SETTINGS["hop_length"])


def live_levels(power: ArrayLike) -> np.ndarray:
    """Turn powers into levels that need not wait for the loudest moment: what is loud is fixed beforehand.

    Parameters
    ----------
    power : array_like [shape=(frames, bands)]
        As `streaming.StreamingFrontEnd` gives them.

    Returns
    -------
    np.ndarray [shape=(frames, bands), dtype=float32]
        1 for the usual loudest point of strings with a peak of 0.5, and -1 for 45 dB below it and for less.

    Examples
    --------
    >>> live_levels([[10**0.5, 10**-1.75, 0.0]]).tolist()
    [[1.0, 0.0, -1.0]]
    """
    level = 10 * np.log10(np.maximum(power, 1e-12)) - REFERENCE_DB
    return np.maximum(1 + 2 * level / frontend.SETTINGS["range_db"], frontend.FLOOR).astype(np.float32)


class Heard(NamedTuple):
    """What the two heads say of one recording.

    Attributes
    ----------
    joiner : Joiner
        Distributions of the transducer, for `speechbook.transducer_search`.
    ctc : np.ndarray [shape=(steps, classes), dtype=float64]
        Log-probabilities of CTC.
    """

    joiner: Joiner
    ctc: np.ndarray


def read(network: keras.Model, sounds: Sequence[ArrayLike]) -> list[Heard]:
    """Let the network hear whole recordings at once, and 0.4 s of silence after each.

    Parameters
    ----------
    network : keras.Model
        From `network`.
    sounds : sequence of array_like [shape=(samples,)]
        Mono, at 8 kHz.

    Returns
    -------
    list of Heard

    Examples
    --------
    >>> heard = read(network(), [np.ones(8000), np.ones(4000)])
    >>> [(len(one.joiner.encoded), one.ctc.shape) for one in heard]
    [(18, (18, 11)), (11, (11, 11))]
    """
    silence = np.zeros(round(TAIL_SECONDS * frontend.SETTINGS["sample_rate"]))
    pictures = [live_levels(StreamingFrontEnd().powers(np.concatenate([y, silence]))) for y in sounds]
    x, steps = pad(pictures), [-(-len(picture) // STEP_FRAMES) for picture in pictures]
    ears = keras.Model(network.inputs[0], [network.get_layer("sound").output, network.output["ctc"]])
    encoded, scores = (np.asarray(values, np.float64) for values in ears.predict(x, batch_size=64, verbose=0))
    ctc = log_softmax(scores, axis=-1)
    parts = joining_parts(network)
    return [Heard(Joiner(e[:n], *parts), rows[:n]) for e, rows, n in zip(encoded, ctc, steps, strict=True)]


def joining_parts(network: keras.Model) -> list[np.ndarray]:
    """Give the label vectors, weights and bias with which a trained transducer joins sound and label."""
    names = "last_label", "transducer"
    return [np.asarray(weights, np.float64) for name in names for weights in network.get_layer(name).get_weights()]


def step_seconds(steps: ArrayLike) -> np.ndarray:
    """Tell how many seconds must have been heard before a step can be computed.

    Examples
    --------
    >>> step_seconds([0, 1, 10]).round(3).tolist()
    [0.025, 0.105, 0.825]
    """
    window, hop = frontend.SETTINGS["win_length"], frontend.SETTINGS["hop_length"]
    return (window + np.asarray(steps) * STEP_FRAMES * hop) / frontend.SETTINGS["sample_rate"]


def ctc_written(log_probs: np.ndarray) -> list[Written]:
    """Read CTC greedily as it comes: each label at the first step of its run."""
    best = [0, *log_probs.argmax(axis=1).tolist()]
    pairs = enumerate(pairwise(best))
    return [Written(label, t) for t, (before, label) in pairs if label not in (0, before)]


def learn(
    sources: Sequence[Digits],
    *,
    recipe: Recipe,
    weights: Mapping[str, float] | None = None,
    early: float = EARLY,
    seed: int = 0,
    progress: bool = True,
) -> tuple[keras.Model, dict[str, list[float]]]:
    """Build a network with both heads and train it.

    Parameters
    ----------
    sources : sequence of Digits
        Sets of clips; each fills an equal share of every batch.
    recipe : Recipe
        Settings of the strings, steps and rate.
    weights : mapping of str to float, optional
        Factor of each head's loss, 1 if not given; 0 leaves a head out.
    early : float
        How much more a label's gradient counts than a blank's (see `transducer_loss`).
    seed : int
        Of the weights, the strings and their variation.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    network : keras.Model
    history : dict of str to list of float
        As from `sequence_models.train`.
    """
    keras.utils.set_random_seed(seed)
    stream = live_batches([Shelf(digits) for digits in sources], recipe=recipe, rng=np.random.default_rng(seed))
    built = network()
    how = {"peak_rate": recipe.peak_rate, "blank_held": recipe.blank_held, "progress": progress}
    losses = {"transducer": partial(transducer_loss, early=early)}
    return built, train(built, stream, steps=recipe.steps, weights=weights, losses=losses, **how)
