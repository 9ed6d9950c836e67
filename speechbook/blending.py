"""One word from two speakers: clips are brought into step by dynamic time warping, then their levels are averaged.

Six people are few. Between any two of them who say the same word lie as many others as one likes, and some beyond: the
level of each band goes part of the way from one to the other, moment by moment. `speechbook.recipe` makes use of it;
taught in the chapter *Unseen speakers*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import real_array

LOWEST_DB = -55.0
"""What lies lower is taken for this: silence is not averaged with speech to something in between at -70 dB."""

OFF_THE_PACE = 30.0
"""What it costs, in squared dB, if one clip stands still for a frame or skips one."""

STEPS = np.array([1, 0, 2])
"""Frames that the other clip may advance while the first advances by one; in this order, the first wins a draw."""


def blend(db: ArrayLike, counts: ArrayLike, other: ArrayLike, other_counts: ArrayLike, share: ArrayLike) -> np.ndarray:
    """Move clips towards other clips of the same word, at the pace of the first.

    The others are first stretched to the same lengths; then the path of least squared distance is found on which they
    advance by none, one or two frames for each frame of the first.

    Parameters
    ----------
    db : array_like [shape=(clips, frames, bands)]
        Levels as `variations.levels` gives them.
    counts : array_like of int [shape=(clips,)]
        Frames of each clip.
    other : array_like [shape=(clips, other frames, bands)]
        For each clip one of the same word.
    other_counts : array_like of int [shape=(clips,)]
        Their frames.
    share : array_like [shape=(clips,)]
        How far to go: 0 stays, 1 arrives, a negative number leads away.

    Returns
    -------
    np.ndarray [shape=(clips, max(counts), bands), dtype=float32]
        Levels below each clip's loudest point, in dB; -90 after its end.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a count is not a number of frames of its clip.

    References
    ----------
    Sakoe & Chiba (1978), Dynamic programming algorithm optimization for spoken word recognition, IEEE Transactions on
    Acoustics, Speech, and Signal Processing 26 (1), 43–49. Zhang, Cissé, Dauphin & Lopez-Paz (2018), mixup: Beyond
    empirical risk minimization, ICLR (averages of clips whose labels may differ).

    Examples
    --------
    >>> soft, loud = np.full((1, 3, 40), -20.0), np.zeros((1, 4, 40))
    >>> soft[0, 1] = 0
    >>> blend(soft, [3], loud, [4], [0.5])[0, :, 0].tolist()
    [-10.0, 0.0, -10.0]
    """
    db, other = real_array(db=db), real_array(other=other)
    counts, other_counts, share = np.asarray(counts), np.asarray(other_counts), np.asarray(share, np.float32)
    for name, x, n in (("db", db, counts), ("other", other, other_counts)):
        if x.ndim != 3 or n.shape != x.shape[:1] or len(n) != len(db) or x.shape[-1] != db.shape[-1]:
            raise ValueError(
                f"{name} must be levels [shape=(clips, frames, bands)] with a count for each clip; "
                f"got {x.shape} and {n.shape}."
            )
        if n.min() < 1 or n.max() > x.shape[1]:
            raise ValueError(f"the counts of {name} must lie between 1 and {x.shape[1]}; got {n}.")
    if share.shape != counts.shape:
        raise ValueError(f"share must hold a number for each of {len(counts)} clips; got the shape {share.shape}.")
    first = np.maximum(db[:, : counts.max()].astype(np.float32), LOWEST_DB)
    second = _stretched(np.maximum(other.astype(np.float32), LOWEST_DB), other_counts, counts, first.shape[1])
    second = np.take_along_axis(second, path(first, second, counts)[:, :, None], axis=1)
    moved = first + share[:, None, None] * (second - first)
    inside = (np.arange(first.shape[1]) < counts[:, None])[:, :, None]
    loudest = np.where(inside, moved, -np.inf).max(axis=(1, 2), keepdims=True)
    return np.where(inside, moved - loudest, np.float32(-90))


def path(first: np.ndarray, second: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Find for every frame of some clips the frame of others that fits best, never going back.

    Parameters
    ----------
    first, second : np.ndarray [shape=(clips, frames, bands)]
        Levels in dB of clips that are equally long; each clip's own mean is left out of the comparison.
    counts : np.ndarray [shape=(clips,), dtype=int]
        Frames of each pair; the last ones are matched with each other, and so are the first.

    Returns
    -------
    np.ndarray [shape=(clips, frames), dtype=int]
        0 after a clip's end.

    Examples
    --------
    >>> a, b = np.zeros((1, 4, 1)), np.zeros((1, 4, 1))
    >>> a[0, 1], b[0, 2] = 9, 9
    >>> path(a, b, np.array([4])).tolist()
    [[0, 2, 3, 3]]
    """
    n, size, n_bands = first.shape
    a, b = (x - x.mean(axis=(1, 2), keepdims=True) for x in (first, second))
    squares = (a**2).sum(axis=2)[:, :, None] + (b**2).sum(axis=2)[:, None, :]
    costs = (squares - 2 * np.matmul(a, np.swapaxes(b, 1, 2))) / n_bands
    least = np.full((n, size + 2), np.inf)  # of reaching a frame of the second clip; two columns ahead of the first
    least[:, 2] = costs[:, 0, 0]
    came_by = np.zeros((n, size, size), np.int8)
    for frame in range(1, size):
        reached = np.stack([least[:, 1:-1], least[:, 2:] + OFF_THE_PACE, least[:, :-2] + OFF_THE_PACE])
        came_by[:, frame] = reached.argmin(axis=0)
        least[:, 2:] = reached.min(axis=0) + costs[:, frame]
    return _traced(came_by, counts)


def _traced(came_by: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Follow each clip's best path back from its last frame."""
    n, size, _ = came_by.shape
    clips, found, here = np.arange(n), np.zeros((n, size), int), np.asarray(counts) - 1
    for frame in range(size - 1, -1, -1):
        inside = frame < counts
        found[:, frame] = np.where(inside, here, 0)
        here = np.where(inside, np.maximum(here - STEPS[came_by[clips, frame, here]], 0), here)
    return found


def _stretched(x: np.ndarray, counts: np.ndarray, wanted: np.ndarray, size: int) -> np.ndarray:
    """Read each clip at a steady pace, so that it lasts as many frames as wanted [shape=(clips, size, bands)]."""
    positions = (np.arange(size) + 0.5) * (counts / wanted)[:, None] - 0.5
    positions = np.clip(positions, 0, counts[:, None] - 1)
    lower = np.minimum(positions.astype(int), np.maximum(counts[:, None] - 2, 0))
    upper = np.minimum(lower + 1, counts[:, None] - 1)
    below, above = (np.take_along_axis(x, places[:, :, None], axis=1) for places in (lower, upper))
    return below + (positions - lower)[:, :, None].astype(np.float32) * (above - below)
