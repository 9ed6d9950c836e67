import itertools

import jiwer
import numpy as np
import pytest
from scipy import optimize, stats
from sklearn import metrics as sk

from speechbook import metrics


def random_sentences(rng, n, longest, alphabet="abc "):
    lengths = rng.integers(0, longest + 1, n)
    return [" ".join("".join(rng.choice(list(alphabet), size)).split()) for size in lengths]


@pytest.fixture(scope="module")
def pairs():
    rng = np.random.default_rng(0)
    references = [text or "a" for text in random_sentences(rng, 3000, 24)]
    return references, random_sentences(rng, 3000, 24)


def exhaustive_distance(reference, hypothesis):
    if not reference or not hypothesis:
        return len(reference) + len(hypothesis)
    return min(
        exhaustive_distance(reference[1:], hypothesis[1:]) + (reference[0] != hypothesis[0]),
        exhaustive_distance(reference[1:], hypothesis) + 1,
        exhaustive_distance(reference, hypothesis[1:]) + 1,
    )


def test_edit_distance_equals_the_recursive_definition():
    words = ["".join(letters) for size in range(4) for letters in itertools.product("ab", repeat=size)]
    for reference, hypothesis in itertools.product(words, words):
        assert metrics.edit_distance(reference, hypothesis) == exhaustive_distance(reference, hypothesis)


def test_word_and_character_errors_equal_jiwer_pair_by_pair(pairs):
    words = metrics.error_counts(*pairs)
    characters = metrics.error_counts(*pairs, unit="character")
    for i, (reference, hypothesis) in enumerate(zip(*pairs, strict=True)):
        for (errors, totals), oracle in (
            (words, jiwer.process_words(reference, hypothesis)),
            (characters, jiwer.process_characters(reference, hypothesis)),
        ):
            assert errors[i] == oracle.substitutions + oracle.deletions + oracle.insertions
            assert totals[i] == oracle.hits + oracle.substitutions + oracle.deletions


def test_corpus_rates_equal_jiwer(pairs):
    references, hypotheses = pairs
    assert metrics.wer(references, hypotheses) == pytest.approx(jiwer.wer(references, hypotheses))
    assert metrics.cer(references, hypotheses) == pytest.approx(jiwer.cer(references, hypotheses))


def test_alignment_replays_the_edit_and_has_the_fewest_errors(pairs):
    for reference, hypothesis in itertools.islice(zip(*pairs, strict=True), 500):
        alignment = metrics.align(reference, hypothesis)
        assert "".join(step.reference for step in alignment.steps if step.reference is not None) == reference
        assert "".join(step.hypothesis for step in alignment.steps if step.hypothesis is not None) == hypothesis
        assert alignment.errors == metrics.edit_distance(reference, hypothesis)
        assert alignment.reference_length == len(reference)
        assert all((step.kind == "equal") == (step.reference == step.hypothesis) for step in alignment.steps)


def test_alignment_prints_wide_characters_in_columns():
    lines = str(metrics.align("打开灯光", "打灯光吧")).splitlines()
    assert lines[:3] == ["REF  打 开 灯 光 **", "HYP  打 ** 灯 光 吧", "        D        I"]


def test_alignment_of_nothing_prints_and_has_no_rate():
    alignment = metrics.align([], [])
    assert str(alignment) == "errors: 0 in 0 tokens (0 substitute, 0 delete, 0 insert)"
    with pytest.raises(ValueError, match="reference is empty"):
        _ = alignment.error_rate


def test_wer_takes_token_lists_and_empty_sides():
    assert metrics.wer([[1, 2, 3], [4]], [[1, 3], [4]]) == 0.25
    assert metrics.wer("five", "") == 1.0
    assert metrics.wer("five", "five five five") == 2.0
    assert metrics.wer(["", "two"], ["noise", "two"]) == 1.0
    assert metrics.cer("a  b", " a b ") == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.wer("", "a"), "holds no word"),
        (lambda: metrics.cer(["", " "], ["a", "b"]), "holds no character"),
        (lambda: metrics.wer([], []), "holds no word"),
        (lambda: metrics.wer(["a", "b"], ["a"]), "2 reference utterances but 1"),
        (lambda: metrics.wer("a", ["a"]), "both be one string"),
        (lambda: metrics.wer(["a"], [None]), "sequence of tokens"),
        (lambda: metrics.error_counts("a", "a", unit="phone"), "'word' or 'character'"),
        (lambda: metrics.accuracy([], []), "at least one entry"),
        (lambda: metrics.accuracy([1, 2], np.zeros((2, 10))), "argmax"),
        (lambda: metrics.confusion_matrix([0, 3], [0, 0], n_classes=3), "y_true must hold integers from 0 to 2"),
        (lambda: metrics.confusion_matrix([0], [0.5], n_classes=3), "y_pred must hold integers"),
        (lambda: metrics.wilson_interval(5, 4), "successes=5, n=4"),
        (lambda: metrics.wilson_interval(0, 0), "n >= 1"),
        (lambda: metrics.wilson_interval(1, 2, confidence=95), "between 0 and 1"),
        (lambda: metrics.bootstrap_interval([1, 0], [1], rng=np.random.default_rng(0)), "equally long"),
        (lambda: metrics.bootstrap_interval([1], rng=np.random.default_rng(0)), "at least two"),
        (lambda: metrics.bootstrap_interval([1, 0], [0, 1], rng=np.random.default_rng(0)), "no words"),
        (lambda: metrics.bootstrap_interval([1, 0], clusters=["a", "a"], rng=np.random.default_rng(0)), "got 1"),
        (lambda: metrics.mcnemar_test([1, 0], [1]), "same clips"),
        (lambda: metrics.mcnemar_test([3, 0], [1, 0]), "True or False"),
        (lambda: metrics.equal_error_rate([0.1, 0.2], [1, 1]), "both True"),
        (lambda: metrics.equal_error_rate([0.1, np.nan], [1, 0]), "NaN"),
        (lambda: metrics.calibration_curve([1.5], [True]), "between 0 and 1"),
        (lambda: metrics.calibration_curve([0.5], [True], n_bins=0), "n_bins"),
        (lambda: metrics.calibration_curve([0.5], [True, False]), "equally long"),
    ],
)
def test_bad_input_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_classification_equals_sklearn():
    rng = np.random.default_rng(1)
    y_true, y_pred = rng.integers(0, 10, (2, 500))
    np.testing.assert_array_equal(
        metrics.confusion_matrix(y_true, y_pred, n_classes=10), sk.confusion_matrix(y_true, y_pred, labels=range(10))
    )
    assert metrics.accuracy(y_true, y_pred) == pytest.approx(sk.accuracy_score(y_true, y_pred))


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99])
def test_wilson_equals_scipy_and_solves_its_equation(confidence):
    z = stats.norm.ppf((1 + confidence) / 2)
    for n in (1, 7, 500):
        for successes in {0, 1, n // 2, n}:
            low, high = metrics.wilson_interval(successes, n, confidence=confidence)
            oracle = stats.binomtest(successes, n).proportion_ci(confidence, method="wilson")
            assert (low, high) == pytest.approx((oracle.low, oracle.high), abs=1e-12)

    def deviation(p):
        return (374 / 500 - p) ** 2 - z**2 * p * (1 - p) / 500

    roots = optimize.brentq(deviation, 0, 374 / 500), optimize.brentq(deviation, 374 / 500, 1)
    assert metrics.wilson_interval(374, 500, confidence=confidence) == pytest.approx(roots, abs=1e-9)


def test_wilson_holds_the_share_itself_where_rounding_would_lose_it():
    assert all(metrics.wilson_interval(n, n)[1] == 1 and metrics.wilson_interval(0, n)[0] == 0 for n in range(1, 500))


def test_wilson_known_value():
    assert metrics.wilson_interval(374, 500) == pytest.approx((0.708, 0.784), abs=5e-4)


def test_bootstrap_is_seeded_and_near_the_normal_interval():
    rng = np.random.default_rng(2)
    errors, words = rng.binomial(4, 0.1, 800), np.full(800, 4)
    interval = metrics.bootstrap_interval(errors, words, rng=np.random.default_rng(3))
    assert interval == metrics.bootstrap_interval(errors, words, rng=np.random.default_rng(3))
    half = 1.96 * np.std(errors / 4, ddof=1) / np.sqrt(800)
    assert interval == pytest.approx((errors.mean() / 4 - half, errors.mean() / 4 + half), abs=0.1 * half)


def test_bootstrap_equals_scipy_for_a_mean():
    values = np.random.default_rng(4).normal(size=60)
    oracle = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=9999, rng=np.random.default_rng(5))
    ours = metrics.bootstrap_interval(values, n_resamples=9999, rng=np.random.default_rng(6))
    assert ours == pytest.approx(tuple(oracle.confidence_interval), abs=0.02)


def test_bootstrap_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(200):
        words = rng.integers(1, 7, 150)
        low, high = metrics.bootstrap_interval(rng.binomial(words, 0.2), words, n_resamples=400, rng=rng)
        hits += low <= 0.2 <= high
    assert 0.90 <= hits / 200 <= 0.99


def test_clusters_widen_the_interval_where_speakers_differ():
    rng = np.random.default_rng(8)
    speakers = np.repeat(np.arange(12), 50)
    correct = rng.random(600) < rng.uniform(0.4, 1.0, 12)[speakers]
    by_clip = metrics.bootstrap_interval(correct, rng=np.random.default_rng(0))
    by_speaker = metrics.bootstrap_interval(correct, clusters=speakers, rng=np.random.default_rng(0))
    assert np.diff(by_speaker) > 2 * np.diff(by_clip)


def test_mcnemar_is_the_exact_binomial_test():
    rng = np.random.default_rng(9)
    a, b = rng.random((2, 200)) < [[0.8], [0.7]]
    outcome = metrics.mcnemar_test(a, b)
    assert outcome.only_a - outcome.only_b == a.sum() - b.sum()
    fewer, n = min(outcome[:2]), outcome.only_a + outcome.only_b
    assert outcome.p_value == pytest.approx(min(1, 2 * stats.binom.cdf(fewer, n, 0.5)))
    assert metrics.mcnemar_test(a, a).p_value == 1.0


@pytest.mark.parametrize("decimals", [1, 8])
def test_det_and_equal_error_rate_equal_sklearn(decimals):
    rng = np.random.default_rng(10)
    for n in (5, 40, 1000):
        labels = np.r_[True, False, rng.random(n) < 0.3]
        scores = np.round(rng.normal(size=n + 2) + 1.3 * labels, decimals)
        false_alarm, miss, threshold = metrics.det_curve(scores, labels)
        oracle_fpr, oracle_tpr, oracle_threshold = sk.roc_curve(labels, scores, drop_intermediate=False)
        np.testing.assert_allclose(false_alarm, oracle_fpr)
        np.testing.assert_allclose(1 - miss, oracle_tpr)
        np.testing.assert_array_equal(threshold, oracle_threshold)
        rate = metrics.equal_error_rate(scores, labels)
        on_curve = np.abs(np.interp(rate, oracle_fpr, oracle_tpr) - (1 - rate)) < 1e-9
        on_vertical_piece = np.any(np.isclose(oracle_fpr, rate)) and (
            oracle_tpr[np.isclose(oracle_fpr, rate)].min() - 1e-9
            <= 1 - rate
            <= oracle_tpr[np.isclose(oracle_fpr, rate)].max() + 1e-9
        )
        assert on_curve or on_vertical_piece


def test_equal_error_rate_at_the_ends():
    labels = [True, True, False, False]
    assert metrics.equal_error_rate([4, 3, 2, 1], labels) == 0.0
    assert metrics.equal_error_rate([1, 2, 3, 4], labels) == 1.0
    assert metrics.equal_error_rate([1, 1, 1, 1], labels) == 0.5


def test_calibration_sees_confidence_that_is_right_and_confidence_that_is_not():
    rng = np.random.default_rng(11)
    confidence = rng.random(20000)
    correct = rng.random(20000) < confidence
    assert metrics.expected_calibration_error(confidence, correct) < 0.015
    assert metrics.expected_calibration_error(confidence, rng.random(20000) < 0.5) > 0.2
    stated, share, count = metrics.calibration_curve(np.r_[confidence, 1.0], np.r_[correct, True], n_bins=5)
    assert count.sum() == 20001
    np.testing.assert_allclose(stated, share, atol=0.03)


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_mean_interval_is_students(confidence):
    values = [0.6, 0.8, 0.7, 0.9]
    mean, *interval = metrics.mean_interval(values, confidence=confidence)
    assert mean == pytest.approx(0.75)
    np.testing.assert_allclose(interval, stats.ttest_1samp(values, 0).confidence_interval(confidence), rtol=1e-9)
    with pytest.raises(ValueError, match="at least two values; got 1"):
        metrics.mean_interval([0.5])
