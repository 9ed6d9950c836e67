"""Check functions that readers write: run them on several inputs, and know typical mistakes by what they give."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

import numpy as np

from speechbook.exercises.checking import Hint, Unanswered, describe, expect_function

Call = tuple[tuple, dict]


def expect_same_function(
    answer: object,
    right: Callable,
    *,
    name: str,
    calls: Sequence[Call],
    mistakes: Sequence[tuple[Callable, str]],
    tolerance: float = 1e-5,
) -> None:
    """Accept a function that agrees with the right one on every call.

    Parameters
    ----------
    answer : object
        What the reader gave.
    right : callable
        The right function; gives a number or an array.
    name : str
        What the exercise calls the function, for the hints.
    calls : sequence of (tuple, dict)
        Positional and keyword arguments of each call. Every call gets its own copy, so a function that changes its
        input cannot spoil the next one.
    mistakes : sequence of (callable, str)
        Typical wrong functions, each with its hint: it is given if the answer agrees with that function on all calls.
    tolerance : float
        Largest accepted difference, relative to the largest magnitude of the right result (at least 1).

    Raises
    ------
    Hint
        If the answer is no function, stops with an error, gives no numbers, or gives other numbers.
    Unanswered
        If it still gives back the dots of the stub.

    Examples
    --------
    >>> from speechbook.exercises import Hint
    >>> try:
    ...     expect_same_function(abs, lambda x: x**2, name="square", calls=[((-3,), {})], mistakes=[])
    ... except Hint as hint:
    ...     print(hint)
    square(-3) should give 9, but gives 3.
    """
    expect_function(answer, example=_shown(name, calls[0]))
    given = [_ask(answer, name, call) for call in calls]
    wanted = [_run(right, call) for call in calls]
    wrong = [i for i in range(len(calls)) if not _agree(given[i], wanted[i], tolerance)]
    if not wrong:
        return
    for mistake, hint in mistakes:
        if all(_agree(got, _run(mistake, call), tolerance) for got, call in zip(given, calls, strict=True)):
            raise Hint(hint)
    first = wrong[0]
    raise Hint(f"{_shown(name, calls[first])} {_difference(given[first], wanted[first])}")


def _run(function: Callable, call: Call) -> np.ndarray:
    args, kwargs = copy.deepcopy(call)
    with np.errstate(all="ignore"):
        return np.asarray(function(*args, **kwargs))


def _ask(answer: Callable, name: str, call: Call) -> np.ndarray:
    try:
        args, kwargs = copy.deepcopy(call)
        result = answer(*args, **kwargs)
        array = np.asarray(result)
    except Exception as error:
        raise Hint(f"{_shown(name, call)} stopped with {type(error).__name__}: {error}".rstrip(": ")) from None
    if result is ...:
        raise Unanswered("Replace the dots in the function by your code and run the cell again.")
    if result is None:
        raise Hint(f"{_shown(name, call)} gives nothing back: does your function end with return?")
    if array.dtype.kind not in "iuf":
        raise Hint(f"{_shown(name, call)} should give numbers, but gives {describe(result)}.")
    return array.astype(float)


def _agree(a: np.ndarray, b: np.ndarray, tolerance: float) -> bool:
    if a.shape != b.shape:
        return False
    scale = float(np.abs(b[np.isfinite(b)]).max(initial=1.0))
    return bool(np.allclose(a, b, rtol=0, atol=tolerance * scale, equal_nan=True))


def _difference(got: np.ndarray, want: np.ndarray) -> str:
    if got.shape != want.shape:
        return f"should give {_form(want)}, but gives {_form(got)}."
    if not np.all(np.isfinite(got)):
        return "gives NaN or infinity: look for a division by zero or a logarithm of 0."
    place = np.unravel_index(np.argmax(np.abs(got - want)), got.shape)
    where = f" at index {', '.join(str(int(i)) for i in place)}" if place else ""
    return f"should give {want[place]:.6g}{where}, but gives {got[place]:.6g}."


def _shown(name: str, call: Call) -> str:
    args, kwargs = call
    texts = [f"<array {value.shape}>" if isinstance(value, np.ndarray) else repr(value) for value in args]
    return f"{name}({', '.join([*texts, *(f'{key}={value!r}' for key, value in kwargs.items())])})"


def _form(array: np.ndarray) -> str:
    return f"an array of shape {array.shape}" if array.shape else "a single number"
