"""Checkers for the part *code*."""

from __future__ import annotations

from speechbook.exercises.checking import exercise, expect_number


@exercise("conv1d-article-weights")
def _article_weights(answer: object) -> str:
    expect_number(
        answer,
        37_505,
        hints={37_249: "You left out the convolution: 3 · 1 · 64 weights and 64 biases."},
        hint="Add layer by layer; the LSTM alone has 4 · ((64 + 64) · 64 + 64) weights.",
    )
    return "256 + 33,024 + 4,160 + 65."
