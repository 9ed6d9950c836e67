"""Transducer lattice: what Python takes and refuses, and that the page's arithmetic equals `speechbook.transducer`."""

from itertools import combinations_with_replacement

import numpy as np
import pytest

from speechbook import transducer
from speechbook.widgets import TransducerLattice
from tests.teaching import in_javascript


def cases() -> list[dict]:
    """Random lattices, peaked and flat, some with zeros."""
    rng = np.random.default_rng(8)
    made = []
    for _ in range(150):
        steps, n, classes = int(rng.integers(1, 9)), int(rng.integers(1, 6)), int(rng.integers(2, 7))
        probabilities = rng.dirichlet(np.full(classes, rng.choice([0.2, 1.0, 5.0])), (steps, n + 1))
        if rng.random() < 0.4:
            probabilities = np.where(probabilities < 0.15, 0, probabilities)
            probabilities /= probabilities.sum(axis=2, keepdims=True)
        blank = int(rng.integers(classes))
        target = rng.choice([k for k in range(classes) if k != blank], n).tolist()
        made.append({"probabilities": probabilities.tolist(), "target": target, "blank": blank})
    return made


def test_sums_loss_occupation_and_gradient_equal_speechbook():
    impossible = 0
    for case, page in zip(cases(), in_javascript([["transducer", case] for case in cases()]), strict=True):
        with np.errstate(divide="ignore"):
            how = {"log_probs": np.log(case["probabilities"]), "labels": case["target"], "blank": case["blank"]}
        exactly = {"rtol": 1e-9, "atol": 1e-15}
        np.testing.assert_allclose(page["alpha"], np.exp(transducer.transducer_forward(**how)), **exactly)
        np.testing.assert_allclose(page["beta"], np.exp(transducer.transducer_backward(**how)), **exactly)
        total = transducer.transducer_log_likelihood(**how)
        assert page["total"] == pytest.approx(np.exp(total), rel=1e-9)
        if total == -np.inf:
            impossible += 1
            assert page["loss"] is page["occupation"] is page["gradient"] is page["best"] is None
            continue
        assert page["loss"] == pytest.approx(-total, rel=1e-9, abs=1e-12)
        occupation = transducer.transducer_occupation(**how)
        np.testing.assert_allclose(page["occupation"]["goOn"], occupation.go_on, atol=1e-9)
        np.testing.assert_allclose(np.array(page["occupation"]["write"])[:, :-1], occupation.write, atol=1e-9)
        np.testing.assert_allclose(page["occupation"]["nodes"], occupation.nodes, atol=1e-9)
        np.testing.assert_allclose(page["gradient"], transducer.transducer_gradient(**how), atol=1e-9)
        assert page["best"] == transducer.transducer_align(**how).steps
    assert 10 < impossible < 100


def test_of_equally_likely_paths_the_earlier_is_told():
    even = {"probabilities": np.full((4, 3, 2), 0.5).tolist(), "target": [1, 1], "blank": 0}
    (page,) = in_javascript([["transducer", even]])
    assert page["best"] == transducer.transducer_align(np.log(even["probabilities"]), [1, 1]).steps == [0, 0]


def test_the_paths_of_a_lattice_add_up_to_its_sum():
    (case,) = [case for case in cases() if np.shape(case["probabilities"])[:2] == (5, 4)][:1]
    paths = [list(path) for path in combinations_with_replacement(range(5), 3)]
    evaluated, count, *ways = in_javascript(
        [["transducer", case], ["countPaths", 5, 3], *(["transducerPath", path, case] for path in paths)]
    )
    assert len(paths) == count
    assert sum(ways) == pytest.approx(evaluated["total"], rel=1e-9)
    if evaluated["best"]:
        assert max(ways) == pytest.approx(ways[paths.index(evaluated["best"])])


def test_a_path_is_walked_by_moves():
    (nodes,) = in_javascript([["nodesOf", [0, 2], 3]])
    walked = [(node["t"], node["u"], node["writes"]) for node in nodes]
    assert walked == [(0, 0, True), (0, 1, False), (1, 1, False), (2, 1, True), (2, 2, False)]


@pytest.mark.parametrize(
    ("path", "position", "writes", "expected"),
    [
        ([0, 2], 0, False, [1, 2]),  # the first label can be written at step 1 at the earliest
        ([0, 2], 1, True, [0, 0]),
        ([2, 2], 1, True, [1, 2]),
        ([0, 0], 2, True, None),  # nothing is left to write
        ([2, 2], 2, False, None),  # two labels are still to be written at the last step
        ([2, 2], 4, False, [2, 2]),  # the last blank
        ([2, 2], 5, False, None),
    ],
)
def test_a_move_changes_only_what_comes_after_it(path, position, writes, expected):
    assert in_javascript([["withMove", path, 3, position, {"writes": writes}]]) == [expected]


def test_the_widget_knows_its_loss():
    lattice = TransducerLattice(np.full((3, 2, 2), 0.5), symbols=["-", "one"], target="one")
    assert lattice.loss == pytest.approx(-np.log(3 / 16))
    assert (lattice.target, lattice.path) == ([1], [0])
    lattice.set_state({"path": [2], "position": 4, "view": "occupation"})
    lattice.probabilities = np.array([[[1.0, 0.0]] * 2] * 3)
    assert lattice.loss == np.inf
    assert repr(lattice) == "TransducerLattice(3 steps, target='one', loss=inf)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"probabilities": np.full((2, 2, 2), 0.4)}, "probabilities must be 0 or more and sum to 1"),
        ({"probabilities": [[[1.5, -0.5]] * 2]}, "probabilities must be 0 or more and sum to 1"),
        ({"probabilities": np.full((2, 2), 0.5)}, r"probabilities must have the shape \(steps, labels \+ 1, classes\)"),
        ({"probabilities": np.full((2, 3, 2), 0.5)}, r"2 rows \(labels \+ 1\) and 2 classes, but have .*\(2, 3, 2\)"),
        ({"probabilities": np.full((9, 2, 2), 0.5)}, "probabilities must have at most 8 steps"),
        ({"symbols": ["-", "-"]}, "symbols must be 2 to 6 different signs"),
        ({"blank": 2}, "blank must be one of the 2 classes"),
        ({"target": "b"}, "target must be made of the symbols - a, but holds 'b'"),
        ({"target": [0]}, "without the blank, but is"),
        ({"target": ""}, "target must have 1 to 5 labels, but has 0"),
        ({"path": [2]}, r"path must give a step from 0 to 1 for each of the 1 labels, never falling, but is \[2\]"),
        ({"path": [0, 1]}, "path must give a step from 0 to 1"),
        ({"position": 4}, "position must lie between 0 and 3, but is 4"),
        ({"view": "loss"}, "view must be one of 'forward', 'backward', 'occupation', but is 'loss'"),
    ],
)
def test_it_refuses_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        TransducerLattice(**{"probabilities": np.full((2, 2, 2), 0.5), "symbols": "-a", "target": "a", **arguments})
