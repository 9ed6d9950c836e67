import numpy as np
import pytest

from speechbook import exercises
from speechbook.exercises import Hint
from speechbook.exercises.checking import Unanswered
from speechbook.exercises.functions import expect_same_function


def doubled(x):
    return 2 * np.asarray(x)


CALLS = [((np.array([1.0, 2.0]),), {}), ((3,), {})]


def check(answer, *, calls=CALLS, mistakes=()):
    expect_same_function(answer, doubled, name="doubled", calls=calls, mistakes=mistakes)


def test_any_function_that_agrees_is_accepted():
    check(lambda x: x + x)
    check(lambda x: (2 * x).tolist() if isinstance(x, np.ndarray) else 2 * x)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (6, "Pass the function itself"),
        (lambda x: 3 * x, r"doubled\(<array \(2,\)>\) should give 4 at index 1, but gives 6"),
        (lambda x: 6 if np.ndim(x) == 0 else 5 * x, "should give 4 at index 1"),
        (lambda x: None, "return"),
        (lambda x: "6", r"should give numbers, but gives a str"),
        (lambda x: x > 1, "should give numbers"),
        (lambda x: x * np.inf, "NaN or infinity"),
        (lambda x: np.ones(3), r"shape \(2,\), but gives an array of shape \(3,\)"),
        (lambda x: [[1, 2], [3]], "stopped with ValueError"),
        (lambda: 6, "stopped with TypeError"),
        (lambda x: x[5], "stopped with IndexError"),
    ],
)
def test_everything_else_gets_a_hint(answer, hint):
    with pytest.raises(Hint, match=hint):
        check(answer)


def test_a_stub_with_its_dots_is_open_not_wrong():
    with pytest.raises(Unanswered, match="dots"):
        check(lambda x: ...)
    assert exercises.check("features-alias", lambda frequency, *, sample_rate: ...).status == "open"


def test_a_known_mistake_is_named_only_if_it_explains_every_call():
    mistakes = [(lambda x: x, "You changed nothing.")]
    with pytest.raises(Hint, match="changed nothing"):
        check(lambda x: x, mistakes=mistakes)
    with pytest.raises(Hint, match="should give"):
        check(lambda x: x if np.ndim(x) else 7, mistakes=mistakes)


def test_an_answer_cannot_spoil_the_input_of_the_next_call_or_of_the_right_function():
    shared = np.array([1.0, 2.0])

    def in_place(x):
        x *= 2
        return x

    check(in_place, calls=[((shared,), {}), ((shared,), {})])
    assert shared.tolist() == [1.0, 2.0]
