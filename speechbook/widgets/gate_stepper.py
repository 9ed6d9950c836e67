"""The gate stepper: one LSTM or GRU unit reads a signal, frame by frame."""

from __future__ import annotations

from collections.abc import Mapping

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook.widgets.traits import AS_BYTES, STATIC, Array, one_of, within

CELLS = ("lstm", "gru")
LONGEST = 400
LARGEST = 20.0
PARAMETERS = {
    "input_weight": 4.0,
    "recurrent_weight": 0.0,
    "input_bias": -4.0,
    "forget_bias": 1.0,
    "output_bias": 0.0,
    "reset_bias": 0.0,
}


class GateStepper(anywidget.AnyWidget):
    """Step an LSTM or GRU of one unit through a signal, and see what its gates let in, keep and let out.

    With input weight w, recurrent weight u, x the signal and h the last output, the LSTM computes

    - forget gate f = σ(u h + forget_bias), input gate i = σ(w x + u h + input_bias);
    - output gate o = σ(u h + output_bias);
    - candidate g = tanh(w x + u h), cell c ← f c + i g, output h ← o tanh(c);

    and the GRU, whose update gate is forget gate and turned input gate in one,

    - update gate z = σ(−w x + u h + forget_bias), reset gate r = σ(u h + reset_bias);
    - candidate g = tanh(w x + r u h), output h ← z h + (1 − z) g.

    Parameters
    ----------
    signal : array_like, shape (n_frames,)
        What the unit reads, such as the energy of each frame scaled to 0 to 1; at most 400 frames.
    cell : {"lstm", "gru"}
        Kind of unit.
    parameters : mapping, optional
        Weights and biases that shall differ from the usual ones, by the names above, each from −20 to 20.
    frame_seconds : float, optional
        Seconds from frame to frame, for a time axis.
    label : str
        Name of the widget for screen readers.

    Attributes
    ----------
    parameters : dict
        Weights and biases as they stand. Setting some of them keeps the others.
    step : int
        The frame whose equations are spelt out.

    Raises
    ------
    ValueError
        If the signal has another shape, or a parameter is unknown or out of range.

    References
    ----------
    Hochreiter, S., & Schmidhuber, J. (1997). Long short-term memory. *Neural Computation*, 9(8), 1735–1780.
    Gers, F. A., Schmidhuber, J., & Cummins, F. (2000). Learning to forget: continual prediction with LSTM. *Neural
    Computation*, 12(10), 2451–2471.
    Cho, K., et al. (2014). Learning phrase representations using RNN encoder–decoder for statistical machine
    translation. *EMNLP*, 1724–1734.

    Examples
    --------
    >>> stepper = GateStepper([0, 1, 1, 0], parameters={"forget_bias": 5})
    >>> stepper
    GateStepper(4 frames, cell='lstm', step=0)
    >>> [weights.tolist() for weights in stepper.keras_weights]
    [[[4.0, 0.0, 4.0, 0.0]], [[0.0, 0.0, 0.0, 0.0]], [-4.0, 5.0, 0.0, 0.0]]
    """

    _esm = STATIC / "gate-stepper.js"
    _css = STATIC / "gate-stepper.css"

    label = traitlets.Unicode("Gate stepper").tag(sync=True)
    signal = Array(ndim=1, axes="(n_frames,)", dtype=np.float32).tag(**AS_BYTES)
    cell = traitlets.Unicode("lstm").tag(sync=True)
    parameters = traitlets.Dict(PARAMETERS).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    frame_seconds = traitlets.Float(None, allow_none=True).tag(sync=True)

    def __init__(
        self,
        signal: ArrayLike,
        *,
        cell: str = "lstm",
        parameters: Mapping[str, float] | None = None,
        frame_seconds: float | None = None,
        label: str = "Gate stepper",
    ) -> None:
        if frame_seconds is not None and not frame_seconds > 0:
            raise ValueError(f"frame_seconds must be above 0, but is {frame_seconds!r}")
        super().__init__(
            label=label, signal=signal, cell=cell, parameters=dict(parameters or {}), frame_seconds=frame_seconds
        )

    def __repr__(self) -> str:
        return f"GateStepper({len(self.signal)} frames, cell={self.cell!r}, step={self.step})"

    @property
    def keras_weights(self) -> list[np.ndarray]:
        """What ``set_weights`` of a Keras LSTM(1) or GRU(1) takes to do the same: kernel, recurrent kernel, biases."""
        w, u, *biases = (self.parameters[name] for name in PARAMETERS)
        into, forget, out, reset = biases
        if self.cell == "lstm":
            return [np.array([[w, 0, w, 0]], float), np.full((1, 4), u, float), np.array([into, forget, 0, out], float)]
        return [
            np.array([[-w, 0, w]], float),
            np.full((1, 3), u, float),
            np.array([[forget, reset, 0], [0] * 3], float),
        ]

    @traitlets.validate("signal")
    def _check_signal(self, proposal: dict) -> np.ndarray:
        if len(proposal["value"]) > LONGEST:
            raise ValueError(f"signal must have at most {LONGEST} frames, but has {len(proposal['value'])}; cut it")
        return proposal["value"]

    @traitlets.validate("cell")
    def _check_cell(self, proposal: dict) -> str:
        return one_of(proposal, CELLS)

    @traitlets.validate("parameters")
    def _check_parameters(self, proposal: dict) -> dict:
        unknown = proposal["value"].keys() - PARAMETERS.keys()
        if unknown:
            raise ValueError(f"parameters are {', '.join(PARAMETERS)}; not known: {', '.join(map(repr, unknown))}")
        for name, value in proposal["value"].items():
            if not isinstance(value, int | float | np.number) or not -LARGEST <= value <= LARGEST:
                raise ValueError(f"{name} must lie between {-LARGEST:g} and {LARGEST:g}, but is {value!r}")
        return {**PARAMETERS, **self.parameters, **{key: float(value) for key, value in proposal["value"].items()}}

    @traitlets.validate("step")
    def _check_step(self, proposal: dict) -> int:
        return within(proposal, 0, len(self.signal) - 1)
