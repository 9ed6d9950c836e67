"""What the lattices of CTC and of the transducer share: classes with a sign each, a target, and its loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import anywidget
import numpy as np
import traitlets

from speechbook.widgets.symbols import classes_of, known_symbols, spelt, without_blank

MOST_SYMBOLS = 6


class SymbolLattice(anywidget.AnyWidget):
    """A widget that holds probabilities of classes, one of which is the blank, and a target made of the others.

    A subclass says which trait holds the probabilities, what one entry of it is called, how many labels a target may
    have, and which function gives the target's log-likelihood.

    Parameters
    ----------
    symbols : sequence of str
        How the classes are written, the blank among them; at most 6.
    target : str, or sequence of str or int
        What was said: symbols, or classes.
    blank : int
        Class of the blank.
    **traits : object
        The subclass's own.

    Raises
    ------
    ValueError
        If the symbols cannot be told apart, or the target does not fit them.
    """

    _holds: ClassVar[str]
    _entry: ClassVar[str]
    _labels: ClassVar[tuple[int, int]]
    _log_likelihood: ClassVar[Callable[..., float]]

    symbols = traitlets.List(traitlets.Unicode()).tag(sync=True)
    blank = traitlets.Int(0).tag(sync=True)
    target = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(
        self, *, symbols: Sequence[str], target: str | Sequence[str | int], blank: int, **traits: object
    ) -> None:
        symbols = known_symbols(symbols, most=MOST_SYMBOLS, blank=blank)
        labels = self._as_many_as_fit(classes_of(target, symbols))
        super().__init__(symbols=symbols, blank=blank, target=labels, **traits)

    def __repr__(self) -> str:
        target = spelt(self.target, self.symbols)
        n = len(getattr(self, self._holds))
        return f"{type(self).__name__}({n} {self._entry}s, target={target!r}, loss={self.loss:.3f})"

    @property
    def loss(self) -> float:
        """−log P(target), in nats; infinite if no path leads to the target."""
        with np.errstate(divide="ignore"):
            return -self._log_likelihood(np.log(getattr(self, self._holds)), self.target, blank=self.blank)

    @traitlets.validate("target")
    def _check_target(self, proposal: dict) -> list[int]:
        return without_blank(self._as_many_as_fit(proposal["value"]), self.symbols, self.blank)

    def _as_many_as_fit(self, target: list[int]) -> list[int]:
        """Return a target that there is room for; an empty one is the trait's default, which nobody validates."""
        low, high = self._labels
        if not low <= len(target) <= high:
            raise ValueError(f"target must have {low} to {high} labels, but has {len(target)}")
        return target

    def _shares(self, values: np.ndarray, *, most: int, shape: tuple[int, ...], words: str) -> np.ndarray:
        """Return values that are probabilities of the wanted shape after their first axis, or raise ValueError."""
        if len(values) > most or values.shape[1:] != shape:
            raise ValueError(
                f"{self._holds} must have at most {most} {self._entry}s, {words}, but have the shape {values.shape}"
            )
        if values.min() < 0 or np.abs(values.sum(axis=-1) - 1).max() > 1e-3:
            raise ValueError(f"{self._holds} must be 0 or more and sum to 1 over the classes: take a softmax output")
        return values
