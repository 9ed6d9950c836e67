"""What a Keras network computes, as a list of plain steps that a page's script can follow.

A step takes one or more earlier values, counted from 0 for the network's input, and gives the next one. Layers that do
nothing after training are left out, and composed layers are taken apart: a bidirectional layer becomes two recurrent
steps and a concatenation, attention pooling becomes dense, softmax, dot and flatten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh", "softmax", "elu", "silu", "softplus", "leaky_relu")
INACTIVE = (
    "Dropout",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "GaussianDropout",
    "GaussianNoise",
    "AlphaDropout",
    "ActivityRegularization",
    "Identity",
)


@dataclass(frozen=True)
class Step:
    """One operation of a network.

    Attributes
    ----------
    kind : str
        What is computed; for most steps the name of the Keras layer.
    name : str
        Name of the layer that it comes from.
    inputs : tuple of int
        Numbers of the values that enter.
    settings : dict
        Numbers and words; axes do not count the clips' axis.
    weights : dict of str to numpy.ndarray
        Float32 arrays.
    """

    kind: str
    name: str
    inputs: tuple[int, ...]
    settings: dict = field(default_factory=dict)
    weights: Mapping[str, np.ndarray] = field(default_factory=dict)


class Walk:
    """The steps found so far, and where each of the model's tensors stands among the values."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def add(self, layer: object, kind: str, inputs: tuple[int, ...], settings: dict | None = None, **weights) -> int:
        """Add a step and return the number of the value that it gives."""
        arrays = {name: np.asarray(each, np.float32) for name, each in weights.items() if each is not None}
        self.steps.append(Step(kind, layer.name, inputs, settings or {}, arrays))
        return len(self.steps)

    def model(self, model: object, inputs: tuple[int, ...]) -> int:
        """Add all steps of a model and return the number of its output."""
        if type(model).__name__ == "Sequential":
            value = inputs
            for layer in model.layers:
                value = (self.layer(layer, value),)
            return value[0]
        if not hasattr(model, "_nodes_by_depth"):
            raise ValueError(f"{model.name} is neither Sequential nor Functional: build it from keras.Input and layers")
        if len(model.inputs) != 1 or len(model.outputs) != 1:
            raise ValueError(
                f"{model.name} has {len(model.inputs)} inputs and {len(model.outputs)} outputs; one each can be written"
            )
        values = dict(zip(map(id, model.inputs), inputs, strict=True))
        for depth in sorted(model._nodes_by_depth, reverse=True):
            for node in model._nodes_by_depth[depth]:
                if not node.is_input:
                    entering = tuple(values[id(tensor)] for tensor in node.arguments.keras_tensors)
                    values[id(node.outputs[0])] = self.layer(node.operation, entering)
        return values[id(model.outputs[0])]

    def layer(self, layer: object, inputs: tuple[int, ...]) -> int:
        """Add the steps of one layer and return the number of its output."""
        kind = type(layer).__name__
        if kind in (*INACTIVE, "InputLayer"):
            return inputs[0]
        if hasattr(layer, "layers") and hasattr(layer, "inputs"):
            return self.model(layer, inputs)
        if kind not in WRITERS or not hasattr(layer, "get_config"):
            known = ", ".join(sorted(WRITERS))
            raise ValueError(
                f"Layer {layer.name!r} is a {kind}, which a page cannot compute. It can compute {known}; "
                "layers that only act in training are left out."
            )
        return WRITERS[kind](self, layer, inputs)


def steps_of(model: object) -> tuple[list[Step], int]:
    """List the steps of a Keras model.

    Parameters
    ----------
    model : keras.Model
        Built, Sequential or Functional, with one input and one output.

    Returns
    -------
    steps : list of Step
        In an order in which they can be computed.
    output : int
        Number of the value that is the model's output.

    Raises
    ------
    ValueError
        If a layer, or a setting of it, is not supported; the message names it.

    Examples
    --------
    >>> from speechbook._keras import keras
    >>> model = keras.Sequential([keras.Input((8, 3)), keras.layers.Flatten(), keras.layers.Dense(2)])
    >>> [step.kind for step in steps_of(model)[0]], steps_of(model)[1]
    (['Flatten', 'Dense'], 2)
    """
    if not getattr(model, "built", False):
        raise ValueError("The model has no weights yet: give it a keras.Input, or call it once.")
    walk = Walk()
    output = walk.model(model, (0,))
    return walk.steps, output


def _activation(layer: object, attribute: str = "activation") -> str:
    name = getattr(getattr(layer, attribute), "__name__", "an object")
    if name not in ACTIVATIONS:
        raise ValueError(
            f"Layer {layer.name!r} has the activation {name}; a page can compute {', '.join(ACTIVATIONS)}."
        )
    return name


def _refuse(layer: object, setting: str, value: object, wanted: object) -> None:
    if value != wanted:
        raise ValueError(f"Layer {layer.name!r} has {setting}={value!r}; a page can compute {setting}={wanted!r} only.")


def _plain_axis(layer: object, axis: int, rank: int) -> int:
    """Count an axis without the clips' one; `rank` counts it."""
    axis = axis + rank if axis < 0 else axis
    if axis < 1:
        raise ValueError(f"Layer {layer.name!r} works along the clips, axis {axis}; a page has one clip at a time.")
    return axis - 1


def _last_axis(layer: object, axis: object, rank: int) -> None:
    (axis,) = axis if isinstance(axis, (list, tuple)) and len(axis) == 1 else (axis,)
    if axis not in (-1, rank - 1):
        raise ValueError(f"Layer {layer.name!r} normalises along axis {axis}; a page does so along the last axis only.")


def _convolution(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    _refuse(layer, "data_format", layer.data_format, "channels_last")
    _refuse(layer, "dilation_rate", tuple(layer.dilation_rate), (1,) * len(layer.kernel_size))
    kind = type(layer).__name__
    if not kind.startswith("Depthwise"):
        _refuse(layer, "groups", layer.groups, 1)
    if layer.padding not in ("valid", "same", "causal"):
        _refuse(layer, "padding", layer.padding, "valid")
    settings = {"strides": list(layer.strides), "padding": layer.padding, "activation": _activation(layer)}
    return walk.add(layer, kind, inputs, settings, kernel=layer.kernel, bias=layer.bias)


def _pooling(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    _refuse(layer, "data_format", layer.data_format, "channels_last")
    size, strides = ([value] if isinstance(value, int) else list(value) for value in (layer.pool_size, layer.strides))
    return walk.add(layer, type(layer).__name__, inputs, {"size": size, "strides": strides, "padding": layer.padding})


def _global_pooling(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    _refuse(layer, "data_format", layer.data_format, "channels_last")
    _refuse(layer, "keepdims", layer.keepdims, False)
    return walk.add(layer, "GlobalMaxPooling" if "Max" in type(layer).__name__ else "GlobalAveragePooling", inputs)


def _batch_normalization(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    """After training it is one factor and one summand a channel."""
    _last_axis(layer, layer.axis, layer.input_spec.ndim)
    variance, mean = (np.asarray(each, np.float64) for each in (layer.moving_variance, layer.moving_mean))
    scale = 1 / np.sqrt(variance + layer.epsilon)
    if layer.gamma is not None:
        scale = scale * np.asarray(layer.gamma, np.float64)
    shift = -mean * scale
    if layer.beta is not None:
        shift = shift + np.asarray(layer.beta, np.float64)
    return walk.add(layer, "ScaleAndShift", inputs, scale=scale, shift=shift)


def _layer_normalization(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    _last_axis(layer, layer.axis, 0)
    _refuse(layer, "rms_scaling", getattr(layer, "rms_scaling", False), False)
    return walk.add(layer, "LayerNormalization", inputs, {"epsilon": layer.epsilon}, gamma=layer.gamma, beta=layer.beta)


def _recurrent(walk: Walk, layer: object, inputs: tuple[int, ...], *, backwards: bool | None = None) -> int:
    if backwards is None:
        _refuse(layer, "go_backwards", layer.go_backwards and layer.return_sequences, False)
        backwards = layer.go_backwards
    cell, kind = layer.cell, type(layer).__name__
    if kind == "GRU":
        _refuse(layer, "reset_after", cell.reset_after, True)
    if kind not in ("GRU", "LSTM"):
        raise ValueError(f"Layer {layer.name!r} is a {kind}; of recurrent layers a page can compute GRU and LSTM.")
    settings = {
        "sequences": layer.return_sequences,
        "backwards": backwards,
        "activation": _activation(cell),
        "recurrent_activation": _activation(cell, "recurrent_activation"),
    }
    return walk.add(
        layer, kind, inputs, settings, kernel=cell.kernel, recurrent_kernel=cell.recurrent_kernel, bias=cell.bias
    )


def _bidirectional(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    _refuse(layer, "merge_mode", layer.merge_mode, "concat")
    forward = _recurrent(walk, layer.forward_layer, inputs, backwards=False)
    backward = _recurrent(walk, layer.backward_layer, inputs, backwards=True)
    return walk.add(layer, "Concatenate", (forward, backward))


def _attention_pooling(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    scores = walk.add(
        layer, "Dense", inputs, {"activation": "linear"}, kernel=layer.kernel, bias=getattr(layer, "bias", None)
    )
    weights = walk.add(layer, "Softmax", (scores,), {"axis": 0})
    return walk.add(layer, "Flatten", (walk.add(layer, "Dot", (weights, *inputs)),))


def _dense(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    return walk.add(layer, "Dense", inputs, {"activation": _activation(layer)}, kernel=layer.kernel, bias=layer.bias)


def _reshape(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    return walk.add(layer, "Reshape", inputs, {"shape": [-1 if n is None else n for n in layer.target_shape]})


def _permute(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    return walk.add(layer, "Permute", inputs, {"order": [axis - 1 for axis in layer.dims]})


def _activate(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    return walk.add(layer, "Activation", inputs, {"activation": _activation(layer)})


def _relu(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    for setting, wanted in (("max_value", None), ("negative_slope", 0.0), ("threshold", 0.0)):
        _refuse(layer, setting, getattr(layer, setting), wanted)
    return walk.add(layer, "Activation", inputs, {"activation": "relu"})


def _softmax(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    if layer.axis == -1:
        return walk.add(layer, "Activation", inputs, {"activation": "softmax"})
    return walk.add(layer, "Softmax", inputs, {"axis": _plain_axis(layer, layer.axis, 0)})


def _dot(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    _refuse(layer, "axes", layer.axes if isinstance(layer.axes, int) else layer.axes[0], 1)
    _refuse(layer, "normalize", layer.normalize, False)
    return walk.add(layer, "Dot", inputs)


def _concatenate(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    _refuse(layer, "axis", layer.axis, -1)
    return walk.add(layer, "Concatenate", inputs)


def _plain(walk: Walk, layer: object, inputs: tuple[int, ...]) -> int:
    return walk.add(layer, type(layer).__name__, inputs)


WRITERS: dict[str, Callable[[Walk, object, tuple[int, ...]], int]] = {
    **dict.fromkeys(("Conv1D", "Conv2D", "DepthwiseConv1D", "DepthwiseConv2D"), _convolution),
    **dict.fromkeys(("MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D"), _pooling),
    **dict.fromkeys(("GlobalMaxPooling1D", "GlobalMaxPooling2D"), _global_pooling),
    **dict.fromkeys(("GlobalAveragePooling1D", "GlobalAveragePooling2D"), _global_pooling),
    **dict.fromkeys(("LSTM", "GRU"), _recurrent),
    **dict.fromkeys(("Flatten", "Add", "Multiply"), _plain),
    "BatchNormalization": _batch_normalization,
    "LayerNormalization": _layer_normalization,
    "Bidirectional": _bidirectional,
    "AttentionPooling": _attention_pooling,
    "Dense": _dense,
    "Reshape": _reshape,
    "Permute": _permute,
    "Activation": _activate,
    "ReLU": _relu,
    "Softmax": _softmax,
    "Dot": _dot,
    "Concatenate": _concatenate,
}
