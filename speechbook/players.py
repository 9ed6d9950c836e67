"""Players: a sound that a reader can hear, in Jupyter, in Colab and on the published page.

The sound travels inside the page as WAV, so that it plays without a kernel and without a network.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import positive_int, signal
from speechbook.audio import write_wav

PEAK = 0.8


class Player:
    """One sound with its label, shown by Jupyter as an HTML player.

    Parameters
    ----------
    wav : bytes
        The sound as a WAV file.
    label : str
        What is heard, in a few words.
    seconds : float
        How long it lasts.
    transcript : str, optional
        What is said, word for word.
    """

    def __init__(self, wav: bytes, *, label: str, seconds: float, transcript: str | None = None):
        self.wav = wav
        self.label = label
        self.seconds = seconds
        self.transcript = transcript

    def __repr__(self) -> str:
        """Give label and length as one line of plain text."""
        return f"♪ {self.label} ({self.seconds:.2f} s)"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.wav).decode("ascii")
        name = escape(f"{self.label}, {self.seconds:.2f} seconds")
        said = f"<br>“{escape(self.transcript)}”" if self.transcript else ""
        return (
            '<figure class="sb-player">'
            f'<audio controls preload="metadata" aria-label="{name}" src="data:audio/wav;base64,{data}"></audio>'
            f"<figcaption>{escape(self.label)}{said}</figcaption>"
            "</figure>"
        )


class PlayerGrid:
    """Several players side by side.

    Parameters
    ----------
    items : iterable of Player
        What `player` returned.
    """

    def __init__(self, items: Iterable[Player]):
        self.items = tuple(items)

    def __repr__(self) -> str:
        """Give one line of plain text for each player."""
        return "\n".join(map(repr, self.items))

    def _repr_html_(self) -> str:
        return f'<div class="sb-player-grid">{"".join(item._repr_html_() for item in self.items)}</div>'


def player(
    y: ArrayLike,
    *,
    sample_rate: int,
    label: str,
    transcript: str | None = None,
    normalised: bool = True,
) -> Player:
    """Make a sound playable.

    Parameters
    ----------
    y : array [shape=(n,) or (channels, n)]
        Samples in [-1, 1].
    sample_rate : int
        Samples a second, in Hz.
    label : str
        What is heard, in a few words: shown below the player and read out by screen readers.
    transcript : str, optional
        What is said, word for word, where the sound is speech.
    normalised : bool
        Whether to scale the sound to a peak of 0.8, so that quiet recordings can be heard. Pass False where the level
        is the point; samples outside [-1, 1] are then clipped, as a loudspeaker's driver would.

    Returns
    -------
    Player
        Displayed by Jupyter when it is the last value of a cell.

    Raises
    ------
    ValueError
        If the array cannot be sound, or the label is empty.

    Examples
    --------
    >>> player(np.sin(np.arange(3520)), sample_rate=8000, label="A tone")
    ♪ A tone (0.44 s)
    """
    y = signal(y)
    sample_rate = positive_int(sample_rate=sample_rate)
    if not isinstance(label, str) or not label.strip():
        raise ValueError(f"label says in a few words what is heard, for readers who cannot hear it; got {label!r}.")
    if not isinstance(transcript, str | None):
        raise ValueError(f"transcript is what is said, as text, or None; got {transcript!r}.")
    largest = np.abs(y).max()
    scaled = y * (PEAK / largest) if normalised and largest > 0 else np.clip(y, -1.0, 1.0)
    file = io.BytesIO()
    write_wav(file, scaled, sample_rate=sample_rate)
    return Player(file.getvalue(), label=label, seconds=y.shape[-1] / sample_rate, transcript=transcript)


def players(items: Iterable[Player]) -> PlayerGrid:
    """Lay several players out in a grid.

    Parameters
    ----------
    items : iterable of Player
        What `player` returned.

    Returns
    -------
    PlayerGrid
        Displayed by Jupyter when it is the last value of a cell.

    Raises
    ------
    ValueError
        If something else is among them.

    Examples
    --------
    >>> players(player(np.ones(800), sample_rate=8000, label=f"Take {take}") for take in (0, 1))
    ♪ Take 0 (0.10 s)
    ♪ Take 1 (0.10 s)
    """
    items = tuple(items) if isinstance(items, Iterable) else (items,)
    wrong = [type(item).__name__ for item in items if not isinstance(item, Player)]
    if wrong:
        raise ValueError(f"players takes a list of what player(…) returned; got {', '.join(wrong[:3])}.")
    return PlayerGrid(items)
