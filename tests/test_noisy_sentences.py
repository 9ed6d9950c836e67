"""The study of strings in noise: ratios as asked for, counts as jiwer counts, and a table that is completed."""

import itertools

import jiwer
import numpy as np
import pytest

from speechbook import bench, connected, connected_recipe, corpora, noisy_sentences, noisy_words
from speechbook._keras import keras
from speechbook.noise import measure_snr


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def said():
    digits = corpora.load_digits("voices")
    few = digits.where(speaker=digits.speakers[:2])
    return connected.utterances(few, [(1, 2), (3,)], snr_db=None, rng=rng())


@pytest.fixture(scope="module")
def places(said):
    noises = noisy_words.recordings([one.y for one in said], rng=rng(1), seconds=6.0)
    return {place[:3]: place[3] for place in noisy_sentences.heard_in(said, noises, rng=rng(2))}


def test_strings_are_in_noise_at_the_ratio_asked_for(said, places):
    assert all(len(y) == len(one.y) for sounds in places.values() for y, one in zip(sounds, said, strict=True))
    for noise in noisy_words.NOISES:
        for level in noisy_words.SNR_DB:
            sounds = places["none", noise, level]
            ratios = [measure_snr(one.y, y) for one, y in zip(said, sounds, strict=True)]
            np.testing.assert_allclose(ratios, level, atol=0.05)


def test_remedies_clean_the_very_scene_that_was_heard(said, places):
    for remedy in ("subtraction", "wiener"):
        for one, noisy, cleaned in zip(said, places["none", "white", 0.0], places[remedy, "white", 0.0], strict=True):
            assert measure_snr(one.y, cleaned) > measure_snr(one.y, noisy) + 2


def test_rooms_and_quiet_come_without_noise(said, places):
    for one, y in zip(said, places["none", "quiet", 0.0], strict=True):
        np.testing.assert_array_equal(one.y, y)
    rooms = [places["none", "room", rt60] for rt60 in noisy_sentences.RT60_SECONDS]
    assert not np.array_equal(rooms[0][0], rooms[-1][0])


def test_errors_are_counted_as_jiwer_counts_them(said):
    written = ["one three two", "nine"]
    words, errors, low, high = noisy_sentences.score(said, written)
    assert errors / words == pytest.approx(jiwer.wer([one.text for one in said], written))
    assert low <= errors / words <= high
    assert noisy_sentences.score(said, [one.text for one in said]) == (3, 0, 0.0, 0.0)


def test_the_command_completes_its_table(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(noisy_sentences, "RECIPE", connected_recipe.Recipe(batch_digits=2, n_digits=(1, 1)))
    monkeypatch.setattr(noisy_sentences, "N_STRINGS", 2)
    monkeypatch.setattr(noisy_words, "SNR_DB", (5.0,))
    monkeypatch.setattr(noisy_words, "SECONDS", 5.0)
    everything = corpora.load_digits("voices")
    asked = everything.unseen[0]
    known = next(name for name in everything.speakers if name not in everything.unseen)
    few = everything.where(speaker=[known, asked])
    monkeypatch.setattr(noisy_sentences.corpora, "load_digits", lambda: few)
    file = tmp_path / "table.csv"
    for _ in range(2):
        bench.main(["noisy-sentences", "--seeds", "0", "--steps", "1", "--file", str(file)])
        keras.utils.set_random_seed(0)
    rows = noisy_sentences.read(file)
    assert len(rows) == 2 * (1 + 3 + 4 * 3)
    assert {row.trained for row in rows} == {"clean", "noisy"}
    assert all(row.low <= row.word_errors / row.words <= row.high for row in rows)
    assert "wiener" in capsys.readouterr().out


def test_the_table_in_the_repository_is_complete():
    rows = noisy_sentences.read()
    measured = {(row.corpus, row.seed) for row in rows}
    assert measured == set(itertools.product(corpora.CORPORA, range(3)))
    for corpus, seed in measured:
        own = [row for row in rows if (row.corpus, row.seed) == (corpus, seed)]
        assert len(own) == len({row[:6] for row in own}) == 2 * (1 + 3 + 4 * 4 * 3)
        assert len({row.words for row in own}) == 1
        assert all(row.low <= row.word_errors / row.words <= row.high for row in own)
        assert max(row.cpu_seconds for row in own) <= 180
