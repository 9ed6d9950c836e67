"""One clip said in a hundred other ways: augmentation on mel levels, a batch at a time and different every time.

A picture of mel bands is enough to change who speaks (length of the vocal tract, pitch), how fast, through which
microphone or telephone, in what room and in what noise; so nothing has to be computed in advance. Powers add, so noise
and echoes are added as powers, before the front end scales them. Taught in the chapter *Unseen speakers*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from speechbook import augment, frontend
from speechbook._checks import real_array
from speechbook._rng import generator
from speechbook.features import dct_matrix

FLOOR_DB = -90.0
"""Level of a frame after a clip's end."""
ENVELOPE_COEFFICIENTS = 10
CHANNEL_COEFFICIENTS = 5
TELEPHONE_HZ = (300.0, 3400.0)
TELEPHONE_LOSS_DB = 25.0
RT60_SECONDS = (0.05, 0.45)
ECHO_DB = (-15.0, 0.0)
NOISE_DB = (-70.0, -12.0)
NOISE_SHAPE_DB = (8.0, 4.0, 3.0, 2.0)
BABBLE_DB = (-35.0, -12.0)
TRIM_DB = (12.0, 40.0)
TRIM_MARGIN = 3


@dataclass(frozen=True)
class Variation:
    """How far the copies may go from the clip.

    Attributes
    ----------
    tract : float
        Formants move by a factor between exp(-tract) and exp(tract).
    pitch : float
        The fine structure of the spectrum, where the harmonics of the voice are, moves by up to this, by itself.
    tempo : float
        Speed changes by a factor between exp(-tempo) and exp(tempo).
    accent : float
        Standard deviation, in bands, of a smooth bend of the frequency axis: vowels sound like neighbours of theirs.
    rhythm : float
        Standard deviation of the logarithm of a speed that changes within the word.
    contrast : float
        Levels in dB are stretched by a factor between exp(-contrast) and exp(contrast), away from the loudest point.
    channel_db : float
        Standard deviation, in dB, of the slowest ripple of a random microphone.
    telephone, room, babble : float
        Share of the clips that are heard by telephone, in a room, or with another clip of the batch behind them.
    noise : float
        Share of the clips with steady noise, from 12 to 70 dB below the loudest point.
    calm_db : float
        By how much the loudest noise lies further down, in dB.
    trim : float
        Share of the clips whose quiet ends are cut off, at a level and with a margin of their own: a weak fricative or
        a released stop is lost as a strict trimmer, or a hasty finger on a button, would lose it.
    trim_db : tuple (least, most)
        What lies further than this below the clip's loudest frame is quiet; drawn for each clip.
    each_end : bool
        Whether that is drawn for the beginning and the end separately.
    delay : int
        Most frames that the clip may begin sooner or later.

    Examples
    --------
    >>> Variation(tract=0.1).tempo
    0.25
    """

    tract: float = 0.14
    pitch: float = 0.2
    tempo: float = 0.25
    accent: float = 0.6
    rhythm: float = 0.15
    contrast: float = 0.15
    channel_db: float = 4.0
    telephone: float = 0.15
    room: float = 0.5
    babble: float = 0.2
    noise: float = 1.0
    calm_db: float = 0.0
    trim: float = 0.6
    trim_db: tuple[float, float] = TRIM_DB
    each_end: bool = False
    delay: int = 2

    def __post_init__(self) -> None:
        shares = (self.telephone, self.room, self.babble, self.noise, self.trim)
        spans = (self.tract, self.pitch, self.tempo, self.contrast)
        if not (all(0 <= s <= 1 for s in shares) and all(0 <= s <= 0.6 for s in spans)):
            raise ValueError(f"shares must lie between 0 and 1, and spans of factors between 0 and 0.6; got {self}.")
        if min(self.accent, self.rhythm, self.channel_db, self.calm_db, self.delay) < 0:
            raise ValueError(f"accent, rhythm, channel_db, calm_db and delay must not be negative; got {self}.")
        if not 0 < self.trim_db[0] <= self.trim_db[1]:
            raise ValueError(f"trim_db must be (least, most), both above 0 dB; got {self.trim_db}.")
        if self.calm_db > (most := NOISE_DB[1] - NOISE_DB[0]):
            raise ValueError(f"calm_db must not exceed the range of the noise, {most:.0f} dB; got {self.calm_db}.")


def levels(powers: list[np.ndarray], *, n_frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Stack the mel powers of clips as levels below each clip's own loudest point.

    Parameters
    ----------
    powers : list of np.ndarray [shape=(frames, bands)]
        As `frontend.mel_powers` gives them.
    n_frames : int
        Frames to keep.

    Returns
    -------
    db : np.ndarray [shape=(clips, n_frames, bands), dtype=float16]
        0 is the loudest point, -90 the least and what follows a clip's end.
    counts : np.ndarray [shape=(clips,), dtype=int]
        Frames of each clip, at most `n_frames`.

    Examples
    --------
    >>> db, counts = levels([np.array([[1.0, 0.1]]), np.array([[2.0, 2.0], [2.0, 0.0]])], n_frames=2)
    >>> db.astype(int).tolist(), counts.tolist()
    ([[[0, -10], [-90, -90]], [[0, 0], [0, -90]]], [1, 2])
    """
    db = np.full((len(powers), n_frames, powers[0].shape[-1]), FLOOR_DB, np.float16)
    for row, power in zip(db, powers, strict=True):
        kept = power[:n_frames]
        row[: len(kept)] = 10 * np.log10(np.maximum(kept / max(kept.max(), 1e-30), 10 ** (FLOOR_DB / 10)))
    return db, np.array([min(len(power), n_frames) for power in powers])


def vary(
    db: ArrayLike, counts: ArrayLike, *, variation: Variation, n_frames: int, rng: np.random.Generator
) -> np.ndarray:
    """Make a new version of every clip of a batch, scaled as the front end does.

    Parameters
    ----------
    db : array_like [shape=(clips, frames, bands)]
        Levels as `levels` gives them, bands as the front end's.
    counts : array_like [shape=(clips,)]
        Frames before each clip's end.
    variation : Variation
        How far to go.
    n_frames : int
        Frames of the result. A clip is not slowed down so far that it would not fit.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(clips, n_frames, bands), dtype=float32]
        Between -1 and 1.

    Raises
    ------
    ValueError
        If the levels do not have the front end's bands, or the counts do not fit them.

    Examples
    --------
    >>> db, counts = levels([np.ones((30, 40)), np.ones((50, 40))], n_frames=60)
    >>> vary(db, counts, variation=Variation(), n_frames=72, rng=np.random.default_rng(0)).shape
    (2, 72, 40)
    """
    db, counts = real_array(db=db), np.asarray(counts)
    centres = frontend.band_centres()
    if db.ndim != 3 or db.shape[-1] != len(centres):
        raise ValueError(f"db must have the shape (clips, frames, {len(centres)}); got {db.shape}.")
    if counts.shape != db.shape[:1] or counts.min() < 1 or counts.max() > db.shape[1]:
        raise ValueError(f"counts must be {len(db)} numbers of frames from 1 to {db.shape[1]}; got {counts}.")
    x = np.swapaxes(db, 1, 2).astype(np.float32)
    x = _another_voice(x, variation, generator(rng))
    x, counts = _another_tempo(x, counts, variation, n_frames, rng)
    x *= _factors(variation.contrast, len(x), rng).astype(np.float32)[:, None, None]
    x += _another_channel(len(x), centres, variation, rng)[:, :, None]
    power = np.where(np.arange(n_frames) < counts[:, None, None], 10 ** (x / 10), 0)
    power = _in_a_room(power, variation.room, rng)
    power = _with_noise(power, variation, rng) * (np.arange(n_frames) < counts[:, None, None])
    power, start = _trimmed(power, variation, rng)
    return _later(frontend.scale(np.swapaxes(power, 1, 2)), start, variation.delay, rng)


def stretched(x: ArrayLike, *, factor: float) -> np.ndarray:
    """Read finished pictures with a stretched frequency axis, as if the speaker had another vocal tract.

    Parameters
    ----------
    x : array_like [shape=(…, frames, 40)]
        Pictures as the front end makes them.
    factor : float
        As in `augment.warp_frequency`; with 1 nothing is done.

    Returns
    -------
    np.ndarray of the same shape

    Raises
    ------
    ValueError
        If the factor is not between 0.5 and 2.

    Examples
    --------
    >>> x = np.eye(40)[None, [20]]
    >>> [int(stretched(x, factor=factor).argmax()) for factor in (0.9, 1, 1.1)]
    [18, 20, 22]
    """
    if factor == 1:
        return np.asarray(x)
    centres = frontend.band_centres()
    return np.swapaxes(augment.warp_frequency(np.swapaxes(x, -1, -2), factor=factor, frequencies=centres), -1, -2)


def _factors(span: float, n: int, rng: np.random.Generator) -> np.ndarray:
    return np.exp(rng.uniform(-span, span, n))


def _read(x: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Read each clip [shape=(…, columns)] between its columns, at positions [shape=(clips, m)] of its own."""
    positions = np.clip(positions, 0, x.shape[-1] - 1)[:, None, :].astype(np.float32)
    lower = np.minimum(positions.astype(int), x.shape[-1] - 2)
    below, above = (np.take_along_axis(x, lower + step, axis=-1) for step in (0, 1))
    return below + (positions - lower) * (above - below)


def _another_voice(x: np.ndarray, variation: Variation, rng: np.random.Generator) -> np.ndarray:
    """Move the envelope (formants) and the fine structure (harmonics) of the bands, each in its own way."""
    centres = frontend.band_centres()
    cosines = dct_matrix(n_coefficients=ENVELOPE_COEFFICIENTS, n_inputs=len(centres)).astype(np.float32)
    envelope = np.matmul(cosines.T @ cosines, x)
    ramp = np.broadcast_to(np.arange(len(centres), dtype=float)[:, None], (len(x), len(centres), 1))
    tract, pitch = (
        augment.warp_frequency(ramp, factor=_factors(span, len(x), rng), frequencies=centres)[:, :, 0]
        for span in (variation.tract, variation.pitch)
    )
    tract = tract + ripples(variation.accent / np.arange(1, 5), len(x), rng)
    moved = _read(np.swapaxes(envelope, 1, 2), tract) + _read(np.swapaxes(x - envelope, 1, 2), pitch)
    return np.swapaxes(moved, 1, 2)


def _another_tempo(
    x: np.ndarray, counts: np.ndarray, variation: Variation, n_frames: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Say the word faster or slower, and parts of it faster than others; give also where it now ends."""
    phase = np.pi * np.arange(1, 4)[:, None] * (np.arange(n_frames) + 0.5) / n_frames
    speed = _factors(variation.tempo, len(x), rng)[:, None]
    speed = speed * np.exp(rng.standard_normal((len(x), 3)) * variation.rhythm @ np.cos(phase))
    positions = np.cumsum(speed, axis=1) - 0.5 * speed - 0.5
    positions *= np.maximum(1, (counts - 0.5) / positions[:, -1])[:, None]
    counts = np.maximum(1, (positions <= counts[:, None] - 0.5).sum(axis=1))
    return _read(x, positions), counts


def ripples(spread_db: ArrayLike, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw smooth random curves over the bands, as sums of a few slow cosines.

    Parameters
    ----------
    spread_db : array_like [shape=(cosines,)]
        Standard deviation of each cosine's amplitude, the slowest first.
    n : int
        How many curves.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(n, 40)]
        In dB.

    Examples
    --------
    >>> ripples([4.0, 2.0], 3, np.random.default_rng(0)).shape
    (3, 40)
    """
    spread_db = np.asarray(spread_db)
    places = (np.arange(frontend.SETTINGS["n_mels"]) + 0.5) / frontend.SETTINGS["n_mels"]
    cosines = np.cos(np.pi * np.arange(1, len(spread_db) + 1)[:, None] * places)
    return (rng.standard_normal((n, len(spread_db))) * spread_db) @ cosines


def _another_channel(n: int, centres: np.ndarray, variation: Variation, rng: np.random.Generator) -> np.ndarray:
    """Draw gains in dB [shape=(n, bands)]: a microphone's ripple, and for some a telephone's narrow band."""
    gains = ripples(variation.channel_db / np.sqrt(np.arange(1, CHANNEL_COEFFICIENTS + 1)), n, rng)
    outside = (centres < TELEPHONE_HZ[0]) | (centres > TELEPHONE_HZ[1])
    by_telephone = rng.random((n, 1)) < variation.telephone
    return (gains - TELEPHONE_LOSS_DB * (by_telephone & outside)).astype(np.float32)


def _in_a_room(power: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Let the power of every band die away exponentially, as echoes do, in a share of the clips."""
    n, _, n_frames = power.shape
    seconds = frontend.SETTINGS["hop_length"] / frontend.SETTINGS["sample_rate"]
    decay = 10 ** (-6 * seconds / rng.uniform(*RT60_SECONDS, (n, 1)))
    amount = (rng.random((n, 1)) < share) * 10 ** (rng.uniform(*ECHO_DB, (n, 1)) / 10) * (1 - decay)
    echo, heard = np.zeros(power.shape[:2]), np.empty_like(power)
    for t in range(n_frames):
        heard[:, :, t] = power[:, :, t] + amount * echo
        echo = decay * echo + power[:, :, t]
    return heard


def _with_noise(power: np.ndarray, variation: Variation, rng: np.random.Generator) -> np.ndarray:
    """Add steady noise of a random colour, and to some clips the one before them, quietly."""
    n = len(power)
    loudest = power.max(axis=(1, 2), keepdims=True)
    babble = (rng.random(n) < variation.babble) * 10 ** (rng.uniform(*BABBLE_DB, n) / 10)
    behind = np.roll(power / loudest, 1, axis=0) * babble[:, None, None]
    colour = rng.uniform(NOISE_DB[0], NOISE_DB[1] - variation.calm_db, (n, 1)) + ripples(NOISE_SHAPE_DB, n, rng)
    noisy = (rng.random((n, 1)) < variation.noise) * 10 ** (colour / 10)
    flicker = rng.standard_gamma(4, power.shape).astype(np.float32) / 4
    return power + loudest * (behind + noisy[:, :, None] * flicker)


def _trimmed(power: np.ndarray, variation: Variation, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Silence the quiet ends of a share of the clips [shape=(clips, bands, frames)]; give also where each begins."""
    n, _, n_frames = power.shape
    energy = power.sum(axis=1)
    ends = (n, 2 if variation.each_end else 1)
    below = np.where(rng.random(ends) < variation.trim, rng.uniform(*variation.trim_db, ends), np.inf)
    loud = energy[:, :, None] > (energy.max(axis=1, keepdims=True) * 10 ** (-below / 10))[:, None, :]
    margin = rng.integers(0, TRIM_MARGIN, ends, endpoint=True)
    first = np.maximum(loud[:, :, 0].argmax(axis=1) - margin[:, 0], 0)[:, None]
    last = (n_frames - 1 - loud[:, ::-1, -1].argmax(axis=1) + margin[:, -1])[:, None]
    frames = np.arange(n_frames)
    return power * ((frames >= first) & (frames <= last))[:, None, :], first


def _later(x: np.ndarray, start: np.ndarray, delay: int, rng: np.random.Generator) -> np.ndarray:
    """Let each clip [shape=(frames, bands)] begin at frame 0, give or take up to `delay`; the floor comes in."""
    moved = np.arange(x.shape[1]) + start - rng.integers(-delay, delay, (len(x), 1), endpoint=True)
    inside = (moved >= 0) & (moved < x.shape[1])
    read = np.take_along_axis(x, np.clip(moved, 0, x.shape[1] - 1)[:, :, None], axis=1)
    return np.where(inside[:, :, None], read, np.float32(frontend.FLOOR))
