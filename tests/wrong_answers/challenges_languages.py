"""Planted wrong answers for *Many languages*, each with a piece of the hint that it must get."""

import unicodedata

import numpy as np


def votes(p):
    return np.bincount(p.sum(axis=2).argmax(axis=1), minlength=p.shape[1]).argmax()


def turkish(text):
    return text.replace("İ", "i").replace("I", "ı").lower()


def bare(text):
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


WRONG = {
    "languages-smallest-p": [
        (1 / 70, "other sign"),
        (1 / 15, "four of eight"),
        (1 / 28, "two of eight"),
        (0.5, "choose"),
    ],
    "languages-lag": [
        ([8000 / 90, 8000 / 45], "wrong way round"),
        ([8000 / 45, 16000 / 45], "half the pitch"),
        ([45 / 8000, 90 / 8000], "periods"),
        ([45, 90], "sample rate over lag"),
        (178, "shape"),
    ],
    "languages-relative": [
        (lambda t: np.log2(t / np.nanmedian(t)), "octaves"),
        (lambda t: t - np.nanmedian(t), "hertz"),
        (lambda t: 12 * np.log2(t / np.nanmean(t)), "the median is asked"),
        (lambda t: 12 * np.log2(t / np.median(t)), "NaN"),
        (lambda t: 12 * np.log(t / np.nanmedian(t)), "base 2"),
        (lambda t: 0 * t, "should give"),
    ],
    "languages-several": [
        (lambda p: np.log(p.sum(axis=2)).sum(axis=0), "scores"),
        (votes, "vote"),
        (lambda p: p.max(axis=2).prod(axis=0).argmax(), "ten digits"),
        (lambda p: p.sum(axis=(0, 2)).argmax(), "multiply"),
        (lambda p: p.sum(axis=2).argmax(axis=1), "together"),
        (lambda p: 7, "should give"),
    ],
    "languages-gap": [
        (["two"], "length mark"),
        (["five"], "One of two"),
        ([], "diphthong"),
        (["one"], "compare"),
        ("five", "list"),
    ],
    "languages-product": [
        ([0.12, 0.32], "divide by the sum"),
        ([0.4, 0.6], "sum rule"),
        ([0.38, 0.62], "exponents"),
        ([0.5, 0.5], "class by class"),
    ],
    "languages-turkish": [
        (lambda a, b: a == b, "capitals"),
        (lambda a, b: a.lower() == b.lower(), "English rule"),
        (lambda a, b: bare(a) == bare(b), "every mark"),
        (lambda a, b: turkish(a) == turkish(b), "NFC"),
        (lambda a, b: True, "should give"),
    ],
}
