"""The spectrogram explorer: see and hear what the settings of the short-time Fourier transform do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import anywidget
import traitlets
from numpy.typing import ArrayLike

from speechbook.widgets.sounds import named_clips, pack
from speechbook.widgets.traits import STATIC, one_of, within

SCALES = ("linear", "mel")
COLOR_MAPS = ("viridis", "cividis", "grey")
FFT_SIZES = tuple(2**k for k in range(5, 14))


class SpectrogramExplorer(anywidget.AnyWidget):
    """Waveform and spectrogram with live settings, playback, and a band to hear wherever the picture is clicked.

    Every setting is a trait with librosa's name: read it after moving a slider, or set it and see the picture change.
    If window and FFT no longer fit, the one that was set wins and the other follows.

    Parameters
    ----------
    y : array_like, shape (n_samples,), optional
        Mono signal, at most 30 s.
    sample_rate : int, optional
        Sample rate of `y` in Hz.
    clips : mapping or iterable, optional
        Instead of `y`, several sounds to choose from: label to ``(y, sample_rate)``, or clips as `corpora` gives them.
    n_fft : int
        Points of the Fourier transform, a power of two from 32 to 8192.
    win_length : int, optional
        Length of the Hann window in samples, at most `n_fft`; `n_fft` if not given.
    hop_length : int, optional
        Samples from one frame to the next; a quarter of `win_length` if not given.
    n_mels : int
        Number of mel bands, 8 to 128, shown when `scale` is ``"mel"``.
    scale : {"linear", "mel"}
        Frequency scale.
    top_db : float
        Range of the colours below the loudest point, 20 to 100 dB.
    label : str
        Name of the widget for screen readers, and of `y` in its list.

    Attributes
    ----------
    clip : str
        Label of the chosen sound.
    selection_time, selection_frequency : float or None
        Picked point in seconds and Hz.
    band_octaves : float
        Width of the band that is heard around the picked frequency, in octaves.
    color_map : {"viridis", "cividis", "grey"}
        Colours of the levels.

    Raises
    ------
    ValueError
        If there is no sound, a sound is not mono, empty, not finite or longer than 30 s, or a setting is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    >>> explorer = SpectrogramExplorer(tone, sample_rate=8000, n_fft=256, win_length=200, hop_length=80)
    >>> explorer
    SpectrogramExplorer(1 sound, n_fft=256, win_length=200, hop_length=80, scale='linear')
    >>> explorer.n_fft = 128
    >>> explorer.win_length
    128
    """

    _esm = STATIC / "spectrogram-explorer.js"
    _css = STATIC / "spectrogram-explorer.css"

    label = traitlets.Unicode("Spectrogram explorer").tag(sync=True)
    samples = traitlets.Bytes().tag(sync=True)
    clips = traitlets.List(traitlets.Dict()).tag(sync=True)
    clip = traitlets.Unicode().tag(sync=True)
    n_fft = traitlets.Int(512).tag(sync=True)
    win_length = traitlets.Int(512).tag(sync=True)
    hop_length = traitlets.Int(128).tag(sync=True)
    n_mels = traitlets.Int(40).tag(sync=True)
    scale = traitlets.Unicode("linear").tag(sync=True)
    top_db = traitlets.Float(60.0).tag(sync=True)
    color_map = traitlets.Unicode("viridis").tag(sync=True)
    band_octaves = traitlets.Float(1.0).tag(sync=True)
    selection_time = traitlets.Float(None, allow_none=True).tag(sync=True)
    selection_frequency = traitlets.Float(None, allow_none=True).tag(sync=True)

    def __init__(
        self,
        y: ArrayLike | None = None,
        *,
        sample_rate: int | None = None,
        clips: Mapping | Iterable | None = None,
        n_fft: int = 512,
        win_length: int | None = None,
        hop_length: int | None = None,
        n_mels: int = 40,
        scale: str = "linear",
        top_db: float = 60.0,
        label: str = "Spectrogram explorer",
    ) -> None:
        samples, table = pack(named_clips(y, sample_rate=sample_rate, clips=clips, label=label))
        win_length = n_fft if win_length is None else win_length
        if win_length > n_fft:
            raise ValueError(f"win_length must be at most n_fft ({n_fft}), but is {win_length}")
        super().__init__(
            label=label,
            samples=samples,
            clips=table,
            clip=table[0]["label"],
            n_fft=n_fft,
            win_length=win_length,
            hop_length=max(1, win_length // 4) if hop_length is None else hop_length,
            n_mels=n_mels,
            scale=scale,
            top_db=top_db,
        )

    def __repr__(self) -> str:
        count = f"{len(self.clips)} sound" + ("s" if len(self.clips) != 1 else "")
        names = ("n_fft", "win_length", "hop_length", "scale")
        settings = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"SpectrogramExplorer({count}, {settings})"

    @traitlets.validate("n_fft")
    def _check_n_fft(self, proposal: dict) -> int:
        if proposal["value"] not in FFT_SIZES:
            raise ValueError(f"n_fft must be a power of two from 32 to 8192, but is {proposal['value']}")
        return proposal["value"]

    @traitlets.validate("win_length", "hop_length")
    def _check_length(self, proposal: dict) -> int:
        name, value = proposal["trait"].name, proposal["value"]
        if not 1 <= value <= FFT_SIZES[-1]:
            raise ValueError(f"{name} must lie between 1 and {FFT_SIZES[-1]} samples, but is {value}")
        return value

    @traitlets.validate("n_mels", "top_db", "band_octaves")
    def _check_range(self, proposal: dict) -> float:
        limits = {"n_mels": (8, 128), "top_db": (20, 100), "band_octaves": (0.1, 8)}
        return within(proposal, *limits[proposal["trait"].name])

    @traitlets.validate("scale", "color_map", "clip")
    def _check_name(self, proposal: dict) -> str:
        known = {"scale": SCALES, "color_map": COLOR_MAPS, "clip": [clip["label"] for clip in self.clips]}
        return one_of(proposal, known[proposal["trait"].name])

    @traitlets.observe("n_fft")
    def _fit_window(self, change: dict) -> None:
        self.win_length = min(self.win_length, change["new"])

    @traitlets.observe("win_length")
    def _fit_fft(self, change: dict) -> None:
        if self.n_fft < change["new"]:
            self.n_fft = next(size for size in FFT_SIZES if size >= change["new"])
