"""Pack sounds for the page: 16-bit integers of all clips in one block of bytes, and a table that finds them in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import ArrayLike

LONGEST = 30.0  # seconds; a page must stay light
SAMPLE_RATES = (3000, 192000)  # what browsers play


def named_clips(
    y: ArrayLike | None, *, sample_rate: int | None, clips: Mapping | Iterable | None, label: str
) -> dict[str, tuple[np.ndarray, int]]:
    """Bring a widget's arguments for sounds into one form, and check them.

    Parameters
    ----------
    y : array_like, shape (n_samples,), or None
        One mono signal; then `sample_rate` is needed and `clips` must be None.
    sample_rate : int or None
        Sample rate of `y` in Hz.
    clips : mapping or iterable or None
        Several sounds: a mapping from label to ``(y, sample_rate)``, or clips with the attributes ``y`` and
        ``sample_rate`` such as ``corpora.Clip``.
    label : str
        Label of `y`.

    Returns
    -------
    dict of str to (numpy.ndarray, int)
        Label to float32 samples and sample rate, never empty.

    Raises
    ------
    ValueError
        If there is no sound, or a sound cannot be shown; the message names it.

    Examples
    --------
    >>> list(named_clips(np.ones(8), sample_rate=8000, clips=None, label="step"))
    ['step']
    """
    if (y is None) == (clips is None):
        raise ValueError("give either one signal, y=… with sample_rate=…, or several with clips=…")
    if y is not None:
        clips = {label: (y, sample_rate)}
    elif not isinstance(clips, Mapping):
        clips = _labelled(clips)
    if not clips:
        raise ValueError("clips is empty: give at least one sound")
    return {str(name): _checked(sound, name) for name, sound in clips.items()}


def pack(clips: Mapping[str, tuple[np.ndarray, int]]) -> tuple[bytes, list[dict]]:
    """Turn sounds into what the page's script unpacks.

    Parameters
    ----------
    clips : mapping of str to (numpy.ndarray, int)
        Label to samples and sample rate, as `named_clips` gives them.

    Returns
    -------
    samples : bytes
        Little-endian 16-bit integers of all sounds, one after the other.
    table : list of dict
        For each sound ``label``, ``sample_rate``, ``offset`` and ``length`` in samples, and ``peak``, the amplitude
        that 32767 stands for.

    Examples
    --------
    >>> samples, table = pack({"step": (np.array([0.0, 0.5], dtype="float32"), 8000)})
    >>> np.frombuffer(samples, "<i2"), table[0]["peak"]
    (array([    0, 32767], dtype=int16), 0.5)
    """
    blocks, table, offset = [], [], 0
    for label, (y, sample_rate) in clips.items():
        peak = float(np.abs(y).max()) or 1.0
        blocks.append(np.round(y * (32767 / peak)).astype("<i2").tobytes())
        table.append({"label": label, "sample_rate": sample_rate, "offset": offset, "length": len(y), "peak": peak})
        offset += len(y)
    return b"".join(blocks), table


def _labelled(clips: Iterable) -> dict[str, tuple[ArrayLike, int]]:
    labelled: dict[str, tuple[ArrayLike, int]] = {}
    for clip in clips:
        if not (hasattr(clip, "y") and hasattr(clip, "sample_rate")):
            raise ValueError(
                f"clips must map labels to (y, sample_rate), or hold clips as corpora gives them; found {clip!r}"
            )
        name = _describe(clip)
        number = 2
        while name in labelled:
            name = f"{_describe(clip)} ({number})"
            number += 1
        labelled[name] = (clip.y, clip.sample_rate)
    return labelled


def _describe(clip: object) -> str:
    transcript = getattr(clip, "transcript", None)
    digit, speaker, take = (getattr(clip, name, None) for name in ("digit", "speaker", "take"))
    parts = [
        str(transcript if transcript else digit if digit is not None else "sound"),
        str(speaker) if speaker else "",
        f"take {take}" if take is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _checked(sound: object, name: object) -> tuple[np.ndarray, int]:
    try:
        y, sample_rate = sound
    except (TypeError, ValueError):
        raise ValueError(f"sound {name!r} must be a pair (y, sample_rate), but is {type(sound).__name__}") from None
    if sample_rate is None:
        raise ValueError(f"sound {name!r} needs its sample_rate in Hz")
    low, high = SAMPLE_RATES
    if not low <= sample_rate <= high:
        raise ValueError(f"sample_rate of {name!r} must lie between {low} and {high} Hz, but is {sample_rate!r}")
    try:
        samples = np.asarray(y, dtype=np.float32)
    except (TypeError, ValueError):
        raise ValueError(f"sound {name!r} must hold numbers, but its samples are {type(y).__name__}") from None
    if samples.ndim != 1:
        raise ValueError(f"sound {name!r} must be mono, shape (n_samples,), but has shape {samples.shape}")
    if samples.size == 0:
        raise ValueError(f"sound {name!r} is empty")
    if not np.isfinite(samples).all():
        raise ValueError(f"sound {name!r} holds values that are not finite numbers (NaN or infinity)")
    seconds = samples.size / sample_rate
    if seconds > LONGEST:
        raise ValueError(
            f"sound {name!r} lasts {seconds:.1f} s; pages hold at most {LONGEST:.0f} s, so pass a part of it"
        )
    return samples, int(sample_rate)
