"""The voice teacher: teach a recogniser words of one's own, in any language, by a few examples."""

from __future__ import annotations

import traitlets

from speechbook.prototypes import MAX_DISTANCE
from speechbook.widgets.networks import NetworkWidget
from speechbook.widgets.traits import STATIC, within

DISTANCES = (0.02, 0.6)
MARGINS = (4, 30)


class VoiceTeacher(NetworkWidget):
    """Record three examples of any word; what a network computes of them becomes a recogniser of one's own.

    All of it happens in the page, as in `prototypes`: the nearest word wins, if it is near enough. Words are kept in
    the reader's browser only if the reader asks for it, and without their sound.

    Parameters
    ----------
    network : keras.Model, path or bytes, optional
        A trained model that ends in a dense layer, or the file of one. By default what was last published under `name`
        on this machine, looked for when it is needed.
    name : str
        Name under which a chapter publishes its network.
    max_distance : float
        Cosine distance beyond which the answer is "I do not know", 0.02 to 0.6.
    margin : float
        Decibels that a sound must lie above the room's noise to count as speech, 4 to 30.
    label : str
        Name of the widget for screen readers.

    Attributes
    ----------
    answer : str
        What was heard last; ``"I do not know"`` if no word was near enough; empty before that.
    distances : dict of str to float
        How far it was from each word.
    words : list of dict
        For every taught word its ``name``, and how many ``examples`` it has. Sounds and embeddings stay in the page.

    Raises
    ------
    ValueError
        If the network cannot be computed in a page, or a setting is wrong.
    FileNotFoundError
        If a path leads nowhere.

    Examples
    --------
    >>> VoiceTeacher(max_distance=0.5)
    VoiceTeacher('digits', max_distance=0.5)
    """

    _esm = STATIC / "voice-teacher.js"
    _css = STATIC / "voice-teacher.css"

    label = traitlets.Unicode("Voice teacher").tag(sync=True)
    max_distance = traitlets.Float(MAX_DISTANCE).tag(sync=True)
    margin = traitlets.Float(10.0).tag(sync=True)
    answer = traitlets.Unicode().tag(sync=True)
    distances = traitlets.Dict().tag(sync=True)
    words = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __init__(
        self,
        network: object | None = None,
        *,
        name: str = "digits",
        max_distance: float = MAX_DISTANCE,
        margin: float = 10.0,
        label: str = "Voice teacher",
    ) -> None:
        super().__init__(network, name=name, max_distance=float(max_distance), margin=float(margin), label=label)

    def __repr__(self) -> str:
        return f"VoiceTeacher({self.name or 'a network in memory'!r}, max_distance={self.max_distance:g})"

    @traitlets.validate("max_distance")
    def _check_distance(self, proposal: dict) -> float:
        return within(proposal, *DISTANCES)

    @traitlets.validate("margin")
    def _check_margin(self, proposal: dict) -> float:
        return within(proposal, *MARGINS)
