"""Recordings of any length, a piece at a time: blocks of a file, and the stretches between its pauses.

`audio.read_audio` holds a whole file in memory, which is right for clips. Three hours of stereo would need gigabytes;
here they need some megabytes. Times are in seconds, levels in dB below full scale.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import soxr
from numpy.typing import ArrayLike

from speechbook._checks import positive_int
from speechbook._sound_files import (
    CUT_SHORT,
    LOST_SECONDS,
    AudioError,
    ForgivingFile,
    check_head,
    cut_short,
    unreadable,
)

BLOCK_SECONDS = 10.0
TAIL_BYTES = 1 << 17
"""An OGG page has at most 65,307 bytes."""

LEVEL_RATE = 100
"""Levels a second."""

MEMORY_SECONDS = 30
SECONDS_AT_ONCE = 5
MARGIN_SECONDS = 0.2
PAUSE_SECONDS = 0.7
LONGEST_SECONDS = 15.0
SHORTEST_SECONDS = 0.06
SHORT_RECORDING = 2.0
SILENCE_DB = -70.0
ABOVE_FLOOR_DB = 9.0
BELOW_LOUDEST_DB = 32.0


def blocks(file: str | os.PathLike, *, sample_rate: int, block_seconds: float = BLOCK_SECONDS) -> Iterator[np.ndarray]:
    """Read a sound file of any format and length as mono blocks at one sample rate.

    Parameters
    ----------
    file : path
        What `audio.read_audio` opens; the same files are refused, in the same words. Damage that shows only at the end
        is reported there, after the blocks before it.
    sample_rate : int
        Of the blocks, in Hz.
    block_seconds : float
        About how much is read at once.

    Yields
    ------
    np.ndarray [shape=(n,), dtype=float32]
        Together what `audio.read_audio` gives for the whole file, apart from rounding at other sample rates.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    AudioError
        If it is a folder, empty, cut short, not sound, or holds NaN or infinite samples. Silence is no error here.

    Examples
    --------
    >>> import tempfile
    >>> from speechbook import audio
    >>> folder = Path(tempfile.mkdtemp())
    >>> audio.write_wav(folder / "tone.wav", 0.5 * np.sin(np.arange(48000)), sample_rate=16000)
    >>> [len(block) for block in blocks(folder / "tone.wav", sample_rate=16000, block_seconds=2)]
    [32000, 16000]
    """
    target, path = positive_int(sample_rate=sample_rate), Path(file)
    if path.is_dir():
        raise AudioError(f"{path} is a folder, not a sound file. Pass the path of one file in it.")
    if not path.exists():
        raise FileNotFoundError(f"There is no file {path} (looked from {Path.cwd()}).")
    try:
        stream = ForgivingFile(io.FileIO(path))
    except OSError as error:
        raise AudioError(f"{path} cannot be opened: {error.strerror}.") from None
    with stream:
        yield from _decode(str(path), stream, target, block_seconds)


def _decode(name: str, stream: io.BufferedReader, target: int, block_seconds: float) -> Iterator[np.ndarray]:
    head = stream.read(16)
    check_head(name, head)
    tail = head + _tail(stream)
    stream.seek(0)
    count = 0
    try:
        with soundfile.SoundFile(stream) as sound:
            rate, promised = sound.samplerate, sound.frames
            if cut_short(tail, sound.extra_info):
                raise AudioError(CUT_SHORT.format(name=name))
            change = soxr.ResampleStream(rate, target, 1, dtype="float32", quality="HQ") if rate != target else None
            for y in sound.blocks(max(1, round(block_seconds * rate)), dtype="float32", always_2d=True):
                count += len(y)
                y = np.ascontiguousarray(y.mean(axis=1))
                if not np.isfinite(y).all():
                    raise AudioError(f"{name} holds NaN or infinite samples. Write it again from finite samples.")
                yield change.resample_chunk(y) if change else y
            if change:
                yield change.resample_chunk(np.zeros(0, np.float32), last=True)
    except (RuntimeError, MemoryError) as error:
        raise unreadable(name, head[:8], error) from None
    if promised - count > LOST_SECONDS * rate:
        raise AudioError(CUT_SHORT.format(name=name))
    if count == 0:
        raise AudioError(f"{name} has a header but no samples. Record or download it again.")


def _tail(stream: io.BufferedReader) -> bytes:
    end = stream.seek(0, os.SEEK_END)
    stream.seek(max(16, end - TAIL_BYTES))
    return stream.read()


class Stretch(NamedTuple):
    """A part of a recording in which there is sound.

    Attributes
    ----------
    start : float
        Where it begins, in seconds.
    y : np.ndarray [shape=(n,), dtype=float32]
        Samples, with a margin of silence.
    """

    start: float
    y: np.ndarray


def stretches(
    sound: Iterable[ArrayLike],
    *,
    sample_rate: int,
    pause_seconds: float = PAUSE_SECONDS,
    longest_seconds: float = LONGEST_SECONDS,
) -> Iterator[Stretch]:
    """Cut a recording at its pauses, as it comes.

    A hundredth of a second counts as sound if it lies 9 dB above the background, which is the level that a tenth of the
    last 30 s does not reach, and at most 32 dB below the loudest of them. What goes on without a pause for too long is
    cut at its quietest place.

    Parameters
    ----------
    sound : iterable of array_like [shape=(n,)]
        Blocks of mono samples, such as `blocks` gives.
    sample_rate : int
        In Hz.
    pause_seconds : float
        How long it must be quiet for a cut.
    longest_seconds : float
        Of a stretch, without its margins.

    Yields
    ------
    Stretch

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y = 1e-4 * rng.standard_normal(40000)
    >>> y[8000:12000] += 0.2 * rng.standard_normal(4000)
    >>> [(round(part.start, 2), len(part.y) / 8000) for part in stretches([y], sample_rate=8000)]
    [(0.8, 0.9)]
    """
    hop = positive_int(sample_rate=sample_rate) // LEVEL_RATE
    cutter = _Cutter(hop, round(pause_seconds * LEVEL_RATE), round(longest_seconds * LEVEL_RATE))
    rest, at_once = np.zeros(0, np.float32), hop * LEVEL_RATE * SECONDS_AT_ONCE
    for block in sound:
        rest = np.concatenate([rest, np.asarray(block, np.float32)])
        while len(rest) >= at_once:
            yield from cutter.take(rest[:at_once])
            rest = rest[at_once:]
    yield from cutter.take(np.pad(rest, (0, -len(rest) % hop)))
    yield from cutter.finish()


def levels(y: np.ndarray, hop: int) -> np.ndarray:
    """Give the level of each whole hop of samples in dB, at least -120."""
    power = np.square(y[: len(y) // hop * hop].reshape(-1, hop), dtype=np.float64).mean(axis=1)
    return 10 * np.log10(np.maximum(power, 1e-12))


class _Cutter:
    """Samples and levels since the last cut; everything is counted in hops of 10 ms."""

    def __init__(self, hop: int, pause: int, longest: int) -> None:
        self.hop, self.pause, self.longest = hop, pause, longest
        self.margin = round(MARGIN_SECONDS * LEVEL_RATE)
        self.history = np.zeros(0)
        self.samples, self.level, self.loud = np.zeros(0, np.float32), np.zeros(0), np.zeros(0, bool)
        self.start = 0

    def take(self, y: np.ndarray) -> Iterator[Stretch]:
        new = levels(y, self.hop)
        self.history = np.concatenate([self.history, new])[-MEMORY_SECONDS * LEVEL_RATE :]
        self.samples, self.level = np.concatenate([self.samples, y]), np.concatenate([self.level, new])
        self.loud = np.concatenate([self.loud, new > self._threshold()])
        while (part := self._next(finished=False)) is not None:
            yield part
        self._forget(len(self.level) - self.margin)

    def finish(self) -> Iterator[Stretch]:
        while (part := self._next(finished=True)) is not None:
            yield part

    def _threshold(self) -> float:
        if not self.history.size:
            return SILENCE_DB
        loudest, floor = self.history.max(), np.percentile(self.history, 10)
        if len(self.history) < SHORT_RECORDING * LEVEL_RATE:
            floor = min(floor, loudest - BELOW_LOUDEST_DB)
        return max(SILENCE_DB, floor + ABOVE_FLOOR_DB, loudest - BELOW_LOUDEST_DB)

    def _next(self, *, finished: bool) -> Stretch | None:
        """Cut off the first stretch that is complete."""
        places = np.flatnonzero(self.loud)
        if not places.size:
            return None
        first = places[0]
        wide = np.flatnonzero(np.diff(places) >= self.pause)
        end = places[wide[0] if wide.size else -1] + 1
        if end - first > self.longest:
            later = first + self.longest // 2
            end = later + int(self.level[later : first + self.longest].argmin()) + 1
        elif not wide.size and not finished and len(self.loud) - end < self.pause:
            return None
        begin = max(0, int(first) - self.margin)
        part = Stretch((self.start + begin) / LEVEL_RATE, self._samples(begin, end + self.margin))
        n_loud = int(self.loud[first:end].sum())
        self._forget(end, always=True)
        return part if n_loud >= SHORTEST_SECONDS * LEVEL_RATE else self._next(finished=finished)

    def _samples(self, begin: int, end: int) -> np.ndarray:
        return self.samples[begin * self.hop : end * self.hop].copy()

    def _forget(self, count: int, *, always: bool = False) -> None:
        """Drop what came before a place, unless a stretch has begun there."""
        places = np.flatnonzero(self.loud)
        if not always and places.size:
            count = min(count, places[0] - self.margin)
        if count > 0:
            self.samples, self.level = self.samples[count * self.hop :], self.level[count:]
            self.loud, self.start = self.loud[count:], self.start + count
