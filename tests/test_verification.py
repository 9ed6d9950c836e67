"""Trials of a verifier are honest, and their scores and rates agree with other ways to compute them."""

import numpy as np
import pytest
from scipy.spatial.distance import cosine

from speechbook import corpora, metrics, verification


@pytest.fixture(scope="module")
def held_out():
    return corpora.load_digits("voices").default_unseen()[1]


@pytest.fixture(scope="module")
def trials(held_out):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(len(held_out), 8)) + 2 * np.eye(14, 8)[np.searchsorted(held_out.speakers, held_out.speaker)]
    return rows, verification.build_trials(rows, held_out, enrol=4, test=2, draws=6, rng=np.random.default_rng(1))


def test_no_word_and_no_take_is_on_both_sides(held_out):
    enrolled, tested = (held_out[side] for side in verification.sides(held_out))
    assert not set(enrolled.digit) & set(tested.digit)
    assert not set(enrolled.take) & set(tested.take)
    assert enrolled.speakers == tested.speakers == held_out.speakers


def test_everybody_claims_to_be_everybody_but_no_voice_meets_another_one_of_its_person(trials):
    _, found = trials
    pairs = set(zip(found.claimed, found.speaking, strict=True))
    assert ("festival-ked", "festival-ked-long") not in pairs
    assert len(pairs) == 14**2 - 6
    assert len(found.same) == 6 * len(pairs)
    assert found.same.sum() == 6 * 14


def test_scores_are_cosines_of_means_of_unit_rows(held_out):
    names = held_out.speakers[:2]
    part = held_out.where(speaker=names)
    rows = np.random.default_rng(0).normal(size=(len(part), 5))
    found = verification.build_trials(rows, part, enrol=15, test=10, draws=1, rng=np.random.default_rng(0))
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    enrolled, tested = verification.sides(part)
    for claimed, speaking, score in zip(found.claimed, found.speaking, found.scores, strict=True):
        a = unit[enrolled & (part.speaker == claimed)].mean(axis=0)
        b = unit[tested & (part.speaker == speaking)].mean(axis=0)
        assert score == pytest.approx(1 - cosine(a, b))


def test_too_few_clips_and_rows_that_do_not_fit_are_refused(held_out):
    rows = np.ones((len(held_out), 3))
    with pytest.raises(ValueError, match="has 15 clips for this side"):
        verification.build_trials(rows, held_out, enrol=16, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="one row for each of 700 clips"):
        verification.build_trials(rows[1:], held_out, enrol=1, rng=np.random.default_rng(0))


def test_adaptive_normalisation_agrees_with_loops_and_forgets_shift_and_scale(trials):
    _, found = trials
    cohort = np.random.default_rng(2).normal(size=(9, 8))
    got = verification.adaptive_norm(found, cohort, n_nearest=4)
    for i in (0, 7, 100):
        parts = []
        for side in (found.enrolled[i], found.tested[i]):
            top = sorted(float(side @ stranger) for stranger in cohort)[-4:]
            parts.append((found.scores[i] - np.mean(top)) / np.std(top))
        assert got[i] == pytest.approx(np.mean(parts))
    with pytest.raises(ValueError, match="from 2 to the 9 voices"):
        verification.adaptive_norm(found, cohort, n_nearest=10)
    with pytest.raises(ValueError, match="rows of 8 numbers"):
        verification.adaptive_norm(found, cohort[:, :5])


def test_interval_over_people_holds_the_rate_and_is_wider_than_over_trials(trials):
    _, found = trials
    how = {"n_resamples": 100, "rng": np.random.default_rng(0)}
    low, high = verification.speaker_interval(metrics.equal_error_rate, found.scores, found, **how)
    assert low < found.error_rate < high
    rng, rates = np.random.default_rng(0), []
    for _ in range(100):
        drawn = rng.integers(len(found.same), size=len(found.same))
        rates.append(metrics.equal_error_rate(found.scores[drawn], found.same[drawn]))
    assert high - low > np.quantile(rates, 0.975) - np.quantile(rates, 0.025)


def test_interval_needs_three_people(held_out):
    one = np.ones((4, 1))
    few = verification.Trials(one, one, np.array(["a", "a", "b", "b"]), np.array(["a", "b", "a", "b"]))
    with pytest.raises(ValueError, match="three persons or more"):
        verification.speaker_interval(metrics.equal_error_rate, np.ones(4), few, rng=np.random.default_rng(0))


@pytest.mark.parametrize(("prior", "miss_cost", "false_alarm_cost"), [(0.5, 1, 1), (0.05, 1, 1), (0.01, 10, 1)])
def test_minimum_cost_agrees_with_trying_all_thresholds(trials, prior, miss_cost, false_alarm_cost):
    _, found = trials
    costs = []
    for at in [*found.scores, np.inf]:
        miss = np.mean(found.scores[found.same] < at)
        false_alarm = np.mean(found.scores[~found.same] >= at)
        costs.append(prior * miss_cost * miss + (1 - prior) * false_alarm_cost * false_alarm)
    best = min(costs) / min(prior * miss_cost, (1 - prior) * false_alarm_cost)
    how = {"prior": prior, "miss_cost": miss_cost, "false_alarm_cost": false_alarm_cost}
    assert verification.minimum_cost(found.scores, found.same, **how) == pytest.approx(best)
    with pytest.raises(ValueError, match="between 0 and 1"):
        verification.minimum_cost(found.scores, found.same, prior=1.0)
