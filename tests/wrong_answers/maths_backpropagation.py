"""Planted wrong answers for *Back-propagation*, each with a piece of the hint that it must get."""

import numpy as np

SHAPES = {"dC/dW1": (26, 8), "delta1": (32, 8)}
P = 1 / (1 + np.exp(20.0))


def unit(w, b, x, y):
    by_z = 1 / (1 + np.exp(-(w @ x + b))) - y
    return np.append(by_z * x, by_z)


def differences(cost, w, up, down, width):
    steps = np.eye(w.size).reshape(w.size, *w.shape)
    return np.array([(cost(w + up * s) - cost(w - down * s)) / width for s in steps]).reshape(w.shape)


def dense(by_x=None, by_kernel=None, by_bias=None):
    def backward(x, k, u):
        return (
            (by_x or (lambda x, k, u: u @ k.T))(x, k, u),
            (by_kernel or (lambda x, k, u: x.T @ u))(x, k, u),
            (by_bias or (lambda x, k, u: u.sum(axis=0)))(x, k, u),
        )

    return backward


WRONG = {
    "bp-square": [
        (2, "inner derivative"),
        (1, "cost itself"),
        (-4, "sign"),
        (8, "2 · 1 · 2"),
        (0, "chain rule"),
        ("4", "single number"),
    ],
    "bp-shapes": [
        (SHAPES | {"dC/dW1": (8, 26)}, "Nielsen"),
        (SHAPES | {"dC/dW1": (32, 26, 8)}, "adds them up"),
        (SHAPES | {"dC/dW1": (26,)}, "of its own"),
        (SHAPES | {"delta1": (32, 26)}, "shape of the input"),
        (SHAPES | {"delta1": (8,)}, "one clip"),
        (SHAPES | {"delta1": (8, 32)}, "clips are rows"),
        (SHAPES | {"delta1": (32, 10)}, "δ²"),
        (SHAPES | {"delta1": (1, 1)}, "below the fraction line"),
        (SHAPES | {"delta1": 256}, "tuple of whole numbers"),
        ({"dC/dW1": (26, 8)}, "tuple of whole numbers"),
        ((26, 8), "a dict"),
    ],
    "bp-saturated": [
        ([P - 1, 2 * (P - 1) * P * (1 - P)], "order"),
        ([2 * (P - 1), P - 1], "slope of the sigmoid"),
        ([2 * (1 - P) * P * (1 - P), 1 - P], "signs"),
        ([2 * (1 - P) * P * (1 - P), P - 1], "sign of the first"),
        ([(P - 1) ** 2, -np.log(P)], "errors themselves"),
        ([2 * (P - 1) * P * (1 - P), -1 / P], "slope by p"),
        ([0.0, -1.0], "chain rule"),
        (-1, "list of two"),
        ("small", "list of two"),
    ],
    "bp-unit": [
        (lambda w, b, x, y: -unit(w, b, x, y), "turned round"),
        (
            lambda w, b, x, y: unit(w, b, x, y) * (unit(w, b, x, y)[-1] + y) * (1 - unit(w, b, x, y)[-1] - y),
            "squared error",
        ),
        (lambda w, b, x, y: unit(w, b, x, y)[:-1], "bias is missing"),
        (lambda w, b, x, y: np.roll(unit(w, b, x, y), 1), "bias comes last"),
        (lambda w, b, x, y: np.append(unit(w, b, x, y)[-1] * w, unit(w, b, x, y)[-1]), "multiply by w"),
        (lambda w, b, x, y: np.append(unit(w, b, x, y)[:-1], 1.0), "C by (p − y)"),
        (lambda w, b, x, y: x, "should give"),
    ],
    "bp-shared": [
        (8, "first frame alone"),
        (-1, "second frame alone"),
        (9, "sign of the second"),
        (3.5, "no mean"),
        (-8, "multiplied"),
        (1, "inner derivatives"),
        (1.25, "cost itself"),
        (0, "Two paths"),
    ],
    "bp-dense": [
        (dense(by_x=lambda x, k, u: x.T @ u), "input comes first"),
        (dense(by_kernel=lambda x, k, u: u.T @ x), "xᵀ comes first"),
        (dense(by_kernel=lambda x, k, u: x.T @ u / len(x)), "by the kernel: the mean"),
        (dense(by_bias=lambda x, k, u: u), "same bias"),
        (dense(by_bias=lambda x, k, u: u.mean(axis=0)), "by the bias: the mean"),
        (dense(by_bias=lambda x, k, u: u.sum()), "its own bias"),
        (dense(by_bias=lambda x, k, u: u.sum(axis=1)), "not over the units"),
        (dense(by_x=lambda x, k, u: 2 * u @ k.T), "by x: the numbers"),
        (dense(by_x=lambda x, k, u: u @ k), "stopped with ValueError"),
        (dense(by_x=lambda x, k, u: u[:1] @ k.T), "shape should be"),
        (lambda x, k, u: u @ k.T, "3 things"),
        (lambda x, k, u: ("a", "b", "c"), "arrays of numbers"),
        (3, "pass the function itself"),
    ],
    "bp-central": [
        (lambda c, w, h: differences(c, w, h, 0, h), "one side"),
        (lambda c, w, h: differences(c, w, 0, h, h), "one side"),
        (lambda c, w, h: differences(c, w, h, h, h), "2h"),
        (lambda c, w, h: -differences(c, w, h, h, 2 * h), "turned round"),
        (lambda c, w, h: differences(c, w, 1e-5, 1e-5, 2e-5), "passed in"),
        (lambda c, w, h: np.full(w.shape, (c(w + h) - c(w - h)) / (2 * h)), "all weights at once"),
        (lambda c, w, h: (c(w + h) - c(w - h)) / (2 * h), "w's shape"),
        (lambda c, w, h: w, "should give"),
    ],
    "bp-step": [
        (1e-8, "Too short"),
        (1e-2, "Too long"),
        (1e-16, "Too short"),
        (-1e-5, "above 0"),
        ("1e-5", "single number"),
    ],
    "bp-passes": [
        (2378, "two passes"),
        (4608, "left out the biases"),
        (2304, "second pass"),
        (2379, "one-sided"),
        (3, "back-propagation"),
        (4757, "not needed"),
        (612, "Count the weights"),
    ],
    "bp-bug": [("kernel", "and right"), ("bias", "multiplied again"), ("output", "Answer"), (0, "word in quotes")],
}
