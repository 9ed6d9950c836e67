"""Sound files and samples: read and check any file, resample, trim, set the level, write.

Sound is an array of ``float32`` samples in [-1, 1]: shape (n,) if mono, (channels, n) otherwise.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from speechbook._checks import positive_int, signal
from speechbook._sound_files import (
    CUT_SHORT,
    LOST_SECONDS,
    AudioError,
    ForgivingBytes,
    check_head,
    cut_short,
    unreadable,
)

TRIM_WINDOW = 0.025
TRIM_HOP = 0.010


def read_audio(
    file: str | os.PathLike | BinaryIO,
    *,
    sample_rate: int | None = None,
    mono: bool = True,
    allow_silent: bool = False,
) -> tuple[np.ndarray, int]:
    """Read a sound file of any format that libsndfile knows: WAV, FLAC, OGG, MP3, AIFF and more.

    Parameters
    ----------
    file : path or binary file object
        What to read; a file object is read from where it stands to its end, and stays open.
    sample_rate : int, optional
        Resample to so many samples a second (Hz); by default the file's own rate stays.
    mono : bool
        Whether to average the channels.
    allow_silent : bool
        Whether a file may hold nothing but zeros.

    Returns
    -------
    y : float32 array [shape=(n,) or (channels, n)]
        Samples: integer formats are scaled to [-1, 1], those of floating-point files are taken as they are.
    sample_rate : int
        Samples a second, in Hz.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    AudioError
        If it is a folder, empty, cut short, silent, not sound (a video, a text), or holds NaN or infinite samples.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> write_wav(file, 0.5 * np.sin(np.arange(16000)), sample_rate=16000)
    >>> start = file.seek(0)
    >>> y, sample_rate = read_audio(file, sample_rate=8000)
    >>> y.shape, y.dtype, sample_rate
    ((8000,), dtype('float32'), 8000)
    """
    target = None if sample_rate is None else positive_int(sample_rate=sample_rate)
    name, data = _load(file)
    y, rate = _decode(name, data)
    if not np.isfinite(y).all():
        raise AudioError(f"{name} holds NaN or infinite samples. Write it again from finite samples.")
    if not allow_silent and not y.any():
        raise AudioError(f"{name} is silent: all its samples are 0. If that is meant, pass allow_silent=True.")
    if mono:
        y = y.mean(axis=0)
    if target is not None:
        y, rate = resample(y, orig_sr=rate, target_sr=target), target
    return np.ascontiguousarray(y), rate


def _load(file: str | os.PathLike | BinaryIO) -> tuple[str, bytes]:
    """Return the name of a file, for messages, and its bytes."""
    if isinstance(file, str | os.PathLike):
        path = Path(file)
        if path.is_dir():
            raise AudioError(f"{path} is a folder, not a sound file. Pass the path of one file in it.")
        if not path.exists():
            raise FileNotFoundError(f"There is no file {path} (looked from {Path.cwd()}).")
        try:
            with path.open("rb") as stream:
                return str(path), _checked_bytes(str(path), stream)
        except OSError as error:
            raise AudioError(f"{path} cannot be opened: {error.strerror}.") from None
    name = getattr(file, "name", None) or "The file object"
    if not hasattr(file, "read"):
        raise AudioError(f"read_audio takes a path or a binary file object; got {type(file).__name__}.")
    try:
        return str(name), _checked_bytes(str(name), file)
    except (OSError, ValueError) as error:
        if isinstance(error, AudioError):
            raise
        raise AudioError(f"{name} cannot be read: {error}.") from None


def _checked_bytes(name: str, stream: BinaryIO) -> bytes:
    """Read a stream to its end, unless its first bytes already show that it is no sound file."""
    head = stream.read(16)
    check_head(name, head)
    return head + stream.read()


def _decode(name: str, data: bytes) -> tuple[np.ndarray, int]:
    """Return the samples (channels, n) and the rate of a file's bytes, all of them or an error."""
    try:
        with soundfile.SoundFile(ForgivingBytes(data)) as sound:
            rate, promised, log = sound.samplerate, sound.frames, sound.extra_info
            y = sound.read(dtype="float32", always_2d=True).T
    except (RuntimeError, ValueError, MemoryError) as error:
        raise unreadable(name, data[:8], error) from None
    if cut_short(data, log) or promised - y.shape[1] > LOST_SECONDS * rate:
        raise AudioError(CUT_SHORT.format(name=name))
    if y.size == 0:
        raise AudioError(f"{name} has a header but no samples. Record or download it again.")
    return y, rate


def resample(y: ArrayLike, *, orig_sr: int, target_sr: int) -> np.ndarray:
    """Change the sample rate, with a low-pass filter that keeps out aliases (soxr, high quality).

    Parameters
    ----------
    y : array [shape=(…, n)]
        Signal.
    orig_sr, target_sr : int
        Rate that it has and rate that it gets, in Hz.

    Returns
    -------
    float32 array [shape=(…, ceil(n * target_sr / orig_sr))]
        The same sound at the new rate.

    References
    ----------
    Smith, J. O. (2002). *Digital Audio Resampling Home Page*. https://ccrma.stanford.edu/~jos/resample/

    Examples
    --------
    >>> resample(np.ones(16000), orig_sr=16000, target_sr=8000).shape
    (8000,)
    """
    y = np.asarray(signal(y), dtype=np.float32)
    orig_sr, target_sr = positive_int(orig_sr=orig_sr), positive_int(target_sr=target_sr)
    if orig_sr == target_sr:
        return y.copy()
    n = -(-y.shape[-1] * target_sr // orig_sr)
    columns = np.ascontiguousarray(y.reshape(-1, y.shape[-1]).T)
    changed = soxr.resample(columns, orig_sr, target_sr, quality="HQ").T[:, :n]
    changed = np.pad(changed, [(0, 0), (0, n - changed.shape[-1])])
    return np.ascontiguousarray(changed.reshape(*y.shape[:-1], n), dtype=np.float32)


def trim(y: ArrayLike, *, sample_rate: int, top_db: float = 30.0, margin: float = 0.03) -> np.ndarray:
    """Cut off what is quiet before and after a clip's sound.

    Parameters
    ----------
    y : array [shape=(n,)]
        Mono clip.
    sample_rate : int
        Samples a second, in Hz.
    top_db : float
        A frame (25 ms, every 10 ms) counts as quiet if its power is further below that of the loudest frame, in dB.
    margin : float
        Seconds to keep on both sides of what is left.

    Returns
    -------
    array [shape=(m,)]
        View of `y`; all of it where nothing is quiet, or nothing sounds.

    Examples
    --------
    >>> y = np.concatenate([np.zeros(4000), np.ones(800), np.zeros(4000)])
    >>> trim(y, sample_rate=8000, margin=0.0).shape
    (1040,)
    """
    y = signal(y)
    sample_rate = positive_int(sample_rate=sample_rate)
    if y.ndim != 1:
        raise ValueError(f"trim takes one mono clip, shape (n,); got shape {y.shape}.")
    if not (top_db > 0 and margin >= 0):
        raise ValueError(f"top_db must be above 0 dB and margin at least 0 s; got top_db={top_db}, margin={margin}.")
    length, hop = max(1, round(TRIM_WINDOW * sample_rate)), max(1, round(TRIM_HOP * sample_rate))
    framed = sliding_window_view(np.pad(y, (length // 2, length - length // 2)), length)[::hop]
    power = np.mean(np.square(framed, dtype=np.float64), axis=-1)
    loud = np.flatnonzero(power > power.max() * 10 ** (-top_db / 10))
    if not loud.size:
        return y
    extra = round(margin * sample_rate)
    return y[max(0, loud[0] * hop - extra) : (loud[-1] + 1) * hop + extra]


def peak_normalise(y: ArrayLike, *, peak: float = 0.5) -> np.ndarray:
    """Scale each signal so that its largest sample has the size `peak`.

    Parameters
    ----------
    y : array [shape=(…, n)]
        Signals; a silent one stays as it is.
    peak : float
        Size of the largest sample, above 0 and at most 1.

    Returns
    -------
    float32 array [shape=(…, n)]
        Scaled copy.

    Examples
    --------
    >>> peak_normalise([0.1, -0.2])
    array([ 0.25, -0.5 ], dtype=float32)
    """
    y = signal(y)
    if not 0 < peak <= 1:
        raise ValueError(f"peak must lie above 0 and at most at 1; got {peak}.")
    largest = np.abs(y).max(axis=-1, keepdims=True)
    return (y * (peak / np.where(largest > 0, largest, 1.0))).astype(np.float32)


def pre_emphasise(y: ArrayLike, *, coefficient: float = 0.97) -> np.ndarray:
    """Lift high frequencies: take a share of the sample before off every sample.

    Parameters
    ----------
    y : array_like [shape=(n,)]
        Mono samples.
    coefficient : float
        The share, from 0 (nothing changes) to below 1. At 8 kHz, 0.97 lifts 4 kHz by 8 dB against 1 kHz, and lowers
        100 Hz by 19 dB.

    Returns
    -------
    float32 array [shape=(n,)]
        The first sample stays.

    Raises
    ------
    ValueError
        If these are no mono samples, or the coefficient is not a share.

    References
    ----------
    Rabiner & Schafer (1978), Digital processing of speech signals, Prentice-Hall.

    Examples
    --------
    >>> pre_emphasise([1.0, 1.0, -1.0], coefficient=0.5).tolist()
    [1.0, 0.5, -1.5]
    """
    y = signal(y)
    if y.ndim != 1:
        raise ValueError(f"pre_emphasise takes one mono clip, shape (n,); got shape {y.shape}.")
    if not 0 <= coefficient < 1:
        raise ValueError(f"coefficient is a share from 0 to below 1; got {coefficient}.")
    return np.append(y[:1], y[1:] - coefficient * y[:-1]).astype(np.float32)


def write_wav(file: str | os.PathLike | BinaryIO, y: ArrayLike, *, sample_rate: int) -> None:
    """Write a 16-bit WAV file: whole, or not at all.

    Parameters
    ----------
    file : path or binary file object
        Where to write. A file under that path is replaced once the new one is complete.
    y : array [shape=(n,) or (channels, n)]
        Samples in [-1, 1].
    sample_rate : int
        Samples a second, in Hz.

    Raises
    ------
    ValueError
        If a sample lies outside [-1, 1] (it would be clipped), or the array cannot be sound.
    FileNotFoundError
        If there is no such folder.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> write_wav(file, np.zeros(100), sample_rate=8000)
    >>> len(file.getvalue())
    244
    """
    y = signal(y)
    sample_rate = positive_int(sample_rate=sample_rate)
    if y.ndim > 2 or (y.ndim == 2 and y.shape[0] > y.shape[1]):
        raise ValueError(f"A WAV file holds shape (n,) or (channels, n); got shape {y.shape}. Is it transposed?")
    if np.abs(y).max() > 1:
        raise ValueError(
            f"Samples reach {np.abs(y).max():.3g}, but a WAV file holds [-1, 1]: they would be clipped. "
            "Scale them down, with peak_normalise for example."
        )
    if not isinstance(file, str | os.PathLike):
        soundfile.write(file, y.T, sample_rate, format="WAV", subtype="PCM_16")
        return
    path = Path(file)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {path.parent} to write {path.name} into. Make it first.")
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        soundfile.write(part, y.T, sample_rate, format="WAV", subtype="PCM_16")
        os.replace(part, path)
    except OSError as error:
        raise OSError(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
