"""CTC lattice and alignment explorer: what Python takes and refuses, and that the page's arithmetic equals Python's."""

import jiwer
import numpy as np
import pytest

from speechbook import decoding, metrics
from speechbook.widgets import (
    AlignmentExplorer,
    CtcLattice,
)
from tests.teaching import in_javascript

# --- CTC -----------------------------------------------------------------------------------------------------------


def ctc_cases() -> list[dict]:
    """Random matrices, peaked and flat, some with zeros; targets with repeats, empty, too long."""
    rng = np.random.default_rng(6)
    cases = []
    for _ in range(150):
        frames, classes = int(rng.integers(1, 13)), int(rng.integers(2, 7))
        posteriors = rng.dirichlet(np.full(classes, rng.choice([0.2, 1.0, 5.0])), frames)
        if rng.random() < 0.3:
            posteriors = np.where(posteriors < 0.1, 0, posteriors)
            posteriors /= posteriors.sum(axis=1, keepdims=True)
        blank = int(rng.integers(classes))
        labels = [k for k in range(classes) if k != blank]
        target = rng.choice(labels, int(rng.integers(0, 7))).tolist()
        cases.append({"posteriors": posteriors.tolist(), "target": target, "blank": blank})
    return cases


def log_of(posteriors: list) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(posteriors)


def test_ctc_lattices_loss_and_gradient_equal_speechbook():
    cases = ctc_cases()
    impossible = 0
    for case, page in zip(cases, in_javascript([["ctc", case] for case in cases]), strict=True):
        log_probs, target, blank = log_of(case["posteriors"]), case["target"], case["blank"]
        alpha = np.exp(decoding.ctc_forward(log_probs, target, blank=blank))
        beta = np.exp(decoding.ctc_backward(log_probs, target, blank=blank))
        np.testing.assert_allclose(page["alpha"], alpha, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(page["beta"], beta, rtol=1e-9, atol=1e-15)
        loss = -decoding.ctc_log_likelihood(log_probs, target, blank=blank)
        if np.isinf(loss):
            impossible += 1
            assert page["loss"] is page["gradient"] is page["occupancy"] is None
            continue
        assert page["loss"] == pytest.approx(loss, rel=1e-9, abs=1e-12)
        gradient = decoding.ctc_gradient(log_probs, target, blank=blank)
        np.testing.assert_allclose(page["gradient"], gradient, atol=1e-9)
    assert 10 < impossible < 100


def test_ctc_greedy_and_beam_search_equal_speechbook():
    cases = ctc_cases()
    widths = [1, 2, 4, 64]
    orders = [["greedy", case["posteriors"], case["blank"]] for case in cases]
    orders += [["beam", c["posteriors"], {"blank": c["blank"], "width": width}] for c in cases for width in widths]
    results = in_javascript(orders)
    for case, page in zip(cases, results, strict=False):
        assert page["labels"] == decoding.ctc_greedy(log_of(case["posteriors"]), blank=case["blank"])
    beams = iter(results[len(cases) :])
    for case in cases:
        for width in widths:
            page = [(tuple(item["labels"]), item["probability"]) for item in next(beams)]
            theirs = decoding.ctc_beam_search(log_of(case["posteriors"]), beam_width=width, blank=case["blank"])
            assert [labels for labels, p in page if p > 0] == [h.labels for h in theirs if h.log_prob > -np.inf]
            probabilities = np.exp([h.log_prob for h in theirs])
            np.testing.assert_allclose([p for _, p in page], probabilities, rtol=1e-9, atol=1e-15)


def test_an_edited_frame_still_sums_to_one():
    frames = [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    orders = [["withProbability", frame, k, value] for frame in frames for k in range(3) for value in (0, 0.25, 1)]
    for (_, frame, k, value), edited in zip(orders, in_javascript(orders), strict=True):
        assert edited[k] == value
        assert sum(edited) == pytest.approx(1)
        others = [(old, new) for j, (old, new) in enumerate(zip(frame, edited, strict=True)) if j != k]
        if sum(old for old, _ in others) > 0:
            assert others[0][0] * others[1][1] == pytest.approx(others[1][0] * others[0][1])


def test_the_ctc_lattice_reads_its_target_and_knows_its_loss():
    lattice = CtcLattice([[0.4, 0.6], [0.4, 0.6]], symbols=["-", "one"], target="one")
    assert lattice.target == [1]
    assert lattice.loss == pytest.approx(-np.log(1 - 0.4**2))
    lattice.state, lattice.step = 2, 6
    lattice.target = []
    assert (lattice.state, lattice.loss) == (0, pytest.approx(-2 * np.log(0.4)))
    lattice.set_state(
        {"posteriors": [[1.0, 0.0], [0.0, 1.0]], "target": [1], "state": 1, "step": 3, "view": "gradient"}
    )
    assert lattice.loss == 0
    assert CtcLattice([[0.5, 0.5]], symbols="-a", target="aa").loss == np.inf
    assert CtcLattice([[0.5, 0.5]], symbols="a-", target=[0], blank=1).target == [0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"posteriors": [[0.5, 0.4]]}, "posteriors must be 0 or more and sum to 1 over the classes"),
        ({"posteriors": [[1.5, -0.5]]}, "posteriors must be 0 or more and sum to 1"),
        ({"posteriors": [[0.2, 0.3, 0.5]]}, r"each of the 2 symbols, but have the shape \(1, 3\)"),
        ({"posteriors": np.full((13, 2), 0.5)}, "posteriors must have at most 12 frames"),
        ({"symbols": ["-"]}, "symbols must be 2 to 6 different signs"),
        ({"symbols": ["-", " "]}, "symbols must be 2 to 6 different signs, none empty"),
        ({"blank": 2}, "blank must be one of the 2 classes"),
        ({"target": "b"}, "target must be made of the symbols - a, but holds 'b'"),
        ({"target": "-"}, r"target must hold classes out of \[1\], without the blank, but is \[0\]"),
        ({"target": "a" * 7}, "target must have 0 to 6 labels, but has 7"),
        ({"step": 4}, "step must lie between 0 and 3, but is 4"),
    ],
)
def test_the_ctc_lattice_refuses_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        CtcLattice(**{"posteriors": [[0.5, 0.5]], "symbols": "-a", "target": "a", **arguments})


# --- alignment -----------------------------------------------------------------------------------------------------


def text_pairs() -> list[tuple[str, str]]:
    rng = np.random.default_rng(7)
    words = ["one", "two", "too", "three", "won", "four", "für", "四", "🙂", "ten"]
    spaces = [" ", "  ", "\t", "\n", "\u00a0", "\u3000", "\x1f"]

    def text() -> str:
        count = int(rng.integers(0, 9))
        return "".join(rng.choice(words) + rng.choice(spaces) for _ in range(count))

    return [(text(), text()) for _ in range(300)] + [("", ""), ("one", ""), ("", "one"), ("a\ufeffb", "a b")]


@pytest.mark.parametrize("unit", ["word", "character"])
def test_alignments_and_rates_equal_speechbook_and_jiwer(unit):
    pairs = text_pairs()
    name = {"word": "wer", "character": "cer"}[unit]
    for pair, page in zip(pairs, in_javascript([["align", *pair, unit] for pair in pairs]), strict=True):
        explorer = AlignmentExplorer(*pair, unit=unit)
        steps = [(step["kind"], step["reference"], step["hypothesis"]) for step in page["steps"]]
        assert steps == [(step.kind, step.reference, step.hypothesis) for step in explorer.alignment.steps], pair
        if not pair[0].split():
            assert page["rate"] is None
            continue
        assert page["rate"] == getattr(explorer, name)
        reference, hypothesis = (" ".join(text.split()) for text in pair)
        theirs = (jiwer.process_words if unit == "word" else jiwer.process_characters)(reference, hypothesis)
        assert page["rate"] == pytest.approx(getattr(theirs, name))
        assert page["errors"] == theirs.substitutions + theirs.deletions + theirs.insertions


def test_distance_tables_equal_speechbook():
    (page,) = in_javascript([["align", "kitten", "sitting", "character"]])
    np.testing.assert_array_equal(page["table"], metrics.distance_table("kitten", "sitting"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"reference": ["one"]}, r"reference must be a string, but is \['one'\]"),
        ({"hypothesis": None}, "hypothesis must be a string, but is None"),
        ({"hypothesis": "x" * 301}, "hypothesis must have at most 300 characters, but has 301"),
        ({"unit": "phone"}, "unit must be one of 'word', 'character', but is 'phone'"),
    ],
)
def test_the_alignment_explorer_refuses_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        AlignmentExplorer(**{"reference": "one", "hypothesis": "one", **arguments})


def test_an_empty_reference_has_no_rate():
    explorer = AlignmentExplorer("one", "two")
    explorer.reference = ""
    with pytest.raises(ValueError, match="the reference holds no word"):
        _ = explorer.wer
