"""Checkers for *Recurrence, gates and memory* in the part *concepts*."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from speechbook.exercises.checking import exercise, expect_number, expect_text
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import expect_same_function


@exercise("recurrence-lstm-weights")
def _lstm_weights(answer: object) -> str:
    expect_number(
        answer,
        19_968,
        hints={
            4992: "That is one block. An LSTM has four: three gates and the candidate.",
            14_976: "That is three blocks, as in a GRU. An LSTM has four.",
            15_168: "That is a GRU as Keras makes it. An LSTM has four blocks, each with one bias.",
            19_712: "Each unit of each block also has a bias.",
            3584: "The output of the last step goes into each block as well: 64 more inputs.",
            20_224: "One bias a unit and block is enough; Keras' GRU has two.",
        },
        hint="Four blocks; each has 13 + 64 inputs and a bias for each of its 64 units.",
    )
    return "4 · ((13 + 64) · 64 + 64). The number of frames does not occur in it."


@exercise("recurrence-shrink")
def _shrink(answer: object) -> str:
    expect_number(
        answer,
        0.9**100,
        hints={
            90.0: "Multiplied every time, not once for all: 0.9 · 0.9 · 0.9 …",
            0.1**100: "After each step 0.9 is left, not 0.1.",
            1.1**100: "The factor is below 1, so the gradient shrinks.",
            0.9 * 100: "Multiplied every time, not once for all: 0.9 · 0.9 · 0.9 …",
            1 - 0.9**100: "That is what has vanished. What is left?",
        },
        hint="One hundred factors of 0.9, one for each frame: a power.",
        tolerance=0.02,
    )
    return "Less than a thirty-thousandth, after one second of speech."


def _logit(p: np.ndarray) -> np.ndarray:
    return np.log(p / (1 - p))


@exercise("recurrence-forget-bias")
def _forget_bias(answer: object) -> str:
    def gate(half_life: np.ndarray) -> np.ndarray:
        return 0.5 ** (1 / np.asarray(half_life, float))

    expect_same_function(
        answer,
        lambda h: _logit(gate(h)),
        name="forget_bias",
        calls=[((50,), {}), ((1,), {}), ((np.array([2.0, 10.0, 100.0]),), {})],
        mistakes=[
            (gate, "That is the gate. Which bias makes the sigmoid give it? Turn the sigmoid round: log(f / (1 − f))."),
            (lambda h: -_logit(gate(h)), "The sign is turned round: a long memory needs a gate near 1, a large bias."),
            (
                lambda h: np.log(np.asarray(h, float)),
                "log(T) is the chrono rule: it makes the gate T / (1 + T), of which 1/e is left after about T frames. "
                "Here HALF shall be left.",
            ),
            (
                lambda h: _logit(np.exp(-1 / np.asarray(h, float))),
                "After so many frames you leave 1/e, which is 37 %. A half-life leaves one half.",
            ),
            (lambda h: np.log2(gate(h) / (1 - gate(h))), "The sigmoid is made with e, so take the natural logarithm."),
            (
                lambda h: np.log(gate(h)),
                "That is the logarithm of the gate. The sigmoid turned round is log(f / (1 − f)).",
            ),
        ],
    )
    return "A bias of 4.27 keeps half for 50 frames; the default of 1 for two."


@exercise("recurrence-chrono")
def _chrono(answer: object) -> str:
    def bias(*blocks: int) -> object:
        return lambda times: np.concatenate([sign * np.log(times) for sign in blocks])

    expect_same_function(
        answer,
        bias(-1, 1, 0, 0),
        name="chrono_bias",
        calls=[((np.array([2.0, 50.0]),), {}), ((np.array([1.0, 7.0, 99.0]),), {})],
        mistakes=[
            (bias(1, -1, 0, 0), "Input and forget gate are exchanged: the FORGET gate gets + log u."),
            (bias(0, 1, 0, 0), "The forget gate is right. The input gate gets its negative, so that little comes in."),
            (bias(-1, 0, 1, 0), "The forget gate is the second of Keras' blocks, the candidate the third."),
            (bias(-1, 0, 0, 1), "That is another library's order. Keras has i, f, g, o."),
            (bias(1, 1, 0, 0), "The input gate's bias is MINUS the forget gate's."),
            (bias(-1, 1), "Candidate and output gate have biases too: zeros."),
            (
                lambda times: np.concatenate([-np.asarray(times), times, 0 * times, 0 * times]),
                "The bias is the LOGARITHM of the time: the sigmoid has an exponential in it.",
            ),
        ],
    )
    return "One vector in the order i, f, g, o, ready for set_weights."


@exercise("recurrence-gru-order")
def _gru_order(answer: object) -> str:
    def reordered(kernel: np.ndarray, order: Sequence[int] = (1, 0, 2)) -> np.ndarray:
        blocks = np.split(kernel, 3, axis=1)
        return np.concatenate([blocks[i] for i in order], axis=1).T

    rng = np.random.default_rng(0)
    expect_same_function(
        answer,
        reordered,
        name="to_torch",
        calls=[((rng.normal(size=(2, 6)),), {}), ((rng.normal(size=(6, 6)),), {}), ((rng.normal(size=(5, 3)),), {})],
        mistakes=[
            (lambda k: k.T, "Transposed, but the blocks still stand as in Keras: z, r, candidate."),
            (lambda k: reordered(k).T, "The order is right. PyTorch also wants the array transposed."),
            (lambda k: reordered(k, (2, 1, 0)), "Only the two gates change places; the candidate stays the last."),
            (lambda k: reordered(k, (1, 2, 0)), "z belongs in the middle: r, z, candidate."),
        ],
    )
    return "The same numbers, where the other library looks for them."


@exercise("recurrence-kept")
def _kept(answer: object) -> str:
    rng = np.random.default_rng(0)
    calls = [
        ((rng.uniform(0.1, 1, (frames, units)), at), {}) for frames, units, at in [(6, 2, 1), (4, 3, 3), (5, 1, 0)]
    ]
    expect_same_function(
        answer,
        lambda forget, stored: forget[stored + 1 :].prod(axis=0),
        name="kept",
        calls=calls,
        mistakes=[
            (
                lambda forget, stored: forget[stored:].prod(axis=0),
                "The gate of the frame itself acts on what was there BEFORE: begin one frame later.",
            ),
            (lambda forget, stored: forget[: stored + 1].prod(axis=0), "Those are the gates BEFORE it was stored."),
            (lambda forget, stored: forget[:stored].prod(axis=0), "Those are the gates BEFORE it was stored."),
            (lambda forget, stored: forget[stored + 1 :].prod(), "One number a unit: multiply along the frames only."),
            (lambda forget, stored: forget[stored + 1 :].sum(axis=0), "Each gate MULTIPLIES what is left."),
            (lambda forget, stored: forget.prod(axis=0), "Only the gates after the frame `stored` matter."),
            (lambda forget, stored: forget[-1], "Not the last gate alone: every frame since has taken its share."),
        ],
    )
    return "This product is also the gradient along the cell, and the reason for a large forget bias."


@exercise("recurrence-reverse")
def _reverse(answer: object) -> str:
    def right(x: np.ndarray, lengths: Sequence[int]) -> np.ndarray:
        out = x.copy()
        for i, n in enumerate(lengths):
            out[i, :n] = x[i, :n][::-1]
        return out

    rng = np.random.default_rng(0)

    def padded(lengths: Sequence[int], n_frames: int, n_features: int) -> tuple[np.ndarray, np.ndarray]:
        x = rng.normal(size=(len(lengths), n_frames, n_features))
        return x * (np.arange(n_frames)[:, None] < np.array(lengths)[:, None, None]), np.array(lengths)

    def right_aligned(x: np.ndarray, lengths: Sequence[int]) -> np.ndarray:
        return x[:, ::-1]

    expect_same_function(
        answer,
        right,
        name="reverse_real",
        calls=[(padded([4, 2, 5], 5, 2), {}), (padded([1, 3], 3, 3), {}), (padded([2], 6, 1), {})],
        mistakes=[
            (
                right_aligned,
                "The padding has come to the front, so a backward layer would read the zeros first. Turn only the real "
                "frames round.",
            ),
            (lambda x, lengths: x[:, :, ::-1], "You turned the features round; time is the middle axis."),
            (lambda x, lengths: x[::-1], "You turned the order of the clips round; time is the middle axis."),
            (lambda x, lengths: x, "Nothing has changed. Each clip's real frames shall run backwards."),
            (
                lambda x, lengths: np.roll(x, -1, axis=1),
                "The frames have moved, but they still run forwards.",
            ),
        ],
    )
    return "Keras does this for you when a mask tells it the lengths."


@exercise("recurrence-directions")
def _directions(answer: object) -> str:
    waits = "A backward pass would have to wait until the speaker has finished."
    expect_choices(
        answer,
        {"subtitles for a film": "both", "wake word": "forward", "live captions": "forward", "touched": "all"},
        choices=("both", "forward", "all", "last"),
        hints={
            ("subtitles for a film", "forward"): "The whole film is there before you begin. Why leave out its future?",
            ("wake word", "both"): waits,
            ("live captions", "both"): waits,
            ("touched", "last"): "The backward copy reads the last frame FIRST, and carries it to all the others.",
        },
        other="{key!r}: the uses want 'both' or 'forward', and 'touched' wants 'all' or 'last'.",
    )
    return "Is the end of the utterance there? That is the only question."


@exercise("recurrence-gru-d")
def _gru_d(answer: object) -> str:
    expect_text(
        answer,
        ("decay", "decays"),
        hints={
            "delay": "So the FAQ thinks. What happens to a value that has not been seen for a while?",
            "delayed": "So the FAQ thinks. What happens to a value that has not been seen for a while?",
            "delayed inputs": "So the FAQ thinks. What happens to a value that has not been seen for a while?",
            "deep": "It may have one layer. What happens to a value that has not been seen for a while?",
            "dropout": "Values are missing, but not because of dropout. What becomes of the last one that was seen?",
        },
        hint="Think of what becomes of the last value that was seen, the longer ago that is.",
    )
    return "Decay, of the input to its mean and of the state to zero, at rates that are learnt."
