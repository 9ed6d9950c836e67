"""Training by several processes: the same as by one, also after a kill, and nothing is left running."""

import multiprocessing

import numpy as np
import pytest

from speechbook import workers

RNG = np.random.default_rng(0)
X, LABELS = RNG.standard_normal((60, 30, 8)), RNG.integers(4, size=60)
HOW = {"batch_size": 20, "steps": 6}


def apart(these, those):
    return max(float(np.abs(a - b).max()) for a, b in zip(these, those, strict=True))


@pytest.fixture(scope="module")
def undisturbed():
    return workers.train(X, LABELS, n_workers=2, **HOW)


def test_two_processes_learn_what_one_learns(undisturbed):
    one = workers.train(X, LABELS, n_workers=1, **HOW)
    assert apart(one.gradients, undisturbed.gradients) < 1e-6
    assert apart(one.weights, undisturbed.weights) < 1e-4
    np.testing.assert_allclose(one.losses, undisturbed.losses, atol=1e-5)
    assert one.losses[-1] != one.losses[0]


def test_gradients_are_those_of_keras(undisturbed):
    from speechbook._keras import keras
    from speechbook._worker import _network

    tf = pytest.importorskip("tensorflow")
    keras.utils.set_random_seed(0)
    model = _network(X.shape[1:], 4, "none")
    rows = np.random.default_rng(0).choice(60, 20, replace=False)
    with tf.GradientTape() as tape:
        each = keras.losses.sparse_categorical_crossentropy(LABELS[rows], model(X[rows]), from_logits=True)
        loss = keras.ops.mean(each)
    assert apart([g.numpy() for g in tape.gradient(loss, model.trainable_variables)], undisturbed.gradients) < 1e-6


def test_a_killed_training_goes_on_to_the_same_weights(undisturbed, tmp_path):
    how = {**HOW, "folder": tmp_path, "checkpoint_every": 2}
    with pytest.raises(workers.WorkerError, match="worker 1 of 2 has ended with SIGKILL"):
        workers.train(X, LABELS, n_workers=2, kill_at=5, **how)
    assert multiprocessing.active_children() == []
    assert workers.newest_checkpoint(tmp_path) == 4
    resumed = workers.train(X, LABELS, n_workers=2, **how)
    assert len(resumed.losses) == 2
    assert apart(resumed.weights, undisturbed.weights) == 0
    assert {path.name for path in tmp_path.iterdir()} == {workers.CHECKPOINT}


@pytest.mark.parametrize("n", [1, 2, 7, 64])
def test_shares_cover_every_row_once(n):
    for n_workers in (1, 2, 3, 8):
        rows = np.concatenate([workers.share(n, rank=rank, n_workers=n_workers) for rank in range(n_workers)])
        assert sorted(rows) == list(range(n))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"normalisation": "some"}, "normalisation must be one of"),
        ({"batch_size": 61}, "do not fit"),
        ({"batch_size": 2, "n_workers": 3}, "cannot be divided"),
        ({"steps": 0}, "steps"),
        ({"n_workers": 0}, "n_workers"),
    ],
)
def test_wrong_settings_are_refused_before_a_process_starts(change, message):
    with pytest.raises(ValueError, match=message):
        workers.train(X, LABELS, **{"n_workers": 2, **HOW, **change})
    with pytest.raises(ValueError, match="rank"):
        workers.share(3, rank=3, n_workers=3)
