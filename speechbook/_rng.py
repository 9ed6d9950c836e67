"""The one rule about chance: it comes from a NumPy generator that the caller seeded."""

from __future__ import annotations

import numpy as np


def generator(rng: np.random.Generator) -> np.random.Generator:
    """Return `rng` if it is a generator, or raise TypeError.

    Examples
    --------
    >>> generator(0)
    Traceback (most recent call last):
    TypeError: rng must be a NumPy generator such as np.random.default_rng(0); got int.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a NumPy generator such as np.random.default_rng(0); got {type(rng).__name__}.")
    return rng
