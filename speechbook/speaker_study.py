"""How well a network tells voices apart that it never heard: ``python -m speechbook.bench speaker-study``.

With each seed one network learns from the synthetic voices that are not held out. It is then asked about the strangers
of both corpora: the six people of FSDD, and the held-out synthetic voices. The trials are the same for all seeds, so
what differs comes from the training alone. One row a measure goes into ``data/measured/speaker_study.csv``. Shown in
the chapter *Who is speaking?*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.signal import firwin2, lfilter

from speechbook import corpora, metrics, noise, prototypes, recipe, speaker_network, verification
from speechbook._keras import keras
from speechbook._measured import Table, command_line, select, some
from speechbook.digits import Digits

SEEDS = (0, 1, 2)
ENROLLED, TESTED, DRAWS = 15, 3, 50
DEVICES = 3
"""How often the devices are drawn."""
SNR_DB = 20.0
MEASURES = {
    "network": "as it is",
    "low": "lower end of the 95 % interval over speakers",
    "high": "upper end",
    "centred": "mean of the training voices taken off",
    "normed": "adaptive symmetric normalisation",
    "one clip": "one clip tested",
    "ten clips": "ten clips tested",
    "one entry": "one clip enrolled",
    "other devices": "tested through other devices",
    "and faint noise": "and faint noise on both sides",
    "false alarms": "let in at the training voices' threshold",
    "misses": "refused at that threshold",
}
"""Equal error rates with 15 clips enrolled and 3 tested, if nothing else is said."""


class Row(NamedTuple):
    """One measure (a key of `MEASURES`) of one network on the strangers of one corpus, as a share."""

    corpus: str
    seed: int
    measure: str
    rate: float


TABLE = Table("speaker_study.csv", Row)
read, write = TABLE.read, TABLE.write


def strangers(digits: Digits) -> Digits:
    """Give the speakers on whom a network that learnt from the synthetic voices is tested.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> len(strangers(load_digits("voices")).speakers)
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    14
    """
    return digits[digits.take % 5 < 2] if digits.name == "fsdd" else digits.default_unseen()[1]


def another_device(rng: np.random.Generator) -> np.ndarray:
    """Draw a microphone that colours by some decibels and is up to 10 dB louder or quieter.

    Parameters
    ----------
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    np.ndarray [shape=(65,)]
        Impulse response of linear phase.

    Examples
    --------
    >>> another_device(np.random.default_rng(0)).shape
    (65,)
    """
    response = 10 ** (rng.normal(0, 5, 9) / 20)
    return firwin2(65, np.linspace(0, 1, 9), response) * 10 ** (rng.uniform(-10, 10) / 20)


def faint_noise(clips: Iterable[np.ndarray], *, seed: int = 0) -> list[np.ndarray]:
    """Put pink noise 20 dB below the speech under each clip."""
    rng = np.random.default_rng(seed)
    return [noise.add_noise(y, snr_db=SNR_DB, kind="pink", rng=rng) for y in clips]


def with_devices(people: Digits, *, seed: int) -> list[np.ndarray]:
    """Give the clips of the tests, those of each speaker through a device of his own."""
    rng = np.random.default_rng(seed)
    own = {speaker: another_device(rng) for speaker in people.speakers}
    tested = np.flatnonzero(verification.sides(people)[1])
    return [lfilter(own[people.speaker[i]], [1], people.clips[i]) for i in tested]


def trials(rows: np.ndarray, people: Digits, *, enrol: int = ENROLLED, test: int = TESTED) -> verification.Trials:
    """Let everybody claim to be everybody; the clips are the same for all `rows` of embeddings."""
    return verification.build_trials(rows, people, enrol=enrol, test=test, draws=DRAWS, rng=np.random.default_rng(0))


def measure(
    embed: Callable[[Sequence[np.ndarray]], np.ndarray],
    people: Digits,
    *,
    learnt: Digits,
    taught: speaker_network.Voices,
) -> dict[str, float]:
    """Measure one network on some strangers.

    Parameters
    ----------
    embed : callable
        From clips to embeddings of length 1 [shape=(clips, size)].
    people : Digits
        The strangers.
    learnt : Digits
        Voices of the training, on whom the threshold is chosen.
    taught : speaker_network.Voices
        The same at all speeds: the cohort.

    Returns
    -------
    dict of str to float
        A value for each of `MEASURES`.
    """
    rows, many = embed(people.clips), embed(taught.clips)
    asked = trials(rows, people)
    interval = verification.speaker_interval(
        metrics.equal_error_rate, asked.scores, asked, rng=np.random.default_rng(0)
    )
    normed = verification.adaptive_norm(asked, prototypes.prototypes(many, taught.digit))
    alarms, misses = _at_own_threshold(asked, trials(embed(learnt.clips), learnt))
    quiet, noisy = _elsewhere(embed, people, rows)
    rates = (
        asked.error_rate,
        *interval,
        trials(rows - many.mean(axis=0), people).error_rate,
        metrics.equal_error_rate(normed, asked.same),
        trials(rows, people, test=1).error_rate,
        trials(rows, people, test=10).error_rate,
        trials(rows, people, enrol=1).error_rate,
        quiet,
        noisy,
        alarms,
        misses,
    )
    return {name: float(rate) for name, rate in zip(MEASURES, rates, strict=True)}


def _at_own_threshold(asked: verification.Trials, own: verification.Trials) -> tuple[float, float]:
    """Give false alarms and misses where both are equal on voices of the training."""
    alarms, misses, at = metrics.det_curve(own.scores, own.same)
    chosen = at[np.argmax(alarms >= misses)]
    return np.mean(asked.scores[~asked.same] >= chosen), np.mean(asked.scores[asked.same] < chosen)


def _elsewhere(embed: Callable, people: Digits, rows: np.ndarray) -> np.ndarray:
    """Give the error rates with other devices, and with faint noise besides, over several draws of the devices."""
    tested = verification.sides(people)[1]
    noisy_rows = embed(faint_noise(people.clips))
    found = []
    for seed in range(DEVICES):
        sent = with_devices(people, seed=seed)
        for kept, clips in ((rows, sent), (noisy_rows, faint_noise(sent, seed=seed))):
            changed = kept.copy()
            changed[tested] = embed(clips)
            found.append(trials(changed, people).error_rate)
    return np.mean(np.reshape(found, (DEVICES, 2)), axis=0)


def train(taught: speaker_network.Voices, *, seed: int) -> keras.Model:
    """Train a network with a seed."""
    keras.utils.set_random_seed(seed)
    network = speaker_network.voice_network(n_voices=int(taught.digit.max()) + 1)
    recipe.train(network, taught, recipe=speaker_network.RECIPE, seed=seed, progress=False)
    return network


def rates(rows: Iterable[Row], **wanted: object) -> np.ndarray:
    """Give the rate of each seed, in their order.

    Raises
    ------
    ValueError
        If there are none.

    Examples
    --------
    >>> rates([Row("fsdd", 1, "network", 0.2), Row("fsdd", 0, "network", 0.3)], measure="network").tolist()
    [0.3, 0.2]
    """
    return np.array([row.rate for row in sorted(some(rows, **wanted), key=lambda row: row.seed)])


def table(rows: Iterable[Row], *, corpus: str, measures: Iterable[str] = tuple(MEASURES)) -> str:
    """Lay out measures of a corpus in per cent: a column for each seed.

    Examples
    --------
    >>> print(table([Row("fsdd", 0, "network", 0.3), Row("fsdd", 1, "network", 0.2)], corpus="fsdd"))
    Per cent                                        seed 0  seed 1    mean
    as it is                                          30.0    20.0    25.0
    """
    rows = some(rows, corpus=corpus)
    seeds = sorted({row.seed for row in rows})
    lines = [f"{'Per cent':46}" + "".join(f"  seed {seed}" for seed in seeds) + "    mean"]
    for name in measures:
        if select(rows, measure=name):
            own = 100 * rates(rows, measure=name)
            lines.append(f"{MEASURES[name]:46}" + "".join(f"{rate:8.1f}" for rate in (*own, own.mean())))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the seeds that are missing, then print a table for each corpus."""
    parser = command_line("speaker-study", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="default: 0 1 2")
    chosen = parser.parse_args(arguments)
    voices, people = corpora.load_digits("voices"), corpora.load_digits()
    learnt = voices.default_unseen()[0]
    everybody = {each.name: strangers(each) for each in (voices, people)}
    taught = speaker_network.many_voices(learnt)
    for seed in chosen.seeds:
        missing = [name for name in everybody if not select(read(chosen.file), corpus=name, seed=seed)]
        if not missing:
            continue
        network = train(taught, seed=seed)

        def embed(clips: Sequence[np.ndarray], network: keras.Model = network) -> np.ndarray:
            return prototypes.embed(network, clips, sample_rate=voices.sample_rate)

        for name in missing:
            found = measure(embed, everybody[name], learnt=learnt, taught=taught)
            new = [Row(name, seed, key, round(rate, 5)) for key, rate in found.items()]
            write([*read(chosen.file), *new], chosen.file)
    for name in everybody:
        print(table(read(chosen.file), corpus=name))
