"""One network for ten languages, one for each, and one for a language it has not heard: ``… bench languages``.

Words become the plain pictures of `word_pictures`, and a network with one hidden layer learns to name them. It is
asked about voices that it has never heard. Measured are: one network for all languages against one for each, with many
voices and with few; and a language held out, then learnt from 1, 2, 5 or 10 examples a word, from random weights and
from the hidden layer that the nine others have shaped. One row a network and language goes into
``data/measured/languages.csv``; what stands there is not measured again. Shown in the chapter *Many languages*.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import softmax

from speechbook import corpora, frontend, prototypes
from speechbook._measured import Table, command_line, some
from speechbook.numpy_layers import Activation, Dense, Network, softmax_cross_entropy
from speechbook.word_pictures import SEGMENTS, pictures, warp

HIDDEN = 64
WARPS = 4
STEPS = 600
ADAPTING_STEPS = 200
BATCH = 64
RATE = 0.1
VOICES = (2, 10)
EXAMPLES = (1, 2, 5, 10)
HELD_OUT = ("cmn", "it", "ru", "sw", "tr")
SEEDS = (0, 1, 2)
ALL, EACH_SAME, EACH_MORE = "one for all", "one each, same work", "one each, ten times the work"
PICTURE, ZERO, FROZEN, TUNED = "picture", "from zero", "shared layer, frozen", "shared layer, tuned"


class Row(NamedTuple):
    """How many words of one language a network named; `voices` is also the number of examples a word.

    `language_correct` counts the right languages, where the network had to find the language too (else 0).
    """

    study: str
    remedy: str
    language: str
    voices: int
    seed: int
    steps: int
    clips: int
    correct: int
    language_correct: int
    processor_seconds: float


TABLE = Table("languages.csv", Row)
read, write = TABLE.read, TABLE.write


def warped(x: ArrayLike, *, copies: int, rng: np.random.Generator) -> np.ndarray:
    """Add versions of pictures by shorter and longer vocal tracts, at most 12 % from the original.

    Parameters
    ----------
    x : array_like [shape=(clips, 480)]
        As `word_pictures.pictures` gives them.
    copies : int
        Versions of each, behind all originals.
    rng : np.random.Generator
        Draws the factors.

    Returns
    -------
    np.ndarray [shape=((1 + copies) * clips, 480), dtype=float64]

    Examples
    --------
    >>> warped(np.ones((3, 480)), copies=2, rng=np.random.default_rng(0)).shape
    (9, 480)
    """
    x = np.asarray(x, float)
    versions = [warp(x, factor=rng.uniform(0.88, 1.12, len(x))) for _ in range(copies)]
    return np.concatenate([x, *versions])


def network(n_words: int, *, seed: int) -> Network:
    """Build a network with one hidden layer, the one that languages can share.

    Parameters
    ----------
    n_words : int
        Outputs.
    seed : int
        Of the weights.

    Returns
    -------
    Network
        Takes pictures [shape=(clips, 480)], gives scores.

    Examples
    --------
    >>> sum(values.size for layer in network(90, seed=0).layers for values in layer.parameters.values())
    36634
    """
    rng = np.random.default_rng(seed)
    size = frontend.SETTINGS["n_mels"] * SEGMENTS
    return Network([Dense(size, HIDDEN, rng=rng), Activation("relu"), Dense(HIDDEN, n_words, rng=rng)])


def learn(
    x: ArrayLike, words: ArrayLike, *, n_words: int, steps: int, seed: int, start: Network | None = None
) -> Network:
    """Train a network by momentum, at a rate that falls to zero, on batches of which a tenth of the numbers is hidden.

    Parameters
    ----------
    x : array_like [shape=(clips, 480)]
        Pictures.
    words : array_like of int [shape=(clips,)]
        What is said.
    n_words : int
        Outputs.
    steps : int
        Batches of 64.
    seed : int
        Of weights, batches and what is hidden.
    start : Network, optional
        Another network, whose hidden layer this one begins with.

    Returns
    -------
    Network

    Examples
    --------
    >>> x = np.repeat([np.zeros(480), np.full(480, 2.0)], 8, axis=0)
    >>> model = learn(x, np.repeat([0, 1], 8), n_words=2, steps=60, seed=0)
    >>> answers(model, x).argmax(axis=1)[[0, 15]].tolist()
    [0, 1]
    """
    model = network(n_words, seed=seed)
    if start is not None:
        model.layers[0].parameters = {name: value.copy() for name, value in start.layers[0].parameters.items()}
    x, words, rng = np.asarray(x, float) - 1, np.asarray(words), np.random.default_rng(seed)
    speed = [{name: np.zeros_like(value) for name, value in layer.parameters.items()} for layer in model.layers]
    for step in range(steps):
        chosen = rng.integers(0, len(words), BATCH)
        hidden_inputs = rng.random((BATCH, x.shape[1])) < 0.1
        scores = model.forward(np.where(hidden_inputs, 0, x[chosen]))
        model.backward(softmax_cross_entropy(scores, words[chosen])[1])
        rate = RATE * (1 - step / steps)
        for layer, velocity in zip(model.layers, speed, strict=True):
            for name, slope in layer.gradients.items():
                velocity[name] = 0.9 * velocity[name] - rate * slope
                layer.parameters[name] = layer.parameters[name] + velocity[name]
    return model


def answers(model: Network, x: ArrayLike) -> np.ndarray:
    """Give a network's probabilities [shape=(clips, words)].

    Examples
    --------
    >>> answers(network(90, seed=0), np.ones((3, 480))).shape
    (3, 90)
    """
    return softmax(model.forward(np.asarray(x, float) - 1), axis=1)


def hidden(model: Network, x: ArrayLike) -> np.ndarray:
    """Give what the hidden layer makes of pictures [shape=(clips, 64)].

    Examples
    --------
    >>> hidden(network(90, seed=0), np.ones((3, 480))).shape
    (3, 64)
    """
    return model.layers[1].forward(model.layers[0].forward(np.asarray(x, float) - 1))


class Study:
    """All clips as pictures, and the networks that are trained on some of them.

    Parameters
    ----------
    spoken : corpora.Multilingual
        Its default unseen speakers are the test.
    done : iterable of Row
        What need not be measured again.
    steps, adapting_steps : int
        Of a network for all languages, and of one that learns a new language.
    """

    def __init__(
        self,
        spoken: corpora.Multilingual,
        *,
        done: Iterable[Row] = (),
        steps: int = STEPS,
        adapting_steps: int = ADAPTING_STEPS,
    ) -> None:
        self.spoken, self.steps, self.adapting_steps = spoken, steps, adapting_steps
        self.done = {row[:5] for row in done}
        self.x = pictures(spoken.clips, sample_rate=spoken.sample_rate)
        self.unseen = np.isin(spoken.speaker, spoken.unseen)
        self.heard = sorted(set(spoken.speakers) - set(spoken.unseen))

    def rows(self, *, seeds: Sequence[int] = SEEDS, held_out: Sequence[str] = HELD_OUT) -> Iterator[Row]:
        """Train what is missing and yield its rows."""
        for seed in seeds:
            for voices in VOICES:
                yield from self._together(voices, seed)
                yield from self._apart(voices, seed)
            for name in held_out:
                yield from self._transfer(name, seed)

    def _missing(self, *key: object) -> bool:
        return key not in self.done

    def _voices(self, count: int, seed: int) -> list[str]:
        return list(np.random.default_rng(seed).permutation(self.heard)[:count])

    def _examples(self, languages: Sequence[str], voices: Sequence[str], seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Training pictures with their warped versions, and the numbers of the words."""
        kept = np.isin(self.spoken.language, languages) & np.isin(self.spoken.speaker, voices)
        words = self._words(languages, kept)
        x = warped(self.x[kept], copies=WARPS, rng=np.random.default_rng(seed))
        return x, np.tile(words, 1 + WARPS)

    def _words(self, languages: Sequence[str], kept: np.ndarray) -> np.ndarray:
        place = np.array([list(languages).index(name) for name in self.spoken.language[kept]])
        return 10 * place + self.spoken.digit[kept]

    def _test(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        kept = self.unseen & (self.spoken.language == name)
        return self.x[kept], self.spoken.digit[kept]

    def _together(self, voices: int, seed: int) -> Iterator[Row]:
        names = self.spoken.languages
        if not any(self._missing("sharing", ALL, name, voices, seed) for name in names):
            return
        start = time.process_time()
        examples = self._examples(names, self._voices(voices, seed), seed)
        model = learn(*examples, n_words=10 * len(names), steps=self.steps, seed=seed)
        seconds = time.process_time() - start
        for place, name in enumerate(names):
            x, digit = self._test(name)
            p = answers(model, x).reshape(len(x), len(names), 10)
            right = int((p[:, place].argmax(axis=1) == digit).sum())
            found = int((p.sum(axis=2).argmax(axis=1) == place).sum())
            yield Row("sharing", ALL, name, voices, seed, self.steps, len(x), right, found, round(seconds, 1))

    def _apart(self, voices: int, seed: int) -> Iterator[Row]:
        names = self.spoken.languages
        for name in names:
            x, digit = self._test(name)
            for remedy, steps in ((EACH_SAME, self.steps // len(names)), (EACH_MORE, self.steps)):
                if self._missing("sharing", remedy, name, voices, seed):
                    start = time.process_time()
                    examples = self._examples([name], self._voices(voices, seed), seed)
                    model = learn(*examples, n_words=10, steps=steps, seed=seed)
                    seconds = round(time.process_time() - start, 1)
                    right = int((answers(model, x).argmax(axis=1) == digit).sum())
                    yield Row("sharing", remedy, name, voices, seed, steps, len(x), right, 0, seconds)

    def _transfer(self, name: str, seed: int) -> Iterator[Row]:
        if not any(self._missing("transfer", TUNED, name, k, seed) for k in EXAMPLES):
            return
        others = [other for other in self.spoken.languages if other != name]
        shared = learn(*self._examples(others, self.heard, seed), n_words=10 * len(others), steps=self.steps, seed=seed)
        x, digit = self._test(name)
        for k in EXAMPLES:
            x_few, words = self._examples([name], self._voices(k, seed), seed)
            plain = len(x_few) // (1 + WARPS)
            for remedy in (PICTURE, FROZEN, ZERO, TUNED):
                start = time.process_time()
                if remedy in (PICTURE, FROZEN):
                    see = (lambda x: x) if remedy == PICTURE else (lambda x: hidden(shared, x))
                    centres = prototypes.prototypes(see(x_few[:plain]), words[:plain])
                    guessed, steps = prototypes.predict(see(x), centres), 0
                else:
                    how = {"n_words": 10, "steps": self.adapting_steps, "seed": seed}
                    model = learn(x_few, words, start=shared if remedy == TUNED else None, **how)
                    guessed, steps = answers(model, x).argmax(axis=1), self.adapting_steps
                seconds = round(time.process_time() - start, 1)
                right = int((guessed == digit).sum())
                yield Row("transfer", remedy, name, k, seed, steps, len(x), right, 0, seconds)


def shares(rows: Iterable[Row], *, column: str = "correct", **wanted: object) -> np.ndarray:
    """Give the share of right answers for each seed, over the rows whose columns have the wanted values.

    Examples
    --------
    >>> row = Row("sharing", "one for all", "de", 2, 0, 600, 40, 30, 20, 1.0)
    >>> shares([row, row._replace(seed=1, correct=34)], language="de").tolist()
    [0.75, 0.85]
    """
    kept = some(rows, **wanted)
    seeds = sorted({row.seed for row in kept})
    parts = [[row for row in kept if row.seed == seed] for seed in seeds]
    return np.array([sum(getattr(r, column) for r in part) / sum(r.clips for r in part) for part in parts])


def table(rows: Sequence[Row]) -> str:
    """Lay the rows out as plain text: per cent right on unseen voices, mean over seeds and languages, worst, best seed.

    Examples
    --------
    >>> print(table([Row("transfer", "from zero", "tr", 5, 0, 200, 40, 30, 0, 1.0)]))
    study     remedy                        voices  right %   worst - best seed
    transfer  from zero                          5     75.0      75.0 -  75.0
    """
    lines = [f"{'study':9} {'remedy':29} {'voices':>6}  {'right %':>7}  {'worst - best seed':>18}"]
    for study, remedy, voices in sorted({(row.study, row.remedy, row.voices) for row in rows}):
        right = 100 * shares(rows, study=study, remedy=remedy, voices=voices)
        lines.append(
            f"{study:9} {remedy:29} {voices:6}  {right.mean():7.1f}     {right.min():5.1f} - {right.max():5.1f}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is missing in the table, then print it."""
    parser = command_line("languages", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="default: 0 1 2")
    parser.add_argument(
        "--held-out", nargs="+", default=HELD_OUT, help="languages to learn anew (default: %(default)s)"
    )
    parser.add_argument("--steps", type=int, nargs=2, default=(STEPS, ADAPTING_STEPS), help="of training, of adapting")
    chosen = parser.parse_args(arguments)
    steps, adapting_steps = chosen.steps
    study = Study(corpora.load_languages(), done=read(chosen.file), steps=steps, adapting_steps=adapting_steps)
    for row in study.rows(seeds=chosen.seeds, held_out=chosen.held_out):
        write([*read(chosen.file), row], chosen.file)
    print(table(read(chosen.file)))
