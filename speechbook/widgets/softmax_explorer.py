"""The softmax explorer: from logits to probabilities, loss and gradient."""

from __future__ import annotations

from collections.abc import Sequence

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook.widgets.traits import AS_LIST, STATIC, Array, within

MOST_CLASSES = 20


class SoftmaxExplorer(anywidget.AnyWidget):
    """Move the logits of a few classes; see probabilities, cross-entropy, its gradient and the entropy follow.

    With the logits z, the temperature T and the smoothed target y, it shows p = softmax(z / T), the loss
    −Σ y log p, and the loss's gradient (p − y) / T with respect to the logits. Smoothing by ε moves the target from
    1 for the right class to 1 − ε + ε / K, and from 0 for the others to ε / K (K classes; as Keras does it).

    Parameters
    ----------
    logits : array_like, shape (n_classes,)
        Inputs of the softmax, 2 to 20.
    labels : sequence of str
        Names of the classes, all different.
    target : int
        Index of the right class.
    temperature : float
        Divides the logits, 0.1 to 10.
    smoothing : float
        Label smoothing ε, 0 to 0.5.
    label : str
        Name of the widget for screen readers.

    Raises
    ------
    ValueError
        If logits and labels do not match, or a setting is out of range.

    References
    ----------
    Bridle, J. S. (1990). Probabilistic interpretation of feedforward classification network outputs. In
    *Neurocomputing*, 227–236.
    Szegedy, C., et al. (2016). Rethinking the Inception architecture for computer vision. *CVPR*, 2818–2826.

    Examples
    --------
    >>> explorer = SoftmaxExplorer([2.0, 1.0, 0.1], labels=["six", "seven", "nine"], target=1)
    >>> explorer
    SoftmaxExplorer(3 classes, target='seven', temperature=1)
    >>> explorer.probabilities.round(3)
    array([0.659, 0.242, 0.099])
    """

    _esm = STATIC / "softmax-explorer.js"
    _css = STATIC / "softmax-explorer.css"

    label = traitlets.Unicode("Softmax explorer").tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    logits = Array(ndim=1, axes="(n_classes,)").tag(**AS_LIST)
    target = traitlets.Int(0).tag(sync=True)
    temperature = traitlets.Float(1.0).tag(sync=True)
    smoothing = traitlets.Float(0.0).tag(sync=True)

    def __init__(
        self,
        logits: ArrayLike,
        *,
        labels: Sequence[str],
        target: int = 0,
        temperature: float = 1.0,
        smoothing: float = 0.0,
        label: str = "Softmax explorer",
    ) -> None:
        names = [str(name) for name in labels]
        if not 2 <= len(names) <= MOST_CLASSES or len(set(names)) < len(names):
            raise ValueError(f"labels must be 2 to {MOST_CLASSES} different names, but are {names}")
        super().__init__(
            label=label, labels=names, logits=logits, target=target, temperature=temperature, smoothing=smoothing
        )

    def __repr__(self) -> str:
        name = self.labels[self.target]
        return f"SoftmaxExplorer({len(self.labels)} classes, target={name!r}, temperature={self.temperature:g})"

    @property
    def probabilities(self) -> np.ndarray:
        """The softmax of the logits as they stand [shape=(n_classes,)]."""
        exponentials = np.exp((self.logits - self.logits.max()) / self.temperature)
        return exponentials / exponentials.sum()

    @traitlets.validate("logits")
    def _check_logits(self, proposal: dict) -> np.ndarray:
        if len(proposal["value"]) != len(self.labels):
            raise ValueError(f"there are {len(self.labels)} labels, but {len(proposal['value'])} logits")
        return proposal["value"]

    @traitlets.validate("target", "temperature", "smoothing")
    def _check_range(self, proposal: dict) -> float:
        limits = {"target": (0, len(self.labels) - 1), "temperature": (0.1, 10), "smoothing": (0, 0.5)}
        return within(proposal, *limits[proposal["trait"].name])
