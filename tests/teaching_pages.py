"""What the tests of the teaching widgets in a browser share: one of each kind, and ways to use it."""

import numpy as np

from speechbook.long_recording import Spoken
from speechbook.widgets import (
    AlarmTuner,
    AlignmentExplorer,
    AttentionMap,
    CompressionExplorer,
    ConvolutionStepper,
    CtcLattice,
    FilterbankDesigner,
    FilterTable,
    GateStepper,
    LossSurface,
    NeuronPlayground,
    SoftmaxExplorer,
    TransducerLattice,
)

EXAMPLES = {}


def example(maker):
    """List a widget among those that all must pass the general tests."""
    EXAMPLES[maker.__name__] = maker
    return maker


@example
def softmax_explorer() -> SoftmaxExplorer:
    return SoftmaxExplorer([2.0, 1.0, -0.5], labels=["six", "seven", "nine"], target=1)


@example
def neuron_playground() -> NeuronPlayground:
    points = [[-1.0, 0.5], [-0.5, -1.0], [1.0, 0.2], [0.6, 1.0]]
    names = {"feature_names": ["loudness", "crossings per second"], "class_names": ["six", "seven"]}
    return NeuronPlayground(points, [0, 0, 1, 1], **names, weights=[0, 1])


@example
def convolution_stepper() -> ConvolutionStepper:
    image = np.add.outer(np.arange(8.0), 2 * np.arange(12.0))
    return ConvolutionStepper(image, sample_rate=8000, hop_length=80, pooling="max")


@example
def compression_explorer() -> CompressionExplorer:
    tables = [[0.6, 0.2], [0.9, 0.4], [0.9, 0.5]], [[4000, 3000], [8000, 5000], [32000, 18000]]
    kernel = np.random.default_rng(0).normal(size=300)
    return CompressionExplorer(kernel, *tables, bits=[4, 8, 32], shares=[0, 0.5], place=(0, 0))


@example
def gate_stepper() -> GateStepper:
    return GateStepper([0.0, 0.2, 1.0, 0.8, 0.1, 0.0], frame_seconds=0.01)


@example
def loss_surface() -> LossSurface:
    return LossSurface(steps=20)


@example
def ctc_lattice() -> CtcLattice:
    posteriors = [[0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.3, 0.3, 0.4], [0.2, 0.1, 0.7]]
    return CtcLattice(posteriors, symbols="-no", target="no", step=3)


@example
def transducer_lattice() -> TransducerLattice:
    probabilities = np.array([[0.7, 0.3, 0.0], [0.4, 0.1, 0.5], [0.8, 0.1, 0.1]]) * np.ones((4, 1, 1))
    return TransducerLattice(probabilities, symbols="-no", target="no", path=[1, 2], position=2)


@example
def alarm_tuner() -> AlarmTuner:
    times = np.arange(2000) / 25
    said = [("seven", 1.0), ("nine", 3.0), ("seven", 62.0), ("seven", 75.0)]
    words = [Spoken(label, start, start + 0.5, "Ann") for label, start in said]
    peaks = zip((1.5, 3.5, 62.6, 75.5, 20.0), (0.9, 0.7, 0.8, 0.3, 0.5), strict=True)
    track = np.max([top * np.exp(-(((times - moment) / 0.1) ** 2)) for moment, top in peaks], axis=0)
    y = 0.1 * np.random.default_rng(0).standard_normal(80 * 3000)
    how = {"wake_word": "seven", "seconds": 80, "threshold": 0.6, "y": y, "sample_rate": 3000}
    return AlarmTuner(track, times, words, **how)


@example
def alignment_explorer() -> AlignmentExplorer:
    return AlignmentExplorer("turn on the light now", "turn the lights now please")


@example
def attention_map() -> AttentionMap:
    weights = np.stack([np.eye(6)[::-1] * 0.7 + 0.05, np.full((6, 6), 1 / 6)])
    return AttentionMap(
        weights, image=np.outer(np.arange(5), np.ones(6)), frame_seconds=0.5, head_names=["back", "even"]
    )


@example
def filterbank_designer() -> FilterbankDesigner:
    return FilterbankDesigner(sample_rate=8000, n_fft=256)


@example
def filter_table() -> FilterTable:
    verdicts = ("wrong", "right")
    rows = [{"id": f"A-1.{n}", "verdict": verdicts[n % 2], "what": "one box, " * n} for n in range(1, 21)]
    columns = {"id": "Claim", "verdict": "Verdict", "what": "Reason"}
    return FilterTable(rows, columns, label="Claims", choices=["verdict"])


def settle(page) -> None:
    """Wait until the widgets are there and have drawn what was last asked of them."""
    page.locator(".sbw :is(button, input)").first.wait_for(state="attached")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def press(page, view, *, times: int = 1) -> None:
    """Move every slider by keys, or type into every text field where there is no slider."""
    keys = {"slider": "ArrowRight", "textbox": "x"}
    role = next(role for role in keys if view.get_by_role(role).count())
    for control in view.get_by_role(role).all()[:6]:
        control.focus()
        for _ in range(times):
            page.keyboard.press(keys[role])
    settle(page)


def describe(page) -> str:
    settle(page)
    return page.get_by_role("img").first.get_attribute("aria-label")
