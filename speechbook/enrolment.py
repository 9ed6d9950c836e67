"""A register of voices: enrol, verify, identify, delete. It keeps one direction a person, and no recording.

The file is replaced as a whole, so that an interruption leaves the old register or the new one. A direction is
biometric data all the same, and of no use with any other network than the one that made it. Taught in the chapter *Who
is speaking?*.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from speechbook import frontend, prototypes
from speechbook._checks import signal

FORMAT = "speechbook voice register 1"
FEWEST_CLIPS = 3
FEWEST_SECONDS = 1.0
LONGEST_NAME = 60
Embed = Callable[[Sequence[np.ndarray]], np.ndarray]


class Answer(NamedTuple):
    """What the register says about some speech.

    Attributes
    ----------
    name : str or None
        The person; None if it is nobody in the register.
    score : float
        Cosine with the claimed, or the nearest, person.
    """

    name: str | None
    score: float


class Register:
    """Voices of some people in one file.

    Parameters
    ----------
    file : str or path
        Made when the first person is enrolled.
    embed : callable
        From a sequence of mono clips to embeddings [shape=(clips, size)].
    network : str
        Name and version of what `embed` uses; a register of another network is refused.
    sample_rate : int
        Of all clips, in Hz.
    threshold : float
        Least cosine that is accepted.

    Raises
    ------
    ValueError
        If the file is no register, is damaged, or belongs to another network.

    Examples
    --------
    >>> import tempfile
    >>> low, high = np.sin(np.arange(9000) * 0.1), np.sin(np.arange(9000) * 0.9)
    >>> embed = lambda clips: np.array([np.abs(np.fft.rfft(y, 64)) for y in clips])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     book = Register(f"{folder}/voices.json", embed=embed, network="fft", sample_rate=8000, threshold=0.9)
    ...     book.enrol("Ann", [low, low, low])
    ...     print(book.names, book.verify("Ann", [low]).name, book.identify([high]).name)
    ('Ann',) Ann None
    """

    def __init__(
        self, file: str | os.PathLike, *, embed: Embed, network: str, sample_rate: int, threshold: float
    ) -> None:
        if not -1 <= threshold <= 1:
            raise ValueError(f"threshold is a cosine, from -1 to 1; got {threshold}.")
        self.file, self._embed, self.network = Path(file), embed, network
        self.sample_rate, self.threshold = sample_rate, threshold
        self._people = self._read()

    @property
    def names(self) -> tuple[str, ...]:
        """Who is enrolled, sorted."""
        return tuple(sorted(self._people))

    def enrol(self, name: str, clips: Sequence[ArrayLike]) -> None:
        """Add a person.

        Parameters
        ----------
        name : str
            Of somebody who is not yet in the register.
        clips : sequence of array_like [shape=(samples,)]
            At least three, with a second of speech or more after silence is cut off.

        Raises
        ------
        ValueError
            If the name is taken or none, or the clips are too few, too short, silent or no sound.
        """
        name = _checked_name(name)
        if name in self._people:
            raise ValueError(f"{name!r} is enrolled already; delete the entry first to record it anew.")
        if len(clips) < FEWEST_CLIPS:
            raise ValueError(f"enrolling takes at least {FEWEST_CLIPS} clips, got {len(clips)}; please record more.")
        direction = self._direction(clips, fewest_seconds=FEWEST_SECONDS)
        self._replace({**self._people, name: direction})

    def verify(self, name: str, clips: Sequence[ArrayLike]) -> Answer:
        """Say whether it is the person who is claimed.

        Parameters
        ----------
        name : str
            Who it is said to be.
        clips : sequence of array_like [shape=(samples,)]
            One or more.

        Returns
        -------
        Answer
            With the name if the score reaches the threshold, else with None.

        Raises
        ------
        ValueError
            If nobody of that name is enrolled, or a clip cannot be used.
        """
        score = float(self._known(name) @ self._direction(clips))
        return Answer(name if score >= self.threshold else None, score)

    def identify(self, clips: Sequence[ArrayLike]) -> Answer:
        """Say who of the register it is, or nobody.

        Parameters
        ----------
        clips : sequence of array_like [shape=(samples,)]
            One or more.

        Returns
        -------
        Answer

        Raises
        ------
        ValueError
            If the register is empty, or a clip cannot be used.
        """
        if not self._people:
            raise ValueError("nobody is enrolled yet; call enrol(name, clips) first.")
        heard = self._direction(clips)
        score, name = max((float(direction @ heard), name) for name, direction in self._people.items())
        return Answer(name if score >= self.threshold else None, score)

    def delete(self, name: str) -> None:
        """Forget a person: the file is written anew without the entry.

        Parameters
        ----------
        name : str
            Who is enrolled.

        Raises
        ------
        ValueError
            If nobody of that name is.
        """
        self._known(name)
        self._replace({other: direction for other, direction in self._people.items() if other != name})

    def _known(self, name: str) -> np.ndarray:
        if name not in self._people:
            raise ValueError(f"nobody called {name!r} is enrolled; there are: {', '.join(self.names) or 'none'}.")
        return self._people[name]

    def _direction(self, clips: Sequence[ArrayLike], *, fewest_seconds: float = 0.0) -> np.ndarray:
        if not len(clips):
            raise ValueError("there are no clips; pass a list of recordings.")
        sounds = [signal(y) for y in clips]
        for place, y in enumerate(sounds):
            if y.ndim != 1 or not np.abs(y).max() > 0:
                raise ValueError(f"clip {place} is {'silent' if y.ndim == 1 else f'of shape {y.shape}, not mono'}.")
        seconds = sum(len(frontend.prepare(y, sample_rate=self.sample_rate)) for y in sounds) / 8000
        if seconds < fewest_seconds:
            raise ValueError(f"that is {seconds:.1f} s of speech, but {fewest_seconds:.1f} s are needed; record more.")
        return prototypes.prototypes(self._embed(sounds), np.zeros(len(sounds), int))[0]

    def _read(self) -> dict[str, np.ndarray]:
        if not self.file.exists():
            return {}
        try:
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            form, network = kept["format"], kept["network"]
            people = {name: np.array(direction, np.float64) for name, direction in kept["people"].items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ValueError(f"{self.file.name} is no voice register, or damaged; restore or delete it.") from None
        if form != FORMAT:
            raise ValueError(f"{self.file.name} has the format {form!r}, but {FORMAT!r} is expected.")
        if network != self.network:
            raise ValueError(
                f"{self.file.name} was made with the network {network!r}, this is {self.network!r}: directions of two "
                "networks cannot be compared. Enrol everybody anew."
            )
        if any(row.ndim != 1 or not np.isclose(np.linalg.norm(row), 1, atol=1e-4) for row in people.values()):
            raise ValueError(f"{self.file.name} is damaged: an entry has not length 1; restore or delete it.")
        return people

    def _replace(self, people: dict[str, np.ndarray]) -> None:
        rows = {name: np.round(direction, 6).tolist() for name, direction in sorted(people.items())}
        part = self.file.with_name(self.file.name + ".part")
        with open(part, "w", encoding="utf-8") as stream:
            json.dump({"format": FORMAT, "network": self.network, "people": rows}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(self.file)
        self._people = people


def _checked_name(name: str) -> str:
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
        raise ValueError(f"a name has from 1 to {LONGEST_NAME} characters; got {name!r:.80}.")
    return name.strip()
