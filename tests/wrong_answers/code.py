"""Planted wrong answers for the part *code*, each with a piece of the hint that it must get."""

import numpy as np

LOSSES = {
    "a": "binary_crossentropy",
    "b": "sparse_categorical_crossentropy",
    "c": "categorical_crossentropy",
    "d": "binary_crossentropy",
}
BLIND = {"mean": True, "maximum": True, "standard deviation": True, "mean step": False, "last frame": False}


def padded(clips, *, n_frames, end=False, late=False, rest=0.0, flip=False, off=0, kind=bool):
    x = np.full((len(clips), n_frames, clips[0].shape[1]), rest)
    mask = np.zeros((len(clips), n_frames), kind)
    for row, real, clip in zip(x, mask, clips, strict=True):
        kept = clip[-n_frames:] if end else clip[:n_frames]
        start = n_frames - len(kept) if late else 0
        row[start : start + len(kept)] = kept
        real[start : start + len(kept) + off] = 1
    return x, ~mask if flip else mask


def pad_with(**how):
    return lambda clips, n_frames: padded(clips, n_frames=n_frames, **how)


def recalls(t, p):
    return [np.mean(p[t == label] == label) for label in np.unique(t)]


WRONG = {
    "conv1d-steps": [
        (lambda n, *, kernel_size, pool_size: n // pool_size, "left the convolution out"),
        (lambda n, *, kernel_size, pool_size: max(0, n - kernel_size) // pool_size, "fits into 3 frames once"),
        (lambda n, *, kernel_size, pool_size: -(-max(0, n - kernel_size + 1) // pool_size), "round up"),
        (lambda n, *, kernel_size, pool_size: max(0, n - kernel_size + 1) / pool_size, "divide with //"),
        (lambda n, *, kernel_size, pool_size: (n - kernel_size + 1) // pool_size, "never negative"),
        (lambda n, *, kernel_size, pool_size: max(0, n // pool_size - kernel_size + 1), "pool first"),
        (lambda n, *, kernel_size, pool_size: (n - 2) // 2, "should give"),
        (lambda n: n, "unexpected keyword argument"),
        (5, "pass the function itself"),
    ],
    "conv1d-lstm-weights": [
        (lambda n, u: (n + u) * u + u, "plain recurrent layer"),
        (lambda n, u: 3 * ((n + u) * u + u), "GRU"),
        (lambda n, u: 4 * (n * u + u), "own last output"),
        (lambda n, u: 4 * (n + u) * u, "biases are missing"),
        (lambda n, u: 4 * ((n + u) * u + 2 * u), "PyTorch"),
        (lambda n, u: 4 * (n + u) * u + u, "not one block only"),
        (lambda n, u: 33_024, "should give 19968"),
        (33_024, "pass the function itself"),
    ],
    "conv1d-total-weights": [
        (41_044, "13 features"),
        (45_578, "ten words"),
        (40_394, "this chapter"),
        (37_505, "the article's"),
        (45_824, "biases out"),
        (46_208, "twenty words"),
        (46_229, "Only two layers"),
        ("46228", "single number"),
    ],
    "conv1d-time-span": [
        (40, "25 ms long"),
        (100, "overlap"),
        (45, "four frames"),
        (65, "three hops"),
        (30, "still lasts 25 ms"),
        (0.055, "seconds"),
        (1, "three hops"),
    ],
    "conv1d-silent-loss": [
        (41.4395, "sign"),
        (0.0070035, "first term alone"),
        (-41.4535, "lost its sign"),
        (-17.997, "base 10"),
        (6.90776, "weight 1 − y"),
        (-40, "natural logarithms"),
    ],
    "conv1d-losses": [
        (LOSSES | {"a": "sparse_categorical_crossentropy"}, "one output"),
        (LOSSES | {"a": "categorical_crossentropy"}, "one output"),
        (LOSSES | {"b": "binary_crossentropy"}, "silent failure"),
        (LOSSES | {"b": "categorical_crossentropy"}, "row a clip"),
        (LOSSES | {"c": "sparse_categorical_crossentropy"}, "word's number"),
        (LOSSES | {"c": "binary_crossentropy"}, "exactly one word"),
        (LOSSES | {"d": "categorical_crossentropy"}, "several columns"),
        (LOSSES | {"d": "sparse_categorical_crossentropy"}, "several tags"),
        (LOSSES | {"d": "mse"}, "use one of"),
        ({"a": "binary_crossentropy"}, "no answer for 'b'"),
        ("binary_crossentropy", "a dict"),
    ],
    "conv1d-masked-mean": [
        (lambda x, n_real: x.mean(axis=1), "over the padding"),
        (lambda x, n_real: x.sum(axis=1) / n_real[:, None], "padding is zero"),
        (lambda x, n_real: x[:, : n_real[0]].mean(axis=1), "first clip's length"),
        (lambda x, n_real: x[:, : n_real.min()].mean(axis=1), "shortest"),
        (
            lambda x, n_real: np.stack([clip[: k + 1].mean(axis=0) for clip, k in zip(x, n_real, strict=True)]),
            "One frame too many",
        ),
        (lambda x, n_real: np.stack([clip[:k].mean() for clip, k in zip(x, n_real, strict=True)]), "shape (3, 2)"),
        (lambda x, n_real: x[:, :n_real].mean(axis=1), "stopped with TypeError"),
    ],
    "conv1d-pad": [
        (pad_with(end=True), "keep its beginning"),
        (pad_with(late=True), "after its end"),
        (pad_with(rest=1.0), "should hold zeros"),
        (pad_with(flip=True), "wrong way round"),
        (pad_with(off=1), "for no other"),
        (pad_with(kind=float), "True or False"),
        (lambda clips, n_frames: padded(clips, n_frames=n_frames)[0], "two things"),
        (lambda clips, n_frames: padded(clips, n_frames=max(map(len, clips))), "n_frames, features"),
        (lambda clips, n_frames: np.stack(clips), "same shape"),
        (np.zeros((2, 3)), "pass the function itself"),
    ],
    "conv1d-balanced-accuracy": [
        (lambda t, p: np.mean(t == p), "plain accuracy"),
        (lambda t, p: np.mean(p[t == t.max()] == t.max()), "one class only"),
        (lambda t, p: np.mean([np.mean(t[p == label] == label) for label in np.unique(p)]), "precision"),
        (lambda t, p: sum(recalls(t, p)) / len(np.union1d(t, p)), "never occurs"),
        (lambda t, p: 0.5, "should give"),
        (lambda t, p: np.mean([np.mean(p[t == label] == label) for label in (0, 1)]), "should give"),
    ],
    "conv1d-order-blind": [
        (BLIND | {"mean": False}, "order of its terms"),
        (BLIND | {"maximum": False}, "wherever it stands"),
        (BLIND | {"standard deviation": False}, "two means"),
        (BLIND | {"mean step": True}, "Neighbours change"),
        (BLIND | {"last frame": True}, "another frame"),
        (BLIND | {"mean": 1}, "use one of"),
        (["mean"], "a dict"),
    ],
}
