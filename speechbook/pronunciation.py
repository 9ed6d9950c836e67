"""Words as rows of phones: which of them occur elsewhere, and where in the word each one lies.

Used to recognise words of a language that no clip was ever heard of, from how they are said to sound. Taught in the
chapter *Many languages*.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

_LENGTH = "ːˑ"
_BELONGS_TO_THE_ONE_BEFORE = "ʰʲʷh"
_AFFRICATES = {first + second for first in "td" for second in "szʃʒɕʑ"}


def sounds(phones: Iterable[str]) -> tuple[str, ...]:
    """Divide diphthongs into their sounds, and leave lengths out; affricates and aspirated sounds stay one.

    Parameters
    ----------
    phones : iterable of str
        In IPA, such as ``Word.phones``.

    Returns
    -------
    tuple of str
        In Unicode's form NFC.

    Raises
    ------
    ValueError
        If there is no phone, or one has no letter.

    Examples
    --------
    >>> sounds(["ts", "v", "aɪ"]), sounds(["cʰ", "ʌ", "h"]), sounds(["aː", "ʈʰ"])
    (('ts', 'v', 'a', 'ɪ'), ('cʰ', 'ʌ', 'h'), ('a', 'ʈʰ'))
    """
    found = [sound for phone in phones for sound in _divided(phone)]
    if not found:
        raise ValueError("there are no phones; pass an iterable such as ('n', 'aɪ', 'n')")
    return tuple(found)


def _divided(phone: str) -> list[str]:
    parts: list[str] = []
    for letter in unicodedata.normalize("NFD", phone):
        if letter in _LENGTH:
            continue
        if parts and (_modifies(letter) or parts[-1] + letter in _AFFRICATES):
            parts[-1] += letter
        elif _modifies(letter) and letter != "h":
            raise ValueError(f"the phone {phone!r} begins with a mark that belongs to a letter before it")
        else:
            parts.append(letter)
    return [unicodedata.normalize("NFC", part) for part in parts]


def _modifies(letter: str) -> bool:
    return bool(unicodedata.combining(letter)) or letter in _BELONGS_TO_THE_ONE_BEFORE


def inventory(words: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """List the sounds of some words, sorted.

    Examples
    --------
    >>> inventory([("t", "u"), ("u", "n", "o")])
    ('n', 'o', 't', 'u')
    """
    return tuple(sorted({sound for word in words for sound in word}))


def layout(word: Sequence[str], *, sounds: Sequence[str], parts: int) -> np.ndarray:
    """Say which sound fills which part of a word, were all its sounds equally long.

    Parameters
    ----------
    word : sequence of str
        Its sounds in order; those that are not listed in `sounds` leave their place empty.
    sounds : sequence of str
        Rows of the result.
    parts : int
        Into how many equal parts the time is divided.

    Returns
    -------
    np.ndarray [shape=(sounds, parts), dtype=float64]
        Shares: each column adds up to 1 if all sounds are listed.

    Raises
    ------
    ValueError
        If the word is empty or `parts` is not positive.

    Examples
    --------
    >>> layout(["t", "u"], sounds=["n", "t", "u"], parts=4).tolist()
    [[0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]]
    """
    if not len(word) or parts < 1:
        raise ValueError(f"needs at least one sound and one part, but got {len(word)} sounds and {parts} parts")
    filled = np.zeros((len(sounds), parts))
    starts = np.arange(parts) / parts
    for place, sound in enumerate(word):
        if sound in sounds:
            first, last = place / len(word), (place + 1) / len(word)
            overlap = np.minimum(last, starts + 1 / parts) - np.maximum(first, starts)
            filled[sounds.index(sound)] += parts * np.maximum(overlap, 0)
    return filled
