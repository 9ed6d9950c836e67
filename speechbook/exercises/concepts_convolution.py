"""Checkers for the chapter *Convolution and pooling*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import Hint, exercise, expect_array, expect_number, expect_text
from speechbook.exercises.functions import expect_same_function


@exercise("convolution-correlate")
def _correlate(answer: object) -> str:
    rng = np.random.default_rng(2)
    signals = [
        (np.array([5.0, 7.0]), np.array([1.0, 2.0])),
        (rng.normal(size=12), np.array([-1.0, 0.0, 1.0])),
        (rng.normal(size=9), rng.normal(size=4)),
        (rng.normal(size=5), rng.normal(size=1)),
        (rng.normal(size=6), rng.normal(size=6)),
    ]
    expect_same_function(
        answer,
        lambda x, kernel: np.correlate(x, kernel, "valid"),
        name="correlate",
        calls=[(signal, {}) for signal in signals],
        mistakes=[
            (
                lambda x, kernel: np.convolve(x, kernel, "valid"),
                "That is the convolution of mathematics: it turns the kernel round. A layer does not.",
            ),
            (
                lambda x, kernel: np.correlate(x, kernel, "valid")[:-1],
                "The last place is missing: a kernel of k fits into n samples n − k + 1 times.",
            ),
            (
                lambda x, kernel: np.correlate(x, kernel, "same"),
                "Without padding the result is shorter than the signal.",
            ),
            (
                lambda x, kernel: np.correlate(x, kernel, "full"),
                "Without padding the result is shorter than the signal.",
            ),
            (
                lambda x, kernel: np.correlate(x, kernel, "valid") / len(kernel),
                "You take the mean of the products; a layer takes their sum.",
            ),
        ],
    )
    return "One scalar product a place."


@exercise("convolution-name")
def _name(answer: object) -> str:
    expect_text(
        answer,
        ("correlation", "cross-correlation", "cross correlation"),
        hints={
            "convolution": "So it is called. But convolution turns the kernel round: it would give 2 · 5 + 1 · 7.",
            "multiplication": "Products are in it, and then a sum. Is the kernel turned round or not?",
        },
        hint='One of the two words "convolution" and "correlation". Which of them turns the kernel round?',
    )
    return "The kernel is not turned round. For learnt weights it makes no difference."


def _length(n: int, *, kernel_size: int, stride: int = 1, dilation: int = 1, padding: str = "valid") -> int:
    places = n - (kernel_size - 1) * dilation if padding == "valid" else n
    return max(0, -(-places // stride))


@exercise("convolution-length")
def _output_length(answer: object) -> str:
    settings = [
        (100, {"kernel_size": 5}),
        (100, {"kernel_size": 5, "padding": "same"}),
        (100, {"kernel_size": 5, "padding": "causal", "stride": 2}),
        (99, {"kernel_size": 3, "padding": "same", "stride": 2}),
        (100, {"kernel_size": 5, "stride": 2}),
        (101, {"kernel_size": 3, "stride": 3}),
        (64, {"kernel_size": 3, "dilation": 8}),
        (50, {"kernel_size": 4, "stride": 2, "dilation": 3}),
        (13, {"kernel_size": 1}),
        (3, {"kernel_size": 5}),
        (3, {"kernel_size": 9, "stride": 2}),
    ]

    def slip(**change: int) -> object:
        return lambda n, **how: _length(n, **{**how, **change})

    def without_one(n: int, *, kernel_size: int, **how: int) -> int:
        return _length(n, kernel_size=kernel_size + 1, **how)

    def rounded_down(n: int, *, kernel_size: int, stride: int = 1, dilation: int = 1, padding: str = "valid") -> int:
        return _length(n, kernel_size=kernel_size, dilation=dilation, padding=padding) // stride

    def negative(n: int, *, kernel_size: int, stride: int = 1, dilation: int = 1, padding: str = "valid") -> int:
        return -(-(n - (kernel_size - 1) * dilation if padding == "valid" else n) // stride)

    def shortened(n: int, *, kernel_size: int, stride: int = 1, dilation: int = 1, padding: str = "valid") -> int:
        return _length(n, kernel_size=kernel_size, stride=stride, dilation=dilation)

    def uncaused(n: int, *, padding: str = "valid", **how: int) -> int:
        return _length(n, padding="same" if padding == "same" else "valid", **how)

    expect_same_function(
        answer,
        _length,
        name="output_length",
        calls=[((n,), how) for n, how in settings],
        mistakes=[
            (
                without_one,
                "One place is missing: a kernel of 5 fits into 5 frames once, so there are n − k + 1 places.",
            ),
            (slip(dilation=1), "The dilation is missing: the kernel spans (k − 1) · dilation + 1 frames."),
            (slip(stride=1), "The stride is missing: only every stride-th place counts."),
            (
                rounded_down,
                "The first place always counts, so divide by the stride and round up: −(−places // stride).",
            ),
            (negative, "Nearly. Where the kernel does not fit there are 0 frames, never fewer."),
            (shortened, 'Right for "valid". With "same" and "causal" zeros are added, and every frame is a place.'),
            (uncaused, '"causal" adds as many zeros as "same" does, only all of them in front.'),
        ],
    )
    return "Places where the kernel fits, and every stride-th of them, beginning with the first."


@exercise("convolution-weights")
def _weights(answer: object) -> str:
    expect_number(
        answer,
        2560,
        hints={
            2496: "Those are the weights. Each of the 64 filters also has a bias.",
            256: "That is a kernel on a single channel. Here each filter spans all 13 of them.",
            192: "That is 3 · 64: each filter also spans the 13 channels, and has a bias.",
            256_000: "The same weights serve at every frame: their number does not depend on the 100.",
            2509: "A bias belongs to each filter, not to each input channel.",
            896: "That is one weight for each channel. The kernel has three frames.",
            19_264: "That is a kernel of 3 · 100. Weights are shared over the frames.",
        },
        hint="Kernel · input channels · filters, and one bias a filter.",
    )
    return "3 · 13 · 64 + 64, whatever the number of frames."


@exercise("convolution-separable")
def _separable(answer: object) -> str:
    if isinstance(answer, list | tuple | np.ndarray) and np.shape(answer) == (2,):
        for wrong, why in {
            (4480, 20_544): "The right numbers in the wrong order: first the full one.",
            (20_480, 4416): "The biases are missing: 64 for the full layer, 64 for the mixing one.",
            (20_544, 4416): "The full layer is right. The mixing layer of the separable one has 64 biases too.",
            (20_544, 4544): "The full layer is right. The kernels of the single channels have no bias here.",
            (
                20_544,
                320,
            ): "Those are the kernels of the single channels. The layer that mixes the channels is missing.",
            (20_544, 384): "After the kernels of the single channels comes a dense layer 64 → 64 on every frame.",
            (20_544, 4160): "That is the mixing layer. The kernels of the single channels are missing: 5 · 64.",
            (
                20_544,
                24_640,
            ): "In the separable layer a channel's kernel sees that channel only: 5 weights, not 5 · 64.",
        }.items():
            if all(isinstance(x, int | float | np.number) for x in answer) and np.allclose(answer, wrong):
                raise Hint(why)
    hint = "Full: 5 · 64 · 64 + 64. Separable: 64 kernels of 5 weights, and then a dense layer 64 → 64 with biases."
    expect_array(answer, np.array([20_544.0, 4480.0]), hint=hint)
    return "Less than a quarter, which is why networks for small devices are built so."


Stack = list[tuple[int, int, int]]


def _field(layers: Stack, *, order: int = 1, strided: bool = True, dilated: bool = True, minus: int = 1) -> int:
    frames, step = 1, 1
    for kernel_size, stride, dilation in layers[::order]:
        frames += (kernel_size - minus) * (dilation if dilated else 1) * step
        step *= stride if strided else 1
    return frames


def _own_stride_too(layers: Stack) -> int:
    frames, step = 1, 1
    for kernel_size, stride, dilation in layers:
        step *= stride
        frames += (kernel_size - 1) * dilation * step
    return frames


@exercise("convolution-field")
def _receptive_field(answer: object) -> str:
    stacks = [
        [(5, 2, 1), (5, 2, 1)],
        [(3, 1, 1)] * 4,
        [(3, 1, 1), (3, 1, 2), (3, 1, 4), (3, 1, 8)],
        [(5, 1, 1)],
        [(3, 1, 1), (7, 2, 1), (3, 3, 2), (5, 1, 2)],
        [(1, 2, 1), (3, 1, 1)],
        [],
    ]
    expect_same_function(
        answer,
        _field,
        name="receptive_field",
        calls=[((layers,), {}) for layers in stacks],
        mistakes=[
            (
                lambda layers: _field(layers, strided=False),
                "The strides are missing: behind stride 2 a step is two frames.",
            ),
            (
                lambda layers: _field(layers, dilated=False),
                "The dilation is missing: (k − 1) · dilation frames are added.",
            ),
            (
                lambda layers: _field(layers, minus=0),
                "Each layer adds k − 1 frames, not k: one of them was seen before.",
            ),
            (lambda layers: _field(layers) - 1, "One frame is missing: without any layer, an output sees one frame."),
            (
                _own_stride_too,
                "A layer's own stride moves what comes after it, not its own kernel: multiply afterwards.",
            ),
            (
                lambda layers: _field(layers, order=-1),
                "You walk from the last layer to the first. The strides that count are those of earlier layers.",
            ),
            (
                lambda layers: int(np.prod([kernel_size for kernel_size, _, _ in layers])),
                "Kernels do not multiply: two layers of kernel 3 see 5 frames, not 9.",
            ),
            (
                lambda layers: sum(kernel_size for kernel_size, _, _ in layers),
                "Neighbouring outputs see many frames in common: two layers of kernel 3 see 5 frames, not 6.",
            ),
        ],
    )
    return "Each layer adds (k − 1) · dilation steps, and a step is the product of the strides before it."


@exercise("convolution-wait")
def _wait(answer: object) -> str:
    expect_number(
        answer,
        60,
        hints={
            120: "The field reaches 12 frames beyond its own, but half of them lie in the past.",
            130: "That is the whole receptive field. Only the half after the frame must be waited for.",
            65: "Half of the 13 frames would count the present frame by half. After it lie 6.",
            20: "That is one layer. Behind it the next one looks ahead again.",
            6: "That is the number of frames; one comes every 10 ms.",
            150: "Each layer adds k − 1 frames, half of them ahead: 2 a layer, not 5.",
            75: "Each layer looks (5 − 1)/2 = 2 frames ahead, not 2.5.",
            0: "That would be causal padding. “Same” padding looks to both sides.",
            0.06: "That is right in seconds; the question asks for milliseconds.",
            85: "You added the window. How long a frame lasts is another matter: here only later frames count.",
        },
        hint="Each layer looks (5 − 1)/2 frames ahead, and the looks add up.",
    )
    return "Two frames a layer, three layers, 10 ms a frame. With causal padding it would be none."


def _mean_pool(x: np.ndarray, size: int) -> np.ndarray:
    n_groups = len(x) // size
    return x[: n_groups * size].reshape(n_groups, size, -1).mean(axis=1)


def _ragged(x: np.ndarray, size: int) -> np.ndarray:
    return np.array([x[start : start + size].mean(axis=0) for start in range(0, len(x), size)])


@exercise("convolution-mean-pool")
def _pool(answer: object) -> str:
    rng = np.random.default_rng(3)
    sizes = [(12, 3, 2), (11, 2, 2), (10, 4, 3), (6, 1, 6), (5, 3, 1)]
    expect_same_function(
        answer,
        _mean_pool,
        name="mean_pool",
        calls=[((rng.normal(size=(n_frames, n_features)), size), {}) for n_frames, n_features, size in sizes],
        mistakes=[
            (
                lambda x, size: x[: len(x) // size * size].reshape(len(x) // size, size, -1).max(axis=1),
                "That is the largest of each group; asked is the mean.",
            ),
            (_ragged, "Nearly: the incomplete group at the end is to be dropped."),
            (
                lambda x, size: np.array([x[t : t + size].mean(axis=0) for t in range(len(x) - size + 1)]),
                "Your groups overlap. They lie side by side: the next one starts where the last has ended.",
            ),
            (
                lambda x, size: x[: len(x) // size * size].reshape(len(x) // size, -1).mean(axis=1),
                "You average over the features as well. Pooling keeps them apart.",
            ),
            (
                lambda x, size: x[: len(x) // size * size].reshape(size, len(x) // size, -1).mean(axis=0),
                "Your groups hold frames from far apart: reshape to (groups, size, features), in this order.",
            ),
            (
                lambda x, size: x[: len(x) // size * size : size],
                "You keep the first frame of each group; asked is the mean.",
            ),
            (
                lambda x, size: _mean_pool(x, size) * size,
                "That is the sum of each group; asked is the mean.",
            ),
        ],
    )
    return "Fewer frames, as many features, no weights."


def _squash(v: np.ndarray) -> np.ndarray:
    n = np.linalg.norm(v)
    return v * n / (1 + n**2)


@exercise("convolution-squash")
def _capsule(answer: object) -> str:
    vectors = [[3.0, 4.0], [1.0, 0.0, 0.0], [-0.06, 0.08], [6.0, -8.0], [0.0, 0.0, 0.0], [0.5, 0.5, 0.5, -0.5]]
    expect_same_function(
        answer,
        _squash,
        name="squash",
        calls=[((np.array(v),), {}) for v in vectors],
        mistakes=[
            (
                lambda v: v * np.linalg.norm(v) ** 2 / (1 + np.linalg.norm(v) ** 2),
                "You multiply v by the new length. Give it length 1 first: v / n.",
            ),
            (
                lambda v: np.linalg.norm(v) ** 2 / (1 + np.linalg.norm(v) ** 2),
                "That is the new length. The result is a vector of that length in the direction of v.",
            ),
            (lambda v: v**2 / (1 + v**2), "You squash each number by itself; it is the length of the whole vector."),
            (lambda v: v / np.maximum(np.linalg.norm(v), 1e-300), "That has length 1. It should be n² / (1 + n²)."),
            (lambda v: v / (1 + np.linalg.norm(v)), "That gives the length n / (1 + n). It should be n² / (1 + n²)."),
            (
                lambda v: v / (1 + np.linalg.norm(v) ** 2),
                "That gives the length n / (1 + n²). It should be n² / (1 + n²).",
            ),
        ],
    )
    return "Lengths 0.1, 1 and 10 become 0.01, 0.5 and 0.99; the direction stays."
