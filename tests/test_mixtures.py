"""Gaussian mixtures against scikit-learn, and their training on data of which the truth is known."""

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from speechbook import hmm, mixtures


def random_mixtures(rng, *, n_states=3, n_components=2, n_features=4):
    shape = n_states, n_components, n_features
    weights = rng.dirichlet(np.ones(n_components), size=n_states)
    return mixtures.Mixtures(rng.normal(size=shape), rng.uniform(0.3, 2, size=shape), weights, np.full(n_states, 0.5))


def test_densities_equal_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    model = random_mixtures(rng)
    x = rng.normal(size=(50, 4))
    ours = model.log_density(x)
    for state in range(3):
        oracle = GaussianMixture(2, covariance_type="diag")
        oracle.weights_, oracle.means_ = model.weights[state], model.means[state]
        oracle.covariances_ = model.variances[state]
        oracle.precisions_cholesky_ = 1 / np.sqrt(model.variances[state])
        np.testing.assert_allclose(ours[:, state], oracle.score_samples(x))
    np.testing.assert_allclose(model.log_density(x, states=[2, 0]), ours[:, [2, 0]])


def test_long_input_is_scored_in_parts(monkeypatch):
    rng = np.random.default_rng(1)
    model, x = random_mixtures(rng), rng.normal(size=(50, 4))
    whole = model.log_density(x)
    monkeypatch.setattr(mixtures, "FRAMES_AT_ONCE", 7)
    np.testing.assert_allclose(model.log_density(x), whole)


def spoken(rng, *, means, n_clips=60):
    """Clips that stay in every state for a random time, with the state of each frame."""
    clips, truth = [], []
    for _ in range(n_clips):
        states = np.repeat(np.arange(len(means)), rng.integers(2, 9, size=len(means)))
        clips.append(means[states] + 0.3 * rng.normal(size=(len(states), means.shape[1])))
        truth.append(states)
    return clips, truth


def test_training_finds_means_and_borders_that_it_was_not_told():
    means = np.array([[0.0, 2.0], [3.0, 0.0], [-2.0, -2.0]])
    clips, truth = spoken(np.random.default_rng(2), means=means)
    chains = [[0, 1, 2]] * len(clips)
    model = mixtures.train(clips, chains)
    np.testing.assert_allclose(model.means[:, 0], means, atol=0.1)
    np.testing.assert_allclose(model.variances[:, 0], 0.09, atol=0.03)
    np.testing.assert_allclose(model.stay, 1 - 1 / 5, atol=0.05)
    agreed = np.concatenate(mixtures.align(clips, chains, model)) == np.concatenate(truth)
    assert agreed.mean() > 0.98


def test_every_round_explains_the_clips_better():
    clips, _ = spoken(np.random.default_rng(3), means=np.array([[0.0], [1.0], [0.2]]))
    chains = [[0, 1, 2]] * len(clips)
    scores = []
    for n_rounds in range(1, 6):
        model = mixtures.train(clips, chains, n_rounds=n_rounds)
        topology = hmm.left_to_right(model.stay)
        scores.append(sum(hmm.viterbi(model.log_density(clip), topology)[1] for clip in clips))
    assert scores[-1] > scores[0]
    assert (np.diff(scores) > -1e-6).all()


def test_two_components_fit_two_humps_as_scikit_learn_does():
    rng = np.random.default_rng(4)
    x = np.where(rng.random((2000, 1)) < 0.3, rng.normal(-2, 0.5, (2000, 1)), rng.normal(2, 1.0, (2000, 1)))
    model = mixtures.train([x], [[0]], n_components=2, n_rounds=60)
    oracle = GaussianMixture(2, covariance_type="diag", tol=1e-8, max_iter=500, random_state=0).fit(x)
    order, expected = model.means[0, :, 0].argsort(), oracle.means_[:, 0].argsort()
    np.testing.assert_allclose(model.means[0, order, 0], oracle.means_[expected, 0], atol=0.02)
    np.testing.assert_allclose(model.weights[0, order], oracle.weights_[expected], atol=0.01)


def test_states_can_be_shared_by_words():
    means = np.array([[0.0], [5.0], [-5.0]])
    first, _ = spoken(np.random.default_rng(5), means=means[[0, 1]])
    second, _ = spoken(np.random.default_rng(6), means=means[[2, 0]])
    model = mixtures.train([*first, *second], [[0, 1]] * len(first) + [[2, 0]] * len(second))
    np.testing.assert_allclose(model.means[:, 0], means, atol=0.1)
    assert model.n_parameters == 3 + 3 + 3 + 3


@pytest.mark.parametrize(
    ("clips", "chains", "options", "message"),
    [
        ([], [], {}, "one chain for each clip"),
        ([np.zeros((3, 1))], [], {}, "one chain for each clip"),
        ([np.zeros((1, 1))], [[0, 1]], {}, "too few"),
        ([np.zeros((3, 1))], [[0]], {"n_components": 3}, "power of 2"),
        ([np.zeros((3, 1))], [[0]], {"n_rounds": 0}, "n_rounds"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(clips, chains, options, message):
    with pytest.raises(ValueError, match=message):
        mixtures.train(clips, chains, **options)


def test_scoring_asks_for_the_features_that_were_trained():
    model = random_mixtures(np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"\(frames, 4\)"):
        model.log_density(np.zeros((5, 3)))


def test_constant_features_do_not_divide_by_zero():
    model = mixtures.train([np.ones((4, 2))], [[0, 1]], n_components=2)
    assert np.isfinite(model.log_density(np.ones((3, 2)))).all()
