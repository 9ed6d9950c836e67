"""A network's file as a Keras model again, to ask it in Python what it says in the page."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from speechbook._keras import keras
from speechbook._page_format import PageModel

layers = keras.layers


def rebuild(model: PageModel) -> keras.Model:
    """Build a Keras model from what a file holds.

    Parameters
    ----------
    model : PageModel
        What `page_model.read_page_model` gives.

    Returns
    -------
    keras.Model
        With the weights as the page has them: rounded, if they were.
    """
    values = [keras.Input(model.header["input_shape"])]
    for step in model.header["steps"]:
        weights = {name: model.arrays[place] for name, place in step["weights"].items()}
        layer = LAYERS[step["kind"]](step, weights)
        entering = [values[place] for place in step["inputs"]]
        values.append(layer(entering[0] if len(entering) == 1 else entering))
        if weights:
            _set_weights(layer, step, weights)
    return keras.Model(values[0], values[model.header["output"]], name=model.header["name"].replace("-", "_"))


def _set_weights(layer: keras.Layer, step: Mapping, weights: Mapping[str, np.ndarray]) -> None:
    if step["kind"] == "ScaleAndShift":
        shift = weights["shift"]
        layer.set_weights([weights["scale"], shift, np.zeros_like(shift), np.ones_like(shift)])
    else:
        layer.set_weights(list(weights.values()))


def _convolution(step: Mapping, weights: Mapping[str, np.ndarray]) -> keras.Layer:
    *size, _, outputs = weights["kernel"].shape
    depthwise = step["kind"].startswith("Depthwise")
    count = {"depth_multiplier": outputs} if depthwise else {"filters": outputs}
    settings = {name: step[name] for name in ("padding", "activation")}
    strides = step["strides"][0] if len(size) == 1 else step["strides"]
    kind = getattr(layers, step["kind"])
    return kind(kernel_size=size, strides=strides, use_bias="bias" in weights, **count, **settings)


def _pooling(step: Mapping, weights: Mapping) -> keras.Layer:
    size, strides = ((each[0] if len(each) == 1 else tuple(each)) for each in (step["size"], step["strides"]))
    return getattr(layers, step["kind"])(size, strides=strides, padding=step["padding"])


class _Global(layers.Layer):
    """Largest or mean value over all axes but the last."""

    def __init__(self, operation: str) -> None:
        super().__init__()
        self.operation = operation

    def call(self, x):
        return getattr(keras.ops, self.operation)(x, axis=tuple(range(1, len(x.shape) - 1)))


class _Backwards(layers.Layer):
    """A recurrent layer that reads from the end, its outputs put back to the frames they belong to."""

    def __init__(self, layer: keras.Layer) -> None:
        super().__init__()
        self.layer = layer

    def call(self, x):
        x = self.layer(x)
        return keras.ops.flip(x, axis=1) if self.layer.return_sequences else x


def _recurrent(step: Mapping, weights: Mapping[str, np.ndarray]) -> keras.Layer:
    layer = getattr(layers, step["kind"])(
        weights["recurrent_kernel"].shape[0],
        return_sequences=step["sequences"],
        go_backwards=step["backwards"],
        activation=step["activation"],
        recurrent_activation=step["recurrent_activation"],
        use_bias="bias" in weights,
    )
    return _Backwards(layer) if step["backwards"] else layer


def _layer_normalization(step: Mapping, weights: Mapping) -> keras.Layer:
    return layers.LayerNormalization(epsilon=step["epsilon"], scale="gamma" in weights, center="beta" in weights)


LAYERS = {
    **dict.fromkeys(("Conv1D", "Conv2D", "DepthwiseConv1D", "DepthwiseConv2D"), _convolution),
    **dict.fromkeys(("MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D"), _pooling),
    **dict.fromkeys(("LSTM", "GRU"), _recurrent),
    "Activation": lambda step, weights: layers.Activation(step["activation"]),
    "Add": lambda step, weights: layers.Add(),
    "Concatenate": lambda step, weights: layers.Concatenate(),
    "Dense": lambda step, weights: layers.Dense(
        weights["kernel"].shape[1], activation=step["activation"], use_bias="bias" in weights
    ),
    "Dot": lambda step, weights: layers.Dot(axes=1),
    "Flatten": lambda step, weights: layers.Flatten(),
    "GlobalAveragePooling": lambda step, weights: _Global("mean"),
    "GlobalMaxPooling": lambda step, weights: _Global("max"),
    "LayerNormalization": _layer_normalization,
    "Multiply": lambda step, weights: layers.Multiply(),
    "Permute": lambda step, weights: layers.Permute([axis + 1 for axis in step["order"]]),
    "Reshape": lambda step, weights: layers.Reshape(step["shape"]),
    "ScaleAndShift": lambda step, weights: layers.BatchNormalization(epsilon=0.0),
    "Softmax": lambda step, weights: layers.Softmax(axis=step["axis"] + 1),
}
