"""Checkers for *Back-propagation* in the part *maths*."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from speechbook.exercises.checking import (
    Hint,
    Unanswered,
    describe,
    exercise,
    expect_function,
    expect_number,
    expect_text,
)
from speechbook.exercises.functions import expect_same_function


def expect_parts(
    answer: object,
    right: Callable,
    *,
    name: str,
    calls: Sequence[tuple],
    parts: Sequence[str],
    mistakes: Mapping[str, Sequence[tuple[Callable, str]]],
) -> None:
    """Accept a function that returns several arrays, and say which of them is wrong.

    Parameters
    ----------
    answer : object
        What the reader gave.
    right : callable
        The right function; returns a tuple of arrays.
    name : str
        What the exercise calls the function.
    calls : sequence of tuple
        Positional arguments of each call; arrays are copied for each run.
    parts : sequence of str
        What each of the returned arrays is, for the hints.
    mistakes : mapping of str to sequence of (callable, str)
        For a part: typical wrong versions of it (functions of the same arguments) with their hints.

    Raises
    ------
    Hint
        If the answer is no function, stops with an error, or a part is wrong.
    Unanswered
        If it still gives back the dots of the stub.

    Examples
    --------
    >>> expect_parts(divmod, divmod, name="divide", calls=[(7, 2)], parts=["quotient", "rest"], mistakes={})
    """
    expect_function(answer, example=f"{name}(…)")
    given = [_parts_of(answer, name, call, parts) for call in calls]
    for place, part in enumerate(parts):
        wanted = [np.asarray(right(*call)[place], dtype=float) for call in calls]
        if all(_close(got[place], want) for got, want in zip(given, wanted, strict=True)):
            continue
        for mistake, hint in mistakes.get(part, ()):
            if all(_close(got[place], np.asarray(mistake(*call))) for got, call in zip(given, calls, strict=True)):
                raise Hint(f"{part}: {hint}")
        got, want = next(pair for pair in zip((g[place] for g in given), wanted, strict=True) if not _close(*pair))
        if got.shape != want.shape:
            raise Hint(f"{part}: the shape should be {want.shape}, but is {got.shape}.")
        raise Hint(f"{part}: the numbers are not right yet. Compare with gradients.numerical_gradient on a small case.")


def _parts_of(answer: Callable, name: str, call: tuple, parts: Sequence[str]) -> list[np.ndarray]:
    """Run the reader's function, and return what it gives as arrays of numbers."""
    try:
        result = answer(*(np.copy(value) if isinstance(value, np.ndarray) else value for value in call))
    except Exception as error:
        raise Hint(f"{name} stopped with {type(error).__name__}: {error}".rstrip(": ")) from None
    if result is ...:
        raise Unanswered("Replace the dots in the function by your code and run the cell again.")
    if not isinstance(result, tuple | list) or len(result) != len(parts):
        raise Hint(f"{name} should return {len(parts)} things ({', '.join(parts)}), but gives {describe(result)}.")
    try:
        return [np.asarray(part, dtype=float) for part in result]
    except (TypeError, ValueError):
        raise Hint(f"{name} should return arrays of numbers ({', '.join(parts)}).") from None


def _close(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-6, atol=1e-8))


@exercise("bp-square")
def _square(answer: object) -> str:
    expect_number(
        answer,
        4,
        hints={
            2: "The inner derivative is missing: wx − y changes by x for each unit of w.",
            1: "That is the cost itself. Its slope is asked for.",
            -4: "Mind the sign: more weight makes wx − y, and with it the cost, larger.",
            8: "2 · (wx − y) · x is 2 · 1 · 2.",
        },
        hint="The chain rule: 2 (wx − y), times the derivative of wx − y by w.",
    )
    return "2 · (2 − 1) · 2."


@exercise("bp-shapes")
def _shapes(answer: object) -> str:
    if not isinstance(answer, Mapping):
        raise Hint(f"A dict with the keys 'dC/dW1' and 'delta1' is asked for, but you gave {describe(answer)}.")
    if any(value is ... for value in answer.values()):
        raise Unanswered("Replace all the dots by tuples and run the cell again.")
    right = {"dC/dW1": (26, 8), "delta1": (32, 8)}
    hints = {
        (
            "dC/dW1",
            (8, 26),
        ): "With clips as columns it would be that (as in Nielsen's book). Here x @ W, so W is (26, 8).",
        ("dC/dW1", (32, 26, 8)): "One such array a clip, yes; but the gradient of the mean cost adds them up.",
        ("dC/dW1", (26,)): "Each of the 26 · 8 weights has a derivative of its own.",
        ("delta1", (32, 26)): "That is the shape of the input. δ¹ belongs to the 8 units of the first layer.",
        ("delta1", (8,)): "That would be one clip. There is a row for each of the 32.",
        ("delta1", (8, 32)): "Here clips are rows.",
        ("delta1", (32, 10)): "That is the shape of δ². The first layer has 8 units.",
    }
    for key, shape in right.items():
        given = answer.get(key)
        if not isinstance(given, tuple | list) or not all(isinstance(n, int) for n in given):
            raise Hint(f"For {key!r} a tuple of whole numbers is asked for, but you gave {describe(given)}.")
        if tuple(given) != shape:
            raise Hint(hints.get((key, tuple(given)), f"{key} has the shape of what is below the fraction line."))
    return "A derivative has the shape of what it is taken by."


@exercise("bp-saturated")
def _saturated(answer: object) -> str:
    p = 1 / (1 + np.exp(20.0))
    squared, entropy = 2 * (p - 1) * p * (1 - p), p - 1
    try:
        array = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        raise Hint(f"A list of two numbers is asked for, but you gave {describe(answer)}.") from None
    if array.shape != (2,):
        raise Hint(f"A list of two numbers is asked for, but yours has the shape {array.shape}.")
    for slopes, hint in {
        (entropy, squared): "The order is turned round: squared error first.",
        (2 * (p - 1), entropy): "The slope of the sigmoid, p (1 − p), is missing in the first one.",
        (-squared, -entropy): "Mind the signs: z has to rise, so going downhill needs negative slopes.",
        (-squared, entropy): "Mind the sign of the first one: (p − 1)² falls as z rises.",
        ((p - 1) ** 2, -np.log(p)): "Those are the errors themselves. Their slopes by z are asked for.",
        (squared, -1 / p): "The second one is the slope by p. By z it has the factor p (1 − p) as well.",
    }.items():
        if np.allclose(array, slopes, rtol=1e-3, atol=0):
            raise Hint(hint)
    if not np.allclose(array, [squared, entropy], rtol=1e-2, atol=0):
        raise Hint("By the chain rule: 2 (p − 1) · p (1 − p) for the first, and p − 1 for the second, with p = σ(−20).")
    return "The worst mistake, and squared error barely feels it."


@exercise("bp-unit")
def _unit(answer: object) -> str:
    def right(w: np.ndarray, b: float, x: np.ndarray, y: int) -> np.ndarray:
        by_z = 1 / (1 + np.exp(-(w @ x + b))) - y
        return np.append(by_z * x, by_z)

    def with_slope(w: np.ndarray, b: float, x: np.ndarray, y: int) -> np.ndarray:
        p = 1 / (1 + np.exp(-(w @ x + b)))
        return right(w, b, x, y) * p * (1 - p)

    expect_same_function(
        answer,
        right,
        name="unit_gradient",
        calls=[
            ((np.array([0.8]), -0.5, np.array([2.0]), 1), {}),
            ((np.array([0.5, -1.0, 2.0]), 0.1, np.array([1.0, 3.0, -0.5]), 0), {}),
            ((np.array([0.0, 0.0]), 0.0, np.array([4.0, 5.0]), 1), {}),
        ],
        mistakes=[
            (lambda w, b, x, y: -right(w, b, x, y), "The sign is turned round: p − y, not y − p."),
            (
                with_slope,
                "That is the slope of a squared error (up to a factor 2). With cross-entropy p (1 − p) cancels.",
            ),
            (lambda w, b, x, y: right(w, b, x, y)[:-1], "The bias is missing: its derivative comes last."),
            (lambda w, b, x, y: np.roll(right(w, b, x, y), 1), "The bias comes last, after the weights."),
            (
                lambda w, b, x, y: np.append(right(w, b, x, y)[-1] * w, right(w, b, x, y)[-1]),
                "You multiply by w. z = w·x + b changes by x for each unit of w.",
            ),
            (lambda w, b, x, y: np.append(right(w, b, x, y)[:-1], 1.0), "z changes by 1 with b, but C by (p − y) · 1."),
        ],
    )
    return "(p − y) times what the weight multiplies."


@exercise("bp-shared")
def _shared(answer: object) -> str:
    expect_number(
        answer,
        7,
        hints={
            8: "That is the first frame alone. The weight also acts through the second one.",
            -1: "That is the second frame alone. The weight also acts through the first one.",
            9: "Mind the sign of the second path: 0.5 · 1 − 1 is negative.",
            3.5: "Paths add up; no mean is taken.",
            -8: "Paths add up. You multiplied them.",
            1: "The inner derivatives are missing: x₁ = 4 on the first path, x₂ = 1 on the second.",
            1.25: "That is the cost itself. Its slope is asked for.",
        },
        hint="Two paths lead from w to C. Compute 2 (w x − 1) x for each, and add.",
    )
    return "8 by the first path, −1 by the second."


@exercise("bp-dense")
def _dense(answer: object) -> str:
    rng = np.random.default_rng(0)
    sizes = [(4, 3, 2), (5, 5, 5), (1, 2, 6)]
    expect_parts(
        answer,
        lambda x, kernel, upstream: (upstream @ kernel.T, x.T @ upstream, upstream.sum(axis=0)),
        name="dense_backward",
        calls=[(rng.normal(size=(n, i)), rng.normal(size=(i, j)), rng.normal(size=(n, j))) for n, i, j in sizes],
        parts=["by x", "by the kernel", "by the bias"],
        mistakes={
            "by x": [(lambda x, k, u: x.T @ u, "that is the derivative by the kernel. The input comes first.")],
            "by the kernel": [
                (lambda x, k, u: u.T @ x, "turned round; the kernel is (inputs, units), so xᵀ comes first."),
                (lambda x, k, u: x.T @ u / len(x), "the mean over clips is already in upstream; only add up."),
            ],
            "by the bias": [
                (lambda x, k, u: u, "every clip uses the same bias, so add over the clips."),
                (lambda x, k, u: u.mean(axis=0), "the mean over clips is already in upstream; only add up."),
                (lambda x, k, u: u.sum(), "each unit has its own bias: add over the clips only."),
                (lambda x, k, u: u.sum(axis=1), "add over the clips (axis 0), not over the units."),
            ],
        },
    )
    return "Equations 2, 3 and 4 in one line each."


@exercise("bp-central")
def _central(answer: object) -> str:
    def difference(cost: Callable, w: np.ndarray, up: float, down: float, width: float) -> np.ndarray:
        gradient = np.zeros(w.shape)
        for place in np.ndindex(w.shape):
            step = np.zeros(w.shape)
            step[place] = 1
            gradient[place] = (cost(w + up * step) - cost(w - down * step)) / width
        return gradient

    def cubic(w: np.ndarray) -> float:
        return float((w**3).sum())

    def mixed(w: np.ndarray) -> float:
        return float(np.exp(w).prod() + w.ravel()[0] ** 3)

    expect_same_function(
        answer,
        lambda cost, w, h: difference(cost, w, h, h, 2 * h),
        name="central",
        calls=[
            ((cubic, np.array([1.0, -2.0, 0.5]), 0.1), {}),
            ((mixed, np.array([[0.1, 0.2], [-0.3, 0.4]]), 0.01), {}),
            ((cubic, np.array([3.0]), 1e-3), {}),
        ],
        mistakes=[
            (lambda c, w, h: difference(c, w, h, 0, h), "You step to one side only. Go up and down; the bend cancels."),
            (lambda c, w, h: difference(c, w, 0, h, h), "You step to one side only. Go up and down; the bend cancels."),
            (lambda c, w, h: difference(c, w, h, h, h), "From w − h to w + h it is 2h: divide by that."),
            (lambda c, w, h: -difference(c, w, h, h, 2 * h), "The sign is turned round: cost up minus cost down."),
            (lambda c, w, h: difference(c, w, 1e-5, 1e-5, 2e-5), "Use the step h that is passed in."),
            (
                lambda c, w, h: np.full(w.shape, (c(w + h) - c(w - h)) / (2 * h)),
                "You move all weights at once. Move one, keep the others.",
            ),
            (
                lambda c, w, h: (c(w + h) - c(w - h)) / (2 * h),
                "You move all weights at once. Move one, keep the others, and fill an array of w's shape.",
            ),
        ],
        tolerance=1e-7,
    )
    return "Two runs for each weight: slow, and always right."


@exercise("bp-step")
def _step(answer: object) -> str:
    if isinstance(answer, bool) or not isinstance(answer, int | float | np.number):
        raise Hint(f"A single number is asked for, but you gave {describe(answer)}.")
    step = float(answer)
    if not step > 0:
        raise Hint("A step is a number above 0; look at the valley in the figure.")
    if step > 1e-4:
        raise Hint("Too long: the bend that does not cancel grows like h². Where is the bottom of the valley?")
    if step < 1e-6:
        raise Hint(
            "Too short: the two costs agree in nearly all digits, and rounding is what is left. "
            "(1e-8, the square root of the precision, is the best step to ONE side.)"
        )
    return "Near the cube root of the machine's precision, 6e-6: there both errors are about equal."


@exercise("bp-passes")
def _passes(answer: object) -> str:
    expect_number(
        answer,
        4756,
        hints={
            2378: "That is the number of weights. Central differences take two passes for each.",
            4608: "You left out the biases: 64 + 10 of them.",
            2304: "You left out the biases, and the second pass for each weight.",
            2379: "That would do for one-sided differences: one pass a weight, and one more.",
            3: "That is about what back-propagation costs.",
            4757: "The cost at the point itself is not needed.",
        },
        hint="Count the weights, 26 · 64 + 64 + 64 · 10 + 10, and take two passes for each.",
    )
    return "4,756 passes; back-propagation takes about three."


@exercise("bp-bug")
def _bug(answer: object) -> str:
    expect_text(
        answer,
        "input",
        hints={
            "kernel": "That einsum is xᵀ upstream, and right. Run gradients.check_gradients on a small Suspect.",
            "bias": "What is divided is multiplied again. Run gradients.check_gradients on a small Suspect.",
        },
        hint="Answer 'input', 'kernel' or 'bias'; gradients.check_gradients(Suspect(4, 3, rng=rng), …) tells which.",
    )
    return "The derivative by the input was divided by the number of units. Only the layers before would have suffered."
