"""Planted wrong answers for *Sequences, alignment and CTC*, each with a piece of the hint that it must get."""

from itertools import groupby, pairwise

import numpy as np


def best_path(p, labels, *, end=2, skip="right", log=False):
    states = [0]
    for label in labels:
        states += [label, 0]
    alpha = [p[0, state] if s < 2 else 0 for s, state in enumerate(states)]
    for frame in p[1:]:
        arrivals = [[alpha[s], *alpha[max(s - 1, 0) : s]] for s in range(len(states))]
        for s in range(3, len(states), 2):
            if skip == "always" or (skip == "right" and states[s] != states[s - 2]):
                arrivals[s].append(alpha[s - 2])
        alpha = [frame[state] * max(ways) for state, ways in zip(states, arrivals, strict=True)]
    return np.log(max(alpha[-end:])) if log else max(alpha[-end:])


def per_clip(x, lengths, measure):
    return np.stack([measure(clip, n) for clip, n in zip(x, lengths, strict=True)])


def pairs(strings):
    return [pair for string in strings for pair in pairwise("^" + string + "$")]


def share(wanted, strings, condition=None):
    given = [pair for pair in pairs(strings) if condition is None or pair[0] == condition]
    return given.count(wanted) / max(1, len(given))


def inner(strings, b, a):
    found = [pair for string in strings for pair in pairwise(string)]
    return found.count((b, a)) / max(1, sum(pair[0] == b for pair in found))


WRONG = {
    "seq-collapse": [
        (lambda path, blank: [k for k, _ in groupby(k for k in path if k != blank)], "blanks first"),
        (lambda path, blank: [k for k in path if k != blank], "Merge repeats before"),
        (lambda path, blank: [k for k, _ in groupby(path)], "Now drop the blanks"),
        (lambda path, blank: [k for k, _ in groupby(path) if k != 0], "use the argument"),
        (lambda path, blank: sorted(set(path) - {blank}), "A set forgets"),
        (lambda path, blank: path, "should give"),
    ],
    "seq-paths": [
        ([6, 0, 5], "put a blank between"),
        ([7, 1, 5], "never inside"),
        ([6, 3, 5], "never inside"),
        ([6, 1, 4], "all 27 paths"),
        (12, "list of three counts"),
        ([6, 1], "list of three counts"),
    ],
    "seq-frames": [
        (len, "not enough for"),
        (lambda labels: 2 * len(labels) + 1, "number of states"),
        (lambda labels: max(0, 2 * len(labels) - 1), "EQUAL neighbours only"),
        (lambda labels: len(labels) + len(labels) - len(set(labels)), "count equal NEIGHBOURS"),
        (4, "Pass the function"),
    ],
    "seq-mask": [
        (lambda x, lengths: x.mean(axis=1), "over the padding too"),
        (lambda x, lengths: per_clip(x, lengths, lambda c, n: c[:n].sum(0) / len(c)), "own number of frames"),
        (lambda x, lengths: per_clip(x, lengths, lambda c, n: c[:n].sum(0)), "divides by their number"),
        (lambda x, lengths: x[:, : lengths.min()].mean(axis=1), "cut all sequences"),
        (lambda x, lengths: per_clip(x, lengths, lambda c, n: c[: n + 1].mean(0)), "One frame too many"),
        (lambda x, lengths: x.mean(axis=2), "shape"),
    ],
    "seq-best-path": [
        (lambda p, labels: best_path(p, labels, log=True), "not its logarithm"),
        (lambda p, labels: best_path(p, labels, skip="never"), "never jump"),
        (lambda p, labels: best_path(p, labels, skip="always"), "equal labels too"),
        (lambda p, labels: best_path(p, labels, end=1), "last label as well"),
        (lambda p, labels: p.max(axis=1).prod(), "whatever it spells"),
        (lambda p, labels: p, "single number"),
    ],
    "seq-posterior": [
        (1 / 6, "slope is negative"),
        (2 / 3, "Now p"),
        (-0.5, "certain in this frame"),
        (0.5, "Subtract the posterior"),
        (-0.25, "not by all four"),
        (3, "List the paths"),
    ],
    "seq-wer": [
        (1, "Divide it by"),
        (0.75, "FEWEST"),
        (1 / 3, "not by those heard"),
        (0, "missing"),
        (25, "per cent"),
        (0.5, "cheapest alignment"),
    ],
    "seq-string": [
        (0.97, "one digit"),
        (0.7, "multiply"),
        (1 - 0.97**10, "share of strings with an error"),
        (9.7, "on average"),
        (0.5, "must be right"),
    ],
    "seq-bigram": [
        (inner, "beginnings and ends"),
        (lambda s, b, a: share((b, a), s), "divide by all pairs"),
        (lambda s, b, a: share((a, b), s, condition=a), "exchanged"),
        (lambda s, b, a: "".join(s).count(a) / len("".join(s)), "should give"),
        (lambda s, b, a: 0.0, "should give"),
    ],
}
