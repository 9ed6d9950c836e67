"""Networks that read a recording of any length and write a string: CTC loss, training and output.

Pictures are arrays [shape=(frames, bands), dtype=float32] of any lengths, as `speechbook.frontend` makes them. Taught
in the chapter *A recogniser that writes text*.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from speechbook import frontend
from speechbook._checks import positive_int
from speechbook._keras import keras
from speechbook._progress import finish, progress_bar
from speechbook.ctc_networks import MAPS, Head, ctc_network
from speechbook.variations import stretched

# isort: split
import tensorflow as tf  # after Keras, which keeps its start-up log quiet

__all__ = ["MAPS", "Head", "accustomed", "buckets", "ctc_loss", "ctc_network", "log_probs", "pad", "targets", "train"]

SUBSAMPLING = 4
"""Frames of the picture for one step of the network's deeper half: 40 ms."""

PICTURES_AT_ONCE = 64
PAD_TO = 16
HELD_SHARE = 0.1


def ctc_loss(targets, scores):
    """Compute the CTC loss of each utterance in a batch, each up to its own end.

    ``keras.losses.CTC`` takes every output of a padded batch for real; this loss is told where each clip ends.

    Parameters
    ----------
    targets : int array [shape=(clips, labels + 1)]
        Labels padded with 0, and in the last column the number of real outputs (see `targets`).
    scores : array [shape=(clips, outputs, classes)]
        Before softmax; class 0 is the blank.

    Returns
    -------
    tensor [shape=(clips,)]
        In nats.

    Examples
    --------
    >>> scores = np.zeros((1, 5, 3), np.float32)  # all classes equally likely; only two outputs are real
    >>> print(f"{float(ctc_loss(np.array([[1, 0, 2]]), scores)[0]):.4f} = {-np.log(3 / 9):.4f}")
    1.0986 = 1.0986
    """
    targets = tf.cast(targets, tf.int32)
    labels, n_outputs = tf.sparse.from_dense(targets[:, :-1]), targets[:, -1]
    return tf.nn.ctc_loss(labels, scores, None, n_outputs, logits_time_major=False, blank_index=0)


def targets(labels: Sequence[Sequence[int]], n_frames: ArrayLike, *, outputs_per_step: int = 1) -> np.ndarray:
    """Write labels and lengths as the one array that `ctc_loss` takes.

    Parameters
    ----------
    labels : sequence of sequence of int
        Classes of each utterance, from 1.
    n_frames : array_like of int [shape=(clips,)]
        Real frames of each picture.
    outputs_per_step : int
        Of the head.

    Returns
    -------
    np.ndarray [shape=(clips, longest + 1), dtype=int32]

    Raises
    ------
    ValueError
        If an utterance has fewer outputs than its labels need: one each, and a blank between equal neighbours.

    Examples
    --------
    >>> targets([[10, 6, 3], [6, 6]], [98, 41])
    array([[10,  6,  3, 25],
           [ 6,  6,  0, 11]], dtype=int32)
    """
    n_outputs = -(-np.asarray(n_frames) // SUBSAMPLING) * outputs_per_step
    table = np.zeros((len(labels), max(map(len, labels)) + 1), np.int32)
    for row, own, room in zip(table, labels, n_outputs, strict=True):
        need = len(own) + sum(one == other for one, other in pairwise(own))
        if need > room:
            raise ValueError(f"labels {list(own)} need {need} outputs, but the network gives {room}: take longer clips")
        row[: len(own)], row[-1] = own, room
    return table


def buckets(lengths: ArrayLike, *, batch_size: int) -> list[np.ndarray]:
    """Divide sequences into batches of like length, so that little is padded.

    Parameters
    ----------
    lengths : array_like of int [shape=(n,)]
        Frames of each sequence.
    batch_size : int
        Sequences of a batch; the last, with the longest sequences, may be smaller.

    Returns
    -------
    list of int arrays
        Indices, from the shortest sequence to the longest; every sequence occurs once.

    Raises
    ------
    ValueError
        If there are no sequences, or batch_size is not a positive whole number.

    Examples
    --------
    >>> [batch.tolist() for batch in buckets([90, 20, 80, 30], batch_size=2)]
    [[1, 3], [2, 0]]
    """
    lengths = np.asarray(lengths)
    if lengths.ndim != 1 or not lengths.size:
        raise ValueError(f"lengths must be a vector with at least one entry, but has the shape {lengths.shape}")
    order = np.argsort(lengths, kind="stable")
    return [order[start : start + positive_int(batch_size=batch_size)] for start in range(0, len(order), batch_size)]


def pad(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Lay pictures into one batch [shape=(clips, frames, bands)], silence after their ends.

    The frames are a multiple of 16, so that few shapes occur.

    Examples
    --------
    >>> pad([np.zeros((98, 40)), np.zeros((41, 40))]).shape
    (2, 112, 40)
    """
    n_frames = -(-max(map(len, pictures)) // PAD_TO) * PAD_TO
    batch = np.full((len(pictures), n_frames, pictures[0].shape[1]), frontend.FLOOR, np.float32)
    for row, picture in zip(batch, pictures, strict=True):
        row[: len(picture)] = picture
    return batch


def train(
    network: keras.Model,
    batches: Iterable[tuple[np.ndarray | Mapping[str, np.ndarray], Mapping[str, np.ndarray]]],
    *,
    steps: int,
    peak_rate: float = 3e-3,
    weights: Mapping[str, float] | None = None,
    losses: Mapping[str, Callable] | None = None,
    blank_held: float = 0.0,
    progress: bool = True,
) -> dict[str, list[float]]:
    """Train all heads together by AdamW; interrupting the kernel ends the training, not the notebook.

    The rate rises and falls, and at the end the running mean of the weights stays.

    Parameters
    ----------
    network : keras.Model
        Such as `ctc_network` builds; its outputs are a dict with one entry for each head.
    batches : iterable of (inputs, dict of targets)
        At least `steps` of them: pictures as `pad` gives them, or whatever inputs the network has in the same
        arrangement; and for each head what its loss takes, such as `targets` gives.
    steps : int
        Updates of the weights.
    peak_rate : float
        Highest learning rate; the first tenth of the steps leads up to it, a cosine down from it.
    weights : mapping of str to float, optional
        Factor of each head's loss; 1 if not given. A head with many nats else leaves the others little to say.
    losses : mapping of str to callable, optional
        Loss of a head, from int32 targets and scores to nats of each clip; `ctc_loss` if not given.
    blank_held : float
        For the heads with the CTC loss: taken from the score of the blank, ever less in the first steps. Blanks
        everywhere are a beginner's cheapest answer, and it else stays there for long (Zeyer, Schlüter & Ney, 2021,
        arXiv:2105.14849).
    progress : bool
        Whether to show a bar, which leaves one line.

    Returns
    -------
    dict of str to list of float
        Loss in nats a clip, one value a step, of each head; high as long as the blank is held.

    Examples
    --------
    >>> network = ctc_network({"words": Head(11)}, channels=(4, 4, 4, 4))
    >>> batch = pad([np.zeros((40, 40))]), {"words": targets([[3]], [40])}
    >>> len(train(network, [batch] * 3, steps=3, progress=False)["words"])
    3
    """
    steps, given = positive_int(steps=steps), losses or {}
    history: dict[str, list[float]] = {name: [] for name in network.output_names}
    warm = max(1, steps // 10)
    falls = {"decay_steps": max(1, steps - warm), "alpha": 0.01}
    rises = {"warmup_target": peak_rate, "warmup_steps": warm}
    rate = keras.optimizers.schedules.CosineDecay(peak_rate / 20, **falls, **rises)
    optimiser = keras.optimizers.AdamW(rate, weight_decay=0.01, clipnorm=5.0, use_ema=True, ema_momentum=0.99)
    optimiser.build(network.trainable_variables)
    anything = tf.TensorSpec((None, None), tf.int32)
    takes = keras.tree.map_structure(lambda one: tf.TensorSpec(one.shape, one.dtype), network.input)
    signature = [takes, {name: anything for name in history}, tf.TensorSpec(())]

    def loss(name, wanted, scores, held):
        each = given[name](wanted, scores) if name in given else ctc_loss(wanted, _hold(scores, held))
        return tf.reduce_mean(each)

    @tf.function(input_signature=signature)
    def update(x, y, held):
        with tf.GradientTape() as tape:
            scores = network(x, training=True)
            nats = {name: loss(name, y[name], scores[name], held) for name in y}
            total = tf.add_n([(weights or {}).get(name, 1.0) * value for name, value in nats.items()])
        optimiser.apply(tape.gradient(total, network.trainable_variables), network.trainable_variables)
        return nats

    bar, start, ended = progress_bar(total=steps, unit="step", shown=progress), time.perf_counter(), "steps"
    try:
        for step, (x, y) in zip(range(steps), batches, strict=False):
            held = tf.constant(blank_held * max(0.0, 1 - step / (HELD_SHARE * steps)), tf.float32)
            nats = update(*keras.tree.map_structure(tf.constant, (x, y)), held)
            for name, value in nats.items():
                history[name].append(float(value))
            bar.update()
    except KeyboardInterrupt:
        ended = f"of {steps} steps, then stopped,"
    optimiser.finalize_variable_values(network.trainable_variables)
    done = len(next(iter(history.values())))
    last = ", ".join(f"{name} {np.mean(values[-20:]):.2f}" for name, values in history.items())
    finish(bar, f"{done} {ended} in {time.perf_counter() - start:.1f} s; loss in nats a string: {last}")
    return history


def accustomed(network: keras.Model, pictures: Sequence[np.ndarray]) -> keras.Model:
    """Copy a network, and give the copy's batch normalisations the mean and variance of one speaker's pictures.

    Nobody has to know what is said in them, and no weight is learnt.

    Parameters
    ----------
    network : keras.Model
        Such as `ctc_network` builds.
    pictures : sequence of np.ndarray [shape=(frames, bands)]
        Of any lengths; the more, the better known is the speaker.

    Returns
    -------
    keras.Model
        The network that is passed stays as it is.

    References
    ----------
    Li, Wang, Shi, Liu & Hou (2016), Revisiting batch normalization for practical domain adaptation, arXiv:1603.04779.

    Examples
    --------
    >>> network = ctc_network({"words": Head(11)})
    >>> picture = np.random.default_rng(0).uniform(-1, 1, (98, 40))
    >>> scores = [one(pad([picture]))["words"] for one in (network, accustomed(network, [picture]))]
    >>> scores[0].shape == scores[1].shape, bool(np.allclose(*scores))
    (True, False)
    """

    def settled(layer):
        settings = layer.get_config()
        if isinstance(layer, keras.layers.BatchNormalization):
            settings["momentum"] = 0.0
        elif isinstance(layer, keras.layers.Dropout):
            settings["rate"] = 0.0
        return layer.__class__.from_config(settings)

    own = keras.models.clone_model(network, clone_function=settled)
    own.set_weights(network.get_weights())
    own(pad(pictures), training=True)
    return own


def _hold(scores, by):
    """Take something from the score of the blank."""
    return scores - by * tf.one_hot(0, tf.shape(scores)[-1])


def log_probs(
    network: keras.Model, pictures: Sequence[np.ndarray], *, warps: Sequence[float] = (1.0,)
) -> dict[str, list[np.ndarray]]:
    """Let a network read pictures; like lengths go together, and padding is cut off again.

    Parameters
    ----------
    network : keras.Model
        From `ctc_network`.
    pictures : sequence of np.ndarray [shape=(frames, bands)]
        Of any lengths.
    warps : sequence of float
        Factors by which the frequency axis is stretched; with several, the log-probabilities are averaged and scaled
        to sum to 1 again.

    Returns
    -------
    dict of str to list of np.ndarray [shape=(outputs, classes), dtype=float64]
        For each head and each picture logarithms of probabilities, in the order of the pictures.

    Examples
    --------
    >>> network = ctc_network({"words": Head(11)})
    >>> outputs = log_probs(network, [np.zeros((98, 40)), np.zeros((41, 40))])["words"]
    >>> [values.shape for values in outputs], bool(np.allclose(np.exp(outputs[0]).sum(axis=1), 1))
    ([(25, 11), (11, 11)], True)
    """
    if not len(pictures):
        raise ValueError("there are no pictures to read")
    heard = [_log_probs(network, [stretched(one, factor=factor) for one in pictures]) for factor in warps]
    if len(heard) == 1:
        return heard[0]
    return {
        name: [_scaled(np.mean(same, axis=0)) for same in zip(*(one[name] for one in heard), strict=True)]
        for name in heard[0]
    }


def _scaled(values: np.ndarray) -> np.ndarray:
    return values - np.logaddexp.reduce(values, axis=-1, keepdims=True)


def _log_probs(network: keras.Model, pictures: Sequence[np.ndarray]) -> dict[str, list[np.ndarray]]:
    found: dict[str, list] = {name: [None] * len(pictures) for name in network.output_names}
    for rows in buckets([len(picture) for picture in pictures], batch_size=PICTURES_AT_ONCE):
        x = pad([pictures[i] for i in rows])
        for name, values in network(x, training=False).items():
            values = _scaled(np.asarray(values, np.float64))
            outputs_per_step = values.shape[1] * SUBSAMPLING // x.shape[1]
            for i, row in zip(rows, values, strict=True):
                found[name][i] = row[: -(-len(pictures[i]) // SUBSAMPLING) * outputs_per_step]
    return found
