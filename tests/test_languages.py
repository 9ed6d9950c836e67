"""Words as phones, and the study of languages: its networks, its table, and that it goes on where it stopped."""

import keras
import numpy as np
import pytest

from speechbook import bench, corpora, languages, pronunciation
from speechbook.languages import Row


@pytest.fixture(scope="module")
def spoken():
    return corpora.load_languages()


def test_sounds_of_every_word_are_single_letters_with_their_marks(spoken):
    found = {sound for word in spoken.words.values() for sound in pronunciation.sounds(word.phones)}
    assert {"a", "tʃ", "ʈʰ", "œ̃", "ã", "n̩", "dʲ"} <= found
    assert not [sound for sound in found if "ː" in sound or " " in sound]
    assert pronunciation.sounds(["t", "s"]) == ("t", "s")
    assert pronunciation.sounds(["iou"]) == ("i", "o", "u")


@pytest.mark.parametrize("phones", [[], ["ː"], ["ʰ"]])
def test_phones_without_a_letter_are_refused(phones):
    with pytest.raises(ValueError, match="phone"):
        pronunciation.sounds(phones)


@pytest.mark.parametrize("parts", [1, 3, 6, 7])
def test_a_layout_agrees_with_many_small_steps(parts):
    word, sounds = ("s", "a", "b", "a"), ("a", "b", "s", "u")
    fine = 840
    steps = [sounds.index(word[i * len(word) // fine]) for i in range(fine)]
    brute = [np.bincount(part, minlength=4) / len(part) for part in np.split(np.array(steps), parts)]
    np.testing.assert_allclose(pronunciation.layout(word, sounds=sounds, parts=parts), np.transpose(brute), atol=1e-9)
    assert not pronunciation.layout(word, sounds=("x",), parts=parts).any()


def test_an_empty_word_has_no_layout():
    with pytest.raises(ValueError, match="at least one sound"):
        pronunciation.layout((), sounds=("a",), parts=2)


def test_the_network_computes_what_keras_computes():
    model, x = languages.network(20, seed=3), np.random.default_rng(0).random((5, 480))
    twin = keras.Sequential([keras.Input((480,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(20, "softmax")])
    twin.set_weights([value for layer in model.layers for value in layer.parameters.values()])
    np.testing.assert_allclose(languages.answers(model, x), twin(x - 1), atol=1e-6)
    np.testing.assert_allclose(languages.hidden(model, x), twin.layers[0](x - 1), atol=1e-5)


def test_learning_begins_with_another_network_and_leaves_it_alone():
    x, words = np.random.default_rng(1).random((8, 480)), np.arange(8) % 2
    start = languages.network(6, seed=9)
    before = start.layers[0].parameters["kernel"].copy()
    unmoved = languages.learn(x, words, n_words=2, steps=0, seed=0, start=start)
    moved = languages.learn(x, words, n_words=2, steps=3, seed=0, start=start)
    np.testing.assert_array_equal(unmoved.layers[0].parameters["kernel"], before)
    np.testing.assert_array_equal(start.layers[0].parameters["kernel"], before)
    assert not np.array_equal(moved.layers[0].parameters["kernel"], before)


def test_warped_pictures_follow_their_originals():
    class Unmoved:
        def uniform(self, low, high, size):
            return np.full(size, (low + high) / 2)

    x = np.random.default_rng(2).random((4, 480))
    np.testing.assert_allclose(languages.warped(x, copies=2, rng=Unmoved()), np.tile(x, (3, 1)), atol=1e-6)
    moved = languages.warped(x, copies=1, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(moved[:4], x)
    assert not np.allclose(moved[4:], x, atol=0.1)


def test_the_command_measures_what_is_missing(spoken, tmp_path, monkeypatch, capsys):
    few = spoken.where(speaker=("m1", "f2", "m5", "steph"))
    monkeypatch.setattr(languages.corpora, "load_languages", lambda: few)
    monkeypatch.setattr(languages, "VOICES", (2,))
    monkeypatch.setattr(languages, "EXAMPLES", (1,))
    file = tmp_path / "table.csv"
    options = ["--seeds", "0", "--held-out", "tr", "--steps", "20", "5", "--file", str(file)]
    bench.main(["languages", *options])
    rows = languages.read(file)
    assert len(rows) == 10 * 3 + 4 == len({row[:5] for row in rows})
    assert {row.clips for row in rows} == {20}
    assert {row.steps for row in rows} == {20, 2, 5, 0}
    assert "one for all" in capsys.readouterr().out
    languages.write(rows[:-1], file)
    trained = []
    monkeypatch.setattr(languages, "learn", lambda *a, learn=languages.learn, **k: trained.append(k) or learn(*a, **k))
    bench.main(["languages", *options])
    assert {k["n_words"] for k in trained} == {90, 10}
    assert {row[:8] for row in languages.read(file)} >= {row[:8] for row in rows}


def test_shares_average_languages_within_a_seed():
    row = Row("sharing", "one for all", "de", 2, 0, 600, 40, 30, 20, 1.0)
    rows = [row, row._replace(language="fr", correct=40), row._replace(seed=1, correct=20)]
    assert languages.shares(rows).tolist() == [0.875, 0.5]
    assert languages.shares(rows, column="language_correct", seed=1).tolist() == [0.5]
    with pytest.raises(ValueError, match="nothing was measured"):
        languages.shares(rows, language="xx")


def test_the_table_in_the_repository_is_complete():
    rows = languages.read()
    for voices in languages.VOICES:
        for remedy in (languages.ALL, languages.EACH_SAME, languages.EACH_MORE):
            own = [row for row in rows if (row.study, row.remedy, row.voices) == ("sharing", remedy, voices)]
            assert len(own) == 10 * len(languages.SEEDS)
    for remedy in (languages.PICTURE, languages.FROZEN, languages.ZERO, languages.TUNED):
        own = [row for row in rows if (row.study, row.remedy) == ("transfer", remedy)]
        assert len(own) == len(languages.HELD_OUT) * len(languages.EXAMPLES) * len(languages.SEEDS)
    assert len({row[:5] for row in rows}) == len(rows)
