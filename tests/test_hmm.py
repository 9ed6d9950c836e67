"""Hidden Markov models against brute force: every path of a small model, enumerated."""

import itertools

import numpy as np
import pytest
from scipy.special import logsumexp

from speechbook import hmm
from speechbook.language import END, NGramModel


def random_case(seed, *, n_frames, n_states):
    rng = np.random.default_rng(seed)
    topology = hmm.Topology(
        np.log(rng.dirichlet(np.ones(n_states))),
        np.log(rng.dirichlet(np.ones(n_states), size=n_states)),
        np.log(rng.uniform(size=n_states)),
    )
    return rng.normal(size=(n_frames, n_states)), topology


def every_path(observed, topology):
    n_frames, n_states = observed.shape
    for path in itertools.product(range(n_states), repeat=n_frames):
        steps = sum(topology.step[a, b] for a, b in itertools.pairwise(path))
        yield path, topology.start[path[0]] + steps + topology.end[path[-1]] + observed[range(n_frames), path].sum()


CASES = [(seed, n_frames, n_states) for seed in range(3) for n_frames, n_states in [(1, 3), (4, 3), (6, 2)]]


@pytest.mark.parametrize(("seed", "n_frames", "n_states"), CASES)
def test_forward_sums_over_every_path_and_viterbi_finds_the_best(seed, n_frames, n_states):
    observed, topology = random_case(seed, n_frames=n_frames, n_states=n_states)
    paths = list(every_path(observed, topology))
    assert hmm.log_likelihood(observed, topology) == pytest.approx(logsumexp([score for _, score in paths]))
    best, highest = max(paths, key=lambda entry: entry[1])
    path, score = hmm.viterbi(observed, topology)
    assert tuple(path) == best
    assert score == pytest.approx(highest)


def test_forward_lattice_holds_the_sum_of_all_beginnings():
    observed, topology = random_case(7, n_frames=4, n_states=3)
    lattice = hmm.forward(observed, topology)
    free = topology._replace(end=np.zeros(3))
    for t, state in itertools.product(range(4), range(3)):
        ending_here = [score for path, score in every_path(observed[: t + 1], free) if path[-1] == state]
        assert lattice[t, state] == pytest.approx(logsumexp(ending_here))


@pytest.mark.parametrize("n_states", [1, 3])
def test_a_chain_visits_its_states_in_order_and_equals_enumeration(n_states):
    topology = hmm.left_to_right(np.linspace(0.4, 0.9, n_states))
    observed = np.random.default_rng(1).normal(size=(6, n_states))
    with np.errstate(invalid="ignore"):
        scores = [score for _, score in every_path(observed, topology)]
    assert hmm.log_likelihood(observed, topology) == pytest.approx(logsumexp(scores))
    path, _ = hmm.viterbi(observed, topology)
    assert path[0] == 0
    assert path[-1] == n_states - 1
    assert set(np.diff(path)) <= {0, 1}


def test_a_chain_spends_its_expected_time_in_a_state():
    topology = hmm.left_to_right([0.75])
    total = sum(n * np.exp(hmm.log_likelihood(np.zeros((n, 1)), topology)) for n in range(1, 200))
    assert total == pytest.approx(1 / (1 - 0.75))


def test_padded_batches_equal_one_at_a_time():
    _, topology = random_case(3, n_frames=1, n_states=3)
    observed = np.random.default_rng(4).normal(size=(3, 6, 3))
    lengths = np.array([6, 1, 4])
    paths, scores = hmm.viterbi(observed, topology, lengths=lengths)
    likelihoods = hmm.log_likelihood(observed, topology, lengths=lengths)
    for sequence, n, path, score, likelihood in zip(observed, lengths, paths, scores, likelihoods, strict=True):
        alone, alone_score = hmm.viterbi(sequence[:n], topology)
        np.testing.assert_array_equal(path[:n], alone)
        assert set(path[n:]) <= {alone[-1]}
        assert score == pytest.approx(alone_score)
        assert likelihood == pytest.approx(hmm.log_likelihood(sequence[:n], topology))


def test_too_few_frames_fit_no_chain():
    topology = hmm.left_to_right([0.5, 0.5, 0.5])
    assert hmm.log_likelihood(np.zeros((2, 3)), topology) == -np.inf
    assert hmm.viterbi(np.zeros((2, 3)), topology)[1] == -np.inf


CHAINS = {"a": [0, 1], "b": [2, 0], "c": [1, 1, 2]}
STAY = np.array([0.6, 0.3, 0.5])


def score_of_words(words, observed, language):
    """Score a word sequence by the best path through its own chain, an independent construction."""
    chain = [state for word in words for state in CHAINS[word]]
    acoustic = hmm.viterbi(observed[:, chain], hmm.left_to_right(STAY[chain]))[1]
    history = [None, *words, None]
    return acoustic + sum(language(*pair) for pair in itertools.pairwise(history))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("weight", [0.0, 1.0, 4.0])
def test_decoding_finds_the_best_of_all_word_sequences(seed, weight):
    observed = 2 * np.random.default_rng(seed).normal(size=(7, 3))
    model = NGramModel.train([["a", "b"], ["b", "a"], ["a", "b", "c"]], order=2)

    def language(before, word):
        context = [] if before is None else [before]
        return weight * model.log_prob(END if word is None else word, context=context)

    loop = hmm.word_loop(CHAINS, stay=STAY, language=language)
    words, begins = hmm.decode(observed, loop)
    candidates = [list(each) for n in range(1, 4) for each in itertools.product(CHAINS, repeat=n)]
    scores = [score_of_words(each, observed, language) for each in candidates]
    assert score_of_words(words, observed, language) == pytest.approx(max(scores))
    assert begins[0] == 0
    assert len(begins) == len(words)
    assert (np.diff(begins) > 0).all()


def test_the_same_word_twice_is_two_words():
    observed = np.log([[0.9, 0.1], [0.1, 0.9], [0.9, 0.1], [0.1, 0.9]])
    loop = hmm.word_loop({"a": [0, 1]}, stay=[0.5, 0.5], language=lambda before, word: 0.0)
    words, begins = hmm.decode(observed, loop)
    assert (words, begins.tolist()) == (["a", "a"], [0, 2])


@pytest.mark.parametrize("stay", [[], [0.0], [1.0], [np.nan], [[0.5]]])
def test_staying_takes_a_probability(stay):
    with pytest.raises(ValueError, match="between 0 and 1"):
        hmm.left_to_right(stay)


@pytest.mark.parametrize("shape", [(3,), (0, 2), (4, 3)])
def test_scores_must_fit_the_states(shape):
    with pytest.raises(ValueError, match="frames, 2"):
        hmm.viterbi(np.zeros(shape), hmm.left_to_right([0.5, 0.5]))


def test_nan_and_wrong_lengths_are_refused():
    topology = hmm.left_to_right([0.5])
    with pytest.raises(ValueError, match="NaN"):
        hmm.forward(np.array([[np.nan]]), topology)
    for lengths in ([0], [3], [1, 1], [1.5]):
        with pytest.raises(ValueError, match="lengths"):
            hmm.viterbi(np.zeros((1, 2, 1)), topology, lengths=lengths)


@pytest.mark.parametrize("chains", [{}, {"a": []}, {"a": [1]}, {"a": [0, 3]}, {"a": [-1, 0]}])
def test_a_lexicon_with_words_that_cannot_be_said_is_refused(chains):
    with pytest.raises(ValueError, match=r"word|states of 'a'"):
        hmm.word_loop(chains, stay=STAY, language=lambda before, word: 0.0)


def test_an_utterance_shorter_than_every_word_says_so():
    loop = hmm.word_loop({"a": [0, 1]}, stay=STAY, language=lambda before, word: 0.0)
    with pytest.raises(ValueError, match="at least one frame"):
        hmm.decode(np.zeros((1, 3)), loop)
