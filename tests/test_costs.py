"""Counting what networks cost, against TensorFlow's own counts, and the arithmetic of bytes and energy."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2_as_graph
from tensorflow.python.framework.ops import get_stats_for_node_def

from speechbook import compress, costs, models
from speechbook._keras import keras

layers = keras.layers
KERNELS = {"MatMul", "Conv2D", "BatchMatMulV2"}


def counted_by_tensorflow(model):
    """Add up the multiply-adds of all kernels in TensorFlow's graph; it counts two operations each."""
    clip = tf.TensorSpec((1, *model.input_shape[1:]), tf.float32)
    _, definition = convert_variables_to_constants_v2_as_graph(tf.function(model).get_concrete_function(clip))
    with tf.Graph().as_default() as graph:
        tf.graph_util.import_graph_def(definition, name="")
        nodes = [operation.node_def for operation in graph.get_operations() if operation.type in KERNELS]
        return sum(get_stats_for_node_def(graph, node, "flops").value for node in nodes) // 2


def test_article_b_by_hand():
    counts = [cost.multiply_adds for cost in costs.count(models.article_b())]
    assert counts == [26 * 26 * 9 * 32, 24 * 24 * 9 * 32 * 64, 0, 0, 0, 9216 * 128, 0, 1280]
    assert costs.total(models.article_b())[2:] == (1_199_882, 11_992_448)


@pytest.mark.parametrize(
    "stack",
    [
        [keras.Input((9, 8, 2)), layers.Conv2D(4, (3, 5), strides=(1, 2), padding="same"), layers.Flatten()],
        [keras.Input((12, 6)), layers.Conv1D(8, 3, strides=2), layers.GRU(5, unroll=True), layers.Dense(4)],
        [keras.Input((7, 3)), layers.LSTM(4, unroll=True, return_sequences=True), layers.Dense(2)],
        [keras.Input((7, 3)), layers.Bidirectional(layers.SimpleRNN(4, unroll=True)), layers.Dense(2)],
    ],
    ids=["conv2d", "conv1d-gru", "lstm", "bidirectional"],
)
def test_counts_are_those_of_tensorflow(stack):
    model = keras.Sequential(stack)
    assert costs.total(model).multiply_adds == counted_by_tensorflow(model) > 0
    assert costs.total(model).parameters == model.count_params()


def test_the_recogniser_in_parts():
    model = models.digit_recogniser(n_frames=100)
    counted = {cost.layer: cost for cost in costs.count(model)}
    convolutions = [cost.multiply_adds for cost in counted.values() if cost.kind == "Conv2D"]
    assert convolutions[:2] == [100 * 20 * 25 * 24, 50 * 10 * 9 * 24 * 36]
    recurrent = next(cost for cost in counted.values() if cost.kind == "Bidirectional")
    assert recurrent.multiply_adds == 2 * 25 * 3 * 48 * (128 + 48)
    assert costs.total(model).parameters == model.count_params()


def test_factored_kernels_cost_what_two_layers_cost():
    whole = keras.Sequential([keras.Input((20,)), layers.Dense(30)])
    rank = compress.rank_for((20, 30), share=0.5)
    thin = keras.Sequential([keras.Input((20,)), layers.Dense(rank, use_bias=False), layers.Dense(30)])
    assert costs.total(whole, rank_share=0.5)[2:] == costs.total(thin)[2:]
    square = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(16, 3)])
    rank = compress.rank_for((3, 3, 3, 16), share=0.5)
    thin = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(rank, 3, use_bias=False), layers.Conv2D(16, 1)])
    assert costs.total(square, rank_share=0.5)[2:] == costs.total(thin)[2:]


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_bytes_are_those_of_packed_bits(bits):
    model = keras.Sequential([keras.Input((33,)), layers.Dense(10), layers.BatchNormalization()])
    levels, scales = compress.quantise(model.get_weights()[0], bits=bits)
    packed = np.packbits((levels.ravel()[:, None] >> np.arange(bits)) & 1)
    others = sum(weight.nbytes for weight in model.get_weights()[1:])
    assert costs.size_in_bytes(model, bits=bits) == packed.nbytes + scales.nbytes + others
    assert costs.size_in_bytes(model) == sum(weight.nbytes for weight in model.get_weights())


def test_few_zeros_save_nothing():
    model = keras.Sequential([keras.Input((100,)), layers.Dense(80)])
    sizes = [costs.size_in_bytes(model, bits=4, pruned=share) for share in (0, 0.1, 0.25, 0.5, 1)]
    assert sizes[0] == sizes[1] == sizes[2] > sizes[3] > sizes[4]
    assert sizes[3] == 8000 // 8 + 4000 * 4 // 8 + 2 * 80 * 4


def test_energy_is_a_sum_of_products():
    assert costs.energy(1e6, 0) == pytest.approx(4.6e-6)
    assert costs.energy(1e6, 0, arithmetic="int8") == pytest.approx(0.3e-6)
    assert costs.energy(0, 8, memory="DRAM") == pytest.approx(1.95e-9)
    assert costs.energy(0, 8, memory="8 KB") == pytest.approx(10e-12)


def test_latency_is_the_median_after_one_round(monkeypatch):
    asked, clock = [], itertools.accumulate([0, 5, 1, 1, 1, 3, 1, 9])
    monkeypatch.setattr(costs.time, "perf_counter", lambda: next(clock))
    assert costs.latency(lambda: asked.append(1), rounds=3) == 3
    assert len(asked) == 4


def test_the_compiled_function_hears_new_weights():
    model = keras.Sequential([keras.Input((6,)), layers.Dense(3)])
    answers, x = costs.compiled(model, clips_at_once=4), np.random.default_rng(0).normal(size=(10, 6))
    np.testing.assert_allclose(answers(x), model(x), atol=1e-6)
    model.set_weights([2 * weight for weight in model.get_weights()])
    np.testing.assert_allclose(answers(x), model(x), atol=1e-6)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: costs.count(models.digit_recogniser()), "build the model for one"),
        (lambda: costs.count(keras.Sequential([keras.Input((4, 4, 1)), layers.DepthwiseConv2D(3)])), "DepthwiseConv2D"),
        (lambda: costs.size_in_bytes(models.article_a(), bits=1), "bits must be from 2 to 32"),
        (lambda: costs.size_in_bytes(models.article_a(), pruned=2), "pruned a share"),
        (lambda: costs.energy(1, 1, arithmetic="DRAM"), "arithmetic must be one of"),
        (lambda: costs.energy(1, 1, memory="cloud"), "memory one of"),
        (lambda: costs.latency(lambda: None, rounds=0), "above 0"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()
