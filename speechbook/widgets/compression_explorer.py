"""The compression explorer: round a network's weights and take some out, and see what is left of its accuracy."""

from __future__ import annotations

from collections.abc import Sequence

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook.widgets.traits import AS_BYTES, AS_LIST, STATIC, Array, within

MOST_WEIGHTS = 4000
FLOAT = 32


class CompressionExplorer(anywidget.AnyWidget):
    """Choose the bits of a weight and the share of weights that is taken out; everything else was measured before.

    The page rounds and prunes one kernel itself, to show what becomes of its weights, and looks up accuracy and size of
    the whole network in two tables.

    Parameters
    ----------
    kernel : array_like [shape=(weights,)]
        The weights of one kernel, at most 4,000.
    accuracy : array_like [shape=(bits, shares)]
        Share of right answers, from 0 to 1, for every pair of settings.
    size : array_like [shape=(bits, shares)]
        Bytes of the network for every pair of settings.
    bits : sequence of int
        Bits of a weight, 2 to 16, rising; the last may be 32 for floats.
    shares : sequence of float
        Shares of the weights that are taken out, rising, from 0.
    what : str
        What accuracy was measured on, such as ``"clips of unseen speakers"``.
    place : (int, int)
        Which bits and which share to begin with, counted from 0; default is all bits and no pruning.
    label : str
        Name of the widget for screen readers.

    Raises
    ------
    ValueError
        If the tables do not fit the settings, or a number is out of range.

    Examples
    --------
    >>> accuracy, size = [[0.6, 0.1], [0.9, 0.5]], [[10, 9], [40, 25]]
    >>> CompressionExplorer([0.1, -0.7], accuracy, size, bits=[4, 32], shares=[0, 0.5], place=(0, 1))
    CompressionExplorer(2 weights, 4 bits, 50 % taken out: 10 % right, 9 bytes)
    """

    _esm = STATIC / "compression-explorer.js"
    _css = STATIC / "compression-explorer.css"

    label = traitlets.Unicode("Compression explorer").tag(sync=True)
    what = traitlets.Unicode().tag(sync=True)
    kernel = Array(ndim=1, axes="(weights,)").tag(**AS_BYTES)
    accuracy = Array(ndim=2, axes="(bits, shares)").tag(**AS_LIST)
    size = Array(ndim=2, axes="(bits, shares)").tag(**AS_LIST)
    bits = traitlets.List(traitlets.Int()).tag(sync=True)
    shares = traitlets.List(traitlets.Float()).tag(sync=True)
    bits_place = traitlets.Int(0).tag(sync=True)
    share_place = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        kernel: ArrayLike,
        accuracy: ArrayLike,
        size: ArrayLike,
        *,
        bits: Sequence[int],
        shares: Sequence[float],
        what: str = "clips of unseen speakers",
        place: tuple[int, int] | None = None,
        label: str = "Compression explorer",
    ) -> None:
        bits, shares = [int(b) for b in bits], [float(s) for s in shares]
        _check(bits, shares, np.shape(accuracy), np.shape(size), np.size(kernel))
        bits_place, share_place = (len(bits) - 1, 0) if place is None else place
        super().__init__(
            label=label,
            what=what,
            kernel=kernel,
            accuracy=accuracy,
            size=size,
            bits=bits,
            shares=shares,
            bits_place=bits_place,
            share_place=share_place,
        )

    def __repr__(self) -> str:
        place = self.bits_place, self.share_place
        right, stored = 100 * self.accuracy[place], self.size[place]
        chosen = f"{self.bits[place[0]]} bits, {100 * self.shares[place[1]]:g} % taken out"
        return f"CompressionExplorer({self.kernel.size} weights, {chosen}: {right:.0f} % right, {stored:,.0f} bytes)"

    @traitlets.validate("bits_place", "share_place")
    def _check_place(self, proposal: dict) -> int:
        settings = {"bits_place": self.bits, "share_place": self.shares}[proposal["trait"].name]
        return within(proposal, 0, max(0, len(settings) - 1))

    @traitlets.validate("accuracy")
    def _check_accuracy(self, proposal: dict) -> np.ndarray:
        if np.any((proposal["value"] < 0) | (proposal["value"] > 1)):
            raise ValueError("accuracy must hold shares from 0 to 1; divide percentages by 100")
        return proposal["value"]


def _check(bits: list[int], shares: list[float], accuracy: tuple, size: tuple, weights: int) -> None:
    """Say what does not fit together."""
    if bits != sorted(set(bits)) or not all(2 <= b <= 16 or b == FLOAT for b in bits) or not bits:
        raise ValueError(f"bits must rise, from 2 to 16, and may end with 32 for floats; got {bits}")
    if shares != sorted(set(shares)) or not shares or shares[0] != 0 or shares[-1] > 1:
        raise ValueError(f"shares must rise from 0 to at most 1; got {shares}")
    for name, shape in {"accuracy": accuracy, "size": size}.items():
        if shape != (len(bits), len(shares)):
            raise ValueError(f"{name} must have a row for each bits and a column for each share, but has {shape}")
    if weights > MOST_WEIGHTS:
        raise ValueError(f"kernel must have at most {MOST_WEIGHTS:,} weights, but has {weights:,}: show another one")
