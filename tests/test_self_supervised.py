"""Learning without labels: what is hidden, what the loss counts, and that a guess gets better."""

import numpy as np
import pytest

from speechbook import self_supervised
from speechbook._keras import keras


def test_about_the_wanted_share_is_hidden_and_nothing_after_the_end():
    rng = np.random.default_rng(0)
    lengths = rng.integers(25, 64, 300)
    x = rng.uniform(0.1, 1, (300, 64, 5))
    seen, hidden = self_supervised.hide(x, lengths, share=0.4, span=6, rng=np.random.default_rng(1))
    inside = np.arange(64) < lengths[:, None]
    assert not (hidden & ~inside).any()
    assert 0.28 < hidden[inside].mean() < 0.41
    np.testing.assert_allclose(seen[~hidden], x[~hidden], rtol=1e-6)
    assert (seen[hidden] == self_supervised.HIDDEN).all()
    changes = np.diff(np.pad(hidden, ((0, 0), (1, 1))).astype(int), axis=1)
    for row in changes:
        assert ((np.flatnonzero(row == -1) - np.flatnonzero(row == 1)) >= 6).all()


def test_a_clip_shorter_than_the_stretch_is_hidden_whole():
    _, hidden = self_supervised.hide(np.ones((1, 64, 3)), [5], span=10, rng=np.random.default_rng(0))
    assert np.flatnonzero(hidden[0]).tolist() == [0, 1, 2, 3, 4]


def test_the_picture_itself_is_not_changed():
    x = np.ones((2, 16, 4))
    self_supervised.hide(x, [16, 16], rng=np.random.default_rng(0))
    assert (x == 1).all()


@pytest.mark.parametrize(
    ("x", "lengths", "share"),
    [(np.ones((4, 5)), [4], 0.4), (np.ones((1, 4, 5)), [4, 4], 0.4), (np.ones((1, 4, 5)), [4], 1.0)],
)
def test_wrong_shapes_are_named(x, lengths, share):
    with pytest.raises(ValueError, match="hide takes pictures"):
        self_supervised.hide(x, lengths, share=share, rng=np.random.default_rng(0))


def test_frames_that_do_not_halve_twice_are_refused():
    with pytest.raises(ValueError, match="multiple of 4"):
        self_supervised.encoder(n_frames=50)


def test_the_loss_is_the_mean_error_of_the_hidden_frames():
    rng = np.random.default_rng(0)
    x, lengths = rng.uniform(-1, 1, (6, 16, 8)).astype(np.float32), np.full(6, 16)
    trunk = self_supervised.encoder(n_frames=16, n_mels=8, filters=(4, 4), units=8)
    start = [weights.copy() for weights in trunk.get_weights()]
    model, loss = self_supervised.pretrain(trunk, lambda rng: (x, lengths), steps=1, peak_rate=1e-12, seed=3)
    trunk.set_weights(start)
    seen, hidden = self_supervised.hide(x, lengths, rng=np.random.default_rng(3))
    guess = keras.ops.convert_to_numpy(model(seen, training=True))
    assert loss[0] == pytest.approx(np.abs(guess - x)[hidden].mean(), rel=1e-4)


def test_a_guess_gets_better_than_the_mean_where_frames_can_be_told_from_others():
    rng = np.random.default_rng(0)
    colours = rng.choice([-0.8, 0.8], (64, 1, 8))
    x, lengths = np.repeat(colours, 16, axis=1), np.full(64, 16)
    trunk = self_supervised.encoder(n_frames=16, n_mels=8, filters=(8, 8), units=16)
    _, loss = self_supervised.pretrain(trunk, lambda rng: (x, lengths), steps=60, peak_rate=1e-2)
    assert loss[:3].mean() > 0.75
    assert loss[-5:].mean() < 0.5


def test_classifier_and_guesser_share_the_encoder():
    trunk = self_supervised.encoder(n_frames=16, n_mels=8, filters=(4, 4), units=8)
    self_supervised.guesser(trunk)
    model = self_supervised.classifier(trunk, n_classes=3)
    assert {id(layer) for layer in trunk.layers} < {id(layer) for layer in model.layers}
