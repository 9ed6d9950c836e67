import runpy
from pathlib import Path

import numpy as np
import pytest

from speechbook import exercises
from speechbook.exercises import checking


@pytest.mark.parametrize("exercise_id", exercises.exercise_ids())
@pytest.mark.parametrize("stub", [..., None])
def test_an_empty_stub_is_open_not_wrong(exercise_id, stub):
    verdict = exercises.check(exercise_id, stub)
    assert verdict.status == "open"
    assert not verdict.passed


@pytest.mark.parametrize("exercise_id", exercises.exercise_ids())
@pytest.mark.parametrize(
    "nonsense",
    ["", "abc", -123.456, [], {}, object(), np.array([[np.nan]]), lambda *args, **kwargs: "nonsense", int],
)
def test_nonsense_is_turned_down_with_a_hint(exercise_id, nonsense):
    verdict = exercises.check(exercise_id, nonsense)
    assert verdict.status == "wrong"
    assert len(verdict.message) > 20


def test_unknown_id_lists_the_known_ones():
    with pytest.raises(ValueError, match="features-highest-frequency"):
        exercises.check("no-such-exercise", 1)


def test_an_id_can_be_taken_only_once():
    with pytest.raises(ValueError, match="unique"):
        checking.exercise("features-highest-frequency")(lambda answer: None)


def test_number_explains_typical_mistakes():
    checking.expect_number(np.float32(0.5), 0.5, hint="no")
    with pytest.raises(exercises.Hint, match="doubled"):
        checking.expect_number(2, 1, hints={2: "You doubled it."}, hint="no")
    with pytest.raises(exercises.Hint, match="single number"):
        checking.expect_number(True, 1, hint="no")


def test_array_checks_shape_finiteness_and_values():
    right = np.arange(6.0).reshape(2, 3)
    checking.expect_array(right.tolist(), right, hint="no")
    for wrong, message in [(right.T, "shape"), (right * np.nan, "finite"), (right + 1, "no"), ("x", "array")]:
        with pytest.raises(exercises.Hint, match=message):
            checking.expect_array(wrong, right, hint="no")


def test_verdict_escapes_what_it_shows():
    assert "<b>" not in checking.Verdict("x", "wrong", "<b>")._repr_mimebundle_()["text/html"]


def planted_answers():
    for path in sorted((Path(__file__).parent / "wrong_answers").glob("*.py")):
        for exercise_id, planted in runpy.run_path(str(path))["WRONG"].items():
            for number, (answer, hint) in enumerate(planted):
                yield pytest.param(exercise_id, answer, hint, id=f"{exercise_id}-{number}")


@pytest.mark.parametrize(("exercise_id", "answer", "hint"), planted_answers())
def test_a_planted_wrong_answer_gets_its_own_hint(exercise_id, answer, hint):
    verdict = exercises.check(exercise_id, answer)
    assert verdict.status == "wrong"
    assert hint.lower() in verdict.message.lower()


def test_every_exercise_has_at_least_two_planted_wrong_answers():
    counts = {exercise_id: 0 for exercise_id in exercises.exercise_ids()}
    for planted in planted_answers():
        counts[planted.values[0]] += 1
    assert [exercise_id for exercise_id, count in counts.items() if count < 2] == []
