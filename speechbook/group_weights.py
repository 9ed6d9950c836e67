"""Group DRO: in a loss, those groups count more on which a network does badly. Taught in *For whom it works*."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


class GroupWeights:
    """Weights of groups in a loss, larger for those that the network does badly on (group DRO).

    Parameters
    ----------
    n_groups : int
        How many groups there are.
    rate : float
        How fast weights follow the losses.

    References
    ----------
    Sagawa, Koh, Hashimoto & Liang (2020), Distributionally robust neural networks for group shifts, ICLR, algorithm 1.

    Examples
    --------
    >>> weights = GroupWeights(2, rate=1.0)
    >>> weights.update([0.0, 1.0, 1.0], [0, 1, 1]).round(2).tolist()
    [0.27, 0.73]
    """

    def __init__(self, n_groups: int, *, rate: float = 0.05) -> None:
        if n_groups < 1:
            raise ValueError(f"n_groups must be at least 1, but is {n_groups}")
        self.rate, self.shares = rate, np.full(n_groups, 1 / n_groups)

    def update(self, losses: ArrayLike, groups: ArrayLike) -> np.ndarray:
        """Follow the losses of a batch.

        Parameters
        ----------
        losses : array_like [shape=(clips,)]
            Of each clip, in nats.
        groups : array_like of int [shape=(clips,)]
            Group of each clip, counted from 0.

        Returns
        -------
        np.ndarray [shape=(n_groups,)]
            The new weights; they add up to 1. Groups that are not in the batch keep theirs, but for the sum.

        Raises
        ------
        ValueError
            If losses and groups do not fit.
        """
        losses, groups = np.asarray(losses, float), np.asarray(groups)
        n = len(self.shares)
        if losses.shape != groups.shape or losses.ndim != 1 or not np.isin(groups, np.arange(n)).all():
            raise ValueError(f"one loss and one group from 0 to {n - 1} a clip; got {losses.shape}, {groups.shape}")
        sums, counts = (np.bincount(groups, weights=w, minlength=n) for w in (losses, None))
        self.shares = self.shares * np.exp(self.rate * sums / np.maximum(counts, 1))
        self.shares /= self.shares.sum()
        return self.shares
