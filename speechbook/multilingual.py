"""Spoken digits of several languages: `digits.Digits` that also know in which language they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from speechbook.clip import Clip
from speechbook.digits import Digits, check_known

LANGUAGE_NAMES = {
    "cmn": "Mandarin",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "ru": "Russian",
    "sw": "Swahili",
    "tr": "Turkish",
}
"""English names of the languages, by their code (ISO 639: two letters where there are, else three)."""


class Word(NamedTuple):
    """A digit's name in one language.

    Attributes
    ----------
    text : str
        As it is written, in Unicode's form NFC.
    romanised : str
        In Latin letters; empty where `text` is.
    phones : tuple of str
        What the synthesiser says, in IPA without stress and tone; a diphthong is one phone.
    tone : int or None
        Mandarin's tone, 1 to 4.
    """

    text: str
    romanised: str
    phones: tuple[str, ...]
    tone: int | None


class Labelled(NamedTuple):
    """Clips and their numbers, as `recipe.train` takes them."""

    clips: list[np.ndarray]
    digit: np.ndarray
    sample_rate: int


class Multilingual(Digits):
    """Spoken digits with their languages, or a part of them; load them with `corpora.load_languages`.

    Selections, splits and folds work as in `Digits`; the array `language` makes masks, and `where` takes languages.

    Parameters
    ----------
    language : array_like of str, shape (clips,)
        Code of each clip's language.
    words : mapping of (str, int) to Word
        By language and digit.
    **others
        As for `Digits`.

    Examples
    --------
    >>> from speechbook.corpora import load_languages
    >>> spoken = load_languages()
    languages: 1,400 clips, 14 speakers, 556 s at 8,000 Hz, 10 languages (synthetic, part of the book)
    >>> spoken.where(language="cmn", speaker="f2")[3].transcript
    '三'
    >>> spoken.words["cmn", 3].romanised
    'sān'
    """

    def __init__(self, *, language: Iterable[str], words: Mapping[tuple[str, int], Word], **others: object):
        super().__init__(**others)
        self.language, self.words = np.asarray(language, dtype=str), dict(words)
        if len(self.language) != len(self.clips):
            raise ValueError(
                f"there are {len(self.clips)} clips, but {len(self.language)} languages; give each clip one"
            )

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages, sorted."""
        return tuple(str(name) for name in np.unique(self.language))

    def where(self, *, language: str | Iterable[str] | None = None, **others: object) -> Multilingual:
        """Choose clips by language, and by what `Digits.where` knows.

        Parameters
        ----------
        language : str or iterable of str, optional
            Keep these languages.
        **others
            `digit`, `speaker`, `take`.

        Returns
        -------
        Multilingual
            Clips that fit all conditions, in the same order.

        Raises
        ------
        ValueError
            If a value occurs in no clip, or no clip fits all conditions.
        """
        part = self
        if language is not None:
            wanted = [language] if isinstance(language, str) else list(language)
            check_known(wanted, known=self.languages, what="language")
            part = self[np.isin(self.language, wanted)]
        return Digits.where(part, **others)

    def labelled(self, languages: Iterable[str]) -> Labelled:
        """Give the words of some languages numbers: 0 to 9 in the first, 10 to 19 in the second, and so on.

        Parameters
        ----------
        languages : iterable of str
            Codes, in the order that the numbers follow; clips of other languages are left out.

        Returns
        -------
        Labelled
            With the word's number in place of the digit.

        Raises
        ------
        ValueError
            If there is no clip in one of them.

        Examples
        --------
        >>> from speechbook.corpora import load_languages
        >>> part = load_languages().labelled(["tr", "de"])
        languages: 1,400 clips, 14 speakers, 556 s at 8,000 Hz, 10 languages (synthetic, part of the book)
        >>> len(part.clips), int(part.digit.max())
        (280, 19)
        """
        order = list(languages)
        part = self.where(language=order)
        place = np.array([order.index(name) for name in part.language])
        return Labelled(part.clips, 10 * place + part.digit, part.sample_rate)

    def _clip(self, i: int) -> Clip:
        plain = super()._clip(i)
        word = self.words[str(self.language[i]), plain.digit]
        name = LANGUAGE_NAMES[str(self.language[i])]
        spelled = f"{name}: {word.romanised or word.text}"
        return Clip(plain.y, plain.sample_rate, plain.digit, plain.speaker, plain.take, word.text, spelled)

    def _part(self, indices: np.ndarray) -> Multilingual:
        part = super()._part(indices)
        part.language = self.language[indices]
        return part

    def __str__(self) -> str:
        count = len(self.languages)
        return f"{super().__str__()}, {count} language{'s' if count != 1 else ''}"
