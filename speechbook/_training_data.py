"""Checks of training data: what Keras would accept in silence, or refuse in words that do not help."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from speechbook._keras import keras


def check_data(
    model: keras.Model, x: ArrayLike, y: ArrayLike, *, name: str = "training data"
) -> tuple[np.ndarray, np.ndarray]:
    """Give inputs and labels as arrays that fit the model, or raise ValueError.

    Parameters
    ----------
    model : keras.Model
        Built and compiled.
    x : array [shape=(clips, …)]
        Inputs; shaped as the model's input is.
    y : array
        Labels in the format of the model's loss.
    name : str
        What the message calls them.

    Returns
    -------
    x : float32 array
    y : array

    Raises
    ------
    ValueError
        Saying what came, what was expected, and what to do.

    Examples
    --------
    >>> from speechbook import models
    >>> check_data(models.article_a(), np.zeros((4, 13, 1)), [0, 1, 0])
    Traceback (most recent call last):
    ValueError: training data: there are 4 clips but 3 labels.
    """
    if not getattr(model, "compiled", False):
        raise ValueError("The model is not compiled; call model.compile(optimizer=…, loss=…) first.")
    x = _inputs(x, model.input_shape, name)
    y = _array(y, "labels", name)
    if y.ndim == 0 or len(y) != len(x):
        raise ValueError(f"{name}: there are {len(x)} clips but {y.size if y.ndim == 0 else len(y)} labels.")
    if y.dtype.kind not in "biuf":
        raise ValueError(
            f"{name}: labels must be numbers, but are {y.dtype} such as {str(y.flat[0])!r}. Number the words from 0."
        )
    if y.dtype.kind == "f" and not np.isfinite(y).all():
        raise ValueError(f"{name}: some labels are NaN or infinite.")
    check = _LABEL_CHECKS.get(_loss_name(model))
    if check is not None:
        check(y, model.output_shape[-1], name)
    return x, y


def _array(values: ArrayLike, what: str, name: str) -> np.ndarray:
    try:
        return np.asarray(values)
    except ValueError:
        raise ValueError(
            f"{name}: the {what} are not one array, because their lengths differ. features.batch pads clips with zeros."
        ) from None


def _inputs(x: ArrayLike, input_shape: tuple, name: str) -> np.ndarray:
    x = _array(x, "clips", name)
    if x.dtype.kind not in "biuf":
        raise ValueError(f"{name}: features must be numbers, but are of dtype {x.dtype}.")
    if x.ndim == 0 or len(x) == 0:
        raise ValueError(f"{name}: there are no clips (shape {x.shape}).")
    wanted = input_shape[1:]
    if x.ndim != len(wanted) + 1 or any(w not in (None, n) for w, n in zip(wanted, x.shape[1:], strict=True)):
        advice = ""
        if x.shape[1:] == wanted[::-1]:
            advice = " The axes are the wrong way round: frames come before features."
        elif (*x.shape[1:], 1) == wanted:
            advice = " Add the missing axis with x[..., None]."
        raise ValueError(f"{name}: the model takes {_shape_text(wanted)}, but the shape is {x.shape}.{advice}")
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        bad = int((~np.isfinite(x)).reshape(len(x), -1).any(axis=1).sum())
        raise ValueError(
            f"{name}: {bad} of {len(x)} clips hold NaN or infinite features. Look for a log of 0 or a division by 0."
        )
    return x.astype(np.float32, copy=False)


def _shape_text(wanted: tuple) -> str:
    return f"(clips, {', '.join('any' if n is None else str(n) for n in wanted)})"


def _loss_name(model: keras.Model) -> str:
    loss = model.loss
    return loss if isinstance(loss, str) else getattr(loss, "name", "")


def _check_integers(y: np.ndarray, n_classes: int, name: str) -> None:
    if y.ndim == 2 and y.shape[1] == n_classes:
        raise ValueError(
            f"{name}: sparse categorical cross-entropy takes one integer a clip, but the labels have shape {y.shape}. "
            f"If they are one-hot, use y.argmax(axis=1)."
        )
    if y.ndim != 1 or y.dtype.kind not in "biu":
        raise ValueError(
            f"{name}: sparse categorical cross-entropy takes integers of shape (clips,), "
            f"but the labels are {y.dtype} of shape {y.shape}."
        )
    if y.min() < 0 or y.max() >= n_classes:
        raise ValueError(
            f"{name}: the model has {n_classes} outputs, so labels go from 0 to {n_classes - 1}, "
            f"but these run from {y.min()} to {y.max()}."
        )


def _check_rows(y: np.ndarray, n_classes: int, name: str) -> None:
    if y.ndim != 2 or y.shape[1] != n_classes:
        raise ValueError(
            f"{name}: categorical cross-entropy takes one row of {n_classes} probabilities a clip, but the labels have "
            f"shape {y.shape}. Use keras.utils.to_categorical(y, {n_classes}), or the sparse loss for integers."
        )
    if y.min() < 0 or np.abs(y.sum(axis=1) - 1).max() > 1e-4:
        raise ValueError(f"{name}: every row of labels must be probabilities that add up to 1.")


def _check_yes_no(y: np.ndarray, n_outputs: int, name: str) -> None:
    if y.shape not in ((len(y),), (len(y), n_outputs)) or (y.ndim == 1 and n_outputs > 1):
        raise ValueError(
            f"{name}: the model gives {n_outputs} yes/no answer(s) a clip, but the labels have shape {y.shape}."
        )
    if y.min() < 0 or y.max() > 1:
        raise ValueError(
            f"{name}: binary cross-entropy takes labels from 0 (no) to 1 (yes), but these run from {y.min()} to "
            f"{y.max()}. Keras would train on them in silence, and the loss would mean nothing. For more than two "
            f"words take a softmax output and sparse_categorical_crossentropy."
        )


_LABEL_CHECKS = {
    "sparse_categorical_crossentropy": _check_integers,
    "categorical_crossentropy": _check_rows,
    "binary_crossentropy": _check_yes_no,
}
