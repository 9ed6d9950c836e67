"""Learning from people without keeping what they said: federated averages, clipped gradients, and the price of noise.

The accounting is for the Gaussian mechanism over all clips in every step, with noise in proportion to the most that one
clip can change the sum. It is exact for that mechanism, not an estimate. Two data sets are neighbours here if one has a
clip more than the other. Taught in the chapter *Privacy, compliance and misuse*.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import norm

from speechbook._checks import positive_int, real_array


def federated_average(weights: Sequence[ArrayLike], *, sizes: ArrayLike) -> np.ndarray:
    """Average the weights that clients have trained, each as much as it has data (one round of FedAvg).

    Parameters
    ----------
    weights : sequence of array_like, all of one shape
        One array for each client.
    sizes : array_like [shape=(clients,)]
        How many clips each client has.

    Returns
    -------
    np.ndarray [shape of one client's weights, dtype=float64]

    Raises
    ------
    ValueError
        If the shapes differ, or a size is not positive.

    References
    ----------
    McMahan et al. (2017), Communication-efficient learning of deep networks from decentralized data, AISTATS,
    1273–1282.

    Examples
    --------
    >>> federated_average([[0.0, 1.0], [4.0, 1.0]], sizes=[300, 100]).tolist()
    [1.0, 1.0]
    """
    shapes = {np.shape(array) for array in weights}
    sizes = np.asarray(sizes, np.float64)
    if len(shapes) != 1 or sizes.shape != (len(weights),):
        raise ValueError(f"one array of the same shape and one size a client, please; got {shapes} and {sizes.shape}.")
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise ValueError(f"sizes are numbers of clips, above 0; got {sizes.tolist()}.")
    return np.tensordot(sizes / sizes.sum(), np.asarray(weights, np.float64), axes=1)


def clipped_sum(inputs: ArrayLike, errors: ArrayLike, *, limit: float) -> np.ndarray:
    """Add up the gradients of a linear layer, one for each clip, none longer than `limit`.

    The gradient of one clip is the outer product of its input and its error, so its length is the product of theirs,
    and it can be shortened without being written out.

    Parameters
    ----------
    inputs : array_like [shape=(clips, features)]
        What the layer is told.
    errors : array_like [shape=(clips, classes)]
        Derivative of each clip's loss with respect to the layer's output: for softmax, probabilities minus truth.
    limit : float
        Longest gradient (Euclidean norm) that a clip may have.

    Returns
    -------
    np.ndarray [shape=(features, classes), dtype=float64]

    Raises
    ------
    ValueError
        If the numbers of clips differ, or `limit` is not positive.

    References
    ----------
    Abadi et al. (2016), Deep learning with differential privacy, ACM CCS, 308–318.

    Examples
    --------
    >>> clipped_sum([[3.0, 4.0], [0.0, 0.1]], [[1.0], [1.0]], limit=1.0).round(2).tolist()
    [[0.6], [0.9]]
    """
    inputs, errors = real_array(inputs=inputs), real_array(errors=errors)
    if inputs.ndim != 2 or errors.ndim != 2 or len(inputs) != len(errors):
        raise ValueError(f"inputs and errors have one row a clip; got shapes {inputs.shape} and {errors.shape}.")
    if not limit > 0:
        raise ValueError(f"limit must be above 0; got {limit}.")
    length = np.linalg.norm(inputs, axis=1) * np.linalg.norm(errors, axis=1)
    shorter = np.minimum(1.0, limit / np.maximum(length, np.finfo(float).tiny))
    return inputs.T @ (errors * shorter[:, None])


def distinguishability(*, noise: float, steps: int) -> float:
    """Give the one number that says how well `steps` noisy sums tell two neighbouring data sets apart.

    Parameters
    ----------
    noise : float
        Standard deviation of the noise in each number of the sum, divided by the limit on one clip's gradient.
    steps : int
        How many sums are made public, each over all clips.

    Returns
    -------
    float
        µ: telling the data sets apart is as hard as telling the normal distributions N(0, 1) and N(µ, 1) apart from
        one draw.

    Raises
    ------
    ValueError
        If the noise is not positive or the steps are not a whole number above 0.

    References
    ----------
    Dong, Roth & Su (2022), Gaussian differential privacy, JRSS B 84(1), 3–37.

    Examples
    --------
    >>> distinguishability(noise=20.0, steps=100)
    0.5
    """
    if not (np.isfinite(noise) and noise > 0):
        raise ValueError(f"noise must be above 0, or nothing is hidden; got {noise}.")
    return float(np.sqrt(positive_int(steps=steps)) / noise)


def epsilon(*, noise: float, steps: int, delta: float) -> float:
    """Give the least ε for which noisy gradients over all clips are (ε, δ)-differentially private.

    Parameters
    ----------
    noise, steps
        As for `distinguishability`.
    delta : float
        Between 0 and 1, far below 1 / clips.

    Returns
    -------
    float
        ε by the exact curve of the Gaussian mechanism; 0 where δ alone covers everything.

    Raises
    ------
    ValueError
        As `distinguishability`, or if δ is not between 0 and 1.

    References
    ----------
    Balle & Wang (2018), Improving the Gaussian mechanism for differential privacy, ICML, 394–403.

    Examples
    --------
    >>> print(f"{epsilon(noise=20.0, steps=30, delta=1e-5):.2f}")
    1.02
    """
    mu = distinguishability(noise=noise, steps=steps)
    _check_delta(delta)

    def excess(value: float) -> float:
        return norm.cdf(mu / 2 - value / mu) - np.exp(value + norm.logcdf(-mu / 2 - value / mu)) - delta

    if excess(0.0) <= 0:
        return 0.0
    return float(brentq(excess, 0.0, epsilon_by_zcdp(noise=noise, steps=steps, delta=delta), xtol=1e-10))


def epsilon_by_zcdp(*, noise: float, steps: int, delta: float) -> float:
    """Give the ε that follows from adding up zero-concentrated privacy, ρ = steps / (2 noise²): simple, and a bit high.

    Parameters, returns and errors are those of `epsilon`.

    References
    ----------
    Bun & Steinke (2016), Concentrated differential privacy: Simplifications, extensions, and lower bounds, TCC,
    635–658.

    Examples
    --------
    >>> print(f"{epsilon_by_zcdp(noise=20.0, steps=30, delta=1e-5):.2f}")
    1.35
    """
    rho = distinguishability(noise=noise, steps=steps) ** 2 / 2
    _check_delta(delta)
    return float(rho + 2 * np.sqrt(rho * np.log(1 / delta)))


def _check_delta(delta: float) -> None:
    if not 0 < delta < 1:
        raise ValueError(f"delta must lie between 0 and 1, far below 1 / clips, such as 1e-5; got {delta}.")
