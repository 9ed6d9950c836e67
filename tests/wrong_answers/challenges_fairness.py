"""Planted wrong answers for *For whom it works*, each with a piece of the hint that it must get."""

import numpy as np


def shares(right, group):
    return np.array([right[group == g].mean() for g in np.unique(group)])


def scaled(values):
    return values / values.sum()


def binomial_error(right, speaker):
    return np.sqrt(right.mean() * (1 - right.mean()) / len(right))


def each_by_its_own(p, level):
    return (p <= level / (len(p) - np.argsort(np.argsort(p)))).astype(int)


def sorted_holm(p, level):
    ordered = np.sort(p)
    return np.cumprod(ordered <= level / (len(p) - np.arange(len(p))))


WRONG = {
    "fair-ratio": [(85 / 94, "accuracies"), (0.09, "gap"), (9, "gap"), (0.4, "other way"), (7, "One minus")],
    "fair-worst-group": [
        (lambda r, g: r.mean(), "all clips"),
        (lambda r, g: min(r[g == k].sum() for k in np.unique(g)), "number of clips"),
        (lambda r, g: shares(r, g).max(), "best group"),
        (lambda r, g: 1 - shares(r, g).min(), "error rate"),
        (lambda r, g: shares(r, g).argmin(), "number of the group"),
        (0.5, "without calling"),
    ],
    "fair-needed": [
        (62, "Round up"),
        (62.72, "parts of people"),
        (126, "in each"),
        (32, "factor of 2"),
        (5, "rounded"),
    ],
    "fair-least": [(1 / 256, "every shuffle"), (1 / 40320, "same two groups"), (2 / 70, "two-sided"), (70, "chance")],
    "fair-error": [
        (binomial_error, "over clips"),
        (lambda r, s: shares(r, s).std(ddof=1), "root of the number of speakers"),
        (lambda r, s: shares(r, s).std() / np.sqrt(len(shares(r, s))), "ddof=1"),
        (lambda r, s: shares(r, s).std(ddof=1) / np.sqrt(len(r)), "not of clips"),
        (lambda r, s: 0.0, "should give"),
    ],
    "fair-holm": [
        (lambda p, level: (p <= level).astype(int), "Nothing is corrected"),
        (lambda p, level: (p <= level / len(p)).astype(int), "Bonferroni"),
        (each_by_its_own, "Stop at the first"),
        (sorted_holm, "back in its place"),
    ],
    "fair-dro": [
        (lambda w, x, r: w * np.exp(r * x), "add up to 1"),
        (lambda w, x, r: scaled(w * np.exp(-r * x)), "other way round"),
        (lambda w, x, r: scaled(np.exp(r * x)), "forgotten"),
        (lambda w, x, r: scaled(w * np.exp(x)), "rate is missing"),
        (lambda w, x, r: w, "should give"),
    ],
    "fair-alarm": [(0.6, "twice"), (0.95**12, "no alarm"), (0.05, "twelve"), (0.05**12, "all"), (2, "stay quiet")],
}
