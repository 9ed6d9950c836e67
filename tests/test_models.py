import os
import subprocess
import sys
import warnings

import numpy as np
import pytest

from speechbook import models
from speechbook._keras import keras

ARTICLE_A = [
    ("Conv1D", (None, 11, 64), 3 * 1 * 64 + 64),
    ("MaxPooling1D", (None, 5, 64), 0),
    ("LSTM", (None, 64), 4 * ((64 + 64) * 64 + 64)),
    ("Dropout", (None, 64), 0),
    ("Dense", (None, 64), 64 * 64 + 64),
    ("Dense", (None, 1), 64 + 1),
]
ARTICLE_B = [
    ("Conv2D", (None, 26, 26, 32), 320),
    ("Conv2D", (None, 24, 24, 64), 18_496),
    ("MaxPooling2D", (None, 12, 12, 64), 0),
    ("Dropout", (None, 12, 12, 64), 0),
    ("Flatten", (None, 9216), 0),
    ("Dense", (None, 128), 1_179_776),
    ("Dropout", (None, 128), 0),
    ("Dense", (None, 10), 1290),
]


def facts(model):
    return [(type(layer).__name__, layer.output.shape, layer.count_params()) for layer in model.layers]


def as_printed():
    """Article A's network, statement for statement."""
    from tensorflow.keras.layers import LSTM, Conv1D, Dense, Dropout, MaxPooling1D
    from tensorflow.keras.models import Sequential

    model = Sequential()
    model.add(Conv1D(filters=64, kernel_size=3, activation="relu", input_shape=(13, 1)))
    model.add(MaxPooling1D(pool_size=2))
    model.add(LSTM(64))
    model.add(Dropout(0.5))
    model.add(Dense(64, activation="relu"))
    model.add(Dense(1, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


@pytest.mark.parametrize(
    ("build", "layers", "total"), [(models.article_a, ARTICLE_A, 37_505), (models.article_b, ARTICLE_B, 1_199_882)]
)
def test_the_articles_networks_layer_by_layer(build, layers, total):
    model = build()
    assert facts(model) == layers
    assert model.count_params() == total


def without_name(part):
    return {key: value for key, value in part.get_config().items() if key != "name"}


def test_article_a_is_the_printed_network_without_its_warning():
    with pytest.warns(UserWarning, match="input_shape"):
        printed = as_printed()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ours = models.article_a()
    assert facts(ours) == facts(printed)
    for a, b in zip(ours.layers, printed.layers, strict=True):
        assert without_name(a) == without_name(b)
    assert without_name(ours.optimizer) == without_name(printed.optimizer)
    assert ours.loss == printed.loss


def test_the_same_seed_gives_the_same_weights():
    def weights(seed):
        keras.utils.set_random_seed(seed)
        return models.article_a_frames(n_frames=20, n_features=13).get_weights()

    assert all(np.array_equal(a, b) for a, b in zip(weights(3), weights(3), strict=True))
    assert not np.array_equal(weights(3)[0], weights(4)[0])


def by_hand(x, weights):
    """Forward pass of article A's layers on frames, in NumPy; `x` has shape (frames, features)."""
    kernel, conv_bias, w, u, b, w1, b1, w2, b2 = (weight.astype(float) for weight in weights)
    convolved = np.stack([np.tensordot(x[t : t + 3], kernel, 2) for t in range(len(x) - 2)]) + conv_bias
    rectified = np.maximum(convolved, 0)
    pooled = rectified[: len(rectified) // 2 * 2].reshape(-1, 2, 64).max(axis=1)
    h = c = np.zeros(64)
    for step in pooled:
        i, f, g, o = np.split(step @ w + h @ u + b, 4)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        h = np.tanh(c) / (1 + np.exp(-o))
    scores = np.maximum(h @ w1 + b1, 0) @ w2 + b2
    return np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()


def test_frames_network_computes_what_the_formulas_say():
    keras.utils.set_random_seed(1)
    model = models.article_a_frames(n_frames=25, n_features=13)
    x = np.random.default_rng(0).standard_normal((3, 25, 13))
    expected = np.stack([by_hand(clip, model.get_weights()) for clip in x])
    np.testing.assert_allclose(model(x.astype(np.float32)), expected, atol=1e-6)


def test_frames_network_has_its_classes_and_loss():
    model = models.article_a_frames(n_frames=64, n_features=40, n_classes=7)
    assert model.output_shape == (None, 7)
    assert model.loss == "sparse_categorical_crossentropy"
    assert model.count_params() == (3 * 40 * 64 + 64) + 33_024 + 4160 + (64 * 7 + 7)
    assert models.article_a_frames(n_frames=4, n_features=1).output_shape == (None, 10)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"n_frames": 3, "n_features": 13}, "at least 4"),
        ({"n_frames": 0, "n_features": 13}, "n_frames must be a whole number"),
        ({"n_frames": 64.5, "n_features": 13}, "n_frames must be a whole number"),
        ({"n_frames": 64, "n_features": -1}, "n_features must be a whole number"),
        ({"n_frames": 64, "n_features": 13, "n_classes": 1}, "nothing to decide"),
        ({"n_frames": 64, "n_features": 13, "n_classes": "10"}, "n_classes must be a whole number"),
    ],
)
def test_impossible_sizes_are_refused(sizes, message):
    with pytest.raises(ValueError, match=message):
        models.article_a_frames(**sizes)


@pytest.fixture(scope="module")
def recogniser():
    keras.utils.set_random_seed(3)
    return models.digit_recogniser()


def test_the_recogniser_takes_clips_of_any_length_and_gives_probabilities(recogniser):
    rng = np.random.default_rng(0)
    for frames in (8, 37, 100, 250):
        probabilities = recogniser(rng.standard_normal((3, frames, 40)).astype(np.float32)).numpy()
        assert probabilities.shape == (3, 10)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_the_recogniser_computes_the_same_with_its_length_fixed(recogniser):
    fixed = models.digit_recogniser(n_frames=60)
    fixed.set_weights(recogniser.get_weights())
    x = np.random.default_rng(1).standard_normal((2, 60, 40)).astype(np.float32)
    np.testing.assert_allclose(fixed(x), recogniser(x), atol=1e-6)


def test_attention_pools_as_the_formula_says(recogniser):
    at = {layer.name: layer for layer in recogniser.layers}
    gru = next(layer for layer in recogniser.layers if layer.name.startswith("bidirectional"))
    inside = keras.Model(recogniser.input, [gru.output, at["embedding"].output, recogniser.output])
    x = np.random.default_rng(2).standard_normal((2, 48, 40)).astype(np.float32)
    moments, embedding, output = (np.asarray(part, float) for part in inside(x))
    scores = moments @ at["scores"].get_weights()[0][:, 0]
    weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(embedding, np.einsum("ct,ctf->cf", weights, moments), atol=1e-5)
    kernel, bias = recogniser.layers[-1].get_weights()
    logits = embedding[0] @ kernel + bias
    np.testing.assert_allclose(np.log(output[0] / output[0, 0]), logits - logits[0], atol=1e-4)


def test_the_recogniser_has_its_sizes():
    model = models.digit_recogniser(n_frames=80, n_mels=32, n_classes=7, filters=(8, 12), band_filters=20, units=6)
    assert model.input_shape == (None, 80, 32)
    assert model.output_shape == (None, 7)
    assert model.get_layer("embedding").output.shape == (None, 12)
    convolutions = 5 * 5 * 8 + 3 * 3 * 8 * 12 + 4 * 12 * 20
    gru = 2 * 3 * 6 * (20 + 6 + 2)
    assert model.count_params() == convolutions + 4 * (8 + 12 + 20) + gru + (12 + 1) + (12 * 7 + 7)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"n_frames": 7}, "n_frames must be at least 8"),
        ({"n_frames": 2.5}, "n_frames must be a whole number"),
        ({"n_mels": 7}, "n_mels must be at least 8"),
        ({"n_classes": 1}, "nothing to decide"),
    ],
)
def test_impossible_recognisers_are_refused(sizes, message):
    with pytest.raises(ValueError, match=message):
        models.digit_recogniser(**sizes)


def run_python(code):
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120, env=environment
    )


def test_tensorflow_starts_in_silence():
    code = "from speechbook import models; import numpy as np; print(models.article_a()(np.zeros((2, 13, 1))).shape)"
    finished = run_python(code)
    assert finished.stdout.split() == ["(2,", "1)"]
    assert finished.stderr == ""


def test_importing_the_package_is_quick_and_leaves_tensorflow_alone():
    code = (
        "import sys, time; t = time.perf_counter(); import speechbook; "
        "print(time.perf_counter() - t, 'tensorflow' in sys.modules)"
    )
    seconds, imported = run_python(code).stdout.split()
    assert float(seconds) < 1
    assert imported == "False"


def test_the_tutorials_network_layer_by_layer():
    model = models.simple_audio(n_bins=129, n_frames=63)
    sizes = [("Resizing", (32, 32, 1), 0), ("Normalization", (32, 32, 1), 3), ("Conv2D", (30, 30, 32), 320)]
    sizes += [("Conv2D", (28, 28, 64), 18_496), ("MaxPooling2D", (14, 14, 64), 0), ("Dropout", (14, 14, 64), 0)]
    sizes += [("Flatten", (12_544,), 0), ("Dense", (128,), 1_605_760), ("Dropout", (128,), 0), ("Dense", (10,), 1290)]
    assert facts(model) == [(kind, (None, *shape), size) for kind, shape, size in sizes]
    assert [layer.rate for layer in model.layers if hasattr(layer, "rate")] == [0.25, 0.5]
    with pytest.raises(ValueError, match="n_bins"):
        models.simple_audio(n_bins=0, n_frames=63)
