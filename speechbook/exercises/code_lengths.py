"""Checkers for the chapter *Lengths and directions*."""

from __future__ import annotations

import numpy as np
from scipy import stats

from speechbook.exercises.checking import exercise, expect_number
from speechbook.exercises.code import expect_choices
from speechbook.exercises.functions import Call, expect_same_function


def _batches(*, n_clips: int = 4, steps: int = 6, width: int = 3) -> list[Call]:
    """Give calls with clips of several lengths and noise in the padding."""
    rng = np.random.default_rng(4)
    lengths = (np.array([2, steps, 1, 4]), np.array([steps - 1, 3, 5, 2]))
    return [((rng.normal(size=(n_clips, steps, width)) - 2, n_real), {}) for n_real in lengths]


def _last_state(states: np.ndarray, n_real: np.ndarray) -> np.ndarray:
    return states[np.arange(len(states)), n_real - 1]


@exercise("lengths-last-state")
def _last(answer: object) -> str:
    expect_same_function(
        answer,
        _last_state,
        name="last_state",
        calls=_batches(),
        mistakes=[
            (lambda s, n: s[:, -1], "That is the last step of the array, behind the padding."),
            (
                lambda s, n: s[np.arange(len(s)), np.minimum(n, s.shape[1] - 1)],
                "One step too far: counting begins at 0, so the last of n real steps has the index n − 1.",
            ),
            (
                lambda s, n: s[:, n - 1],
                "states[:, n_real - 1] takes every clip at every length: give an index for the clips as well, "
                "np.arange(len(states)).",
            ),
            (lambda s, n: s[np.arange(len(s)), 0], "That is the first step of each clip."),
            (
                lambda s, n: np.stack([clip[:k].mean(axis=0) for clip, k in zip(s, n, strict=True)]),
                "That is the mean of the real steps; asked is the last of them.",
            ),
        ],
    )
    return "The same as a mask, for a layer that reads forwards."


def _masked_max(x: np.ndarray, n_real: np.ndarray) -> np.ndarray:
    return np.stack([clip[:n].max(axis=0) for clip, n in zip(x, n_real, strict=True)])


@exercise("lengths-masked-max")
def _maximum(answer: object) -> str:
    expect_same_function(
        answer,
        _masked_max,
        name="masked_max",
        calls=_batches(),
        mistakes=[
            (lambda x, n: x.max(axis=1), "The padding takes part: it may hold anything, so leave it out."),
            (
                lambda x, n: np.maximum(0, _masked_max(x, n)),
                "Multiplying by the mask puts zeros there, and a zero beats every negative number. Put −infinity.",
            ),
            (
                lambda x, n: np.stack(
                    [np.pad(clip[:k], ((0, 6 - k), (0, 0))).max(axis=0) for clip, k in zip(x, n, strict=True)]
                ),
                "A zero in the padding beats every negative number. Put −infinity there.",
            ),
            (
                lambda x, n: _masked_max(x, n).max(axis=1),
                "One maximum for each feature: the maximum runs over steps only.",
            ),
            (
                lambda x, n: np.stack([clip[:k].mean(axis=0) for clip, k in zip(x, n, strict=True)]),
                "That is the mean; asked is the maximum.",
            ),
        ],
    )
    return "However much padding follows, and whatever it holds."


def _reverse(x: np.ndarray, n_real: np.ndarray) -> np.ndarray:
    out = x.copy()
    for row, clip, n in zip(out, x, n_real, strict=True):
        row[:n] = clip[:n][::-1]
    return out


@exercise("lengths-reverse")
def _backwards(answer: object) -> str:
    expect_same_function(
        answer,
        _reverse,
        name="reverse",
        calls=_batches(),
        mistakes=[
            (lambda x, n: x[:, ::-1], "That turns the padding to the front, and a backward layer would begin with it."),
            (lambda x, n: x[:, :, ::-1], "That reverses the features of each step; the steps should be reversed."),
            (lambda x, n: x[::-1], "That reverses the order of the clips; the steps of each should be reversed."),
            (
                lambda x, n: np.where((np.arange(6) < n[:, None])[..., None], _reverse(x, n), 0),
                "Right for the real steps, but the padding should stay as it was.",
            ),
        ],
    )
    return "Reverse, read, and reverse again: that is how a backward layer copes with padding."


@exercise("lengths-left")
def _left(answer: object) -> str:
    expect_number(
        answer,
        0.95**35,
        tolerance=5e-3,
        hints={
            0.95**70: "After pooling by 2, 70 frames are only 35 steps.",
            0.95**140: "Pooling halves the number of steps; you doubled it.",
            1 - 0.95**35: "That is what is lost. Asked is what is left.",
            0.95 * 35: "Each step multiplies by 0.95, so take a power.",
            100 * 0.95**35: "As a number between 0 and 1: divide by 100.",
        },
        hint="Each step multiplies the cell by 0.95. How many steps are 70 frames after pooling by 2?",
    )
    return "A sixth, and each gate that is a little lower leaves next to nothing."


def _wasted(lengths: np.ndarray, size: int) -> float:
    batches = [lengths[start : start + size] for start in range(0, len(lengths), size)]
    return 1 - np.sum(lengths) / sum(len(batch) * max(batch) for batch in batches)


@exercise("lengths-wasted-share")
def _share(answer: object) -> str:
    rng = np.random.default_rng(5)
    calls = [((rng.integers(20, 90, n), size), {}) for n, size in ((8, 4), (10, 4), (7, 3), (6, 1))]
    expect_same_function(
        answer,
        _wasted,
        name="wasted_share",
        calls=calls,
        mistakes=[
            (lambda n, size: 1 - _wasted(n, size), "That is the share of sound; the rest is padding."),
            (
                lambda n, size: 1 - np.sum(n) / (len(n) * max(n)),
                "You pad all clips to the longest of all; each batch goes only as far as its own longest.",
            ),
            (
                lambda n, size: _wasted(np.sort(n), size),
                "You sort the clips first; here they come in the order given.",
            ),
            (
                lambda n, size: (
                    1 - np.sum(n) / sum(size * max(n[start : start + size]) for start in range(0, len(n), size))
                ),
                "The last batch may be smaller than size: count the clips that it has.",
            ),
            (
                lambda n, size: _wasted(n[: len(n) // size * size], size),
                "You leave out the last, smaller batch.",
            ),
            (
                lambda n, size: float(
                    np.mean([_wasted(n[start : start + size], size) for start in range(0, len(n), size)])
                ),
                "A mean of the batches' shares weighs short and long batches alike. Add up the frames first.",
            ),
        ],
    )
    return "Sort the clips and call it again: that is the whole case for buckets."


@exercise("lengths-bigru-weights")
def _weights(answer: object) -> str:
    expect_number(
        answer,
        18_816,
        hints={
            9408: "That is one direction; there are two copies with weights of their own.",
            18_624: "Keras' GRU has two biases a block (reset_after=True), so 2 · 32 in each of the three.",
            18_432: "The biases are missing.",
            25_088: "That counts four blocks, as in an LSTM. A GRU has three.",
            24_832: "That is the bidirectional LSTM: four blocks, one bias each. A GRU has three blocks.",
            24_960: "That is one GRU of 64 units. Two of 32 have fewer: their own states are only 32 wide.",
        },
        hint="Each direction has three blocks, each with 64 · 32 + 32 · 32 weights and 2 · 32 biases.",
    )
    return "A quarter fewer than one GRU of 64 units."


def _coin(only_a: int, only_b: int) -> float:
    n = only_a + only_b
    return stats.binomtest(only_a, n).pvalue if n else 1.0


@exercise("lengths-coin-test")
def _mcnemar(answer: object) -> str:
    expect_same_function(
        answer,
        _coin,
        name="coin_test",
        calls=[((30, 14), {}), ((3, 11), {}), ((5, 5), {}), ((0, 6), {}), ((0, 0), {}), ((1, 0), {})],
        mistakes=[
            (lambda a, b: _coin(a, b) / 2, "That is one-sided: an uneven split either way counts, so double it."),
            (
                lambda a, b: 2 * float(stats.binom.cdf(min(a, b), a + b, 0.5)),
                "Almost: a probability above 1 should be 1.",
            ),
            (
                lambda a, b: float(stats.binom.cdf(min(a, b), a + b, 0.5)),
                "That is one-sided: an uneven split either way counts, so double it (and never exceed 1).",
            ),
            (
                lambda a, b: min(1.0, 2 * float(stats.binom.pmf(min(a, b), a + b, 0.5))),
                "That is the chance of exactly this split. Add all that are more uneven.",
            ),
            (
                lambda a, b: float(stats.chi2.sf((a - b) ** 2 / (a + b), 1)) if a + b else 1.0,
                "That is the approximation by chi-squared. Asked is the exact test, with binomial coefficients.",
            ),
        ],
        tolerance=1e-6,
    )
    return "Clips on which both agree do not enter: they cannot tell the two apart."


@exercise("lengths-directions")
def _directions(answer: object) -> str:
    wait = "the backward half would have to wait for the end."
    expect_choices(
        answer,
        {"a": "one", "b": "both", "c": "one", "d": "both"},
        choices=("one", "both"),
        hints={
            ("a", "both"): f"(a) Captions must appear while somebody speaks; {wait}",
            ("c", "both"): f"(c) A wake word has no end to wait for: the microphone is always open, and {wait}",
            ("b", "one"): "(b) The whole film is at hand, so the end of every sentence is known.",
            ("d", "one"): "(d) The whole recordings are at hand, so nothing speaks against looking ahead.",
        },
        other="Look at ({key}) again.",
    )
    return "Both where the end is at hand, one where somebody is waiting."
