import numpy as np
import pytest

from speechbook import frontend, models, recipe
from speechbook._keras import keras
from speechbook.corpora import load_digits
from speechbook.recipe import Recipe

SMALL = {"filters": (6, 6), "band_filters": 12, "units": 6}


@pytest.fixture(scope="module")
def digits():
    return load_digits("voices").where(digit=(0, 1), speaker=("flite-slt", "flite-kal", "espeak-gb-f1"))


def trained(digits, *, steps=6, seed=0, **settings):
    keras.utils.set_random_seed(0)
    model = models.digit_recogniser(**SMALL)
    run = recipe.train(model, digits, recipe=Recipe(steps=steps, batch_size=8, **settings), seed=seed, progress=False)
    return model, run


@pytest.fixture(scope="module")
def short(digits):
    """A network after six steps, which tests may ask but must not train."""
    return trained(digits)[0]


def test_batches_without_variation_are_the_front_ends_pictures(digits):
    x, y = next(recipe.batches(digits, recipe=Recipe(batch_size=12, variation=None)))
    pictures = frontend.batch(digits.clips, sample_rate=8000, n_frames=72)
    for picture, label in zip(x, y, strict=True):
        distance = np.abs(pictures - picture).max(axis=(1, 2))
        assert distance.min() < 3e-3
        assert digits.digit[distance.argmin()] == label


def test_a_share_of_each_batch_is_synthetic(digits):
    ones = digits.where(digit=1)
    zeros = digits.where(digit=0)
    stream = recipe.batches(ones, synthetic=zeros, recipe=Recipe(batch_size=20, synthetic_share=0.4))
    assert [np.bincount(next(stream)[1]).tolist() for _ in range(2)] == [[8, 12], [8, 12]]


def test_training_learns_and_two_runs_agree(digits, short):
    model, run = trained(digits, steps=250, average=0.9)
    assert run.steps == len(run.loss) == 250
    assert run.loss[-10:].mean() < 0.7 * run.loss[:5].mean()
    right = recipe.predict(model, digits.clips, sample_rate=8000).argmax(axis=1) == digits.digit
    assert right.mean() > 0.8
    again, other = (trained(digits, seed=seed)[0].get_weights() for seed in (0, 1))
    assert all(np.array_equal(a, b) for a, b in zip(short.get_weights(), again, strict=True))
    assert not np.array_equal(again[0], other[0])


def test_the_weights_at_the_end_are_the_average(digits):
    plain, run = trained(digits, average=0.0)
    assert all(np.array_equal(a, b) for a, b in zip(plain.get_weights(), run.last, strict=True))
    averaged, again = trained(digits, average=0.9)
    assert all(np.array_equal(a, b) for a, b in zip(again.last, run.last, strict=True))
    keras.utils.set_random_seed(0)
    start = models.digit_recogniser(**SMALL).get_weights()[0]
    average, last = averaged.get_weights()[0], run.last[0]
    assert 0 < np.abs(average - start).sum() < np.abs(last - start).sum()


def test_an_interrupted_run_keeps_what_it_has(digits, monkeypatch):
    real, calls = recipe.vary, []

    def stops(*args, **kwargs):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(recipe, "vary", stops)
    model, run = trained(digits, steps=50)
    assert run.steps == 3
    assert np.isfinite(recipe.predict(model, digits.clips[:2], sample_rate=8000)).all()


def test_answers_are_averaged_over_warps(digits, short):
    clips = digits.clips[:5]
    alone = [recipe.predict(short, clips, sample_rate=8000, warps=[w]) for w in (0.9, 1.0)]
    together = recipe.predict(short, clips, sample_rate=8000, warps=(0.9, 1.0))
    np.testing.assert_allclose(together, np.mean(alone, axis=0), atol=1e-6)
    assert np.abs(alone[0] - alone[1]).max() > 0
    x = frontend.batch(clips, sample_rate=8000)
    np.testing.assert_allclose(alone[1], short(x), atol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"steps": 0}, "steps must be a whole number"),
        ({"batch_size": 1.5}, "batch_size must be a whole number"),
        ({"synthetic_share": 2}, "shares between 0 and 1"),
        ({"average": 1.0}, "shares between 0 and 1"),
    ],
)
def test_impossible_recipes_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Recipe(**wrong)


def test_silence_may_come_before_the_words():
    clips = [np.random.default_rng(n).standard_normal(n) for n in (3000, 5000)]
    model = models.digit_recogniser(**SMALL)
    x = frontend.batch(clips, sample_rate=8000, n_frames=60)
    later = np.concatenate([np.full((2, 5, 40), frontend.FLOOR, np.float32), x], axis=1)
    found = recipe.predict(model, clips, sample_rate=8000, n_frames=60, lead=5)
    np.testing.assert_allclose(found, np.asarray(model(later)), atol=1e-5)
    assert np.abs(found - recipe.predict(model, clips, sample_rate=8000, n_frames=60)).max() > 1e-4


def test_emphasis_is_the_same_in_training_and_asking(digits):
    plain = Recipe(batch_size=4, variation=None, emphasis=0.97)
    x, _ = next(recipe.batches(digits, recipe=plain))
    pictures = frontend.batch(digits.clips, sample_rate=8000, n_frames=plain.n_frames, emphasis=0.97)
    assert all(np.abs(pictures - row).max(axis=(1, 2)).min() < 0.02 for row in x)
    seen = []

    def model(x, training):
        seen.append(x)
        return keras.ops.zeros((len(x), 10))

    recipe.predict(model, digits.clips[:3], sample_rate=8000, n_frames=plain.n_frames, emphasis=0.97)
    np.testing.assert_array_equal(seen[0], pictures[:3])
