"""Checkers for the part *code*."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from speechbook.exercises.checking import Hint, Unanswered, describe, exercise, expect_function, expect_number
from speechbook.exercises.functions import expect_same_function

LOSSES = ("binary_crossentropy", "sparse_categorical_crossentropy", "categorical_crossentropy")


def _steps(n_frames: int, *, kernel_size: int, pool_size: int) -> int:
    return max(0, n_frames - kernel_size + 1) // pool_size


@exercise("conv1d-steps")
def _count_steps(answer: object) -> str:
    sizes = [(13, 3, 2), (64, 3, 2), (100, 5, 2), (20, 4, 3), (3, 3, 2), (1, 5, 2), (64, 1, 1), (50, 3, 1)]
    expect_same_function(
        answer,
        _steps,
        name="count_steps",
        calls=[((n,), {"kernel_size": kernel, "pool_size": pool}) for n, kernel, pool in sizes],
        mistakes=[
            (
                lambda n, *, kernel_size, pool_size: n // pool_size,
                "You left the convolution out. Without padding a kernel of 3 fits into 13 frames at only 11 places.",
            ),
            (
                lambda n, *, kernel_size, pool_size: max(0, n - kernel_size) // pool_size,
                "One place is missing: a kernel of 3 fits into 3 frames once, not 0 times.",
            ),
            (
                lambda n, *, kernel_size, pool_size: -(-max(0, n - kernel_size + 1) // pool_size),
                "You round up, but pooling drops a group that is not complete: 11 steps become 5.",
            ),
            (
                lambda n, *, kernel_size, pool_size: max(0, n - kernel_size + 1) / pool_size,
                "Steps are whole: pooling drops a group that is not complete, so divide with //.",
            ),
            (
                lambda n, *, kernel_size, pool_size: (n - kernel_size + 1) // pool_size,
                "Nearly. Fewer frames than the kernel is long leave no step at all: the count is 0, never negative.",
            ),
            (
                lambda n, *, kernel_size, pool_size: max(0, n // pool_size - kernel_size + 1),
                "You pool first. The article's order is convolution, then pooling.",
            ),
        ],
    )
    return "The kernel fits n − k + 1 times, and pooling keeps the complete groups."


@exercise("conv1d-lstm-weights")
def _lstm_weights(answer: object) -> str:
    def weights(blocks: int, recurrent: bool = True, biases: int = 1) -> object:
        return lambda n, u: blocks * ((n + u * recurrent) * u + biases * u)

    expect_same_function(
        answer,
        weights(4),
        name="lstm_weights",
        calls=[(sizes, {}) for sizes in [(64, 64), (13, 64), (1, 1), (40, 32), (128, 16)]],
        mistakes=[
            (weights(1), "That is a plain recurrent layer. An LSTM has three gates and a candidate, each as large."),
            (weights(3), "Three blocks are a GRU's number (nearly). An LSTM has three gates and a candidate: four."),
            (
                weights(4, recurrent=False),
                "Each block also reads the LSTM's own last output: u more inputs to u units.",
            ),
            (weights(4, biases=0), "The biases are missing: u in each of the four blocks."),
            (weights(4, biases=2), "Other libraries keep two biases a unit (PyTorch does); Keras has one."),
            (lambda n, u: 4 * (n + u) * u + u, "Each of the four blocks has its own u biases, not one block only."),
        ],
    )
    return "Four blocks, each with (inputs + units) · units weights and one bias a unit."


@exercise("conv1d-total-weights")
def _total_weights(answer: object) -> str:
    expect_number(
        answer,
        46_228,
        hints={
            41_044: "That is the total for 13 features a frame. With 40 the convolution has 3 · 40 · 64 + 64.",
            45_578: "That is the total for ten words. With twenty the last layer has 64 · 20 + 20.",
            40_394: "That is the network of this chapter. Which two layers change with the features and the words?",
            37_505: "That is the article's network. Which two layers change with the features and the words?",
            45_824: "You left the biases out: 64 + 256 + 64 + 20.",
            46_208: "The last layer has a bias for each of its twenty words.",
        },
        hint="Only two layers change: the convolution has 3 · features · 64 + 64, the last one 64 · words + words.",
    )
    return "7,744 + 33,024 + 4,160 + 1,300; the number of frames plays no part."


@exercise("conv1d-time-span")
def _time_span(answer: object) -> str:
    expect_number(
        answer,
        55,
        hints={
            40: "Four frames of 10 ms would be 40 ms, but a frame is 25 ms long and only begins every 10 ms.",
            100: "Four frames of 25 ms would be 100 ms if they did not overlap; they begin every 10 ms.",
            45: "That is what one place of the kernel sees. Pooling joins two neighbouring places: four frames.",
            65: "Between four frames lie three hops, not four.",
            60: "Two places of the kernel share two of their frames: together they see four frames, not six.",
            75: "Two places of the kernel share two of their frames: together they see four frames, not six.",
            30: "Those are the three hops between the first and the last frame. The last frame still lasts 25 ms.",
            35: "Two frames see 35 ms. How many does a kernel of 3, pooled by 2, see?",
            0.055: "That is right in seconds; the question asks for milliseconds.",
        },
        hint="Kernel 3 at two neighbouring places: four frames. First to last is three hops, and then 25 ms.",
    )
    return "Three hops of 10 ms from the first frame to the fourth, and 25 ms of the fourth."


@exercise("conv1d-silent-loss")
def _silent_loss(answer: object) -> str:
    first, second = -7 * np.log(0.999), -(1 - 7) * np.log(1 - 0.999)
    expect_number(
        answer,
        first + second,
        hints={
            -first - second: "The size is right, the sign is not: 1 − y is −6 here.",
            first: "That is the first term alone. The second has the weight 1 − y = −6, and it is the large one.",
            second - first: "The first term has lost its sign: −7 · ln 0.999 is positive.",
            (first + second) / np.log(10): "That is with logarithms to the base 10; take the natural one.",
            -second / 6: "That is −ln(1 − p) alone; it still wants its weight 1 − y.",
        },
        hint="Put y = 7 and p = 0.999 into −(y ln p + (1 − y) ln(1 − p)), with natural logarithms.",
        tolerance=1e-4,
    )
    return "The weight 1 − y = −6 turns the penalty into a reward without limit."


def expect_choices(answer: object, right: Mapping, *, choices: tuple, hints: Mapping[tuple, str], other: str) -> None:
    """Accept a dict that names the right choice for every question.

    Parameters
    ----------
    answer : object
        What the reader gave.
    right : mapping
        From each question's key to the right choice.
    choices : tuple
        All that may be chosen.
    hints : mapping of (key, choice) to str
        What lies behind typical wrong choices.
    other : str
        For any other wrong choice; ``{key}`` stands for the question.

    Raises
    ------
    Hint
        If the answer is no dict, leaves a question out, or chooses wrongly.

    Examples
    --------
    >>> expect_choices({"a": 1}, {"a": 1}, choices=(1, 2), hints={}, other="Look at {key} again.")
    """
    if not isinstance(answer, Mapping):
        raise Hint(f"A dict with the keys {', '.join(map(repr, right))} is asked for, but you gave {describe(answer)}.")
    if any(value is ... for value in answer.values()):
        raise Unanswered("Replace all the dots by your choices and run the cell again.")
    missing = [key for key in right if key not in answer]
    if missing:
        raise Hint(f"Your dict has no answer for {', '.join(map(repr, missing))}.")
    for key, wanted in right.items():
        given = bool(answer[key]) if isinstance(answer[key], np.bool_) else answer[key]
        if type(given) is not type(wanted) or given not in choices:
            raise Hint(f"For {key!r} use one of {', '.join(map(repr, choices))}; you gave {describe(given)}.")
        if given != wanted:
            raise Hint(hints.get((key, given), other.format(key=key)))


@exercise("conv1d-losses")
def _losses(answer: object) -> str:
    binary, sparse, categorical = LOSSES
    one_output = "Scene a has one output, a probability of yes. The categorical losses want one a class."
    expect_choices(
        answer,
        {"a": binary, "b": sparse, "c": categorical, "d": binary},
        choices=LOSSES,
        hints={
            ("a", sparse): one_output,
            ("a", categorical): one_output,
            ("b", binary): "Scene b is the article's silent failure: labels up to 9 make the binary loss negative.",
            ("b", categorical): "Scene b has whole numbers as labels; categorical_crossentropy wants a row a clip.",
            ("c", sparse): "Scene c already has one column a word; the sparse loss wants the word's number.",
            ("c", binary): "In scene c exactly one word is right, and the softmax shares out 1 among all ten.",
            ("d", categorical): "In scene d several columns may be 1 at once: no softmax, every tag is its own yes/no.",
            ("d", sparse): "In scene d several tags may be right at once, so one number a clip cannot hold them.",
        },
        other="Look at scene {key} again.",
    )
    return "One yes/no each: binary. One of many: categorical, sparse if the label is a number."


def _mean_of_real(x: np.ndarray, n_real: np.ndarray) -> np.ndarray:
    mask = np.arange(x.shape[1]) < np.asarray(n_real)[:, None]
    return np.where(mask[..., None], x, 0).sum(axis=1) / np.asarray(n_real)[:, None]


@exercise("conv1d-masked-mean")
def _masked_mean(answer: object) -> str:
    rng = np.random.default_rng(0)
    zero_padded = rng.normal(size=(3, 6, 2))
    zero_padded[0, 4:] = zero_padded[1, 2:] = 0
    expect_same_function(
        answer,
        _mean_of_real,
        name="masked_mean",
        calls=[
            ((zero_padded, np.array([4, 2, 6])), {}),
            ((rng.normal(3, 1, size=(4, 5, 3)), np.array([1, 5, 3, 2])), {}),
            ((rng.normal(size=(5, 5, 5)), np.array([2, 4, 1, 5, 3])), {}),
        ],
        mistakes=[
            (lambda x, n: x.mean(axis=1), "You average over the padding as well: short clips come out too small."),
            (
                lambda x, n: x.sum(axis=1) / n[:, None],
                "Right as long as the padding is zero. Here the second batch has other numbers after the end.",
            ),
            (lambda x, n: x[:, : n[0]].mean(axis=1), "You use the first clip's length for all; each has its own."),
            (lambda x, n: x[:, : n.min()].mean(axis=1), "You cut all clips to the shortest; each has its own length."),
            (
                lambda x, n: np.stack([clip[: k + 1].mean(axis=0) for clip, k in zip(x, n, strict=True)]),
                "One frame too many: n_real frames are the places 0 to n_real − 1.",
            ),
        ],
    )
    return "That is how the chapter makes its 13 numbers a clip."


@exercise("conv1d-pad")
def _pad(answer: object) -> str:
    expect_function(answer, example="pad(clips, n_frames=4)")
    rng = np.random.default_rng(0)
    for counts, n_frames, n_features in [((2, 4, 6), 4, 3), ((5, 1), 7, 2), ((3,), 1, 1)]:
        clips = [rng.normal(5, 1, size=(count, n_features)) for count in counts]
        _judge_padding(answer([clip.copy() for clip in clips], n_frames=n_frames), clips, n_frames)
    return "Zeros after the end, and a mask that remembers where the end was."


def _judge_padding(given: object, clips: list[np.ndarray], n_frames: int) -> None:
    """Raise a hint unless `given` is the padded batch and its mask."""
    if given is ...:
        raise Unanswered("Replace the dots in the function by your code and run the cell again.")
    if not isinstance(given, tuple) or len(given) != 2:
        raise Hint(f"Return two things, x and mask; your function gives {describe(given)}.")
    x, mask = np.asarray(given[0]), np.asarray(given[1])
    shape = (len(clips), n_frames, clips[0].shape[1])
    if x.shape != shape:
        raise Hint(f"x should have the shape (clips, n_frames, features) = {shape}, but has {x.shape}.")
    if mask.shape != shape[:2] or mask.dtype != bool:
        raise Hint(
            f"mask should hold True or False, with the shape (clips, n_frames) = {shape[:2]}; "
            f"yours has {mask.dtype} and {mask.shape}."
        )
    if x.dtype.kind not in "iuf":
        raise Hint(f"x should hold numbers, but has the dtype {x.dtype}.")
    for place, clip in enumerate(clips):
        kept = min(len(clip), n_frames)
        if kept < len(clip) and np.allclose(x[place], clip[-n_frames:]):
            raise Hint("You keep the end of a clip that is too long; keep its beginning.")
        if kept < n_frames and np.allclose(x[place, n_frames - kept :], clip[:kept]):
            raise Hint("Your zeros come before the sound. Put them after its end, as features.batch does.")
        if not np.allclose(x[place, :kept], clip[:kept]):
            raise Hint(f"The first {kept} frames of clip {place} should be those of the clip itself.")
        if np.any(x[place, kept:] != 0):
            raise Hint(f"After its {kept} frames, clip {place} should hold zeros.")
        if np.array_equal(mask[place], np.arange(n_frames) >= kept):
            raise Hint("Your mask is the wrong way round: True marks the real frames.")
        if not np.array_equal(mask[place], np.arange(n_frames) < kept):
            raise Hint(f"The mask of clip {place} should be True for its first {kept} frames and for no other.")


def _recalls(y_true: np.ndarray, y_pred: np.ndarray) -> list[float]:
    return [float(np.mean(y_pred[y_true == label] == label)) for label in np.unique(y_true)]


@exercise("conv1d-balanced-accuracy")
def _balanced_accuracy(answer: object) -> str:
    rng = np.random.default_rng(0)
    is_seven = (np.arange(50) % 10 == 7).astype(int)
    three = rng.integers(0, 3, 40)
    expect_same_function(
        answer,
        lambda y_true, y_pred: float(np.mean(_recalls(y_true, y_pred))),
        name="balanced_accuracy",
        calls=[
            ((is_seven, np.zeros(50, int)), {}),
            ((is_seven, (np.arange(50) % 5 == 2).astype(int)), {}),
            ((three, np.where(rng.random(40) < 0.6, three, 2)), {}),
            ((np.array([4, 4, 4, 9]), np.array([4, 4, 1, 1])), {}),
        ],
        mistakes=[
            (lambda t, p: np.mean(t == p), "That is the plain accuracy, which pays 0.90 for always saying no."),
            (
                lambda t, p: np.mean(p[t == t.max()] == t.max()),
                "That is the share found of one class only. Average over all classes that occur.",
            ),
            (
                lambda t, p: np.mean([np.mean(t[p == label] == label) for label in np.unique(p)]),
                "You divide by how often a class was predicted (precision). Divide by how often it is true.",
            ),
            (
                lambda t, p: sum(_recalls(t, p)) / len(np.union1d(t, p)),
                "You count a class that was predicted but never occurs. Average over the classes in y_true.",
            ),
        ],
    )
    return "Always saying no now gets 0.5, the value of a coin."


@exercise("conv1d-order-blind")
def _order_blind(answer: object) -> str:
    expect_choices(
        answer,
        {"mean": True, "maximum": True, "standard deviation": True, "mean step": False, "last frame": False},
        choices=(True, False),
        hints={
            ("mean", False): "A sum does not depend on the order of its terms, and the mean is a sum divided by n.",
            ("maximum", False): "The largest value is the largest wherever it stands.",
            ("standard deviation", False): "It is made of two means, of x and of x²: no order in either.",
            (
                "mean step",
                True,
            ): "Neighbours change when frames are shuffled, and with them the steps between neighbours.",
            ("last frame", True): "After shuffling another frame may be the last one.",
        },
        other="Try {key} on a shuffled clip.",
    )
    return "Whatever treats frames as a bag is deaf to their order."
