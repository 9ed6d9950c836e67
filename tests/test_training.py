import re
from types import SimpleNamespace

import numpy as np
import pytest

from speechbook import _progress, models, training
from speechbook._keras import keras

N_FRAMES = 8


def small_model(seed=0, *, classes=4, activation="softmax", loss="sparse_categorical_crossentropy"):
    """A model that Keras compiles in an instant."""
    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Flatten(), keras.layers.Dropout(0.2), keras.layers.Dense(classes, activation=activation)]
    model = keras.Sequential([keras.Input((N_FRAMES, 3)), *layers])
    model.compile(loss=loss, metrics=["accuracy"])
    return model


def easy_data(n=64, seed=0):
    """Four classes that differ in their level."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 4
    return (rng.standard_normal((n, N_FRAMES, 3)) * 0.1 + y[:, None, None]).astype(np.float32), y


def quiet(model, x, y, **kwargs):
    return training.fit(model, x, y, **{"epochs": 1, "progress": False, **kwargs})


class InterruptAfter(keras.callbacks.Callback):
    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs

    def on_train_batch_begin(self, batch, logs=None):
        if self.epochs == 0:
            raise KeyboardInterrupt

    def on_epoch_end(self, epoch, logs=None):
        self.epochs -= 1


def test_two_runs_with_one_seed_are_equal_bit_for_bit():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((256, 64, 13)).astype(np.float32), rng.integers(0, 10, 256)

    def run():
        keras.utils.set_random_seed(5)
        model = models.article_a_frames(n_frames=64, n_features=13)
        history = quiet(model, x, y, epochs=2, seed=5, validation_data=(x, y))
        return history, model.get_weights()

    (first, weights), (second, again) = run(), run()
    assert first == second
    assert all(np.array_equal(a, b) for a, b in zip(weights, again, strict=True))


def test_another_seed_gives_another_run():
    x, y = easy_data()
    runs = [quiet(small_model(), x, y, seed=seed) for seed in (0, 1)]
    assert runs[0] != runs[1]


def test_history_has_one_value_an_epoch_and_the_loss_falls():
    x, y = easy_data()
    history = quiet(small_model(), x, y, epochs=8, batch_size=16, validation_data=(x, y))
    assert {name: len(values) for name, values in history.items()} == dict.fromkeys(
        ("accuracy", "loss", "val_accuracy", "val_loss"), 8
    )
    assert history["loss"][-1] < history["loss"][0]


def test_history_equals_that_of_keras():
    x, y = easy_data()
    ours = quiet(small_model(), x, y, epochs=2, seed=7)
    model = small_model()
    keras.utils.set_random_seed(7)
    theirs = model.fit(x, y, epochs=2, batch_size=32, verbose=0).history
    assert ours == {name: [float(value) for value in values] for name, values in theirs.items()}


def test_bar_leaves_one_line_with_the_final_metrics(capsys):
    x, y = easy_data()
    training.fit(small_model(), x, y, epochs=2)
    last = re.split(r"[\r\n]", capsys.readouterr().err.strip())[-1].strip()
    assert re.fullmatch(r"2 epochs in \d+\.\d s: accuracy \d\.\d{3}, loss \d\.\d{3}", last)


def test_in_a_notebook_one_output_is_replaced_until_the_last_line_stands(monkeypatch):
    shown = []

    def display(bundle, *, raw, display_id):
        shown.append([bundle["text/plain"]])
        return SimpleNamespace(update=lambda bundle, raw: shown[-1].append(bundle["text/plain"]))

    monkeypatch.setattr(_progress, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setattr(_progress, "display", display)
    training.fit(small_model(), *easy_data(), epochs=3)
    assert len(shown) == 1
    assert shown[0][-1].startswith("3 epochs in ")
    assert "0/3" in shown[0][0]


def test_interruption_ends_the_training_and_keeps_the_history(capsys):
    x, y = easy_data()
    history = training.fit(small_model(), x, y, epochs=9, callbacks=[InterruptAfter(2)])
    assert len(history["loss"]) == 2
    assert "2 of 9 epochs, then stopped" in capsys.readouterr().err


def test_interruption_in_the_first_epoch_gives_an_empty_history():
    assert quiet(small_model(), *easy_data(), callbacks=[InterruptAfter(0)]) == {}


X, Y = easy_data()


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (X, Y[:-1], "64 clips but 63 labels"),
        (X, 3, "64 clips but 1 labels"),
        (X[:0], Y[:0], "there are no clips"),
        (3.0, Y, "there are no clips"),
        (np.where(np.arange(64)[:, None, None] == 9, np.nan, X), Y, "1 of 64 clips hold NaN"),
        (X * np.inf, Y, "NaN or infinite"),
        (X.swapaxes(1, 2), Y, "wrong way round"),
        (X[:, :5], Y, r"takes \(clips, 8, 3\), but the shape is \(64, 5, 3\)"),
        (X[..., 0], Y, r"the shape is \(64, 8\)"),
        ([clip[: 3 + i % 2] for i, clip in enumerate(X)], Y, "features.batch pads"),
        (X.astype(str), Y, "features must be numbers"),
        (X, Y + 1, "labels go from 0 to 3, but these run from 1 to 4"),
        (X, Y - 1, "run from -1 to 2"),
        (X, np.eye(4)[Y], "one-hot"),
        (X, Y.astype(float), "takes integers"),
        (X, np.array(["zero", "one", "two", "three"])[Y], "Number the words"),
        (X, np.where(Y == 1, np.nan, Y), "labels are NaN"),
    ],
)
def test_bad_data_are_refused_in_words(x, y, message):
    with pytest.raises(ValueError, match=message):
        quiet(small_model(), x, y)


def test_validation_data_are_checked_too():
    with pytest.raises(ValueError, match=r"validation data: .*4 clips but 64 labels"):
        quiet(small_model(), X, Y, validation_data=(X[:4], Y))


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.arange(40) % 10, "run from 0 to 9. Keras would train on them in silence"),
        (np.eye(10)[np.arange(40) % 10], "1 yes/no answer"),
        (-(np.arange(40) % 2), "run from -1 to 0"),
    ],
)
def test_yes_no_network_refuses_other_labels(y, message):
    with pytest.raises(ValueError, match=message):
        quiet(models.article_a(), np.zeros((40, 13, 1)), y)


@pytest.mark.parametrize("y", [Y % 2, Y % 2 == 1, (Y % 2)[:, None].astype(float)])
def test_yes_no_network_takes_yes_and_no(y):
    model = small_model(classes=1, activation="sigmoid", loss="binary_crossentropy")
    assert len(quiet(model, X, y)["loss"]) == 1


def test_a_missing_channel_axis_is_named():
    with pytest.raises(ValueError, match=r"x\[\.\.\., None\]"):
        quiet(models.article_a(), np.zeros((40, 13)), np.arange(40) % 2)


@pytest.mark.parametrize(
    ("y", "message"), [(Y, "to_categorical"), (np.eye(5)[Y], "row of 4"), (2 * np.eye(4)[Y], "add up to 1")]
)
def test_categorical_cross_entropy_wants_rows(y, message):
    model = small_model(loss=keras.losses.CategoricalCrossentropy())
    with pytest.raises(ValueError, match=message):
        quiet(model, X, y)
    assert "loss" in quiet(model, X, np.eye(4)[Y])


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"epochs": 1.5}, {"batch_size": 0}])
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be a whole number"):
        quiet(small_model(), X, Y, **wrong)


def test_a_model_must_be_compiled():
    model = keras.Sequential([keras.Input((8, 3)), keras.layers.Flatten(), keras.layers.Dense(4)])
    with pytest.raises(ValueError, match="compile"):
        quiet(model, X, Y)


def test_labels_are_predicted_in_pieces_as_by_keras():
    model = small_model()
    x = np.random.default_rng(0).standard_normal((training.CLIPS_AT_ONCE + 10, N_FRAMES, 3)).astype(np.float32)
    assert np.array_equal(training.predict_labels(model, x), model.predict(x, verbose=0).argmax(axis=1))
    with pytest.raises(ValueError, match="no clips"):
        training.predict_labels(model, x[:0])


def test_yes_no_predictions_are_cut_at_one_half():
    model = models.article_a()
    x = np.random.default_rng(0).standard_normal((50, 13, 1)).astype(np.float32)
    assert np.array_equal(training.predict_labels(model, x), (model.predict(x, verbose=0)[:, 0] >= 0.5).astype(int))


def speaker(seed):
    x, y = easy_data(seed=seed)
    return SimpleNamespace(x=x, digit=y)


def own_features(train, test):
    return train.x, test.x


def folds():
    return [("ann", speaker(0), speaker(1)), ("bob", speaker(1), speaker(0))]


def test_each_fold_starts_from_the_same_weights_and_the_model_is_left_as_it_came():
    model = small_model()
    before = model.get_weights()
    options = {"inputs": own_features, "epochs": 2, "progress": False}
    both = training.leave_one_speaker_out(model, folds(), **options)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    alone = training.leave_one_speaker_out(model, folds()[1:], **options)
    assert both[1].history == alone[0].history
    assert np.array_equal(both[1].y_pred, alone[0].y_pred)
    fresh = training.evaluate(small_model(), folds()[1][1:], **options)
    assert fresh.history == alone[0].history


def test_results_count_and_pool():
    results = training.leave_one_speaker_out(small_model(), folds(), inputs=own_features, epochs=1, progress=False)
    whole = training.pool(results)
    assert [result.name for result in results] == ["ann", "bob"]
    assert whole.n == 128
    assert whole.accuracy == pytest.approx(np.mean([result.accuracy for result in results]))
    assert len(whole.mistakes) == sum(len(result.mistakes) for result in results)
    low, high = whole.interval
    assert low < whole.accuracy < high
    assert whole.seconds > 0


def test_an_interrupted_fold_is_left_out(monkeypatch):
    fit, calls = training.fit, []

    def interrupted_in_the_second(*args, **kwargs):
        calls.append(1)
        return fit(*args, **kwargs, callbacks=[InterruptAfter(1)] if len(calls) == 2 else [])

    monkeypatch.setattr(training, "fit", interrupted_in_the_second)
    results = training.leave_one_speaker_out(small_model(), folds(), inputs=own_features, epochs=2, progress=False)
    assert [result.name for result in results] == ["ann"]


def test_no_folds_and_no_results_are_refused():
    with pytest.raises(ValueError, match="no folds"):
        training.leave_one_speaker_out(small_model(), [], inputs=own_features, epochs=1)
    with pytest.raises(ValueError, match="no results"):
        training.pool([])


def test_test_clips_are_checked_before_anything_is_trained():
    train, test = speaker(0), speaker(1)
    test.digit = test.digit + 7
    with pytest.raises(ValueError, match=r"test data: .*run from 7 to 10"):
        training.evaluate(small_model(), (train, test), inputs=own_features, epochs=1, progress=False)
