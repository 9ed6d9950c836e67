"""The filterbank designer: how mel, Bark and linear scales cut the spectrum into bands."""

from __future__ import annotations

from collections.abc import Callable

import anywidget
import numpy as np
import traitlets

from speechbook.mel import hz_to_mel, mel_to_hz
from speechbook.widgets.traits import STATIC, one_of, within

LEAST_SPAN = 100  # Hz from fmin to fmax
SCALES: dict[str, tuple[Callable, Callable]] = {
    "mel (Slaney)": (hz_to_mel, mel_to_hz),
    "mel (HTK)": (lambda hz: hz_to_mel(hz, htk=True), lambda mel: mel_to_hz(mel, htk=True)),
    "Bark": (lambda hz: 26.81 * hz / (1960 + hz) - 0.53, lambda bark: 1960 * (bark + 0.53) / (26.28 - bark)),
    "linear": (lambda hz: hz, lambda hz: hz),
}


class FilterbankDesigner(anywidget.AnyWidget):
    """Choose scale, number of bands and range; a tone lights up the triangles that hear it.

    The mel filterbanks equal ``librosa.filters.mel``. Bark is z = 26.81 f / (1960 + f) − 0.53 (Traunmüller, 1990,
    without his corrections below 2 and above 20.1 Bark).

    Parameters
    ----------
    sample_rate : int
        Samples a second, in Hz, 3000 to 192000.
    n_fft : int
        Points of the Fourier transform, an even number from 32 to 8192.
    n_mels : int
        Number of bands, 2 to 128, whatever the scale.
    scale : {"mel (Slaney)", "mel (HTK)", "Bark", "linear"}
        On which the bands lie at equal distances.
    fmin, fmax : float
        Lowest and highest frequency in Hz, at least 100 Hz apart; by default 0 and half the sample rate.
    label : str
        Name of the widget for screen readers.

    Attributes
    ----------
    equal_area : bool
        Whether all filters have the same area (Slaney's normalisation) or the same height.
    tone : float
        Frequency of the tone in Hz; the nearest bin counts.

    Raises
    ------
    ValueError
        If a name is not known or a number out of range.

    References
    ----------
    Slaney, M. (1998). *Auditory Toolbox* (version 2). Technical Report 1998-010, Interval Research.
    Traunmüller, H. (1990). Analytical expressions for the tonotopic sensory scale. *Journal of the Acoustical Society
    of America*, 88(1), 97–100.

    Examples
    --------
    >>> designer = FilterbankDesigner(sample_rate=8000, n_fft=256, n_mels=26)
    >>> designer
    FilterbankDesigner(26 bands, scale='mel (Slaney)', fmin=0, fmax=4000)
    >>> designer.filters.shape
    (26, 129)
    """

    _esm = STATIC / "filterbank-designer.js"
    _css = STATIC / "filterbank-designer.css"

    label = traitlets.Unicode("Filterbank designer").tag(sync=True)
    sample_rate = traitlets.Int(8000, read_only=True).tag(sync=True)
    n_fft = traitlets.Int(256, read_only=True).tag(sync=True)
    n_mels = traitlets.Int(26).tag(sync=True)
    scale = traitlets.Unicode("mel (Slaney)").tag(sync=True)
    fmin = traitlets.Float(0.0).tag(sync=True)
    fmax = traitlets.Float(4000.0).tag(sync=True)
    equal_area = traitlets.Bool(True).tag(sync=True)
    tone = traitlets.Float(1000.0).tag(sync=True)

    def __init__(
        self,
        *,
        sample_rate: int,
        n_fft: int,
        n_mels: int = 26,
        scale: str = "mel (Slaney)",
        fmin: float = 0.0,
        fmax: float | None = None,
        label: str = "Filterbank designer",
    ) -> None:
        if not 3000 <= sample_rate <= 192000:
            raise ValueError(f"sample_rate must lie between 3000 and 192000 Hz, but is {sample_rate}")
        if not 32 <= n_fft <= 8192 or n_fft % 2:
            raise ValueError(f"n_fft must be an even number from 32 to 8192, but is {n_fft}")
        self.set_trait("sample_rate", sample_rate)
        self.set_trait("n_fft", n_fft)
        super().__init__(
            label=label,
            n_mels=n_mels,
            scale=scale,
            fmin=fmin,
            fmax=sample_rate / 2 if fmax is None else fmax,
            tone=min(1000.0, sample_rate / 4),
        )

    def __repr__(self) -> str:
        return f"FilterbankDesigner({self.n_mels} bands, scale={self.scale!r}, fmin={self.fmin:g}, fmax={self.fmax:g})"

    @property
    def filters(self) -> np.ndarray:
        """The filters as they stand [shape=(n_mels, 1 + n_fft // 2)]; ``filters @ power`` gives the bands' energies."""
        to_scale, to_hz = SCALES[self.scale]
        edges = to_hz(np.linspace(to_scale(self.fmin), to_scale(self.fmax), self.n_mels + 2))
        low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
        bins = np.arange(1 + self.n_fft // 2) * (self.sample_rate / self.n_fft)
        weights = np.maximum(0.0, np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre)))
        return weights * 2.0 / (high - low) if self.equal_area else weights

    @traitlets.validate("n_mels", "tone")
    def _check_range(self, proposal: dict) -> float:
        limits = {"n_mels": (2, 128), "tone": (0, self.sample_rate / 2)}
        return within(proposal, *limits[proposal["trait"].name])

    @traitlets.validate("scale")
    def _check_scale(self, proposal: dict) -> str:
        return one_of(proposal, tuple(SCALES))

    @traitlets.validate("fmin", "fmax")
    def _check_edge(self, proposal: dict) -> float:
        edges = {"fmin": self.fmin, "fmax": self.fmax, proposal["trait"].name: proposal["value"]}
        if not 0 <= edges["fmin"] <= edges["fmax"] - LEAST_SPAN <= self.sample_rate / 2 - LEAST_SPAN:
            raise ValueError(
                f"fmin and fmax must lie within 0 and {self.sample_rate / 2:g} Hz, half the sample rate, and at least "
                f"{LEAST_SPAN} Hz apart, but are {edges['fmin']:g} and {edges['fmax']:g}"
            )
        return proposal["value"]
