"""The study of digit strings: counts as jiwer counts, tables that survive, and runs that are not repeated."""

import itertools

import jiwer
import numpy as np
import pytest
from scipy.stats import chi2

from speechbook import bench, connected, connected_digits, connected_recipe, connected_report, corpora
from speechbook._keras import keras


def said(*strings):
    return [connected.Utterance(np.zeros(1), 8000, string, np.zeros((len(string), 2)), "ann") for string in strings]


def row(**changed):
    facts = {"corpus": "fsdd", "fold": "ann", "seed": 0, "strings": "random", "way": "words, greedy", "utterances": 10}
    counts = {"wrong": 2, "words": 30, "word_errors": 3, "letters": 120, "letter_errors": 6, "parameters": 4}
    return connected_digits.Row(**{**facts, **counts, "cpu_seconds": 1.5, "how": "a, b"} | changed)


def test_errors_are_counted_as_jiwer_counts_them():
    utterances = said((1, 2, 3), (5, 5), (9,), (0, 8, 4, 4))
    written = ["one two three", "five", "nine nine", "zero ate four"]
    counts = connected_digits.score(utterances, written)
    texts = [one.text for one in utterances]
    assert counts["word_errors"] / counts["words"] == pytest.approx(jiwer.wer(texts, written))
    assert counts["letter_errors"] / counts["letters"] == pytest.approx(jiwer.cer(texts, written))
    assert (counts["utterances"], counts["wrong"]) == (4, 3)


def test_the_table_is_read_as_it_was_written(tmp_path):
    rows = [row(), row(fold="official", seed=2)]
    connected_digits.write(rows, tmp_path / "new" / "table.csv")
    assert connected_digits.read(tmp_path / "new" / "table.csv") == rows


def test_rates_pool_seeds_and_average_folds():
    rows = [row(), row(seed=1, word_errors=9), row(fold="bob", word_errors=0, wrong=0), row(fold="official", words=1)]
    found = connected_report.rate(rows, corpus="fsdd", strings="random", way="words, greedy")
    assert found.folds == {"ann": 0.2, "bob": 0.0}
    assert found.mean == pytest.approx(0.1)
    assert found.wrong == pytest.approx(0.1)
    assert found.seeds == 1
    official = connected_report.rate(rows, corpus="fsdd", strings="random", way="words, greedy", official=True)
    assert official.mean == 3
    with pytest.raises(ValueError, match="bench connected-digits"):
        connected_report.rate(rows, corpus="voices", strings="random", way="words, greedy")


def test_the_table_has_an_interval_only_for_several_strangers():
    rows = [row(fold="official"), row(), row(fold="bob", word_errors=6)]
    shown = [connected_report.table(part, corpus="fsdd", strings="random") for part in (rows, rows[:2], rows[:1])]
    low, high = (f"{100 * chi2.ppf(tail, degrees) / 60:.1f}" for tail, degrees in ((0.025, 6), (0.975, 8)))
    assert [text.splitlines()[1].split()[2:] for text in shown] == [
        ["10.0", f"{low}-{high}", "10.0", "20.0", "15.0", "10.0-20.0", "1"],
        ["10.0", f"{low}-{high}", "10.0", "10.0", "1"],
        ["10.0", f"{low}-{high}", "1"],
    ]


def test_letters_have_a_table_of_their_own_and_a_way_may_lack_a_fold():
    rows = [row(), row(seed=1), row(fold="bob", letter_errors=12), row(way="both together")]
    lines = connected_report.table(rows, corpus="fsdd", strings="random", unit="letters").splitlines()
    assert lines[0].split()[:2] == ["CER,", "%"]
    assert lines[1].split()[2:] == ["5.0", "10.0", "7.5", "5.0-10.0", "1-2"]
    assert lines[2].split()[2:] == ["5.0", "–", "1"]


def test_more_networks_of_the_same_strings_do_not_narrow_the_interval_of_known_speakers():
    which = {"corpus": "fsdd", "strings": "random", "way": "words, greedy", "official": True}
    one = connected_report.interval([row(fold="official")], **which)
    assert connected_report.interval([row(fold="official", seed=seed) for seed in range(3)], **which) == one


def test_a_speaker_read_by_more_networks_counts_no_more_than_others():
    which = {"corpus": "fsdd", "strings": "random", "way": "words, greedy"}
    rows = [row(), row(fold="bob", word_errors=9), row(fold="cid", word_errors=6)]
    again = [row(fold="bob", word_errors=9, seed=seed) for seed in (1, 2)]
    assert connected_report.interval([*rows, *again], **which) == connected_report.interval(rows, **which)


def test_the_commands_model_knows_the_grammar():
    model, _ = connected_digits.commands_model()
    after = model.distribution([1, 9])
    assert sum(after.values()) == pytest.approx(1)
    assert model.distribution([2, 2])[3] > 0.7
    commands = connected.dial_strings(20_000, rng=np.random.default_rng(7))
    ended = sum(command[-2:] == (0, 8) for command in commands)
    met = sum(pair == (0, 8) for command in commands for pair in itertools.pairwise(command))
    assert after["</s>"] == pytest.approx(ended / met, abs=0.02)


def test_a_run_fills_the_table_and_is_not_repeated(monkeypatch, tmp_path, capsys):
    tiny = connected_recipe.Recipe(steps=1, batch_digits=2, n_digits=(1, 1))
    monkeypatch.setattr(connected_digits, "RECIPE", tiny)
    monkeypatch.setattr(connected_digits, "N_STRINGS", {"random": 2, "commands": 2})
    monkeypatch.setenv("SPEECHBOOK_CORPUS", "voices")
    everything = corpora.load_digits("voices")
    few = everything.where(speaker=[everything.groups["fold 0"][0], everything.groups["fold 1"][0]])
    monkeypatch.setattr(connected_digits.corpora, "load_digits", lambda: few)
    file = tmp_path / "table.csv"
    for _ in range(2):
        keras.utils.set_random_seed(0)
        bench.main(["connected-digits", "--seeds", "1", "--folds", "fold 0", "--file", str(file)])
    rows = connected_digits.read(file)
    assert len(rows) == 6 + 2 + 6 + 3
    assert {one.strings for one in rows} == {"random", "commands"}
    assert "1 steps of 2 digits" in rows[0].how
    assert capsys.readouterr().out.count("seed 0, fold 0") == 1
