"""The CTC lattice: forward, backward, loss and gradient of a matrix that is small enough to edit by hand."""

from __future__ import annotations

from collections.abc import Sequence

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook.ctc import ctc_log_likelihood
from speechbook.widgets.symbols import classes_of, known_symbols, spelt, without_blank
from speechbook.widgets.traits import AS_LIST, STATIC, Array, one_of, within

MOST_FRAMES, MOST_SYMBOLS, MOST_LABELS = 12, 6, 6
WIDTHS = (1, 2, 3, 4, 6, 8, 16, 64)
VIEWS = ("posteriors", "occupancy", "gradient")


class CtcLattice(anywidget.AnyWidget):
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

    label = traitlets.Unicode("CTC lattice").tag(sync=True)
    posteriors = Array(ndim=2, axes="(frames, classes)").tag(**AS_LIST)
    symbols = traitlets.List(traitlets.Unicode()).tag(sync=True)
    blank = traitlets.Int(0).tag(sync=True)
    target = traitlets.List(traitlets.Int()).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    state = traitlets.Int(1).tag(sync=True)
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
        symbols = known_symbols(symbols, most=MOST_SYMBOLS, blank=blank)
        labels = classes_of(target, symbols)
        super().__init__(
            label=label,
            posteriors=posteriors,
            symbols=symbols,
            blank=blank,
            target=labels,
            step=step,
            state=min(1, 2 * len(labels)),
        )

    def __repr__(self) -> str:
        target = spelt(self.target, self.symbols)
        return f"CtcLattice({len(self.posteriors)} frames, target={target!r}, loss={self.loss:.3f})"

    @property
    def loss(self) -> float:
        """−log P(target), in nats; infinite if no path spells the target."""
        with np.errstate(divide="ignore"):
            return -ctc_log_likelihood(np.log(self.posteriors), self.target, blank=self.blank)

    @traitlets.validate("posteriors")
    def _check_posteriors(self, proposal: dict) -> np.ndarray:
        posteriors = proposal["value"]
        frames, classes = posteriors.shape
        if frames > MOST_FRAMES or classes != len(self.symbols):
            raise ValueError(
                f"posteriors must have at most {MOST_FRAMES} frames and one column for each of the {len(self.symbols)} "
                f"symbols, but have the shape {posteriors.shape}"
            )
        if posteriors.min() < 0 or np.abs(posteriors.sum(axis=1) - 1).max() > 1e-3:
            raise ValueError("posteriors must be probabilities that sum to 1 in every frame: take a softmax output")
        return posteriors

    @traitlets.validate("target")
    def _check_target(self, proposal: dict) -> list[int]:
        target = proposal["value"]
        if len(target) > MOST_LABELS:
            raise ValueError(f"target must have at most {MOST_LABELS} labels, but has {len(target)}")
        return without_blank(target, self.symbols, self.blank)

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
