"""Figures in one style: quiet, readable at the width of the book, and safe for colour-blind readers.

Every ``plot_*`` function draws into `ax` (or a new figure), labels the axes with their units and returns the axes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from speechbook._checks import positive_int, real_array, signal
from speechbook.mel import hz_to_mel

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's palette for all kinds of colour vision, without its black and its yellow."""

INK = "#333333"
MEL_TICKS = (250, 500, 1000, 2000, 4000, 8000)
Y_AXES = ("hz", "mel", "mfcc")

STYLE = {
    "figure.figsize": (7.5, 2.8),
    "figure.dpi": 128,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "white",
    "savefig.bbox": "tight",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.facecolor": "white",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.prop_cycle": cycler(color=COLOURS),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.xmargin": 0.02,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "lines.linewidth": 1.4,
    "legend.frameon": False,
    "image.cmap": "viridis",
    "image.aspect": "auto",
    "image.origin": "lower",
}


def use_style() -> None:
    """Give all figures that follow the book's style.

    Examples
    --------
    >>> use_style()
    >>> plt.rcParams["image.cmap"]
    'viridis'
    """
    plt.rcParams.update(STYLE)


def panels(rows: int = 1, columns: int = 1, *, height: float = 2.4, **shared: bool | str) -> np.ndarray:
    """Make a figure of the book's width with axes in a grid, for the `ax` of the ``plot_*`` functions.

    Parameters
    ----------
    rows, columns : int
        How many axes below and beside each other.
    height : float
        Height of a row, in inches.
    **shared
        ``sharex`` and ``sharey``, as for `matplotlib.pyplot.subplots`.

    Returns
    -------
    array of matplotlib axes [shape=(rows * columns,)]
        Row by row.

    Examples
    --------
    >>> above, below = panels(2, sharex=True)
    >>> ax = plot_waveform(np.sin(np.arange(800)), sample_rate=8000, ax=above)
    """
    size = (STYLE["figure.figsize"][0], height * positive_int(rows=rows))
    return plt.subplots(rows, positive_int(columns=columns), figsize=size, squeeze=False, **shared)[1].ravel()


def plot_waveform(y: ArrayLike, *, sample_rate: int, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw a signal over time.

    Parameters
    ----------
    y : array [shape=(n,)]
        Mono signal.
    sample_rate : int
        Samples a second, in Hz.
    ax : matplotlib axes, optional
        Where to draw; by default in a new figure.
    title : str, optional
        Title of the axes.

    Returns
    -------
    matplotlib axes
        With time in seconds and amplitude (full scale is 1).

    Examples
    --------
    >>> ax = plot_waveform(np.sin(np.arange(800)), sample_rate=8000)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('Time (s)', 'Amplitude (full scale = 1)')
    """
    y = signal(y)
    if y.ndim != 1:
        raise ValueError(f"plot_waveform draws one mono signal, shape (n,); got shape {y.shape}.")
    ax = _axes(ax)
    ax.plot(np.arange(y.size) / positive_int(sample_rate=sample_rate), y, linewidth=0.8)
    ax.set(xlabel="Time (s)", ylabel="Amplitude (full scale = 1)")
    return _titled(ax, title)


def plot_spectrogram(
    db: ArrayLike,
    *,
    sample_rate: int,
    hop_length: int,
    y_axis: str = "hz",
    fmin: float = 0.0,
    fmax: float | None = None,
    limits: tuple[float, float] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Draw a spectrogram, mel spectrogram or cepstrogram with a colour bar.

    Parameters
    ----------
    db : array [shape=(features, frames)]
        Levels in dB, or cepstral coefficients.
    sample_rate, hop_length : int
        Samples a second (Hz), and samples from frame to frame; frames are centred (see `features.stft`).
    y_axis : str
        What the rows are: ``"hz"`` (bins of a Fourier transform), ``"mel"`` (bands) or ``"mfcc"`` (coefficients).
    fmin, fmax : float
        For ``"mel"`` the band limits of the filters in Hz, for ``"hz"`` the frequencies to show; by default all.
    limits : (float, float), optional
        Values at the two ends of the colour scale; by default those of `db`.
    ax : matplotlib axes, optional
        Where to draw; by default in a new figure.
    title : str, optional
        Title of the axes.

    Returns
    -------
    matplotlib axes
        With time in seconds, and frequency in Hz or the number of the coefficient.

    Examples
    --------
    >>> ax = plot_spectrogram(np.zeros((40, 100)), sample_rate=8000, hop_length=80, y_axis="mel")
    >>> ax.get_xlabel(), ax.get_ylabel(), [tick.get_text() for tick in ax.get_yticklabels()]
    ('Time (s)', 'Frequency (Hz, mel scale)', ['250', '500', '1000', '2000'])
    """
    db = real_array(db=db)
    if db.ndim != 2:
        raise ValueError(f"plot_spectrogram draws one clip, shape (features, frames); got shape {db.shape}.")
    if y_axis not in Y_AXES:
        raise ValueError(f"y_axis must be one of {', '.join(map(repr, Y_AXES))}; got {y_axis!r}.")
    n_rows, n_frames = db.shape
    seconds = positive_int(hop_length=hop_length) / positive_int(sample_rate=sample_rate)
    fmax = sample_rate / 2 if fmax is None else fmax
    if not 0 <= fmin < fmax <= sample_rate / 2:
        raise ValueError(f"fmin={fmin} and fmax={fmax} Hz must rise within 0 to {sample_rate / 2:g} Hz.")
    row = sample_rate / 2 / max(n_rows - 1, 1) if y_axis == "hz" else 1.0
    ax = _axes(ax)
    low, high = limits or (None, None)
    extent = (-0.5 * seconds, (n_frames - 0.5) * seconds, -0.5 * row, (n_rows - 0.5) * row)
    image = ax.imshow(db, extent=extent, vmin=low, vmax=high, aspect="auto", origin="lower", interpolation="nearest")
    if y_axis == "hz":
        ax.set(ylabel="Frequency (Hz)", ylim=(fmin, fmax))
    elif y_axis == "mel":
        _mel_ticks(ax, n_rows=n_rows, fmin=fmin, fmax=fmax)
    else:
        ax.set_ylabel("Coefficient (number)")
        ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("Time (s)")
    ax.figure.colorbar(image, ax=ax, pad=0.01, label="Value (dB)" if y_axis == "mfcc" else "Level (dB)")
    return _titled(ax, title)


def plot_confusion(matrix: ArrayLike, *, labels: Sequence, ax: Axes | None = None) -> Axes:
    """Draw a confusion matrix: counts as numbers, the share of each true class as colour.

    Parameters
    ----------
    matrix : int array [shape=(classes, classes)]
        ``matrix[i, j]`` clips of class ``i`` were taken for class ``j``.
    labels : sequence
        Names of the classes.
    ax : matplotlib axes, optional
        Where to draw; by default in a new figure.

    Returns
    -------
    matplotlib axes
        True classes downwards, predicted ones to the right.

    Examples
    --------
    >>> ax = plot_confusion([[8, 2], [1, 9]], labels=["yes", "no"])
    >>> [text.get_text() for text in ax.texts]
    ['8', '2', '1', '9']
    """
    matrix = real_array(matrix=matrix)
    if matrix.ndim != 2 or matrix.shape != (len(labels), len(labels)):
        raise ValueError(
            f"With {len(labels)} labels the matrix must have as many rows and columns; got {matrix.shape}."
        )
    share = 100 * matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    ax = _axes(ax, figsize=(5.6, 4.8))
    image = ax.imshow(share, cmap="cividis", vmin=0, vmax=100, aspect="equal", origin="upper")
    places = range(len(labels))
    ax.set_xticks(places, labels)
    ax.set_yticks(places, labels)
    ax.set(xlabel="Predicted class", ylabel="True class")
    ax.spines[:].set_visible(False)
    for i in places:
        for j in places:
            if matrix[i, j]:
                colour = "black" if share[i, j] > 47 else "white"
                ax.text(j, i, f"{matrix[i, j]:g}", ha="center", va="center", color=colour, fontsize=9)
    ax.figure.colorbar(image, ax=ax, label="Share of the true class (%)")
    return ax


def plot_history(history: Mapping[str, Sequence[float]], *, metric: str = "accuracy", ax: Axes | None = None) -> Axes:
    """Draw how a metric went from epoch to epoch, in training and in validation.

    Parameters
    ----------
    history : dict of lists
        As Keras gives it (``fit(…).history``): ``{"accuracy": […], "val_accuracy": […], …}``.
    metric : str
        Which one to draw; metrics of accuracy are shown in %.
    ax : matplotlib axes, optional
        Where to draw; by default in a new figure.

    Returns
    -------
    matplotlib axes
        Epochs, counted from 1, to the right.

    Examples
    --------
    >>> ax = plot_history({"accuracy": [0.5, 0.8], "val_accuracy": [0.4, 0.6]})
    >>> ax.get_ylabel(), [text.get_text() for text in ax.get_legend().get_texts()]
    ('Accuracy (%)', ['Training', 'Validation'])
    """
    if not isinstance(history, Mapping) or metric not in history:
        known = f"it has {', '.join(sorted(history))}" if isinstance(history, Mapping) else "pass fit(…).history"
        raise ValueError(f"history must be a dict with an entry {metric!r}; {known}.")
    share = "accuracy" in metric
    ax = _axes(ax)
    for key, name, marker in ((metric, "Training", "o"), (f"val_{metric}", "Validation", "s")):
        if key in history:
            values = np.asarray(history[key], dtype=float) * (100 if share else 1)
            ax.plot(np.arange(1, len(values) + 1), values, marker=marker, markersize=4, label=name)
    ax.set(xlabel="Epoch", ylabel=metric.replace("_", " ").capitalize() + (" (%)" if share else ""))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.legend()
    return ax


def plot_intervals(
    table: Mapping[str, tuple[float, float, float]],
    *,
    label: str = "Accuracy",
    unit: str = "%",
    ax: Axes | None = None,
) -> Axes:
    """Draw values with their intervals, one a row.

    Parameters
    ----------
    table : dict
        From a name to (value, low, high).
    label : str
        What the values are.
    unit : str
        Their unit; values in ``"%"`` are passed as fractions of 1.
    ax : matplotlib axes, optional
        Where to draw; by default in a new figure.

    Returns
    -------
    matplotlib axes
        The first name on top.

    Examples
    --------
    >>> ax = plot_intervals({"same speakers": (0.98, 0.96, 0.99), "new speakers": (0.6, 0.55, 0.65)})
    >>> ax.get_xlabel()
    'Accuracy (%)'
    """
    if not isinstance(table, Mapping) or not table or any(np.shape(row) != (3,) for row in table.values()):
        raise ValueError("table must be a dict that maps each name to (value, low, high).")
    values = np.array(list(table.values()), dtype=float)
    if not ((values[:, 1] <= values[:, 0]) & (values[:, 0] <= values[:, 2])).all():
        raise ValueError(f"Each entry of table is (value, low, high) with low <= value <= high; got {table}.")
    values = values * (100 if unit == "%" else 1)
    ax = _axes(ax, figsize=(STYLE["figure.figsize"][0], 0.9 + 0.4 * len(values)))
    rows = np.arange(len(values))
    centre, low, high = values.T
    ax.errorbar(centre, rows, xerr=(centre - low, high - centre), fmt="o", capsize=4)
    ax.set_yticks(rows, list(table))
    ax.set(xlabel=f"{label} ({unit})" if unit else label, ylim=(len(rows) - 0.5, -0.5))
    ax.grid(axis="x", alpha=0.3)
    return ax


def _axes(ax: Axes | None, *, figsize: tuple[float, float] | None = None) -> Axes:
    """Return `ax`, or the axes of a new figure."""
    return plt.subplots(figsize=figsize)[1] if ax is None else ax


def _titled(ax: Axes, title: str | None) -> Axes:
    """Set the title, if there is one."""
    if title is not None:
        ax.set_title(title)
    return ax


def _mel_ticks(ax: Axes, *, n_rows: int, fmin: float, fmax: float) -> None:
    """Label mel bands with frequencies in Hz; the centre of band ``k`` is the ``k + 1``-th of ``n_rows + 2`` points."""
    bottom, top = hz_to_mel(fmin), hz_to_mel(fmax)
    ticks = np.array([tick for tick in MEL_TICKS if fmin <= tick <= fmax])
    places = (hz_to_mel(ticks) - bottom) / (top - bottom) * (n_rows + 1) - 1
    seen = (places >= -0.5) & (places <= n_rows - 0.5)
    ax.set_yticks(places[seen], [str(tick) for tick in ticks[seen]])
    ax.set_ylabel("Frequency (Hz, mel scale)")
