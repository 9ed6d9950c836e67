"""Planted wrong answers for *Noise*, each with a piece of the hint that it must get."""

import numpy as np

HONEST = {"a": "leaks", "b": "clean", "c": "clean", "d": "leaks", "e": "leaks"}


def mix(word, noise, factor):
    return word + noise * np.sqrt(np.mean(word**2) / np.mean(noise**2)) * factor


def wiener(ratio):
    return ratio / (1 + ratio)


def left(power, noise, over):
    return np.maximum(1 - over * noise / power, 0)


WRONG = {
    "noise-power": [
        (10**0.5, "noise by the word"),
        (10**-0.25, "ratio of amplitudes"),
        (1e-5, "0.5 bel"),
        (0.2, "logarithms"),
        (1.0, "solve for"),
    ],
    "noise-rms": [
        (2, "ratio of amplitudes"),
        (4, "ratio of powers"),
        (10 * np.log10(2), "square them"),
        (-20 * np.log10(2), "positive"),
        (1.0, "square both"),
    ],
    "noise-mix": [
        (lambda w, n, s: w + n * np.mean(w**2) / np.mean(n**2) * 10 ** (-s / 10), "take its root"),
        (lambda w, n, s: mix(w, n, 10 ** (s / 20)), "check a sign"),
        (lambda w, n, s: w + n * 10 ** (-s / 20), "to the power of the word"),
        (lambda w, n, s: mix(w, n, 10 ** (-s / 10)), "dB / 20"),
        (lambda w, n, s: mix(0 * w, n, 1.0), "should give"),
    ],
    "noise-subtract": [
        (lambda p, n, o, f: np.maximum(left(p, n, o), f), "take the root"),
        (lambda p, n, o, f: np.sqrt(left(p, n, o)), "quieter than the floor"),
        (lambda p, n, o, f: np.maximum(np.sqrt(left(p, n, 1)), f), "`over` times"),
        (lambda p, n, o, f: np.sqrt(np.maximum(left(p, n, o), f)), "after the root"),
        (lambda p, n, o, f: np.maximum(p - o * n, 0), "which gain"),
        (lambda p, n, o, f: p, "should give"),
    ],
    "noise-wiener": [
        (lambda s: np.sqrt(wiener(10 ** (s / 10))), "has none"),
        (lambda s: 1 - wiener(10 ** (s / 10)), "share of the noise"),
        (lambda s: wiener(10 ** (s / 20)), "not db / 20"),
        (lambda s: 20 * np.log10(wiener(10 ** (s / 10))), "not in db"),
        (lambda s: s / (1 + s), "comes in db"),
        (lambda s: 1.0, "should give"),
    ],
    "noise-fair": [(5, "half as many steps"), (20, "twice too often"), (20_000, "in passes"), (7, "as many")],
    "noise-room": [
        (-25, "positive number"),
        (144, "numerator"),
        (0.25 / 0.6, "share of the time"),
        (60, "after 0.6 s"),
        (1, "straight line"),
    ],
    "noise-honest": [
        (HONEST | {"a": "clean"}, "very sentences"),
        (HONEST | {"b": "leaks"}, "keeping it"),
        (HONEST | {"c": "leaks"}, "real life"),
        (HONEST | {"d": "clean"}, "upper bound"),
        (HONEST | {"e": "clean"}, "very clips"),
        ({"a": "leaks"}, "has no answer"),
    ],
}
