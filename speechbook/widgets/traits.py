"""What widgets share on Python's side: arrays that cross to the page, and checks that answer in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import traitlets
from numpy.typing import ArrayLike

STATIC = Path(__file__).parent / "static"


class Array(traitlets.TraitType):
    """Trait for an array of finite numbers; what it holds is read-only, so that every change is seen.

    Parameters
    ----------
    ndim : int
        Number of axes.
    axes : str
        The shape in words, for messages, such as ``"(bands, frames)"``.
    dtype : dtype
        How the numbers are kept.
    allow_none : bool
        Whether there may be no array, as there is none then until one is set.
    """

    info_text = "an array of finite numbers"

    def __init__(self, *, ndim: int, axes: str, dtype: type = np.float64, allow_none: bool = False) -> None:
        super().__init__(None if allow_none else np.zeros((0,) * ndim, dtype), allow_none=allow_none)
        self.ndim, self.axes, self.dtype = ndim, axes, dtype

    def validate(self, owner: object, value: ArrayLike) -> np.ndarray:
        """Return the value as a read-only array, or raise ValueError."""
        try:
            array = np.array(value, dtype=self.dtype)
        except (TypeError, ValueError):
            raise ValueError(f"{self.name} must hold numbers in the shape {self.axes}, but is {value!r:.80}") from None
        if array.ndim != self.ndim or array.size == 0:
            raise ValueError(f"{self.name} must have the shape {self.axes}, but has {array.shape}")
        if not np.isfinite(array).all():
            raise ValueError(f"{self.name} holds values that are not finite numbers (NaN or infinity)")
        array.flags.writeable = False
        return array


def _to_bytes(array: np.ndarray | None, widget: object) -> dict | None:
    return None if array is None else {"shape": list(array.shape), "values": array.astype("<f4").tobytes()}


def _from_bytes(message: dict, widget: object) -> np.ndarray:
    return np.frombuffer(message["values"], "<f4").reshape(message["shape"])


def _to_shares(array: np.ndarray, widget: object) -> dict:
    return {"shape": list(array.shape), "values": np.round(array * 65535).astype("<u2").tobytes()}


AS_LIST = {"sync": True, "to_json": lambda array, widget: array.tolist()}
AS_BYTES = {"sync": True, "to_json": _to_bytes, "from_json": _from_bytes}
AS_SHARES = {"sync": True, "to_json": _to_shares}  # numbers from 0 to 1, in half the bytes; the page never sends them


def within(proposal: dict, low: float, high: float) -> float:
    """Return a proposed value that lies between two limits, or raise ValueError.

    Parameters
    ----------
    proposal : dict
        What traitlets passes to a validator.
    low, high : float
        The limits, both allowed.

    Returns
    -------
    float
        The value.

    Raises
    ------
    ValueError
        If it lies outside, or is not a number.
    """
    name, value = proposal["trait"].name, proposal["value"]
    if not low <= value <= high:
        raise ValueError(f"{name} must lie between {low:g} and {high:g}, but is {value!r}")
    return value


def one_of(proposal: dict, known: Sequence[str]) -> str:
    """Return a proposed value that is one of those known, or raise ValueError.

    Parameters
    ----------
    proposal : dict
        What traitlets passes to a validator.
    known : sequence of str
        The values allowed.

    Returns
    -------
    str
        The value.

    Raises
    ------
    ValueError
        If it is another.
    """
    name, value = proposal["trait"].name, proposal["value"]
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, known))}, but is {value!r}")
    return value
