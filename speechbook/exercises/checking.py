"""The machinery under the checkers: registry, verdicts, and comparisons that explain themselves."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

MIME_TYPE = "application/vnd.speechbook.verdict+json"

_CHECKERS: dict[str, Callable] = {}


class Hint(Exception):
    """What a checker raises when an answer is not right: one or two sentences that help."""


class Unanswered(Hint):
    """What a checker raises when the answer is a function whose dots still stand: not answered, rather than wrong."""


@dataclass(frozen=True)
class Verdict:
    """What the reader sees.

    Attributes
    ----------
    exercise : str
        Id of the exercise.
    status : str
        ``"right"``, ``"wrong"`` or ``"open"`` (not answered yet).
    message : str
        Praise, hint or invitation.
    """

    exercise: str
    status: str
    message: str

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.status == "right"

    def __str__(self) -> str:
        """Give the verdict as plain text."""
        return f"{ {'right': '✓ Right.', 'wrong': '✗ Not yet.', 'open': '○ Open.'}[self.status] } {self.message}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        text = html.escape(str(self))
        return {
            "text/plain": str(self),
            "text/html": f'<div class="sb-verdict sb-verdict-{self.status}" role="status">{text}</div>',
            MIME_TYPE: {"exercise": self.exercise, "status": self.status},
        }


def exercise(exercise_id: str) -> Callable[[Callable], Callable]:
    """Register a checker under an id such as ``"features-frame-count"``.

    Parameters
    ----------
    exercise_id : str
        Chapter and task in kebab-case, unique in the book.

    Returns
    -------
    callable
        Decorator that leaves the checker as it is.

    Raises
    ------
    ValueError
        If the id is taken.
    """

    def register(checker: Callable) -> Callable:
        if exercise_id in _CHECKERS:
            raise ValueError(f"two checkers are called {exercise_id!r}; ids are unique in the book")
        _CHECKERS[exercise_id] = checker
        return checker

    return register


def exercise_ids() -> tuple[str, ...]:
    """Give the ids of all exercises, sorted."""
    return tuple(sorted(_CHECKERS))


def check(exercise_id: str, answer: object = ...) -> Verdict:
    """Check an answer.

    Parameters
    ----------
    exercise_id : str
        The id that stands in the exercise.
    answer : object
        Your answer: a number, text, array or function. ``...`` means: not answered yet.

    Returns
    -------
    Verdict
        Shows itself in a notebook; ``.passed`` tells a program.

    Raises
    ------
    ValueError
        If no exercise has that id.

    Examples
    --------
    >>> print(check("features-highest-frequency", 4000))
    ✓ Right. Half the sampling rate: the Nyquist frequency.
    >>> check("features-highest-frequency", 8000).passed
    False
    """
    if exercise_id not in _CHECKERS:
        raise ValueError(f"there is no exercise {exercise_id!r}; the ids are {', '.join(exercise_ids())}")
    if answer is ... or answer is None:
        return Verdict(exercise_id, "open", "Replace the dots by your answer and run the cell again.")
    try:
        praise = _CHECKERS[exercise_id](answer)
    except Unanswered as hint:
        return Verdict(exercise_id, "open", str(hint))
    except Hint as hint:
        return Verdict(exercise_id, "wrong", str(hint))
    except Exception as error:
        detail = f"{type(error).__name__}: {error}".rstrip(": ")
        return Verdict(exercise_id, "wrong", f"Your answer could not be checked, it led to {detail}")
    return Verdict(exercise_id, "right", praise or "Well done.")


def expect_number(
    answer: object, right: float, *, hints: dict[float, str] | None = None, hint: str, tolerance: float = 1e-6
) -> None:
    """Accept a number within a relative tolerance; explain well-known wrong ones.

    Parameters
    ----------
    answer : object
        What the reader gave.
    right : float
        The right number.
    hints : dict of float to str, optional
        Typical wrong numbers and what lies behind each.
    hint : str
        For any other wrong number.
    tolerance : float
        Relative to `right`; absolute where `right` is 0.

    Raises
    ------
    Hint
        If the answer is no number, or another one.
    """
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, int | float | np.number):
        raise Hint(f"A single number is asked for, but you gave {describe(answer)}.")
    value = float(answer)
    if math.isclose(value, right, rel_tol=tolerance, abs_tol=tolerance if right == 0 else 0.0):
        return
    for wrong, why in (hints or {}).items():
        if math.isclose(value, wrong, rel_tol=max(tolerance, 1e-6), abs_tol=1e-12):
            raise Hint(why)
    raise Hint(hint)


def expect_text(
    answer: object, right: str | tuple[str, ...], *, hints: dict[str, str] | None = None, hint: str
) -> None:
    """Accept one of several words, whatever their case and outer spaces.

    Parameters
    ----------
    answer : object
        What the reader gave.
    right : str or tuple of str
        The accepted words.
    hints : dict of str to str, optional
        Typical wrong words and what lies behind each.
    hint : str
        For any other wrong word.

    Raises
    ------
    Hint
        If the answer is no text, or another one.
    """
    if not isinstance(answer, str):
        raise Hint(f"A word in quotes is asked for, but you gave {describe(answer)}.")
    word = " ".join(answer.lower().split())
    if word in ((right,) if isinstance(right, str) else right):
        return
    raise Hint((hints or {}).get(word, hint))


def expect_array(answer: object, right: np.ndarray, *, hint: str, tolerance: float = 1e-5) -> None:
    """Accept an array of the right shape whose numbers agree.

    Parameters
    ----------
    answer : object
        What the reader gave.
    right : ndarray
        The right array.
    hint : str
        If the shape agrees but the numbers do not.
    tolerance : float
        Largest accepted difference, relative to the largest magnitude of `right`.

    Raises
    ------
    Hint
        If the answer is no array of numbers, or another one.
    """
    try:
        array = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        raise Hint(f"An array of numbers is asked for, but you gave {describe(answer)}.") from None
    if array.shape != right.shape:
        raise Hint(f"The shape should be {right.shape}, but is {array.shape}.")
    if not np.all(np.isfinite(array)):
        raise Hint("Some of your numbers are not finite (NaN or infinity): look for a division by zero or a log of 0.")
    if np.abs(array - right).max() > tolerance * max(1.0, float(np.abs(right).max())):
        raise Hint(hint)


def expect_function(answer: object, *, example: str) -> None:
    """Accept anything that can be called.

    Parameters
    ----------
    answer : object
        What the reader gave.
    example : str
        How the function will be called, for the hint.

    Raises
    ------
    Hint
        If the answer cannot be called.
    """
    if not callable(answer):
        raise Hint(
            f"Pass the function itself, without calling it, so that {example} works; you gave {describe(answer)}."
        )


def describe(answer: object) -> str:
    """Name an answer for a hint: its type and, where short, its value.

    Parameters
    ----------
    answer : object
        Anything.

    Returns
    -------
    str
        Such as ``"a str ('4 kHz')"``.

    Examples
    --------
    >>> describe("4 kHz")
    "a str ('4 kHz')"
    """
    text = repr(answer)
    return f"a {type(answer).__name__}" + (f" ({text})" if len(text) <= 40 else "")
