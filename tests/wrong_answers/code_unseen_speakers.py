"""Planted wrong answers for *Unseen speakers*, each with a piece of the hint that it must get."""

import numpy as np

ACCURACIES = (89.2, 97.2, 97.8, 92.2, 96.8, 93.2)
HONEST = {"a": "leaks", "b": "clean", "c": "leaks", "d": "clean", "e": "leaks"}


def picture(db, top):
    return 2 * np.clip((db - top + 45) / 45, 0, 1) - 1


def running(weights, momentum, start):
    for weight in weights:
        start = momentum * start + (1 - momentum) * weight
    return start


WRONG = {
    "unseen-scale": [
        (lambda db: np.clip((db - db.max() + 45) / 45, 0, 1), "runs from 0 to 1"),
        (lambda db: 2 * (db - db.max() + 45) / 45 - 1, "must become -1"),
        (lambda db: picture(db, 0), "own loudest point"),
        (lambda db: picture(db, db.max(axis=1, keepdims=True)), "not one a band"),
        (lambda db: picture(db, db.max(axis=0, keepdims=True)), "not one a frame"),
        (lambda db: db - db.max(), "still in dB"),
        (lambda db: db * 0, "should give"),
    ],
    "unseen-formant": [
        (400, "shorter tube lie higher"),
        (503.5, "form a ratio"),
        (1.25, "How many Hz"),
        (17, "inversely"),
    ],
    "unseen-average": [
        (lambda w, m: running(w[1:], 1 - m, w[0]), "belongs to the old average"),
        (lambda w, m: running(w, m, 0.0), "not with 0"),
        (lambda w, m: sum(w) / len(w), "plain mean"),
        (lambda w, m: w[-1], "last weight alone"),
        (0.5, "without calling"),
    ],
    "unseen-smooth": [
        (lambda digit, epsilon: np.where(np.arange(10) == digit, 1 - epsilon, epsilon / 9), "all ten classes"),
        (lambda digit, epsilon: np.eye(10)[digit] + epsilon / 10, "take epsilon off"),
        (lambda digit, epsilon: (1 - epsilon) * np.eye(10)[digit], "where did epsilon go"),
        (lambda digit, epsilon: np.eye(10)[digit], "without smoothing"),
        (lambda digit, epsilon: np.ones(10), "should give"),
    ],
    "unseen-rate": [
        (3e-3, "the peak"),
        (7.5e-4, "not at a quarter"),
        (0.0012653483, "after the warm-up"),
        (1.0, "How far along"),
    ],
    "unseen-interval": [
        (2.5706 * np.std(ACCURACIES, ddof=1), "root of 6"),
        (1.96 * np.std(ACCURACIES, ddof=1) / 6**0.5, "many speakers"),
        (np.std(ACCURACIES, ddof=1) / 6**0.5, "standard error"),
        (2.5706 * np.std(ACCURACIES) / 6**0.5, "not by 6"),
        (2 * 2.5706 * np.std(ACCURACIES, ddof=1) / 6**0.5, "whole width"),
        (1.0, "Student's factor"),
    ],
    "unseen-honest": [
        (HONEST | {"a": "clean"}, "best of ten seeds"),
        (HONEST | {"c": "clean"}, "read off"),
        (HONEST | {"e": "clean"}, "suit the test speakers"),
        (HONEST | {"b": "leaks"}, "other speakers"),
        (HONEST | {"d": "leaks"}, "scaled by itself"),
        ({"a": "leaks"}, "has no answer"),
    ],
    "unseen-trim": [(-18, "positive number"), (30, "threshold"), (12, "before the trimmer"), (63, "10 log10")],
}
