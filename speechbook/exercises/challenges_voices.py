"""Checkers for the chapter *Voices differ*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import Call, expect_same_function


@exercise("voices-tract")
def _tract(answer: object) -> str:
    expect_number(
        answer,
        15.625,
        hints={
            3.125: "That is the tube in which 2,800 Hz is the first resonance: a quarter of a wave.",
            12.5: "That is one whole wave. The third resonance fits five quarters of a wave into the tube.",
            0.15625: "That is in metres. The question is in centimetres.",
            20.8: "Five quarters, not five thirds: the tube is closed at one end.",
        },
        hint="The wave of 2,800 Hz is 35,000 / 2,800 cm long, and the third resonance takes five quarters of it.",
        tolerance=2e-3,
    )
    return "About 2 cm less than the 17.5 cm of textbooks."


@exercise("voices-semitones")
def _semitones(answer: object) -> str:
    expect_number(
        answer,
        12 * np.log2(1.1),
        hints={
            1.1: "That is the ratio of the frequencies. How many steps of 2 ** (1 / 12) make it?",
            10: "That is the change in per cent.",
            np.log2(1.1): "That is in octaves. An octave has twelve semitones.",
            -12 * np.log2(1.1): "Played faster, a sound becomes higher: a positive number.",
        },
        hint="Twelve semitones double the frequency: n semitones multiply it by 2 ** (n / 12).",
        tolerance=5e-3,
    )
    return "Not two semitones of pitch, but the resonances move as well: a smaller person who speaks faster."


def _variances() -> list[Call]:
    rng = np.random.default_rng(5)
    groups = (np.repeat(["a", "b", "c"], 4), np.array([0, 1, 0, 1, 2, 2, 2]), np.array([0, 0, 1]))
    return [((rng.normal(100, 20, len(names)), names), {}) for names in groups]


def _explained(values: np.ndarray, names: np.ndarray) -> float:
    values, names = np.asarray(values, float), np.asarray(names)
    means = np.array([values[names == name].mean() for name in names])
    return float(((means - values.mean()) ** 2).sum() / ((values - values.mean()) ** 2).sum())


def _unweighted(values: np.ndarray, names: np.ndarray) -> float:
    means = np.array([values[names == name].mean() for name in np.unique(names)])
    return float(((means - values.mean()) ** 2).sum() / ((values - values.mean()) ** 2).sum())


@exercise("voices-explained")
def _share(answer: object) -> str:
    expect_same_function(
        answer,
        _explained,
        name="explained",
        calls=_variances(),
        mistakes=[
            (lambda v, n: 1 - _explained(v, n), "That is what is left within the groups. Asked is what lies between."),
            (lambda v, n: np.sqrt(_explained(v, n)), "Variances are squares: take no root."),
            (_unweighted, "Each value counts once: put its group's mean in the place of every value."),
        ],
    )
    return "0 would mean that all speakers are alike, 1 that each always does the same."


def _spectra() -> list[Call]:
    rng = np.random.default_rng(6)
    return [((rng.uniform(-0.4, 0.4, (n, 5)), *rng.uniform(-0.5, 0.5, (2, 5))), {}) for n in (3, 7)]


@exercise("voices-match")
def _match(answer: object) -> str:
    expect_same_function(
        answer,
        lambda x, own, reference: x - own + reference,
        name="match",
        calls=_spectra(),
        mistakes=[
            (lambda x, own, ref: x + own - ref, "That moves the other way: his own average has to go."),
            (lambda x, own, ref: x - own, "That is mean 0. Then add the average that the network is used to."),
            (lambda x, own, ref: x * ref / own, "Decibels add: what multiplies powers is added to their levels."),
            (
                lambda x, own, ref: x - x.mean(axis=0) + ref,
                "Take the speaker's average as given, not that of this clip.",
            ),
        ],
    )
    return "An equaliser for one person, learnt from a few of his clips, and from nobody's labels."


def _steps() -> list[Call]:
    return [((w, a, b, s, r), {}) for w, a, b, s, r in ((1.0, 0.5, 0.2, 1.0, 0.1), (-2.0, 1.0, 3.0, 0.3, 0.05))]


@exercise("voices-reversal")
def _reversal(answer: object) -> str:
    expect_same_function(
        answer,
        lambda w, digit, speaker, strength, rate: w - rate * (digit - strength * speaker),
        name="step",
        calls=_steps(),
        mistakes=[
            (
                lambda w, d, s, k, r: w - r * (d + k * s),
                "That is learning both at once. Below the reversal the speaker's gradient arrives with a minus.",
            ),
            (
                lambda w, d, s, k, r: w + r * (d - k * s),
                "Descent goes against the gradient of the digit: subtract.",
            ),
            (
                lambda w, d, s, k, r: w - r * (d - s),
                "The strength multiplies what comes back from the speaker's branch.",
            ),
            (lambda w, d, s, k, r: w - r * d, "That leaves the speaker's branch out."),
        ],
    )
    return "Downhill for the digit, uphill for the speaker, in one step of ordinary descent."


@exercise("voices-draw")
def _draw(answer: object) -> str:
    expect_number(
        answer,
        2 * np.log(2),
        hints={
            np.log(2): "That is one of its two terms: for the real pictures, or for the drawn ones.",
            0: "0 would be a discriminator that is always right, and sure of it.",
            1: "In nats. A probability of one half costs -ln(1/2).",
            2: "That is in bits; the loss is in nats.",
        },
        hint="-ln of one half for the real pictures, and -ln of one half for the drawn ones.",
        tolerance=5e-3,
    )
    return "1.386: the number to watch. Far below it the discriminator wins, and the generator learns little."


@exercise("voices-relative")
def _relative(answer: object) -> str:
    expect_number(
        answer,
        0.5,
        hints={
            0.1: "Those are points of accuracy. Which share of the errors before is it?",
            0.125: "That is what it is of the right answers. Look at the wrong ones.",
            2: "Half as many errors are left: which share is gone?",
        },
        hint="Of the errors before, which share is gone?",
        tolerance=0.01,
    )
    return "Points of accuracy hide how much it is; the share of the errors that are gone does not."


@exercise("voices-honest")
def _honest(answer: object) -> str:
    expect_choices(
        answer,
        {"a": "fair", "b": "unfair", "c": "fair", "d": "unfair", "e": "unfair"},
        choices=("fair", "unfair"),
        hints={
            ("a", "unfair"): "(a) Averages need no labels, and a device hears its owner. It must be said, though.",
            ("b", "fair"): "(b) The clips from which the network got to know him are then in the test as well.",
            ("c", "unfair"): "(c) As many clips and as many steps, so that only the way they were made differs.",
            ("d", "fair"): "(d) The GAN has seen the strangers: its pictures carry them into the training.",
            ("e", "fair"): "(e) More steps alone may be what helped.",
        },
        other="Look at ({key}) again.",
    )
    return "Most remedies in this field have won against something that was not given the same chances."
