"""The neuron playground: one unit, two features, and the line it draws between two classes."""

from __future__ import annotations

from collections.abc import Sequence

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook.widgets.traits import AS_BYTES, AS_LIST, STATIC, Array, one_of, within

ACTIVATIONS = ("sigmoid", "tanh", "relu", "step")
MOST_POINTS = 2000


class NeuronPlayground(anywidget.AnyWidget):
    """Turn the weights and the bias of one unit, and see which points its line puts on the right side.

    The unit computes z = w₁ x₁ + w₂ x₂ + b and puts out activation(z); it says the second class where z > 0.

    Parameters
    ----------
    points : array_like, shape (n, 2)
        Two features of each example; best of mean 0 and standard deviation 1.
    labels : array_like of int, shape (n,)
        Class of each example, 0 or 1.
    feature_names : sequence of two str
        Names of the axes, with units where they have one.
    class_names : sequence of two str
        Names of the classes 0 and 1.
    weights : array_like, shape (2,)
        The weights at the start.
    bias : float
        The bias at the start.
    activation : {"sigmoid", "tanh", "relu", "step"}
        What is applied to z; it bends the output, never the line.
    label : str
        Name of the widget for screen readers.

    Attributes
    ----------
    point : int
        Index of the point whose output is spelt out.

    Raises
    ------
    ValueError
        If points and labels do not match, labels are other than 0 and 1, or a name or number cannot be used.

    References
    ----------
    Rosenblatt, F. (1958). The perceptron: a probabilistic model for information storage and organization in the brain.
    *Psychological Review*, 65(6), 386–408.

    Examples
    --------
    >>> playground = NeuronPlayground([[0, 1], [1, 0]], [0, 1], feature_names=["x", "y"])
    >>> playground.accuracy
    1.0
    >>> playground.weights = (-1, 1)
    >>> playground
    NeuronPlayground(2 points, weights=[-1.0, 1.0], bias=0.0, activation='sigmoid', accuracy=0.00)
    """

    _esm = STATIC / "neuron-playground.js"
    _css = STATIC / "neuron-playground.css"

    label = traitlets.Unicode("Neuron playground").tag(sync=True)
    points = Array(ndim=2, axes="(n, 2)", dtype=np.float32).tag(**AS_BYTES)
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    feature_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    class_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    weights = Array(ndim=1, axes="(2,)").tag(**AS_LIST)
    bias = traitlets.Float(0.0).tag(sync=True)
    activation = traitlets.Unicode("sigmoid").tag(sync=True)
    point = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        points: ArrayLike,
        labels: ArrayLike,
        *,
        feature_names: Sequence[str],
        class_names: Sequence[str] = ("no", "yes"),
        weights: ArrayLike = (1.0, -1.0),
        bias: float = 0.0,
        activation: str = "sigmoid",
        label: str = "Neuron playground",
    ) -> None:
        super().__init__(
            label=label,
            points=points,
            labels=_checked_labels(labels),
            feature_names=_two_names(feature_names=feature_names),
            class_names=_two_names(class_names=class_names),
            weights=weights,
            bias=bias,
            activation=activation,
        )

    def __repr__(self) -> str:
        return (
            f"NeuronPlayground({len(self.points)} points, weights={self.weights.tolist()}, bias={self.bias!r}, "
            f"activation={self.activation!r}, accuracy={self.accuracy:.2f})"
        )

    @property
    def accuracy(self) -> float:
        """Share of the points on the right side of the line as it stands."""
        x1, x2 = self.points.astype(np.float64).T
        said = self.weights[0] * x1 + self.weights[1] * x2 + self.bias > 0
        return float(np.mean(said == np.array(self.labels, bool)))

    @traitlets.validate("points")
    def _check_points(self, proposal: dict) -> np.ndarray:
        shape = proposal["value"].shape
        if shape != (len(self.labels), 2) or shape[0] > MOST_POINTS:
            raise ValueError(
                f"points must have the shape (n, 2), with a label for each and n at most {MOST_POINTS}, "
                f"but there are {len(self.labels)} labels and points of shape {shape}"
            )
        return proposal["value"]

    @traitlets.validate("weights")
    def _check_weights(self, proposal: dict) -> np.ndarray:
        if proposal["value"].shape != (2,):
            raise ValueError(f"weights must be two numbers, but are {proposal['value'].tolist()}")
        return proposal["value"]

    @traitlets.validate("activation")
    def _check_activation(self, proposal: dict) -> str:
        return one_of(proposal, ACTIVATIONS)

    @traitlets.validate("point")
    def _check_point(self, proposal: dict) -> int:
        return within(proposal, 0, len(self.labels) - 1)


def _checked_labels(labels: ArrayLike) -> list[int]:
    classes = np.asarray(labels)
    if classes.ndim != 1 or not np.isin(classes, (0, 1)).all():
        raise ValueError(f"labels must be one row of 0 and 1, but are {labels!r:.80}")
    return classes.astype(int).tolist()


def _two_names(**named: Sequence[str]) -> list[str]:
    ((name, value),) = named.items()
    names = [str(each) for each in value]
    if isinstance(value, str) or len(names) != 2 or names[0] == names[1]:
        raise ValueError(f"{name} must be two different names, but is {value!r}")
    return names
