"""Networks that write strings: loss against the lattice, lengths kept through padding, and a recipe that learns."""

import itertools

import numpy as np
import pytest

from speechbook import (
    augment,
    connected,
    connected_decoding,
    connected_recipe,
    corpora,
    ctc,
    ctc_networks,
    frontend,
    sequence_models,
    variations,
)
from speechbook._keras import keras
from speechbook.language import NGramModel

SMALL = {"channels": (4, 4, 4, 4)}


def log_softmax(scores):
    return scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)


def outputs(n_outputs, n_classes, seed=0):
    return log_softmax(3 * np.random.default_rng(seed).standard_normal((n_outputs, n_classes)))


def test_the_loss_agrees_with_the_lattice_up_to_each_end():
    scores = np.random.default_rng(0).standard_normal((3, 9, 5)).astype("float32")
    labels, n_frames = [[1, 2], [3], [4, 4, 1]], [36, 9, 21]
    losses = np.asarray(sequence_models.ctc_loss(sequence_models.targets(labels, n_frames), scores))
    for row, own, n, loss in zip(scores, labels, n_frames, losses, strict=True):
        rows = log_softmax(row[: -(-n // 4)].astype(float))
        assert loss == pytest.approx(-ctc.ctc_log_likelihood(rows, own), rel=1e-5)


def test_labels_that_do_not_fit_are_refused():
    assert sequence_models.targets([[6, 6]], [12])[0].tolist() == [6, 6, 3]
    with pytest.raises(ValueError, match="need 3 outputs, but the network gives 2"):
        sequence_models.targets([[6, 6]], [8])
    assert sequence_models.targets([[6, 6]], [8], outputs_per_step=2)[0, -1] == 4


@pytest.mark.parametrize("sizes", [SMALL, {"channels": (4,), "maps": (2, 3, 4)}], ids=["time", "time and frequency"])
def test_outputs_come_in_the_order_and_lengths_of_the_pictures(sizes):
    keras.utils.set_random_seed(0)
    network = sequence_models.ctc_network(connected_recipe.HEADS, **sizes)
    pictures = [np.random.default_rng(n).standard_normal((n, 40)).astype("float32") for n in (90, 16, 61)]
    together = sequence_models.log_probs(network, pictures)
    assert [rows.shape for rows in together["letters"]] == [(46, 17), (8, 17), (32, 17)]
    alone = sequence_models.log_probs(network, pictures[:1])
    for name in together:
        np.testing.assert_allclose(together[name][0], alone[name][0], atol=1e-4)
    with pytest.raises(ValueError, match="no pictures"):
        sequence_models.log_probs(network, [])
    with pytest.raises(ValueError, match="at least one head"):
        sequence_models.ctc_network({})


def toy_batch():
    """Six strings of two tones each, whose bands are their names."""
    texts = [f"{a} {b}" for a, b in itertools.permutations(("one", "two", "six"), 2)]
    band = {"one": 5, "two": 18, "six": 32}
    pictures = []
    for text in texts:
        picture = np.full((48, 40), frontend.FLOOR, np.float32)
        for start, word in zip((8, 30), text.split(), strict=True):
            picture[start : start + 10, band[word] : band[word] + 4] = 1
        pictures.append(picture)
    return texts, pictures


def trained(texts, pictures, steps, **how):
    keras.utils.set_random_seed(0)
    network = sequence_models.ctc_network({"words": sequence_models.Head(11)}, **SMALL)
    labels = [connected.UNITS["words"].encode(text) for text in texts]
    batch = sequence_models.pad(pictures), {"words": sequence_models.targets(labels, [48] * len(texts))}
    history = sequence_models.train(
        network, itertools.repeat(batch), steps=steps, peak_rate=0.02, progress=False, **how
    )
    return network, history


@pytest.fixture(scope="module")
def plain():
    return trained(*toy_batch(), steps=30)


def test_several_warps_are_averaged_and_one_reads_the_picture_as_it_is():
    network = sequence_models.ctc_network({"words": ctc_networks.Head(11)}, **SMALL)
    pictures = [np.random.default_rng(n).uniform(-1, 1, (n, 40)).astype("float32") for n in (50, 33)]
    centres = frontend.band_centres()
    bent = [augment.warp_frequency(one.T, factor=1.2, frequencies=centres).T for one in pictures]
    apart = [sequence_models.log_probs(network, some)["words"] for some in (pictures, bent)]
    together = sequence_models.log_probs(network, pictures, warps=(1.0, 1.2))["words"]
    for one, other, both in zip(*apart, together, strict=True):
        np.testing.assert_allclose(both, log_softmax((one + other) / 2), atol=1e-6)
        assert np.abs(both - one).max() > 1e-3


def test_a_network_grows_accustomed_by_the_statistics_of_its_layers_and_the_old_one_stays():
    network = sequence_models.ctc_network({"words": ctc_networks.Head(11)}, maps=(4, 4))
    pictures = [np.random.default_rng(n).uniform(-1, 1, (n, 40)).astype("float32") for n in (50, 48)]
    before = network.get_weights()
    knowing = sequence_models.accustomed(network, pictures)
    first = next(n for n, layer in enumerate(knowing.layers) if isinstance(layer, keras.layers.BatchNormalization))
    into = np.asarray(keras.Model(knowing.input, knowing.layers[first - 1].output)(sequence_models.pad(pictures)))
    np.testing.assert_allclose(knowing.layers[first].moving_mean, into.mean(axis=(0, 1, 2)), atol=1e-5)
    np.testing.assert_allclose(knowing.layers[first].moving_variance, into.var(axis=(0, 1, 2)), atol=1e-5)
    for old, now in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, now)
    for old, now in zip(network.trainable_variables, knowing.trainable_variables, strict=True):
        np.testing.assert_array_equal(old, now)


def test_training_lowers_the_loss_and_repeats_itself(plain):
    network, history = plain
    assert history["words"][-1] < 0.7 * history["words"][0]
    again, _ = trained(*toy_batch(), steps=30)
    for one, other in zip(network.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_held_blank_is_dear_at_first(plain):
    _, history = trained(*toy_batch(), steps=2, blank_held=6.0)
    assert history["words"][0] > plain[1]["words"][0]
    scores = np.random.default_rng(0).standard_normal((1, 2, 3)).astype("float32")
    np.testing.assert_allclose(sequence_models._hold(scores, 6.0) - scores, [[[-6, 0, 0]] * 2], rtol=1e-5)


def test_an_interrupt_leaves_a_network_that_reads():
    texts, pictures = toy_batch()

    def interrupted():
        labels = [connected.UNITS["words"].encode(text) for text in texts]
        batch = sequence_models.pad(pictures), {"words": sequence_models.targets(labels, [48] * len(texts))}
        yield batch
        raise KeyboardInterrupt

    network = sequence_models.ctc_network({"words": sequence_models.Head(11)}, **SMALL)
    history = sequence_models.train(network, interrupted(), steps=10, progress=False)
    assert len(history["words"]) == 1
    assert np.isfinite(sequence_models.log_probs(network, pictures)["words"][0]).all()


def test_buckets_hold_everything_once_and_pad_less_than_chance():
    rng = np.random.default_rng(0)
    lengths = rng.integers(40, 300, 200)
    batches = sequence_models.buckets(lengths, batch_size=16)
    assert sorted(np.concatenate(batches).tolist()) == list(range(200))

    def padded(groups):
        return sum(lengths[group].max() * len(group) for group in groups)

    by_chance = np.split(rng.permutation(200), range(16, 200, 16))
    assert padded(batches) < 1.06 * lengths.sum() < 1.4 * lengths.sum() < padded(by_chance)
    with pytest.raises(ValueError, match="at least one"):
        sequence_models.buckets([], batch_size=4)


def test_a_shelf_glues_clips_of_one_speaker_with_silence():
    digits = corpora.load_digits("voices")
    digits = digits.where(speaker=digits.speakers[:2])
    powers = frontend.mel_powers(digits.clips, sample_rate=8000)
    own, counts = variations.levels(powers, n_frames=connected_recipe.FRAMES_PER_CLIP)
    db, numbers = connected_recipe.Shelf(digits).glue(2, rng=np.random.default_rng(3))
    heard = np.flatnonzero((db > variations.FLOOR_DB).any(axis=1))
    first = db[heard[0] :]
    rows = [i for i, n in enumerate(counts) if np.array_equal(first[:n], own[i, :n])]
    assert len(rows) == 1
    assert digits.digit[rows[0]] == numbers[0]
    last = db[: heard[-1] + 1]
    ends = [i for i, n in enumerate(counts) if np.array_equal(last[-n:], own[i, :n])]
    assert digits.digit[ends[0]] == numbers[1]
    assert digits.speaker[ends[0]] == digits.speaker[rows[0]]
    with pytest.raises(ValueError, match="all ten digits"):
        connected_recipe.Shelf(digits.where(digit=(1, 2)))


def test_batches_share_the_shelves_equally():
    digits = corpora.load_digits("voices")
    shelves = [connected_recipe.Shelf(digits.where(speaker=name)) for name in digits.speakers[:2]]
    recipe = connected_recipe.Recipe(batch_digits=12, n_digits=(2, 2))
    x, y = next(connected_recipe.batches(shelves, recipe=recipe, rng=np.random.default_rng(0)))
    assert x.shape[0] == 6
    assert x.shape[1] % 16 == 0
    assert x.min() >= -1
    assert x.max() == 1
    assert (np.count_nonzero(y["words"][:, :-1], axis=1) == 2).all()
    assert (y["letters"][:, -1] == 2 * y["words"][:, -1]).all()
    for picture, n_outputs in zip(x, y["words"][:, -1], strict=True):
        assert (picture[4 * n_outputs :] == frontend.FLOOR).all()
        assert (picture[4 * n_outputs - 12 :] > frontend.FLOOR).any()


def test_strings_grow_after_the_first_steps_and_batches_keep_their_size():
    digits = corpora.load_digits("voices")
    shelves = [connected_recipe.Shelf(digits.where(speaker=digits.speakers[0]))]
    recipe = connected_recipe.Recipe(steps=40, batch_digits=4, first_words=0.25)
    stream = connected_recipe.batches(shelves, recipe=recipe, rng=np.random.default_rng(0))
    n_digits = [np.count_nonzero(y["words"][:, :-1], axis=1) for _, y in itertools.islice(stream, 40)]
    assert all((own == 1).all() for own in n_digits[:10])
    assert {own[0] for own in n_digits[10:]} == {1, 2, 3, 4}
    assert {(own[0], len(own)) for own in n_digits} == {(1, 4), (2, 2), (3, 1), (4, 1)}


def test_digits_of_a_string_differ_in_level():
    digits = corpora.load_digits("voices")
    shelf = connected_recipe.Shelf(digits.where(speaker=digits.speakers[0]))
    plain, changed = (shelf.glue(1, rng=np.random.default_rng(1), gain_db=gain)[0] for gain in (0.0, 6.0))
    assert plain.max() == 0
    assert changed.max() != 0
    assert changed.min() == variations.FLOOR_DB


def test_pictures_are_those_of_the_front_end():
    sounds = [np.random.default_rng(n).standard_normal(n) for n in (9000, 1600, 4000)]
    for sound, picture in zip(sounds, connected_recipe.pictures(sounds, sample_rate=8000), strict=True):
        np.testing.assert_allclose(picture, frontend.mel_picture(sound, sample_rate=8000, trimmed=False).T, atol=1e-4)


def test_the_likeliest_words_are_found_as_by_trying_all():
    rows = outputs(4, 11)
    texts = {connected.spell(s) for n in range(1, 4) for s in itertools.product((0, 3, 5, 9), repeat=n)}
    units = connected.UNITS["words"]
    best = max(texts, key=lambda text: ctc.ctc_log_likelihood(rows, units.encode(text)))
    found = connected_decoding.beam(rows, head="words", beam_width=2000)
    allowed = {text: score for text, score in found.items() if text in texts}
    assert next(iter(allowed)) == best
    assert allowed[best] == pytest.approx(ctc.ctc_log_likelihood(rows, units.encode(best)))


def test_letters_with_the_lexicon_spell_words_only():
    rows = outputs(30, 17)
    found = connected_decoding.beam(rows, head="letters", lexicon=True)
    assert all(word in connected.UNITS["letters"].lexicon for text in found for word in text.split())
    model = NGramModel.train([[1, 2]], vocabulary=range(1, 11))
    with pytest.raises(ValueError, match="lexicon=True"):
        connected_decoding.beam(rows, head="letters", language_model=model)


def test_both_heads_add_up():
    words, letters = outputs(8, 11), outputs(16, 17)
    model = NGramModel.train([[1, 2], [3]], vocabulary=range(1, 11))
    found = connected_decoding.both(words, letters, language_model=model, weight=0.5, length_bonus=0.1)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    text = next(text for text in found if text)
    labels = connected.UNITS["words"].encode(text)
    expected = ctc.ctc_log_likelihood(words, labels) + 0.5 * model.sentence_log_prob(labels) + 0.1 * len(labels)
    expected += ctc.ctc_log_likelihood(letters, connected.UNITS["letters"].encode(text))
    assert found[text] == pytest.approx(expected)


def test_readings_name_their_ways():
    heard = {"words": [outputs(8, 11)], "letters": [outputs(16, 17)]}
    plain = connected_decoding.readings(heard)
    assert len(plain) == 6
    assert all(len(texts) == 1 for texts in plain.values())
    model = NGramModel.train([[1, 2], [3]], vocabulary=range(1, 11))
    assert len(connected_decoding.readings(heard, language_model=model)) == 3


def test_the_network_of_the_example_has_its_size_and_writes_every_second_frame():
    published = ctc_networks.keras_example(n_bins=193, n_classes=32)
    kernels = [(11, 41, 1, 32), (11, 21, 32, 32)]
    assert [layer.kernel.shape for layer in published.layers if "conv" in layer.name] == kernels
    grus = sum(2 * 3 * 512 * (n_inputs + 512 + 2) for n_inputs in (49 * 32, *[1024] * 4))
    dense = 1024 * 1024 + 1024 + 1024 * 32 + 32
    assert published.count_params() == sum(map(np.prod, kernels)) + 2 * 4 * 32 + grus + dense
    small = ctc_networks.keras_example(n_bins=40, n_classes=5, filters=2, units=4, n_recurrent=1)
    outputs = sequence_models.log_probs(small, [np.zeros((98, 40)), np.zeros((41, 40))])["letters"]
    assert [row.shape for row in outputs] == [(50, 5), (22, 5)]
    with pytest.raises(ValueError, match="n_recurrent"):
        ctc_networks.keras_example(n_bins=40, n_classes=5, n_recurrent=0)
