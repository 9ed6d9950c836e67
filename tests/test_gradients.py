import numpy as np
import pytest

from speechbook import gradients, numpy_layers


def test_numerical_gradient_of_a_known_function():
    x = np.random.default_rng(0).normal(size=(3, 4))
    found = gradients.numerical_gradient(lambda v: float(np.sin(v).sum()), x)
    np.testing.assert_allclose(found, np.cos(x), rtol=1e-8)


def test_single_precision_and_whole_numbers_are_lifted_to_double():
    for x in (np.float32([1.0, 3.0]), np.array([1, 3])):
        kept = x.copy()
        found = gradients.numerical_gradient(lambda v: float((v**2).sum()), x)
        np.testing.assert_allclose(found, [2, 6], rtol=1e-8)
        np.testing.assert_array_equal(x, kept)


def test_the_error_falls_and_rises_again_with_the_step():
    errors = [
        gradients.relative_error(gradients.numerical_gradient(lambda v: float(np.exp(v[0])), [1.0], step=step), [np.e])
        for step in (1e-1, 1e-5, 1e-12)
    ]
    assert errors[1] < 1e-9 < 1e-5 < min(errors[0], errors[2])


def test_relative_error_is_that_of_the_largest_number():
    assert gradients.relative_error([0.0, 0.0], [0.0, 0.0]) == 0
    assert gradients.relative_error([1.0], [-1.0]) == 2
    assert gradients.relative_error([100.0, 0.0], [100.0, 1.0]) == 0.01
    with pytest.raises(ValueError, match="one shape"):
        gradients.relative_error([1.0], [[1.0]])


@pytest.mark.parametrize("step", [0, -1e-5, float("nan")])
def test_a_step_must_be_above_zero(step):
    with pytest.raises(ValueError, match="above 0"):
        gradients.numerical_gradient(lambda v: 0.0, [1.0], step=step)


class Broken(numpy_layers.Dense):
    """A dense layer with one planted bug."""

    def __init__(self, bug):
        super().__init__(4, 3, rng=np.random.default_rng(0))
        self.bug = bug

    def _backward(self, upstream, x):
        by_input = super()._backward(upstream, x)
        if self.bug == "input":
            return by_input * 1.01
        if self.bug == "kernel":
            self.gradients["kernel"][0, 0] = 0
        if self.bug == "bias":
            self.gradients["bias"] = upstream.mean(axis=0)
        return by_input


@pytest.mark.parametrize("bug", ["input", "kernel", "bias"])
def test_a_planted_bug_is_found_where_it_is(bug):
    x = np.random.default_rng(1).normal(size=(5, 4))
    layer = Broken(bug)
    before = {name: array.copy() for name, array in layer.parameters.items()}
    errors = gradients.check_gradients(layer, x, rng=np.random.default_rng(2))
    assert [name for name, error in errors.items() if error > 1e-3] == [bug]
    assert all(np.array_equal(before[name], array) for name, array in layer.parameters.items())
