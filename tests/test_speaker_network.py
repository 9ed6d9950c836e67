"""The network of voices pools what NumPy pools, does not hear padding, and learns to tell voices apart."""

from dataclasses import replace

import numpy as np

from speechbook import corpora, frontend, prototypes, recipe, speaker_network
from speechbook._keras import keras


def test_statistics_agree_with_numpy_on_clips_of_different_lengths():
    rng = np.random.default_rng(0)
    h, lengths = rng.normal(size=(3, 12, 5)).astype("float32"), np.array([12, 7, 1])
    heard = np.arange(12)[None, :, None] < lengths[:, None, None]
    got = np.array(speaker_network.statistics(h, heard))
    for row, clip, n in zip(got, h, lengths, strict=True):
        deviation = np.sqrt(clip[:n].var(axis=0) + speaker_network.VARIANCE_FLOOR)
        np.testing.assert_allclose(row, np.r_[clip[:n].mean(axis=0), deviation], rtol=1e-4, atol=1e-5)


def test_statistics_do_not_hear_what_does_not_count():
    rng = np.random.default_rng(0)
    h = rng.normal(size=(1, 10, 4)).astype("float32")
    heard = np.arange(10)[None, :, None] < 6
    other = np.where(heard, h, 99).astype("float32")
    np.testing.assert_allclose(
        speaker_network.statistics(h, heard), speaker_network.statistics(other, heard), rtol=1e-5
    )


def test_embeddings_have_length_one_and_level_does_not_matter():
    network = speaker_network.voice_network(n_voices=5, channels=8, size=6)
    clips = corpora.load_digits("voices").clips[:4]
    rows = prototypes.embed(network, clips, sample_rate=8000)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-4)
    louder = prototypes.embed(network, [0.1 * y for y in clips], sample_rate=8000)
    np.testing.assert_allclose(rows, louder, atol=1e-3)


def test_every_speaker_at_every_speed_is_a_voice_of_its_own():
    digits = corpora.load_digits("voices").where(speaker=("flite-slt", "flite-kal"), digit=3)
    many = speaker_network.many_voices(digits, speeds=(0.8, 1.0))
    assert np.bincount(many.digit).tolist() == [5, 5, 5, 5]
    slow = [len(y) for y in many.clips[: len(digits)]]
    np.testing.assert_allclose(slow, np.array([len(y) for y in digits.clips]) / 0.8, atol=2)
    assert all(np.array_equal(a, b) for a, b in zip(many.clips[len(digits) :], digits.clips, strict=True))


def test_a_few_steps_teach_it_to_tell_voices_apart():
    digits = corpora.load_digits("voices").where(speaker=("flite-slt", "flite-kal", "espeak-us-m1"), digit=(1, 4, 7))
    many = speaker_network.many_voices(digits, speeds=(1.0,))
    keras.utils.set_random_seed(0)
    network = speaker_network.voice_network(n_voices=3, channels=16, size=8)
    short = replace(speaker_network.RECIPE, steps=100, batch_size=16)
    recipe.train(network, many, recipe=short, progress=False)
    x = frontend.batch(digits.clips, sample_rate=8000)
    assert np.mean(np.array(network(x, training=False)).argmax(axis=1) == many.digit) > 0.8
