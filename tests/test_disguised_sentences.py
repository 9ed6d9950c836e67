import itertools

import numpy as np
import pytest

from speechbook import bench, connected_recipe, corpora, disguised_sentences
from speechbook.disguised_sentences import ALPHAS, TRAININGS, disguised


@pytest.fixture(scope="module")
def voices():
    return corpora.load_digits("voices")


def test_a_disguise_moves_the_voice_and_nothing_else(voices):
    some = voices[:4]
    hidden = disguised(some, alphas=[0.7])
    assert [len(y) for y in hidden.clips] == [len(y) for y in some.clips]
    assert (hidden.digit == some.digit).all()
    assert (hidden.speaker == some.speaker).all()
    for before, after in zip(some.clips, hidden.clips, strict=True):
        spectra = np.abs(np.fft.rfft([before, after]))
        assert np.corrcoef(spectra)[0, 1] < 0.9
        np.testing.assert_allclose(np.square(after).mean(), np.square(before).mean(), rtol=0.05)
    assert voices.clips[0] is some.clips[0]


def test_both_networks_read_the_same_strings_and_a_second_run_has_nothing_to_do(tmp_path, monkeypatch, capsys, voices):
    learned = []

    def learn(sources, *, recipe, seed, progress):
        learned.append((sources[0], recipe.steps))
        return connected_recipe.ctc_network(connected_recipe.HEADS), {}

    monkeypatch.setattr(disguised_sentences, "load_digits", lambda: voices.where(take=0))
    monkeypatch.setattr(disguised_sentences, "N_STRINGS", 3)
    monkeypatch.setattr(connected_recipe, "learn", learn)
    how = ["disguised-sentences", "--seeds", "0", "--steps", "7", "--file", str(tmp_path / "table.csv")]
    for _ in range(2):
        bench.main(how)
        rows = disguised_sentences.read(tmp_path / "table.csv")
        assert [(row.alpha, row.trained) for row in rows] == [(alpha, name) for alpha in ALPHAS for name in TRAININGS]
        assert {(row.strings, row.words) for row in rows} == {(3, rows[0].words)}
        assert [steps for _, steps in learned] == [7, 7]
        assert "disguised" in capsys.readouterr().out
    recorded, hidden = (source for source, _ in learned)
    changed = [not np.allclose(a, b, atol=1e-4) for a, b in zip(recorded.clips, hidden.clips, strict=True)]
    assert np.mean(changed) == pytest.approx(0.75, abs=0.05)


def test_the_table_of_the_book_holds_every_disguise_and_seed_on_both_corpora():
    rows = disguised_sentences.read()
    wanted = itertools.product(corpora.CORPORA, disguised_sentences.SEEDS, TRAININGS, ALPHAS)
    assert sorted(row[:4] for row in rows) == sorted(wanted)
    assert len({(row.corpus, row.words) for row in rows}) == len(corpora.CORPORA)
    assert all(row.low <= row.word_errors / row.words <= row.high for row in rows)
