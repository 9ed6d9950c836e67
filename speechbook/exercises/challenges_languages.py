"""Checkers for the chapter *Many languages, and a second sense*."""

from __future__ import annotations

import unicodedata

import numpy as np

from speechbook.exercises.checking import Hint, exercise, expect_array, expect_number
from speechbook.exercises.functions import Call, expect_same_function


@exercise("languages-smallest-p")
def _smallest_p(answer: object) -> str:
    expect_number(
        answer,
        2 / 70,
        tolerance=0.02,
        hints={
            1 / 70: "Swapping the two accents gives the same gap with the other sign, and that counts as well.",
            1 / 15: "That is two of six. Here it is four of eight.",
            2 / 56: "Fifty-six ways choose three or five of eight. Four are chosen.",
            1 / 28: "Twenty-eight ways choose two of eight. Four are chosen.",
            1 / 40320: "Order does not matter: only who is in which group.",
        },
        hint="How many ways choose four of eight? How many of them give the largest gap, in either direction?",
    )
    return "0.029: eight speakers can show what six cannot, if the groups hardly overlap."


@exercise("languages-lag")
def _lag(answer: object) -> str:
    right = np.array([8000 / 45, 8000 / 90])
    given = np.asarray(answer) if isinstance(answer, list | tuple | np.ndarray) else None
    if given is not None and given.shape == (2,) and given.dtype.kind in "iuf":
        if np.allclose(given, right[::-1]):
            raise Hint("The right numbers, the wrong way round: first the pitch, then what the mistaken tracker says.")
        if np.allclose(given, [right[0], 2 * right[0]]):
            raise Hint("Twice the lag is twice the period, and so half the pitch.")
        if np.allclose(given, [45 / 8000, 90 / 8000]):
            raise Hint("Those are the periods in seconds. How many of them fit into one second?")
    expect_array(answer, right, hint="Pitch is sample rate over lag; twice the lag is another note.", tolerance=5e-3)
    return "178 Hz, and an octave lower: the commonest mistake of pitch trackers."


def _tracks() -> list[Call]:
    rng = np.random.default_rng(8)
    tracks = [rng.uniform(90, 250, n) for n in (7, 12)]
    tracks[1][[0, 4]] = np.nan
    return [((track,), {}) for track in tracks]


def _relative(track: np.ndarray) -> np.ndarray:
    return 12 * np.log2(track / np.nanmedian(track))


@exercise("languages-relative")
def _relative_pitch(answer: object) -> str:
    expect_same_function(
        answer,
        _relative,
        name="relative",
        calls=_tracks(),
        mistakes=[
            (lambda t: np.log2(t / np.nanmedian(t)), "Those are octaves. One octave is twelve semitones."),
            (lambda t: t - np.nanmedian(t), "Those are hertz. Voices differ by factors, so take a logarithm."),
            (lambda t: 12 * np.log2(t / np.nanmean(t)), "That is the mean; the median is asked for."),
            (lambda t: 12 * np.log2(t / np.median(t)), "The median must leave out what is NaN."),
            (
                lambda t: 12 * np.log(t / np.nanmedian(t)),
                "An octave is a factor of two: take the logarithm to the base 2.",
            ),
        ],
    )
    return "A high and a low voice now draw the same line."


def _answers() -> list[Call]:
    beaten = np.array([[0.90, 0.05, 0.05], [0.01, 0.49, 0.50], [0.45, 0.50, 0.05]])
    outvoted = np.array([[0.90, 0.05, 0.05], [0.40, 0.55, 0.05], [0.40, 0.55, 0.05]])
    even = np.array([[0.6, 0.4, 0.0], [0.6, 0.4, 0.0]]) + 1e-9
    shares = np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]), np.array([[0.5, 0.5], [1.0, 0.0], [0.5, 0.5]])
    return [((p[:, :, None] * split,), {}) for p in (beaten, outvoted, even) for split in shares]


def _language_of(p: np.ndarray) -> int:
    return int(np.log(p.sum(axis=2)).sum(axis=0).argmax())


def _votes(p: np.ndarray) -> int:
    return int(np.bincount(p.sum(axis=2).argmax(axis=1), minlength=p.shape[1]).argmax())


@exercise("languages-several")
def _several(answer: object) -> str:
    expect_same_function(
        answer,
        _language_of,
        name="language_of",
        calls=_answers(),
        mistakes=[
            (lambda p: np.log(p.sum(axis=2)).sum(axis=0), "Those are the scores. Which language has the highest?"),
            (_votes, "A vote forgets how sure each clip is. Add logarithms of probabilities."),
            (
                lambda p: int(p.max(axis=2).prod(axis=0).argmax()),
                "Add the ten digits of a language first: the question is not which word it was.",
            ),
            (
                lambda p: int(p.sum(axis=(0, 2)).argmax()),
                "Probabilities of several independent clips multiply: add their logarithms, not themselves.",
            ),
            (lambda p: p.sum(axis=2).argmax(axis=1), "One language for all the clips together is asked for."),
        ],
    )
    return "Two words already say much more than one."


@exercise("languages-gap")
def _gap(answer: object) -> str:
    if isinstance(answer, str) or not isinstance(answer, list | tuple | set):
        raise Hint("Give a list of English names, such as ['one', 'two'].")
    given = {str(word).strip().lower() for word in answer}
    if given == {"two"} or given == {"five", "nine", "two"}:
        raise Hint("The length mark ː makes no new sound here: *uː* is *u*, and *u* was heard.")
    if given == {"five"} or given == {"nine"}:
        raise Hint("One of two. The same diphthong is in another word.")
    if not given:
        raise Hint("Divide the diphthong aɪ into its two sounds: one of them was never heard.")
    if given != {"five", "nine"}:
        raise Hint("Divide diphthongs into their sounds, leave the length mark out, and compare with the list.")
    return "Both hold *a*. The other sounds may still give them away: f and v in one, n twice in the other."


@exercise("languages-product")
def _product(answer: object) -> str:
    right = np.array([0.12, 0.32]) / 0.44
    given = np.asarray(answer) if isinstance(answer, list | tuple | np.ndarray) else None
    if given is not None and given.shape == (2,) and given.dtype.kind in "iuf":
        if np.allclose(given, [0.12, 0.32]):
            raise Hint("These are the products. Probabilities add up to 1: divide by the sum.")
        if np.allclose(given, [0.4, 0.6]):
            raise Hint("That is the mean, the sum rule. The product rule multiplies.")
        weak = np.sqrt([0.12, 0.32]) / np.sqrt([0.12, 0.32]).sum()
        if np.allclose(given, weak, atol=5e-3):
            raise Hint("With both exponents at one half the winner is the same, but Bayes' rule has exponents of 1.")
    expect_array(answer, right, hint="Multiply class by class, then divide by the sum.", tolerance=8e-3)
    return "0.27 and 0.73: the eye is surer, and wins."


def _turkish() -> list[Call]:
    apart = unicodedata.normalize("NFD", "DÖRT")
    pairs = [("SIFIR", "sıfır"), ("İKİ", "iki"), ("SIFIR", "sifir"), (apart, "dört"), ("üç", "uc"), ("bir", "iki")]
    return [(pair, {}) for pair in pairs]


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", text.replace("İ", "i").replace("I", "ı").lower())


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def _as_number(answer: object) -> object:
    """Let a function say 1 and 0 for True and False."""
    if not callable(answer):
        return answer

    def asked(a: str, b: str) -> object:
        said = answer(a, b)
        return int(said) if isinstance(said, bool | np.bool_) else said

    return asked


@exercise("languages-turkish")
def _same_word(answer: object) -> str:
    expect_same_function(
        _as_number(answer),
        lambda a, b: int(_plain(a) == _plain(b)),
        name="same_word",
        calls=_turkish(),
        mistakes=[
            (lambda a, b: int(a == b), "The same word may be written in capitals."),
            (
                lambda a, b: int(a.lower() == b.lower()),
                "Python's lower follows the English rule: I becomes i. Replace I and İ first.",
            ),
            (
                lambda a, b: int(unicodedata.normalize("NFC", a.lower()) == unicodedata.normalize("NFC", b.lower())),
                "Python's lower follows the English rule: I becomes i. Replace I and İ before it.",
            ),
            (lambda a, b: int(_bare(a) == _bare(b)), "Dropping every mark makes *üç* and *uc* the same."),
            (
                lambda a, b: int(_half(a) == _half(b)),
                "Not every capital is one code point: bring both to the form NFC.",
            ),
        ],
    )
    return "The rule belongs to the language, not to the alphabet."


def _half(text: str) -> str:
    return text.replace("İ", "i").replace("I", "ı").lower()
