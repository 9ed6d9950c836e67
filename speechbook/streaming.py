"""Listening without waiting for the end: a causal network that keeps what it still needs, chunk after chunk.

Whatever the size of the chunks, what comes out is what the whole recording would have given at once. Taught in the
chapter *Wake word and assistant*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from speechbook import frontend
from speechbook._checks import real_array
from speechbook._keras import keras
from speechbook.streaming_frontend import StreamingFrontEnd


class CausalConvolution:
    """One convolution over time that remembers its last inputs, for arithmetic without Keras.

    Parameters
    ----------
    kernel : array_like [shape=(size, inputs, outputs)]
        Weights, the oldest moment first.
    bias : array_like [shape=(outputs,)]
        Added to each output.
    strides : int
        Inputs from one output to the next.
    dilation : int
        Inputs from one weight to the next.
    rectified : bool
        Whether negative outputs become 0.

    Attributes
    ----------
    past : np.ndarray of float32 [shape=(rows, inputs)]
        The inputs that outputs to come still need: at first the (size - 1) * dilation zeros of causal padding.

    Examples
    --------
    >>> difference = CausalConvolution([[[-1.0]], [[1.0]]], [0.0])
    >>> [difference.push([[value]]).item() for value in (3.0, 5.0, 4.0)]
    [3.0, 2.0, -1.0]
    """

    def __init__(
        self, kernel: ArrayLike, bias: ArrayLike, *, strides: int = 1, dilation: int = 1, rectified: bool = False
    ) -> None:
        self.kernel, self.bias = np.asarray(kernel, np.float32), np.asarray(bias, np.float32)
        if self.kernel.ndim != 3 or self.bias.shape != self.kernel.shape[2:]:
            raise ValueError(
                "a kernel has the shape (size, inputs, outputs) and a bias (outputs,); "
                f"got {self.kernel.shape} and {self.bias.shape}"
            )
        self.strides, self.dilation, self.rectified = strides, dilation, rectified
        self.past = np.zeros(((len(self.kernel) - 1) * dilation, self.kernel.shape[1]), np.float32)

    def push(self, x: ArrayLike) -> np.ndarray:
        """Take inputs [shape=(steps, inputs)], and give the outputs [shape=(steps, outputs)] that they complete."""
        x = np.concatenate([self.past, np.asarray(x, np.float32)])
        reach = (len(self.kernel) - 1) * self.dilation
        n_outputs = max(0, -(-(len(x) - reach) // self.strides))
        y = np.tile(self.bias, (n_outputs, 1))
        for place, weights in enumerate(self.kernel):
            start = place * self.dilation
            y += x[start : start + n_outputs * self.strides : self.strides][:n_outputs] @ weights
        self.past = x[n_outputs * self.strides :].copy()
        return np.maximum(y, 0) if self.rectified else y


class StreamingNetwork:
    """A trained causal network as a chain of convolutions with memory; the last one's outputs become probabilities.

    Parameters
    ----------
    model : keras.Model
        A chain of causal `Conv1D` layers, each with a bias or followed by `BatchNormalization`, with `ReLU` between
        them and a softmax at the end, as `keyword_network.network` builds it.

    Raises
    ------
    ValueError
        If a layer is of another kind, or not causal.

    Examples
    --------
    >>> from speechbook import keyword_network
    >>> model = keyword_network.network(n_classes=3)
    >>> frames = np.random.default_rng(0).standard_normal((90, 40)).astype(np.float32)
    >>> stream = StreamingNetwork(model)
    >>> parts = [stream.push(frames[start : start + 7]) for start in range(0, 90, 7)]
    >>> bool(np.allclose(np.concatenate(parts), model(frames[None])[0], atol=1e-5))
    True
    """

    def __init__(self, model: keras.Model) -> None:
        self.layers: list[CausalConvolution] = []
        for layer in model.layers:
            if isinstance(layer, keras.layers.Conv1D) and layer.padding == "causal":
                kernel = layer.kernel.numpy()
                bias = layer.bias.numpy() if layer.use_bias else np.zeros(kernel.shape[2], np.float32)
                how = {"strides": layer.strides[0], "dilation": layer.dilation_rate[0]}
                self.layers.append(CausalConvolution(kernel, bias, **how))
            elif isinstance(layer, keras.layers.BatchNormalization) and self.layers:
                self._fold(layer)
            elif isinstance(layer, keras.layers.ReLU) and self.layers:
                self.layers[-1].rectified = True
            elif not isinstance(layer, keras.layers.InputLayer | keras.layers.Softmax | keras.layers.SpatialDropout1D):
                raise ValueError(
                    f"{layer.name} ({type(layer).__name__}) cannot be streamed; use causal Conv1D, BatchNormalization, "
                    "ReLU and a Softmax at the end"
                )

    def _fold(self, layer: keras.layers.BatchNormalization) -> None:
        """Let the last convolution do what a normalisation with fixed statistics does to its outputs."""
        gain = (layer.gamma / keras.ops.sqrt(layer.moving_variance + layer.epsilon)).numpy()
        last = self.layers[-1]
        last.kernel = last.kernel * gain
        last.bias = (last.bias - layer.moving_mean.numpy()) * gain + layer.beta.numpy()

    @property
    def step(self) -> int:
        """Frames from one output to the next."""
        return int(np.prod([layer.strides for layer in self.layers]))

    @property
    def reach(self) -> int:
        """Frames that an output depends on, the newest included."""
        frames = 1
        for layer in reversed(self.layers):
            frames = (frames - 1) * layer.strides + (len(layer.kernel) - 1) * layer.dilation + 1
        return frames

    @property
    def kept(self) -> int:
        """Numbers that are kept between two chunks."""
        return sum(layer.past.size for layer in self.layers)

    def push(self, frames: ArrayLike) -> np.ndarray:
        """Take the next frames, and give the probabilities that they complete.

        Parameters
        ----------
        frames : array_like [shape=(frames, bands)]
            Any number.

        Returns
        -------
        np.ndarray [shape=(outputs, classes), dtype=float32]
            The output n depends on the frames up to ``n * step``.
        """
        x = np.asarray(frames, np.float32)
        for layer in self.layers:
            x = layer.push(x)
        e = np.exp(x - x.max(axis=1, keepdims=True, initial=-np.inf))
        return e / e.sum(axis=1, keepdims=True)


class Listener:
    """Front end and network in one: sound goes in, probabilities come out.

    Parameters
    ----------
    model : keras.Model
        As for `StreamingNetwork`.

    Examples
    --------
    >>> from speechbook import keyword_network
    >>> listener = Listener(keyword_network.network(n_classes=3))
    >>> listener.push(np.zeros(160)).shape, listener.push(np.zeros(640)).shape
    ((0, 3), (2, 3))
    """

    def __init__(self, model: keras.Model) -> None:
        self.front_end, self.network = StreamingFrontEnd(), StreamingNetwork(model)

    @property
    def seconds_per_output(self) -> float:
        """Seconds from one output to the next."""
        return self.network.step * frontend.SETTINGS["hop_length"] / frontend.SETTINGS["sample_rate"]

    def push(self, chunk: ArrayLike) -> np.ndarray:
        """Take the next samples at 8 kHz, and give the probabilities [shape=(outputs, classes)] that they complete."""
        return self.network.push(self.front_end.push(chunk))

    def times(self, n: int) -> np.ndarray:
        """Seconds of sound that must have been heard before each of the first `n` outputs exists [shape=(n,)]."""
        return output_times(n, step=self.network.step)


def output_times(n: int, *, step: int) -> np.ndarray:
    """Give the seconds of sound that must have been heard before each output exists.

    Parameters
    ----------
    n : int
        How many outputs.
    step : int
        Frames from one output to the next.

    Returns
    -------
    np.ndarray [shape=(n,)]

    Examples
    --------
    >>> output_times(3, step=4).round(3).tolist()
    [0.025, 0.065, 0.105]
    """
    hop, window = frontend.SETTINGS["hop_length"], frontend.SETTINGS["win_length"]
    return (window + np.arange(n) * step * hop) / frontend.SETTINGS["sample_rate"]


def chunks(y: ArrayLike, *, size: int) -> Iterator[np.ndarray]:
    """Cut a recording into chunks, as a sound card delivers them; the last one may be shorter.

    Examples
    --------
    >>> [len(part) for part in chunks(np.zeros(500), size=160)]
    [160, 160, 160, 20]
    """
    y = real_array(y=y)
    for start in range(0, len(y), size):
        yield y[start : start + size]


def listen(listener: Listener, sound: Iterable[ArrayLike]) -> np.ndarray:
    """Give the outputs for all chunks of a sound, one after the other [shape=(outputs, classes)]."""
    return np.concatenate([listener.push(chunk) for chunk in sound])
