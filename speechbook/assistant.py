"""An assistant small enough to be read: it sleeps until it hears its wake word, takes a command, answers, sleeps again.

It is fed chunk by chunk and keeps one second of sound. The words it knows are digits, so a command is a code: the first
word says what to do, the others with what. Taught in the chapter *Wake word and assistant*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from speechbook import frontend
from speechbook.digits import DIGIT_NAMES, Digits
from speechbook.long_recording import trimmed
from speechbook.streaming import Listener
from speechbook.wake_word import REST, Trigger

KEPT_SECONDS = 1.0
"""How much sound the assistant keeps; whatever is older is overwritten."""
FIRST_WORD_SECONDS = 2.5
NEXT_WORD_SECONDS = 1.8
HEARD_PROBABILITY = 0.4
SETTLING = 3
"""Outputs over which the probabilities of a word are added up before it is named."""
DEAF = 5
"""Outputs after a word in which no other can begin to end; besides, the probabilities must have fallen in between."""
ASLEEP, LISTENING = "asleep", "listening"
SORRY = "I did not understand."
NOTHING = "I heard nothing."


class Command(NamedTuple):
    """What a first word means.

    Attributes
    ----------
    slots : int
        How many words follow.
    answer : callable
        From their numbers to the answer.
    """

    slots: int
    answer: Callable[..., str]


COMMANDS = {
    1: Command(1, lambda room: f"The light in room {room} is on."),
    2: Command(1, lambda minutes: f"The timer runs: {minutes} min."),
    3: Command(2, lambda a, b: f"{a} and {b} make {a + b}."),
    4: Command(1, lambda room: f"The light in room {room} is off."),
}
"""The grammar: *one five* switches the light in room 5 on, *three two six* adds."""


class Event(NamedTuple):
    """Something that the assistant did.

    Attributes
    ----------
    seconds : float
        How much sound it had heard then.
    kind : str
        ``"awake"``, ``"again"`` (the wake word within a command), ``"word"`` or ``"answer"``.
    text : str
        The word, or the answer.
    """

    seconds: float
    kind: str
    text: str


def understand(words: Sequence[int]) -> str | None:
    """Answer a command as far as it has been said.

    Parameters
    ----------
    words : sequence of int
        Digits.

    Returns
    -------
    str or None
        None while words are missing.

    Examples
    --------
    >>> understand([3, 2]), understand([3, 2, 6]), understand([6])
    (None, '2 and 6 make 8.', 'I did not understand.')
    """
    if not words:
        return None
    command = COMMANDS.get(words[0])
    if command is None or len(words) > 1 + command.slots:
        return SORRY
    return command.answer(*words[1:]) if len(words) == 1 + command.slots else None


class Assistant:
    """Listens to chunks of sound and gives events.

    Parameters
    ----------
    listener : Listener
        Front end and network; its classes are 0 for nothing, then `words`.
    words : sequence of int
        The digits that the network names.
    wake_word : int
        One of them; no command may need it, since it always starts anew.
    threshold : float
        For the wake word.
    width : int
        Outputs in the running mean of its probability.

    Raises
    ------
    ValueError
        If the wake word is not among the words, or begins a command.

    Examples
    --------
    >>> from speechbook import keyword_network
    >>> listener = Listener(keyword_network.network(n_classes=9))
    >>> assistant = Assistant(listener, words=range(8), wake_word=7, threshold=0.99)
    >>> assistant.push(np.zeros(8000)), assistant.state
    ([], 'asleep')
    """

    def __init__(
        self,
        listener: Listener,
        *,
        words: Sequence[int],
        wake_word: int,
        threshold: float,
        width: int = 1,
    ) -> None:
        self.words = tuple(words)
        if wake_word not in self.words or wake_word in COMMANDS:
            raise ValueError(
                f"the wake word must be among {self.words} and begin no command ({', '.join(map(str, COMMANDS))}); "
                f"got {wake_word}"
            )
        self.listener, self.wake_word = listener, wake_word
        self.trigger = Trigger(threshold, width=width, rest=REST)
        self.state, self.command, self.deadline = ASLEEP, [], np.inf
        self.kept = np.zeros(0, np.float32)
        self._outputs, self._sums, self._settling = 0, np.zeros(len(self.words) - 1), 0
        self._deaf_until, self._armed = 0, True

    def push(self, chunk: ArrayLike) -> list[Event]:
        """Take the next samples at 8 kHz, and give what happened."""
        size = round(KEPT_SECONDS * frontend.SETTINGS["sample_rate"])
        self.kept = np.concatenate([self.kept, np.asarray(chunk, np.float32)])[-size:]
        events = []
        for probabilities in self.listener.push(chunk):
            events += self._step(probabilities)
            self._outputs += 1
        return events

    def _step(self, probabilities: np.ndarray) -> list[Event]:
        """Go on by one output of the network."""
        now = float(self.listener.times(self._outputs + 1)[-1])
        place = 1 + self.words.index(self.wake_word)
        if self.trigger.push(probabilities[place : place + 1]):
            return [self._wake(now)]
        if self.state == ASLEEP:
            return []
        word = self._word(np.delete(probabilities[1:], place - 1))
        if word is not None:
            self.command.append(word)
            self.deadline = now + NEXT_WORD_SECONDS
            events, answer = [Event(now, "word", DIGIT_NAMES[word])], understand(self.command)
        else:
            events = []
            answer = (SORRY if self.command else NOTHING) if now > self.deadline else None
        if answer is not None:
            events.append(Event(now, "answer", answer))
            self.state = ASLEEP
        return events

    def _wake(self, now: float) -> Event:
        kind = "awake" if self.state == ASLEEP else "again"
        self.state, self.command, self.deadline = LISTENING, [], now + FIRST_WORD_SECONDS
        self._settling, self._deaf_until, self._armed = 0, self._outputs + DEAF, False
        return Event(now, kind, DIGIT_NAMES[self.wake_word])

    def _word(self, probabilities: np.ndarray) -> int | None:
        """Name a word of the command, a few outputs after its probability has begun to rise."""
        if not self._settling:
            high = probabilities.max() >= HEARD_PROBABILITY
            self._armed = self._armed or not high
            if not high or not self._armed or self._outputs < self._deaf_until:
                return None
            self._settling, self._sums = SETTLING, np.zeros_like(probabilities)
        self._sums = self._sums + probabilities
        self._settling -= 1
        if self._settling:
            return None
        self._deaf_until, self._armed = self._outputs + DEAF, False
        return [word for word in self.words if word != self.wake_word][int(self._sums.argmax())]


def converse(assistant: Assistant, sound: Iterable[ArrayLike]) -> list[Event]:
    """Let an assistant listen to all chunks of a sound, and give all events."""
    return [event for chunk in sound for event in assistant.push(chunk)]


def say(text: str, voice: Digits) -> np.ndarray:
    """Say the digits of an answer with clips of a voice, in their order.

    Parameters
    ----------
    text : str
        An answer; what is no digit is left out.
    voice : Digits
        Clips of all ten digits by one speaker.

    Returns
    -------
    np.ndarray [shape=(samples,), dtype=float32]
        Half a second of silence if there are no digits.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> voice = load_digits("voices").where(speaker="flite-slt")
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> 1.5 < len(say("2 and 6 make 8.", voice)) / 8000 < 3
    True
    """
    gap = np.zeros(voice.sample_rate // 8, np.float32)
    parts = [trimmed(voice.where(digit=int(letter))[0]) for letter in text if letter.isdigit()]
    return np.concatenate([gap, *(piece for part in parts for piece in (part, gap)), gap, gap, gap])
