"""Planted wrong answers for *Cross-entropy and softmax*, each with a piece of the hint that it must get."""

import numpy as np

MODELS = {"lower loss": "B", "fewer errors": "A", "moved by temperature": "loss"}


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def gradient(z, labels):
    return (softmax(z) - np.eye(z.shape[1])[labels]) / len(z)


def safe_kl(y, p, mean=np.sum):
    return mean(np.where(y > 0, y * np.log(np.maximum(y, 1e-300) / p), 0))


def smooth(labels, n_classes, keep, add):
    return keep * np.eye(n_classes)[labels] + add


def binary(y, p):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


WRONG = {
    "ce-quarter": [
        (2, "bits"),
        (-1.3863, "never below 0"),
        (0.75, "No subtraction"),
        (0.60206, "base 10"),
        (0.28768, "Which word was said"),
        (3, "Only the word that was said"),
        ("1.386", "single number"),
    ],
    "ce-commands": [
        (2.302585, "ten words"),
        (5.12928, "bits"),
        (-3.55535, "the sign is not"),
        (1 / 35, "its price"),
        (0, "before any training"),
        (1, "every word about the same"),
    ],
    "ce-softmax": [
        (lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True), "exp(1000) overflows"),
        (lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=-1, keepdims=True), "own largest"),
        (lambda z: softmax(z, axis=None), "whole array"),
        (lambda z: softmax(z, axis=0), "first axis"),
        (lambda z: 1 / (1 + np.exp(-z)), "sigmoids"),
        (lambda z: z / z.sum(axis=-1, keepdims=True), "may be negative"),
        (lambda z: np.exp(z) / np.exp(z).sum(axis=-1), "stopped with ValueError"),
        (lambda z: np.log(softmax(z)), "should give"),
        ([0.659, 0.242, 0.099], "pass the function itself"),
    ],
    "ce-gradient": [
        (lambda z, y: -gradient(z, y), "turned round"),
        (lambda z, y: gradient(z, y) * len(z), "SUM"),
        (lambda z, y: gradient(z, y) / z.shape[1], "not by that of the classes"),
        (lambda z, y: softmax(z) / len(z), "You have p"),
        (lambda z, y: (z - np.eye(z.shape[1])[y]) / len(z), "from the scores"),
        (lambda z, y: (softmax(z) - y[:, None]) / len(z), "label's number"),
        (lambda z, y: gradient(z, y).sum(axis=0), "array of shape (1, 3)"),
        (lambda z: z, "stopped with TypeError"),
    ],
    "ce-seven": [(6, "sign"), (7, "before log p"), (-7, "before log p"), (0, "valid label 1"), (3, "whatever y is")],
    "ce-one-of-k": [
        (1, "one bit"),
        (4, "NUMBER"),
        (9, "tenth follows"),
        (3.321928094887362, "information"),
        (7, "How long is its row"),
        (70, "each of the K classes"),
        (np.eye(10), "single number"),
    ],
    "ce-kl": [
        (lambda y, p: np.sum(y * np.log(y / p)), "0 log 0"),
        (lambda y, p: np.sum(y * (np.log(y) - np.log(p))), "0 log 0"),
        (lambda y, p: -safe_kl(y, p), "never negative"),
        (lambda y, p: -np.sum(y * np.log(p)), "cross-entropy"),
        (lambda y, p: safe_kl(y, p) / np.log(2), "bits"),
        (lambda y, p: np.sum(p * np.log(p / np.maximum(y, 1e-300))), "weights before the logarithm"),
        (lambda y, p: safe_kl(y, p, np.mean), "not a mean"),
        (lambda y, p: np.abs(y - p).sum(), "Compare logarithms"),
        (lambda y, p: 0.0, "should give 0.39"),
    ],
    "ce-smooth": [
        (
            lambda y, k, e: np.where(np.eye(k)[y] == 1, 1 - e, e / (k - 1)),
            "wrong classes only",
        ),
        (lambda y, k, e: smooth(y, k, 1, e / k), "1 + ε"),
        (lambda y, k, e: smooth(y, k, 1 - e, 0), "1 − ε"),
        (lambda y, k, e: smooth(y, k, 1 - e, e), "not ε"),
        (lambda y, k, e: smooth(y, k, e, (1 - e) / k), "exchanged"),
        (lambda y, k, e: np.eye(k)[y], "should give"),
        (lambda y, k, e: smooth(y, 10, 1 - e, e / 10), "shape"),
    ],
    "ce-binary": [
        (lambda y, z: binary(y, 1 / (1 + np.exp(-z))), "infinite"),
        (lambda y, z: np.log(1 + np.exp(np.where(y == 1, -z, z))), "overflows"),
        (lambda y, z: binary(y, np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)), "Clipping"),
        (lambda y, z: np.logaddexp(0, np.where(y == 1, z, -z)), "exchanged"),
        (lambda y, z: np.mean(np.logaddexp(0, np.where(y == 1, -z, z))), "not their mean"),
        (lambda y, z: binary(y, z), "not a probability"),
        (lambda y, z: z, "should give"),
    ],
    "ce-models": [
        (MODELS | {"lower loss": "A"}, "every time"),
        (MODELS | {"fewer errors": "B"}, "another word wins"),
        (MODELS | {"moved by temperature": "errors"}, "same word wins"),
        (MODELS | {"moved by temperature": "A"}, "the third"),
        (MODELS | {"lower loss": 2}, "use one of"),
        ({"lower loss": "B"}, "no answer for"),
        ("B", "a dict"),
    ],
}
