import numpy as np

from speechbook import training
from speechbook._keras import keras
from speechbook._training_step import prepare, train_step

X, Y = np.random.default_rng(0).standard_normal((32, 6)).astype(np.float32), np.arange(32) % 3
WEIGHT = np.linspace(0.5, 2, 32).astype(np.float32)


class Counting(keras.Model):
    traces = 0

    def train_step(self, data):
        self.traces += 1
        return super().train_step(data)


def model(**settings):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((6,))
    hidden = keras.layers.Dropout(0.5)(keras.layers.BatchNormalization()(inputs))
    model = Counting(inputs, keras.layers.Dense(3, activation="softmax")(hidden))
    optimiser = keras.optimizers.AdamW(0.01, use_ema=True)
    model.compile(optimiser, "sparse_categorical_crossentropy", metrics=["accuracy"], **settings)
    return model


def test_a_step_is_traced_once_and_learns_what_keras_learns():
    ours, theirs = model(), model()
    for _ in range(3):
        loss = train_step(ours, X, Y, WEIGHT)
        expected = theirs.train_on_batch(X, Y, sample_weight=WEIGHT)[0]
        assert loss == expected
    assert ours.traces == 1
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_fitting_traces_once_too():
    network = model(weighted_metrics=["accuracy"])
    training.fit(network, X, Y, epochs=2, batch_size=8, progress=False)
    assert network.traces == 1


def test_a_model_that_has_learnt_is_left_alone():
    network = model()
    train_step(network, X, Y)
    before = [variable.numpy() for variable in [*network.variables, *network.metrics_variables]]
    prepare(network, X, Y)
    for one, other in zip(before, [*network.variables, *network.metrics_variables], strict=True):
        np.testing.assert_array_equal(one, other.numpy())


def test_several_outputs_are_prepared():
    inputs = keras.Input((6,))
    two = Counting(inputs, [keras.layers.Dense(3)(inputs), keras.layers.Dense(2)(inputs)])
    two.compile("sgd", ["mse", "mae"])
    assert train_step(two, X, [np.zeros((32, 3)), np.zeros((32, 2))]) > 0
    assert two.traces == 1
