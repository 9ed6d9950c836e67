"""The listening ladder: how far down a reader still understands the words, and how far a network does."""

from __future__ import annotations

import traitlets

from speechbook import frontend
from speechbook.digits import Digits
from speechbook.widgets.networks import NetworkWidget
from speechbook.widgets.sounds import pack
from speechbook.widgets.traits import STATIC


class ListeningLadder(NetworkWidget):
    """Digits in ever more noise, through ever narrower filters or in ever fewer bands, answered by keys.

    In the end the page draws the reader's share of right answers on each rung, with Wilson's intervals, beside that of
    a network that has heard the very same sounds, and says what so small a test can tell.

    Parameters
    ----------
    clips : Digits
        Clips of all ten digits, as `corpora.load_digits` gives them; the quiet at their ends is cut off.
    network : keras.Model, path or bytes, optional
        A trained recogniser of digits, or the file of one. By default what was last published under `name` on this
        machine, looked for when it is needed.
    name : str
        Name under which a chapter publishes its network.
    seed : int
        Of the order of the words; 0 takes another order every time.
    label : str
        Name of the widget for screen readers.

    Attributes
    ----------
    test : str
        What was done to the words: ``"noise"``, ``"filter"`` or ``"bands"``.
    answers : list of dict
        For every word its ``rung``, what was ``said`` and what the reader ``heard``.
    curve, network_curve : list of dict
        For each rung how many words were heard ``right`` and how many there were, ``n``.

    Raises
    ------
    ValueError
        If a digit is missing, the sample rate is not 8,000 Hz, or the network cannot be computed in a page.
    FileNotFoundError
        If a path leads nowhere.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> digits = load_digits("voices")
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> ListeningLadder(digits.where(speaker=digits.speakers[0]))
    ListeningLadder(50 clips, 'digits')
    """

    _esm = STATIC / "listening-ladder.js"
    _css = STATIC / "listening-ladder.css"

    label = traitlets.Unicode("Listening ladder").tag(sync=True)
    samples = traitlets.Bytes().tag(sync=True)
    clips = traitlets.List(traitlets.Dict()).tag(sync=True)
    digits = traitlets.List(traitlets.Int()).tag(sync=True)
    seed = traitlets.Int(0, min=0).tag(sync=True)
    test = traitlets.Unicode().tag(sync=True)
    answers = traitlets.List(traitlets.Dict()).tag(sync=True)
    curve = traitlets.List(traitlets.Dict()).tag(sync=True)
    network_curve = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __init__(
        self,
        clips: Digits,
        network: object | None = None,
        *,
        name: str = "digits",
        seed: int = 0,
        label: str = "Listening ladder",
    ) -> None:
        samples, table = pack(_sounds(clips))
        super().__init__(
            network, name=name, seed=seed, label=label, samples=samples, clips=table, digits=clips.digit.tolist()
        )

    def __repr__(self) -> str:
        return f"ListeningLadder({len(self.clips)} clips, {self.name or 'a network in memory'!r})"


def _sounds(clips: Digits) -> dict:
    """Trim the clips and label them by number, so that nothing tells what they say."""
    if not isinstance(clips, Digits):
        raise ValueError(f"clips must be Digits, such as corpora.load_digits() gives; got {type(clips).__name__}")
    missing = sorted(set(range(10)) - set(clips.digit.tolist()))
    if missing:
        raise ValueError(f"clips must hold all ten digits, but {missing} are missing")
    if clips.sample_rate != frontend.SETTINGS["sample_rate"]:
        raise ValueError(f"clips must have 8,000 samples a second, but have {clips.sample_rate}")
    return {
        str(number): (frontend.prepare(y, sample_rate=clips.sample_rate), clips.sample_rate)
        for number, y in enumerate(clips.clips)
    }
