import numpy as np
import pytest

from speechbook import models, recurrent

CHOICES = [
    {},
    {"cell": "gru"},
    {"bidirectional": True},
    {"bidirectional": True, "summary": "mean"},
    {"summary": "max"},
    {"cell": "none", "summary": "mean"},
    {"cell": "none", "summary": "max"},
]


def clip(n_frames, *, seed=0):
    return np.random.default_rng(seed).normal(size=(1, n_frames, 13)).astype("float32")


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("n_frames", [4, 17, 30])
def test_a_masked_network_hears_the_clip_and_not_what_follows(choice, n_frames):
    network = recurrent.word_network(n_features=13, **choice)
    alone = clip(n_frames)
    padded = np.pad(alone, ((0, 0), (0, 70), (0, 0)))
    np.testing.assert_allclose(network(padded), network(alone), atol=1e-5)


def test_a_network_without_mask_hears_the_padding():
    network = recurrent.word_network(n_features=13, masked=False)
    padded = np.pad(clip(30), ((0, 0), (0, 70), (0, 0)))
    assert np.abs(network(padded) - network(clip(30))).max() > 1e-3


def test_without_mask_it_is_the_network_of_article_a():
    ours = recurrent.word_network(n_features=13, masked=False)
    theirs = models.article_a_frames(n_frames=40, n_features=13)
    ours.set_weights(theirs.get_weights())
    np.testing.assert_allclose(ours(clip(40)), theirs(clip(40)), atol=1e-6)


def test_a_backward_reader_starts_at_the_end_of_the_clip():
    network = recurrent.word_network(n_features=13, bidirectional=True)
    late = clip(30)
    late[:, -4:] += 1
    assert np.abs(network(late) - network(clip(30))).max() > 1e-4


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"cell": "rnn"}, "cell must be one of 'lstm', 'gru', 'none', but is 'rnn'"),
        ({"summary": "first"}, "summary must be one of 'last', 'mean', 'max'"),
        ({"cell": "none"}, "no last state"),
        ({"cell": "none", "summary": "max", "bidirectional": True}, "no direction"),
        ({"bidirectional": True, "n_units": 33}, "must be even, but is 33"),
        ({"n_units": 0}, "n_units must be a whole number above 0"),
        ({"n_classes": 2.5}, "n_classes must be a whole number above 0"),
    ],
)
def test_choices_that_do_not_exist_are_refused(choice, message):
    with pytest.raises(ValueError, match=message):
        recurrent.word_network(n_features=13, **choice)
