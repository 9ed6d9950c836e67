"""The loss surface: optimisers walk down functions of two weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook.widgets.traits import AS_LIST, STATIC, Array, one_of, within

SURFACES: dict[str, tuple[Callable, Callable]] = {
    "bowl": (lambda x, y: 0.5 * x**2 + 0.5 * y**2, lambda x, y: (x, y)),
    "ravine": (lambda x, y: 0.5 * x**2 + 7.5 * y**2, lambda x, y: (x, 15 * y)),
    "two valleys": (
        lambda x, y: 0.5 * (x**2 - 1) ** 2 + 0.25 * x + y**2,
        lambda x, y: (2 * x * (x**2 - 1) + 0.25, 2 * y),
    ),
    "saddle": (lambda x, y: 0.5 * x**2 - 0.5 * y**2 + 0.25 * y**4, lambda x, y: (x, y**3 - y)),
}
OPTIMISERS = ("sgd", "momentum", "rmsprop", "adam")
REACH = (2.0, 1.5)
FARTHEST = 1e6


class LossSurface(anywidget.AnyWidget):
    """Choose a surface, an optimiser, its learning rate and a start, and follow its path downhill.

    The surfaces are functions of two weights x and y:

    - bowl ½ x² + ½ y²;
    - ravine ½ x² + 7.5 y², where plain gradient descent diverges from a learning rate of 2/15 on;
    - two valleys ½ (x² − 1)² + ¼ x + y², the left one deeper;
    - saddle ½ x² − ½ y² + ¼ y⁴, flat at (0, 0), with its two minima at y = ±1.

    The update rules are Keras', with its other settings as they come: RMSprop with ρ = 0.9, Adam with β₁ = 0.9 and
    β₂ = 0.999, both with ε = 10⁻⁷.

    Parameters
    ----------
    surface : {"bowl", "ravine", "two valleys", "saddle"}
        The function to go down.
    optimiser : {"sgd", "momentum", "rmsprop", "adam"}
        The rule to go by.
    learning_rate : float
        0.0001 to 2.
    momentum : float
        Momentum of the optimiser of that name, 0 to 0.99.
    start : (float, float)
        Where the path begins, x from −2 to 2 and y from −1.5 to 1.5.
    steps : int
        Number of updates, 0 to 200.
    label : str
        Name of the widget for screen readers.

    Raises
    ------
    ValueError
        If a name is not known or a number out of range.

    References
    ----------
    Polyak, B. T. (1964). Some methods of speeding up the convergence of iteration methods. *USSR Computational
    Mathematics and Mathematical Physics*, 4(5), 1–17.
    Tieleman, T., & Hinton, G. (2012). Lecture 6.5: RMSprop. *Coursera: Neural Networks for Machine Learning*.
    Kingma, D. P., & Ba, J. (2015). Adam: a method for stochastic optimization. *ICLR*. arXiv:1412.6980.

    Examples
    --------
    >>> walk = LossSurface(surface="bowl", learning_rate=0.5, start=(2, 1), steps=3)
    >>> walk.path
    array([[2.   , 1.   ],
           [1.   , 0.5  ],
           [0.5  , 0.25 ],
           [0.25 , 0.125]])
    >>> walk
    LossSurface('bowl', 'sgd', learning_rate=0.5, 3 steps to a loss of 0.0391)
    """

    _esm = STATIC / "loss-surface.js"
    _css = STATIC / "loss-surface.css"

    label = traitlets.Unicode("Loss surface").tag(sync=True)
    surface = traitlets.Unicode("ravine").tag(sync=True)
    optimiser = traitlets.Unicode("sgd").tag(sync=True)
    learning_rate = traitlets.Float(0.1).tag(sync=True)
    momentum = traitlets.Float(0.9).tag(sync=True)
    start = Array(ndim=1, axes="(2,)").tag(**AS_LIST)
    steps = traitlets.Int(50).tag(sync=True)

    def __init__(
        self,
        *,
        surface: str = "ravine",
        optimiser: str = "sgd",
        learning_rate: float = 0.1,
        momentum: float = 0.9,
        start: ArrayLike = (-1.5, 1.0),
        steps: int = 50,
        label: str = "Loss surface",
    ) -> None:
        super().__init__(
            label=label,
            surface=surface,
            optimiser=optimiser,
            learning_rate=learning_rate,
            momentum=momentum,
            start=start,
            steps=steps,
        )

    def __repr__(self) -> str:
        walked = f"{len(self.path) - 1} steps to a loss of {self.losses[-1]:.3g}"
        return f"LossSurface({self.surface!r}, {self.optimiser!r}, learning_rate={self.learning_rate:g}, {walked})"

    @property
    def path(self) -> np.ndarray:
        """Weights from the start on [shape=(steps + 1, 2)]; shorter where they leave all bounds."""
        gradient = SURFACES[self.surface][1]
        rule = _update_rule(self.optimiser, self.learning_rate, self.momentum)
        place = np.array(self.start)
        path = [place]
        for _ in range(self.steps):
            place = place + rule(np.array(gradient(*place)))
            if not np.all(np.abs(place) < FARTHEST):
                break
            path.append(place)
        return np.array(path)

    @property
    def losses(self) -> np.ndarray:
        """Loss at every place of the path [shape=(steps + 1,)]."""
        return SURFACES[self.surface][0](*self.path.T)

    @traitlets.validate("surface", "optimiser")
    def _check_name(self, proposal: dict) -> str:
        return one_of(proposal, {"surface": tuple(SURFACES), "optimiser": OPTIMISERS}[proposal["trait"].name])

    @traitlets.validate("learning_rate", "momentum", "steps")
    def _check_range(self, proposal: dict) -> float:
        limits = {"learning_rate": (1e-4, 2), "momentum": (0, 0.99), "steps": (0, 200)}
        return within(proposal, *limits[proposal["trait"].name])

    @traitlets.validate("start")
    def _check_start(self, proposal: dict) -> np.ndarray:
        start = proposal["value"]
        if start.shape != (2,) or not np.all(np.abs(start) <= REACH):
            raise ValueError(f"start must be x from -2 to 2 and y from -1.5 to 1.5, but is {start.tolist()}")
        return start


def _update_rule(optimiser: str, rate: float, momentum: float) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function that turns one gradient after the other into the change of the weights."""
    rule = {"sgd": _momentum, "momentum": _momentum, "rmsprop": _rmsprop, "adam": _adam}[optimiser]
    steps = rule(rate, momentum if optimiser == "momentum" else 0.0)
    next(steps)
    return steps.send


def _momentum(rate: float, momentum: float) -> Iterator[np.ndarray]:
    change = 0.0
    while True:
        gradient = yield change
        change = momentum * change - rate * gradient


def _rmsprop(rate: float, _: float, rho: float = 0.9, epsilon: float = 1e-7) -> Iterator[np.ndarray]:
    change, square = 0.0, 0.0
    while True:
        gradient = yield change
        square = rho * square + (1 - rho) * gradient**2
        change = -rate * gradient / np.sqrt(square + epsilon)


def _adam(rate: float, _: float, betas: tuple = (0.9, 0.999), epsilon: float = 1e-7) -> Iterator[np.ndarray]:
    change, mean, square, powers = 0.0, 0.0, 0.0, np.ones(2)
    while True:
        gradient = yield change
        mean = mean + (gradient - mean) * (1 - betas[0])
        square = square + (gradient**2 - square) * (1 - betas[1])
        powers = powers * betas
        rate_now = rate * np.sqrt(1 - powers[1]) / (1 - powers[0])
        change = -rate_now * mean / (np.sqrt(square) + epsilon)
