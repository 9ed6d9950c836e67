"""What a network's file computes, in NumPy alone: for programs that should not wait for TensorFlow to start."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from speechbook._page_format import PageModel, PageModelError


def compute(model: PageModel, x: np.ndarray) -> np.ndarray:
    """Compute the output of a network for one clip.

    Parameters
    ----------
    model : PageModel
        What `page_model.read_page_model` gives.
    x : np.ndarray [shape=(frames, bands)]
        The network's input.

    Returns
    -------
    np.ndarray [shape=(outputs, classes), dtype=float32]
        What Keras computes from the same file, but for rounding.

    Raises
    ------
    PageModelError
        If the network has a step that is not known here; the message names it.
    ValueError
        If the input does not have the network's shape.

    Examples
    --------
    >>> import io
    >>> from speechbook import page_model
    >>> from speechbook._keras import keras
    >>> network = keras.Sequential([keras.Input((None, 3)), keras.layers.Conv1D(2, 5, padding="same", strides=2)])
    >>> file = io.BytesIO(page_model.write_page_model(network, labels="ab", weights="float32"))
    >>> compute(page_model.read_page_model(file), np.zeros((9, 3))).shape
    (5, 2)
    """
    shape, x = model.header["input_shape"], np.asarray(x, np.float32)
    if x.ndim != len(shape) or any(a not in (None, b) for a, b in zip(shape, x.shape, strict=True)):
        raise ValueError(f"{model.header['name']} takes inputs of the shape {shape}; got {x.shape}")
    values = [x]
    for step in model.header["steps"]:
        if step["kind"] not in STEPS:
            raise PageModelError(
                f"{model.header['name']} has a step {step['kind']}; here only {', '.join(STEPS)} are known. "
                "Use page_model.load_model, which needs TensorFlow."
            )
        weights = {name: model.arrays[place] for name, place in step["weights"].items()}
        values.append(STEPS[step["kind"]](step, weights, *(values[place] for place in step["inputs"])))
    return values[model.header["output"]]


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Logistic function; the argument is limited, so that nothing overflows."""
    return 1 / (1 + np.exp(-np.clip(z, -60, 60)))


def softmax(z: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis."""
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0),
    "sigmoid": sigmoid,
    "softmax": softmax,
    "tanh": np.tanh,
}


def _activate(name: str, z: np.ndarray) -> np.ndarray:
    if name not in ACTIVATIONS:
        raise PageModelError(f"The activation {name} is not known here; known are {', '.join(ACTIVATIONS)}.")
    return ACTIVATIONS[name](z)


def _dense(step: Mapping, weights: Mapping, x: np.ndarray) -> np.ndarray:
    return _activate(step["activation"], x @ weights["kernel"] + weights.get("bias", np.float32(0)))


def _convolution(step: Mapping, weights: Mapping, x: np.ndarray) -> np.ndarray:
    kernel, (stride,) = weights["kernel"], step["strides"]
    size = len(kernel)
    n_outputs = -(-len(x) // stride) if step["padding"] != "valid" else (len(x) - size) // stride + 1
    missing = max(0, (n_outputs - 1) * stride + size - len(x))
    before = {"valid": 0, "same": missing // 2, "causal": size - 1}[step["padding"]]
    padded = np.pad(x, ((before, size + stride), (0, 0)))
    last = (n_outputs - 1) * stride + 1
    z = sum(padded[k : k + last : stride] @ row for k, row in enumerate(kernel))
    return _activate(step["activation"], z + weights.get("bias", np.float32(0)))


def _gru(step: Mapping, weights: Mapping, x: np.ndarray) -> np.ndarray:
    recurrent = weights["recurrent_kernel"]
    n_units = len(recurrent)
    bias = weights.get("bias", np.zeros((2, 3 * n_units), np.float32))
    entering, state, states = x @ weights["kernel"] + bias[0], np.zeros(n_units, np.float32), []
    for row in entering[::-1] if step["backwards"] else entering:
        own = state @ recurrent + bias[1]
        gates = _activate(step["recurrent_activation"], row[: 2 * n_units] + own[: 2 * n_units])
        keep, reset = gates[:n_units], gates[n_units:]
        new = _activate(step["activation"], row[2 * n_units :] + reset * own[2 * n_units :])
        state = keep * state + (1 - keep) * new
        states.append(state)
    if not step["sequences"]:
        return state
    return np.array(states[::-1] if step["backwards"] else states)


STEPS: dict[str, Callable[..., np.ndarray]] = {
    "Activation": lambda step, weights, x: _activate(step["activation"], x),
    "Concatenate": lambda step, weights, *parts: np.concatenate(parts, axis=-1),
    "Conv1D": _convolution,
    "Dense": _dense,
    "GRU": _gru,
    "Reshape": lambda step, weights, x: x.reshape(step["shape"]),
    "ScaleAndShift": lambda step, weights, x: x * weights["scale"] + weights["shift"],
}
