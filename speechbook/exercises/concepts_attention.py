"""Checkers for *Attention and today's encoders* in the part *concepts*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import expect_same_function


@exercise("attention-weights")
def _weights(answer: object) -> str:
    expect_number(
        answer,
        16_640,
        hints={
            16_384: "Those are the four matrices. Each has a bias as well.",
            12_480: "Query, key and value make three. A fourth matrix mixes the heads' answers.",
            12_288: "Query, key and value make three. A fourth matrix mixes the heads' answers; and there are biases.",
            6560: "That is the layer of the chapter: 40 features, keys of 10. Here it is 64 and 16.",
            4160: "That is one matrix with its bias. How many are there?",
            4304: "That is one head. Four heads of 16 make matrices of 64 × 64.",
        },
        hint="Four matrices (query, key, value, output) of 64 × (4 · 16) numbers, each with a bias.",
    )
    return "4 · (64 · 64 + 64). The number of frames does not occur in it."


@exercise("attention-cost")
def _cost(answer: object) -> str:
    expect_number(
        answer,
        100,
        hints={
            10: "Each of ten times as many queries meets ten times as many keys.",
            1_000_000: "That is the number of pairs. How many times as many is it as before?",
            990_000: "That is the difference. How many TIMES as many?",
            20: "The factors for queries and keys multiply.",
        },
        hint="Pairs are frames times frames; divide the new number by the old one.",
    )
    return "The square: 10,000 pairs become a million."


def _softmax(z: np.ndarray, axis: int = -1) -> np.ndarray:
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _attend(
    q: np.ndarray, k: np.ndarray, v: np.ndarray, allowed: np.ndarray, *, root: float = 0.5, axis: int = -1
) -> np.ndarray:
    scores = np.where(allowed, q @ k.T / q.shape[1] ** root, -1e300)
    return _softmax(scores, axis) @ v


@exercise("attention-masked")
def _masked(answer: object) -> str:
    rng = np.random.default_rng(0)

    def call(n_queries: int, n_keys: int, d: int, *, size: float = 1.0) -> tuple:
        q, k = size * rng.normal(size=(n_queries, d)), rng.normal(size=(n_keys, d))
        allowed = rng.random((n_queries, n_keys)) < 0.6
        allowed[:, 0] = True
        return (q, k, rng.normal(size=(n_keys, 3)), allowed), {}

    def zeroed_scores(q, k, v, allowed):
        return _softmax(np.where(allowed, q @ k.T / np.sqrt(q.shape[1]), 0)) @ v

    def zeroed_weights(q, k, v, allowed):
        return (_softmax(q @ k.T / np.sqrt(q.shape[1])) * allowed) @ v

    def overflowing(q, k, v, allowed):
        e = np.exp(np.where(allowed, q @ k.T / np.sqrt(q.shape[1]), -np.inf))
        return e / e.sum(axis=1, keepdims=True) @ v

    expect_same_function(
        answer,
        _attend,
        name="attend",
        calls=[call(4, 4, 9), call(5, 7, 4), call(3, 6, 16, size=1e4)],
        mistakes=[
            (lambda q, k, v, allowed: _attend(q, k, v, np.ones_like(allowed)), "The mask has no effect yet."),
            (zeroed_scores, "A score of 0 still gets a weight. A forbidden one has to be −∞ before softmax."),
            (zeroed_weights, "Masked after softmax, the rest no longer adds up to 1. Mask the scores."),
            (overflowing, "Right for small scores, but exp overflows for large ones: take off each row's maximum."),
            (
                lambda q, k, v, allowed: _attend(q, k, v, allowed, root=0),
                "The division by √d is missing.",
            ),
            (
                lambda q, k, v, allowed: _attend(q, k, v, allowed, root=1),
                "Divide by the ROOT of d, the number of features of a query.",
            ),
            (lambda q, k, v, allowed: _attend(q, k, v, ~allowed), "Your mask is turned round: True means allowed."),
            (
                lambda q, k, v, allowed: _attend(q, k, v, allowed, axis=0),
                "Softmax goes along the keys: each QUERY's weights add up to 1.",
            ),
        ],
    )
    return "With this mask a Transformer can listen live."


def _chunks(n_frames: int, chunk: int, left: int) -> np.ndarray:
    number = np.arange(n_frames) // chunk
    back = number[:, None] - number[None, :]
    return (back >= 0) & (back <= left)


@exercise("attention-chunks")
def _chunk_mask(answer: object) -> str:
    def given(n_frames: int, chunk: int, left: int) -> object:
        result = answer(n_frames, chunk, left)
        return result.astype(int) if isinstance(result, np.ndarray) and result.dtype == bool else result

    def by_frames(n_frames: int, chunk: int, left: int) -> np.ndarray:
        i, j = np.arange(n_frames)[:, None], np.arange(n_frames)[None, :]
        return ((j <= i) & (j > i - chunk * (left + 1))).astype(int)

    expect_same_function(
        given if callable(answer) else answer,
        lambda *sizes: _chunks(*sizes).astype(int),
        name="chunk_mask",
        calls=[((8, 2, 1), {}), ((7, 3, 0), {}), ((10, 3, 2), {}), ((5, 1, 1), {})],
        mistakes=[
            (
                lambda n, chunk, left: _chunks(n, chunk, left).T.astype(int),
                "Turned round: your frames see the future. Queries are rows, keys are columns.",
            ),
            (
                lambda n, chunk, left: _chunks(n, chunk, n).astype(int),
                "Frames may look back at `left` chunks only, not at all of the past.",
            ),
            (
                lambda n, chunk, left: _chunks(n, chunk, 0).astype(int),
                "Your frames see their own chunk only. `left` chunks before it are allowed, too.",
            ),
            (
                lambda n, chunk, left: (_chunks(n, chunk, left) & np.tri(n, dtype=bool)).astype(int),
                "Within its own chunk a frame may also look AHEAD: the whole chunk is there when it is computed.",
            ),
            (by_frames, "You slide a window with each frame. Chunks stand still: frame t is in chunk t // chunk."),
            (lambda n, chunk, left: np.tri(n, dtype=int), "That is the causal mask, without chunks."),
        ],
    )
    return "The delay is at most one chunk, and the cost grows with the length, no longer with its square."


@exercise("attention-pool")
def _pool(answer: object) -> str:
    def right(x: np.ndarray, scores: np.ndarray, n_real: int) -> np.ndarray:
        return _softmax(scores[:n_real]) @ x[:n_real]

    def masked_after(x: np.ndarray, scores: np.ndarray, n_real: int) -> np.ndarray:
        return _softmax(scores)[:n_real] @ x[:n_real]

    rng = np.random.default_rng(0)
    calls = [
        ((rng.normal(size=(n, 3)), size * rng.normal(size=n), real), {})
        for n, real, size in [(6, 4, 1), (5, 5, 2), (8, 1, 1)]
    ]
    calls.append(((rng.normal(size=(4, 3)), np.array([999.0, 1000.0, 998.0, 1001.0]), 3), {}))
    expect_same_function(
        answer,
        right,
        name="pool",
        calls=calls,
        mistakes=[
            (lambda x, scores, n_real: _softmax(scores) @ x, "The padding gets weight too. Leave it out first."),
            (masked_after, "The padding must be left out BEFORE softmax, or the weights do not add up to 1."),
            (lambda x, scores, n_real: x[:n_real].mean(axis=0), "That is the plain mean; the scores have no effect."),
            (lambda x, scores, n_real: scores[:n_real] @ x[:n_real], "Scores are no weights yet: softmax is missing."),
            (
                lambda x, scores, n_real: np.exp(scores[:n_real]) / np.exp(scores[:n_real]).sum() @ x[:n_real],
                "Right for small scores, but exp overflows for large ones: take off the maximum first.",
            ),
            (
                lambda x, scores, n_real: (_softmax(scores[:n_real])[:, None] * x[:n_real]).mean(axis=0),
                "The weights add up to 1 already: SUM the weighted frames, do not average them.",
            ),
        ],
    )
    return "One row for a clip of any length, and its weights can be looked at."


@exercise("attention-glu")
def _glu(answer: object) -> str:
    def gated(x: np.ndarray, swapped: bool = False, axis: int = -1) -> np.ndarray:
        value, gate = np.split(x, 2, axis=axis)[:: -1 if swapped else 1]
        return value / (1 + np.exp(-gate))

    rng = np.random.default_rng(0)
    expect_same_function(
        answer,
        gated,
        name="glu",
        calls=[((rng.normal(size=shape),), {}) for shape in [(6,), (4, 8), (2, 4, 6)]],
        mistakes=[
            (lambda x: gated(x, swapped=True), "The SECOND half is the gate."),
            (lambda x: gated(x, axis=0), "Features are the LAST axis: split along axis −1."),
            (lambda x: np.multiply(*np.split(x, 2, axis=-1)), "The gate goes through a sigmoid first."),
            (
                lambda x: x / (1 + np.exp(-x)),
                "That is the SiLU: each number gates itself. Here one half gates another.",
            ),
            (
                lambda x: np.split(x, 2, axis=-1)[0] * np.tanh(np.split(x, 2, axis=-1)[1]),
                "A gate lies between 0 and 1: take the sigmoid, not tanh.",
            ),
            (
                lambda x: x[..., ::2] / (1 + np.exp(-x[..., 1::2])),
                "Halves, not every other number: the first half of the features, then the second.",
            ),
        ],
    )
    return "An LSTM's gate without its memory."


@exercise("attention-order")
def _order(answer: object) -> str:
    expect_choices(
        answer,
        {"outputs": "shuffled alike", "mean": "unchanged", "mean with codes": "changed"},
        choices=("shuffled alike", "unchanged", "changed"),
        hints={
            ("outputs", "unchanged"): "Each frame keeps its answer, but it has moved to another row.",
            ("outputs", "changed"): "Each frame meets the same set of keys as before. What is its answer?",
            ("mean", "changed"): "The same rows in another order: what is their mean?",
            ("mean", "shuffled alike"): "A mean over time has no order that could be shuffled.",
            ("mean with codes", "unchanged"): "Now each frame carries the code of a place that is not its own.",
            ("mean with codes", "shuffled alike"): "A mean over time has no order that could be shuffled.",
        },
        other="Look at {key!r} again: shuffle three frames on paper.",
    )
    return "Order reaches attention through the codes, or not at all."


@exercise("attention-memory")
def _memory(answer: object) -> str:
    expect_number(
        answer,
        1152,
        hints={
            144: "That is one head. There are eight.",
            288: "A float32 takes 4 bytes.",
            36: "That is the number of weights of one head, in millions. Bytes, and eight heads.",
            1_152_000_000: "Right in bytes. Megabytes are asked for.",
            1.152: "That is in gigabytes. Megabytes are asked for.",
            0.192: "Every frame with every frame: 6,000 times 6,000.",
            0.1152: "How many frames of 10 ms has a minute?",
        },
        hint="A minute has 6,000 frames; each head has a weight for every pair of them, of 4 bytes.",
        tolerance=1e-3,
    )
    return "More than a gigabyte for one layer: hence shorter sequences, chunks, and weights that are never stored."
