"""What ten to some thousand labelled clips are worth, by each way out: ``python -m speechbook.bench little-data``.

Clips of the learning speakers lose their labels, but for 1, 2, 5, 10, 20 or 50 of each digit, drawn by lot; each larger
draw holds the smaller one. A small network learns from them: from zero, with varied copies, or after a training for
which nobody has to write down what was said. Every result, on unseen speakers and on new recordings of the known ones,
is a row of ``data/measured/little_data.csv``. What stands there is not measured again. Shown in *Little data*.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from speechbook import corpora
from speechbook._few_labels import Learner, Pictures, steps_for
from speechbook._little_table import TABLE, THRESHOLD, WAYS, Row, curve, read, select, table, write
from speechbook._measured import command_line
from speechbook.prototypes import predict, prototypes
from speechbook.self_supervised import encoder, pretrain
from speechbook.word_pictures import pictures as compact_pictures

__all__ = [
    "PER_DIGIT",
    "SEEDS",
    "THRESHOLD",
    "THRESHOLDS",
    "WAYS",
    "Learner",
    "Pictures",
    "Row",
    "Study",
    "curve",
    "divide",
    "main",
    "nested",
    "read",
    "select",
    "steps_for",
    "table",
    "write",
]

PER_DIGIT = (1, 2, 5, 10, 20, 50)
SEEDS = (0, 1, 2)
PRETRAINING = 600
"""Steps of every training that comes before the labels."""
STUDENT = 300
"""Steps of a network that learns from pseudo-labels."""
THRESHOLDS = (0.0, 0.5, 0.7, 0.8, 0.9, 1.0)
"""Probabilities that a pseudo-label needs; 1 keeps none, and so tells what the longer training alone does."""
SWEPT = 50
"""Labels with which all thresholds are tried."""
LONGER = (20, 50, 200)
"""Labels with which a network without pre-training learns for as many batches as one with it."""
PREPARED = ("masked", "speakers", "transfer")
FROZEN = {"transfer-last": "transfer", "masked-last": "masked", "random-last": "random"}


def nested(digit: np.ndarray, *, per_digit: int, seed: int) -> np.ndarray:
    """Draw clips of each digit by lot; a larger draw with the same seed holds the smaller ones.

    Parameters
    ----------
    digit : np.ndarray of int [shape=(clips,)]
        What is said.
    per_digit : int
        Clips of each.
    seed : int
        Of the lot.

    Returns
    -------
    np.ndarray [shape=(digits · per_digit,), dtype=int]
        Indices.

    Examples
    --------
    >>> digit = np.repeat(range(10), 9)
    >>> small, large = (set(nested(digit, per_digit=n, seed=3).tolist()) for n in (1, 4))
    >>> len(small), len(large), small < large
    (10, 40, True)
    """
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.permutation(np.flatnonzero(digit == value))[:per_digit] for value in np.unique(digit)])


def divide(digits: corpora.Digits) -> tuple[corpora.Digits, corpora.Digits, corpora.Digits]:
    """Divide a corpus into the pool that may be labelled, new recordings of its speakers, and unseen speakers.

    Examples
    --------
    >>> pool, known, unseen = divide(corpora.load_digits("voices"))
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> len(pool), len(known), len(unseen), set(pool.speaker) & set(unseen.speaker)
    (1120, 280, 700, set())
    """
    learn, unseen = digits.default_unseen()
    pool, known = learn.official_split()
    return pool, known, unseen


class Study:
    """All ways of one corpus with one seed.

    Parameters
    ----------
    digits : corpora.Digits
        The corpus.
    other : corpora.Digits or None
        The corpus to transfer from; without it the ways that need it are left out.
    seed : int
        Of the lot, of the weights and of the batches.
    pretraining : int
        Steps of every training before the labels.
    """

    def __init__(
        self, digits: corpora.Digits, *, other: corpora.Digits | None, seed: int = 0, pretraining: int = PRETRAINING
    ) -> None:
        self.corpus, self.other, self.seed, self.pretraining = digits.name, other, seed, pretraining
        self.pool, self.known, self.unseen = divide(digits)
        self.pictures = Pictures(self.pool, seed=seed)
        self.tests = [Pictures(part, copies=0).plain for part in (self.unseen, self.known)]
        self.learner = Learner(seed=seed)
        self.weights = {"random": self.learner.start}
        self.compact = None
        self.asked: dict[int, np.ndarray] = {}
        self.fitted: np.ndarray | None = None

    def subset(self, labels: int) -> np.ndarray:
        """Give the labelled clips of a size, which is 10 times a number, or all."""
        if labels == len(self.pool):
            return np.arange(labels)
        return nested(self.pool.digit, per_digit=labels // 10, seed=self.seed)

    def sizes(self) -> list[int]:
        """Give the numbers of labels."""
        return [10 * n for n in PER_DIGIT] + [len(self.pool)]

    def prepared(self, name: str) -> list[np.ndarray]:
        """Train an encoder without the pool's labels, once; give its weights."""
        if name not in self.weights:
            trunk = encoder()
            trunk.set_weights(self.learner.start)
            if name == "masked":
                pretrain(trunk, self.pictures.draw, steps=self.pretraining, seed=self.seed)
            else:
                source, answers = self.pictures, self.pool.speaker
                if name == "transfer":
                    source, answers = Pictures(self.other, copies=4, seed=self.seed), self.other.digit
                labels = np.unique(answers, return_inverse=True)[1]
                model = Learner(trunk, n_classes=int(labels.max()) + 1, seed=self.seed)
                model.fit(source, np.arange(len(labels)), labels, steps=self.pretraining)
            self.weights[name] = trunk.get_weights()
        return self.weights[name]

    def rows(self, ways: Iterable[str], *, done: Iterable[Row] = ()) -> Iterator[Row]:
        """Measure what is missing of some ways, and yield it row by row."""
        done = {row[:5] for row in done}
        for way in ways:
            if self.other is None and way in ("transfer", "transfer-last", "prototypes"):
                continue
            for labels, threshold in self._settings(way):
                if (self.corpus, way, labels, threshold, self.seed) not in done:
                    start = time.process_time()
                    answers, kept = self._answers(way, labels, threshold)
                    yield self._row(way, labels, threshold, answers, kept, time.process_time() - start)

    def _settings(self, way: str) -> list[tuple[int, float]]:
        sizes = self.sizes()
        if way == "pseudo":
            return [(n, t) for n in sizes[:-1] for t in (THRESHOLDS if n == SWEPT else (THRESHOLD,))]
        chosen = {"active": sizes[1:-1], "longer": [n for n in LONGER if n in sizes]}.get(way, sizes)
        return [(n, 0.0) for n in chosen]

    def _row(self, way: str, labels: int, threshold: float, answers: list, kept: tuple, seconds: float) -> Row:
        counts = []
        for answer, part in zip(answers, (self.unseen, self.known), strict=True):
            counts += [int((answer == part.digit).sum()), len(part)]
        return Row(self.corpus, way, labels, threshold, self.seed, *counts, *kept, round(seconds, 1))

    def _answers(self, way: str, labels: int, threshold: float) -> tuple[list[np.ndarray], tuple[int, int]]:
        chosen = self.subset(labels)
        if way in FROZEN:
            return self._last_layer(self.prepared(FROZEN[way]), chosen), (0, 0)
        if way.startswith("prototypes"):
            return self._nearest(way, chosen), (0, 0)
        if way == "pseudo":
            return self._taught(chosen, threshold)
        if way == "active":
            chosen = self._asked(labels)
        start = self.prepared(way) if way in PREPARED else None
        self._fit(chosen, start=start, varied=way != "zero", more=self.pretraining if way == "longer" else 0)
        return self._heard(), (0, 0)

    def _fit(
        self, chosen: np.ndarray, *, start: list[np.ndarray] | None = None, varied: bool = True, more: int = 0
    ) -> None:
        """Train the network on the labels of some clips."""
        self.learner.reset(start)
        labels, steps = self.pool.digit[chosen], steps_for(len(chosen)) + more
        self.learner.fit(self.pictures, chosen, labels, steps=steps, varied=varied)
        self.fitted = chosen

    def _heard(self) -> list[np.ndarray]:
        return [self.learner.probabilities(x).argmax(axis=1) for x in self.tests]

    def _last_layer(self, weights: list[np.ndarray], chosen: np.ndarray) -> list[np.ndarray]:
        self.learner.reset(weights)
        self.fitted = None
        known = self.learner.embed(self.pictures.plain[chosen])
        mean, spread = known.mean(axis=0), known.std(axis=0) + 1e-6
        with threadpool_limits(1):
            last = LogisticRegression(C=0.1, max_iter=500).fit((known - mean) / spread, self.pool.digit[chosen])
        return [last.predict((self.learner.embed(x) - mean) / spread) for x in self.tests]

    def _nearest(self, way: str, chosen: np.ndarray) -> list[np.ndarray]:
        if way == "prototypes":
            self.learner.reset(self.prepared("transfer"))
            self.fitted = None
            known, *tests = (self.learner.embed(x) for x in (self.pictures.plain[chosen], *self.tests))
        else:
            if self.compact is None:
                parts = self.pool, self.unseen, self.known
                self.compact = [compact_pictures(part.clips, sample_rate=part.sample_rate) for part in parts]
            known, *tests = self.compact[0][chosen], *self.compact[1:]
        centres = prototypes(known, self.pool.digit[chosen])
        return [predict(x, centres) for x in tests]

    def _taught(self, chosen: np.ndarray, threshold: float) -> tuple[list[np.ndarray], tuple[int, int]]:
        """Let a first network label the rest of the pool, and a second one learn from labels and pseudo-labels."""
        self._fit(chosen)
        rest = np.setdiff1d(np.arange(len(self.pool)), chosen)
        chances = self.learner.probabilities(self.pictures.plain[rest])
        sure = chances.max(axis=1) >= threshold
        kept, guesses = rest[sure], chances.argmax(axis=1)[sure]
        labels = np.r_[self.pool.digit[chosen], guesses]
        self.learner.reset()
        self.learner.fit(self.pictures, np.r_[chosen, kept], labels, steps=STUDENT)
        self.fitted = None
        return self._heard(), (len(kept), int((guesses == self.pool.digit[kept]).sum()))

    def _asked(self, labels: int) -> np.ndarray:
        """Go up from ten clips, each time to those whose best two answers are closest together."""
        sizes = [size for size in self.sizes() if size <= labels]
        asked = self.asked
        asked.setdefault(sizes[0], self.subset(sizes[0]))
        for small, large in itertools.pairwise(sizes):
            if large not in asked:
                chosen = asked[small]
                if self.fitted is not chosen:
                    self._fit(chosen)
                rest = np.setdiff1d(np.arange(len(self.pool)), chosen)
                best = np.sort(self.learner.probabilities(self.pictures.plain[rest]), axis=1)
                order = np.argsort(best[:, -1] - best[:, -2], kind="stable")
                asked[large] = np.r_[chosen, rest[order[: large - small]]]
        return asked[labels]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is missing in the table, then print it."""
    parser = command_line("little-data", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="default: 0 1 2")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS), help="default: all")
    parser.add_argument("--pretraining", type=int, default=PRETRAINING, help="steps before the labels (default: 600)")
    chosen = parser.parse_args(arguments)
    digits = corpora.load_digits()
    other = "voices" if digits.name == "fsdd" else "fsdd" if corpora.fsdd_path() else None
    other = other and corpora.load_digits(other)
    for seed in chosen.seeds:
        study = Study(digits, other=other, seed=seed, pretraining=chosen.pretraining)
        for row in study.rows(chosen.ways, done=read(chosen.file)):
            write([*read(chosen.file), row], chosen.file)
            print(f"{row.way}, {row.labels} labels, seed {seed}: {row.unseen_correct} of {row.unseen}", flush=True)
    print(table(read(chosen.file), corpus=digits.name))
