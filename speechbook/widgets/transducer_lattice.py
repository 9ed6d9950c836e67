"""The transducer's lattice: walk a path over blanks and labels, and see what all paths together do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook.transducer import transducer_log_likelihood
from speechbook.widgets.lattices import SymbolLattice
from speechbook.widgets.traits import AS_LIST, STATIC, Array, one_of, within

MOST_STEPS = 8
VIEWS = ("forward", "backward", "occupation")


class TransducerLattice(SymbolLattice):
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
    _holds, _entry, _labels = "probabilities", "step", (1, 5)
    _log_likelihood = staticmethod(transducer_log_likelihood)

    label = traitlets.Unicode("Transducer lattice").tag(sync=True)
    probabilities = Array(ndim=3, axes="(steps, labels + 1, classes)").tag(**AS_LIST)
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
        given = {} if path is None else {"path": [int(step) for step in path]}
        super().__init__(
            label=label,
            symbols=symbols,
            blank=blank,
            target=target,
            probabilities=probabilities,
            position=position,
            view=view,
            **given,
        )

    @traitlets.default("path")
    def _all_at_once(self) -> list[int]:
        return [0] * len(self.target)

    @traitlets.validate("probabilities")
    def _check_probabilities(self, proposal: dict) -> np.ndarray:
        rows, classes = len(self.target) + 1, len(self.symbols)
        words = f"{rows} rows (labels + 1) and {classes} classes"
        return self._shares(proposal["value"], most=MOST_STEPS, shape=(rows, classes), words=words)

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
