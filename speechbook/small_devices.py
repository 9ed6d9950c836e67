"""The book's recogniser made smaller in every way: ``python -m speechbook.bench small-devices``.

With every seed the full network is trained, then rounded, pruned (with and without training again) and factored; small
networks are trained by the same recipe, from labels alone and with the first full one as their teacher. Every result is
a row of ``data/measured/small_devices.csv``. What stands there is not measured again; the weights are not kept, so a
full network of which anything is missing is trained once more. Shown in the chapter *Small devices*.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from speechbook import compress, corpora, costs, frontend, metrics, models
from speechbook._keras import keras
from speechbook._measured import Table, command_line, select, some
from speechbook.distillation import Teacher
from speechbook.recipe import Recipe, train
from speechbook.unseen_speakers import SHORT

FULL = {"filters": (24, 36, 48, 72), "band_filters": 128, "units": 48}
SMALLER = {
    "medium": {"filters": (12, 18, 24, 36), "band_filters": 64, "units": 24},
    "small": {"filters": (8, 12, 16, 24), "band_filters": 32, "units": 16},
    "tiny": {"filters": (4, 6, 8), "band_filters": 16, "units": 8},
}
TAUGHT = ("small", "tiny")
BITS = (8, 6, 5, 4, 3, 2)
PRUNED = (0.3, 0.5, 0.7, 0.8, 0.9)
RETRAINED = (0.0, 0.8)
RANKS = (0.75, 0.5, 0.25)
LONG = dataclasses.replace(SHORT, steps=300)
AGAIN = dataclasses.replace(SHORT, steps=80, peak_rate=1e-3)
SEEDS = (0, 1, 2)
N_FRAMES = 100
TEMPERATURE, TEACHERS_SHARE = 2.0, 0.7


class Row(NamedTuple):
    """How many clips of unseen speakers a network recognised after a remedy."""

    corpus: str
    network: str
    remedy: str
    setting: float
    seed: int
    correct: int
    clips: int
    parameters: int
    bytes: int
    multiply_adds: int
    processor_seconds: float


TABLE = Table("small_devices.csv", Row)
read, write = TABLE.read, TABLE.write


def network(name: str, *, n_frames: int | None = None) -> keras.Model:
    """Build the book's recogniser in one of its sizes.

    Parameters
    ----------
    name : {"full", "medium", "small", "tiny"}
        Its size.
    n_frames : int, optional
        As for `models.digit_recogniser`.

    Returns
    -------
    keras.Model

    Examples
    --------
    >>> [network(name).count_params() for name in ("full", "medium", "small", "tiny")]
    [154675, 39543, 15619, 2959]
    """
    return models.digit_recogniser(n_frames=n_frames, **{"full": FULL, **SMALLER}[name])


class Study:
    """Networks of one corpus, and how well they do on its unseen speakers.

    Parameters
    ----------
    digits : corpora.Digits
        The corpus; its default unseen speakers are the test.
    full, again : Recipe
        Of every first training, and of the training after pruning.
    done : iterable of Row
        What need not be measured again.
    """

    def __init__(
        self, digits: corpora.Digits, *, full: Recipe = LONG, again: Recipe = AGAIN, done: Iterable[Row] = ()
    ) -> None:
        self.learn, test = digits.default_unseen()
        self.corpus, self.full, self.again = digits.name, full, again
        self.done = {row[:5] for row in done}
        self.synthetic = corpora.load_digits("voices") if digits.name == "fsdd" else None
        self.x = frontend.batch(test.clips, sample_rate=test.sample_rate, n_frames=N_FRAMES)
        self.y = test.digit
        self.asked = self.teacher = None

    def rows(self, *, seeds: Sequence[int] = SEEDS) -> Iterator[Row]:
        """Train and change networks, and yield the missing rows one after the other."""
        for seed in seeds:
            if any(self._missing("full", remedy, setting, seed) for remedy, setting in _remedies()):
                yield from self._of_full(seed)
        for seed in seeds:
            for name in SMALLER:
                for remedy in ("none", "teacher") if name in TAUGHT else ("none",):
                    if self._missing(name, remedy, 0, seed):
                        teacher = self._teacher() if remedy == "teacher" else None
                        student, seconds = self._trained(name, seed=seed, teacher=teacher)
                        yield from self._row(student, name, remedy, seed=seed, seconds=seconds)

    def _of_full(self, seed: int) -> Iterator[Row]:
        """Train a full network, and yield its row and those of everything that is made of it."""
        model, seconds = self._trained("full", seed=seed)
        yield from self._row(model, "full", "none", seed=seed, seconds=seconds)
        weights = model.get_weights()
        yield from self._arithmetic(model, weights, seed)
        for share in RETRAINED:
            yield from self._retrained(model, weights, share, seed)
        if seed == 0:
            model.set_weights(weights)
            self.teacher = Teacher(model, temperature=TEMPERATURE, share=TEACHERS_SHARE)

    def _teacher(self) -> Teacher:
        """Give the full network of the first seed, trained once more if this run did not do so."""
        if self.teacher is None:
            self.teacher = Teacher(self._trained("full", seed=0)[0], temperature=TEMPERATURE, share=TEACHERS_SHARE)
        return self.teacher

    def _missing(self, name: str, remedy: str, setting: float, seed: int) -> bool:
        return (self.corpus, name, remedy, setting, seed) not in self.done

    def _trained(self, name: str, *, seed: int, teacher: Teacher | None = None) -> tuple[keras.Model, float]:
        keras.utils.set_random_seed(seed)
        model = network(name)
        return model, self._train(model, self.full, seed=seed, teacher=teacher)

    def _train(self, model: keras.Model, recipe: Recipe, *, seed: int, teacher: Teacher | None = None) -> float:
        how = {"synthetic": self.synthetic, "teacher": teacher, "seed": seed, "progress": False}
        return train(model, self.learn, recipe=recipe, **how).processor_seconds

    def _row(
        self,
        model: keras.Model,
        name: str,
        remedy: str,
        setting: float = 0,
        *,
        seed: int = 0,
        bits: int = 32,
        pruned: float = 0.0,
        rank_share: float | None = None,
        seconds: float = 0.0,
    ) -> Iterator[Row]:
        """Test a network and yield its row, if that is missing."""
        if not self._missing(name, remedy, setting, seed):
            return
        self.done.add((self.corpus, name, remedy, setting, seed))
        if self.asked is None or self.asked[0] is not model:
            self.asked = model, costs.compiled(model)
        right = int((self.asked[1](self.x).argmax(axis=1) == self.y).sum())
        cost = costs.total(network(name, n_frames=N_FRAMES), rank_share=rank_share)
        stored = costs.size_in_bytes(model, bits=bits, pruned=pruned) if rank_share is None else 4 * cost.parameters
        sizes = cost.parameters, stored, cost.multiply_adds
        yield Row(self.corpus, name, remedy, setting, seed, right, len(self.y), *sizes, round(seconds, 1))

    def _arithmetic(self, model: keras.Model, weights: list[np.ndarray], seed: int) -> Iterator[Row]:
        """Yield the rows of remedies that need no training."""
        for bits in BITS:
            for per_channel, remedy in ((True, "bits a channel"), (False, "bits a kernel")):
                model.set_weights(compress.rounded(model, weights, bits=bits, per_channel=per_channel))
                yield from self._row(model, "full", remedy, bits, seed=seed, bits=bits)
        for share in PRUNED:
            model.set_weights(compress.pruned(model, weights, share=share))
            yield from self._row(model, "full", "pruned", share, seed=seed, pruned=share)
        for share in RANKS:
            model.set_weights(compress.truncated(model, weights, share=share))
            yield from self._row(model, "full", "low rank", share, seed=seed, rank_share=share)

    def _retrained(self, model: keras.Model, weights: list[np.ndarray], share: float, seed: int) -> Iterator[Row]:
        """Prune, train again with the zeros held, and test; a share of 0 is the control."""
        remedy = "pruned, trained again"
        if self._missing("full", remedy, share, seed):
            model.set_weights(compress.pruned(model, weights, share=share))
            release = compress.hold_zeros(model)
            seconds = self._train(model, self.again, seed=100 + seed)
            release()
            yield from self._row(model, "full", remedy, share, seed=seed, pruned=share, seconds=seconds)


def _remedies() -> list[tuple[str, float]]:
    """List what is done to every full network, and how strongly."""
    strengths = {"bits a channel": BITS, "bits a kernel": BITS, "pruned": PRUNED, "low rank": RANKS}
    strengths |= {"none": (0,), "pruned, trained again": RETRAINED}
    return [(remedy, strength) for remedy, own in strengths.items() for strength in own]


def accuracies(rows: Iterable[Row], **wanted: object) -> np.ndarray:
    """Give the shares of recognised clips of the rows with the wanted values, one a seed.

    Parameters
    ----------
    rows : iterable of Row
        Such as `read` returns.
    wanted
        Columns and their values, such as ``corpus="fsdd", network="full", remedy="none"``.

    Returns
    -------
    np.ndarray [shape=(seeds,), dtype=float64]

    Raises
    ------
    ValueError
        If there are none.

    Examples
    --------
    >>> row = Row("fsdd", "full", "none", 0.0, 0, 920, 1000, 154675, 618700, 1, 40.0)
    >>> accuracies([row], network="full").tolist()
    [0.92]
    """
    return np.array([row.correct / row.clips for row in sorted(some(rows, **wanted), key=lambda row: row.seed)])


class Point(NamedTuple):
    """One remedy at one setting: its size, and how much was recognised by all its seeds together.

    `low` and `high` bound the share with 95 % confidence as if other clips of the same speakers were asked (Wilson's
    interval over all seeds); other speakers would differ by more.
    """

    kilobytes: float
    right: float
    low: float
    high: float
    seeds: int


def points(rows: Iterable[Row], **wanted: object) -> list[Point]:
    """Give size and accuracy for a picture, seeds pooled, the smallest first.

    Examples
    --------
    >>> row = Row("fsdd", "full", "none", 0.0, 0, 920, 1000, 154675, 618700, 1, 40.0)
    >>> [point] = points([row, row._replace(seed=1, correct=900)], remedy="none")
    >>> point.kilobytes, point.right, f"{point.low:.3f} to {point.high:.3f}", point.seeds
    (618.7, 0.91, '0.897 to 0.922', 2)
    """
    pools: dict[tuple, list[Row]] = {}
    for row in select(rows, **wanted):
        pools.setdefault((row.bytes, row.corpus, row.network, row.remedy, row.setting), []).append(row)
    found = []
    for (size, *_), pool in sorted(pools.items()):
        right, clips = sum(row.correct for row in pool), sum(row.clips for row in pool)
        found.append(Point(size / 1000, right / clips, *metrics.wilson_interval(right, clips), len(pool)))
    return found


def table(rows: Iterable[Row], *, corpus: str) -> str:
    """Lay the rows of a corpus out as plain text, seeds averaged.

    Examples
    --------
    >>> print(table([Row("fsdd", "full", "none", 0.0, 0, 920, 1000, 154675, 618700, 5_000_000, 40.0)], corpus="fsdd"))
    network  remedy                 setting   right %  worst-best seed    KB  million multiply-adds
    full     none                         0      92.0      92.0 -  92.0   619                   5.00
    """
    rows = select(rows, corpus=corpus)
    head = f"{'network':8} {'remedy':22} {'setting':>7}  {'right %':>8}  {'worst-best seed':>15}  {'KB':>4}"
    lines = [f"{head}  million multiply-adds"]
    for name, remedy, setting in dict.fromkeys((row.network, row.remedy, row.setting) for row in rows):
        own = select(rows, network=name, remedy=remedy, setting=setting)
        right = 100 * accuracies(own)
        lines.append(
            f"{name:8} {remedy:22} {setting:7g}  {right.mean():8.1f}  {right.min():8.1f} - {right.max():5.1f}"
            f"  {own[0].bytes / 1000:4.0f}  {own[0].multiply_adds / 1e6:21.2f}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is missing in the table, then print it."""
    parser = command_line("small-devices", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="of the networks (default: 0 1 2)")
    parser.add_argument("--steps", type=int, default=LONG.steps, help="of every training (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    digits = corpora.load_digits()
    study = Study(digits, full=dataclasses.replace(LONG, steps=chosen.steps), done=read(chosen.file))
    for row in study.rows(seeds=chosen.seeds):
        write([*read(chosen.file), row], chosen.file)
        print(f"{row.network}, {row.remedy} {row.setting:g}, seed {row.seed}: {row.correct} of {row.clips}", flush=True)
    print(table(read(chosen.file), corpus=digits.name))
