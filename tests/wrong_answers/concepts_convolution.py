"""Planted wrong answers for *Convolution and pooling*, each with a piece of the hint that it must get."""

import numpy as np


def length(n, *, kernel_size, stride=1, dilation=1, padding="valid", least=0, up=1):
    places = n - (kernel_size - 1) * dilation if padding == "valid" else n
    return max(least, (places + up * (stride - 1)) // stride)


def field(layers, *, own=False, start=1):
    frames, step = start, 1
    for kernel_size, stride, dilation in layers:
        step *= stride if own else 1
        frames += (kernel_size - 1) * dilation * step
        step *= 1 if own else stride
    return frames


def pooled(x, size, how=np.mean):
    return [how(x[k * size : (k + 1) * size], axis=0) for k in range(len(x) // size)]


def norm(v):
    return np.sqrt(np.sum(v**2))


WRONG = {
    "convolution-correlate": [
        (lambda x, kernel: np.convolve(x, kernel, "valid"), "turns the kernel round"),
        (lambda x, kernel: [x[t : t + len(kernel)] @ kernel for t in range(len(x) - len(kernel))], "last place"),
        (lambda x, kernel: np.correlate(x, kernel, "full"), "Without padding"),
        (lambda x, kernel: np.correlate(x, kernel, "valid") / len(kernel), "takes their sum"),
        (lambda x, kernel: x[: len(x) - len(kernel) + 1], "should give"),
    ],
    "convolution-name": [
        ("Convolution", "2 · 5 + 1 · 7"),
        ("multiplication", "then a sum"),
        ("sum", "One of the two"),
        (19, "quotes"),
    ],
    "convolution-length": [
        (lambda n, *, kernel_size, **how: length(n, kernel_size=kernel_size + 1, **how), "One place is missing"),
        (lambda n, **how: length(n, **{**how, "dilation": 1}), "dilation is missing"),
        (lambda n, **how: length(n, **{**how, "stride": 1}), "stride is missing"),
        (lambda n, **how: length(n, **how, up=0), "round up"),
        (lambda n, **how: length(n, **how, least=-99), "never fewer"),
        (lambda n, **how: length(n, **{**how, "padding": "valid"}), 'Right for "valid"'),
        (
            lambda n, *, padding="valid", **how: length(n, padding="same" if padding == "same" else "valid", **how),
            "all of them in front",
        ),
        (lambda n, *, kernel_size: n - kernel_size + 1, "unexpected keyword"),
        (lambda n, **how: n, "should give 96"),
    ],
    "convolution-weights": [
        (2496, "also has a bias"),
        (256, "single channel"),
        (192, "also spans"),
        (256_000, "does not depend"),
        (2509, "not to each input"),
        (1, "one bias a filter"),
    ],
    "convolution-separable": [
        ((4480, 20_544), "wrong order"),
        ((20_480, 4416), "biases are missing"),
        ((20_544, 4544), "no bias here"),
        ((20_544, 320), "mixes the channels"),
        ((20_544, 4160), "5 · 64"),
        ((1, 2), "Full: 5 · 64 · 64"),
        (20_544, "shape"),
    ],
    "convolution-field": [
        (lambda layers: field([(k, 1, d) for k, _, d in layers]), "strides are missing"),
        (lambda layers: field([(k, s, 1) for k, s, _ in layers]), "dilation is missing"),
        (lambda layers: field([(k + 1, s, d) for k, s, d in layers]), "not k"),
        (lambda layers: field(layers, start=0), "One frame is missing"),
        (lambda layers: field(layers, own=True), "own stride"),
        (lambda layers: field(layers[::-1]), "last layer to the first"),
        (lambda layers: np.prod([k for k, _, _ in layers], dtype=int), "do not multiply"),
        (lambda layers: sum(k for k, _, _ in layers), "not 6"),
        (lambda layers: 13, "should give 9"),
    ],
    "convolution-wait": [
        (120, "in the past"),
        (130, "whole receptive field"),
        (20, "one layer"),
        (6, "every 10 ms"),
        (0, "causal"),
        (0.06, "milliseconds"),
        (85, "window"),
        (33, "add up"),
    ],
    "convolution-mean-pool": [
        (lambda x, size: pooled(x, size, np.max), "the largest"),
        (lambda x, size: [x[k : k + size].mean(axis=0) for k in range(0, len(x), size)], "incomplete group"),
        (lambda x, size: [x[k : k + size].mean(axis=0) for k in range(len(x) - size + 1)], "overlap"),
        (lambda x, size: [group.mean() for group in pooled(x, size)], "features as well"),
        (lambda x, size: pooled(x, size, np.sum), "the sum"),
        (lambda x, size: x[: len(x) // size * size : size], "first frame"),
        (lambda x, size: np.reshape(x[: len(x) // size * size], (size, len(x) // size, -1)).mean(axis=0), "far apart"),
        (lambda x, size: x, "should give an array of shape (6, 3)"),
    ],
    "convolution-squash": [
        (lambda v: v * norm(v) ** 2 / (1 + norm(v) ** 2), "length 1 first"),
        (lambda v: norm(v) ** 2 / (1 + norm(v) ** 2), "is the new length"),
        (lambda v: v**2 / (1 + v**2), "whole vector"),
        (lambda v: v / max(norm(v), 1e-30), "has length 1"),
        (lambda v: v / (1 + norm(v)), "n / (1 + n)."),
        (lambda v: v / (1 + norm(v) ** 2), "n / (1 + n²)."),
        (lambda v: v * 0.0, "should give"),
        (
            lambda v: (
                np.divide(v, np.float64(norm(v)), out=np.full(v.shape, np.nan), where=norm(v) > 0)
                * norm(v) ** 2
                / (1 + norm(v) ** 2)
            ),
            "division by zero",
        ),
    ],
}
