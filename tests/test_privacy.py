"""Another voice, averages of clients, clipped and noisy gradients, and sounds that fool: each against another way."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate
from scipy.linalg import solve_toeplitz
from scipy.special import softmax
from scipy.stats import norm

from speechbook import adversarial, anonymise, features, privacy


@pytest.fixture
def speech():
    """A buzz through two resonances, with a little noise, 0.3 s at 8 kHz."""
    rng = np.random.default_rng(3)
    y = np.where(np.arange(2400) % 70 == 0, 1.0, 0.0) + 0.01 * rng.normal(size=2400)
    for hertz in (600, 1800):
        pole = 0.97 * np.exp(2j * np.pi * hertz / 8000)
        taps = np.real(np.poly([pole, pole.conj()]))
        for i in range(2, len(y)):
            y[i] -= taps[1] * y[i - 1] + taps[2] * y[i - 2]
    return 0.3 * y / np.abs(y).max()


def test_linear_prediction_solves_the_normal_equations(speech):
    frames = np.stack([speech[:240], speech[500:740]]) * np.hanning(240)
    found = anonymise.linear_prediction(frames, order=10)
    for row, taps in zip(frames, found, strict=True):
        lags = np.array([row[: 240 - lag] @ row[lag:] for lag in range(11)])
        lags[0] = lags[0] * (1 + anonymise.WHITENING) + 1e-12
        np.testing.assert_allclose(taps[1:], solve_toeplitz(lags[:10], -lags[1:]), rtol=1e-6)
    assert all(np.abs(np.roots(taps)).max() < 1 for taps in found)


def test_resonances_move_to_the_power_of_their_angle_and_stay_as_sharp():
    poles = np.array([0.95 * np.exp(0.4j), 0.9 * np.exp(2.0j)])
    taps = np.real(np.poly([*poles, *poles.conj(), 0.5]))
    moved = np.roots(anonymise.move_resonances(taps, alpha=0.7))
    up = sorted(moved[moved.imag > 1e-9], key=np.angle)
    np.testing.assert_allclose(np.angle(up), [0.4**0.7, 2.0**0.7], rtol=1e-9)
    np.testing.assert_allclose(np.abs(up), [0.95, 0.9], rtol=1e-9)
    np.testing.assert_allclose(moved[np.abs(moved.imag) < 1e-9].real, [0.5], rtol=1e-9)


def test_the_peak_of_the_spectrum_moves_where_the_formula_says(speech):
    voice = anonymise.mcadams(speech, sample_rate=8000, alpha=0.8)
    taps = anonymise.linear_prediction(voice[600:1400] * np.hanning(800), order=8)
    angles = np.angle(np.roots(taps))
    for hertz in (600, 1800):
        wanted = (2 * np.pi * hertz / 8000) ** 0.8
        assert np.abs(angles - wanted).min() < 0.08


def test_several_versions_equal_one_after_the_other_and_are_as_loud(speech):
    both = anonymise.mcadams(speech, sample_rate=8000, alpha=[1.0, 0.7])
    np.testing.assert_allclose(both[0], speech, atol=1e-5)
    np.testing.assert_array_equal(both[1], anonymise.mcadams(speech, sample_rate=8000, alpha=0.7))
    assert np.abs(both[1] - speech).max() > 0.05
    np.testing.assert_allclose(np.sqrt(np.mean(both**2, axis=1)), np.sqrt(np.mean(speech**2)), rtol=1e-4)
    assert not anonymise.mcadams(np.zeros(500), sample_rate=8000, alpha=0.8).any()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: anonymise.mcadams(np.ones((2, 400)), sample_rate=8000, alpha=0.8), "one sound"),
        (lambda: anonymise.mcadams(np.ones(400), sample_rate=8000, alpha=[0.8, 0.0]), "positive"),
        (lambda: anonymise.move_resonances([1.0, 0.5], alpha=-1), "positive"),
        (lambda: anonymise.linear_prediction(np.ones(8), order=8), "too short"),
        (lambda: privacy.federated_average([[1.0], [1.0, 2.0]], sizes=[1, 1]), "same shape"),
        (lambda: privacy.federated_average([[1.0], [2.0]], sizes=[1, 0]), "above 0"),
        (lambda: privacy.clipped_sum(np.ones((2, 3)), np.ones((3, 2)), limit=1), "one row a clip"),
        (lambda: privacy.clipped_sum(np.ones((2, 3)), np.ones((2, 2)), limit=0), "above 0"),
        (lambda: privacy.epsilon(noise=0, steps=3, delta=1e-5), "nothing is hidden"),
        (lambda: privacy.epsilon(noise=1, steps=3, delta=1.0), "between 0 and 1"),
        (lambda: adversarial.loss_gradient(np.ones(900), sample_rate=8000, weights=np.ones((9, 9)), label=0), "rows"),
        (
            lambda: adversarial.loss_gradient(np.ones(900), sample_rate=8000, weights=np.ones((241, 9)), label=9),
            "0 to 8",
        ),
        (
            lambda: adversarial.attack(np.ones(900), sample_rate=8000, weights=np.ones((241, 9)), target=1, limit=0.0),
            "limit",
        ),
        (lambda: adversarial.pictures([np.ones((2, 900))], sample_rate=8000), "one sound"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_one_step_on_each_client_averages_to_one_step_on_all_clips():
    rng = np.random.default_rng(0)
    x, truth = rng.normal(size=(60, 5)), np.eye(4)[rng.integers(0, 4, 60)]
    weights, clients = rng.normal(size=(5, 4)), np.split(np.arange(60), [10, 25])

    def step(rows):
        return weights - 0.3 * x[rows].T @ (softmax(x[rows] @ weights, axis=1) - truth[rows]) / len(rows)

    average = privacy.federated_average([step(rows) for rows in clients], sizes=[len(rows) for rows in clients])
    np.testing.assert_allclose(average, step(np.arange(60)), atol=1e-12)


def test_clipping_equals_clipping_each_gradient_written_out():
    rng = np.random.default_rng(1)
    inputs, errors = rng.normal(size=(30, 6)), rng.normal(size=(30, 3))
    inputs[4] = 0
    total = np.zeros((6, 3))
    for x, error in zip(inputs, errors, strict=True):
        gradient = np.outer(x, error)
        total += gradient * min(1, 2.0 / max(np.linalg.norm(gradient), 1e-300))
    np.testing.assert_allclose(privacy.clipped_sum(inputs, errors, limit=2.0), total, atol=1e-12)


def test_one_clip_more_changes_the_clipped_sum_by_no_more_than_the_limit():
    rng = np.random.default_rng(2)
    inputs, errors = 9 * rng.normal(size=(20, 6)), rng.normal(size=(20, 3))
    for limit in (0.1, 1.0):
        more = privacy.clipped_sum(inputs, errors, limit=limit)
        less = privacy.clipped_sum(inputs[1:], errors[1:], limit=limit)
        assert np.linalg.norm(more - less) <= limit * (1 + 1e-12)


@pytest.mark.parametrize(("noise", "steps"), [(1.0, 1), (20.0, 30), (3.0, 50)])
def test_epsilon_is_where_the_excess_of_one_gaussian_over_the_other_is_delta(noise, steps):
    mu, delta = np.sqrt(steps) / noise, 1e-4
    found = privacy.epsilon(noise=noise, steps=steps, delta=delta)

    def excess(draw):
        return max(0.0, norm.pdf(draw, loc=mu) - np.exp(found) * norm.pdf(draw))

    start = found / mu + mu / 2
    assert integrate.quad(excess, start, start + 12)[0] == pytest.approx(delta, rel=1e-4)
    assert found < privacy.epsilon_by_zcdp(noise=noise, steps=steps, delta=delta)


def test_epsilon_knows_its_limits():
    assert privacy.epsilon(noise=1e6, steps=1, delta=1e-5) == 0.0
    by_noise = [privacy.epsilon(noise=noise, steps=30, delta=1e-5) for noise in (0.3, 1, 5, 25)]
    assert all(more > less for more, less in pairwise(by_noise))
    assert privacy.epsilon_by_zcdp(noise=2.0, steps=8, delta=np.exp(-1)) == pytest.approx(1 + 2)


def test_pictures_are_the_mean_mel_bands_of_features(speech):
    clips = [speech, speech[:1333], speech[:160]]
    for y, row in zip(clips, adversarial.pictures(clips, sample_rate=8000), strict=True):
        db = features.log_mel(y, sample_rate=8000, n_mels=20, **features.SPEECH_8K)
        ends = np.linspace(0, db.shape[1], 13).astype(int)
        coarse = np.concatenate([db[:, a : max(a + 1, b)].mean(axis=1) for a, b in pairwise(ends)])
        coarse = (coarse - coarse.mean()) / coarse.std()
        np.testing.assert_allclose(row, np.append(coarse, 1) / np.sqrt(241), atol=1e-5)


def test_the_gradient_equals_finite_differences(speech):
    rng = np.random.default_rng(4)
    weights = 5 * rng.normal(size=(241, 10))
    y = speech[:1500] + 1e-3 * rng.normal(size=1500)
    loss, gradient = adversarial.loss_gradient(y, sample_rate=8000, weights=weights, label=6)
    scores = adversarial.pictures([y], sample_rate=8000)[0] @ weights
    assert loss == pytest.approx(-np.log(softmax(scores)[6]))
    for where in [0, 79, 700, 1499]:
        bump = 1e-6 * (np.arange(1500) == where)
        up, _ = adversarial.loss_gradient(y + bump, sample_rate=8000, weights=weights, label=6)
        down, _ = adversarial.loss_gradient(y - bump, sample_rate=8000, weights=weights, label=6)
        assert gradient[where] == pytest.approx((up - down) / 2e-6, rel=1e-3, abs=1e-3 * np.abs(gradient).max())


def test_an_attack_stays_within_its_limit_and_lowers_the_loss(speech):
    weights = 5 * np.random.default_rng(5).normal(size=(241, 10))
    for steps in (1, 10):
        fooled = adversarial.attack(speech, sample_rate=8000, weights=weights, target=2, limit=0.01, steps=steps)
        assert 0 < np.abs(fooled - speech).max() <= 0.01 + 1e-12
        losses = [adversarial.loss_gradient(y, sample_rate=8000, weights=weights, label=2)[0] for y in (speech, fooled)]
        assert losses[1] < losses[0] - 0.1
