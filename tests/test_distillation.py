"""What a teacher hands on: softened answers against SciPy, the loss against Keras and NumPy."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from speechbook import distillation, recipe
from speechbook._keras import keras


@pytest.fixture
def scores():
    return np.random.default_rng(0).normal(size=(6, 10)) * 3


def dense(seed):
    keras.utils.set_random_seed(seed)
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(10, activation="softmax")])


@pytest.mark.parametrize("temperature", [0.5, 1, 2, 20])
def test_softening_divides_the_scores(scores, temperature):
    ours = distillation.soften(softmax(scores, axis=1), temperature=temperature)
    np.testing.assert_allclose(ours, softmax(scores / temperature, axis=1), atol=1e-5)


def test_a_teacher_of_temperature_one_mixes_the_targets(scores):
    teacher = distillation.Teacher(dense(0), temperature=1, share=0.4)
    x, labels = np.random.default_rng(1).normal(size=(6, 4)), np.eye(10)[[3, 1, 4, 1, 5, 9]]
    targets = teacher.targets(x, labels)
    p = softmax(scores, axis=1).astype("float32")
    mixed = 0.6 * labels + 0.4 * np.asarray(teacher.model(x))
    oracle = keras.losses.CategoricalCrossentropy(reduction=None)(mixed, p)
    np.testing.assert_allclose(teacher.loss()(targets, p), oracle, rtol=1e-4)


def test_the_loss_as_published(scores):
    teacher = distillation.Teacher(dense(0), temperature=3, share=0.7)
    x, labels = np.random.default_rng(2).normal(size=(6, 4)), np.eye(10)[:6]
    targets = teacher.targets(x, labels)
    soft = distillation.soften(teacher.model(x), temperature=3)
    smooth = 0.9 * labels + 0.01
    hard_part = -(smooth * log_softmax(scores, axis=1)).sum(axis=1)
    soft_part = -(soft * log_softmax(scores / 3, axis=1)).sum(axis=1)
    p = softmax(scores, axis=1).astype("float32")
    np.testing.assert_allclose(teacher.loss(0.1)(targets, p), 0.3 * hard_part + 0.7 * 9 * soft_part, rtol=1e-3)


def test_the_gradient_of_the_soft_part_does_not_shrink_with_the_temperature():
    """For scores small beside T it tends to (z - v) / classes, whatever T is (Hinton et al., 2015, section 2.1)."""
    z, v = np.zeros((1, 10)), np.linspace(-0.5, 0.5, 10)[None]
    taught = SimpleNamespace(predict_on_batch=lambda x: softmax(v, axis=1))
    for temperature in (5, 20):
        teacher = distillation.Teacher(taught, temperature=temperature, share=1)
        targets = teacher.targets(np.zeros((1, 4)), np.eye(10)[[0]])

        def loss(shift, teacher=teacher, targets=targets):
            p = softmax(z + shift * np.eye(10)[[9]], axis=1).astype("float32")
            return float(teacher.loss()(targets, p)[0])

        slope = (loss(1) - loss(-1)) / 2
        assert slope == pytest.approx((z[0, 9] - v[0, 9]) / 10, rel=0.15)


def test_training_by_the_recipe_asks_the_teacher():
    from speechbook import models
    from speechbook.corpora import load_digits

    digits, settings = load_digits("voices")[::100], recipe.Recipe(steps=1, batch_size=8)

    def small():
        keras.utils.set_random_seed(0)
        return models.digit_recogniser(filters=(2, 2), band_filters=4, units=2)

    asked = []

    class Nosy(distillation.Teacher):
        def targets(self, x, labels):
            asked.append((x.shape, labels.sum()))
            return super().targets(x, labels)

    nosy = Nosy(small(), share=1)
    student = small()
    run = recipe.train(student, digits, recipe=settings, teacher=nosy, progress=False)
    assert asked == [((8, 72, 40), 8.0)]
    assert run.loss[0] > 4 * 2.0, "T² times the cross-entropy with ten nearly equal probabilities"


@pytest.mark.parametrize(("how", "says"), [({"share": 2}, "from 0 to 1"), ({"temperature": 0}, "above 0")])
def test_bad_settings_are_named(how, says):
    with pytest.raises(ValueError, match=says):
        distillation.Teacher(None, **how)
