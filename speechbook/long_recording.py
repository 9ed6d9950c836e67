"""A long recording of which everything is known: who says what when, in which noise.

Clips of several people are laid out as if they took turns in a room: a few words, pauses, a word of another language,
noise that changes every half minute. Taught in the chapter *Wake word and assistant*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from speechbook import audio
from speechbook._rng import generator
from speechbook.clip import Clip
from speechbook.digits import DIGIT_NAMES, Digits
from speechbook.noise import coloured_noise
from speechbook.scenes import babble, kitchen

PEAK = 0.5
MARGIN = 0.03
TURN_WORDS = (2, 7)
GAP_SECONDS = (0.1, 0.9)
PAUSE_SECONDS = (0.8, 3.0)
LEVEL_DB = (-12.0, 0.0)
NOISE_SECONDS = 30.0
NOISES = ("pink", "brown", "kitchen", "babble")


class Spoken(NamedTuple):
    """One word of a recording.

    Attributes
    ----------
    label : str
        ``"seven"``, or with the language before it, ``"it: sette"``.
    start, end : float
        In seconds; the word ends where its clip falls 30 dB below its loudest frame.
    speaker : str
        Who says it.
    """

    label: str
    start: float
    end: float
    speaker: str


@dataclass(frozen=True, eq=False)
class LongRecording:
    """Sound, and what is said in it.

    Attributes
    ----------
    y : np.ndarray of float32 [shape=(samples,)]
        The recording.
    sample_rate : int
        In Hz.
    words : tuple of Spoken
        In the order in which they are said.
    """

    y: np.ndarray = field(repr=False)
    sample_rate: int
    words: tuple[Spoken, ...] = field(repr=False)

    @property
    def seconds(self) -> float:
        """Duration."""
        return len(self.y) / self.sample_rate

    def cut(self, start: float, end: float) -> LongRecording:
        """Give the piece between two moments, in seconds, with the words that lie in it whole."""
        first, last = (round(moment * self.sample_rate) for moment in (start, end))
        kept = [w for w in self.words if start <= w.start and w.end <= end]
        shifted = tuple(w._replace(start=w.start - start, end=w.end - start) for w in kept)
        return LongRecording(self.y[first:last], self.sample_rate, shifted)


def label(clip: Clip) -> str:
    """Name the word of a clip, with its language if it is not English."""
    if clip.description and ": " in clip.description:
        language, word = clip.description.split(": ", 1)
        return f"{language}: {word}"
    return DIGIT_NAMES[clip.digit]


def build(
    digits: Digits,
    *,
    foreign: Digits | None = None,
    snr_db: tuple[float, float] | float | None = (10.0, 30.0),
    noises: Sequence[str] = NOISES,
    talk: Sequence[np.ndarray] = (),
    rng: np.random.Generator,
) -> LongRecording:
    """Lay out clips, each once, as turns of people in a noisy room.

    Parameters
    ----------
    digits : Digits
        What is said in English.
    foreign : Digits, optional
        Words of other languages, strewn in as turns of their own.
    snr_db : tuple (lowest, highest) or float, optional
        Mean power of the words, before their levels are drawn, over that of the noise, in dB; drawn anew every 30 s.
        Without noise if None.
    noises : sequence of str
        Kinds that are drawn from: those of `noise.coloured_noise`, ``"kitchen"`` and ``"babble"``.
    talk : sequence of np.ndarray
        Clips that the babble is made of, if there is babble; no word of it counts.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    LongRecording
        About 1.1 s a word.

    Raises
    ------
    ValueError
        If there shall be babble and `talk` is empty, or a kind of noise is unknown.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> few = load_digits("voices").where(speaker="flite-slt")
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> room = build(few, noises=["pink"], rng=np.random.default_rng(0))
    >>> len(room.words), room.words[0].label, 50 < room.seconds < 90
    (50, 'two', True)
    """
    rng = generator(rng)
    turns = _turns(digits, rng) + (_turns(foreign, rng) if foreign is not None else [])
    parts, words, at, rate = [], [], 0, digits.sample_rate

    def silence(span: tuple[float, float]) -> None:
        nonlocal at
        parts.append(np.zeros(int(rng.uniform(*span) * rate), np.float32))
        at += len(parts[-1])

    silence(PAUSE_SECONDS)
    for turn in (turns[i] for i in rng.permutation(len(turns))):
        level = 10 ** (rng.uniform(*LEVEL_DB) / 20)
        for clip in turn:
            said = trimmed(clip)
            words.append(Spoken(label(clip), at / rate, (at + len(said)) / rate - MARGIN, clip.speaker))
            parts.append(level * said)
            at += len(said)
            silence(GAP_SECONDS)
        silence(PAUSE_SECONDS)
    y = np.concatenate(parts)
    if snr_db is not None:
        power = np.mean([np.mean(trimmed(clip) ** 2) for clip in digits[:: max(1, len(digits) // 50)]])
        y = y + np.sqrt(power) * room_noise(len(y), snr_db=snr_db, noises=noises, talk=talk, sample_rate=rate, rng=rng)
    return LongRecording(y.astype(np.float32), rate, tuple(words))


def trimmed(clip: Clip) -> np.ndarray:
    """Cut a clip to its word and 30 ms on both sides, with a peak of 0.5."""
    return audio.peak_normalise(audio.trim(clip.y, sample_rate=clip.sample_rate, margin=MARGIN), peak=PEAK)


def _turns(digits: Digits, rng: np.random.Generator) -> list[list[Clip]]:
    """Divide all clips into turns of 2 to 6 words by one speaker each, in random order."""
    turns = []
    for speaker in digits.speakers:
        rows = rng.permutation(np.flatnonzero(digits.speaker == speaker))
        while len(rows):
            n = int(rng.integers(*TURN_WORDS))
            turns.append([digits[int(row)] for row in rows[:n]])
            rows = rows[n:]
    return turns


def room_noise(
    n_samples: int,
    *,
    snr_db: tuple[float, float] | float,
    noises: Sequence[str],
    talk: Sequence[np.ndarray] = (),
    sample_rate: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Make noise whose kind and level change every 30 s, for speech with a root mean square of 1.

    Parameters
    ----------
    n_samples : int
        Length.
    snr_db, noises, talk
        As for `build`.
    sample_rate : int
        In Hz.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(n_samples,), dtype=float32]
    """
    lowest, highest = snr_db if isinstance(snr_db, tuple) else (snr_db, snr_db)
    size, parts = int(NOISE_SECONDS * sample_rate), []
    for _ in range(0, n_samples, size):
        kind = str(rng.choice(list(noises)))
        if kind == "kitchen":
            part = kitchen(n_samples=size, sample_rate=sample_rate, rng=rng)
        elif kind == "babble":
            if not len(talk):
                raise ValueError("babble is made of clips: pass some as talk, or leave babble out of noises")
            part = babble(talk, n_samples=size, rng=rng)
        else:
            part = coloured_noise(size, kind=kind, rng=rng)
        parts.append(part * 10 ** (-rng.uniform(lowest, highest) / 20))
    return np.concatenate(parts)[:n_samples]
