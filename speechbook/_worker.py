"""What one worker process of `speechbook.workers` does."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np

from speechbook._keras import keras
from speechbook.workers import CHECKPOINT, newest_checkpoint, share

# isort: split
import tensorflow as tf  # after Keras, which keeps its start-up log quiet

layers = keras.layers


def work(rank: int, n_workers: int, x: np.ndarray, labels: np.ndarray, settings: dict) -> tuple | None:
    """Train with the others; the first worker returns what `workers.Outcome` holds."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the runtime tells every connection on standard error
    tf.config.threading.set_intra_op_parallelism_threads(1)
    strategy = _strategy(n_workers)
    with strategy.scope():
        keras.utils.set_random_seed(settings["seed"])
        model = _network(x.shape[1:], int(labels.max()) + 1, settings["normalisation"])
        optimiser = keras.optimizers.Adam(3e-3)
        optimiser.build(model.trainable_variables)
    update = _update(strategy, model, optimiser, settings["batch_size"])
    folder = None if settings["folder"] is None else Path(settings["folder"])
    variables, first = [*model.variables, *optimiser.variables], 0
    if folder is not None and (first := newest_checkpoint(folder)):
        _restore(folder, variables)
    rng = np.random.default_rng(settings["seed"])
    gradients, losses, seconds = [], [], []
    for step in range(settings["steps"]):
        batch = rng.choice(len(x), settings["batch_size"], replace=False)
        if step < first:
            continue
        if step == settings["kill_at"] and rank == n_workers - 1:
            os.kill(os.getpid(), signal.SIGKILL)
        own = batch[share(len(batch), rank=rank, n_workers=n_workers)]
        start = time.perf_counter()
        added, loss = update(tf.constant(x[own]), tf.constant(labels[own]))
        losses.append(float(loss))
        seconds.append(time.perf_counter() - start)
        gradients = gradients or [np.array(each) for each in added]
        if folder is not None and rank == 0 and (step + 1) % settings["checkpoint_every"] == 0:
            _keep(folder, step + 1, variables)
    return [np.array(each) for each in model.get_weights()], gradients, losses, float(np.median(seconds or [0.0]))


def _strategy(n_workers: int) -> tf.distribute.Strategy:
    if n_workers == 1:
        return tf.distribute.get_strategy()
    ring = tf.distribute.experimental.CommunicationImplementation.RING
    options = tf.distribute.experimental.CommunicationOptions(implementation=ring)
    return tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)


def _network(shape: tuple[int, ...], n_classes: int, normalisation: str) -> keras.Model:
    parts = [keras.Input(shape), layers.Conv1D(48, 5, strides=2, use_bias=normalisation == "none")]
    if normalisation != "none":
        parts.append(layers.BatchNormalization(synchronized=normalisation == "common"))
    parts += [layers.ReLU(), layers.Conv1D(48, 3, strides=2), layers.ReLU()]
    return keras.Sequential([*parts, layers.GlobalAveragePooling1D(), layers.Dense(n_classes)])


def _update(strategy: tf.distribute.Strategy, model: keras.Model, optimiser: keras.Optimizer, batch_size: int):
    """Build one step: own gradients, added up over all workers, then the same update everywhere."""

    def own_step(x, labels):
        with tf.GradientTape() as tape:
            each = keras.losses.sparse_categorical_crossentropy(labels, model(x, training=True), from_logits=True)
            loss = tf.reduce_sum(each) / batch_size
        gradients = tape.gradient(loss, model.trainable_variables)
        everybody = tf.distribute.get_replica_context()
        added = everybody.all_reduce("sum", gradients)
        optimiser.apply(gradients, model.trainable_variables)
        return added, everybody.all_reduce("sum", loss)

    return tf.function(lambda x, labels: strategy.run(own_step, args=(x, labels)))


def _keep(folder: Path, step: int, variables: list) -> None:
    """Write a checkpoint in one step, so that a kill leaves the old one or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{os.getpid()}.part.npz"
    np.savez(part, step=step, **{str(i): np.array(each) for i, each in enumerate(variables)})
    os.replace(part, folder / CHECKPOINT)


def _restore(folder: Path, variables: list) -> None:
    with np.load(folder / CHECKPOINT) as kept:
        for i, each in enumerate(variables):
            each.assign(kept[str(i)])
