import dataclasses
import itertools

import numpy as np
import pytest

from speechbook import corpora, recipe
from speechbook.blending import OFF_THE_PACE, blend, path


def cost_of(steps, a, b):
    squares = [((a[frame] - b[there]) ** 2).mean() for frame, there in enumerate(steps)]
    return sum(squares) + OFF_THE_PACE * sum(there - before != 1 for before, there in itertools.pairwise(steps))


def every_path(size):
    for advances in itertools.product((0, 1, 2), repeat=size - 1):
        steps = np.concatenate([[0], np.cumsum(advances)])
        if steps[-1] == size - 1:
            yield steps


def test_the_path_is_the_cheapest_of_all():
    rng = np.random.default_rng(0)
    a, b = rng.normal(0, 9, (2, 5, 6, 3))
    counts = np.array([6, 6, 6, 6, 6])
    centred = [x - x.mean(axis=(1, 2), keepdims=True) for x in (a, b)]
    for found, one, other in zip(path(a, b, counts), *centred, strict=True):
        least = min(cost_of(steps, one, other) for steps in every_path(6))
        assert cost_of(found, one, other) == pytest.approx(least)


def test_a_clip_stays_leaves_or_arrives():
    rng = np.random.default_rng(1)
    db, other = rng.uniform(-50, 0, (2, 3, 12, 40))
    counts = np.array([12, 9, 4])
    db -= np.where(np.arange(12)[:, None] < counts[:, None, None], db, -np.inf).max(axis=(1, 2), keepdims=True)
    stays = blend(db, counts, other, counts, np.zeros(3))
    for row, mine, count in zip(stays, db, counts, strict=True):
        np.testing.assert_allclose(row[:count], np.maximum(mine[:count], -55), atol=1e-4)
        assert (row[count:] == -90).all()
    same = blend(db, counts, db, counts, np.full(3, 0.7))
    np.testing.assert_allclose(same, stays, atol=1e-4)
    arrives = blend(np.full((1, 4, 40), -9.0), [4], np.zeros((1, 2, 40)), [2], [1.0])
    assert arrives.max() == 0
    assert np.ptp(arrives) == 0


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"share": np.zeros(3)}, "share must hold"),
        ({"counts": [9, 2]}, "counts of db"),
        ({"other_counts": [0, 2]}, "counts of other"),
        ({"other": np.zeros((2, 5, 39))}, "other must be levels"),
    ],
)
def test_what_does_not_fit_is_refused(changed, message):
    x = np.zeros((2, 5, 40))
    given = {"db": x, "counts": [5, 2], "other": x, "other_counts": [3, 2], "share": [0.5, 0.5]} | changed
    with pytest.raises(ValueError, match=message):
        blend(*(given[name] for name in ("db", "counts", "other", "other_counts", "share")))


def test_a_recipe_blends_words_of_one_label_only():
    voices = corpora.load_digits("voices")
    few = voices.where(speaker="flite-slt")
    plain = recipe.Recipe(batch_size=16, variation=None, n_frames=100)
    alone = next(recipe.batches(few.where(digit=3, take=0), recipe=dataclasses.replace(plain, blend=1.0)))[0]
    untouched = next(recipe.batches(few.where(digit=3, take=0), recipe=plain))[0]
    np.testing.assert_allclose(alone, untouched, atol=0.02)  # blended with itself; levels are rounded to 16 bits
    blended = next(recipe.batches(few, recipe=dataclasses.replace(plain, blend=1.0)))
    whole = next(recipe.batches(few, recipe=plain))
    np.testing.assert_array_equal(blended[1], whole[1])
    assert np.abs(blended[0] - whole[0]).mean() > 0.003
    with pytest.raises(ValueError, match="blend is a share"):
        dataclasses.replace(plain, blend=1.5)
