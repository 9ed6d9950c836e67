"""Planted wrong answers for *Voices differ*, each with a piece of the hint that it must get."""

import numpy as np

HONEST = {"a": "fair", "b": "unfair", "c": "fair", "d": "unfair", "e": "unfair"}


def explained(values, names, root=1):
    means = np.array([values[names == name].mean() for name in names])
    return (((means - values.mean()) ** 2).sum() / ((values - values.mean()) ** 2).sum()) ** root


def by_group(values, names):
    means = np.array([values[names == name].mean() for name in np.unique(names)])
    return ((means - values.mean()) ** 2).sum() / ((values - values.mean()) ** 2).sum()


WRONG = {
    "voices-tract": [
        (3.125, "quarter of a wave"),
        (12.5, "one whole wave"),
        (0.15625, "in metres"),
        (17.5, "five quarters"),
    ],
    "voices-semitones": [
        (1.1, "ratio"),
        (10, "per cent"),
        (np.log2(1.1), "octaves"),
        (-12 * np.log2(1.1), "higher"),
        (3, "twelve semitones"),
    ],
    "voices-explained": [
        (lambda v, n: 1 - explained(v, n), "within the groups"),
        (lambda v, n: explained(v, n, 0.5), "no root"),
        (by_group, "counts once"),
        (lambda v, n: 0.5, "should give"),
    ],
    "voices-match": [
        (lambda x, own, ref: x + own - ref, "other way"),
        (lambda x, own, ref: x - own, "mean 0"),
        (lambda x, own, ref: x * ref / own, "decibels add"),
        (lambda x, own, ref: x - x.mean(axis=0) + ref, "as given"),
        (lambda x, own, ref: x, "should give"),
    ],
    "voices-reversal": [
        (lambda w, d, s, k, r: w - r * (d + k * s), "both at once"),
        (lambda w, d, s, k, r: w + r * (d - k * s), "subtract"),
        (lambda w, d, s, k, r: w - r * (d - s), "strength"),
        (lambda w, d, s, k, r: w - r * d, "branch out"),
        (lambda w, d, s, k, r: w, "should give"),
    ],
    "voices-draw": [(np.log(2), "two terms"), (0, "always right"), (1, "in nats"), (2, "in bits"), (5, "one half")],
    "voices-relative": [(0.1, "points"), (0.125, "right answers"), (2, "half as many"), (0.7, "errors before")],
    "voices-honest": [
        (HONEST | {"a": "unfair"}, "no labels"),
        (HONEST | {"b": "fair"}, "in the test"),
        (HONEST | {"c": "unfair"}, "as many steps"),
        (HONEST | {"d": "fair"}, "seen the strangers"),
        (HONEST | {"e": "fair"}, "more steps"),
        ({"a": "fair"}, "has no answer"),
    ],
}
