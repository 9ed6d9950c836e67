"""The recogniser: say a digit, and see what a trained network makes of it while you speak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import traitlets

from speechbook.widgets.networks import NetworkWidget
from speechbook.widgets.sounds import named_clips, pack
from speechbook.widgets.traits import STATIC, within

MARGINS = (4, 30)


class Recogniser(NetworkWidget):
    """Microphone, level meter and a network that answers: all of it in the page.

    The network is loaded when somebody asks for it. Where a kernel runs it comes from there; a published page takes it
    from the files that the build of the book made of `page_model.publish`.

    Parameters
    ----------
    network : keras.Model, path or bytes, optional
        A trained model, or the file of one. By default what was last published under `name` on this machine, looked for
        when it is needed.
    name : str
        Name under which a chapter publishes its network.
    labels : sequence of str, optional
        What the outputs of a Keras model stand for; default are their numbers.
    threshold : float, optional
        Probability below which a Keras model's answer is "I do not know"; see `page_model.choose_threshold`.
    clips : mapping or iterable, optional
        Recordings to try: label to ``(y, sample_rate)``, or clips as `corpora` gives them.
    margin : float
        Decibels that a sound must lie above the room's noise to count as speech, 4 to 30.
    label : str
        Name of the widget for screen readers.

    Attributes
    ----------
    answer : str
        What was heard last; ``"I do not know"`` if the network was not sure; empty before that.
    probabilities : list of float
        What the network gave for it, one a label.
    history : list of dict
        For every sound what was ``heard``, its ``probability``, and what was ``said`` if somebody told it; for every
        word from the microphone also the answers that it got ``early``, in the first quiet frame and after pauses.

    Raises
    ------
    ValueError
        If the network cannot be computed in a page, or a setting is wrong.
    FileNotFoundError
        If a path leads nowhere.

    Examples
    --------
    >>> Recogniser(name="digits")
    Recogniser('digits', margin=10)
    """

    _esm = STATIC / "recogniser.js"
    _css = STATIC / "recogniser.css"

    label = traitlets.Unicode("Recogniser").tag(sync=True)
    samples = traitlets.Bytes().tag(sync=True)
    clips = traitlets.List(traitlets.Dict()).tag(sync=True)
    margin = traitlets.Float(10.0).tag(sync=True)
    answer = traitlets.Unicode().tag(sync=True)
    probabilities = traitlets.List(traitlets.Float()).tag(sync=True)
    history = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __init__(
        self,
        network: object | None = None,
        *,
        name: str = "digits",
        labels: Sequence[str] | None = None,
        threshold: float | None = None,
        clips: Mapping | Iterable | None = None,
        margin: float = 10.0,
        label: str = "Recogniser",
    ) -> None:
        samples, table = (
            (b"", []) if clips is None else pack(named_clips(None, sample_rate=None, clips=clips, label=""))
        )
        super().__init__(
            network,
            name=name,
            labels=labels,
            threshold=threshold,
            label=label,
            samples=samples,
            clips=table,
            margin=float(margin),
        )

    def __repr__(self) -> str:
        return f"Recogniser({self.name or 'a network in memory'!r}, margin={self.margin:g})"

    @traitlets.validate("margin")
    def _check_margin(self, proposal: dict) -> float:
        return within(proposal, *MARGINS)
