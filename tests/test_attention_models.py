"""The comparison of attention with CTC: what is counted, what is kept, and a run of two steps."""

import numpy as np

from speechbook import attention_models, attention_readers, bench, connected, corpora
from speechbook.connected_recipe import Recipe
from speechbook.digits import DIGIT_NAMES


def said(*strings):
    return [connected.Utterance(np.zeros(1), 8000, string, np.zeros((len(string), 2)), "ann") for string in strings]


def row(**changed):
    facts = ("fsdd", "theo", 1.0, "attention", 0, 600, "1-6", "greedy", 300, 9, 1000, 100, 60, 20, 0.08, 0.12, 5, 1)
    return attention_models.Row(*facts, 150_000, 50.0, "a, b")._replace(**changed)


def test_loops_and_early_stops_are_counted_apart():
    heard = ["five", "five five five five five", "nine", "one two"]
    counts = attention_models.score(said((5, 1, 2), (5, 5), (9,), (1, 3)), heard)
    assert (counts["words"], counts["word_errors"], counts["wrong"]) == (8, 6, 3)
    assert (counts["left_out"], counts["put_in"], counts["cut_short"], counts["run_on"]) == (2, 3, 1, 1)
    assert counts["low"] <= 6 / 8 <= counts["high"]


def test_a_share_is_of_the_voices_or_of_each_person_s_takes(monkeypatch):
    voices = corpora.load_digits("voices")
    quarter = attention_models.part(voices, 0.25)
    assert set(quarter.speakers) < set(voices.speakers)
    assert len(quarter) == 11 * 50
    monkeypatch.setattr(attention_models, "VOICES", "some other corpus")
    half = attention_models.part(voices, 0.5)
    assert set(half.speakers) == set(voices.speakers)
    assert {0, 2} <= set(half.take.tolist()) < set(voices.take.tolist())


def test_the_table_is_read_as_it_was_written_and_laid_out(tmp_path):
    rows = [row(), row(strings="8-12", word_errors=700), row(network="CTC, GRU", word_errors=50), row(share=0.25)]
    rows += [row(seed=1, word_errors=130, high=0.15), row(seed=2, word_errors=90, low=0.07)]
    attention_models.write(rows, tmp_path / "table.csv")
    assert attention_models.read(tmp_path / "table.csv") == rows
    shown = attention_models.table(rows, corpus="fsdd", fold="theo").splitlines()
    assert len(shown) == 3
    assert shown[1].split() == ["CTC,", "GRU", "greedy", "5.0", "(8.0", "-", "12.0)", "150,000", "50", "1"]
    assert shown[2].split()[:6] == ["attention", "greedy", "10.7", "(7.0", "-", "15.0)"]
    assert shown[2].split()[6:] == ["70.0", "(8.0", "-", "12.0)", "150,000", "50", "3"]
    by_seed = attention_models.rates(rows, network="attention", strings="1-6", share=1)
    np.testing.assert_allclose(by_seed, [0.1, 0.13, 0.09])


def test_a_study_goes_on_where_it_stopped(tmp_path, monkeypatch, capsys):
    """Networks that always answer "five", so that nothing need be trained."""
    few = corpora.load_digits("voices")
    answers = attention_readers.Trained(lambda seen: {"greedy": ["five"] * len(seen)}, 7)
    monkeypatch.setattr(attention_models.corpora, "load_digits", lambda *_: few)
    monkeypatch.setattr(attention_models, "trained_reader", lambda network, stream, recipe: answers)
    monkeypatch.setattr(attention_models, "STRINGS", {"1-6": (8, (1, 6)), "8-12": (2, (8, 12))})
    file = tmp_path / "table.csv"
    how = ["attention-models", "--file", str(file), "--steps", "2", "--shares", "0.25", "--networks"]
    for _ in range(2):
        bench.main([*how, "attention"])
    rows = attention_models.read(file)
    assert capsys.readouterr().out.count(" s, {") == 1
    assert [(one.network, one.strings) for one in rows] == [("attention", name) for name in ("1-6", "1-4", "8-12")]
    assert {(one.steps, one.share, one.parameters, one.corpus) for one in rows} == {(2, 0.25, 7, "voices")}
    assert rows[2].cut_short == 2


def test_a_network_with_both_heads_reads_in_four_ways(monkeypatch):
    monkeypatch.setattr(attention_readers, "train", lambda *_, **__: None)
    trained = attention_readers.trained_reader("attention and CTC", [], recipe=Recipe())
    written = trained.reads([np.zeros((48, 40), np.float32)])
    assert [*written] == ["greedy", "beam", "beam, judged by CTC", "CTC alone"]
    assert all(set(text.split()) <= set(DIGIT_NAMES) for texts in written.values() for text in texts)


def test_the_networks_of_the_table_have_about_equally_many_weights():
    counts = {row.network: row.parameters for row in attention_models.read()}
    assert set(counts) == set(attention_readers.NETWORKS)
    assert max(counts.values()) < 1.1 * min(counts.values())
