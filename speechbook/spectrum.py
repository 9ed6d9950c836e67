"""The short-time spectrum: a signal in frames, and how much of each frequency is in each frame.

Every function takes any number of leading axes (channels, clips) and agrees with librosa's function of the same name.
Taught in the chapter *From sound to features*; chapters reach all of this through `speechbook.features`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from speechbook._checks import positive_int, real_array, signal


def frame(y: ArrayLike, *, frame_length: int, hop_length: int) -> np.ndarray:
    """Cut a signal into frames that overlap.

    Parameters
    ----------
    y : array [shape=(…, n)]
        Signal; at least one frame long.
    frame_length : int
        Samples in a frame.
    hop_length : int
        Samples from the start of one frame to the start of the next.

    Returns
    -------
    array [shape=(…, frame_length, 1 + (n - frame_length) // hop_length)]
        Read-only view of `y`: column ``t`` begins at sample ``t * hop_length``.

    Raises
    ------
    ValueError
        If the signal is shorter than a frame, or a length is not a positive whole number.

    Examples
    --------
    >>> frame(np.arange(7.0), frame_length=3, hop_length=2)
    array([[0., 2., 4.],
           [1., 3., 5.],
           [2., 4., 6.]])
    """
    y = signal(y)
    frame_length = positive_int(frame_length=frame_length)
    hop_length = positive_int(hop_length=hop_length)
    if y.shape[-1] < frame_length:
        raise ValueError(
            f"The signal has {y.shape[-1]} samples, fewer than one frame (frame_length={frame_length}). "
            "Pad it with zeros or take shorter frames."
        )
    return np.swapaxes(sliding_window_view(y, frame_length, axis=-1)[..., ::hop_length, :], -1, -2)


def stft(
    y: ArrayLike, *, n_fft: int, hop_length: int, win_length: int | None = None, center: bool = True
) -> np.ndarray:
    """Short-time Fourier transform with a Hann window.

    Parameters
    ----------
    y : array [shape=(…, n)]
        Signal.
    n_fft : int
        Samples that enter each Fourier transform.
    hop_length : int
        Samples between neighbouring frames.
    win_length : int, optional
        Samples under the window, at most `n_fft`; zeros fill the rest on both sides. By default `n_fft`.
    center : bool
        If true, frame ``t`` is centred at sample ``t * hop_length``, and zeros surround the signal.

    Returns
    -------
    complex array [shape=(…, 1 + n_fft // 2, frames)]
        Row ``k`` belongs to the frequency ``k * sample_rate / n_fft`` in Hz. With `center` and an even `n_fft` there
        are ``1 + n // hop_length`` frames. ``complex64`` for ``float32`` signals, else ``complex128``.

    Raises
    ------
    ValueError
        If the signal or a length cannot be used; the message says why.

    References
    ----------
    Oppenheim, A. V., & Schafer, R. W. (2010). *Discrete-Time Signal Processing* (3rd ed.), chapter 10. Pearson.

    Examples
    --------
    A sine of 1000 Hz at 8 kHz lies in row 1000 / 8000 * 256 = 32:

    >>> y = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)
    >>> spectrum = stft(y, n_fft=256, hop_length=80)
    >>> spectrum.shape, int(np.abs(spectrum[:, 50]).argmax())
    ((129, 101), 32)
    """
    y = signal(y)
    n_fft = positive_int(n_fft=n_fft)
    hop_length = positive_int(hop_length=hop_length)
    window = _window(n_fft, win_length)
    if center:
        y = np.pad(y, [(0, 0)] * (y.ndim - 1) + [(n_fft // 2, n_fft // 2)])
    frames = np.swapaxes(frame(y, frame_length=n_fft, hop_length=hop_length), -1, -2)
    spectrum = scipy.fft.rfft(frames * window, axis=-1)
    return np.swapaxes(spectrum, -1, -2).astype(np.result_type(y.dtype, np.complex64), copy=False)


def power_spectrogram(
    y: ArrayLike, *, n_fft: int, hop_length: int, win_length: int | None = None, center: bool = True
) -> np.ndarray:
    """Squared magnitude of the short-time Fourier transform; parameters as for `stft`.

    Returns
    -------
    array [shape=(…, 1 + n_fft // 2, frames)]
        Power in each frequency bin and frame.

    Examples
    --------
    >>> y = np.random.default_rng(0).standard_normal(800)
    >>> power = power_spectrogram(y, n_fft=256, hop_length=80)
    >>> bool(np.allclose(power, np.abs(stft(y, n_fft=256, hop_length=80)) ** 2))
    True
    """
    spectrum = stft(y, n_fft=n_fft, hop_length=hop_length, win_length=win_length, center=center)
    return spectrum.real**2 + spectrum.imag**2


def power_to_db(
    power: ArrayLike, *, ref: float | Callable = 1.0, amin: float = 1e-10, top_db: float | None = 80.0
) -> np.ndarray:
    """Turn power into decibels: ``10 log10(power / ref)``.

    Parameters
    ----------
    power : array [shape=(…, features, frames)]
        Power, not negative.
    ref : float or callable
        Power that counts as 0 dB, or a reduction such as ``np.max`` that finds it in each clip.
    amin : float
        Smaller powers count as this one.
    top_db : float, optional
        Values further than this below a clip's maximum are raised to that floor; None leaves them.

    Returns
    -------
    array
        Decibels, shaped like `power`. Maximum and `ref` are found in each clip (the last two axes) by itself; librosa
        takes those of the whole array.

    Examples
    --------
    >>> power_to_db([1.0, 0.1, 0.0])
    array([  0., -10., -80.])
    >>> power_to_db([1.0, 0.1, 0.0], top_db=None)
    array([   0.,  -10., -100.])
    >>> power_to_db([4.0, 0.4, 0.004], ref=np.max)
    array([  0., -10., -30.])
    """
    power = real_array(power=power)
    if (power < 0).any():
        raise ValueError(f"Power cannot be negative, but got {power.min():.4g}: pass the squared magnitude.")
    if not amin > 0:
        raise ValueError(f"amin is the smallest power that counts and must be above 0; got {amin}.")
    if top_db is not None and top_db < 0:
        raise ValueError(
            f"top_db says how far below the maximum to look, in dB, and must not be negative; got {top_db}."
        )
    clip_axes = tuple(range(-min(power.ndim, 2), 0))
    reference = ref(power, axis=clip_axes, keepdims=True) if callable(ref) else np.abs(ref)
    db = 10.0 * np.log10(np.maximum(power, amin)) - 10.0 * np.log10(np.maximum(reference, amin))
    if top_db is not None:
        db = np.maximum(db, db.max(axis=clip_axes, keepdims=True) - top_db)
    return db.astype(np.result_type(power.dtype, np.float32), copy=False)


def _window(n_fft: int, win_length: int | None) -> np.ndarray:
    """Periodic Hann window of `win_length` samples in the middle of `n_fft`."""
    win_length = n_fft if win_length is None else positive_int(win_length=win_length)
    if win_length > n_fft:
        raise ValueError(f"The window (win_length={win_length}) is longer than the transform (n_fft={n_fft}).")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(win_length) / win_length)
    before = (n_fft - win_length) // 2
    return np.pad(window, (before, n_fft - win_length - before))
