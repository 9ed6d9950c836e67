"""Planted wrong answers for *Little data*, each with a piece of the hint that it must get."""

import numpy as np


def hide_bands(x, first, span):
    seen = x.copy()
    seen[:, first : first + span] = 0
    return seen


def hide_with_floor(x, first, span):
    seen = x.copy()
    seen[first : first + span] = -1
    return seen


def up_to(x, first, last):
    seen = x.copy()
    seen[first:last] = 0
    return seen


def margins(chances):
    best = np.sort(chances, axis=1)
    return best[:, -1] - best[:, -2]


WRONG = {
    "little-price": [(1500, "seconds"), (20, "difference"), (45, "Add nothing"), (5, "Count the labels")],
    "little-hide": [
        (hide_bands, "hid bands"),
        (hide_with_floor, "means silence"),
        (lambda x, first, span: np.delete(x, slice(first, first + span), axis=0), "keep them"),
        (up_to, "how many frames"),
    ],
    "little-masked-error": [
        (lambda guess, truth, hidden: np.abs(guess - truth).mean(), "lie open"),
        (lambda guess, truth, hidden: np.abs((guess - truth) * hidden[..., None]).mean(), "not by all"),
        (lambda guess, truth, hidden: np.abs(guess - truth)[~hidden].mean(), "*not* hidden"),
        (lambda guess, truth, hidden: np.square(guess - truth)[hidden].mean(), "*absolute*"),
        (lambda guess, truth, hidden: (guess - truth)[hidden].mean(), "cancel"),
    ],
    "little-power": [(0.0, "straight line"), (0.9, "Give the error"), (0.05, "3,200"), (0.3, "halved")],
    "little-keep": [
        (lambda chances, t: np.flatnonzero(chances[:, 0] >= t), "any"),
        (lambda chances, t: np.flatnonzero(chances.max(1) < t), "*not* sure enough"),
        (lambda chances, t: chances.argmax(1)[chances.max(1) >= t], "Give the clips"),
    ],
    "little-smooth": [(0.9, "also over the right one"), (1.0, "Without smoothing"), (0.5, "shared by ten")],
    "little-ask": [
        (lambda chances, n: np.argsort(chances.max(1), kind="stable")[:n], "lowest best chance"),
        (lambda chances, n: np.argsort(-margins(chances), kind="stable")[:n], "*largest*"),
        (lambda chances, n: np.sort(np.argsort(margins(chances), kind="stable")[:n]), "keep the order"),
        (lambda chances, n: np.argsort(np.ptp(chances, axis=1), kind="stable")[:n], "*second*"),
    ],
    "little-composable": [(10, "its K"), (8, "*cannot*"), (0, "AY"), (5, "every one")],
}
