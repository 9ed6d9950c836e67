"""Train a network so that the result can be trusted: checked data, fixed seeds, speakers held out, intervals given.

`fit` shows one progress bar that shrinks to one line. `evaluate` trains on one set of clips and scores another;
`leave_one_speaker_out` does so for each fold in turn. Taught in the chapter *Article A's program*.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from tqdm import tqdm

from speechbook._checks import positive_int
from speechbook._keras import keras
from speechbook._outcomes import Result, pool
from speechbook._progress import finish, progress_bar
from speechbook._training_data import check_data
from speechbook._training_step import prepare

__all__ = ["Result", "evaluate", "fit", "leave_one_speaker_out", "pool", "predict_labels"]

CLIPS_AT_ONCE = 256


class Labelled(Protocol):
    """Clips with labels, as `corpora.Digits` are."""

    digit: np.ndarray


def fit(
    model: keras.Model,
    x: ArrayLike,
    y: ArrayLike,
    *,
    epochs: int,
    batch_size: int = 32,
    validation_data: tuple[ArrayLike, ArrayLike] | None = None,
    seed: int = 0,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    progress: bool = True,
) -> dict[str, list[float]]:
    """Train a compiled model; show a bar that leaves one line.

    The seed fixes the order of the clips. From the same initial weights (``keras.utils.set_random_seed`` before the
    model is built) two runs on one machine end in the same weights, bit for bit. Interrupting the kernel ends the
    training, not the notebook, and the model keeps what it has learnt.

    Parameters
    ----------
    model : keras.Model
        Built and compiled.
    x : array [shape=(clips, …)]
        Inputs, shaped as the model's input is.
    y : array
        Labels in the format of the loss: integers from 0 for ``sparse_categorical_crossentropy``, a row of classes for
        ``categorical_crossentropy``, 0 or 1 for ``binary_crossentropy``.
    epochs : int
        Passes over the data.
    batch_size : int
        Clips a step.
    validation_data : tuple (x, y), optional
        Scored after every epoch; nothing is learnt from it.
    seed : int
        Of the shuffling.
    callbacks : sequence of keras.callbacks.Callback
        Such as ``keras.callbacks.EarlyStopping``.
    progress : bool
        Whether to show the bar.

    Returns
    -------
    dict of str to list of float
        One value a completed epoch: ``loss``, ``accuracy`` and, with validation, ``val_loss`` and ``val_accuracy``.

    Raises
    ------
    ValueError
        If the model is not compiled; if data are empty, not finite, of the wrong shape or of different lengths; if the
        labels do not fit the loss, which Keras does not always notice.

    Examples
    --------
    >>> from speechbook import models
    >>> keras.utils.set_random_seed(0)
    >>> model = models.article_a_frames(n_frames=20, n_features=13)
    >>> x = np.random.default_rng(0).standard_normal((64, 20, 13))
    >>> history = fit(model, x, np.arange(64) % 10, epochs=2, progress=False)
    >>> sorted(history), len(history["loss"])
    (['accuracy', 'loss'], 2)
    """
    x, y = check_data(model, x, y)
    if validation_data is not None:
        validation_data = check_data(model, *validation_data, name="validation data")
    epochs, batch_size = positive_int(epochs=epochs), positive_int(batch_size=batch_size)
    prepare(model, x, y)
    keras.utils.set_random_seed(seed)
    bar = progress_bar(total=epochs, unit="epoch", shown=progress)
    log = _Log(bar)
    start = time.perf_counter()
    ended = "epochs"
    try:
        model.fit(
            x,
            y,
            epochs=epochs,
            batch_size=batch_size,
            validation_data=validation_data,
            callbacks=[*callbacks, log],
            verbose=0,
        )
    except KeyboardInterrupt:
        ended = f"of {epochs} epochs, then stopped,"
    finish(bar, f"{log.epochs} {ended} in {time.perf_counter() - start:.1f} s: {log.latest}")
    return log.history


class _Log(keras.callbacks.Callback):
    """Collects the metrics of each epoch and moves the bar."""

    def __init__(self, bar: tqdm) -> None:
        super().__init__()
        self.bar = bar
        self.epochs = 0
        self.history: dict[str, list[float]] = {}

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Note what the epoch brought."""
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        self.epochs += 1
        self.bar.set_postfix_str(self.latest, refresh=False)
        self.bar.update()

    @property
    def latest(self) -> str:
        """The metrics of the last epoch as text."""
        return ", ".join(f"{name} {values[-1]:.3f}" for name, values in self.history.items())


def predict_labels(model: keras.Model, x: ArrayLike) -> np.ndarray:
    """Turn a network's outputs into labels: the most probable class, or yes (1) from a probability of 0.5.

    Parameters
    ----------
    model : keras.Model
        With a softmax over classes, or one sigmoid, as its output.
    x : array [shape=(clips, …)]
        Inputs.

    Returns
    -------
    int array [shape=(clips,)]

    Raises
    ------
    ValueError
        If there are no clips.

    Examples
    --------
    >>> from speechbook import models
    >>> predict_labels(models.article_a(), np.zeros((3, 13, 1))).shape
    (3,)
    """
    x = np.asarray(x, np.float32)
    if x.ndim == 0 or len(x) == 0:
        raise ValueError(f"There are no clips to predict (shape {x.shape}).")
    parts = [model(x[start : start + CLIPS_AT_ONCE], training=False) for start in range(0, len(x), CLIPS_AT_ONCE)]
    outputs = np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])
    return (outputs[:, 0] >= 0.5).astype(int) if outputs.shape[1] == 1 else outputs.argmax(axis=1)


def evaluate(
    model: keras.Model,
    split: tuple[Labelled, Labelled],
    *,
    inputs: Callable[[Labelled, Labelled], tuple[ArrayLike, ArrayLike]],
    epochs: int,
    batch_size: int = 32,
    seed: int = 0,
    name: str = "test clips",
    progress: bool = True,
) -> Result:
    """Train a model on one set of clips and test it on another.

    Parameters
    ----------
    model : keras.Model
        Built and compiled; it is trained in place.
    split : tuple (train, test) of corpora.Digits
        Clips to learn from, and clips to be scored on; their ``digit`` is the label.
    inputs : callable
        ``inputs(train, test)`` gives the two arrays of features. It sees both, so that statistics of the training
        clips can be applied to the test clips; it must not use the test clips for the training ones.
    epochs, batch_size, seed, progress
        As for `fit`.
    name : str
        What the result calls the test clips.

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        As for `fit`.

    Examples
    --------
    >>> from types import SimpleNamespace as Clips
    >>> from speechbook import models
    >>> clips = Clips(digit=np.arange(40) % 10)
    >>> model = models.article_a_frames(n_frames=8, n_features=2)
    >>> zeros = lambda train, test: (np.zeros((40, 8, 2)), np.zeros((40, 8, 2)))
    >>> evaluate(model, (clips, clips), inputs=zeros, epochs=1, progress=False).accuracy
    0.1
    """
    train, test = split
    x_train, x_test = inputs(train, test)
    x_test, y_test = check_data(model, x_test, test.digit, name="test data")
    start = time.perf_counter()
    history = fit(model, x_train, train.digit, epochs=epochs, batch_size=batch_size, seed=seed, progress=progress)
    seconds = time.perf_counter() - start
    return Result(name, y_test, predict_labels(model, x_test), seconds, history, test)


def leave_one_speaker_out(
    model: keras.Model,
    folds: Iterable[tuple[str, Labelled, Labelled]],
    *,
    inputs: Callable[[Labelled, Labelled], tuple[ArrayLike, ArrayLike]],
    epochs: int,
    batch_size: int = 32,
    seed: int = 0,
    progress: bool = True,
) -> list[Result]:
    """Train and test once a fold, each time from the same initial weights.

    Parameters
    ----------
    model : keras.Model
        Built, compiled and untrained. Its weights are put back before every fold and at the end.
    folds : iterable of (name, train, test)
        Such as ``digits.folds()``: the speakers of `test` do not occur in `train`.
    inputs, epochs, batch_size, seed, progress
        As for `evaluate`.

    Returns
    -------
    list of Result
        One a fold. Interrupting the kernel ends the run; the folds that are complete are returned.

    Raises
    ------
    ValueError
        As for `fit`; or if there are no folds.

    Examples
    --------
    >>> from types import SimpleNamespace as Clips
    >>> from speechbook import models
    >>> clips = Clips(digit=np.arange(40) % 10)
    >>> model = models.article_a_frames(n_frames=8, n_features=2)
    >>> zeros = lambda train, test: (np.zeros((40, 8, 2)), np.zeros((40, 8, 2)))
    >>> folds = [("ann", clips, clips), ("bob", clips, clips)]
    >>> [result.name for result in leave_one_speaker_out(model, folds, inputs=zeros, epochs=1, progress=False)]
    ['ann', 'bob']
    """
    folds = list(folds)
    if not folds:
        raise ValueError("There are no folds; pass digits.folds() or a list of (name, train, test).")
    results: list[Result] = []
    restore = _snapshot(model)
    bar = progress_bar(total=len(folds), unit="speaker", shown=progress)
    for name, train, test in folds:
        bar.set_postfix_str(name)
        result = evaluate(
            model,
            (train, test),
            inputs=inputs,
            epochs=epochs,
            batch_size=batch_size,
            seed=seed,
            name=name,
            progress=False,
        )
        restore()
        if len(result.history.get("loss", ())) < epochs:
            break
        results.append(result)
        bar.update()
    seconds = sum(result.seconds for result in results)
    finish(bar, f"{len(results)} of {len(folds)} folds, {epochs} epochs each, {seconds:.1f} s of training")
    return results


def _snapshot(model: keras.Model) -> Callable[[], None]:
    """Remember the state of model and optimiser; give a function that brings it back."""
    model.optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.optimizer.variables]
    values = [np.array(variable.numpy()) for variable in variables]

    def restore() -> None:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)

    return restore
