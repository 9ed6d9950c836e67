"""A transducer on a causal ear: loss against the lattice, no look at the future, and the same words in any chunks."""

import numpy as np
import pytest
from scipy.special import log_softmax

from speechbook import (
    connected,
    connected_recipe,
    corpora,
    decoding,
    frontend,
    transducer,
    transducer_network,
    transducer_search,
    transducer_study,
)
from speechbook._keras import keras
from speechbook.live_transcriber import LiveTranscriber
from speechbook.streaming import chunks

import tensorflow as tf  # isort: skip

TARGETS = np.array([[1, 2, 0, 7], [3, 3, 1, 4], [0, 0, 0, 5], [2, 0, 0, 1]])
SCORES = 2 * np.random.default_rng(0).standard_normal((4, 7, 4, 5)).astype("float32")


def own(i):
    """Labels, and logits of the real part of one lattice of the batch."""
    labels = [k for k in TARGETS[i, :-1].tolist() if k]
    return labels, SCORES[i, : TARGETS[i, -1], : len(labels) + 1].astype(float)


def gradient(early):
    scores = tf.constant(SCORES)
    with tf.GradientTape() as tape:
        tape.watch(scores)
        loss = transducer_network.transducer_loss(TARGETS, scores, early)
    return loss.numpy(), tape.gradient(loss, scores).numpy()


def test_loss_and_gradient_equal_the_lattice_up_to_each_end():
    losses, slopes = gradient(0.0)
    for i in range(len(TARGETS)):
        labels, logits = own(i)
        log_probs = log_softmax(logits, axis=-1)
        assert losses[i] == pytest.approx(-transducer.transducer_log_likelihood(log_probs, labels), rel=1e-5)
        expected = np.zeros(SCORES.shape[1:])
        expected[: logits.shape[0], : logits.shape[1]] = transducer.transducer_gradient(log_probs, labels)
        np.testing.assert_allclose(slopes[i], expected, atol=1e-5)


def test_favoured_labels_leave_the_loss_and_count_more_in_the_gradient():
    (plain, _), (favoured, slopes) = gradient(0.0), gradient(0.5)
    np.testing.assert_allclose(plain, favoured, rtol=1e-6)
    labels, logits = own(1)
    log_probs = log_softmax(logits, axis=-1)
    occupation = transducer.transducer_occupation(log_probs, labels)
    write = np.pad(1.5 * occupation.write, ((0, 0), (0, 1)))
    moves = occupation.go_on[..., None] * np.eye(5)[0] + write[..., None] * np.eye(5)[[*labels, 0]]
    expected = np.exp(log_probs) * (occupation.go_on + write)[..., None] - moves
    np.testing.assert_allclose(slopes[1, :4], expected, atol=1e-5)


@pytest.fixture(scope="module")
def network():
    """A network that has not learnt anything, but is talkative."""
    keras.utils.set_random_seed(3)
    built = transducer_network.network()
    rng = np.random.default_rng(0)
    built.get_layer("last_label").set_weights([rng.normal(size=(11, 64))])
    for name in transducer_network.HEADS:
        weights, bias = built.get_layer(name).get_weights()
        built.get_layer(name).set_weights([3 * rng.normal(size=weights.shape), bias + 9 * (np.arange(11) == 0)])
    return built


@pytest.fixture(scope="module")
def sound():
    rng = np.random.default_rng(1)
    return 0.3 * rng.standard_normal(9000) * np.sin(np.arange(9000) / 600) ** 2


def test_the_future_changes_nothing(network):
    x = np.random.default_rng(0).uniform(-1, 1, (1, 80, 40)).astype("float32")
    y = np.concatenate([x[:, :41], np.random.default_rng(1).uniform(-1, 1, (1, 39, 40))], axis=1)
    labels = np.array([[4, 4]])
    one, other = (network([np.asarray(frames, "float32"), labels]) for frames in (x, y))
    for name in transducer_network.HEADS:
        np.testing.assert_allclose(one[name][:, :6], other[name][:, :6], atol=1e-5)
        assert np.abs(one[name][:, 6:] - other[name][:, 6:]).max() > 0.01


@pytest.mark.parametrize("size", [1, 79, 400, 20_000])
def test_chunks_of_any_size_give_the_words_of_the_whole_at_the_same_moments(network, sound, size):
    sound = sound[:3000] if size == 1 else sound
    (whole,) = transducer_network.read(network, [sound])
    written = transducer_search.transducer_greedy(whole.joiner, len(whole.joiner.encoded))
    assert len({word.label for word in written}) > 1
    stream = LiveTranscriber(network)
    for chunk in chunks(np.concatenate([sound, np.zeros(3200)]), size=size):
        stream.push(chunk)
    assert stream.labels == [word.label for word in written]
    assert stream.steps == len(whole.joiner.encoded)
    seconds = transducer_network.step_seconds([word.step for word in written])
    np.testing.assert_allclose([word.seconds for word in stream.words], seconds)
    assert connected.UNITS["words"].encode(" ".join(word.text for word in stream.words)) == stream.labels


def test_no_word_needs_more_sound_than_it_says(network, sound):
    stream, heard = LiveTranscriber(network), 0
    for chunk in chunks(sound, size=160):
        heard += len(chunk)
        assert all(heard - 160 < 8000 * word.seconds <= heard + 1e-6 for word in stream.push(chunk))


def test_ctc_is_read_as_it_comes(network, sound):
    (heard,) = transducer_network.read(network, [sound])
    written = transducer_network.ctc_written(heard.ctc)
    assert [word.label for word in written] == decoding.ctc_greedy(heard.ctc)
    assert all(heard.ctc[word.step].argmax() == word.label for word in written)
    np.testing.assert_allclose(np.exp(heard.ctc).sum(axis=1), 1)


def test_a_recording_is_read_alone_as_in_a_batch(network, sound):
    together = transducer_network.read(network, [sound, sound[:2500]])
    (alone,) = transducer_network.read(network, [sound[:2500]])
    np.testing.assert_allclose(together[1].joiner.lattice([3, 1]), alone.joiner.lattice([3, 1]), atol=1e-4)


@pytest.fixture(scope="module")
def voices():
    digits = corpora.load_digits("voices")
    return digits.where(speaker=digits.speakers[:2])


def test_batches_go_on_listening_after_the_end(voices):
    recipe = connected_recipe.Recipe(n_digits=(2, 2), batch_digits=16)
    stream = transducer_network.live_batches(
        [connected_recipe.Shelf(voices)], recipe=recipe, rng=np.random.default_rng(0)
    )
    (x, labels), targets = next(stream)
    assert x.shape[0] == len(labels) == 8
    assert labels.shape[1] == 2
    assert (labels > 0).all()
    for name in transducer_network.HEADS:
        np.testing.assert_array_equal(targets[name][:, :-1], labels)
        assert (targets[name][:, -1] <= x.shape[1] // 8).all()
    audible = (x > frontend.FLOOR).any(axis=2)
    last = x.shape[1] - audible[:, ::-1].argmax(axis=1)
    assert (8 * targets["ctc"][:, -1] - last >= 32).all()


def test_a_study_writes_a_row_for_every_way_of_the_heads_that_were_trained(voices, monkeypatch):
    monkeypatch.setattr(transducer_study, "N_STRINGS", 3)
    recipe = connected_recipe.Recipe(steps=1, batch_digits=4, n_digits=(1, 1))
    rows = transducer_study.study(voices, voices, fold="two", trained="CTC alone", seed=0, recipe=recipe)
    assert [row.way for row in rows] == ["CTC, greedy", "CTC, beam"]
    assert all(row.utterances == 3 and row.word_errors >= 0 and row.parameters > 50_000 for row in rows)
    assert "CTC, beam" in transducer_study.table(rows)


def test_delays_are_those_of_strings_without_error():
    said = [
        connected.Utterance(np.zeros(1), 8000, (9, 5), np.array([[0.1, 0.5], [0.6, 0.9]]), "ann"),
        connected.Utterance(np.zeros(1), 8000, (9,), np.array([[0.1, 0.5]]), "ann"),
    ]
    words = [transducer_search.Written(10, 6), transducer_search.Written(6, 11)]
    np.testing.assert_allclose(transducer_study.delays(said, [words, words]), [0.005, 0.005])
    assert transducer_study.delays(said[1:], [words]).shape == (0,)
