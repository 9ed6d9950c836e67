"""Rounding, pruning and factoring weights, against TensorFlow, SciPy and brute force."""

import numpy as np
import pytest
import scipy.linalg
import tensorflow as tf

from speechbook import compress, page_model
from speechbook._keras import keras


@pytest.fixture
def kernel():
    return np.random.default_rng(0).normal(size=(3, 5, 8)).astype("float32") * np.geomspace(0.01, 10, 8)


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((12, 6)),
            layers.Conv1D(8, 3),
            layers.BatchNormalization(),
            layers.Bidirectional(layers.GRU(5)),
            layers.Dense(4),
        ]
    )


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_rounding_is_that_of_tensorflow(kernel, bits):
    ours = compress.quantise(kernel, bits=bits, per_channel=False)
    top = float(np.abs(kernel).max())
    oracle = tf.quantization.quantize_and_dequantize_v2(
        kernel, -top, top, num_bits=bits, range_given=True, narrow_range=True, round_mode="HALF_TO_EVEN"
    )
    np.testing.assert_allclose(ours.values, oracle, atol=1e-5 * top)
    assert np.abs(ours.levels).max() == 2 ** (bits - 1) - 1


def test_each_channel_has_its_own_scale(kernel):
    ours = compress.quantise(kernel, bits=4)
    for k in range(8):
        own = compress.quantise(kernel[..., k], bits=4, per_channel=False)
        np.testing.assert_array_equal(ours.levels[..., k], own.levels)
    assert (np.abs(ours.values - kernel) <= ours.scales / 2 + 1e-6).all()
    whole = compress.quantise(kernel, bits=4, per_channel=False)
    assert np.square(whole.values - kernel).sum() > np.square(ours.values - kernel).sum()


def test_eight_bits_are_what_the_page_gets(kernel):
    levels, scales = page_model.round_weights(kernel)
    ours = compress.quantise(kernel, bits=8)
    np.testing.assert_array_equal(ours.levels, levels)
    np.testing.assert_allclose(ours.scales, scales)


def test_zeros_stay_zeros():
    rounded = compress.quantise(np.zeros((4, 2)), bits=8)
    assert not rounded.values.any()
    assert np.isfinite(rounded.scales).all()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.75, 1.0])
def test_what_is_pruned_is_smaller_than_what_stays(share):
    rng = np.random.default_rng(1)
    kernels = [rng.normal(size=(4, 6)), 3 * rng.normal(size=(2, 3, 5))]
    stays = compress.masks(kernels, share=share)
    kept = np.concatenate([np.abs(kernel[mask]) for kernel, mask in zip(kernels, stays, strict=True)])
    gone = np.concatenate([np.abs(kernel[~mask]) for kernel, mask in zip(kernels, stays, strict=True)])
    assert len(gone) == round(share * 54)
    assert not len(gone) or not len(kept) or gone.max() <= kept.min()
    apart = compress.masks(kernels, share=share, together=False)
    assert [int((~mask).sum()) for mask in apart] == [round(share * 24), round(share * 30)]


def test_equal_weights_are_pruned_to_the_exact_share():
    (mask,) = compress.masks([np.ones(10)], share=0.4)
    assert mask.sum() == 6


@pytest.mark.parametrize("rank", [1, 3, 7])
def test_no_matrix_of_that_rank_is_nearer(rank):
    matrix = np.random.default_rng(2).normal(size=(9, 7)).astype("float32")
    left, right = compress.low_rank(matrix, rank=rank)
    assert left.shape == (9, rank)
    assert right.shape == (rank, 7)
    rest = scipy.linalg.svdvals(matrix)[rank:]
    assert np.linalg.norm(matrix - left @ right) == pytest.approx(np.sqrt((rest**2).sum()), abs=1e-5)


@pytest.mark.parametrize("shape", [(96, 144), (5, 5, 1, 24), (96, 1), (3, 4)])
@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_the_rank_is_the_largest_that_fits(shape, share):
    inputs, outputs = int(np.prod(shape[:-1])), shape[-1]
    fitting = [r for r in range(1, min(inputs, outputs) + 1) if r * (inputs + outputs) <= share * inputs * outputs]
    assert compress.rank_for(shape, share=share) == (fitting[-1] if fitting else 1)
    assert compress.factored_size(shape, share=share) <= inputs * outputs


def test_two_thin_layers_answer_as_the_one_with_their_product():
    rng = np.random.default_rng(3)
    x, kernel = rng.normal(size=(5, 20)).astype("float32"), rng.normal(size=(20, 30)).astype("float32")
    whole = keras.Sequential([keras.Input((20,)), keras.layers.Dense(30)])
    whole.set_weights(compress.truncated(whole, [kernel, np.zeros(30)], share=0.5))
    thin = keras.Sequential([keras.Input((20,)), keras.layers.Dense(6, use_bias=False), keras.layers.Dense(30)])
    thin.set_weights([*compress.low_rank(kernel, rank=6), np.zeros(30)])
    assert compress.rank_for((20, 30), share=0.5) == 6
    np.testing.assert_allclose(whole(x), thin(x), atol=1e-4)


def test_only_kernels_change(model):
    weights = model.get_weights()
    places = compress.kernel_places(model)
    assert [weights[place].ndim for place in places] == [3, 2, 2, 2, 2, 2]
    for new in (
        compress.rounded(model, weights, bits=2),
        compress.pruned(model, weights, share=0.9),
        compress.truncated(model, weights, share=0.3),
    ):
        for place, (before, after) in enumerate(zip(weights, new, strict=True)):
            assert np.array_equal(before, after) == (place not in places)
        model.set_weights(new)


def test_zeros_are_held_in_training_and_let_go_afterwards():
    layers = keras.layers
    model = keras.Sequential([keras.Input((12, 6)), layers.Conv1D(8, 3), layers.Flatten(), layers.Dense(4)])
    weights = compress.pruned(model, model.get_weights(), share=0.8)
    model.set_weights(weights)
    release = compress.hold_zeros(model)
    optimiser = keras.optimizers.AdamW(0.05, use_ema=True, ema_momentum=0.5)
    model.compile(optimiser, "mse")
    rng = np.random.default_rng(4)
    batch = rng.normal(size=(8, 12, 6)), rng.normal(size=(8, 4))
    for _ in range(3):
        model.train_on_batch(*batch)
    optimiser.finalize_variable_values(model.trainable_variables)
    release()
    moved = 0
    for place in compress.kernel_places(model):
        after = model.get_weights()[place]
        assert not after[weights[place] == 0].any()
        moved += int((after != weights[place]).sum())
    assert moved > 0
    model.compile("adam", "mse")
    model.train_on_batch(*batch)
    assert all(model.get_weights()[place].all() for place in compress.kernel_places(model))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: compress.quantise([1.0], bits=1), "one bit has no zero"),
        (lambda: compress.quantise([1.0], bits=17), "from 2 to 16"),
        (lambda: compress.quantise([np.nan], bits=8), "finite"),
        (lambda: compress.masks([[1.0]], share=1.5), "from 0 to 1"),
        (lambda: compress.masks([], share=0.5), "no kernels"),
        (lambda: compress.low_rank([1.0, 2.0], rank=1), "two axes"),
        (lambda: compress.low_rank(np.ones((3, 2)), rank=3), "at most 2"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()
