"""What all layers in NumPy share, and the network that is made of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import real_array


class Layer:
    """What all layers share: `forward` remembers what `backward` needs.

    A layer defines ``_forward(x)``, which gives its output and what the way back needs, and ``_backward(upstream,
    saved)``, which gives the derivative by its input and fills `gradients`; or it replaces `forward` and `backward`.

    Attributes
    ----------
    parameters : dict of str to ndarray
        The weights, by Keras's names.
    gradients : dict of str to ndarray
        After `backward`: the derivative of the cost with respect to each of them.

    Examples
    --------
    >>> from speechbook.numpy_layers import Activation
    >>> layer = Activation("relu")
    >>> layer.forward([[-1.0, 2.0]])
    array([[0., 2.]])
    >>> layer.backward([[10.0, 10.0]])
    array([[ 0., 10.]])
    """

    axes = "(clips, …)"

    def __init__(self) -> None:
        self.parameters: dict[str, np.ndarray] = {}
        self.gradients: dict[str, np.ndarray] = {}
        self._saved = self._shape = None

    def forward(self, x: ArrayLike) -> np.ndarray:
        """Compute the output, and keep what `backward` will need.

        Parameters
        ----------
        x : array [shape=(clips, …)]
            Input.

        Returns
        -------
        ndarray
            Output; the first axis counts clips again.

        Raises
        ------
        ValueError
            If the input does not have the axes that the layer needs.
        """
        x = real_array(x=x)
        n_axes, n_features = self.axes.count(",") + 1, self._n_inputs
        wrong_axes = "…" not in self.axes and x.ndim != n_axes
        if wrong_axes or (n_features is not None and x.shape[-1] != n_features):
            features = "" if n_features is None else f" with {n_features} features"
            raise ValueError(f"{type(self).__name__} takes {self.axes}{features}; got an array of shape {x.shape}.")
        y, self._saved = self._forward(x)
        self._shape = y.shape
        return y

    def backward(self, upstream: ArrayLike) -> np.ndarray:
        """Turn the cost's derivative by the output into its derivative by the input; fill `gradients` on the way.

        Parameters
        ----------
        upstream : array [shape of the last output]
            Derivative of the cost with respect to the last output.

        Returns
        -------
        ndarray [shape of the last input]
            Derivative of the cost with respect to the last input.

        Raises
        ------
        ValueError
            If there was no `forward` yet, or the shape is not that of its output.
        """
        upstream = real_array(upstream=upstream)
        if self._shape is None:
            raise ValueError(f"{type(self).__name__}.backward needs what forward keeps: call forward first.")
        if upstream.shape != self._shape:
            raise ValueError(
                f"upstream must have the shape of the output, {self._shape}; got {upstream.shape}: "
                "pass the derivative of the cost with respect to the output."
            )
        return self._backward(upstream, self._saved)

    @property
    def _n_inputs(self) -> int | None:
        return self.parameters["kernel"].shape[-2] if "kernel" in self.parameters else None


class Network(Layer):
    """Layers one after the other: forward from first to last, backward from last to first.

    Parameters
    ----------
    layers : sequence of Layer
        In the order in which the input meets them.

    Attributes
    ----------
    parameters, gradients : dict of str to ndarray
        Those of all layers, named like ``"0 kernel"``. The arrays are the layers' own: change them in place.

    Examples
    --------
    >>> from speechbook.numpy_layers import Activation, Dense
    >>> rng = np.random.default_rng(0)
    >>> network = Network([Dense(26, 8, rng=rng), Activation("tanh"), Dense(8, 10, rng=rng)])
    >>> network.forward(np.zeros((4, 26))).shape, sum(p.size for p in network.parameters.values())
    ((4, 10), 306)
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__()
        self.layers = list(layers)
        if not self.layers or not all(isinstance(layer, Layer) for layer in self.layers):
            raise ValueError(f"layers must be a list of at least one layer of this module; got {layers!r}.")
        self.parameters = self._named("parameters")

    def _named(self, what: str) -> dict[str, np.ndarray]:
        return {
            f"{number} {name}": array
            for number, layer in enumerate(self.layers)
            for name, array in getattr(layer, what).items()
        }

    @property
    def _n_inputs(self) -> int | None:
        return None

    def _forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x, ()

    def _backward(self, upstream, saved):
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)
        self.gradients = self._named("gradients")
        return upstream
