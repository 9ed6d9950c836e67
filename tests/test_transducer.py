"""The transducer's lattice against the list of all its paths, and its searches against the best of all strings."""

import itertools
import math

import numpy as np
import pytest
from scipy.special import log_softmax

from speechbook import gradients, transducer, transducer_search

FILLED = ("transducer_forward", "transducer_backward", "transducer_occupation", "transducer_gradient")


def random_log_probs(seed, n_steps, n_labels, n_classes):
    logits = 1.5 * np.random.default_rng(seed).normal(size=(n_steps, n_labels + 1, n_classes))
    return log_softmax(logits, axis=-1)


def every_path(log_probs, labels, blank):
    """All ways to order the blanks but the last among the labels, with the nodes and the log-probability of each."""
    n_steps, n_labels = len(log_probs), len(labels)
    for places in itertools.combinations(range(n_steps - 1 + n_labels), n_labels):
        t = u = 0
        nodes, total = [], 0.0
        for place in range(n_steps + n_labels):
            nodes.append((t, u))
            if place in places:
                total, u = total + log_probs[t, u, labels[u]], u + 1
            else:
                total, t = total + log_probs[t, u, blank], t + 1
        yield nodes, total


CASES = [
    (seed, n_steps, labels, n_classes, blank)
    for seed in range(2)
    for n_steps, labels, n_classes, blank in [
        (1, [1], 2, 0),
        (1, [1, 1, 2], 3, 0),
        (4, [], 3, 0),
        (4, [2, 2], 3, 0),
        (5, [0, 1, 3], 4, 2),
        (3, [1, 2, 1, 1], 3, 0),
    ]
]
each_case = pytest.mark.parametrize(("seed", "n_steps", "labels", "n_classes", "blank"), CASES)


@each_case
def test_everything_equals_the_sum_over_all_paths(seed, n_steps, labels, n_classes, blank):
    log_probs = random_log_probs(seed, n_steps, len(labels), n_classes)
    paths = list(every_path(log_probs, labels, blank))
    assert len(paths) == math.comb(n_steps - 1 + len(labels), len(labels))
    total = np.logaddexp.reduce([log_prob for _, log_prob in paths])
    assert transducer.transducer_log_likelihood(log_probs, labels, blank=blank) == pytest.approx(total)
    visited = np.zeros((n_steps, len(labels) + 1))
    written = np.zeros((n_steps, len(labels)))
    for nodes, log_prob in paths:
        for t, u in nodes:
            visited[t, u] += math.exp(log_prob - total)
        for (t, u), (_, after) in itertools.pairwise(nodes):
            if after > u:
                written[t, u] += math.exp(log_prob - total)
    occupation = transducer.transducer_occupation(log_probs, labels, blank=blank)
    np.testing.assert_allclose(occupation.nodes, visited, atol=1e-12)
    np.testing.assert_allclose(occupation.write, written, atol=1e-12)
    np.testing.assert_allclose(occupation.go_on.sum(axis=1), 1)
    forward, backward = (getattr(transducer, name)(log_probs, labels, blank=blank) for name in FILLED[:2])
    np.testing.assert_allclose(np.exp(forward + backward - total), visited, atol=1e-12)
    assert backward[0, 0] == pytest.approx(total)


@each_case
def test_the_alignment_is_the_likeliest_of_all_paths(seed, n_steps, labels, n_classes, blank):
    log_probs = random_log_probs(seed, n_steps, len(labels), n_classes)
    nodes, log_prob = max(every_path(log_probs, labels, blank), key=lambda path: path[1])
    found = transducer.transducer_align(log_probs, labels, blank=blank)
    assert found.nodes == nodes
    assert found.log_prob == pytest.approx(log_prob)
    assert found.steps == [t for (t, u), (_, after) in itertools.pairwise(nodes) if after > u]


@each_case
def test_the_gradient_equals_finite_differences(seed, n_steps, labels, n_classes, blank):
    logits = np.random.default_rng(seed).normal(size=(n_steps, len(labels) + 1, n_classes))

    def loss(z):
        return -transducer.transducer_log_likelihood(log_softmax(z, axis=-1), labels, blank=blank)

    ours = transducer.transducer_gradient(log_softmax(logits, axis=-1), labels, blank=blank)
    np.testing.assert_allclose(ours, gradients.numerical_gradient(loss, logits), atol=1e-7)
    np.testing.assert_allclose(ours.sum(axis=2), 0, atol=1e-12)


def test_special_cases_known_by_hand():
    uniform = np.log(np.full((4, 3, 5), 1 / 5))
    assert transducer.transducer_log_likelihood(uniform, [3, 3]) == pytest.approx(math.log(10 / 5**6))
    no_labels = random_log_probs(0, 6, 0, 3)
    assert transducer.transducer_log_likelihood(no_labels, []) == pytest.approx(no_labels[:, 0, 0].sum())
    one_step = random_log_probs(1, 1, 2, 3)
    only_path = one_step[0, 0, 2] + one_step[0, 1, 1] + one_step[0, 2, 0]
    assert transducer.transducer_log_likelihood(one_step, [2, 1]) == pytest.approx(only_path)


def test_all_strings_of_a_stateless_transducer_sum_to_one():
    joiner = stateless(3, n_steps=3, n_classes=3, blank_bonus=2.0)
    strings = [string for length in range(12) for string in itertools.product((1, 2), repeat=length)]
    total = sum(
        math.exp(transducer.transducer_log_likelihood(joiner.lattice(string), string)) for string in strings[:600]
    )
    assert 0.99 < total < 1 + 1e-9


def test_a_label_that_is_impossible_everywhere_has_no_path():
    p = np.full((3, 2, 3), [0.5, 0.5, 0.0])
    with np.errstate(divide="ignore"):
        log_probs = np.log(p)
    assert transducer.transducer_log_likelihood(log_probs, [2]) == -np.inf
    for name in (*FILLED[2:], "transducer_align"):
        with pytest.raises(ValueError, match="no path writes the labels"):
            getattr(transducer, name)(log_probs, [2])


@pytest.mark.parametrize("name", [*FILLED, "transducer_log_likelihood", "transducer_align"])
@pytest.mark.parametrize(
    ("log_probs", "labels", "blank", "hint"),
    [
        (np.zeros((3, 2)), [1], 0, "shape"),
        (np.full((3, 2, 2), np.nan), [1], 0, "NaN"),
        (np.zeros((3, 2, 2)), [1], 0, "log_softmax"),
        (np.log(np.full((3, 2, 2), 0.5)), [1, 1], 0, "3 rows"),
        (np.log(np.full((3, 2, 2), 0.5)), [0], 0, "blank"),
        (np.log(np.full((3, 2, 2), 0.5)), [2], 0, "from 0 to 1"),
        (np.log(np.full((3, 2, 2), 0.5)), [1], 2, "one of the 2"),
    ],
)
def test_what_cannot_be_used_is_refused(name, log_probs, labels, blank, hint):
    with pytest.raises(ValueError, match=hint):
        getattr(transducer, name)(log_probs, labels, blank=blank)


def stateless(seed, *, n_steps, n_classes, blank_bonus=1.0):
    rng = np.random.default_rng(seed)
    encoded, vectors, weights = (rng.normal(size=shape) for shape in ((n_steps, 6), (n_classes, 6), (6, n_classes)))
    return transducer_search.Joiner(encoded, vectors, weights, np.eye(n_classes)[0] * blank_bonus)


@pytest.mark.parametrize("seed", range(4))
def test_a_wide_beam_finds_the_likeliest_of_all_strings(seed):
    joiner = stateless(seed, n_steps=2, n_classes=3, blank_bonus=3.0)
    found = transducer_search.transducer_beam_search(joiner, 2, beam_width=600, most_labels=4)
    strings = [string for length in range(5) for string in itertools.product((1, 2), repeat=length)]
    exact = {s: transducer.transducer_log_likelihood(joiner.lattice(s), s) for s in strings}
    assert found[0].labels == max(exact, key=exact.get)
    scores = {one.labels: one.log_prob for one in found}
    for string in strings:
        assert scores[string] == pytest.approx(exact[string])


def test_greedy_takes_the_best_move_at_every_node_and_can_be_cut_anywhere():
    joiner = stateless(5, n_steps=12, n_classes=4, blank_bonus=0.0)
    whole = transducer_search.transducer_greedy(joiner, 12)
    assert len(whole) > 3
    for cut in range(13):
        first = transducer_search.transducer_greedy(joiner, cut)
        later = transducer_search.Joiner(joiner.encoded[cut:], joiner.vectors, joiner.weights, joiner.bias)
        before = [one.label for one in first]
        rest = transducer_search.transducer_greedy(later, 12 - cut, written=before)
        assert [*first, *((label, step + cut) for label, step in rest)] == whole


def test_greedy_ends_also_where_the_blank_never_wins():
    written = transducer_search.transducer_greedy(lambda t, labels: np.log([0.1, 0.9]), 2, most_labels=3)
    assert written == [(1, 0)] * 3 + [(1, 1)] * 3


def test_joint_network_and_lattice_agree_with_single_distributions():
    joiner = stateless(7, n_steps=4, n_classes=3)
    lattice = joiner.lattice([2, 1])
    for t in range(4):
        for u, written in enumerate([(), (2,), (2, 1)]):
            np.testing.assert_allclose(joiner(t, written), lattice[t, u])
    np.testing.assert_allclose(np.exp(lattice).sum(axis=2), 1)


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: transducer_search.transducer_greedy(None, 1, most_labels=0), "most_labels"),
        (lambda: transducer_search.transducer_beam_search(None, 1, beam_width=0), "beam_width"),
        (
            lambda: transducer_search.joint_log_probs(
                np.zeros((2, 3)), np.zeros((2, 4)), weights=np.zeros((3, 5)), bias=np.zeros(5)
            ),
            "share their units",
        ),
    ],
)
def test_searches_refuse_what_they_cannot_use(call, hint):
    with pytest.raises(ValueError, match=hint):
        call()
