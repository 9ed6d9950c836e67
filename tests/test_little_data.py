"""The study of little data: its draws, its table, what it learns from, and that it goes on where it stopped."""

import itertools
from functools import cache

import numpy as np
import pytest

from speechbook import bench, corpora, little_data
from speechbook._few_labels import Learner, Pictures
from speechbook.little_data import Row


@cache
def few_voices(name="voices"):
    return corpora.load_digits("voices")[::7]


def row(way="zero", labels=10, *, threshold=0.0, seed=0, correct=300, known=90, corpus="fsdd"):
    return Row(corpus, way, labels, threshold, seed, correct, 1000, known, 200, 0, 0, 1.5)


@pytest.fixture
def fast(monkeypatch):
    """Leave the trainings out: what is learnt is not looked at here."""
    fitted = []

    def fit(self, pictures, rows, labels, *, steps, varied=True):
        fitted.append((len(rows), steps, varied, np.asarray(labels)))
        return np.zeros(steps)

    monkeypatch.setattr(Learner, "fit", fit)
    return fitted


def test_rows_survive_the_file(tmp_path):
    rows = [row(), row("pseudo", 50, threshold=0.7, seed=2)]
    little_data.write(rows, tmp_path / "table.csv")
    assert little_data.read(tmp_path / "table.csv") == rows


def test_draws_are_nested_and_hold_every_digit_equally():
    digit = np.random.default_rng(0).permutation(np.repeat(range(10), 30))
    draws = [little_data.nested(digit, per_digit=n, seed=5) for n in little_data.PER_DIGIT[:5]]
    for n, small, large in zip(little_data.PER_DIGIT, draws, draws[1:], strict=False):
        assert set(small) < set(large)
        assert np.bincount(digit[small]).tolist() == [n] * 10
    assert set(draws[0]) != set(little_data.nested(digit, per_digit=1, seed=6))


def test_nobody_is_known_and_unseen_and_no_clip_is_learnt_and_tested():
    pool, known, unseen = little_data.divide(corpora.load_digits("voices"))
    assert not set(pool.speaker) & set(unseen.speaker)
    assert set(known.speaker) == set(pool.speaker)
    names = [set(zip(part.digit, part.speaker, part.take, strict=True)) for part in (pool, known)]
    assert not names[0] & names[1]


def test_a_curve_has_one_column_a_seed_and_says_on_whom():
    rows = [row(labels=20, seed=1, correct=500), row(labels=20, correct=400), row(seed=1, correct=310), row()]
    labels, shares = little_data.curve(rows, corpus="fsdd", way="zero")
    assert labels.tolist() == [10, 20]
    assert shares.tolist() == [[0.3, 0.31], [0.4, 0.5]]
    assert little_data.curve(rows, known=True, way="zero")[1][0, 0] == 0.45
    with pytest.raises(ValueError, match=r"not everything .*active"):
        little_data.curve(rows, way="active")
    with pytest.raises(ValueError, match="not everything"):
        little_data.curve(rows[1:], way="zero")


def test_the_table_leaves_gaps_where_a_way_has_no_such_size():
    rows = [row(), row(labels=20, correct=500), row("active", 20, correct=600), row("pseudo", 10, threshold=0.7)]
    lines = little_data.table([*rows, row("pseudo", 10, threshold=0.9, correct=999)], corpus="fsdd").splitlines()
    assert [line.split()[1:] for line in lines] == [["10", "20"], ["30.0", "50.0"], ["30.0"], ["60.0"]]


def test_starting_again_forgets_everything_that_was_learnt():
    voices = few_voices()[:40]
    pictures, learner = Pictures(voices, copies=1), Learner(n_classes=10)
    before = learner.probabilities(pictures.plain)
    first = learner.fit(pictures, np.arange(40), voices.digit, steps=3)
    assert np.abs(learner.probabilities(pictures.plain) - before).max() > 1e-3
    learner.reset()
    np.testing.assert_allclose(learner.probabilities(pictures.plain), before, atol=1e-6)
    np.testing.assert_allclose(learner.fit(pictures, np.arange(40), voices.digit, steps=3), first, rtol=1e-4)


def test_varied_pictures_keep_the_plain_ones_apart():
    pictures = Pictures(few_voices()[:12], copies=3)
    rows, rng = np.arange(12), np.random.default_rng(0)
    np.testing.assert_array_equal(pictures.pick(rows, rng, varied=False), pictures.plain)
    assert (np.abs(pictures.pick(rows, rng) - pictures.plain).mean(axis=(1, 2)) > 0.01).all()
    x, lengths = pictures.draw(rng)
    assert all(
        (one[length:] == -1).all() and (one[length - 1] > -1).any() for one, length in zip(x, lengths, strict=True)
    )


def test_pseudo_labels_are_kept_from_the_threshold_on(fast, monkeypatch):
    study = little_data.Study(few_voices(), other=None)
    sure = np.linspace(0.01, 1, len(study.pool))

    def probabilities(self, x):
        chances = np.zeros((len(x), 10))
        chances[:, 3] = sure[: len(x)]
        return chances

    monkeypatch.setattr(Learner, "probabilities", probabilities)
    answers, (kept, right) = study._answers("pseudo", 10, 0.5)
    rest = np.setdiff1d(np.arange(len(study.pool)), study.subset(10))
    assert kept == (sure[: len(rest)] >= 0.5).sum()
    assert right == (study.pool.digit[rest][sure[: len(rest)] >= 0.5] == 3).sum()
    assert fast[-1][0] == 10 + kept
    assert all((answer == 3).all() for answer in answers)


def test_the_machine_asks_where_two_answers_are_closest(fast, monkeypatch):
    study = little_data.Study(few_voices(), other=None)
    margins = np.random.default_rng(0).permutation(len(study.pool)) / len(study.pool)
    place = {picture.tobytes(): margin for picture, margin in zip(study.pictures.plain, margins, strict=True)}

    def probabilities(self, x):
        own = np.array([place.get(picture.tobytes(), 0.5) for picture in x])
        return np.c_[0.4 + own / 2, 0.4 - own / 2, np.zeros((len(x), 8))]

    monkeypatch.setattr(Learner, "probabilities", probabilities)
    asked = study._asked(20)
    new = np.setdiff1d(asked, study.subset(10))
    rest = np.setdiff1d(np.arange(len(study.pool)), study.subset(10))
    assert sorted(margins[new]) == sorted(margins[rest])[:10]


def test_the_command_measures_what_is_missing(fast, tmp_path, monkeypatch, capsys):
    few_voices()
    monkeypatch.setattr(little_data.corpora, "load_digits", few_voices)
    monkeypatch.setattr(little_data.corpora, "fsdd_path", lambda: None)
    monkeypatch.setattr(little_data, "PER_DIGIT", (1, 2))
    file = tmp_path / "table.csv"
    command = ["little-data", "--seeds", "0", "--file", str(file), "--ways", "zero", "active", "transfer"]
    bench.main(command)
    rows = little_data.read(file)
    size = len(little_data.divide(few_voices())[0])
    assert [(one.way, one.labels) for one in rows] == [("zero", 10), ("zero", 20), ("zero", size), ("active", 20)]
    assert not any(varied for _, _, varied, _ in fast[:3])
    trained = len(fast)
    bench.main(command)
    assert len(fast) == trained
    assert little_data.read(file) == rows
    assert "zero" in capsys.readouterr().out


def test_the_books_own_table_has_every_way_with_the_same_draws_on_both_corpora():
    rows = little_data.read()
    for corpus, way in itertools.product(corpora.CORPORA, little_data.WAYS):
        own = little_data.select(rows, corpus=corpus, way=way)
        keys = {(one.labels, one.threshold, one.seed) for one in own}
        assert {one.seed for one in own} == set(little_data.SEEDS)
        assert len(keys) == len(own) == len(little_data.SEEDS) * len({key[:2] for key in keys})
