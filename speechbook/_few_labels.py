"""The small network of `little_data`, built once and trained many times, and the pictures that it learns from."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from speechbook import corpora, frontend
from speechbook._keras import keras
from speechbook._training_step import train_step
from speechbook.self_supervised import N_FRAMES, classifier, cosine, encoder
from speechbook.variations import Variation, levels, vary

COPIES = 8
CLIPS_A_STEP = 32
PEAK_RATE = 3e-3
STORED_FRAMES = 110
CLIPS_AT_ONCE = 256
STEPS = ((50, 100), (200, 160))
MOST_STEPS = 300


def steps_for(labels: int) -> int:
    """Say how many batches a network learns from so many labelled clips.

    Examples
    --------
    >>> [steps_for(n) for n in (10, 50, 200, 500)]
    [100, 100, 160, 300]
    """
    return next((steps for most, steps in STEPS if labels <= most), MOST_STEPS)


class Pictures:
    """The pictures of clips, and copies of them that were varied once.

    Parameters
    ----------
    digits : corpora.Digits
        Clips.
    copies : int
        Varied pictures of each.
    seed : int
        Of the variation.

    Examples
    --------
    >>> digits = corpora.load_digits("voices")[:20]
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> some = Pictures(digits, copies=2)
    >>> x, lengths = some.draw(np.random.default_rng(0))
    >>> some.plain.shape, x.shape, lengths.shape
    ((20, 64, 40), (32, 64, 40), (32,))
    """

    def __init__(self, digits: corpora.Digits, *, copies: int = COPIES, seed: int = 0) -> None:
        powers = frontend.mel_powers(digits.clips, sample_rate=digits.sample_rate)
        self.plain = np.full((len(powers), N_FRAMES, frontend.SETTINGS["n_mels"]), frontend.FLOOR, np.float32)
        for row, power in zip(self.plain, powers, strict=True):
            row[: len(power)] = frontend.scale(power)[:N_FRAMES]
        self.varied = np.empty((copies, *self.plain.shape), np.float16)
        stored, counts = levels(powers, n_frames=STORED_FRAMES)
        rng = np.random.default_rng(seed)
        for copy in self.varied:
            for first in range(0, len(powers), CLIPS_AT_ONCE):
                part = slice(first, first + CLIPS_AT_ONCE)
                copy[part] = vary(stored[part], counts[part], variation=Variation(), n_frames=N_FRAMES, rng=rng)

    def pick(self, rows: np.ndarray, rng: np.random.Generator, *, varied: bool = True) -> np.ndarray:
        """Give one picture for each of some clips: one of its varied copies, or the plain one."""
        if not varied:
            return self.plain[rows]
        return self.varied[rng.integers(0, len(self.varied), len(rows)), rows].astype(np.float32)

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw a batch by lot, and the length of each picture: what `self_supervised.pretrain` asks for."""
        x = self.pick(rng.integers(0, len(self.plain), CLIPS_A_STEP), rng)
        heard = x.max(axis=2) > frontend.FLOOR
        return x, N_FRAMES - heard[:, ::-1].argmax(axis=1)


class Learner:
    """An encoder with a classifier upon it, compiled once, which can be put back to its first weights.

    Parameters
    ----------
    trunk : keras.Model, optional
        Encoder; by default a new one with weights from the seed.
    n_classes : int
        Of the classifier.
    seed : int
        Of weights, batches and dropout.

    Examples
    --------
    >>> learner = Learner(n_classes=10)
    >>> learner.probabilities(np.zeros((3, 64, 40))).shape, learner.embed(np.zeros((3, 64, 40))).shape
    ((3, 10), (3, 64))
    """

    def __init__(self, trunk: keras.Model | None = None, *, n_classes: int = 10, seed: int = 0) -> None:
        keras.utils.set_random_seed(seed)
        self.seed, self.trunk = seed, encoder() if trunk is None else trunk
        self.model = classifier(self.trunk, n_classes=n_classes)
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
        self.model.compile(keras.optimizers.AdamW(PEAK_RATE, weight_decay=0.01), loss=loss)
        self.model.optimizer.build(self.model.trainable_variables)
        self.start = self.trunk.get_weights()
        self._last = self.model.layers[-1].get_weights()
        states = [layer.seed_generator.state for layer in self.model.layers if hasattr(layer, "seed_generator")]
        self._dropout = [(state, state.numpy()) for state in states]

    def reset(self, weights: list[np.ndarray] | None = None) -> None:
        """Forget everything, or everything but an encoder's weights."""
        self.trunk.set_weights(self.start if weights is None else weights)
        self.model.layers[-1].set_weights(self._last)
        for variable in self.model.optimizer.variables:
            variable.assign(keras.ops.zeros_like(variable))
        for state, first in self._dropout:
            state.assign(first)

    def fit(
        self, pictures: Pictures, rows: np.ndarray, labels: ArrayLike, *, steps: int, varied: bool = True
    ) -> np.ndarray:
        """Learn from some of the pictures; give the loss of every step."""
        rng, rows = np.random.default_rng(self.seed), np.asarray(rows)
        keras.utils.set_random_seed(self.seed)
        targets = np.eye(self.model.output_shape[-1], dtype=np.float32)[np.asarray(labels)]
        losses = []
        for step in range(steps):
            self.model.optimizer.learning_rate.assign(PEAK_RATE * cosine(step, steps))
            some = rng.integers(0, len(rows), CLIPS_A_STEP)
            x = pictures.pick(rows[some], rng, varied=varied)
            losses.append(train_step(self.model, x, targets[some]))
        return np.array(losses)

    def probabilities(self, x: ArrayLike) -> np.ndarray:
        """Give the probabilities of the classes [shape=(pictures, n_classes)]."""
        return _outputs(self.model, x)

    def embed(self, x: ArrayLike) -> np.ndarray:
        """Give the mean of the encoder's vectors over time [shape=(pictures, units)]."""
        return _outputs(self.trunk, x).mean(axis=1)


def _outputs(model: keras.Model, x: ArrayLike) -> np.ndarray:
    x = np.asarray(x, np.float32)
    parts = [model(x[first : first + CLIPS_AT_ONCE], training=False) for first in range(0, len(x), CLIPS_AT_ONCE)]
    return np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])
