"""Checkers for the chapter *From a notebook to a program*."""

from __future__ import annotations

import hashlib

import numpy as np

from speechbook.exercises.checking import Hint, describe, exercise, expect_number
from speechbook.exercises.functions import Call, expect_same_function

WEIGHTS = 5 * 96 * 128


@exercise("ship-bytes")
def _bytes(answer: object) -> str:
    expect_number(
        answer,
        WEIGHTS + 4 * 128,
        hints={
            WEIGHTS: "That is the weights alone. Each of the 128 outputs has a factor of 4 bytes as well.",
            4 * WEIGHTS: "That is float32. Here a weight takes one byte.",
            4 * WEIGHTS + 4 * 128: "A weight takes 8 bits, one byte, not four.",
            WEIGHTS + 4 * 5 * 96 * 128: "There is one factor an output, not one a weight.",
            8 * WEIGHTS + 4 * 128: "Eight bits are one byte.",
        },
        hint="One byte for each of the 5 × 96 × 128 weights, and 4 bytes for each output.",
    )
    return "A quarter of the floats, and the factors hardly count."


def _sealed(body: bytes, *, spoil: int | None = None, short: bool = False) -> Call:
    content = bytearray(body + hashlib.sha256(body).digest())
    if spoil is not None:
        content[spoil] ^= 1
    return (bytes(content[:-1] if short else content),), {}


def _is_intact(content: bytes) -> int:
    return int(hashlib.sha256(content[:-32]).digest() == content[-32:])


@exercise("ship-intact")
def _intact(answer: object) -> str:
    body = bytes(range(200))
    expect_same_function(
        answer,
        _is_intact,
        name="intact",
        calls=[
            _sealed(body),
            _sealed(body, spoil=100),
            _sealed(body, spoil=-1),
            _sealed(body, short=True),
            _sealed(b""),
        ],
        mistakes=[
            (lambda content: 1, "It says that every file is intact. Compare the last 32 bytes with the hash."),
            (lambda content: 0, "It finds no file intact. Leave the last 32 bytes out of what is hashed."),
            (
                lambda content: int(hashlib.sha256(content).digest() == content[-32:]),
                "The hash was taken of what stands before it: leave the last 32 bytes out.",
            ),
        ],
    )
    return "One flipped bit anywhere, in the body or in the hash itself, and the file is refused."


def _count(file: dict, program: dict) -> int:
    missing = object()
    return sum(file.get(name, missing) != program.get(name, missing) for name in {**file, **program})


@exercise("ship-differences")
def _differences(answer: object) -> str:
    base = {"sample_rate": 8000, "n_mels": 40, "fmin": 60.0}
    expect_same_function(
        answer,
        _count,
        name="differences",
        calls=[
            ((base, dict(base)), {}),
            ((base, {**base, "n_mels": 80}), {}),
            ((base, {"sample_rate": 16000}), {}),
            (({}, base), {}),
            ((base, {**base, "fmax": None}), {}),
        ],
        mistakes=[
            (
                lambda a, b: sum(a[name] != b[name] for name in a if name in b),
                "A setting that only one of the two has is a difference too.",
            ),
            (
                lambda a, b: sum(a[name] != b.get(name) for name in a),
                "What the program has and the file has not is missed: go through the names of both.",
            ),
            (
                lambda a, b: sum(a.get(name) != b.get(name) for name in {**a, **b}),
                "`get` gives None for what is missing, and None can be a value as well: ask whether the name is there.",
            ),
            (lambda a, b: int(a != b), "That tells whether they differ. Asked is in how many settings."),
        ],
    )
    return "Zero, or do not start: a number in the wrong unit raises no error later."


@exercise("ship-wait")
def _wait(answer: object) -> str:
    expect_number(
        answer,
        195,
        hints={
            40: "It also waits until the batch is full.",
            200: "The first has come already: 31 others must follow it, not 32.",
            155: "That is until the batch is full. Then it must be computed, too.",
            160: "That is 32 gaps and no computing; 31 requests follow the first, and then 40 ms.",
            1.25: "That is the computing time for each request. Somebody waits for the whole batch.",
        },
        hint="31 more requests must come, 5 ms apart; then the batch takes 40 ms.",
    )
    return "Five times the computing time, for the sake of throughput. Servers set a limit to that wait."


def _slow(latencies: np.ndarray) -> float:
    ordered = np.sort(latencies)
    return float(ordered[int(np.ceil(0.95 * len(ordered) - 1e-9)) - 1])


@exercise("ship-percentile")
def _percentile(answer: object) -> str:
    rng = np.random.default_rng(8)
    expect_same_function(
        answer,
        _slow,
        name="slow",
        calls=[((rng.gamma(2, 5, size=n),), {}) for n in (20, 33, 100, 1)],
        mistakes=[
            (lambda t: np.mean(t), "That is the mean: it hides the slow ones."),
            (lambda t: np.max(t), "That is the slowest of all. 5 % may be slower than the answer."),
            (lambda t: np.median(t), "That is the median. Half of the users wait longer."),
            (lambda t: np.percentile(t, 95), "Nearly: that lies between two of them. Asked is one that occurred."),
            (lambda t: t[int(np.ceil(0.95 * len(t))) - 1], "Sort them first."),
            (
                lambda t: np.sort(t)[min(len(t) - 1, int(0.95 * len(t)))],
                "Of 20 latencies, 19 do not exceed the 19th: places count from 0, so it stands at 18.",
            ),
        ],
    )
    return "Promise percentiles, not means: one user in twenty waits at least so long."


NEEDED = {"weights", "labels", "front end", "threshold", "checksum"}
NOT_NEEDED = {
    "optimiser": "The optimiser is needed to train on, and this network never will be.",
    "training clips": "Clips of people do not belong into the file: it would be large, and not yours to pass on.",
    "seed": "A seed repeats the training. Note it in the card of the result; the program has no use for it.",
}


@exercise("ship-file")
def _file(answer: object) -> str:
    if not isinstance(answer, set | frozenset | list | tuple) or not all(isinstance(word, str) for word in answer):
        raise Hint(f"Give a set of words in quotes; you gave {describe(answer)}.")
    given = {word.strip().lower().replace("optimizer", "optimiser") for word in answer}
    for word, hint in NOT_NEEDED.items():
        if word in given:
            raise Hint(hint)
    if unknown := given - NEEDED:
        raise Hint(f"{min(unknown)!r} is not in the list.")
    if missing := NEEDED - given:
        raise Hint(f"{len(missing)} more: what would the program not know if only {', '.join(sorted(given))} came?")
    return "Whatever the program would otherwise have to guess."


def _moved(now: np.ndarray, centre: np.ndarray, spread: np.ndarray) -> float:
    return float(np.sqrt(np.mean(((now.mean(axis=0) - centre) / spread) ** 2)))


@exercise("ship-drift")
def _drift(answer: object) -> str:
    rng = np.random.default_rng(9)
    expect_same_function(
        answer,
        _moved,
        name="drift",
        calls=[
            ((rng.normal(size=(n, m)), rng.normal(size=m), rng.uniform(0.5, 3, size=m)), {})
            for n, m in ((5, 3), (40, 8))
        ],
        mistakes=[
            (
                lambda x, c, s: np.sqrt(np.mean(((x - c) / s) ** 2)),
                "Every row was compared. Take the mean of each column first: one odd recording is no drift.",
            ),
            (lambda x, c, s: np.sqrt(np.mean((x.mean(axis=0) - c) ** 2)), "Divide by the usual spread of each column."),
            (
                lambda x, c, s: np.mean((x.mean(axis=0) - c) / s),
                "Bands that rise and bands that fall cancel each other: square, average, take the root.",
            ),
            (lambda x, c, s: np.mean(((x.mean(axis=0) - c) / s) ** 2), "The root is missing."),
            (
                lambda x, c, s: np.sqrt(np.sum(((x.mean(axis=0) - c) / s) ** 2)),
                "That is a sum: with more bands it would grow by itself. Average over the columns.",
            ),
        ],
    )
    return "No labels needed: it can be computed for every week of use."
