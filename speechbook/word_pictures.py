"""Words as pictures of one small size: the mean mel spectrum of each twelfth of a word.

For learners without a network, and for networks so small that they are trained many times.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from speechbook import augment, frontend

SEGMENTS = 12


def pictures(clips: Sequence[ArrayLike], *, sample_rate: int) -> np.ndarray:
    """Describe clips without any network: their pictures, averaged over twelve equal parts of the time.

    Parameters
    ----------
    clips : sequence of array_like [shape=(samples,)]
        Mono clips.
    sample_rate : int
        In Hz.

    Returns
    -------
    np.ndarray [shape=(clips, 480), dtype=float64]
        Not negative; 0 is the floor.

    Examples
    --------
    >>> pictures([np.ones(8000)], sample_rate=8000).shape
    (1, 480)
    """
    rows = []
    for y in clips:
        picture = frontend.mel_picture(y, sample_rate=sample_rate) - frontend.FLOOR
        ends = np.linspace(0, picture.shape[1], SEGMENTS + 1)
        parts = [picture[:, int(a) : max(int(a) + 1, int(b))] for a, b in itertools.pairwise(ends)]
        rows.append(np.concatenate([part.mean(axis=1) for part in parts]))
    return np.array(rows)


def warp(x: ArrayLike, *, factor: ArrayLike) -> np.ndarray:
    """Stretch the frequency axis of pictures, as vocal tracts of other lengths would.

    Parameters
    ----------
    x : array_like [shape=(clips, 480)]
        As `pictures` gives them: all bands of the first part of a clip, then of the next.
    factor : float or array_like [shape=(clips,)]
        As in `augment.warp_frequency`, the same for all clips or one each.

    Returns
    -------
    np.ndarray [shape=(clips, 480)]

    Examples
    --------
    >>> warp(np.ones((3, 480)), factor=[0.9, 1.0, 1.1]).shape
    (3, 480)
    """
    x = np.asarray(x)
    bands = x.reshape(len(x), SEGMENTS, -1).swapaxes(1, 2)
    moved = augment.warp_frequency(bands, factor=factor, frequencies=frontend.band_centres())
    return np.ascontiguousarray(moved.swapaxes(1, 2)).reshape(x.shape)
