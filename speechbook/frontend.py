"""The front end of the book's own recogniser: from a clip to a picture of 40 mel bands that knows no level.

Silence around the speech is cut off, and each clip is measured against its own loudest point: whatever lies more than
45 dB below it becomes the floor. So neither level nor background noise is left, but the shape of the spectrum is. The
same steps run in the reader's browser. Taught in the chapter *Unseen speakers*.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from speechbook._checks import positive_int, real_array
from speechbook.audio import peak_normalise, pre_emphasise, resample, trim
from speechbook.features import mel_filterbank
from speechbook.mel import hz_to_mel, mel_to_hz

SETTINGS = {
    "sample_rate": 8000,
    "top_db": 30.0,
    "margin": 0.03,
    "peak": 0.5,
    "n_fft": 256,
    "win_length": 200,
    "hop_length": 80,
    "n_mels": 40,
    "fmin": 60.0,
    "fmax": 4000.0,
    "range_db": 45.0,
}
"""All numbers of the front end: rates in Hz, `margin` in seconds, window and hop in samples, levels in dB."""

FLOOR = -1.0
"""Value of whatever lies `range_db` or more below the loudest point, and of the frames after a clip's end."""

FRAMES_AT_ONCE = 8192
SILENCE = 1e-12
"""Power of a band that rounding alone may cause in a clip with a peak of 0.5."""


def band_centres() -> np.ndarray:
    """Give the centre frequencies of the mel bands.

    Returns
    -------
    np.ndarray [shape=(40,), dtype=float64]
        In Hz, rising.

    Examples
    --------
    >>> band_centres()[[0, -1]].round().tolist()
    [116.0, 3777.0]
    """
    ends = hz_to_mel([SETTINGS["fmin"], SETTINGS["fmax"]])
    return mel_to_hz(np.linspace(*ends, SETTINGS["n_mels"] + 2))[1:-1]


def prepare(y: ArrayLike, *, sample_rate: int, trimmed: bool = True, emphasis: float = 0.0) -> np.ndarray:
    """Bring a clip to 8 kHz, cut off the quiet ends and scale it to a peak of 0.5.

    Parameters
    ----------
    y : array_like [shape=(samples,)]
        Mono clip.
    sample_rate : int
        Samples a second, in Hz.
    trimmed : bool
        Whether to cut off what is 30 dB below the loudest frame at both ends, but for a margin of 30 ms.
    emphasis : float
        Coefficient of `audio.pre_emphasise` at 8 kHz, before anything is cut off; 0 leaves the sound as it is.

    Returns
    -------
    np.ndarray [shape=(m,), dtype=float32]
        At 8 kHz.

    Raises
    ------
    ValueError
        If the clip is empty, not mono, or not finite floating-point samples.

    Examples
    --------
    >>> y = np.concatenate([np.zeros(16000), 0.1 * np.ones(16000), np.zeros(16000)])
    >>> prepare(y, sample_rate=16000).shape
    (8720,)
    """
    target = SETTINGS["sample_rate"]
    if positive_int(sample_rate=sample_rate) != target:
        y = resample(y, orig_sr=sample_rate, target_sr=target)
    if emphasis:
        y = pre_emphasise(y, coefficient=emphasis)
    if trimmed:
        y = trim(y, sample_rate=target, top_db=SETTINGS["top_db"], margin=SETTINGS["margin"])
    y = peak_normalise(y, peak=SETTINGS["peak"])
    if y.ndim != 1:
        raise ValueError(f"The front end takes one mono clip, shape (samples,); got shape {y.shape}.")
    return y


def n_frames(samples: int) -> int:
    """Count the frames of a prepared clip: those that fit into it whole, but at least one.

    Examples
    --------
    >>> n_frames(8000), n_frames(200), n_frames(10)
    (98, 1, 1)
    """
    return 1 + max(0, samples - SETTINGS["win_length"]) // SETTINGS["hop_length"]


def mel_picture(y: ArrayLike, *, sample_rate: int, trimmed: bool = True) -> np.ndarray:
    """Turn one clip into its picture: mel bands over time, -1 for the floor and 1 for the loudest point.

    Parameters
    ----------
    y, sample_rate, trimmed
        As for `prepare`.

    Returns
    -------
    np.ndarray [shape=(40, frames), dtype=float32]
        Between -1 and 1, where 0.1 is 2.25 dB; a silent clip is -1 throughout.

    Raises
    ------
    ValueError
        As for `prepare`.

    Examples
    --------
    >>> y = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)
    >>> picture = mel_picture(y, sample_rate=8000)
    >>> picture.shape, picture.min().item(), picture.max().item()
    ((40, 98), -1.0, 1.0)
    """
    return scale(_group([prepare(y, sample_rate=sample_rate, trimmed=trimmed)])[0]).T


def batch(
    clips: Sequence[ArrayLike],
    *,
    sample_rate: int,
    n_frames: int | None = 100,
    trimmed: bool = True,
    emphasis: float = 0.0,
) -> np.ndarray:
    """Turn clips into one array for a network.

    Parameters
    ----------
    clips : sequence of array_like [shape=(samples,)]
        Mono clips of any lengths.
    sample_rate : int
        Samples a second, in Hz, the same for all clips.
    n_frames : int, optional
        Frames of the result: longer clips are cut off, shorter ones are followed by -1. None takes the longest clip's.
    trimmed, emphasis
        As for `prepare`.

    Returns
    -------
    np.ndarray [shape=(clips, n_frames, 40), dtype=float32]
        Each row depends on its own clip alone.

    Raises
    ------
    ValueError
        If there are no clips, or one of them cannot be used (the message says which).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> batch([rng.standard_normal(2400), rng.standard_normal(9000)], sample_rate=8000).shape
    (2, 100, 40)
    """
    powers = mel_powers(clips, sample_rate=sample_rate, trimmed=trimmed, emphasis=emphasis)
    size = max(map(len, powers)) if n_frames is None else positive_int(n_frames=n_frames)
    x = np.full((len(powers), size, SETTINGS["n_mels"]), FLOOR, np.float32)
    for row, power in zip(x, powers, strict=True):
        row[: len(power)] = scale(power)[:size]
    return x


def lengths(clips: Sequence[ArrayLike], *, sample_rate: int, trimmed: bool = True) -> np.ndarray:
    """Count the frames that `batch` makes of each clip before it cuts or pads.

    Returns
    -------
    np.ndarray [shape=(clips,), dtype=int]

    Examples
    --------
    >>> lengths([np.ones(8000), np.ones(400)], sample_rate=8000)
    array([98,  3])
    """
    return np.array([n_frames(len(prepare(y, sample_rate=sample_rate, trimmed=trimmed))) for y in clips], dtype=int)


def scale(power: ArrayLike) -> np.ndarray:
    """Turn the powers of clips into pictures: the range of 45 dB below each clip's loudest point becomes -1 … 1.

    Parameters
    ----------
    power : array_like [shape=(…, frames, bands)]
        Power, not negative; 0 after a clip's end.

    Returns
    -------
    np.ndarray [shape=(…, frames, bands), dtype=float32]
        A silent clip is -1 throughout.

    Raises
    ------
    ValueError
        If these are not real numbers with frames and bands as the last axes, or some are negative.

    Examples
    --------
    >>> scale([[1.0, 10**-2.25, 1e-9]]).tolist()
    [[1.0, 0.0, -1.0]]
    """
    power = real_array(power=power)
    if power.ndim < 2 or not (power >= 0).all():
        raise ValueError(f"scale takes powers of the shape (…, frames, bands), not negative; got {power.shape}.")
    loudest = power.max(axis=(-2, -1), keepdims=True)
    lowest = 10 ** (-SETTINGS["range_db"] / 10)
    share = np.where(loudest > SILENCE, power / np.maximum(loudest, SILENCE), 0)
    level_db = 10 * np.log10(np.maximum(share, lowest))
    return (1 + 2 * level_db / SETTINGS["range_db"]).astype(np.float32)


def mel_powers(
    clips: Sequence[ArrayLike], *, sample_rate: int, trimmed: bool = True, emphasis: float = 0.0
) -> list[np.ndarray]:
    """Power in each mel band and frame of each clip: the front end up to, and without, its decibels.

    Parameters
    ----------
    clips, sample_rate, trimmed, emphasis
        As for `batch`.

    Returns
    -------
    list of np.ndarray [shape=(frames, 40), dtype=float32]
        `scale` turns each into what `batch` holds.

    Raises
    ------
    ValueError
        As for `batch`.

    Examples
    --------
    >>> [power.shape for power in mel_powers([np.ones(8000), np.ones(400)], sample_rate=8000)]
    [(98, 40), (3, 40)]
    """
    prepared = []
    for place, y in enumerate(clips):
        try:
            prepared.append(prepare(y, sample_rate=sample_rate, trimmed=trimmed, emphasis=emphasis))
        except ValueError as error:
            raise ValueError(f"Clip {place} cannot be used. {error}") from None
    if not prepared:
        raise ValueError("There are no clips; pass a sequence of arrays, one a clip.")
    powers, group, count = [], [], 0
    for y in prepared:
        group.append(y)
        count += n_frames(len(y))
        if count >= FRAMES_AT_ONCE:
            powers += _group(group)
            group, count = [], 0
    return powers + (_group(group) if group else [])


def frame_powers(frames: ArrayLike) -> np.ndarray:
    """Power in each mel band of frames that are cut already, at whatever level they are.

    Parameters
    ----------
    frames : array_like [shape=(frames, 200)]
        Samples at 8 kHz.

    Returns
    -------
    np.ndarray [shape=(frames, 40)]

    Examples
    --------
    >>> frame_powers(np.sin(np.arange(200.0))[None]).shape
    (1, 40)
    """
    frames = real_array(frames=frames)
    if frames.ndim != 2 or frames.shape[1] != SETTINGS["win_length"]:
        raise ValueError(f"frames must have the shape (frames, {SETTINGS['win_length']}); got {frames.shape}.")
    frames = (frames - frames.mean(axis=1, keepdims=True)) * _hann(frames.shape[1])
    spectrum = scipy.fft.rfft(frames, SETTINGS["n_fft"], axis=1)
    how = {name: SETTINGS[name] for name in ("sample_rate", "n_fft", "n_mels", "fmin", "fmax")}
    return (spectrum.real**2 + spectrum.imag**2) @ mel_filterbank(**how).T


def _group(prepared: list[np.ndarray]) -> list[np.ndarray]:
    """Compute the frames of several prepared clips as one array, and give each clip its powers."""
    length, hop = SETTINGS["win_length"], SETTINGS["hop_length"]
    framed = [sliding_window_view(np.pad(y, (0, max(0, length - len(y)))), length)[::hop] for y in prepared]
    ends = np.cumsum([len(part) for part in framed])[:-1]
    return np.split(frame_powers(np.concatenate(framed)), ends)


def _hann(length: int) -> np.ndarray:
    """Periodic Hann window."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)).astype(np.float32)
