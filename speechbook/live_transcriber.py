"""Writing while somebody speaks: a transducer that takes sound chunk by chunk and keeps what it still needs.

Whatever the size of the chunks, the words and the moments at which they appear are those of the whole recording heard
at once. Taught in the chapter *Write while somebody speaks*.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from speechbook import frontend
from speechbook._keras import keras
from speechbook.connected import UNITS, Units
from speechbook.streaming import StreamingNetwork
from speechbook.streaming_frontend import StreamingFrontEnd
from speechbook.transducer_network import joining_parts, live_levels, step_seconds
from speechbook.transducer_search import Joiner, transducer_greedy


class Word(NamedTuple):
    """A word, and when it appeared.

    Attributes
    ----------
    text : str
        What was written.
    seconds : float
        How much sound had to be heard before it.
    """

    text: str
    seconds: float


class LiveTranscriber:
    """Front end, ear and transducer with memory: sound goes in, words come out as soon as they are sure.

    Parameters
    ----------
    network : keras.Model
        From `transducer_network.network`, trained.
    units : Units
        What its classes mean.

    Attributes
    ----------
    words : list of Word
        Everything written so far.

    Examples
    --------
    >>> from speechbook.transducer_network import network
    >>> live = LiveTranscriber(network())
    >>> new = [live.push(np.zeros(800)) for _ in range(5)]
    >>> live.steps, sum(new, []) == live.words
    (6, True)
    """

    def __init__(self, network: keras.Model, *, units: Units = UNITS["words"]) -> None:
        self.front_end, self.units = StreamingFrontEnd(), units
        self.ear = StreamingNetwork(network.get_layer("ear")).layers
        self.memory, self.sound = network.get_layer("memory").cell, network.get_layer("sound")
        self.parts = joining_parts(network)
        self.state = np.zeros((1, self.memory.units), np.float32)
        self.steps, self.labels = 0, []
        self.words: list[Word] = []

    def push(self, chunk: ArrayLike) -> list[Word]:
        """Take the next samples, at 8 kHz, and give the words that they make sure.

        Parameters
        ----------
        chunk : array_like [shape=(samples,)]
            Any number of samples, also none.

        Returns
        -------
        list of Word
            Mostly none.
        """
        powers = self.front_end.powers(chunk)
        if not len(powers):
            return []
        joiner = self._hear(live_levels(powers) - np.float32(frontend.FLOOR))
        n_steps = len(joiner.encoded)
        written = transducer_greedy(joiner, n_steps, written=self.labels)
        seconds = step_seconds([self.steps + one.step for one in written])
        new = [Word(self.units.decode([one.label]), float(when)) for one, when in zip(written, seconds, strict=True)]
        self.steps += n_steps
        self.labels += [one.label for one in written]
        self.words += new
        return new

    def _hear(self, x: np.ndarray) -> Joiner:
        """Turn frames into as many steps as they complete, and give their distributions."""
        for layer in self.ear:
            x = layer.push(x)
        heard = np.zeros((len(x), self.memory.units), np.float32)
        for row, step in zip(heard, x, strict=True):
            output, (self.state,) = self.memory(step[None], [self.state])
            row[:] = output[0]
        return Joiner(np.asarray(self.sound(heard), np.float64), *self.parts)
