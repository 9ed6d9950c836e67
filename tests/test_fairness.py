"""The study of fairness: who is in which group, that nobody is asked whom the network knows, and its table."""

from collections import Counter
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from speechbook import bench, corpora, fairness
from speechbook.group_weights import GroupWeights

FIRST_TAKES = 2


@cache
def voices():
    digits = corpora.load_digits("voices")
    return digits[(digits.take < FIRST_TAKES) & (digits.digit < 2)]


def test_kinds_of_voices():
    kinds = Counter(noted["kind"] for noted in fairness.facts(voices()).values())
    assert kinds == {"rules, low": 11, "rules, high": 14, "recorded, low": 11, "recorded, high": 6}


def test_people_are_no_kind():
    names = tuple(fairness.ACCENTS)
    noted = fairness.facts(SimpleNamespace(name="fsdd", speakers=names))
    assert [noted[name]["kind"] for name in names] == list(names)
    assert Counter(noted[name]["accent"] for name in names).most_common(1)[0][1] == 2


def test_group_weights_follow_the_losses():
    weights = GroupWeights(3, rate=0.5)
    losses, groups = [1.0, 3.0, 0.5], [0, 0, 2]
    expected = np.full(3, 1 / 3) * np.exp(0.5 * np.array([2.0, 0.0, 0.5]))
    np.testing.assert_allclose(weights.update(losses, groups), expected / expected.sum())
    for _ in range(200):
        weights.update([0.1, 0.1, 0.4], [0, 1, 2])
    assert weights.shares[2] > 0.99


@pytest.mark.parametrize(("losses", "groups"), [([1.0], [0, 1]), ([1.0], [2]), ([1.0], [-1]), ([[1.0]], [[0]])])
def test_group_weights_refuse_what_does_not_fit(losses, groups):
    with pytest.raises(ValueError, match="one loss and one group from 0 to 1"):
        GroupWeights(2).update(losses, groups)
    with pytest.raises(ValueError, match="at least 1"):
        GroupWeights(0)


def test_training_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="none, balanced, dro, warped"):
        fairness.train(np.zeros((2, 480)), [0, 1], ["a", "b"], remedy="prayer")
    with pytest.raises(ValueError, match="got 2 clips, 3 and 2"):
        fairness.train(np.zeros((2, 480)), [0, 1, 2], ["a", "b"])


@pytest.mark.parametrize("remedy", fairness.REMEDIES)
def test_every_remedy_learns_two_easy_words(remedy):
    rng = np.random.default_rng(0)
    y = np.arange(60) % 2
    x = rng.normal(size=(60, 480)) * 0.1 + np.where(y, 0.3, -0.3)[:, None]
    model = fairness.train(x, y, np.where(np.arange(60) < 6, "few", "many"), remedy=remedy, steps=25)
    assert (fairness.answers(model, x).argmax(axis=1) == y).mean() > 0.9


@pytest.fixture
def asked(monkeypatch):
    """Trainings are left out: what would be learnt from is noted, and every answer is zero."""
    seen = []

    def train(x, y, groups, *, remedy="none", seed=0):
        seen.append(x[:, 0].astype(int))
        return remedy

    monkeypatch.setattr(fairness, "train", train)
    monkeypatch.setattr(fairness, "answers", lambda model, x: np.eye(10)[np.zeros(len(x), int)])
    return seen


def places(digits):
    """Give inputs that say which clip they belong to."""
    return np.arange(len(digits))[:, None].repeat(480, axis=1)


@pytest.mark.parametrize("kind", fairness.MISSING)
@pytest.mark.parametrize("put_back", [0, 4])
def test_voices_of_a_kind_are_put_back_and_strangers_stay_strangers(asked, kind, put_back):
    digits = voices()
    noted = fairness.facts(digits)
    heard = fairness.kind_missing(digits, places(digits), kind=kind, put_back=put_back, seed=1)
    for rows in asked:
        learnt = set(digits.speaker[rows])
        assert len(learnt) == fairness.VOICES
        assert sum(kind in noted[name]["kind"] for name in learnt) == put_back
        folds = [name for name, members in digits.groups.items() if learnt & set(members)]
        assert len(folds) <= 4
    assert {kind in noted[name]["kind"] for name in digits.speaker[heard >= 0]} == {True}
    assert set(digits.speaker[heard >= 0]) == {name for name in noted if kind in noted[name]["kind"]}


def test_every_speaker_is_held_out_once(asked):
    digits = voices()
    kinds = {name: noted["kind"] for name, noted in fairness.facts(digits).items()}
    found = fairness.by_fold(digits, places(digits), kinds)
    assert found.shape == (len(digits), 10)
    counts = sum(np.bincount(rows, minlength=len(digits)) for rows in asked)
    assert set(counts) == {5}


def test_the_command_goes_on_where_it_stopped(tmp_path, monkeypatch, asked):
    digits = voices()
    monkeypatch.setattr(fairness.corpora, "load_digits", lambda name=None: digits)
    monkeypatch.setattr(fairness, "pictures", places)
    monkeypatch.setattr(fairness.keras.backend, "clear_session", lambda: None)  # slow where many networks are alive
    file = tmp_path / "table.csv"
    bench.main(["fairness", "--seeds", "0", "--file", str(file)])
    rows = fairness.read(file)
    runs = {row[:4] for row in rows}
    assert len(runs) == len(fairness.REMEDIES) + len(fairness.MISSING) * len(fairness.PUT_BACK)
    assert {row.clips for row in rows} == {2 * FIRST_TAKES}
    assert {row.correct for row in rows} == {FIRST_TAKES}
    fairness.write([row for row in rows if row.remedy != "dro"], file)
    asked.clear()
    bench.main(["fairness", "--seeds", "0", "--file", str(file)])
    assert len(asked) == 6
    assert sorted(fairness.read(file)) == sorted(rows)


def test_the_table_in_the_repository_is_complete():
    rows = fairness.read()
    for corpus, speakers, clips in (("fsdd", 6, 500), ("voices", 42, 50)):
        for remedy in fairness.REMEDIES:
            for seed in fairness.SEEDS:
                own = [row for row in rows if row[:4] == (corpus, remedy, 0, seed)]
                assert len({row.speaker for row in own}) == len(own) == speakers
                assert {row.clips for row in own} == {clips}
    for kind in fairness.MISSING:
        for put_back in fairness.PUT_BACK:
            asked = {(r.seed, r.speaker) for r in rows if (r.remedy, r.setting) == (f"no {kind}", put_back)}
            assert len(asked) == 3 * {"low": 22, "high": 20, "recorded": 17}[kind]
