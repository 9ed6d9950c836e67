"""The transducer's lattice: walk a path over blanks and labels, and see what all paths together do."""

from __future__ import annotations

from collections.abc import Sequence

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook.transducer import transducer_log_likelihood
from speechbook.widgets.symbols import classes_of, known_symbols, spelt, without_blank
from speechbook.widgets.traits import AS_LIST, STATIC, Array, one_of, within

MOST_STEPS, MOST_LABELS, MOST_SYMBOLS = 8, 5, 6
VIEWS = ("forward", "backward", "occupation")


class TransducerLattice(anywidget.AnyWidget):
    """Walk through the lattice of a recurrent neural network transducer, and change the probabilities at its nodes.

    A path is told by the step at which it writes each label. Forward and backward sums, loss, occupation, gradient and
    the likeliest path are computed in the page and equal those of `speechbook.transducer`.

    Parameters
    ----------
    probabilities : array_like [shape=(steps, labels + 1, classes)]
        What the joint network says at each node, summing to 1 over the classes; at most 8 steps and 6 classes.
    symbols : sequence of str
        How the classes are written, the blank among them.
    target : str, or sequence of str or int
        What was said, 1 to 5 labels: symbols, or classes. A string is cut into single characters, or at its spaces if a
        symbol has several.
    blank : int
        Class of the blank.
    path : sequence of int, optional
        Step of the sound at which each label is written, never falling; by default all are written at the first.
    position : int
        How many moves of the path have been made, from none to all blanks and labels.
    view : {"forward", "backward", "occupation"}
        What the nodes show.
    label : str
        Name of the widget for screen readers.

    Raises
    ------
    ValueError
        If the probabilities are none, are too many, or do not fit the symbols and the target, or the path is none.

    References
    ----------
    Graves (2012), Sequence transduction with recurrent neural networks, arXiv:1211.3711.

    Examples
    --------
    >>> lattice = TransducerLattice(np.full((3, 2, 2), 0.5), symbols="-a", target="a", path=[1])
    >>> lattice
    TransducerLattice(3 steps, target='a', loss=1.674)
    >>> print(f"{np.exp(-lattice.loss):.4f}")
    0.1875
    """

    _esm = STATIC / "transducer-lattice.js"
    _css = STATIC / "transducer-lattice.css"

    label = traitlets.Unicode("Transducer lattice").tag(sync=True)
    probabilities = Array(ndim=3, axes="(steps, labels + 1, classes)").tag(**AS_LIST)
    symbols = traitlets.List(traitlets.Unicode()).tag(sync=True)
    blank = traitlets.Int(0).tag(sync=True)
    target = traitlets.List(traitlets.Int()).tag(sync=True)
    path = traitlets.List(traitlets.Int()).tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)
    view = traitlets.Unicode("forward").tag(sync=True)

    def __init__(
        self,
        probabilities: ArrayLike,
        *,
        symbols: Sequence[str],
        target: str | Sequence[str | int],
        blank: int = 0,
        path: Sequence[int] | None = None,
        position: int = 0,
        view: str = "forward",
        label: str = "Transducer lattice",
    ) -> None:
        symbols = known_symbols(symbols, most=MOST_SYMBOLS, blank=blank)
        labels = _few(classes_of(target, symbols))
        super().__init__(
            label=label,
            symbols=symbols,
            blank=blank,
            target=labels,
            probabilities=probabilities,
            path=[0] * len(labels) if path is None else [int(step) for step in path],
            position=position,
            view=view,
        )

    def __repr__(self) -> str:
        target = spelt(self.target, self.symbols)
        return f"TransducerLattice({len(self.probabilities)} steps, target={target!r}, loss={self.loss:.3f})"

    @property
    def loss(self) -> float:
        """−log P(target), in nats; infinite if no path writes the target."""
        with np.errstate(divide="ignore"):
            return -transducer_log_likelihood(np.log(self.probabilities), self.target, blank=self.blank)

    @traitlets.validate("target")
    def _check_target(self, proposal: dict) -> list[int]:
        return without_blank(_few(proposal["value"]), self.symbols, self.blank)

    @traitlets.validate("probabilities")
    def _check_probabilities(self, proposal: dict) -> np.ndarray:
        probabilities = proposal["value"]
        wanted = (len(self.target) + 1, len(self.symbols))
        if len(probabilities) > MOST_STEPS or probabilities.shape[1:] != wanted:
            raise ValueError(
                f"probabilities must have at most {MOST_STEPS} steps, {wanted[0]} rows (labels + 1) and {wanted[1]} "
                f"classes, but have the shape {probabilities.shape}"
            )
        if probabilities.min() < 0 or np.abs(probabilities.sum(axis=2) - 1).max() > 1e-3:
            raise ValueError("probabilities must be such and sum to 1 at every node: take a softmax output")
        return probabilities

    @traitlets.validate("path")
    def _check_path(self, proposal: dict) -> list[int]:
        path, last = proposal["value"], len(self.probabilities) - 1
        if len(path) != len(self.target) or path != sorted(path) or not all(0 <= step <= last for step in path):
            raise ValueError(
                f"path must give a step from 0 to {last} for each of the {len(self.target)} labels, never falling, but "
                f"is {path}"
            )
        return path

    @traitlets.validate("position")
    def _check_position(self, proposal: dict) -> int:
        return within(proposal, 0, len(self.probabilities) + len(self.target))

    @traitlets.validate("view")
    def _check_view(self, proposal: dict) -> str:
        return one_of(proposal, VIEWS)


def _few(target: list[int]) -> list[int]:
    """Return a target that the lattice has room for; an empty one is the trait's default, which nobody validates."""
    if not 1 <= len(target) <= MOST_LABELS:
        raise ValueError(f"target must have 1 to {MOST_LABELS} labels, but has {len(target)}")
    return target
