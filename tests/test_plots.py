import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from speechbook import features, plots

RATE = 8000


@pytest.fixture(autouse=True)
def style():
    with mpl.rc_context():
        mpl.use("agg")
        plots.use_style()
        yield
        plt.close("all")


def tone(frequency, seconds=0.5):
    return np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE)


def drawn_image(ax):
    (image,) = ax.images
    return image


def labels(ax):
    return ax.get_xlabel(), ax.get_ylabel()


def test_a_waveform_is_drawn_over_seconds():
    ax = plots.plot_waveform(tone(100), sample_rate=RATE, title="A tone")
    x, y = ax.lines[0].get_data()
    np.testing.assert_allclose(x[[0, -1]], [0, 0.5 - 1 / RATE])
    np.testing.assert_allclose(y, tone(100))
    assert labels(ax) == ("Time (s)", "Amplitude (full scale = 1)")
    assert ax.get_title("left") == "A tone"


def brightest(ax):
    """Time and frequency at the centre of the largest value, in the units of the axes."""
    image = drawn_image(ax)
    values = image.get_array()
    row, column = np.unravel_index(np.argmax(values), values.shape)
    left, right, bottom, top = image.get_extent()
    return (
        left + (column + 0.5) * (right - left) / values.shape[1],
        bottom + (row + 0.5) * (top - bottom) / values.shape[0],
    )


def test_a_click_is_drawn_at_its_time_and_a_tone_at_its_frequency():
    y = np.zeros(RATE // 2)
    y[2000:2200] = tone(1000, 0.025)
    db = features.power_to_db(features.power_spectrogram(y, **features.SPEECH_8K))
    ax = plots.plot_spectrogram(db, sample_rate=RATE, hop_length=80)
    time, frequency = brightest(ax)
    assert time == pytest.approx(2100 / RATE, abs=0.006)
    assert frequency == pytest.approx(1000, abs=RATE / 256)
    assert labels(ax) == ("Time (s)", "Frequency (Hz)")
    assert ax.get_ylim() == (0, RATE / 2)
    assert ax.figure.axes[-1].get_ylabel() == "Level (dB)"


@pytest.mark.parametrize(("fmin", "fmax", "n_mels"), [(0.0, None, 40), (60.0, 3800.0, 26), (300.0, 3400.0, 20)])
@pytest.mark.parametrize("frequency", [500, 1000, 2000])
def test_mel_ticks_stand_where_a_tone_of_that_frequency_is(frequency, fmin, fmax, n_mels):
    how = {"sample_rate": RATE, "fmin": fmin, "fmax": fmax}
    levels = features.log_mel(tone(frequency), n_fft=512, hop_length=80, n_mels=n_mels, **how)
    ax = plots.plot_spectrogram(levels, hop_length=80, y_axis="mel", **how)
    ticks = {tick.get_text(): place for tick, place in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)}
    assert brightest(ax)[1] == pytest.approx(ticks[str(frequency)], abs=0.51)
    assert labels(ax) == ("Time (s)", "Frequency (Hz, mel scale)")


def test_a_cepstrogram_counts_coefficients():
    ax = plots.plot_spectrogram(np.eye(13), sample_rate=RATE, hop_length=80, y_axis="mfcc", limits=(-1, 2))
    assert labels(ax) == ("Time (s)", "Coefficient (number)")
    assert drawn_image(ax).get_clim() == (-1, 2)
    assert all(float(place).is_integer() for place in ax.get_yticks())


def test_fmax_shows_only_the_lower_frequencies():
    ax = plots.plot_spectrogram(np.zeros((129, 9)), sample_rate=RATE, hop_length=80, fmax=1500)
    assert ax.get_ylim() == (0, 1500)


def test_a_confusion_matrix_shows_counts_and_shares():
    ax = plots.plot_confusion([[30, 10], [0, 5]], labels=["yes", "no"])
    np.testing.assert_allclose(drawn_image(ax).get_array(), [[75, 25], [0, 100]])
    assert [text.get_text() for text in ax.texts] == ["30", "10", "5"]
    assert labels(ax) == ("Predicted class", "True class")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["yes", "no"]
    assert ax.get_ylim() == (1.5, -0.5)


def contrast(one, other):
    """Contrast of two colours as WCAG defines it."""
    levels = []
    for colour in (one, other):
        rgb = np.array(mpl.colors.to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        levels.append(linear @ [0.2126, 0.7152, 0.0722] + 0.05)
    return max(levels) / min(levels)


def test_every_count_can_be_read_on_its_colour():
    for share in range(1, 101):
        ax = plots.plot_confusion([[share, 100 - share], [0, 1]], labels="ab")
        image = drawn_image(ax)
        assert contrast(ax.texts[0].get_color(), image.cmap(image.norm(share))) >= 4.5, share
        plt.close(ax.figure)


def test_lines_can_be_told_from_the_page():
    assert min(contrast(colour, "white") for colour in plots.COLOURS[:4]) >= 3


def test_a_history_shows_training_and_validation():
    ax = plots.plot_history({"loss": [2.0, 1.0, 0.5], "val_loss": [2.0, 1.5, 1.4]}, metric="loss")
    assert [list(line.get_ydata()) for line in ax.lines] == [[2.0, 1.0, 0.5], [2.0, 1.5, 1.4]]
    assert list(ax.lines[0].get_xdata()) == [1, 2, 3]
    assert labels(ax) == ("Epoch", "Loss")
    ax = plots.plot_history({"sparse_categorical_accuracy": [0.5]}, metric="sparse_categorical_accuracy")
    assert list(ax.lines[0].get_ydata()) == [50]
    assert labels(ax) == ("Epoch", "Sparse categorical accuracy (%)")


def test_intervals_are_drawn_from_low_to_high():
    ax = plots.plot_intervals({"old": (0.9, 0.8, 0.95), "new": (0.6, 0.5, 0.7)})
    (bars,) = ax.collections
    np.testing.assert_allclose([segment[:, 0] for segment in bars.get_segments()], [[80, 95], [50, 70]])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["old", "new"]
    assert ax.get_xlabel() == "Accuracy (%)"
    ax = plots.plot_intervals({"a": (3, 2, 4)}, label="Length", unit="s")
    assert ax.get_xlabel() == "Length (s)"


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: plots.plot_waveform(tone(100), sample_rate=RATE, ax=ax),
        lambda ax: plots.plot_spectrogram(np.zeros((129, 9)), sample_rate=RATE, hop_length=80, ax=ax),
        lambda ax: plots.plot_confusion(np.eye(3), labels="abc", ax=ax),
        lambda ax: plots.plot_history({"accuracy": [0.1]}, ax=ax),
        lambda ax: plots.plot_intervals({"a": (0.5, 0.4, 0.6)}, ax=ax),
    ],
)
def test_a_plot_draws_into_the_axes_that_it_is_given(draw):
    ax = plots.panels(1, 2)[1]
    assert draw(ax) is ax
    assert plt.get_fignums() == [ax.figure.number]
    assert ax.get_xlabel()
    ax.figure.savefig(io.BytesIO())


def test_panels_have_the_width_of_the_book_whatever_their_number():
    for rows, columns in ((1, 1), (2, 1), (3, 2)):
        axes = plots.panels(rows, columns, height=2.0)
        assert axes.shape == (rows * columns,)
        assert axes[0].figure.get_size_inches().tolist() == [plots.STYLE["figure.figsize"][0], 2.0 * rows]


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: plots.plot_waveform(np.zeros((2, 9)), sample_rate=RATE), "mono"),
        (lambda: plots.plot_waveform([], sample_rate=RATE), "at least one sample"),
        (lambda: plots.plot_spectrogram(np.zeros(9), sample_rate=RATE, hop_length=80), r"\(features, frames\)"),
        (lambda: plots.plot_spectrogram(np.zeros((9, 9)) * 1j, sample_rate=RATE, hop_length=80), "real numbers"),
        (lambda: plots.plot_spectrogram(np.zeros((9, 9)), sample_rate=RATE, hop_length=0), "hop_length"),
        (lambda: plots.plot_spectrogram(np.zeros((9, 9)), sample_rate=RATE, hop_length=80, y_axis="log"), "y_axis"),
        (lambda: plots.plot_spectrogram(np.zeros((9, 9)), sample_rate=RATE, hop_length=80, fmin=9, fmax=5), "fmin=9"),
        (lambda: plots.plot_confusion(np.zeros((2, 3)), labels="ab"), "as many rows and columns"),
        (lambda: plots.plot_confusion(np.zeros((2, 2)), labels="abc"), "With 3 labels"),
        (lambda: plots.plot_history({"loss": [1.0]}), "'accuracy'; it has loss"),
        (lambda: plots.plot_history([0.1]), r"pass fit\(…\)\.history"),
        (lambda: plots.plot_intervals({"a": (0.5, 0.6, 0.7)}), "low <= value <= high"),
        (lambda: plots.plot_intervals({"a": (0.5, np.nan, 0.7)}), "low <= value <= high"),
        (lambda: plots.plot_intervals({"a": (0.5, 0.6)}), "low, high"),
        (lambda: plots.plot_intervals({}), "low, high"),
        (lambda: plots.plot_intervals([1, 2]), "low, high"),
    ],
)
def test_wrong_arguments_are_explained(call, word):
    with pytest.raises(ValueError, match=word):
        call()
    assert not plt.get_fignums()
