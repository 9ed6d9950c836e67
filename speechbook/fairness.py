"""For whom a recogniser works, and what narrows the gap: ``python -m speechbook.bench fairness``.

A small network learns from fixed pictures of words, with every speaker held out once, under one of `REMEDIES`; and, on
the synthetic voices, without a kind of voice and with a few voices of that kind put back, while the number of voices
stays the same. One row a speaker, remedy and seed goes into ``data/measured/fairness.csv``. Shown in the chapter *For
whom it works*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from speechbook import corpora, word_pictures
from speechbook._keras import keras
from speechbook._measured import Table, command_line
from speechbook._training_step import train_step
from speechbook.group_weights import GroupWeights
from speechbook.manifests import read_manifest

SEEDS = (0, 1, 2)
REMEDIES = {
    "none": "clips drawn as they come",
    "balanced": "every kind of voice drawn equally often",
    "dro": "group DRO: kinds with a large loss count more",
    "warped": "copies with shorter and longer vocal tracts",
}
STEPS, BATCH, RATE = 400, 64, 3e-3
WARPS = (0.88, 1.14)
MISSING = ("low", "high", "recorded")
PUT_BACK = (0, 1, 2, 4, 8)
VOICES = 12
"""How many voices a network learns from where a kind is missing."""
ACCENTS = {
    "george": "Greek",
    "jackson": "American",
    "lucas": "German",
    "nicolas": "Belgian, French",
    "theo": "American",
    "yweweler": "German",
}
"""Of FSDD's speakers, as the dataset lists them."""


class Row(NamedTuple):
    """How many clips of a speaker whom it never heard a network got right; `setting` counts voices put back."""

    corpus: str
    remedy: str
    setting: int
    seed: int
    speaker: str
    clips: int
    correct: int


TABLE = Table("fairness.csv", Row)
read, write = TABLE.read, TABLE.write


def facts(digits: corpora.Digits) -> dict[str, dict[str, str]]:
    """Say of every speaker what the corpus notes.

    Parameters
    ----------
    digits : corpora.Digits
        Of either corpus.

    Returns
    -------
    dict of str to dict
        For each speaker ``"accent"`` and ``"kind"``, and among the synthetic voices ``"engine"`` and ``"register"``,
        which says whether the voice is high or low. The kind of a voice is rules (espeak-ng) or recorded (the other
        engines are made of recordings of a person), and its register. Of a person it is the name: six are not a kind.

    Examples
    --------
    >>> facts(corpora.load_digits("voices"))["flite-slt"]["kind"]
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    'recorded, high'
    """
    if digits.name != "voices":
        return {name: {"kind": name, "accent": ACCENTS[name]} for name in digits.speakers}
    noted = {row["speaker"]: row for row in read_manifest() if row["digit"]}
    table = {}
    for name in digits.speakers:
        made = {key: noted[name][key] for key in ("engine", "accent", "register")}
        how = "rules" if made["engine"] == "espeak-ng" else "recorded"
        table[name] = {**made, "kind": f"{how}, {made['register']}"}
    return table


def pictures(digits: corpora.Digits) -> np.ndarray:
    """Give the inputs of the small network: pictures over twelve parts of the time, from -1 to 1.

    Returns
    -------
    np.ndarray [shape=(clips, 480), dtype=float32]
    """
    return (word_pictures.pictures(digits.clips, sample_rate=digits.sample_rate) - 1).astype(np.float32)


def train(
    x: np.ndarray, y: ArrayLike, groups: ArrayLike, *, remedy: str = "none", seed: int = 0, steps: int = STEPS
) -> keras.Model:
    """Train the small network under a remedy; every remedy gets as many steps of as many clips.

    Parameters
    ----------
    x : np.ndarray [shape=(clips, features)]
        Such as `pictures` gives.
    y : array_like of int [shape=(clips,)]
        The digits.
    groups : array_like [shape=(clips,)]
        Name of each clip's group.
    remedy : str
        One of `REMEDIES`.
    seed : int
        Of weights, batches and dropout.
    steps : int
        How many batches.

    Returns
    -------
    keras.Model
        From inputs to probabilities of ten digits.

    Raises
    ------
    ValueError
        If there is no such remedy, or x, y and groups are not equally long.

    Examples
    --------
    >>> train(np.zeros((20, 480)), np.arange(20) % 10, ["a", "b"] * 10, steps=1).output_shape
    (None, 10)
    """
    y, (names, groups) = np.asarray(y), np.unique(groups, return_inverse=True)
    if remedy not in REMEDIES:
        raise ValueError(f"there is no remedy {remedy!r}; there are {', '.join(REMEDIES)}")
    if not len(x) == len(y) == len(groups):
        raise ValueError(f"one digit and one group a clip; got {len(x)} clips, {len(y)} and {len(groups)}")
    x = np.asarray(x, np.float32)
    versions = np.stack(
        [x, *(word_pictures.warp(x, factor=factor) for factor in (WARPS if remedy == "warped" else ()))]
    )
    keras.utils.set_random_seed(seed)
    model, rng = _network(x.shape[1], steps), np.random.default_rng(seed)
    members = [np.flatnonzero(groups == g) for g in range(len(names))]
    weights = GroupWeights(len(names))
    for _ in range(steps):
        if remedy in ("balanced", "dro"):
            rows = np.array([rng.choice(members[g]) for g in rng.integers(len(names), size=BATCH)])
        else:
            rows = rng.integers(len(x), size=BATCH)
        inputs = versions[rng.integers(len(versions), size=BATCH), rows]
        counts = np.ones(BATCH, np.float32)
        if remedy == "dro":
            given = keras.ops.convert_to_numpy(model(inputs))[np.arange(BATCH), y[rows]]
            shares = weights.update(-np.log(given + 1e-7), groups[rows])
            counts = (len(names) * shares[groups[rows]]).astype(np.float32)
        train_step(model, inputs, y[rows], counts)
    return model


def _network(n_inputs: int, steps: int) -> keras.Model:
    """Build a hidden layer of 64 units, compiled."""
    layers = keras.layers
    hidden = layers.Dropout(0.3), layers.Dense(10, activation="softmax")
    model = keras.Sequential([keras.Input((n_inputs,)), layers.Dense(64, activation="relu"), *hidden])
    rate = keras.optimizers.schedules.CosineDecay(RATE, steps)
    model.compile(keras.optimizers.AdamW(rate, weight_decay=0.01), loss="sparse_categorical_crossentropy")
    return model


def answers(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Give the probabilities of ten digits [shape=(clips, 10)]."""
    return keras.ops.convert_to_numpy(model(np.asarray(x, np.float32), training=False))


def by_fold(
    digits: corpora.Digits, x: np.ndarray, groups: Mapping[str, str], *, remedy: str = "none", seed: int = 0
) -> np.ndarray:
    """Ask about every clip a network that never heard its speaker.

    Parameters
    ----------
    digits : corpora.Digits
        The corpus; its folds are held out in turn.
    x : np.ndarray [shape=(clips, 480)]
        Its `pictures`.
    groups : mapping of str to str
        Group of each speaker, for remedies that know of groups.
    remedy : str
        One of `REMEDIES`.
    seed : int
        Of everything.

    Returns
    -------
    np.ndarray [shape=(clips, 10)]
        Probabilities.
    """
    group = np.array([groups[name] for name in digits.speaker])
    found = np.empty((len(digits), 10))
    for _, _, test in digits.folds():
        held = np.isin(digits.speaker, test.speakers)
        model = train(x[~held], digits.digit[~held], group[~held], remedy=remedy, seed=seed)
        found[held] = answers(model, x[held])
    return found


def kind_missing(digits: corpora.Digits, x: np.ndarray, *, kind: str, put_back: int, seed: int) -> np.ndarray:
    """Ask about a kind of voice those networks that have heard few or none of it.

    Twelve voices are learnt from, `put_back` of them of the kind; two folds at a time are held out.

    Parameters
    ----------
    digits : corpora.Digits
        The synthetic voices.
    x : np.ndarray [shape=(clips, 480)]
        Their `pictures`.
    kind : str
        One of `MISSING`.
    put_back : int
        How many voices of the kind are learnt from.
    seed : int
        Of the choice of voices and of the training.

    Returns
    -------
    np.ndarray [shape=(clips,), dtype=int]
        What was heard; -1 for clips of other kinds.
    """
    noted = facts(digits)
    of_kind = np.array([kind in noted[name]["kind"] for name in digits.speakers])
    heard, names, folds = np.full(len(digits), -1), np.array(digits.speakers), list(digits.groups.values())
    for place in range(0, len(folds), 2):
        held = np.isin(names, [*folds[place], *folds[place + 1]])
        rng = np.random.default_rng((seed, place))
        own, others = (rng.permutation(names[~held & (of_kind == which)]) for which in (True, False))
        learnt = np.isin(digits.speaker, [*own[:put_back], *others[: VOICES - put_back]])
        asked = np.isin(digits.speaker, names[held & of_kind])
        if asked.any():
            model = train(x[learnt], digits.digit[learnt], digits.speaker[learnt], seed=seed)
            heard[asked] = answers(model, x[asked]).argmax(axis=1)
    return heard


def _rows(digits: corpora.Digits, heard: np.ndarray, *key: object) -> Iterator[Row]:
    for name in np.unique(digits.speaker[heard >= 0]):
        own = digits.speaker == name
        yield Row(digits.name, *key, str(name), int(own.sum()), int((heard == digits.digit)[own].sum()))


def study(digits: corpora.Digits, *, seeds: Sequence[int] = SEEDS, done: Iterable[Row] = ()) -> Iterator[list[Row]]:
    """Measure what is missing, a run at a time.

    Parameters
    ----------
    digits : corpora.Digits
        Of either corpus.
    seeds : sequence of int
        Of weights and batches.
    done : iterable of Row
        What need not be measured again.

    Yields
    ------
    list of Row
        One a speaker that was asked.
    """
    x, done = pictures(digits), {row[:4] for row in done}
    kinds = {name: noted["kind"] for name, noted in facts(digits).items()}
    for seed in seeds:
        for remedy in REMEDIES:
            if (digits.name, remedy, 0, seed) not in done:
                found = by_fold(digits, x, kinds, remedy=remedy, seed=seed)
                yield list(_rows(digits, found.argmax(axis=1), remedy, 0, seed))
        for kind in MISSING if digits.name == "voices" else ():
            for put_back in PUT_BACK:
                if (digits.name, f"no {kind}", put_back, seed) not in done:
                    heard = kind_missing(digits, x, kind=kind, put_back=put_back, seed=seed)
                    yield list(_rows(digits, heard, f"no {kind}", put_back, seed))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is missing in the table, then print it."""
    parser = command_line("fairness", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="default: 0 1 2")
    chosen = parser.parse_args(arguments)
    digits = corpora.load_digits()
    for rows in study(digits, seeds=chosen.seeds, done=read(chosen.file)):
        write([*read(chosen.file), *rows], chosen.file)
        keras.backend.clear_session()
        right = sum(row.correct for row in rows) / sum(row.clips for row in rows)
        print(f"{rows[0].remedy} {rows[0].setting}, seed {rows[0].seed}: {100 * right:.1f} %", flush=True)
