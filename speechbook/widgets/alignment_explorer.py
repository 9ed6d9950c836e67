"""The alignment explorer: how word and character error rates come about."""

from __future__ import annotations

import anywidget
import traitlets

from speechbook.alignment import Alignment, align, cer, wer
from speechbook.widgets.traits import STATIC, one_of

UNITS = ("word", "character")
LONGEST = 300


class AlignmentExplorer(anywidget.AnyWidget):
    """Type what was said and what was recognised; see the edit table, the way back through it, WER and CER.

    Everything equals `speechbook.metrics`: case and punctuation count, runs of white space are one space, and where
    several alignments cost the same, going back from the end, keeping or substituting comes before deleting, and
    deleting before inserting.

    Parameters
    ----------
    reference : str
        What was said, at most 300 characters.
    hypothesis : str
        What was recognised, at most 300 characters.
    unit : {"word", "character"}
        What is aligned.
    label : str
        Name of the widget for screen readers.

    Raises
    ------
    ValueError
        If a text is too long or not text, or the unit is neither of the two.

    References
    ----------
    Levenshtein, V. I. (1966). Binary codes capable of correcting deletions, insertions, and reversals. *Soviet Physics
    Doklady*, 10(8), 707–710.
    Wagner, R. A., & Fischer, M. J. (1974). The string-to-string correction problem. *Journal of the ACM*, 21(1),
    168–173.

    Examples
    --------
    >>> explorer = AlignmentExplorer("turn on the light", "turn the light too")
    >>> explorer
    AlignmentExplorer('turn on the light', 'turn the light too', unit='word')
    >>> explorer.wer, round(explorer.cer, 2)
    (0.5, 0.41)
    >>> explorer.alignment
    REF  turn on the light ***
    HYP  turn ** the light too
              D            I
    errors: 2 in 4 tokens (0 substitute, 1 delete, 1 insert)
    """

    _esm = STATIC / "alignment-explorer.js"
    _css = STATIC / "alignment-explorer.css"

    label = traitlets.Unicode("Alignment explorer").tag(sync=True)
    reference = traitlets.Unicode().tag(sync=True)
    hypothesis = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode("word").tag(sync=True)

    def __init__(
        self, reference: str, hypothesis: str, *, unit: str = "word", label: str = "Alignment explorer"
    ) -> None:
        for name, text in (("reference", reference), ("hypothesis", hypothesis)):
            if not isinstance(text, str):
                raise ValueError(f"{name} must be a string, but is {text!r:.80}")
        super().__init__(label=label, reference=reference, hypothesis=hypothesis, unit=unit)

    def __repr__(self) -> str:
        return f"AlignmentExplorer({self.reference!r}, {self.hypothesis!r}, unit={self.unit!r})"

    @property
    def alignment(self) -> Alignment:
        """The alignment that is shown."""
        words = [text.split() for text in (self.reference, self.hypothesis)]
        return align(*(words if self.unit == "word" else map(" ".join, words)))

    @property
    def wer(self) -> float:
        """Word error rate; ValueError if the reference holds no word."""
        return wer(self.reference, self.hypothesis)

    @property
    def cer(self) -> float:
        """Character error rate; ValueError if the reference holds no character."""
        return cer(self.reference, self.hypothesis)

    @traitlets.validate("reference", "hypothesis")
    def _check_length(self, proposal: dict) -> str:
        name, text = proposal["trait"].name, proposal["value"]
        if len(text) > LONGEST:
            raise ValueError(f"{name} must have at most {LONGEST} characters, but has {len(text)}; show a part of it")
        return text

    @traitlets.validate("unit")
    def _check_unit(self, proposal: dict) -> str:
        return one_of(proposal, UNITS)
