"""The attention map: which frames a frame looks at."""

from __future__ import annotations

from collections.abc import Sequence

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook.widgets.traits import AS_BYTES, AS_SHARES, STATIC, Array, within

MOST_WEIGHTS = 200_000  # a page must stay light
MOST_BANDS = 128


class AttentionMap(anywidget.AnyWidget):
    """Pick a frame and see how much it attends to every other, as a curve over the spectrogram and in the whole map.

    Parameters
    ----------
    weights : array_like, shape (heads, n_frames, n_frames) or (n_frames, n_frames)
        Attention weights: row q holds what query frame q gives to each key frame; every row sums to 1. At most 200 000
        numbers.
    image : array_like, shape (bands, n_frames), optional
        Spectrogram of the same frames, lowest band first.
    frame_seconds : float, optional
        Seconds from frame to frame, for time axes.
    head_names : sequence of str, optional
        Names of the heads; "Head 1", "Head 2", … if not given.
    label : str
        Name of the widget for screen readers.

    Attributes
    ----------
    head : int
        Index of the head that is shown.
    frame : int
        The query frame.

    Raises
    ------
    ValueError
        If the weights are not rows that sum to 1, are too many, or image or names do not fit them.

    References
    ----------
    Bahdanau, D., Cho, K., & Bengio, Y. (2015). Neural machine translation by jointly learning to align and translate.
    *ICLR*. arXiv:1409.0473.
    Vaswani, A., et al. (2017). Attention is all you need. *NeurIPS*. arXiv:1706.03762.

    Examples
    --------
    >>> attention = AttentionMap([[0.75, 0.25], [0.5, 0.5]])
    >>> attention
    AttentionMap(1 head, 2 frames)
    >>> attention.row
    array([0.75, 0.25], dtype=float32)
    """

    _esm = STATIC / "attention-map.js"
    _css = STATIC / "attention-map.css"

    label = traitlets.Unicode("Attention map").tag(sync=True)
    weights = Array(ndim=3, axes="(heads, n_frames, n_frames)", dtype=np.float32).tag(**AS_SHARES)
    image = Array(ndim=2, axes="(bands, n_frames)", dtype=np.float32, allow_none=True).tag(**AS_BYTES)
    head_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    frame_seconds = traitlets.Float(None, allow_none=True).tag(sync=True)
    head = traitlets.Int(0).tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        weights: ArrayLike,
        *,
        image: ArrayLike | None = None,
        frame_seconds: float | None = None,
        head_names: Sequence[str] | None = None,
        label: str = "Attention map",
    ) -> None:
        weights = np.asarray(weights)
        weights = weights[None] if weights.ndim == 2 else weights
        if frame_seconds is not None and not frame_seconds > 0:
            raise ValueError(f"frame_seconds must be above 0, but is {frame_seconds!r}")
        names = [f"Head {i + 1}" for i in range(len(weights))] if head_names is None else list(map(str, head_names))
        if weights.ndim == 3 and len(names) != len(weights):
            raise ValueError(f"head_names must hold a name for each head, so {len(weights)}, but holds {len(names)}")
        super().__init__(label=label, weights=weights, image=image, head_names=names, frame_seconds=frame_seconds)

    def __repr__(self) -> str:
        heads, frames, _ = self.weights.shape
        return f"AttentionMap({heads} head{'s' if heads > 1 else ''}, {frames} frames)"

    @property
    def row(self) -> np.ndarray:
        """Weights of the chosen head and query frame [shape=(n_frames,)]."""
        return self.weights[self.head, self.frame]

    @traitlets.validate("weights")
    def _check_weights(self, proposal: dict) -> np.ndarray:
        weights = proposal["value"]
        if weights.shape[1] != weights.shape[2] or weights.size > MOST_WEIGHTS:
            raise ValueError(
                f"weights must have the shape (heads, n_frames, n_frames) with at most {MOST_WEIGHTS} numbers, but "
                f"have {weights.shape}; take fewer heads or frames"
            )
        if weights.min() < 0 or np.abs(weights.sum(axis=2) - 1).max() > 1e-2:
            raise ValueError("weights must not be negative and every row must sum to 1: take the output of the softmax")
        return weights

    @traitlets.validate("image")
    def _check_image(self, proposal: dict) -> np.ndarray | None:
        image, expected = proposal["value"], self.weights.shape[2]
        if image is not None and (image.shape[1] != expected or len(image) > MOST_BANDS):
            raise ValueError(
                f"image must have at most {MOST_BANDS} bands and the {expected} frames of the weights, but has the "
                f"shape {image.shape}"
            )
        return image

    @traitlets.validate("head", "frame")
    def _check_index(self, proposal: dict) -> int:
        heads, frames, _ = self.weights.shape
        return within(proposal, 0, {"head": heads, "frame": frames}[proposal["trait"].name] - 1)
