"""Layers of a neural network in NumPy only, each with its forward and its backward pass.

Weights have Keras's names, shapes and order, so that the two can be compared. The maths is in the chapters
*Back-propagation* and *A network from scratch*. Every layer takes a batch: its first axis counts clips.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import positive_int, real_array
from speechbook._layer import Layer, Network
from speechbook._rng import generator

__all__ = [
    "LSTM",
    "Activation",
    "Conv1D",
    "Dense",
    "Flatten",
    "GlobalAveragePooling1D",
    "Layer",
    "MaxPooling1D",
    "Network",
    "softmax_cross_entropy",
]


def _glorot(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Uniform weights whose spread suits the number of inputs and outputs (Glorot & Bengio, 2010)."""
    fields = int(np.prod(shape[:-2]))
    limit = np.sqrt(6 / (fields * (shape[-2] + shape[-1])))
    return generator(rng).uniform(-limit, limit, shape)


class Dense(Layer):
    """Every unit mixes all inputs: ``y = x @ kernel + bias``.

    Parameters
    ----------
    n_inputs, n_units : int
        Numbers that go in and come out.
    rng : numpy Generator
        Draws the kernel.

    Examples
    --------
    >>> layer = Dense(26, 10, rng=np.random.default_rng(0))
    >>> layer.forward(np.zeros((4, 26))).shape
    (4, 10)
    """

    def __init__(self, n_inputs: int, n_units: int, *, rng: np.random.Generator) -> None:
        super().__init__()
        n_inputs, n_units = positive_int(n_inputs=n_inputs), positive_int(n_units=n_units)
        self.parameters = {"kernel": _glorot(rng, n_inputs, n_units), "bias": np.zeros(n_units)}

    def _forward(self, x):
        return x @ self.parameters["kernel"] + self.parameters["bias"], x

    def _backward(self, upstream, x):
        rows, slopes = x.reshape(-1, x.shape[-1]), upstream.reshape(-1, upstream.shape[-1])
        self.gradients = {"kernel": rows.T @ slopes, "bias": slopes.sum(axis=0)}
        return upstream @ self.parameters["kernel"].T


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * z))


# For each activation: itself, and its slope written with its own output
ACTIVATIONS: dict[str, tuple[Callable, Callable]] = {
    "relu": (lambda z: np.maximum(z, 0), lambda a: a > 0),
    "tanh": (np.tanh, lambda a: 1 - a**2),
    "sigmoid": (_sigmoid, lambda a: a * (1 - a)),
}


class Activation(Layer):
    """A function of each number by itself.

    Parameters
    ----------
    name : str
        ``"relu"``, ``"tanh"`` or ``"sigmoid"``.

    Examples
    --------
    >>> float(Activation("sigmoid").forward([[0.0]])[0, 0])
    0.5
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        if name not in ACTIVATIONS:
            raise ValueError(f"name must be one of {', '.join(map(repr, ACTIVATIONS))}; got {name!r}.")
        self.name = name

    def _forward(self, x):
        a = ACTIVATIONS[self.name][0](x)
        return a, a

    def _backward(self, upstream, a):
        return upstream * ACTIVATIONS[self.name][1](a)


class Conv1D(Layer):
    """Compare `n_filters` patterns with the input at every place where they fit (no padding).

    Parameters
    ----------
    n_inputs : int
        Features of a frame.
    n_filters : int
        Patterns.
    kernel_size : int
        Frames that a pattern spans.
    strides : int
        Frames from one place to the next.
    rng : numpy Generator
        Draws the kernel.

    Examples
    --------
    >>> layer = Conv1D(13, 32, kernel_size=5, strides=2, rng=np.random.default_rng(0))
    >>> layer.forward(np.zeros((4, 64, 13))).shape
    (4, 30, 32)
    """

    axes = "(clips, frames, features)"

    def __init__(
        self, n_inputs: int, n_filters: int, *, kernel_size: int, strides: int = 1, rng: np.random.Generator
    ) -> None:
        super().__init__()
        kernel_size, self.strides = positive_int(kernel_size=kernel_size), positive_int(strides=strides)
        n_inputs, n_filters = positive_int(n_inputs=n_inputs), positive_int(n_filters=n_filters)
        self.parameters = {"kernel": _glorot(rng, kernel_size, n_inputs, n_filters), "bias": np.zeros(n_filters)}

    def _places(self, n_frames: int) -> list[slice]:
        """For each row of the kernel, the frames that it meets as the kernel moves along."""
        kernel_size = len(self.parameters["kernel"])
        if n_frames < kernel_size:
            raise ValueError(f"A kernel of {kernel_size} frames does not fit into {n_frames}: pad x, or shorten it.")
        return [slice(k, n_frames - kernel_size + k + 1, self.strides) for k in range(kernel_size)]

    def _forward(self, x):
        kernel, places = self.parameters["kernel"], self._places(x.shape[1])
        return sum(x[:, place] @ row for place, row in zip(places, kernel, strict=True)) + self.parameters["bias"], x

    def _backward(self, upstream, x):
        kernel, slopes = self.parameters["kernel"], upstream.reshape(-1, upstream.shape[-1])
        by_input, by_kernel = np.zeros(x.shape), np.empty(kernel.shape)
        for k, place in enumerate(self._places(x.shape[1])):
            by_kernel[k] = x[:, place].reshape(-1, x.shape[-1]).T @ slopes
            by_input[:, place] += upstream @ kernel[k].T
        self.gradients = {"kernel": by_kernel, "bias": slopes.sum(axis=0)}
        return by_input


class MaxPooling1D(Layer):
    """Keep the largest of `pool_size` neighbouring frames, for each feature; an incomplete group is dropped.

    Parameters
    ----------
    pool_size : int
        Frames of a group.

    Examples
    --------
    >>> MaxPooling1D(2).forward(np.array([[[1.0], [5.0], [3.0], [2.0], [9.0]]]))[0, :, 0]
    array([5., 3.])
    """

    axes = "(clips, frames, features)"

    def __init__(self, pool_size: int = 2) -> None:
        super().__init__()
        self.pool_size = positive_int(pool_size=pool_size)

    def _forward(self, x):
        n_clips, n_frames, n_features = x.shape
        n_groups = n_frames // self.pool_size
        if n_groups == 0:
            raise ValueError(f"A group of {self.pool_size} frames does not fit into {n_frames}: use a smaller one.")
        groups = x[:, : n_groups * self.pool_size].reshape(n_clips, n_groups, self.pool_size, n_features)
        winner = groups.argmax(axis=2, keepdims=True)
        return np.take_along_axis(groups, winner, axis=2)[:, :, 0], (winner, groups.shape, x.shape)

    def _backward(self, upstream, saved):
        winner, in_groups, shape = saved
        groups, by_input = np.zeros(in_groups), np.zeros(shape)
        np.put_along_axis(groups, winner, upstream[:, :, None], axis=2)
        by_input[:, : in_groups[1] * self.pool_size] = groups.reshape(shape[0], -1, shape[2])
        return by_input


class GlobalAveragePooling1D(Layer):
    """Average each feature over all frames.

    Examples
    --------
    >>> GlobalAveragePooling1D().forward(np.array([[[1.0], [5.0]]]))
    array([[3.]])
    """

    axes = "(clips, frames, features)"

    def _forward(self, x):
        return x.mean(axis=1), x.shape

    def _backward(self, upstream, shape):
        return np.broadcast_to(upstream[:, None] / shape[1], shape).copy()


class Flatten(Layer):
    """Put all numbers of a clip into one row.

    Examples
    --------
    >>> Flatten().forward(np.zeros((4, 100, 13))).shape
    (4, 1300)
    """

    def _forward(self, x):
        return x.reshape(len(x), -1), x.shape

    def _backward(self, upstream, shape):
        return upstream.reshape(shape)


class LSTM(Layer):
    """Read the frames in order and carry a state along; hand on the last output, or all of them.

    Each step mixes the frame and the last output into four blocks, in Keras's order: input gate, forget gate,
    candidate, output gate (Hochreiter & Schmidhuber, 1997; forget gate: Gers et al., 2000).

    Parameters
    ----------
    n_inputs, n_units : int
        Features of a frame, and size of the state.
    return_sequences : bool
        Hand on the outputs of all frames, not of the last one only.
    rng : numpy Generator
        Draws the kernels. The forget gate's bias starts at 1, so that memory lasts from the beginning.

    Examples
    --------
    >>> LSTM(13, 8, rng=np.random.default_rng(0)).forward(np.zeros((4, 64, 13))).shape
    (4, 8)
    """

    axes = "(clips, frames, features)"

    def __init__(
        self, n_inputs: int, n_units: int, *, return_sequences: bool = False, rng: np.random.Generator
    ) -> None:
        super().__init__()
        n_inputs, self.n_units = positive_int(n_inputs=n_inputs), positive_int(n_units=n_units)
        self.return_sequences = return_sequences
        self.parameters = {
            "kernel": _glorot(rng, n_inputs, 4 * n_units),
            "recurrent_kernel": np.linalg.qr(generator(rng).normal(size=(4 * n_units, n_units)))[0].T.copy(),
            "bias": np.repeat([0.0, 1.0, 0.0, 0.0], n_units),
        }

    def _forward(self, x):
        kernel, recurrent, bias = self.parameters.values()
        h = c = np.zeros((len(x), self.n_units))
        steps, outputs = [], []
        for frame in np.moveaxis(x, 1, 0):
            z = frame @ kernel + h @ recurrent + bias
            i, f, g, o = np.split(z, 4, axis=1)
            i, f, g, o = _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)
            before, c = (h, c), f * c + i * g
            h = o * np.tanh(c)
            steps.append((frame, *before, i, f, g, o, np.tanh(c)))
            outputs.append(h)
        return (np.stack(outputs, axis=1) if self.return_sequences else h), steps

    def _backward(self, upstream, steps):
        kernel, recurrent, _ = self.parameters.values()
        self.gradients = {name: np.zeros_like(array) for name, array in self.parameters.items()}
        by_h = np.zeros((len(upstream), self.n_units)) if self.return_sequences else upstream
        by_c, by_input = np.zeros((len(upstream), self.n_units)), []
        for t in reversed(range(len(steps))):
            frame, h, c, i, f, g, o, squashed = steps[t]
            by_h = by_h + upstream[:, t] if self.return_sequences else by_h
            by_c = by_c + by_h * o * (1 - squashed**2)
            by_o = by_h * squashed
            by_gates = [by_c * g * i * (1 - i), by_c * c * f * (1 - f), by_c * i * (1 - g**2), by_o * o * (1 - o)]
            by_z = np.concatenate(by_gates, axis=1)
            self.gradients["kernel"] += frame.T @ by_z
            self.gradients["recurrent_kernel"] += h.T @ by_z
            self.gradients["bias"] += by_z.sum(axis=0)
            by_input.append(by_z @ kernel.T)
            by_h, by_c = by_z @ recurrent.T, by_c * f
        return np.stack(by_input[::-1], axis=1)


def softmax_cross_entropy(scores: ArrayLike, labels: ArrayLike) -> tuple[float, np.ndarray]:
    """Mean cross-entropy of softmax scores, and its gradient (p - y) / n (chapter *Cross-entropy and softmax*).

    Parameters
    ----------
    scores : array [shape=(clips, classes)]
        Outputs of the last layer, before any softmax.
    labels : int array [shape=(clips,)]
        The right class of each clip.

    Returns
    -------
    loss : float
        Mean of ``-log p(right class)``, in nats.
    gradient : ndarray [shape=(clips, classes)]
        Derivative of the loss with respect to the scores.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a label is no class.

    Examples
    --------
    >>> loss, gradient = softmax_cross_entropy([[0.0, 0.0]], [1])
    >>> round(loss, 4), gradient.tolist()
    (0.6931, [[0.5, -0.5]])
    """
    scores, labels = real_array(scores=scores), real_array(labels=labels)
    if scores.ndim != 2 or labels.shape != scores.shape[:1] or labels.dtype.kind not in "iu":
        raise ValueError(
            "scores must have the shape (clips, classes) and labels one whole number a clip; "
            f"got {scores.shape} and {labels.dtype} of shape {labels.shape}."
        )
    if labels.min() < 0 or labels.max() >= scores.shape[1]:
        raise ValueError(f"labels must lie in 0 … {scores.shape[1] - 1}; got {labels.min()} … {labels.max()}.")
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    gradient = np.exp(log_p)
    gradient[rows, labels] -= 1
    return float(-log_p[rows, labels].mean()), gradient / len(labels)
