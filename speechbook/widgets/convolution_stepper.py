"""The convolution stepper: a kernel of nine numbers slides over a spectrogram."""

from __future__ import annotations

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from speechbook.widgets.traits import AS_BYTES, AS_LIST, STATIC, Array, one_of, within

KERNELS = {
    "edge in time": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "edge in frequency": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "blur": [[1 / 9] * 3] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
}
POOLINGS = ("none", "max", "mean")
SIZES = {"bands": (5, 128), "frames": (5, 400)}


class ConvolutionStepper(anywidget.AnyWidget):
    """Slide a 3 × 3 kernel over a picture, cell by cell, and see patch, products, sum and the map of responses.

    As everywhere in deep learning, "convolution" is cross-correlation: the kernel is not turned round. There is no
    padding. Row 0 of picture and kernel is the lowest band and is drawn at the bottom.

    Parameters
    ----------
    image : array_like, shape (bands, frames)
        The picture, 5 to 128 bands and 5 to 400 frames, such as a log-mel spectrogram.
    kernel : str or array_like, shape (3, 3)
        ``"edge in time"``, ``"edge in frequency"``, ``"blur"``, ``"sharpen"`` or ``"identity"``, or nine numbers.
    stride : {1, 2}
        Cells from one position to the next, in both directions.
    pooling : {"none", "max", "mean"}
        What 2 × 2 responses are pooled to, without overlap.
    sample_rate, hop_length : int, optional
        Sample rate in Hz and samples from frame to frame: both are needed for a time axis in seconds.
    label : str
        Name of the widget for screen readers.

    Attributes
    ----------
    kernel_values : numpy.ndarray, shape (3, 3)
        The kernel as it stands.
    position : int
        The response that is spelt out, counted row by row from the lowest band; later ones are not shown yet.

    Raises
    ------
    ValueError
        If the picture has another shape, or a setting is not one of those allowed.

    References
    ----------
    LeCun, Y., et al. (1989). Backpropagation applied to handwritten zip code recognition. *Neural Computation*, 1(4),
    541–551.

    Examples
    --------
    >>> stepper = ConvolutionStepper(np.eye(6), kernel="identity", stride=2)
    >>> stepper
    ConvolutionStepper(6 bands × 6 frames, kernel='identity', stride=2, pooling='none')
    >>> stepper.response
    array([[1., 0.],
           [0., 1.]])
    """

    _esm = STATIC / "convolution-stepper.js"
    _css = STATIC / "convolution-stepper.css"

    label = traitlets.Unicode("Convolution stepper").tag(sync=True)
    image = Array(ndim=2, axes="(bands, frames)", dtype=np.float32).tag(**AS_BYTES)
    kernels = traitlets.Dict(KERNELS).tag(sync=True)
    kernel_values = Array(ndim=2, axes="(3, 3)").tag(**AS_LIST)
    stride = traitlets.Int(1).tag(sync=True)
    pooling = traitlets.Unicode("none").tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)
    frame_seconds = traitlets.Float(None, allow_none=True).tag(sync=True)

    def __init__(
        self,
        image: ArrayLike,
        *,
        kernel: str | ArrayLike = "edge in time",
        stride: int = 1,
        pooling: str = "none",
        sample_rate: int | None = None,
        hop_length: int | None = None,
        label: str = "Convolution stepper",
    ) -> None:
        if isinstance(kernel, str) and kernel not in KERNELS:
            known = ", ".join(map(repr, KERNELS))
            raise ValueError(f"kernel must be one of {known}, or 3 × 3 numbers, but is {kernel!r}")
        if (sample_rate is None) != (hop_length is None):
            raise ValueError("a time axis needs both sample_rate=… and hop_length=…; give both or neither")
        super().__init__(
            label=label,
            image=image,
            kernel_values=KERNELS[kernel] if isinstance(kernel, str) else kernel,
            stride=stride,
            pooling=pooling,
            frame_seconds=None if sample_rate is None else hop_length / sample_rate,
        )

    def __repr__(self) -> str:
        bands, frames = self.image.shape
        settings = f"kernel={self.kernel!r}, stride={self.stride}, pooling={self.pooling!r}"
        return f"ConvolutionStepper({bands} bands × {frames} frames, {settings})"

    @property
    def kernel(self) -> str:
        """Name of the kernel as it stands, or ``"own"``."""
        names = (name for name, values in KERNELS.items() if np.array_equal(values, self.kernel_values))
        return next(names, "own")

    @property
    def response(self) -> np.ndarray:
        """All responses, before pooling [shape=(rows, columns)]."""
        patches = np.lib.stride_tricks.sliding_window_view(self.image, (3, 3))[:: self.stride, :: self.stride]
        return np.einsum("ijkl,kl->ij", patches.astype(np.float64), self.kernel_values)

    def _last_position(self) -> int:
        return int(np.prod([(size - 3) // self.stride + 1 for size in self.image.shape])) - 1

    @traitlets.validate("image")
    def _check_image(self, proposal: dict) -> np.ndarray:
        for (name, (low, high)), size in zip(SIZES.items(), proposal["value"].shape, strict=True):
            if not low <= size <= high:
                raise ValueError(f"image must have {low} to {high} {name}, but has {size}; cut it or average it")
        return proposal["value"]

    @traitlets.validate("kernel_values")
    def _check_kernel(self, proposal: dict) -> np.ndarray:
        if proposal["value"].shape != (3, 3):
            raise ValueError(f"a kernel has the shape (3, 3), but this one {proposal['value'].shape}")
        return proposal["value"]

    @traitlets.validate("stride", "position")
    def _check_range(self, proposal: dict) -> int:
        limits = {"stride": (1, 2), "position": (0, self._last_position())}
        return within(proposal, *limits[proposal["trait"].name])

    @traitlets.validate("pooling")
    def _check_pooling(self, proposal: dict) -> str:
        return one_of(proposal, POOLINGS)

    @traitlets.observe("stride", "image")
    def _stay_inside(self, change: dict) -> None:
        if self.image.size:
            self.position = min(self.position, self._last_position())
