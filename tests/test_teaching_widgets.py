"""What teaches how networks look: what Python takes and refuses, and that the page's arithmetic equals Python's."""

import gzip

import librosa
import numpy as np
import pytest
from scipy.signal import correlate2d
from scipy.special import softmax

from speechbook import compress
from speechbook.widgets import (
    AttentionMap,
    CompressionExplorer,
    ConvolutionStepper,
    FilterbankDesigner,
)
from speechbook.widgets.traits import STATIC
from tests.teaching import in_javascript

# Instruments that read sound or run a network; everything else is a teaching widget.
INSTRUMENTS = {"sound-lab", "voice-teacher", "recogniser", "listening-ladder", "spectrogram-explorer"}


def test_programs_stay_small():
    bundles = list(STATIC.glob("*.js"))
    assert {bundle.stem for bundle in bundles} > INSTRUMENTS
    for bundle in bundles:
        plain, compressed = (75_000, 30_000) if bundle.stem in INSTRUMENTS else (20_000, 8_500)
        assert bundle.stat().st_size <= plain, bundle.name
        assert len(gzip.compress(bundle.read_bytes())) <= compressed, bundle.name


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
