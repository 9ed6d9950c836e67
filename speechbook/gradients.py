"""Check gradients: compare what a backward pass says with what small steps of the inputs really do.

The maths is in the chapter *Back-propagation*.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import real_array
from speechbook._layer import Layer
from speechbook._rng import generator


def numerical_gradient(cost: Callable[[np.ndarray], float], x: ArrayLike, *, step: float = 1e-5) -> np.ndarray:
    """Estimate all partial derivatives of a cost by central differences.

    Parameters
    ----------
    cost : callable
        Takes an array like `x`, gives one number.
    x : array
        Where to differentiate. It is copied to double precision, for in single precision differences are mostly noise.
    step : float
        How far to go to either side. The best one is near the cube root of the machine's precision, about 6e-6
        (Press et al., 2007, §5.7).

    Returns
    -------
    float64 array [shape of x]
        Approximate gradient. It takes two evaluations of `cost` for each number in `x`.

    Raises
    ------
    ValueError
        If the step is not above 0.

    Examples
    --------
    >>> numerical_gradient(lambda x: float((x**2).sum()), [1.0, 3.0]).round(6).tolist()
    [2.0, 6.0]
    """
    if not step > 0:
        raise ValueError(f"step must be above 0; got {step!r}.")
    x = real_array(x=x).astype(float)
    gradient = np.empty_like(x)
    for place in np.ndindex(x.shape):
        kept = x[place]
        x[place] = kept + step
        up = cost(x)
        x[place] = kept - step
        gradient[place] = (up - cost(x)) / (2 * step)
        x[place] = kept
    return gradient


def relative_error(a: ArrayLike, b: ArrayLike) -> float:
    """Largest difference of two arrays, relative to the largest magnitude in either.

    Parameters
    ----------
    a, b : array
        Arrays of one shape.

    Returns
    -------
    float
        0 for equal arrays, at most 2.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> relative_error([1.0, 2.0], [1.0, 2.5])
    0.2
    """
    a, b = real_array(a=a), real_array(b=b)
    if a.shape != b.shape:
        raise ValueError(f"a and b must have one shape; got {a.shape} and {b.shape}.")
    largest = max(np.abs(a).max(), np.abs(b).max())
    return float(np.abs(a - b).max() / largest) if largest else 0.0


def check_gradients(layer: Layer, x: ArrayLike, *, rng: np.random.Generator, step: float = 1e-5) -> dict[str, float]:
    """Compare a layer's backward pass with central differences.

    The cost is a random weighted sum of the outputs, so that every output counts and no two errors cancel by symmetry.

    Parameters
    ----------
    layer : Layer
        Anything with `forward`, `backward`, `parameters` and `gradients`, such as a whole `Network`.
    x : array [shape=(clips, …)]
        Input. Keep it small: every number of it, and every weight, costs two forward passes.
    rng : numpy Generator
        Draws the weights of the sum.
    step : float
        As for `numerical_gradient`.

    Returns
    -------
    dict of str to float
        `relative_error` for ``"input"`` and for each parameter. Far below 1e-6 is right, above 1e-3 is a bug; what lies
        between is usually a kink of a ReLU or of a maximum nearer than `step`.

    Examples
    --------
    >>> from speechbook.numpy_layers import Dense
    >>> rng = np.random.default_rng(0)
    >>> errors = check_gradients(Dense(3, 2, rng=rng), rng.normal(size=(4, 3)), rng=rng)
    >>> max(errors.values()) < 1e-8
    True
    """
    x = real_array(x=x).astype(float)
    weights = generator(rng).normal(size=layer.forward(x).shape)
    found = {"input": layer.backward(weights), **layer.gradients}
    errors = {
        "input": relative_error(found["input"], numerical_gradient(lambda v: _cost(layer, v, weights), x, step=step))
    }
    for name, parameter in layer.parameters.items():
        estimate = numerical_gradient(lambda v, p=parameter: _cost_with(layer, x, weights, p, v), parameter, step=step)
        errors[name] = relative_error(found[name], estimate)
    return errors


def _cost(layer: Layer, x: np.ndarray, weights: np.ndarray) -> float:
    return float((weights * layer.forward(x)).sum())


def _cost_with(layer: Layer, x: np.ndarray, weights: np.ndarray, parameter: np.ndarray, value: np.ndarray) -> float:
    """Cost with other numbers in one parameter, which keeps its own afterwards."""
    kept = parameter.copy()
    parameter[...] = value
    try:
        return _cost(layer, x, weights)
    finally:
        parameter[...] = kept
