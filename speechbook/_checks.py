"""Checks of what the reader passes in: they return the value in a known form, or say what to do instead."""

from __future__ import annotations

import operator

import numpy as np
from numpy.typing import ArrayLike


def positive_int(**named: int) -> int:
    """Return the one named value as an int above 0, or raise ValueError.

    Examples
    --------
    >>> positive_int(hop_length=np.int64(80))
    80
    >>> positive_int(hop_length=0)
    Traceback (most recent call last):
    ValueError: hop_length must be a whole number above 0; got 0.
    """
    ((name, value),) = named.items()
    try:
        number = 0 if isinstance(value, bool | np.bool_) else operator.index(value)
    except TypeError:
        number = 0
    if number <= 0:
        raise ValueError(f"{name} must be a whole number above 0; got {value!r}.")
    return number


def signal(y: ArrayLike) -> np.ndarray:
    """Return sound [shape=(…, n)] as a finite floating-point array that is not empty, or raise ValueError.

    Examples
    --------
    >>> signal([0.0, 0.5]).dtype
    dtype('float64')
    >>> signal(np.array([0, 16384], dtype=np.int16))
    Traceback (most recent call last):
    ValueError: A signal holds floating-point samples in [-1, 1]; got int16. Divide 16-bit samples by 32768.
    """
    try:
        y = np.asarray(y)
    except ValueError:
        raise ValueError("A signal is one array of samples; got a ragged sequence. Pass clip after clip.") from None
    if y.dtype.kind == "i":
        bits = 8 * y.dtype.itemsize
        raise ValueError(
            f"A signal holds floating-point samples in [-1, 1]; got {y.dtype}. "
            f"Divide {bits}-bit samples by {2 ** (bits - 1)}."
        )
    if y.dtype.kind != "f":
        raise ValueError(f"A signal holds floating-point samples in [-1, 1]; got an array of {y.dtype}.")
    if y.ndim == 0 or y.size == 0:
        raise ValueError(f"A signal needs at least one sample along its last axis; got shape {y.shape}.")
    if not np.isfinite(y).all():
        raise ValueError("The signal holds NaN or infinite samples. Find where they come from, or np.nan_to_num them.")
    return y


def real_array(**named: ArrayLike) -> np.ndarray:
    """Return the one named value as an array of real numbers that is not empty, or raise ValueError.

    Examples
    --------
    >>> real_array(power=[1, 2])
    array([1, 2])
    >>> real_array(power=[1j])
    Traceback (most recent call last):
    ValueError: power must hold real numbers; got complex128 of shape (1,).
    """
    ((name, value),) = named.items()
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be one array; got a ragged sequence.") from None
    if array.dtype.kind not in "fiub" or array.size == 0:
        raise ValueError(f"{name} must hold real numbers; got {array.dtype} of shape {array.shape}.")
    return array
