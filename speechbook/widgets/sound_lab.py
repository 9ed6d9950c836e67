"""The sound lab: take a sound, see it four ways on one time axis, hear it changed, take it away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import anywidget
import traitlets
from numpy.typing import ArrayLike

from speechbook import corpora
from speechbook.widgets.sounds import named_clips, pack
from speechbook.widgets.spectrogram_explorer import COLOR_MAPS
from speechbook.widgets.traits import STATIC, one_of, within

FFT_SIZES = tuple(2**k for k in range(6, 12))
EFFECTS = ("none", "stretch", "speed", "pitch", "band", "resample", "noise", "room", "telephone")
NOISES = ("white", "pink", "brown")
IN_THE_PAGE = ("Recording ", "File: ")  # how the labels of sounds begin that Python never sees
RANGES = {
    "win_length": (1, 2048),
    "hop_length": (1, 4096),
    "n_mels": (8, 128),
    "n_mfcc": (2, 40),
    "top_db": (20, 100),
    "rate": (0.25, 2),
    "n_steps": (-12, 12),
    "snr_db": (-10, 40),
    "rt60": (0.1, 2),
    "direct_to_reverberant_db": (-10, 20),
}


class SoundLab(anywidget.AnyWidget):
    """Waveform, spectrogram, mel spectrogram and MFCC of a clip, a recording or a file, to see, hear and compare.

    Every setting is a trait: read it after the page changed it, or set it and see the page follow. Recordings and
    opened files stay in the page; Python learns their label (`clip`), not their samples. They last at most 30 s at
    16 kHz, and the page keeps the last two recordings and the last two files.

    Parameters
    ----------
    y : array_like, shape (n_samples,), optional
        Mono signal, at most 30 s.
    sample_rate : int, optional
        Sample rate of `y` in Hz.
    clips : mapping or iterable, optional
        Instead of `y`, several sounds: label to ``(y, sample_rate)``, clips as `corpora` gives them, or names of the
        book's listening clips; all of these if neither is given.
    n_fft : int
        Points of the Fourier transform, a power of two from 64 to 2048.
    win_length : int, optional
        Length of the Hann window in samples, at most `n_fft`; `n_fft` if not given.
    hop_length : int, optional
        Samples from one frame to the next; a quarter of `win_length` if not given.
    n_mels : int
        Number of mel bands, 8 to 128.
    n_mfcc : int
        Number of cepstral coefficients, 2 to 40, at most `n_mels`.
    fmin, fmax : float
        Lowest and highest frequency of the mel bands in Hz; `fmax` None is half the sample rate.
    top_db : float
        Range of the colours below the loudest point, 20 to 100 dB.
    label : str
        Name of the widget for screen readers, and of `y` in its list.

    Attributes
    ----------
    clip : str
        Label of the sound.
    compare : str
        What is shown beside it: ``""`` nothing, ``"changed"`` the changed sound, or the label of another sound.
    view_start, view_end : float
        Part that is in view, in seconds; `view_end` None is the end.
    selection_start, selection_end : float or None
        Selected part in seconds; None if nothing is selected.
    effect : str
        What happens to the sound before it is heard: ``"none"``, ``"stretch"`` (tempo without pitch) and ``"speed"``
        (both), with `rate`; ``"pitch"`` with `n_steps` semitones; ``"band"`` with `band_low` and `band_high` in Hz;
        ``"resample"`` with `target_sr` in Hz and `anti_alias`; ``"noise"`` with `noise` and `snr_db`; ``"room"`` with
        `rt60` in seconds and `direct_to_reverberant_db`; ``"telephone"``.
    color_map : {"viridis", "cividis", "grey"}
        Colours of the pictures.

    Raises
    ------
    ValueError
        If a sound is not mono, empty, not finite or longer than 30 s, or a setting is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    >>> lab = SoundLab(tone, sample_rate=8000, n_fft=256, win_length=200, hop_length=80)
    >>> lab
    SoundLab(1 sound, n_fft=256, win_length=200, hop_length=80, effect='none')
    >>> lab.effect, lab.snr_db = "noise", 5
    >>> lab.n_mels = 10
    >>> lab.n_mfcc
    10
    """

    _esm = STATIC / "sound-lab.js"
    _css = STATIC / "sound-lab.css"

    label = traitlets.Unicode("Sound lab").tag(sync=True)
    samples = traitlets.Bytes().tag(sync=True)
    clips = traitlets.List(traitlets.Dict()).tag(sync=True)
    clip = traitlets.Unicode().tag(sync=True)
    compare = traitlets.Unicode("").tag(sync=True)
    n_fft = traitlets.Int(512).tag(sync=True)
    win_length = traitlets.Int(400).tag(sync=True)
    hop_length = traitlets.Int(160).tag(sync=True)
    n_mels = traitlets.Int(40).tag(sync=True)
    n_mfcc = traitlets.Int(13).tag(sync=True)
    fmin = traitlets.Float(0.0).tag(sync=True)
    fmax = traitlets.Float(None, allow_none=True).tag(sync=True)
    top_db = traitlets.Float(70.0).tag(sync=True)
    color_map = traitlets.Unicode("viridis").tag(sync=True)
    view_start = traitlets.Float(0.0).tag(sync=True)
    view_end = traitlets.Float(None, allow_none=True).tag(sync=True)
    selection_start = traitlets.Float(None, allow_none=True).tag(sync=True)
    selection_end = traitlets.Float(None, allow_none=True).tag(sync=True)
    effect = traitlets.Unicode("none").tag(sync=True)
    rate = traitlets.Float(0.5).tag(sync=True)
    n_steps = traitlets.Float(4.0).tag(sync=True)
    band_low = traitlets.Float(300.0).tag(sync=True)
    band_high = traitlets.Float(1000.0).tag(sync=True)
    target_sr = traitlets.Float(4000.0).tag(sync=True)
    anti_alias = traitlets.Bool(False).tag(sync=True)
    noise = traitlets.Unicode("white").tag(sync=True)
    snr_db = traitlets.Float(10.0).tag(sync=True)
    rt60 = traitlets.Float(0.8).tag(sync=True)
    direct_to_reverberant_db = traitlets.Float(0.0).tag(sync=True)

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
        n_mfcc: int = 13,
        fmin: float = 0.0,
        fmax: float | None = None,
        top_db: float = 70.0,
        label: str = "Sound lab",
    ) -> None:
        names = {}
        if y is None:
            clips, names = _listening_clips(corpora.clip_names() if clips is None else clips)
        samples, table = pack(named_clips(y, sample_rate=sample_rate, clips=clips, label=label))
        win_length = n_fft if win_length is None else win_length
        if win_length > n_fft:
            raise ValueError(f"win_length must be at most n_fft ({n_fft}), but is {win_length}")
        super().__init__(
            label=label,
            samples=samples,
            clips=[{**entry, "name": names.get(entry["label"])} for entry in table],
            clip=table[0]["label"],
            n_fft=n_fft,
            win_length=win_length,
            hop_length=max(1, win_length // 4) if hop_length is None else hop_length,
            n_mels=n_mels,
            n_mfcc=n_mfcc,
            fmin=fmin,
            fmax=fmax,
            top_db=top_db,
        )

    def __repr__(self) -> str:
        count = f"{len(self.clips)} sound" + ("s" if len(self.clips) != 1 else "")
        settings = ", ".join(
            f"{name}={getattr(self, name)!r}" for name in ("n_fft", "win_length", "hop_length", "effect")
        )
        return f"SoundLab({count}, {settings})"

    @traitlets.validate("n_fft")
    def _check_n_fft(self, proposal: dict) -> int:
        if proposal["value"] not in FFT_SIZES:
            raise ValueError(f"n_fft must be a power of two from 64 to 2048, but is {proposal['value']}")
        return proposal["value"]

    @traitlets.validate(*RANGES)
    def _check_range(self, proposal: dict) -> float:
        return within(proposal, *RANGES[proposal["trait"].name])

    @traitlets.validate("fmin", "band_low", "band_high", "target_sr", "view_start")
    def _check_not_negative(self, proposal: dict) -> float:
        return within(proposal, 0, float("inf"))

    @traitlets.validate("color_map", "effect", "noise")
    def _check_name(self, proposal: dict) -> str:
        known = {"color_map": COLOR_MAPS, "effect": EFFECTS, "noise": NOISES}
        return one_of(proposal, known[proposal["trait"].name])

    @traitlets.validate("clip", "compare")
    def _check_sound(self, proposal: dict) -> str:
        if proposal["value"].startswith(IN_THE_PAGE):
            return proposal["value"]
        labels = [clip["label"] for clip in self.clips]
        return one_of(proposal, labels if proposal["trait"].name == "clip" else ["", "changed", *labels])

    @traitlets.observe("n_fft")
    def _fit_window(self, change: dict) -> None:
        self.win_length = min(self.win_length, change["new"])

    @traitlets.observe("win_length")
    def _fit_fft(self, change: dict) -> None:
        if self.n_fft < change["new"]:
            self.n_fft = next(size for size in FFT_SIZES if size >= change["new"])

    @traitlets.observe("n_mels")
    def _fit_coefficients(self, change: dict) -> None:
        self.n_mfcc = min(self.n_mfcc, change["new"])


def _listening_clips(clips: Mapping | Iterable) -> tuple[Mapping | list, dict[str, str]]:
    """Load clips that are given by name; returns all clips, and the names by label."""
    if isinstance(clips, Mapping):
        return clips, {}
    clips = list(clips)
    if not clips or not all(isinstance(clip, str) for clip in clips):
        return clips, {}
    loaded = {name: corpora.load_clip(name) for name in clips}
    sounds = {_title(clip.description): (clip.y, clip.sample_rate) for clip in loaded.values()}
    return sounds, {_title(clip.description): name for name, clip in loaded.items()}


def _title(text: str) -> str:
    return text[:1].upper() + text[1:]
