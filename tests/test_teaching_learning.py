"""What teaches how networks learn: what Python takes and refuses, and that the page's arithmetic equals Python's."""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from speechbook.widgets import (
    GateStepper,
    LossSurface,
    NeuronPlayground,
    SoftmaxExplorer,
)
from speechbook.widgets.loss_surface import OPTIMISERS, SURFACES
from tests.teaching import in_javascript

# --- softmax -------------------------------------------------------------------------------------------------------


def test_softmax_loss_and_gradient_equal_numpy():
    rng = np.random.default_rng(0)
    orders, expected = [], []
    for n_classes in (2, 3, 10, 20):
        for smoothing in (0.0, 0.1, 0.5):
            for scale in (1.0, 30.0, 800.0):
                logits, target = scale * rng.standard_normal(n_classes), int(rng.integers(n_classes))
                temperature = float(rng.uniform(0.1, 10))
                orders.append(["softmax", {"logits": logits.tolist(), "target": target, "temperature": temperature}])
                orders[-1][1]["smoothing"] = smoothing
                p, log_p = softmax(logits / temperature), log_softmax(logits / temperature)
                y = np.eye(n_classes)[target] * (1 - smoothing) + smoothing / n_classes
                loss = -np.sum(np.where(y > 0, y * log_p, 0))
                entropy = -np.sum(np.where(p > 0, p * log_p, 0))
                expected.append({"p": p, "y": y, "loss": loss, "entropy": entropy, "gradient": (p - y) / temperature})
    for ours, theirs in zip(in_javascript(orders), expected, strict=True):
        for name, value in theirs.items():
            np.testing.assert_allclose(ours[name], value, rtol=1e-12, atol=1e-12, err_msg=name)


def test_the_softmax_gradient_is_the_slope_of_the_loss():
    logits, width = np.array([0.3, -1.2, 2.0]), 1e-6
    settings = {"target": 1, "temperature": 0.7, "smoothing": 0.2}
    moved = [logits + sign * width * row for row in np.eye(3) for sign in (1, -1)]
    results = in_javascript([["softmax", {"logits": z.tolist(), **settings}] for z in [logits, *moved]])
    losses = np.array([result["loss"] for result in results[1:]]).reshape(3, 2)
    np.testing.assert_allclose(results[0]["gradient"], (losses[:, 0] - losses[:, 1]) / (2 * width), atol=1e-8)


def test_the_softmax_explorer_knows_its_probabilities():
    explorer = SoftmaxExplorer(np.array([1, 2, 3]), labels=[0, 1, 2], temperature=0.5)
    np.testing.assert_allclose(explorer.probabilities, softmax([2, 4, 6]))
    assert explorer.labels == ["0", "1", "2"]
    explorer.set_state({"logits": [0.0, 0.5, 1.0], "target": 2, "temperature": 1.0})
    assert explorer.logits.tolist() == [0.0, 0.5, 1.0]
    assert repr(explorer) == "SoftmaxExplorer(3 classes, target='2', temperature=1)"
    with pytest.raises(ValueError, match="read-only"):
        explorer.logits[0] = 9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"labels": ["a"]}, "labels must be 2 to 20 different names"),
        ({"labels": ["a", "b", "b"]}, "labels must be 2 to 20 different names"),
        ({"labels": ["a", "b"]}, "there are 2 labels, but 3 logits"),
        ({"logits": [1.0, np.nan, 2.0]}, "logits holds values that are not finite"),
        ({"logits": [[1.0, 2.0, 3.0]]}, r"logits must have the shape \(n_classes,\), but has \(1, 3\)"),
        ({"logits": "many"}, "logits must hold numbers"),
        ({"target": 3}, "target must lie between 0 and 2, but is 3"),
        ({"temperature": 0.0}, "temperature must lie between 0.1 and 10, but is 0.0"),
        ({"smoothing": 1.0}, "smoothing must lie between 0 and 0.5"),
    ],
)
def test_the_softmax_explorer_refuses_in_words(arguments, message):
    arguments = {"logits": [1.0, 2.0, 3.0], "labels": ["a", "b", "c"], **arguments}
    with pytest.raises(ValueError, match=message):
        SoftmaxExplorer(**arguments)


# --- neuron --------------------------------------------------------------------------------------------------------

ACTIVATIONS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(0, z),
    "step": lambda z: (z > 0).astype(float),
}


def test_the_neuron_equals_numpy_and_agrees_about_its_accuracy():
    rng = np.random.default_rng(1)
    points, labels = rng.standard_normal((200, 2)), rng.integers(0, 2, 200)
    for activation, function in ACTIVATIONS.items():
        playground = NeuronPlayground(points, labels, feature_names=["x", "y"], activation=activation)
        playground.weights, playground.bias = rng.normal(size=2), rng.normal()
        unit = {name: playground.get_state()[name] for name in ("weights", "bias", "activation")}
        sent = np.frombuffer(playground.get_state()["points"]["values"], "<f4").reshape(-1, 2).tolist()
        outputs, right = in_javascript([["outputs", sent, unit], ["judge", sent, labels.tolist(), unit]])
        z = playground.points.astype(float) @ playground.weights + playground.bias
        np.testing.assert_allclose(outputs, function(z), atol=1e-14)
        assert np.mean(right) == playground.accuracy


def test_the_line_is_where_z_is_zero():
    rng = np.random.default_rng(2)
    units = [{"weights": rng.normal(size=2).tolist(), "bias": float(rng.normal())} for _ in range(50)]
    units += [{"weights": [1, 0], "bias": 0.5}, {"weights": [0, 1], "bias": 0.5}]
    ends = in_javascript([["boundary", unit, [-3, 3], [-2, 2]] for unit in units])
    for unit, line in zip(units, ends, strict=True):
        assert len(line) in (0, 2)
        for point in line:
            assert np.dot(unit["weights"], point) + unit["bias"] == pytest.approx(0, abs=1e-12)
    assert in_javascript([["boundary", {"weights": [0, 0], "bias": 1}, [0, 1], [0, 1]]]) == [[]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"labels": [0, 2]}, "labels must be one row of 0 and 1"),
        ({"labels": [0, 1, 1]}, r"there are 3 labels and points of shape \(2, 2\)"),
        ({"points": [[1, 2, 3], [1, 2, 3]]}, r"points of shape \(2, 3\)"),
        ({"points": [[1, 2], [1]]}, r"points must hold numbers in the shape \(n, 2\)"),
        ({"feature_names": ["x"]}, "feature_names must be two different names"),
        ({"class_names": ["a", "a"]}, "class_names must be two different names"),
        ({"weights": [1, 2, 3]}, "weights must be two numbers"),
        ({"activation": "swish"}, "activation must be one of 'sigmoid', 'tanh', 'relu', 'step', but is 'swish'"),
    ],
)
def test_the_neuron_playground_refuses_in_words(arguments, message):
    arguments = {"points": [[1, 2], [3, 4]], "labels": [0, 1], "feature_names": ["x", "y"], **arguments}
    with pytest.raises(ValueError, match=message):
        NeuronPlayground(**arguments)


# --- gates ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


def in_keras(keras, stepper: GateStepper) -> np.ndarray:
    """Output and, of an LSTM, the cell after every frame [shape=(1 or 2, frames)]."""
    kind = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[stepper.cell]
    layer = kind(1, return_sequences=True, return_state=True, dtype="float64")
    x = stepper.signal.astype(float)[None, :, None]
    layer.build(x.shape)
    layer.set_weights(stepper.keras_weights)
    outputs = layer(x)
    h = np.asarray(outputs[0])[0, :, 0]
    if stepper.cell == "gru":
        return h[None]
    c = [float(np.asarray(layer(x[:, : t + 1])[2])[0, 0]) for t in range(0, len(h), 7)]
    return np.array([h[::7], c])


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gates_equal_keras(keras, cell):
    rng = np.random.default_rng(4)
    for scale in (1.0, 5.0):
        stepper = GateStepper(scale * rng.standard_normal(40), cell=cell)
        stepper.parameters = {name: float(rng.uniform(-3, 3)) for name in stepper.parameters}
        sent = np.frombuffer(stepper.get_state()["signal"]["values"], "<f4").tolist()
        (steps,) = in_javascript([["gates", cell, sent, stepper.parameters]])
        names = ["h", "c"] if cell == "lstm" else ["h"]
        ours = np.array([[step[name] for step in steps] for name in names])
        theirs = in_keras(keras, stepper)
        np.testing.assert_allclose(ours[:, ::7] if cell == "lstm" else ours, theirs, atol=1e-12)


def test_setting_some_parameters_keeps_the_others():
    stepper = GateStepper([0.0, 1.0], parameters={"input_weight": 2})
    stepper.parameters = {"forget_bias": np.float32(5)}
    assert (stepper.parameters["input_weight"], stepper.parameters["forget_bias"]) == (2.0, 5.0)
    stepper.set_state({"parameters": {**stepper.parameters, "reset_bias": -1}, "step": 1, "cell": "gru"})
    assert (stepper.parameters["input_weight"], stepper.parameters["reset_bias"]) == (2.0, -1.0)
    assert repr(stepper) == "GateStepper(2 frames, cell='gru', step=1)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"signal": np.zeros(401)}, "signal must have at most 400 frames, but has 401"),
        ({"signal": []}, r"signal must have the shape \(n_frames,\), but has \(0,\)"),
        ({"cell": "rnn"}, "cell must be one of 'lstm', 'gru', but is 'rnn'"),
        ({"parameters": {"bias": 1}}, "parameters are input_weight, .*; not known: 'bias'"),
        ({"parameters": {"input_bias": 21}}, "input_bias must lie between -20 and 20, but is 21"),
        ({"parameters": {"input_bias": "1"}}, "input_bias must lie between -20 and 20, but is '1'"),
        ({"frame_seconds": 0}, "frame_seconds must be above 0"),
    ],
)
def test_the_gate_stepper_refuses_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        GateStepper(**{"signal": np.zeros(9), **arguments})


# --- loss surface --------------------------------------------------------------------------------------------------

WALKS = [
    {"surface": surface, "optimiser": optimiser, "learning_rate": rate, "start": start}
    for surface in SURFACES
    for optimiser in OPTIMISERS
    for rate, start in ((0.125, (-1.5, 1.0)), (0.015625, (1.75, -0.5)))
]


def in_keras_steps(keras, walk: LossSurface) -> np.ndarray:
    """Path of Keras' optimiser in double precision, which it is only without rounded settings.

    It rounds Python's numbers to single precision: so learning rates are powers of two here, and decays NumPy's.
    """
    betas = {"beta_1": np.float64(0.9), "beta_2": np.float64(0.999)}
    makers = {
        "sgd": keras.optimizers.SGD,
        "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=np.float64(walk.momentum)),
        "rmsprop": keras.optimizers.RMSprop,
        "adam": lambda rate: keras.optimizers.Adam(rate, **betas),
    }
    weights = keras.Variable(walk.start, dtype="float64")
    optimiser = makers[walk.optimiser](walk.learning_rate)
    path = [weights.numpy()]
    for _ in range(walk.steps):
        optimiser.apply([keras.ops.convert_to_tensor(SURFACES[walk.surface][1](*path[-1]), "float64")], [weights])
        path.append(weights.numpy())
    return np.array(path)


def test_paths_equal_keras(keras):
    walks = [LossSurface(**settings, steps=40) for settings in WALKS]
    names = ("surface", "optimiser", "learning_rate", "momentum", "start", "steps")
    orders = [["walk", {name: walk.get_state()[name] for name in names}] for walk in walks]
    for walk, page in zip(walks, in_javascript(orders), strict=True):
        np.testing.assert_allclose(page, walk.path, rtol=1e-9, atol=1e-9)
    for walk in walks[::2]:
        np.testing.assert_allclose(walk.path, in_keras_steps(keras, walk), rtol=1e-9, atol=1e-9, err_msg=repr(walk))


def test_surfaces_are_the_same_on_both_sides_and_their_minima_flat():
    places = np.random.default_rng(5).uniform(-2, 2, (20, 2))
    for name, (loss, gradient) in SURFACES.items():
        page = in_javascript([["loss", name, *place] for place in places.tolist()])
        np.testing.assert_allclose(page, loss(*places.T), rtol=1e-12)
        slopes = [(loss(x + 1e-6, y) - loss(x - 1e-6, y), loss(x, y + 1e-6) - loss(x, y - 1e-6)) for x, y in places]
        np.testing.assert_allclose(np.array(slopes) / 2e-6, np.stack(gradient(*places.T), axis=1), atol=1e-6)
        (minima,) = in_javascript([["minima", name]])
        np.testing.assert_allclose([slope for _, slope in minima], 0, atol=1e-6)


def test_a_path_that_diverges_ends_on_both_sides_alike():
    walk = LossSurface(learning_rate=1.0)
    assert 2 < len(walk.path) < 51
    settings = {"surface": "ravine", "optimiser": "sgd", "learning_rate": 1.0, "start": [-1.5, 1.0], "steps": 50}
    assert len(in_javascript([["walk", settings]])[0]) == len(walk.path)
    assert walk.losses[0] == 0.5 * 1.5**2 + 7.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"surface": "hill"}, "surface must be one of 'bowl', 'ravine', 'two valleys', 'saddle', but is 'hill'"),
        ({"optimiser": "lion"}, "optimiser must be one of 'sgd', 'momentum', 'rmsprop', 'adam', but is 'lion'"),
        ({"learning_rate": 0}, "learning_rate must lie between 0.0001 and 2, but is 0"),
        ({"momentum": 1.0}, "momentum must lie between 0 and 0.99"),
        ({"start": (3, 0)}, r"start must be x from -2 to 2 and y from -1.5 to 1.5, but is \[3.0, 0.0\]"),
        ({"start": (0, 0, 0)}, "start must be x from"),
        ({"steps": 201}, "steps must lie between 0 and 200"),
    ],
)
def test_the_loss_surface_refuses_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        LossSurface(**arguments)
