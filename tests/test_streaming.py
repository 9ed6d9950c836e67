"""Whatever the chunks, the stream gives what the whole recording gives; oracles are Keras and loops."""

import numpy as np
import pytest

from speechbook import frontend, keyword_network, streaming
from speechbook._keras import keras
from speechbook.streaming_frontend import (
    FAINTEST,
    GAIN,
    OFFSET,
    ROOT,
    SMOOTHING,
    PerChannelEnergy,
    StreamingFrontEnd,
    pictures,
)


@pytest.fixture(scope="module")
def model():
    """A network whose batch statistics are not the initial ones."""
    keras.utils.set_random_seed(3)
    built = keyword_network.network(n_classes=5, channels=12)
    rng = np.random.default_rng(3)
    built.set_weights([np.abs(w + 0.3 * rng.standard_normal(w.shape)) if w.ndim == 1 else w for w in built.weights])
    return built


def pieces(y, rng, *, most):
    """Cut at random places, empty pieces among them."""
    cuts = np.cumsum(rng.integers(0, most, size=3 * len(y) // most))
    return np.split(y, cuts[cuts < len(y)])


@pytest.mark.parametrize("most", [37, 300, 5000])
def test_any_chunks_give_what_the_whole_gives(model, most):
    rng = np.random.default_rng(most)
    y = (0.1 * rng.standard_normal(12345)).astype(np.float32)
    whole = pictures(y)
    front_end = StreamingFrontEnd()
    np.testing.assert_allclose(
        np.concatenate([front_end.push(part) for part in pieces(y, rng, most=most)]), whole, atol=1e-5
    )
    heard = streaming.listen(streaming.Listener(model), pieces(y, rng, most=most))
    np.testing.assert_allclose(heard, model(whole[None])[0], atol=1e-5)


def test_frames_are_those_of_the_book_but_for_the_level():
    y = (0.1 * np.random.default_rng(0).standard_normal(4000)).astype(np.float32)
    y /= 2 * np.abs(y).max()
    offline = frontend.mel_powers([y], sample_rate=8000, trimmed=False)[0]
    np.testing.assert_allclose(StreamingFrontEnd().powers(y), offline, rtol=1e-5)


def test_normalisation_is_wangs_formula():
    power = np.random.default_rng(1).random((30, 40))
    mean, wanted = power[0], []
    for row in power:
        mean = (1 - SMOOTHING) * mean + SMOOTHING * row
        wanted.append((row / (FAINTEST + mean) ** GAIN + OFFSET) ** ROOT - OFFSET**ROOT)
    np.testing.assert_allclose(PerChannelEnergy()(power), wanted, atol=1e-5)


def test_an_output_sees_its_reach_and_no_more(model):
    network = streaming.StreamingNetwork(model)
    x = np.random.default_rng(2).standard_normal((200, 40)).astype(np.float32)
    base = model(x[None])[0].numpy()
    n = 40
    for frame, seen in (
        (n * network.step, True),
        (n * network.step + 1, False),
        (n * network.step - network.reach, False),
    ):
        other = x.copy()
        other[frame] += 5
        assert (np.abs(model(other[None])[0].numpy()[n] - base[n]).max() > 1e-7) == seen


def test_what_cannot_be_streamed_is_refused():
    ahead = keras.Sequential([keras.Input((None, 40)), keras.layers.Conv1D(3, 5, padding="same")])
    with pytest.raises(ValueError, match="cannot be streamed"):
        streaming.StreamingNetwork(ahead)
    with pytest.raises(ValueError, match="mono"):
        StreamingFrontEnd().push(np.zeros((2, 400)))
    with pytest.raises(ValueError, match="kernel"):
        streaming.CausalConvolution(np.zeros((3, 2)), [0.0])
    with pytest.raises(ValueError, match="not negative"):
        PerChannelEnergy()(-np.ones((2, 40)))
