"""Conversations with the assistant, glued from clips, whose right answers are known.

Taught in the chapter *Wake word and assistant*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from speechbook._checks import positive_int
from speechbook._rng import generator
from speechbook.assistant import COMMANDS, NOTHING, SORRY, Assistant, converse, understand
from speechbook.digits import DIGIT_NAMES, Digits
from speechbook.long_recording import MARGIN, LongRecording, Spoken, room_noise, trimmed
from speechbook.streaming import chunks

GAP_SECONDS = (0.15, 0.45)
SILENCE_SECONDS = 3.2
KINDS = {"command": 0.5, "again": 0.15, "nonsense": 0.15, "nothing": 0.1, "asleep": 0.1}
"""What happens in a dialogue, and how often: a command; one that is broken off by the wake word and said anew; words
that are no command; the wake word alone; a command without the wake word."""


class Dialogue(NamedTuple):
    """A recording with one conversation.

    Attributes
    ----------
    recording : LongRecording
        What the microphone hears.
    kind : str
        A key of `KINDS`.
    expected : tuple of str
        The right answers, in order.
    """

    recording: LongRecording
    kind: str
    expected: tuple[str, ...]


def script(kind: str, *, wake_word: int, words: Sequence[int], rng: np.random.Generator) -> tuple[list[int], tuple]:
    """Draw what is said in a dialogue, and what must be answered.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    wake_word : int
        Digit that wakes the assistant.
    words : sequence of int
        All digits that it knows.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    said : list of int
        Digits.
    expected : tuple of str
        Answers.

    Examples
    --------
    >>> script("nonsense", wake_word=7, words=range(8), rng=np.random.default_rng(0))
    ([7, 5, 0], ('I did not understand.',))
    """
    if kind not in KINDS:
        raise ValueError(f"there is no kind {kind!r}; there are {', '.join(KINDS)}")
    others = [word for word in words if word != wake_word]
    first = int(rng.choice(list(COMMANDS)))
    command = [first, *rng.choice(others, size=COMMANDS[first].slots).tolist()]
    if kind == "nothing":
        return [wake_word], (NOTHING,)
    if kind == "asleep":
        return command, ()
    if kind == "nonsense":
        return [wake_word, *rng.choice([w for w in others if w not in COMMANDS], size=2).tolist()], (SORRY,)
    broken_off = [wake_word, command[0]] if kind == "again" else []
    return [*broken_off, wake_word, *command], (understand(command),)


def dialogues(
    digits: Digits,
    n: int,
    *,
    wake_word: int,
    words: Sequence[int],
    snr_db: tuple[float, float] = (15.0, 30.0),
    rng: np.random.Generator,
) -> list[Dialogue]:
    """Let the speakers take turns in talking to the assistant.

    Parameters
    ----------
    digits : Digits
        Clips to glue.
    n : int
        How many dialogues.
    wake_word, words
        As for `script`.
    snr_db : tuple (lowest, highest)
        Mean power of the words over that of the noise, pink or brown, in dB.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    list of Dialogue
        Each ends with 3.2 s without words.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> digits = load_digits("voices").where(speaker="flite-slt")
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> one = dialogues(digits, 1, wake_word=7, words=range(8), rng=np.random.default_rng(0))[0]
    >>> one.kind, " ".join(word.label for word in one.recording.words), one.expected
    ('again', 'seven three seven three one two', ('1 and 2 make 3.',))
    """
    rng, kinds = generator(rng), list(KINDS)
    rows = {
        (speaker, digit): np.flatnonzero((digits.speaker == speaker) & (digits.digit == digit))
        for speaker in digits.speakers
        for digit in range(10)
    }
    found = []
    for number in range(positive_int(n=n)):
        kind = str(rng.choice(kinds, p=list(KINDS.values())))
        said, expected = script(kind, wake_word=wake_word, words=words, rng=rng)
        speaker = digits.speakers[number % len(digits.speakers)]
        clips = [trimmed(digits[int(rng.choice(rows[speaker, word]))]) for word in said]
        found.append(Dialogue(_glue(clips, said, speaker, digits.sample_rate, snr_db, rng), kind, expected))
    return found


def _glue(clips, said, speaker, sample_rate, snr_db, rng) -> LongRecording:
    parts = [np.zeros(int(rng.uniform(0.5, 1.0) * sample_rate), np.float32)]
    words, at = [], len(parts[0])
    for clip, digit in zip(clips, said, strict=True):
        words.append(Spoken(DIGIT_NAMES[digit], at / sample_rate, (at + len(clip)) / sample_rate - MARGIN, speaker))
        parts += [clip, np.zeros(int(rng.uniform(*GAP_SECONDS) * sample_rate), np.float32)]
        at += len(parts[-1]) + len(clip)
    parts.append(np.zeros(int(SILENCE_SECONDS * sample_rate), np.float32))
    y = np.concatenate(parts)
    level = np.sqrt(np.mean([np.mean(clip**2) for clip in clips]))
    how = {"snr_db": snr_db, "noises": ("pink", "brown"), "sample_rate": sample_rate, "rng": rng}
    return LongRecording((y + level * room_noise(len(y), **how)).astype(np.float32), sample_rate, tuple(words))


def hold(talks: Iterable[Dialogue], assistant: Callable[[], Assistant], *, chunk: int = 800) -> list[tuple[bool, list]]:
    """Hold every dialogue with a fresh assistant.

    Parameters
    ----------
    talks : iterable of Dialogue
        To hold.
    assistant : callable
        Makes one that sleeps and has heard nothing.
    chunk : int
        Samples that it gets at once.

    Returns
    -------
    list of (bool, list of Event)
        Whether the answers were the right ones and no others, and all that happened.
    """
    outcomes = []
    for talk in talks:
        events = converse(assistant(), chunks(talk.recording.y, size=chunk))
        answers = tuple(event.text for event in events if event.kind == "answer")
        outcomes.append((answers == talk.expected, events))
    return outcomes
