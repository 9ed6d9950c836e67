"""The CTC lattice: forward, backward, loss and gradient of a matrix that is small enough to edit by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook.ctc import ctc_log_likelihood
from speechbook.widgets.lattices import SymbolLattice
from speechbook.widgets.traits import AS_LIST, STATIC, Array, one_of, within

MOST_FRAMES = 12
WIDTHS = (1, 2, 3, 4, 6, 8, 16, 64)
VIEWS = ("posteriors", "occupancy", "gradient")


class CtcLattice(SymbolLattice):
    """Edit posteriors, choose a target, and step through the lattice of connectionist temporal classification.

    Steps 1 to T go forward frame by frame, the next T backward, and the last T put both together. The gradient is that
    of the loss with respect to the logits. Everything equals `speechbook.decoding`.

    Parameters
    ----------
    posteriors : array_like, shape (frames, classes)
        Probabilities that sum to 1 in every frame; at most 12 frames and 6 classes.
    symbols : sequence of str
        How the classes are written, the blank among them.
    target : str, or sequence of str or int
        What was said: symbols, or classes. A string is cut into single characters, or at its spaces if a symbol has
        several. At most 6 labels.
    blank : int
        Class of the blank.
    step : int
        Where the calculation stands, 0 to three times the frames.
    label : str
        Name of the widget for screen readers.

    Attributes
    ----------
    state : int
        State of the lattice that is spelt out, 0 (the first blank) to two times the labels.
    beam_width : {1, 2, 3, 4, 6, 8, 16, 64}
        Width of the beam search.
    view : {"posteriors", "occupancy", "gradient"}
        What the table shows.

    Raises
    ------
    ValueError
        If the posteriors are not probabilities, are too many, or symbols or target do not fit them.

    References
    ----------
    Graves, A., Fernández, S., Gomez, F., & Schmidhuber, J. (2006). Connectionist temporal classification: labelling
    unsegmented sequence data with recurrent neural networks. *ICML*, 369–376.

    Examples
    --------
    >>> lattice = CtcLattice([[0.4, 0.6], [0.4, 0.6]], symbols="-a", target="a")
    >>> lattice
    CtcLattice(2 frames, target='a', loss=0.174)
    >>> print(f"{np.exp(-lattice.loss):.2f}")
    0.84
    """

    _esm = STATIC / "ctc-lattice.js"
    _css = STATIC / "ctc-lattice.css"
    _holds, _entry, _labels = "posteriors", "frame", (0, 6)
    _log_likelihood = staticmethod(ctc_log_likelihood)

    label = traitlets.Unicode("CTC lattice").tag(sync=True)
    posteriors = Array(ndim=2, axes="(frames, classes)").tag(**AS_LIST)
    step = traitlets.Int(0).tag(sync=True)
    state = traitlets.Int().tag(sync=True)
    beam_width = traitlets.Int(4).tag(sync=True)
    view = traitlets.Unicode("posteriors").tag(sync=True)

    def __init__(
        self,
        posteriors: ArrayLike,
        *,
        symbols: Sequence[str],
        target: str | Sequence[str | int],
        blank: int = 0,
        step: int = 0,
        label: str = "CTC lattice",
    ) -> None:
        super().__init__(label=label, posteriors=posteriors, symbols=symbols, blank=blank, target=target, step=step)

    @traitlets.default("state")
    def _first_label(self) -> int:
        return min(1, 2 * len(self.target))

    @traitlets.validate("posteriors")
    def _check_posteriors(self, proposal: dict) -> np.ndarray:
        words = f"with one column for each of the {len(self.symbols)} symbols"
        return self._shares(proposal["value"], most=MOST_FRAMES, shape=(len(self.symbols),), words=words)

    @traitlets.validate("step", "state")
    def _check_range(self, proposal: dict) -> int:
        limits = {"step": (0, 3 * len(self.posteriors)), "state": (0, 2 * len(self.target))}
        return within(proposal, *limits[proposal["trait"].name])

    @traitlets.validate("beam_width", "view")
    def _check_choice(self, proposal: dict) -> int | str:
        return one_of(proposal, {"beam_width": WIDTHS, "view": VIEWS}[proposal["trait"].name])

    @traitlets.observe("target", "posteriors")
    def _stay_inside(self, change: dict) -> None:
        self.state = min(self.state, 2 * len(self.target))
        self.step = min(self.step, 3 * len(self.posteriors))
