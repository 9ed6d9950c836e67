import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from speechbook import numpy_layers as nl
from speechbook._keras import keras
from speechbook.autodiff import keras_gradients
from speechbook.gradients import check_gradients, relative_error

K = keras.layers
CASES = {
    "dense": (lambda rng: nl.Dense(5, 4, rng=rng), lambda: K.Dense(4), (6, 5)),
    "dense on frames": (lambda rng: nl.Dense(5, 4, rng=rng), lambda: K.Dense(4), (3, 17, 5)),
    "relu": (lambda rng: nl.Activation("relu"), lambda: K.Activation("relu"), (3, 17, 5)),
    "tanh": (lambda rng: nl.Activation("tanh"), lambda: K.Activation("tanh"), (6, 5)),
    "sigmoid": (lambda rng: nl.Activation("sigmoid"), lambda: K.Activation("sigmoid"), (6, 5)),
    "conv1d": (lambda rng: nl.Conv1D(5, 4, kernel_size=3, rng=rng), lambda: K.Conv1D(4, 3), (3, 17, 5)),
    "conv1d, stride 2": (
        lambda rng: nl.Conv1D(5, 4, kernel_size=4, strides=2, rng=rng),
        lambda: K.Conv1D(4, 4, strides=2),
        (3, 17, 5),
    ),
    "conv1d, stride beyond kernel": (
        lambda rng: nl.Conv1D(5, 2, kernel_size=2, strides=3, rng=rng),
        lambda: K.Conv1D(2, 2, strides=3),
        (3, 17, 5),
    ),
    "max pooling 2": (lambda rng: nl.MaxPooling1D(2), lambda: K.MaxPooling1D(2), (3, 17, 5)),
    "max pooling 3": (lambda rng: nl.MaxPooling1D(3), lambda: K.MaxPooling1D(3), (3, 17, 5)),
    "average": (lambda rng: nl.GlobalAveragePooling1D(), lambda: K.GlobalAveragePooling1D(), (3, 17, 5)),
    "flatten": (lambda rng: nl.Flatten(), lambda: K.Flatten(), (3, 17, 5)),
    "lstm": (lambda rng: nl.LSTM(5, 4, rng=rng), lambda: K.LSTM(4), (3, 17, 5)),
    "lstm, all outputs": (
        lambda rng: nl.LSTM(5, 4, return_sequences=True, rng=rng),
        lambda: K.LSTM(4, return_sequences=True),
        (3, 17, 5),
    ),
}


def a_network(rng):
    return nl.Network(
        [
            nl.Conv1D(5, 6, kernel_size=3, rng=rng),
            nl.Activation("tanh"),
            nl.MaxPooling1D(2),
            nl.LSTM(6, 4, return_sequences=True, rng=rng),
            nl.GlobalAveragePooling1D(),
            nl.Dense(4, 3, rng=rng),
        ]
    )


def keras_twin():
    stack = [K.Conv1D(6, 3, activation="tanh"), K.MaxPooling1D(2), K.LSTM(4, return_sequences=True)]
    return keras.Sequential([*stack, K.GlobalAveragePooling1D(), K.Dense(3)])


@pytest.fixture(autouse=True)
def _double_precision():
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(before)
    keras.config.set_dtype_policy(policy)


@pytest.mark.parametrize("name", CASES)
def test_output_and_gradients_equal_those_of_tensorflow(name):
    rng = np.random.default_rng(1)
    make, make_keras, shape = CASES[name]
    layer, x = make(rng), rng.normal(size=shape)
    compare_with_keras(layer, make_keras(), x, rng)


def test_a_whole_network_equals_its_keras_twin():
    rng = np.random.default_rng(2)
    compare_with_keras(a_network(rng), keras_twin(), rng.normal(size=(3, 17, 5)), rng)


def compare_with_keras(layer, twin, x, rng):
    y = layer.forward(x)
    weights = rng.normal(size=y.shape)
    by_input = layer.backward(weights)
    parameters = list(layer.parameters.values())
    keras_y, keras_by_input, keras_by_weights = keras_gradients(twin, x, weights=parameters, upstream=weights)
    assert relative_error(y, keras_y) < 1e-12
    assert relative_error(by_input, keras_by_input) < 1e-10
    assert len(keras_by_weights) == len(layer.gradients)
    for ours, theirs in zip(layer.gradients.values(), keras_by_weights, strict=True):
        assert relative_error(ours, theirs) < 1e-10


@pytest.mark.parametrize("name", CASES)
def test_gradients_equal_central_differences(name):
    rng = np.random.default_rng(3)
    make, _, shape = CASES[name]
    errors = check_gradients(make(rng), rng.normal(size=shape), rng=rng)
    assert max(errors.values()) < 1e-7


def test_gradients_of_a_whole_network_equal_central_differences():
    rng = np.random.default_rng(4)
    errors = check_gradients(a_network(rng), rng.normal(size=(2, 11, 5)), rng=rng)
    assert set(errors) == {"input", *a_network(rng).parameters}
    assert max(errors.values()) < 1e-7


def test_where_a_maximum_is_shared_the_first_wins_as_in_tensorflow():
    rng = np.random.default_rng(5)
    compare_with_keras(nl.MaxPooling1D(2), K.MaxPooling1D(2), np.zeros((2, 6, 3)), rng)
    compare_with_keras(nl.Activation("relu"), K.Activation("relu"), np.zeros((2, 6)), rng)


def test_softmax_cross_entropy_equals_tensorflow():
    rng = np.random.default_rng(6)
    scores, labels = rng.normal(size=(7, 10)) * [[1], [1], [1], [1], [100], [1000], [0]], rng.integers(0, 10, 7)
    loss, gradient = nl.softmax_cross_entropy(scores, labels)
    z = tf.constant(scores)
    with tf.GradientTape() as tape:
        tape.watch(z)
        value = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, z))
    assert loss == pytest.approx(float(value), rel=1e-12)
    assert relative_error(gradient, tape.gradient(value, z).numpy()) < 1e-12


def test_a_network_learns_xor():
    rng = np.random.default_rng(0)
    x, labels = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    network = nl.Network([nl.Dense(2, 8, rng=rng), nl.Activation("tanh"), nl.Dense(8, 2, rng=rng)])
    for _ in range(500):
        loss, gradient = nl.softmax_cross_entropy(network.forward(x), labels)
        network.backward(gradient)
        for name, parameter in network.parameters.items():
            parameter -= 0.5 * network.gradients[name]
    assert loss < 0.05


def test_whole_numbers_may_go_in():
    layer = nl.Conv1D(1, 2, kernel_size=2, rng=np.random.default_rng(0))
    assert layer.forward(np.arange(5).reshape(1, 5, 1)).shape == (1, 4, 2)
    assert layer.backward(np.ones((1, 4, 2), int)).dtype == float


def test_wrong_shapes_are_explained():
    rng = np.random.default_rng(0)
    dense, conv = nl.Dense(5, 4, rng=rng), nl.Conv1D(5, 4, kernel_size=3, rng=rng)
    with pytest.raises(ValueError, match="with 5 features; got an array of shape"):
        dense.forward(np.zeros((2, 6)))
    with pytest.raises(ValueError, match=r"takes \(clips, frames, features\) with 5 features"):
        conv.forward(np.zeros((2, 5)))
    with pytest.raises(ValueError, match="does not fit into 2"):
        conv.forward(np.zeros((2, 2, 5)))
    with pytest.raises(ValueError, match="does not fit into 1"):
        nl.MaxPooling1D(2).forward(np.zeros((2, 1, 5)))
    with pytest.raises(ValueError, match="call forward first"):
        dense.backward(np.zeros((2, 4)))
    dense.forward(np.zeros((2, 5)))
    with pytest.raises(ValueError, match=r"shape of the output, \(2, 4\)"):
        dense.backward(np.zeros((2, 5)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nl.Activation("softplus"), "'relu', 'tanh', 'sigmoid'"),
        (lambda: nl.Network([]), "at least one layer"),
        (lambda: nl.Network(["dense"]), "at least one layer"),
        (lambda: nl.Dense(0, 4, rng=np.random.default_rng(0)), "n_inputs must be a whole number"),
        (lambda: nl.softmax_cross_entropy(np.zeros((2, 3)), [0.0, 1.0]), "one whole number a clip"),
        (lambda: nl.softmax_cross_entropy(np.zeros((2, 3)), [0, 3]), "must lie in 0 … 2"),
        (lambda: nl.softmax_cross_entropy(np.zeros(3), [0]), "must have the shape"),
    ],
)
def test_wrong_arguments_are_explained(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_chance_comes_from_a_generator():
    with pytest.raises(TypeError, match="NumPy generator"):
        nl.Dense(2, 2, rng=0)


def test_no_other_library_is_loaded():
    heavy = "tensorflow keras scipy librosa sklearn matplotlib"
    program = f"import sys, speechbook.numpy_layers; sys.exit(any(m in sys.modules for m in {heavy!r}.split()))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_oracle_refuses_another_shape():
    with pytest.raises(ValueError, match="shape of the output"):
        keras_gradients(K.Dense(2), np.ones((1, 1)), weights=[[[1.0, 2.0]], [0.0, 0.0]], upstream=[[1.0]])
