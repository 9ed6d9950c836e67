"""What a test brought: `Result`, and `pool` for several of them. Both are had as ``training.…``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from speechbook import metrics


@dataclass(frozen=True)
class Result:
    """What a network said about clips that it was not trained on.

    Attributes
    ----------
    name : str
        Which clips were tested, in words, such as ``"theo"`` or ``"official split"``.
    y_true, y_pred : int array [shape=(n,)]
        The labels of the tested clips, and what the network took the clips for.
    seconds : float
        Training time in seconds.
    history : dict of str to list of float
        What `fit` returned.
    clips : object
        The tested clips, in the order of `y_true`.

    Examples
    --------
    >>> print(Result("theo", np.array([1, 2, 3, 4]), np.array([1, 2, 3, 9]), seconds=2.0))
    theo: 3 of 4 = 75.0 % [30.1, 95.4], trained in 2.0 s
    """

    name: str
    y_true: np.ndarray
    y_pred: np.ndarray
    seconds: float = 0.0
    history: dict = field(default_factory=dict, repr=False)
    clips: object = field(default=None, repr=False)

    @property
    def n(self) -> int:
        """Number of tested clips."""
        return len(self.y_true)

    @property
    def accuracy(self) -> float:
        """Share of the tested clips that were recognised."""
        return metrics.accuracy(self.y_true, self.y_pred)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson interval of the accuracy at 95 %, as if the clips were independent."""
        return metrics.wilson_interval(self.n - len(self.mistakes), self.n)

    @property
    def mistakes(self) -> np.ndarray:
        """Places of the clips that were not recognised."""
        return np.flatnonzero(self.y_true != self.y_pred)

    def __str__(self) -> str:
        """Give the result as one line of text."""
        low, high = self.interval
        return (
            f"{self.name}: {self.n - len(self.mistakes):,} of {self.n:,} = {100 * self.accuracy:.1f} % "
            f"[{100 * low:.1f}, {100 * high:.1f}], trained in {self.seconds:.1f} s"
        )


def pool(results: Sequence[Result], *, name: str = "all folds") -> Result:
    """Join the results of several folds into one, as if it were one large test.

    Parameters
    ----------
    results : sequence of Result
        What `leave_one_speaker_out` returned.
    name : str
        Name of the whole.

    Returns
    -------
    Result
        With the labels of all folds one after another and the sum of the seconds.

    Raises
    ------
    ValueError
        If there are no results.

    Examples
    --------
    >>> ann = Result("ann", np.array([1, 2]), np.array([1, 2]), seconds=1.0)
    >>> bob = Result("bob", np.array([1, 2]), np.array([1, 7]), seconds=1.0)
    >>> print(pool([ann, bob]))
    all folds: 3 of 4 = 75.0 % [30.1, 95.4], trained in 2.0 s
    """
    if not results:
        raise ValueError("There are no results to pool.")
    return Result(
        name,
        np.concatenate([result.y_true for result in results]),
        np.concatenate([result.y_pred for result in results]),
        sum(result.seconds for result in results),
    )
