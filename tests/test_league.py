"""The league: everybody learns, the tables hold everybody on every split, and mistakes are named."""

from functools import cache

import numpy as np
import pytest
from scipy import stats

from speechbook import bench, connected_digits, corpora, league, peers, string_league, string_peers
from speechbook.league import Division, Row
from speechbook.recipe import Recipe
from speechbook.sequence_models import log_probs

QUICK = Recipe(steps=80, batch_size=16, peak_rate=1e-2, synthetic_share=0.0, variation=None, average=0.0, n_frames=60)
SPEAKERS = ("festival-kal", "flite-slt", "espeak-gb-f1", "espeak-gb-f3")


@cache
def voices(name="voices"):
    return corpora.load_digits("voices").where(speaker=SPEAKERS, take=(0, 1, 2))


@pytest.fixture
def small(monkeypatch):
    """Make the book's own recogniser small, and its training short."""
    build, learn = peers.models.digit_recogniser, peers.ours
    sizes = {"filters": (6, 8, 8), "band_filters": 16, "units": 8}
    monkeypatch.setattr(peers.models, "digit_recogniser", lambda: build(**sizes))
    own = peers.COMPETITORS["ours"]._replace(learn=lambda train, **how: learn(train, settings=QUICK, **how))
    monkeypatch.setitem(peers.COMPETITORS, "ours", own)


@pytest.mark.parametrize("name", peers.COMPETITORS)
def test_everybody_learns(name, small):
    train, test = voices().official_split()
    trained = peers.competitor(name).learn(train)
    answers = trained.answer(test.clips)
    right = int((answers == test.digit).sum())
    chance = stats.binomtest(right, len(test), 0.1, alternative="greater").pvalue
    assert right == len(test) // 10 if name == "most-frequent" else chance < 0.01, right
    np.testing.assert_array_equal(trained.answer(test.clips[:3]), answers[:3])
    assert 0 < 4 * trained.parameters <= trained.bytes <= 8 * trained.parameters


def test_a_seed_decides_everything():
    train, test = voices().official_split()
    first, again = (peers.competitor("forest").learn(train, seed=3).answer(test.clips) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_what_is_stored_is_counted():
    train, _ = voices().official_split()
    n = len(train)
    assert peers.competitor("nearest").learn(train).parameters == 260 * n + n + 2 * 260
    assert peers.competitor("markov").learn(train).parameters == 80 * 2 * (2 * 26 + 1) + 80


def test_whoever_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"no competitor 'deep'; there are most-frequent, .*, ours"):
        peers.competitor("deep")
    with pytest.raises(ValueError, match=r"nobody called 'deep' reads strings; there are markov, example, ours"):
        string_peers.reader("deep")
    with pytest.raises(ValueError, match=r"no split 'easy'; there are unseen, official"):
        list(league.divisions(voices(), "easy"))


def row(name, speaker, right, *, split="unseen", seed=0, corpus="fsdd"):
    right = np.array(right, bool)
    counts = len(right), int(right.sum()), league.packed(right)
    return Row(corpus, split, speaker, speaker, name, seed, *counts, 100, 400, 2.0, 1.0, 0.1, "league", "")


def test_shares_average_seeds_within_speakers():
    rows = [row("svm", "ann", [1, 0]), row("svm", "ann", [1, 1], seed=1), row("svm", "bob", [0, 0])]
    assert league.by_speaker(rows, corpus="fsdd", competitor="svm") == {"ann": 0.75, "bob": 0.0}
    one = league.share(rows, corpus="fsdd", competitor="svm")
    t = stats.t.interval(0.95, 1, loc=0.375, scale=stats.sem([0.75, 0]))
    assert one.speakers == pytest.approx(t)
    assert one.clips == pytest.approx(tuple(stats.binomtest(3, 6).proportion_ci(method="wilson")))
    assert (one.mean, one.seeds) == (0.375, 2)


def test_pairs_are_made_of_the_same_clips_of_the_same_speakers():
    rows = [row("svm", "bob", [1, 1, 0]), row("svm", "ann", [0, 0, 0]), row("svm", "ann", [1, 1, 1], seed=1)]
    rows += [row("ours", "ann", [1, 1, 1]), row("ours", "bob", [0, 1, 1])]
    found = league.paired(rows, corpus="fsdd", competitor="svm")
    assert (found.outcome.only_a, found.outcome.only_b) == (1, 4)
    assert found.mean == pytest.approx(((0.5 - 1) + (2 / 3 - 2 / 3)) / 2)
    kept_no_answers = [one._replace(right="") if one.competitor == "ours" else one for one in rows]
    assert league.paired(kept_no_answers, corpus="fsdd", competitor="svm").outcome is None
    with pytest.raises(ValueError, match=r"other speakers: \{'bob'\}"):
        league.paired(rows[:-1], corpus="fsdd", competitor="svm")


def test_the_command_measures_what_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(league.corpora, "load_digits", voices)
    words, strings = tmp_path / "words.csv", tmp_path / "strings.csv"
    command = ["league", "--competitors", "svm", "most-frequent", "--file", str(words), "--strings", str(strings)]
    monkeypatch.setattr(league, "divisions", lambda digits, split: [Division(split, split, *digits.official_split())])
    bench.main(command)
    rows = league.read(words)
    assert {(r.split, r.competitor, r.speaker) for r in rows} == {
        (split, name, speaker) for split in league.SPLITS for name in command[2:4] for speaker in SPEAKERS
    }
    for one in rows:
        assert league.unpacked(one.right, one.clips).sum() == one.correct
        assert min(one.train_seconds, one.one_ms, one.hundred_ms) >= 0
    assert "most-frequent" in capsys.readouterr().out
    league.write(rows[:-4], words)
    bench.main(command)
    assert [r[:8] for r in league.read(words)] == [r[:8] for r in rows]
    assert string_league.read(strings) == []


def test_strings_are_those_of_the_study_and_are_read(monkeypatch):
    train, test = voices().official_split()
    monkeypatch.setitem(connected_digits.N_STRINGS, "random", 8)
    theirs = connected_digits._said(test)["random"]
    strings = string_peers.said(test)
    assert [one.numbers for one in strings] == [one.numbers for one in theirs]
    np.testing.assert_array_equal(strings[3].y, theirs[3].y)
    monkeypatch.setattr(string_peers, "SINGLES", 120)
    (markov,), losses = string_league.measure("markov", train, test, fold="official")
    assert losses == []
    assert (markov.utterances, markov.words) == (8, sum(len(one.numbers) for one in strings))
    assert markov.word_errors < 0.5 * markov.words


def test_the_example_is_trained_and_writes_letters(monkeypatch):
    train, test = voices().official_split()
    monkeypatch.setattr(string_peers, "N_TRAINING", 8)
    monkeypatch.setattr(string_peers, "SMALLER", {"filters": 2, "units": 4, "n_recurrent": 1})
    reader = string_peers.example(train, steps=2)
    strings = string_peers.utterances(test, [(1,), (2, 3)], rng=np.random.default_rng(0))
    assert list(reader.ways) == list(string_league.WAYS_OF_OURS[:2])
    texts = reader.ways["letters, greedy"](strings)
    assert [set(text) <= set("abcdefghijklmnopqrstuvwxyz ") for text in texts] == [True, True]
    assert reader.bytes == 4 * reader.parameters
    assert len(reader.losses) == 2


def test_a_compiled_network_says_the_same_of_any_length():
    network = string_peers.keras_example(n_bins=129, n_classes=17, filters=2, units=4, n_recurrent=1)
    rng = np.random.default_rng(0)
    pictures = [rng.normal(size=(n, 129)).astype(np.float32) for n in (40, 90)]
    found, wanted = (log_probs(one, pictures)["letters"] for one in (string_peers._Compiled(network), network))
    for ours, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_losses_are_kept_as_means_of_twenty_steps(tmp_path, monkeypatch):
    train, test = voices().official_split()
    monkeypatch.setattr(
        string_league, "said", lambda digits: string_peers.utterances(digits, [(1,)], rng=np.random.default_rng(0))
    )
    learnt = string_peers.Reader({"at once": lambda strings: ["one" for _ in strings]}, 7, 28, range(45))
    monkeypatch.setitem(string_peers.READERS, "markov", string_peers.Competitor("", lambda known, **how: learnt))
    (row,), losses = string_league.measure("markov", train, test, fold="official")
    assert (row.word_errors, row.parameters) == (0, 7)
    assert [(one.step, one.nats) for one in losses] == [(20, 9.5), (40, 29.5)]
    string_league.complete(voices(), names=["markov"], folds=["official"], file=tmp_path / "strings.csv")
    assert string_league.LOSSES.read(tmp_path / "league_losses.csv") == losses


def test_rates_over_folds():
    same = (300, 30, 1000)
    rows = [
        string_league.Row("fsdd", fold, "markov", "loop", 0, *same, errors, 9, 72, 6.0, ms, ms, "league", "")
        for fold, errors, ms in (("official", 10, 3.0), ("ann", 100, np.nan), ("bob", 200, np.nan))
    ]
    one = string_league.rate(rows, corpus="fsdd", competitor="markov", way="loop")
    assert (one.mean, one.folds, one.one_ms) == (pytest.approx(0.15), {"ann": 0.1, "bob": 0.2}, 3.0)
    with pytest.raises(ValueError, match=r"not measured on fsdd, \['cem'\]"):
        string_league.rate(rows, corpus="fsdd", competitor="markov", way="loop", folds=["cem"])
    with pytest.raises(ValueError, match="any unseen speaker"):
        string_league.rate(rows[:1], corpus="fsdd", competitor="markov", way="loop")


@pytest.mark.parametrize(("corpus", "unseen", "official"), [("fsdd", 3000, 300), ("voices", 700, 420)])
def test_the_table_in_the_repository_is_complete(corpus, unseen, official):
    rows = [one for one in league.read() if one.corpus == corpus]
    for split, n in (("unseen", unseen), ("official", official)):
        names = league.measured(rows, corpus=corpus, split=split)
        assert set(names) == set(peers.COMPETITORS)
        for name in names:
            own = league.select(rows, competitor=name, split=split, seed=0)
            assert sum(one.clips for one in own) == n
            assert len({one.speaker for one in own}) == len(own)
            kept = [one for one in own if one.right]
            assert [int(league.unpacked(one.right, one.clips).sum()) for one in kept] == [one.correct for one in kept]
    assert "markov" in league.table(rows, corpus=corpus)


def test_strings_in_the_repository_can_be_compared():
    rows = [*string_league.read(), *string_league.known_already("fsdd")]
    for name in {one.competitor for one in rows}:
        own = [one for one in rows if one.competitor == name]
        assert {"official", "george", "yweweler"} <= {one.fold for one in own}
        for way in {one.way for one in own}:
            assert 0 < string_league.rate(rows, corpus="fsdd", competitor=name, way=way).mean <= 1.1
    assert {one.competitor for one in rows} == set(string_peers.READERS)
    heard = {name: {one.fold for one in rows if one.competitor == name} for name in string_peers.READERS}
    speakers = league.by_speaker(league.read(), corpus="fsdd", competitor="svm")
    assert heard["markov"] == heard["ours"] == {"official", *speakers}
    curves = {(one.fold, one.competitor): one for one in string_league.LOSSES.read()}
    assert {fold for fold, name in curves if name == "example"} == heard["example"]
    assert {one.step for one in curves.values()} == {string_peers.STEPS}
