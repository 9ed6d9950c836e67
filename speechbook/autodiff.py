"""What TensorFlow's gradient tape says about a Keras layer: the oracle for layers in NumPy.

The tape is explained in the chapter *Back-propagation*.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import real_array
from speechbook._keras import keras


def keras_gradients(
    layer: keras.Layer, x: ArrayLike, *, weights: Sequence[ArrayLike], upstream: ArrayLike
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Run a Keras layer forward and backward.

    Parameters
    ----------
    layer : keras.Layer
        A layer or model; after ``keras.config.set_floatx("float64")`` it computes in double precision.
    x : array [shape=(clips, …)]
        Input.
    weights : sequence of arrays
        What to put into the layer, in its own order.
    upstream : array [shape of the output]
        Derivative of the cost with respect to the output.

    Returns
    -------
    output : ndarray
        What the layer makes of `x`.
    by_input : ndarray [shape of x]
        Derivative of the cost with respect to the input.
    by_weights : list of ndarray
        Derivative of the cost with respect to each of the weights.

    Raises
    ------
    ValueError
        If the shape of `upstream` is not that of the output.

    Examples
    --------
    >>> layer = keras.layers.Dense(2)
    >>> weights = [[[1.0, 2.0]], [0.0, 0.0]]
    >>> output, by_input, by_weights = keras_gradients(layer, [[3.0]], weights=weights, upstream=[[1.0, 10.0]])
    >>> output.tolist(), by_input.tolist(), by_weights[0].tolist()
    ([[3.0, 6.0]], [[21.0]], [[3.0, 30.0]])
    """
    import tensorflow as tf  # not above: Keras comes first, and keeps TensorFlow's start-up log quiet

    x, upstream = real_array(x=x), real_array(upstream=upstream)
    if not layer.built:
        layer.build(x.shape)
    layer.set_weights([np.asarray(array) for array in weights])
    x = tf.constant(x, dtype=layer.compute_dtype)
    with tf.GradientTape() as tape:
        tape.watch(x)
        output = layer(x)
        if output.shape != upstream.shape:
            raise ValueError(f"upstream must have the shape of the output, {output.shape}; got {upstream.shape}.")
        cost = tf.reduce_sum(output * tf.constant(upstream, dtype=output.dtype))
    by_input, *by_weights = tape.gradient(cost, [x, *(variable.value for variable in layer.trainable_variables)])
    return output.numpy(), by_input.numpy(), [gradient.numpy() for gradient in by_weights]
