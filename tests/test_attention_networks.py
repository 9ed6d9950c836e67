"""Encoders and decoders with attention: against Keras, brute force, and what padding must not change."""

import itertools

import numpy as np
import pytest

from speechbook import attend_and_spell, attention_networks, decoding, frontend, sequence_models, spelling_search
from speechbook._keras import keras
from speechbook.attend_and_spell import END, scribe, spelling_loss, teacher_forced
from speechbook.sequence_models import Head

SMALL = {"channels": (4, 6), "units": 5}
TINY = {**SMALL, "memory": 6}


def pictures(*lengths):
    return [np.random.default_rng(n).uniform(-0.9, 1, size=(n, 40)).astype("float32") for n in lengths]


def unsettled(network):
    """Move every weight away from its neutral start, so that nothing is hidden by a zero or a one."""
    rng = np.random.default_rng(0)
    for weight in network.trainable_variables:
        weight.assign_add(0.2 * rng.standard_normal(weight.shape))
    return network


@pytest.mark.parametrize("kind", attention_networks.ENCODERS)
def test_silence_that_fills_a_batch_changes_nothing(kind):
    keras.utils.set_random_seed(0)
    network = unsettled(attention_networks.encoder(kind))
    (picture,) = pictures(61)
    alone, filled = (
        network(np.pad(picture[None], ((0, 0), (0, n), (0, 0)), constant_values=frontend.FLOOR)) for n in (3, 99)
    )
    assert np.array(filled["real"]).sum() == np.array(alone["real"]).sum() == 16
    np.testing.assert_allclose(filled["heard"][:, :16], alone["heard"], atol=1e-5)


@pytest.mark.parametrize("kind", ["transformer", "conformer"])
def test_every_step_sees_the_first_frame(kind):
    network = unsettled(attention_networks.encoder(kind))
    (picture,) = pictures(400)
    other = picture.copy()
    other[0] *= -1
    moved = np.abs(np.subtract(network(picture[None])["heard"], network(other[None])["heard"]))[0].max(axis=1)
    assert (moved > 1e-7).all()


def test_without_positions_attention_and_feed_forward_know_no_order():
    steps, real = keras.Input((None, 8)), keras.ops.ones((1, 9), bool)
    bag = unsettled(
        keras.Model(steps, steps + attention_networks.attend(steps, real) + attention_networks.feed_forward(steps))
    )
    x, order = np.random.default_rng(0).standard_normal((1, 9, 8)).astype("float32"), np.arange(9)[::-1]
    np.testing.assert_allclose(np.array(bag(x))[:, order], bag(x[:, order]), atol=1e-5)
    placed = np.array(attention_networks.Positions()(x))
    assert np.abs(placed[:, order] - np.array(attention_networks.Positions()(x[:, order]))).max() > 0.1


def test_position_codes_keep_distances_and_refuse_odd_widths():
    codes = attention_networks.position_codes(200, 16).astype(float)
    assert codes[3] @ codes[10] == pytest.approx(codes[150] @ codes[157], abs=1e-3)
    with pytest.raises(ValueError, match="even"):
        attention_networks.position_codes(5, 7)


def test_the_convolution_of_a_conformer_block_sees_its_neighbours_only():
    steps = keras.Input((41, 8))
    part = unsettled(keras.Model(steps, attention_networks.convolve(steps, keras.ops.ones((1, 41), bool))))
    x = np.random.default_rng(0).standard_normal((1, 41, 8)).astype("float32")
    other = x.copy()
    other[0, 20] += np.arange(8)
    moved = np.abs(np.subtract(part(x), part(other)))[0].max(axis=1) > 1e-6
    assert np.flatnonzero(moved).tolist() == list(range(13, 28))


def test_unknown_encoders_and_heads_are_refused():
    with pytest.raises(ValueError, match="local, bigru, transformer, conformer"):
        attention_networks.encoder("lstm")
    with pytest.raises(ValueError, match="one output a step"):
        attention_networks.ctc_reader(attention_networks.encoder("bigru", **SMALL), {"letters": Head(17, 2)})


def additive(question, labels, values, v):
    scores = np.tanh(question[:, None] + labels) @ v
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return np.einsum("bt,btd->bd", weights, values), weights


def test_one_look_is_additive_attention_over_the_real_steps():
    model = scribe(7, n_symbols=3, **TINY)
    unsettled(model.network)
    heard = np.random.default_rng(0).standard_normal((2, 9, 10)).astype("float32")
    real = np.arange(9) < np.array([[9], [6]])
    memory, state = model.speller.begin(heard, real)
    _, weights, (hidden, seen) = model.speller.step(np.array([0, 3]), state, memory)
    v = keras.ops.convert_to_numpy(model.speller.compare.scale)
    for i, n in enumerate((9, 6)):
        question, labels = np.array(model.speller.question(hidden))[i : i + 1], np.array(memory[1])[i : i + 1, :n]
        ours, looks = additive(question, labels, heard[i : i + 1, :n], v)
        np.testing.assert_allclose(weights[i, :n], looks[0], atol=1e-5)
        np.testing.assert_allclose(seen[i], ours[0], atol=1e-5)
    assert np.array(weights)[1, 6:].max() < 1e-6


def test_teacher_forcing_gives_the_loss_of_the_very_sentence():
    model = scribe(5, n_symbols=4, **TINY)
    unsettled(model.network)
    (picture,) = pictures(48)
    given, wanted = teacher_forced([[2, 4]], n_symbols=4)
    scores = model.network({"frames": picture[None], "given": given})["spelling"]
    found = spelling_search.beam(model, [picture], beam_width=30, max_symbols=2)[0]
    assert dict((tuple(own), score) for own, score in found)[2, 4] == pytest.approx(
        -float(spelling_loss(wanted, scores)[0]), abs=1e-4
    )
    with pytest.raises(ValueError, match="n_symbols=2"):
        teacher_forced([[2, 4]], n_symbols=2)


def test_what_stands_after_the_end_costs_nothing():
    scores = np.random.default_rng(0).standard_normal((1, 4, 5)).astype("float32")
    other = scores.copy()
    other[0, 3] += np.arange(5)
    wanted = np.array([[2, 4, END, END]])
    assert float(spelling_loss(wanted, scores)[0]) == float(spelling_loss(wanted, other)[0])
    log_p = scores[0] - np.logaddexp.reduce(scores[0], axis=1, keepdims=True)
    assert float(spelling_loss(wanted, scores)[0]) == pytest.approx(
        -(log_p[0, 2] + log_p[1, 4] + log_p[2, 0]), rel=1e-5
    )


def random_decoder(n_classes, seed):
    """A decoder that remembers the last two symbols, as a table."""
    raw = 2 * np.random.default_rng(seed).standard_normal((n_classes, n_classes, n_classes))
    table = raw - np.logaddexp.reduce(raw, axis=-1, keepdims=True)
    return table, lambda last, state: (table[np.asarray(state, int)[:, 0], last], last[:, None].astype(float))


@pytest.mark.parametrize("bonus", [0.0, 0.7])
def test_a_wide_beam_finds_what_trying_everything_finds(bonus):
    for seed in range(5):
        table, step = random_decoder(4, seed)

        def score(own, table=table):
            path = [END, END, *own, END]
            return sum(table[path[i : i + 3][0], path[i + 1], path[i + 2]] for i in range(len(path) - 2))

        every = [own for n in range(5) for own in itertools.product(range(1, 4), repeat=n)]
        best = max(every, key=lambda own: score(own) + bonus * len(own))
        found = spelling_search.beam_search(step, np.zeros((1, 1)), beam_width=200, max_symbols=4, length_bonus=bonus)
        assert found[0][0] == list(best)
        assert found[0][1] == pytest.approx(score(best) + bonus * len(best))


def test_greedy_reading_is_a_beam_of_one_that_never_looks_back():
    keras.utils.set_random_seed(3)
    model = scribe(6, n_symbols=4, **TINY)
    unsettled(model.network)
    seen = pictures(90, 33, 61)
    together = spelling_search.greedy(model, seen, max_symbols=5)
    for picture, one in zip(seen, together, strict=True):
        alone = spelling_search.greedy(model, [picture], max_symbols=5)[0]
        assert alone.labels == one.labels
        assert alone.score == pytest.approx(one.score, abs=1e-4)
        assert one.weights.shape == (len(one.labels) + 1, -(-len(picture) // 4))
        np.testing.assert_allclose(one.weights.sum(axis=1), 1, atol=1e-4)
        best = spelling_search.beam(model, [picture], max_symbols=5, beam_width=50)[0][0]
        assert best[1] >= one.score - 1e-4 or not one.ended
    with pytest.raises(ValueError, match="no pictures"):
        spelling_search.greedy(model, [])


def test_a_ctc_head_can_overrule_a_decoder_that_repeats_itself():
    heard = np.log(np.eye(11)[[0, 6, 0, 6, 0, 3, 0]] + 1e-6)
    found = [([6, 6, 6, 3], -0.1), ([6, 6, 3], -1.0), ([6, 3], -0.5)]
    judged = spelling_search.judge_by_ctc(found, heard)
    assert judged[0][0] == [6, 6, 3]
    assert judged[0][1] == pytest.approx(0.7 * -1.0 + 0.3 * decoding.ctc_log_likelihood(heard, [6, 6, 3]))
    assert spelling_search.judge_by_ctc(found, heard, weight=0)[0][0] == [6, 6, 6, 3]


def test_the_loss_falls_on_two_tones_and_every_weight_moves():
    keras.utils.set_random_seed(0)
    seen, texts = [], list(itertools.permutations((1, 2, 3), 2))
    for text in texts:
        picture = np.full((48, 40), frontend.FLOOR, np.float32)
        for start, tone in zip((8, 30), text, strict=True):
            picture[start : start + 10, 8 * tone : 8 * tone + 5] = 1
        seen.append(picture)
    model = scribe(4, n_symbols=3, **TINY)
    before = [keras.ops.convert_to_numpy(weight) for weight in model.network.trainable_variables]
    y = {"words": sequence_models.targets(texts, [48] * 6)}
    batch = next(attend_and_spell.batches([(sequence_models.pad(seen), y)], n_symbols=3))
    how = {"losses": {"spelling": spelling_loss}, "peak_rate": 0.02, "progress": False}
    history = sequence_models.train(model.network, [batch] * 40, steps=40, **how)
    after = model.network.trainable_variables
    assert all(
        np.abs(np.subtract(a, b)).max() > 1e-6
        for a, b in zip(map(keras.ops.convert_to_numpy, after), before, strict=True)
    )
    assert np.mean(history["spelling"][-5:]) < 0.8 * history["spelling"][0]
    with pytest.raises(ValueError, match="with_ctc=True"):
        model.ctc()
