"""What a network costs: parameters, multiply-adds, bytes, seconds, and an estimate of the energy.

Counts are exact and follow from shapes; seconds are measured on the machine at hand; energy is a product of counts and
of published energies of single operations, and no better than its assumptions. Taught in the chapter *Small devices*.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from speechbook._checks import positive_int
from speechbook._keras import keras
from speechbook.compress import factored_size, kernel_places

# isort: split
import tensorflow as tf  # after Keras, which keeps its start-up log quiet

layers = keras.layers

PICOJOULES = {
    "float32": 3.7 + 0.9,
    "int8": 0.2 + 0.1,
    "8 KB": 10 / 8,
    "32 KB": 20 / 8,
    "1 MB": 100 / 8,
    "DRAM": 1950 / 8,
}
"""Energy of a multiply-add by its type (int8 products are added in 32 bits), and of reading a byte from a cache of that
size or from memory (the middle of 1.3 to 2.6 nJ for 64 bits), in pJ: a chip of 45 nm at 0.9 V (Horowitz, 2014)."""

ARITHMETIC = ("float32", "int8")
GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
FREE = (
    *("InputLayer", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "Flatten", "Reshape", "Permute", "Activation"),
    *("ReLU", "Softmax", "MaxPooling1D", "MaxPooling2D", "AveragePooling2D", "BatchNormalization", "Normalization"),
    *("GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalMaxPooling1D", "Rescaling", "ZeroPadding2D"),
)
"""Layers whose work is not counted: they compare, copy, or scale, which can be folded into the kernel before."""


class Cost(NamedTuple):
    """What one layer costs for one clip.

    Attributes
    ----------
    layer, kind : str
        Name of the layer, and of its class.
    parameters : int
        Numbers that it holds, trained or not.
    multiply_adds : int
        Products, each with its addition.
    """

    layer: str
    kind: str
    parameters: int
    multiply_adds: int


def count(model: keras.Model, *, rank_share: float | None = None) -> list[Cost]:
    """Count the parameters and multiply-adds of every layer, for one clip.

    Biases, activations, pooling and normalisation are not counted as work: a kernel of any size outweighs them.

    Parameters
    ----------
    model : keras.Model
        Built for clips of one length.
    rank_share : float, optional
        Share of its weights that each kernel keeps as two factors (`compress.truncated`); default: kernels are whole.

    Returns
    -------
    list of Cost
        In the order of the layers.

    Raises
    ------
    ValueError
        If a length is not known, or a layer is of a kind that is not known.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(32, 3), layers.Flatten(), layers.Dense(10)])
    >>> [cost.multiply_adds for cost in count(model)]
    [194688, 0, 216320]
    """

    def size(kernel: object) -> int:
        return _elements(kernel) if rank_share is None else factored_size(kernel.shape, share=rank_share)

    costs = []
    for layer in model.layers:
        kernels = [weight for weight in layer.weights if weight.path.endswith("kernel")]
        saved = sum(_elements(kernel) - size(kernel) for kernel in kernels)
        costs.append(Cost(layer.name, type(layer).__name__, layer.count_params() - saved, _work(layer, size)))
    return costs


def total(model: keras.Model, *, rank_share: float | None = None) -> Cost:
    """Add up what all layers of a model cost.

    Parameters
    ----------
    model, rank_share
        As for `count`.

    Returns
    -------
    Cost
        Of the whole model, under its name.

    Examples
    --------
    >>> total(keras.Sequential([keras.Input((8,)), layers.Dense(4), layers.Dense(2)], name="two"))
    Cost(layer='two', kind='Sequential', parameters=46, multiply_adds=40)
    """
    costs = count(model, rank_share=rank_share)
    sums = (sum(cost.parameters for cost in costs), sum(cost.multiply_adds for cost in costs))
    return Cost(model.name, type(model).__name__, *sums)


def _work(layer: keras.layers.Layer, size: Callable[[object], int]) -> int:
    kind = type(layer).__name__
    if kind in FREE:
        return 0
    if kind in ("Conv1D", "Conv2D", "Dense"):
        return _size(layer, layer.output.shape[1:-1]) * size(layer.kernel)
    if kind in GATES:
        return _recurrent(layer, _size(layer, layer.input.shape[1:2]), size)
    if kind == "Bidirectional":
        steps = _size(layer, layer.input.shape[1:2])
        return sum(_recurrent(way, steps, size) for way in (layer.forward_layer, layer.backward_layer))
    if kind == "Dot":
        axes = layer.axes if isinstance(layer.axes, int) else layer.axes[0]
        return _size(layer, layer.output.shape[1:]) * _size(layer, (layer.input[0].shape[axes],))
    raise ValueError(
        f"The work of layer {layer.name!r}, a {kind}, is not known: only convolutions, Dense, Dot and recurrent layers"
    )


def _recurrent(layer: keras.layers.Layer, steps: int, size: Callable[[object], int]) -> int:
    kind = type(layer).__name__
    if kind not in GATES:
        raise ValueError(f"The work of the recurrent layer {layer.name!r}, a {kind}, is not known")
    return steps * (size(layer.cell.kernel) + size(layer.cell.recurrent_kernel))


def _elements(weight: object) -> int:
    return int(np.prod(weight.shape))


def _size(layer: keras.layers.Layer, shape: tuple[int | None, ...]) -> int:
    if None in shape:
        raise ValueError(
            f"Layer {layer.name!r} takes clips of any length: build the model for one, such as n_frames=100"
        )
    return int(np.prod(shape, dtype=int))


def size_in_bytes(model: keras.Model, *, bits: int = 32, pruned: float = 0.0) -> int:
    """Count the bytes of a model's weights as they are stored.

    Kernels take `bits` a weight, and below 32 bits another four bytes for each output's scale; everything else stays
    float32. Where weights are pruned, one bit a weight tells which are left, unless keeping the zeros is cheaper.

    Parameters
    ----------
    model : keras.Model
        Built.
    bits : int
        Of each weight of a kernel, 2 to 32.
    pruned : float
        Share of the kernels' weights that is zero.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If bits or the share is out of range.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((100,)), layers.Dense(10)])
    >>> size_in_bytes(model), size_in_bytes(model, bits=8), size_in_bytes(model, bits=4, pruned=0.5)
    (4040, 1080, 455)
    """
    if not 2 <= positive_int(bits=bits) <= 32 or not 0 <= pruned <= 1:
        raise ValueError(f"bits must be from 2 to 32 and pruned a share; got bits={bits}, pruned={pruned}")
    kernels = [model.weights[place] for place in kernel_places(model)]
    weights = sum(map(_elements, kernels))
    others = sum(map(_elements, model.weights)) - weights
    scales = sum(kernel.shape[-1] for kernel in kernels) if bits < 32 else 0
    dense = weights * bits
    sparse = weights + round((1 - pruned) * weights) * bits
    return -(-min(dense, sparse) // 8) + 4 * (scales + others)


def energy(multiply_adds: float, read: float, *, arithmetic: str = "float32", memory: str = "DRAM") -> float:
    """Estimate the energy of one answer: its arithmetic, and reading the weights once.

    Not in it: activations that move, instructions that are fetched, and the microphone, the display and the radio. On a
    real processor these may cost many times the arithmetic. Use it to compare, not to plan a battery.

    Parameters
    ----------
    multiply_adds : float
        Number of products, each with its addition.
    read : float
        Bytes of weights that are read.
    arithmetic : {"float32", "int8"}
        What the products are made of.
    memory : {"8 KB", "32 KB", "1 MB", "DRAM"}
        Where the weights lie.

    Returns
    -------
    float
        In joules.

    Raises
    ------
    ValueError
        If a name is not known.

    References
    ----------
    Horowitz (2014), Computing's energy problem (and what we can do about it), ISSCC, 10–14.

    Examples
    --------
    >>> print(f"{1e6 * energy(1e6, 100e3):.1f} µJ, {1e6 * energy(1e6, 25e3, arithmetic='int8', memory='1 MB'):.2f} µJ")
    29.0 µJ, 0.61 µJ
    """
    memories = tuple(name for name in PICOJOULES if name not in ARITHMETIC)
    if arithmetic not in ARITHMETIC or memory not in memories:
        raise ValueError(
            f"arithmetic must be one of {ARITHMETIC} and memory one of {memories}; got {arithmetic!r} and {memory!r}"
        )
    return 1e-12 * (multiply_adds * PICOJOULES[arithmetic] + read * PICOJOULES[memory])


def compiled(model: keras.Model, *, clips_at_once: int = 250) -> Callable[[np.ndarray], np.ndarray]:
    """Give a model as a function that TensorFlow has compiled; weights that are set later are heard.

    Parameters
    ----------
    model : keras.Model
        Built.
    clips_at_once : int
        Clips of a batch.

    Returns
    -------
    callable
        From inputs [shape=(clips, …)] to outputs [shape=(clips, …)].

    Examples
    --------
    >>> answers = compiled(keras.Sequential([keras.Input((8,)), layers.Dense(4)]))
    >>> answers(np.zeros((3, 8))).shape
    (3, 4)
    """
    function = tf.function(model)

    def answers(x: np.ndarray) -> np.ndarray:
        x = np.asarray(x, np.float32)
        return np.concatenate([function(x[i : i + clips_at_once]).numpy() for i in range(0, len(x), clips_at_once)])

    return answers


def latency(answer: Callable[[], object], *, rounds: int = 15) -> float:
    """Measure how long one answer takes: the median of some rounds, after one that does not count.

    Parameters
    ----------
    answer : callable
        Gives the answer.
    rounds : int
        How often it is asked.

    Returns
    -------
    float
        In seconds, on the clock.

    Examples
    --------
    >>> latency(lambda: time.sleep(0.002), rounds=3) >= 0.002
    True
    """
    answer()
    took = []
    for _ in range(positive_int(rounds=rounds)):
        start = time.perf_counter()
        answer()
        took.append(time.perf_counter() - start)
    return float(np.median(took))
