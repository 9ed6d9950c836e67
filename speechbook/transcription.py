"""A recording of digits as text: the book's network of words behind ``python -m speechbook transcribe``.

Nothing here waits for TensorFlow: the network comes from a file of 170 KB (see `speechbook.page_model`), which
`speechbook.transcriber_training` makes once on each machine, and is computed in NumPy. A recording is read block by
block and cut at its pauses, so its length does not matter. Taught in the chapter *From a notebook to a program*.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from speechbook import ctc, decoding, frontend
from speechbook._page_arithmetic import compute
from speechbook._page_format import PageModel, PageModelError, read_page_model
from speechbook.corpora import CORPORA, fsdd_path
from speechbook.digits import DIGIT_NAMES
from speechbook.fsdd import cache_folder
from speechbook.recordings import blocks, stretches

RECIPE_VERSION = 1
"""Part of the name of the network's file, so that a network of another recipe is not taken for it."""

LABELS = ("", *DIGIT_NAMES)
"""What a network's outputs must stand for: the blank, and the ten words."""

NETWORK_STEP = 4
"""Frames of the picture for one output of the network."""


@dataclass(frozen=True)
class Word:
    """One word that was heard.

    Attributes
    ----------
    text : str
        The word.
    start, end : float
        Where the network names it, in seconds from the beginning of the recording. CTC tells that a word is there, not
        how long it lasts, and a network that also reads backwards may name it where it begins.
    probability : float
        The highest that the network gives to the word there.
    """

    text: str
    start: float
    end: float
    probability: float

    @property
    def digit(self) -> int:
        """The word as a number."""
        return DIGIT_NAMES.index(self.text)


@dataclass(frozen=True)
class Segment:
    """What was said between two pauses.

    Attributes
    ----------
    start, end : float
        In seconds from the beginning of the recording.
    words : tuple of Word
        At least one.
    """

    start: float
    end: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """All words, with spaces between them."""
        return " ".join(word.text for word in self.words)

    @property
    def digits(self) -> str:
        """All words as digits, without spaces."""
        return "".join(str(word.digit) for word in self.words)


class Transcriber:
    """A network of words, ready to listen.

    Parameters
    ----------
    model : PageModel
        A network from pictures of any length to the blank and the ten digits' names, with the settings of its front
        end, such as ``python -m speechbook train`` writes.

    Raises
    ------
    PageModelError
        If the network was made for something else: other labels, another front end, a fixed length.
    """

    def __init__(self, model: PageModel) -> None:
        header = model.header
        self.name = f"{header['name']} {model.checksum[:12]}"
        wrong = [
            f"its labels are {header['labels']}" if tuple(header["labels"]) != LABELS else "",
            f"it takes inputs of the shape {header['input_shape']}"
            if header["input_shape"] != [None, frontend.SETTINGS["n_mels"]]
            else "",
            *_differences(header["front_end"]),
        ]
        if any(wrong):
            raise PageModelError(
                f"{header['name']} cannot transcribe strings of digits here: {'; '.join(filter(None, wrong))}. "
                "Train one with python -m speechbook train."
            )
        self.model, self.threshold = model, header["decision"]["threshold"] or 0.0

    @classmethod
    def load(cls, file: str | os.PathLike | None = None) -> Transcriber:
        """Read a network from a file, whose checksum is checked; by default the one that this machine has trained.

        Raises
        ------
        FileNotFoundError
            If there is no such file, or none has been trained yet.
        PageModelError
            If it is damaged, or no network for strings of digits.
        """
        path = default_file() if file is None else Path(file)
        if file is None and not path.exists():
            raise FileNotFoundError("There is no network yet. Train one, in about a minute: python -m speechbook train")
        if path.is_dir():
            raise PageModelError(f"{path} is a folder, not a network's file.")
        if not path.exists():
            raise FileNotFoundError(f"There is no network {path} (looked from {Path.cwd()}).")
        try:
            return cls(read_page_model(path))
        except OSError as error:
            raise PageModelError(f"{path} cannot be opened: {error.strerror}.") from None

    def listen_to(self, file: str | os.PathLike) -> Iterator[Segment]:
        """Transcribe a sound file of any format, rate and length, segment by segment.

        Raises
        ------
        FileNotFoundError, audio.AudioError
            As for `recordings.blocks`.
        """
        rate = frontend.SETTINGS["sample_rate"]
        return self.listen(blocks(file, sample_rate=rate), sample_rate=rate)

    def listen(self, sound: Iterable[ArrayLike], *, sample_rate: int) -> Iterator[Segment]:
        """Transcribe mono samples that come block by block.

        Parameters
        ----------
        sound : iterable of array_like [shape=(n,)]
            Blocks, one after the other.
        sample_rate : int
            In Hz.

        Yields
        ------
        Segment
            As soon as the pause after it has been heard.
        """
        for part in stretches(sound, sample_rate=sample_rate):
            words = self.read(part.y, sample_rate=sample_rate, start=part.start)
            if words:
                yield Segment(part.start, part.start + len(part.y) / sample_rate, tuple(words))

    def scores(self, picture: np.ndarray) -> np.ndarray:
        """Compute what the network gives for one picture, before the softmax.

        Parameters
        ----------
        picture : np.ndarray [shape=(frames, 40)]
            As `frontend.mel_picture` makes it, with the frames first.

        Returns
        -------
        np.ndarray [shape=(outputs, 11), dtype=float64]
        """
        return compute(self.model, picture).astype(np.float64)

    def log_probs(self, y: ArrayLike, *, sample_rate: int) -> np.ndarray:
        """Compute what the network gives for one stretch of sound.

        Parameters
        ----------
        y : array_like [shape=(n,)]
            Samples.
        sample_rate : int
            In Hz.

        Returns
        -------
        np.ndarray [shape=(outputs, 11), dtype=float64]
            Logarithms of probabilities, one row for 40 ms.
        """
        scores = self.scores(frontend.mel_picture(y, sample_rate=sample_rate, trimmed=False).T)
        return scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)

    def read(self, y: ArrayLike, *, sample_rate: int, start: float = 0.0) -> list[Word]:
        """Read one stretch of sound without long pauses.

        Parameters
        ----------
        y : array_like [shape=(n,)]
            Samples.
        sample_rate : int
            In Hz.
        start : float
            Where it begins in the recording, in seconds.

        Returns
        -------
        list of Word
            Those whose probability reaches the network's threshold.
        """
        rows = self.log_probs(y, sample_rate=sample_rate)
        labels = decoding.ctc_greedy(rows)
        settings = frontend.SETTINGS
        step = NETWORK_STEP * settings["hop_length"] / settings["sample_rate"]
        middle = start + settings["win_length"] / 2 / settings["sample_rate"]
        words = []
        for label, (first, last) in zip(labels, ctc.ctc_align(rows, labels).spans if labels else [], strict=True):
            sure = float(np.exp(rows[first:last, label].max()))
            if sure >= self.threshold:
                words.append(Word(LABELS[label], middle + first * step, middle + last * step, sure))
        return words


def default_file() -> Path:
    """Say where the network lies that this machine has trained, or will: in the platform's cache folder.

    Returns
    -------
    Path
        Named after the corpora that are at hand, for with FSDD another network is trained than without.

    Examples
    --------
    >>> default_file().suffix
    '.sbmodel'
    """
    heard = [name for name in CORPORA if name != "fsdd" or fsdd_path()]
    return cache_folder(None) / f"digit-strings-{'-'.join(heard)}-{RECIPE_VERSION}.sbmodel"


def _differences(front_end: dict) -> list[str]:
    """Say in which settings a network's front end differs from the one that will feed it."""
    return [
        f"it was trained with {name}={front_end.get(name)!r}, and the front end has {value!r}"
        for name, value in frontend.SETTINGS.items()
        if front_end.get(name) != value
    ]
