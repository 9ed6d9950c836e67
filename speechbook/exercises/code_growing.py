"""Checkers for the chapter *Growing past one machine*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.functions import expect_same_function


@exercise("growing-share")
def _share(answer: object) -> str:
    expect_same_function(
        answer,
        lambda n, rank, n_workers: len(range(rank, n, n_workers)),
        name="mine",
        calls=[((64, 0, 2), {}), ((7, 1, 3), {}), ((7, 0, 3), {}), ((5, 4, 8), {}), ((5, 6, 8), {})],
        mistakes=[
            (lambda n, r, w: n // w, "If the rows cannot be divided evenly, the first workers get one more."),
            (lambda n, r, w: -(-n // w), "If the rows cannot be divided evenly, the last workers get one less."),
            (lambda n, r, w: n / w, "Rows are whole: nobody gets a third of a clip."),
        ],
    )
    return "Together exactly n rows, none twice: otherwise the sum of the gradients is that of another batch."


@exercise("growing-join")
def _join(answer: object) -> str:
    rng = np.random.default_rng(4)
    expect_same_function(
        answer,
        lambda gradients, counts: np.average(gradients, axis=0, weights=counts),
        name="joined",
        calls=[((rng.normal(size=(n, 5)), rng.integers(1, 40, size=n)), {}) for n in (2, 3, 8)],
        mistakes=[
            (lambda g, c: np.mean(g, axis=0), "A worker with more clips must count for more: weigh by the counts."),
            (lambda g, c: np.sum(g, axis=0), "These are means already: their plain sum is too large."),
            (lambda g, c: (g * c[:, None]).sum(axis=0), "Divide by the number of all clips."),
            (lambda g, c: (g * c[:, None]).mean(axis=0), "Divide by the number of clips, not of workers."),
            (lambda g, c: (g / c[:, None]).sum(axis=0), "Multiply by the counts: that turns a mean into a sum again."),
        ],
    )
    return "Or let every worker divide by the size of the whole batch from the start; then a plain sum is right."


@exercise("growing-ring")
def _ring(answer: object) -> str:
    expect_number(
        answer,
        64,
        hints={
            40: "That is the size of the network. In a ring each worker sends 2 (n − 1) / n times as much.",
            80: "That is the limit for very many workers; with five it is less.",
            16: "Those are parameters in millions: each takes 4 bytes.",
            32: "The ring goes round twice: once to add up, once to tell everybody.",
            320: "That is what all workers send together.",
            160: "Sending everything to each of the others would cost that. The ring is cheaper.",
        },
        hint="2 (n − 1) / n times 40 MB.",
    )
    return "With a thousand workers it would be 80 MB: hardly more."


@exercise("growing-amdahl")
def _amdahl(answer: object) -> str:
    expect_number(
        answer,
        5,
        hints={
            9: "Only if everything could be divided.",
            8.1: "That is nine tenths of nine. Add up times instead: a tenth, and nine tenths divided by nine.",
            10: "That is the limit for any number of workers.",
            0.2: "That is the time that is left. How many times as fast is it?",
        },
        hint="The time is 0.1 + 0.9 / 9 of what it was.",
    )
    return "Nine workers, five times as fast; and with a thousand workers not quite ten (Amdahl's law)."


@exercise("growing-storage")
def _storage(answer: object) -> str:
    expect_number(
        answer,
        115.2,
        tolerance=0.003,
        hints={
            57.6: "A sample takes 2 bytes.",
            115_200_000_000: "That is in bytes. A gigabyte has 10⁹.",
            921.6: "Those are bits.",
            1.92: "An hour has 3,600 seconds, not 60.",
            107.3: "Nearly: divide by 10⁹, not by 2³⁰.",
        },
        hint="Hours × 3,600 seconds × 16,000 samples × 2 bytes / 10⁹.",
    )
    return "It fits on a telephone. FLAC takes about half of it."


@exercise("growing-failures")
def _failures(answer: object) -> str:
    expect_number(
        answer,
        31.25,
        hints={
            128_000: "More machines fail more often, not less: divide.",
            2000: "That is one machine. Any of the 64 stops the training.",
            0.032: "Those are failures an hour. Asked are hours a failure.",
        },
        hint="64 machines together fail 64 times as often.",
        tolerance=0.01,
    )
    return "So a training of a week will see five. Checkpoints are not for the unlucky."


@exercise("growing-rate")
def _rate(answer: object) -> str:
    expect_number(
        answer,
        0.008,
        hints={
            0.001: "The joint batch is eight times as large, and the rule changes the rate in proportion.",
            0.000125: "A larger batch has a quieter gradient, so it may take larger steps, not smaller ones.",
            0.001 * np.sqrt(8): "That is the square-root rule, which others have proposed. Asked is the linear one.",
            0.064: "The rate grows with the number of workers, not with the clips of each.",
        },
        hint="Eight times the clips a step, eight times the rate.",
        tolerance=1e-4,
    )
    return "Begin with a gentle rise, though: at the start such steps would be too large."
