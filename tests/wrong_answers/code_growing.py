"""Planted wrong answers for *Growing past one machine*, each with a piece of the hint that it must get."""

import numpy as np

WRONG = {
    "growing-share": [
        (lambda n, r, w: n // w, "first workers"),
        (lambda n, r, w: -(-n // w), "last workers"),
        (lambda n, r, w: n / w, "whole"),
        (lambda n, r, w: -1, "should give"),
    ],
    "growing-join": [
        (lambda g, c: np.mean(g, axis=0), "weigh"),
        (lambda g, c: np.sum(g, axis=0), "too large"),
        (lambda g, c: (g * c[:, None]).sum(axis=0), "all clips"),
        (lambda g, c: (g * c[:, None]).mean(axis=0), "not of workers"),
        (lambda g, c: (g / c[:, None]).sum(axis=0), "turns a mean"),
    ],
    "growing-ring": [
        (40, "size of the network"),
        (80, "very many"),
        (16, "4 bytes"),
        (32, "twice"),
        (320, "together"),
        (160, "cheaper"),
        (5, "times 40"),
    ],
    "growing-amdahl": [(9, "everything"), (8.1, "Add up times"), (10, "limit"), (0.2, "time that is left"), (3, "0.1")],
    "growing-storage": [
        (57.6, "2 bytes"),
        (115_200_000_000, "in bytes"),
        (921.6, "bits"),
        (1.92, "3,600"),
        (107.3, "2³⁰"),
        (1, "Hours"),
    ],
    "growing-failures": [(128_000, "divide"), (2000, "Any of the 64"), (0.032, "hours a failure"), (1, "64 times")],
    "growing-rate": [
        (0.001, "in proportion"),
        (0.000125, "quieter"),
        (0.001 * np.sqrt(8), "square-root"),
        (0.064, "number of workers"),
        (1, "Eight times"),
    ],
}
