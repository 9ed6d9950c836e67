"""Checkers for the part *concepts*."""

from __future__ import annotations

from speechbook.exercises.checking import exercise, expect_number


@exercise("features-highest-frequency")
def _highest_frequency(answer: object) -> str:
    expect_number(
        answer,
        4000,
        hints={
            8000: "8,000 Hz is the sampling rate itself. How many samples does one cycle need at the least?",
            16000: "You doubled the rate; the limit lies the other way.",
        },
        hint="A cycle needs at least two samples: one for the crest, one for the trough.",
    )
    return "Half the sampling rate: the Nyquist frequency."
