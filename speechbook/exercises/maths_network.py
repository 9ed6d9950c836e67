"""Checkers for *A network from scratch* in the part *maths*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import expect_same_function
from speechbook.exercises.maths_backpropagation import expect_parts


@exercise("scratch-frames")
def _frames(answer: object) -> str:
    expect_number(
        answer,
        13,
        hints={
            15: "That is what the pooling leaves. The second convolution, without padding, takes 2 more.",
            30: "That is what the first convolution leaves. Pooling and a second convolution follow.",
            14: "A kernel of 3 fits into 15 frames at 15 − 3 + 1 places.",
            12: "A kernel of 3 fits into 15 frames at 15 − 3 + 1 places.",
            28: "The first convolution moves by 2 frames each time: (64 − 5) // 2 + 1 places.",
            64: "No layer pads, so each convolution and the pooling shorten the clip.",
            16: "Strides and pooling alone would give 64 / 2 / 2. The kernels also need room to fit.",
        },
        hint="Follow the frames: kernel 5, stride 2; pairs; kernel 3. A kernel fits at (T − K) // stride + 1 places.",
    )
    return "64 → 30 → 15 → 13."


@exercise("scratch-updates")
def _updates(answer: object) -> str:
    expect_number(
        answer,
        1690,
        hints={
            169: "That is one epoch.",
            1680: "168 full batches leave 12 clips over; they make one more, smaller batch in each epoch.",
            168: "That is one epoch, and the last 12 clips are missing.",
            1687.5: "There are only whole batches; the last one of each epoch is smaller.",
            27_000: "That counts clips. A weight moves once for each batch of 16.",
            43_200: "Sixteen clips share one update, so divide.",
        },
        hint="Batches in an epoch, rounded up, times the number of epochs.",
    )
    return "169 batches an epoch, ten epochs."


def _kernel_gradient(x: np.ndarray, upstream: np.ndarray) -> np.ndarray:
    return np.correlate(x, upstream, "valid")


@exercise("scratch-kernel")
def _kernel(answer: object) -> str:
    rng = np.random.default_rng(0)
    sizes = [(7, 5), (6, 6), (9, 2), (5, 3)]
    expect_same_function(
        answer,
        _kernel_gradient,
        name="kernel_gradient",
        calls=[((rng.normal(size=n), rng.normal(size=m)), {}) for n, m in sizes],
        mistakes=[
            (
                lambda x, u: _kernel_gradient(x, u)[::-1],
                "Turned round: w_k meets x_{t+k}, so larger k means LATER frames.",
            ),
            (
                lambda x, u: np.convolve(x, u, "valid"),
                "np.convolve turns one of the two round. Here both run forward: Σ_t x_{t+k} δ_t.",
            ),
            (
                lambda x, u: _kernel_gradient(x, u) / len(u),
                "That is a mean over the places. The paths through all places add up.",
            ),
            (
                lambda x, u: x[: len(x) - len(u) + 1] * u[0],
                "You used one place only. The kernel is used at every t: add over them.",
            ),
            (
                lambda x, u: np.convolve(x, u),
                "One value for each row of the kernel: len(x) − len(upstream) + 1 of them.",
            ),
        ],
    )
    return "The gradient of a correlation is a correlation again."


def _unpool(x: np.ndarray, upstream: np.ndarray) -> np.ndarray:
    by_x = np.zeros(len(x))
    for group, slope in enumerate(upstream):
        by_x[2 * group + int(np.argmax(x[2 * group : 2 * group + 2]))] = slope
    return by_x


@exercise("scratch-unpool")
def _check_unpool(answer: object) -> str:
    def spread(x: np.ndarray, upstream: np.ndarray, share: float) -> np.ndarray:
        by_x = np.zeros(len(x))
        by_x[: 2 * len(upstream)] = share * np.repeat(upstream, 2)
        return by_x

    def last_wins(x: np.ndarray, upstream: np.ndarray) -> np.ndarray:
        paired = 2 * len(upstream)
        return np.append(_unpool(x[:paired][::-1], upstream[::-1])[::-1], np.zeros(len(x) - paired))

    def by_equality(x: np.ndarray, upstream: np.ndarray) -> np.ndarray:
        pairs = x[: 2 * len(upstream)].reshape(-1, 2)
        found = (pairs == pairs.max(axis=1, keepdims=True)) * upstream[:, None]
        return np.append(found.ravel(), np.zeros(len(x) - 2 * len(upstream)))

    tie = "In a tie only ONE of the two may win, the first; np.argmax does that."
    expect_same_function(
        answer,
        _unpool,
        name="unpool",
        calls=[
            ((np.array([3.0, 7.0, 6.0, 2.0]), np.array([10.0, 20.0])), {}),
            ((np.array([3.0, 7.0, 6.0, 2.0, 9.0]), np.array([-1.0, 2.0])), {}),
            ((np.array([-4.0, -5.0]), np.array([1.5])), {}),
            ((np.array([0.0, 0.0, 1.0, 1.0]), np.array([5.0, 6.0])), {}),
        ],
        mistakes=[
            (by_equality, tie),
            (last_wins, tie),
            (lambda x, u: spread(x, u, 0.5), "That is average pooling, where all share. Here the winner takes it all."),
            (lambda x, u: spread(x, u, 1.0), "Both of a pair get everything. Only the larger one moved the maximum."),
            (
                lambda x, u: _unpool(x, np.array([x[2 * i : 2 * i + 2].max() for i in range(len(u))])),
                "You hand back the maximum itself. What goes back is upstream.",
            ),
            (
                lambda x, u: _unpool(x[: 2 * len(u)], u),
                "The result should be as long as x. A frame without a partner gets 0.",
            ),
            (lambda x, u: _unpool(-x, u), "The gradient goes to the larger of the two, not to the smaller."),
        ],
    )
    return "The winner takes it all, and who was dropped gets nothing."


def _by_cell(
    by_h: np.ndarray, c0: np.ndarray, i: np.ndarray, f: np.ndarray, g: np.ndarray, o: np.ndarray
) -> np.ndarray:
    return by_h * o * (1 - np.tanh(f * c0 + i * g) ** 2)


def _cell_backward(by_h, c0, i, f, g, o):
    by_c = _by_cell(by_h, c0, i, f, g, o)
    return by_c * f, by_c * g, by_c * c0, by_c * i, by_h * np.tanh(f * c0 + i * g)


@exercise("scratch-cell")
def _cell(answer: object) -> str:
    rng = np.random.default_rng(0)
    gates = [tuple(rng.uniform(0.1, 0.9, size=(6, n))) for n in (4, 1, 7)]
    calls = [(by_h * 3 - 1, c0 * 2 - 1, i, f, g * 2 - 1, o) for by_h, c0, i, f, g, o in gates]
    no_tanh = "the slope of tanh is missing on the way from h to c: 1 − tanh(c)²."
    sigmoid = "derivatives by the gates' values are asked for; leave the sigmoids' slopes out."
    expect_parts(
        answer,
        _cell_backward,
        name="cell_backward",
        calls=calls,
        parts=["by c0", "by i", "by f", "by g", "by o"],
        mistakes={
            "by c0": [
                (lambda d, c0, i, f, g, o: d * o * f, no_tanh),
                (_by_cell, "that is the derivative by c. From c to c₀ the forget gate lets through f."),
                (lambda d, c0, i, f, g, o: d * f, "from h to c it is o · (1 − tanh(c)²)."),
            ],
            "by i": [
                (lambda d, c0, i, f, g, o: _by_cell(d, c0, i, f, g, o) * i, "c = f c₀ + i g changes by g, not by i."),
                (lambda d, c0, i, f, g, o: _by_cell(d, c0, i, f, g, o) * g * i * (1 - i), sigmoid),
            ],
            "by f": [
                (lambda d, c0, i, f, g, o: _by_cell(d, c0, i, f, g, o) * f, "c = f c₀ + i g changes by c₀, not by f."),
                (lambda d, c0, i, f, g, o: _by_cell(d, c0, i, f, g, o) * c0 * f * (1 - f), sigmoid),
                (
                    lambda d, c0, i, f, g, o: _by_cell(d, c0, i, f, g, o) * (f * c0 + i * g),
                    "the forget gate multiplies the OLD cell, c₀.",
                ),
            ],
            "by g": [
                (lambda d, c0, i, f, g, o: _by_cell(d, c0, i, f, g, o) * g, "c = f c₀ + i g changes by i, not by g."),
                (lambda d, c0, i, f, g, o: _by_cell(d, c0, i, f, g, o) * i * (1 - g**2), sigmoid),
            ],
            "by o": [
                (_by_cell, "o multiplies tanh(c); that is what h changes by."),
                (lambda d, c0, i, f, g, o: d * (f * c0 + i * g), "o multiplies tanh(c), not c."),
                (lambda d, c0, i, f, g, o: d * np.tanh(f * c0 + i * g) * o * (1 - o), sigmoid),
            ],
        },
    )
    return "Each factor gets what it multiplies."


@exercise("scratch-forget")
def _forget(answer: object) -> str:
    expect_number(
        answer,
        0.9**50,
        hints={
            45.0: "Steps one after the other multiply; 0.9 · 50 adds.",
            0.1**50: "0.1 is what is lost at each step; 0.9 is what stays.",
            1 - 0.9**50: "That is how much has been lost.",
            0.9**49: "One frame short.",
            0.9**51: "One frame too many.",
            0.9 / 50: "The factor 0.9 acts 50 times, one after the other.",
        },
        hint="At each frame the gradient is multiplied by 0.9, fifty times.",
        tolerance=0.01,
    )
    return "0.005: after half a second of frames, half a percent is left."


@exercise("scratch-zero")
def _zero(answer: object) -> str:
    no_path = "What comes back to the first layer passes through W², which is 0."
    expect_choices(
        answer,
        {"w1": False, "b1": False, "w2": False, "b2": True},
        choices=(True, False),
        hints={
            ("w1", True): no_path,
            ("b1", True): no_path,
            ("w2", True): "Its gradient is hᵀδ, and every h is tanh(0) = 0.",
            ("b2", False): "Its gradient is the sum of p − y over the clips, whatever the weights are.",
        },
        other="Look at {key} again.",
    )
    return "Only the last biases move, so the network never gets off the ground. That is why weights begin at random."


@exercise("scratch-softplus")
def _softplus(answer: object) -> str:
    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 0.5 * (1 + np.tanh(0.5 * z))

    z = np.array([[0.0, 1.0, -2.0], [0.3, -1000.0, 1000.0]])
    expect_same_function(
        answer,
        lambda upstream, z: upstream * sigmoid(z),
        name="softplus_backward",
        calls=[
            ((np.array([1.0, -2.0, 0.5]), np.array([0.0, 1.5, -3.0])), {}),
            ((np.array([[1.0, 2.0, 3.0], [-1.0, 4.0, 5.0]]), z), {}),
        ],
        mistakes=[
            (
                lambda upstream, z: upstream * np.exp(z) / (1 + np.exp(z)),
                "Right for small z, but exp(1000) / exp(1000) is nan. Divide both by e^z: 1 / (1 + e^−z).",
            ),
            (
                lambda upstream, z: sigmoid(z),
                "That is the slope of softplus. What comes from above has to multiply it.",
            ),
            (
                lambda upstream, z: upstream * (z > 0),
                "That is ReLU's slope. Softplus is smooth: differentiate log(1 + e^z).",
            ),
            (
                lambda upstream, z: upstream * np.logaddexp(0, z),
                "That is softplus itself. Its derivative is asked for.",
            ),
            (
                lambda upstream, z: upstream * sigmoid(z) * (1 - sigmoid(z)),
                "That is the slope of the sigmoid. The slope of softplus is the sigmoid itself.",
            ),
            (
                lambda upstream, z: upstream * sigmoid(-z),
                "That is the slope of log(1 + e^−z), going down. Mind the sign of z.",
            ),
        ],
    )
    return "The slope of softplus is the sigmoid."
