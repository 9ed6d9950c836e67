"""Planted wrong answers for *What we measured, and what comes*, each with a piece of the hint that it must get."""

import numpy as np
from scipy import stats


def ends(gains, error, factor=None):
    half = (factor or stats.t.ppf(0.975, len(gains) - 1)) * error / np.sqrt(len(gains))
    return np.array([gains.mean() - half, gains.mean() + half])


def spread(x):
    return np.std(x, ddof=1)


VERDICTS = {"a": "helped", "b": "not shown", "c": "hurt", "d": "not shown", "e": "helped"}
CLAIMS = {"A-5.1": "forecast", "B-8.1": "finding", "B-8.2": "finding", "B-8.6": "judgement", "B-8.7": "judgement"}

WRONG = {
    "outlook-check": [("B-8.3", "future"), ("B-8.7", "Encouragement"), ("none", "already")],
    "outlook-missing": [("quantity", "is there"), ("date", "2030"), ("threshold", "half"), ("verb", "five parts")],
    "outlook-brier": [
        (lambda p, came: np.mean(np.abs(p - came)), "boasting"),
        (lambda p, came: np.sum((p - came) ** 2), "sum"),
        (lambda p, came: 1 - np.mean((p - came) ** 2), "best score"),
        (lambda p, came: np.mean((p > 0.5) == came), "right guesses"),
        (lambda p, came: 7.0, "should give"),
    ],
    "outlook-bold": [(0.21, "70 %"), (0.7, "other cases"), (0.09, "comes or does not"), (5, "off by 0")],
    "outlook-interval": [
        (lambda b, a: ends(a - b, np.hypot(spread(a), spread(b))), "pair by pair"),
        (lambda b, a: ends(a - b, spread(a - b), 1.96), "many pairs"),
        (lambda b, a: ends(b - a, spread(a - b)), "After minus before"),
        (lambda b, a: ends(a - b, spread(a - b)) - (a - b).mean(), "distance"),
        (lambda b, a: np.zeros(2), "should give"),
    ],
    "outlook-verdict": [
        (VERDICTS | {"b": "helped"}, "below zero"),
        (VERDICTS | {"d": "hurt"}, "above zero"),
        (VERDICTS | {"e": "not shown"}, "small gain"),
        (VERDICTS | {"a": "hurt"}, "contain zero"),
    ],
    "outlook-chance": [(2, "both tails"), (0.025, "forty"), (38, "as they should"), (7, "2.5 %")],
    "outlook-claims": [
        (CLAIMS | {"A-5.1": "finding"}, "will"),
        (CLAIMS | {"B-8.6": "finding"}, "should"),
        (CLAIMS | {"B-8.7": "forecast"}, "calls upon"),
        (CLAIMS | {"B-8.2": "forecast"}, "counted"),
        (CLAIMS | {"B-8.1": "judgement"}, "what will be"),
    ],
}
