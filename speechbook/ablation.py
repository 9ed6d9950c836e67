"""What each choice about lengths and directions buys, on unseen speakers: ``python -m speechbook.bench ablation``.

Every variant is trained once a fold and seed, and writes one row a fold into ``data/measured/ablation.csv``. Runs whose
rows stand there are not repeated, so an interrupted study goes on where it stopped. Shown in the chapter *Lengths and
directions*.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from speechbook import corpora, features, intervals, recurrent, training
from speechbook._keras import keras
from speechbook._measured import Table, command_line

N_FRAMES = 100
HOW = {"epochs": 10, "batch_size": 64, "progress": False}
VARIANTS = {
    "lstm-padded": {"masked": False},
    "lstm-front": {"masked": False},
    "lstm": {},
    "gru": {"cell": "gru"},
    "bilstm": {"bidirectional": True},
    "bigru": {"cell": "gru", "bidirectional": True},
    "lstm-mean": {"summary": "mean"},
    "bilstm-mean": {"bidirectional": True, "summary": "mean"},
    "conv-mean": {"cell": "none", "summary": "mean"},
    "conv-max": {"cell": "none", "summary": "max"},
}


class Row(NamedTuple):
    """What one network did on the speakers of one fold."""

    corpus: str
    variant: str
    seed: int
    fold: str
    correct: int
    clips: int
    parameters: int
    seconds: float


TABLE = Table("ablation.csv", Row)
read, write = TABLE.read, TABLE.write


def inputs(variant: str, clips: corpora.Digits) -> np.ndarray:
    """Compute MFCC of one second a clip, zeros after its end, or before its start for ``"lstm-front"``.

    Parameters
    ----------
    variant : str
        A key of `VARIANTS`.
    clips : corpora.Digits
        Clips at 8 kHz.

    Returns
    -------
    float32 array [shape=(clips, 100, 13)]
    """
    how = {"sample_rate": clips.sample_rate, "n_frames": N_FRAMES, **features.SPEECH_8K}
    x = features.batch(clips.clips, **how)
    if variant != "lstm-front":
        return x
    counts = features.lengths(clips.clips, hop_length=how["hop_length"], n_frames=N_FRAMES)
    return np.stack([np.roll(row, -count, axis=0) for row, count in zip(x, counts, strict=True)])


def study(variant: str, digits: corpora.Digits, *, seed: int, folds: Sequence[str] | None = None) -> list[Row]:
    """Train and test one variant, each fold of speakers in turn, each from the same initial weights.

    Parameters
    ----------
    variant : str
        A key of `VARIANTS`.
    digits : corpora.Digits
        A whole corpus.
    seed : int
        Of the initial weights and of the order of the clips.
    folds : sequence of str, optional
        Names of those to measure; default: all.

    Returns
    -------
    list of Row
        One a fold.
    """
    keras.utils.set_random_seed(seed)
    model = recurrent.word_network(n_features=13, **VARIANTS[variant])
    results = training.leave_one_speaker_out(
        model,
        [fold for fold in digits.folds() if folds is None or fold[0] in folds],
        inputs=lambda train, test: (inputs(variant, train), inputs(variant, test)),
        seed=seed,
        **HOW,
    )
    return [
        Row(
            digits.name,
            variant,
            seed,
            result.name,
            result.n - len(result.mistakes),
            result.n,
            model.count_params(),
            round(result.seconds, 1),
        )
        for result in results
    ]


class Interval(NamedTuple):
    """A mean over speakers with its limits at 95 %."""

    mean: float
    low: float
    high: float


def over_speakers(values: Sequence[float]) -> Interval:
    """Give the mean of one value a speaker, with Student's interval at 95 %.

    Parameters
    ----------
    values : sequence of float
        One for each speaker (or group of speakers) held out.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If there are fewer than two values.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6(1), 1–25.

    Examples
    --------
    >>> over_speakers([0.5, 0.7, 0.6])
    Interval(mean=0.6, low=0.352, high=0.848)
    """
    if len(values) < 2:
        raise ValueError(f"an interval needs the values of at least two speakers, but got {len(values)}")
    return Interval(*(round(value, 3) for value in intervals.mean_interval(values)))


def shares(rows: Iterable[Row], *, corpus: str, variant: str) -> dict[str, float]:
    """Give a variant's accuracy for each fold, averaged over seeds.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    corpus, variant : str
        Whose rows.

    Returns
    -------
    dict of str to float
        By the fold's name.

    Raises
    ------
    ValueError
        If there are no such rows.

    Examples
    --------
    >>> rows = [Row("fsdd", "lstm", seed, "theo", 40 + seed, 50, 1, 1.0) for seed in (0, 1)]
    >>> shares(rows, corpus="fsdd", variant="lstm")
    {'theo': 0.81}
    """
    return _means(rows, corpus=corpus, variant=variant, of="fold")


def by_seed(rows: Iterable[Row], *, corpus: str, variant: str) -> dict[int, float]:
    """Give a variant's accuracy for each seed, averaged over folds: how far chance alone moves it.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    corpus, variant : str
        Whose rows.

    Returns
    -------
    dict of int to float

    Raises
    ------
    ValueError
        If there are no such rows.

    Examples
    --------
    >>> rows = [Row("fsdd", "lstm", 0, fold, n, 50, 1, 1.0) for fold, n in (("ann", 25), ("bob", 50))]
    >>> by_seed([*rows, rows[0]._replace(seed=1)], corpus="fsdd", variant="lstm")
    {0: 0.75, 1: 0.5}
    """
    return _means(rows, corpus=corpus, variant=variant, of="seed")


def _means(rows: Iterable[Row], *, corpus: str, variant: str, of: str) -> dict:
    """Average a variant's shares for each value of a column."""
    shares: dict = {}
    for row in rows:
        if (row.corpus, row.variant) == (corpus, variant):
            shares.setdefault(getattr(row, of), []).append(row.correct / row.clips)
    if not shares:
        raise ValueError(
            f"the table holds no rows of {variant!r} on {corpus!r}; run python -m speechbook.bench ablation"
        )
    return {key: float(np.mean(values)) for key, values in sorted(shares.items())}


def difference(rows: Iterable[Row], *, corpus: str, variant: str, reference: str) -> Interval:
    """Compare two variants speaker by speaker: by how much the first recognises more.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    corpus, variant, reference : str
        What is compared.

    Returns
    -------
    Interval
        Of the difference of the two shares; if it holds 0, the table shows no difference.

    Examples
    --------
    >>> pairs = {"gru": (30, 41, 35), "lstm": (25, 38, 30)}
    >>> rows = [Row("fsdd", name, 0, str(k), n, 50, 1, 1.0) for name, ns in pairs.items() for k, n in enumerate(ns)]
    >>> difference(rows, corpus="fsdd", variant="gru", reference="lstm")
    Interval(mean=0.087, low=0.029, high=0.144)
    """
    rows = list(rows)
    ours, theirs = (shares(rows, corpus=corpus, variant=name) for name in (variant, reference))
    return over_speakers([ours[fold] - theirs[fold] for fold in ours if fold in theirs])


def table(rows: Iterable[Row], *, corpus: str, reference: str = "lstm") -> str:
    """Lay the study out as plain text: accuracy on unseen speakers, difference from a reference, each seed, weights.

    The brackets hold the intervals of `over_speakers`, of whom each counts with the mean of all seeds.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    corpus : str
        Whose rows.
    reference : str
        The variant that the others are compared with.

    Returns
    -------
    str

    Examples
    --------
    >>> rows = [Row("fsdd", "lstm", 0, fold, n, 50, 40394, 9.0) for fold, n in (("ann", 40), ("bob", 42))]
    >>> print(table(rows, corpus="fsdd"))
    variant      accuracy, %         against lstm, points  each seed, %    parameters  s a fold
    lstm         82.0 [56.6, 107.4]                        82.0                40,394       9.0
    """
    rows = [row for row in rows if row.corpus == corpus]
    heads = f"{'variant':11}  {'accuracy, %':18}  {f'against {reference}, points':20}  {'each seed, %':14}"
    lines = [f"{heads}  parameters  s a fold"]
    for name in [name for name in VARIANTS if any(row.variant == name for row in rows)]:
        own = [row for row in rows if row.variant == name]
        accuracy = _percent(over_speakers(list(shares(own, corpus=corpus, variant=name).values())))
        same = name == reference
        gain = "" if same else _percent(difference(rows, corpus=corpus, variant=name, reference=reference), sign="+")
        seeds = " ".join(f"{100 * share:.1f}" for share in by_seed(own, corpus=corpus, variant=name).values())
        seconds = np.median([row.seconds for row in own])
        lines.append(f"{name:11}  {accuracy:18}  {gain:20}  {seeds:14}  {own[0].parameters:10,}  {seconds:8.1f}")
    return "\n".join(lines)


def _percent(interval: Interval, *, sign: str = "") -> str:
    mean, low, high = (100 * value for value in interval)
    return f"{mean:{sign}.1f} [{low:{sign}.1f}, {high:{sign}.1f}]"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is missing in the table, then print it."""
    parser = command_line("ablation", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, default=3, help="how many seeds (default: 3)")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS), help="default: all")
    parser.add_argument("--folds", nargs="+", help="which (default: all)")
    chosen = parser.parse_args(arguments)
    digits = corpora.load_digits()
    names = [name for name, *_ in digits.folds() if not chosen.folds or name in chosen.folds]
    for seed, variant, fold in itertools.product(range(chosen.seeds), chosen.variants, names):
        if (digits.name, variant, seed, fold) in {row[:4] for row in read(chosen.file)}:
            continue
        new = study(variant, digits, seed=seed, folds=[fold])
        write([*read(chosen.file), *new], chosen.file)
        keras.backend.clear_session()
        print(f"seed {seed}, {variant}, {fold}: done", flush=True)
    print(table(read(chosen.file), corpus=digits.name))
