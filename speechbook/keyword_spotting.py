"""A wake word in long recordings of strangers, measured: ``python -m speechbook.bench keyword-spotting``.

Networks hear eight of the ten digits, and words of four languages that must not count. The wake word and all thresholds
are chosen on recordings of other people than those who are reported; *eight*, *nine* and four more languages are words
that no training has heard. For each corpus and seed there are rows in ``data/measured/keyword_spotting.csv`` (detectors
and thresholds), ``keyword_alarms.csv`` (which words raised false alarms) and ``keyword_dialogues.csv`` (the assistant's
success). Shown in the chapter *Wake word and assistant*.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from speechbook import (
    assistant,
    corpora,
    dialogues,
    keyword_network,
    keyword_streams,
    long_recording,
    streaming,
    wake_word,
)
from speechbook._keras import keras
from speechbook._keyword_tables import CAUSES, TABLE, TALKS, Cause, Row, Talks, best_word, select, table
from speechbook.digits import DIGIT_NAMES, Digits
from speechbook.keyword_streams import Recipe
from speechbook.wake_word import REST

WORDS = tuple(range(8))
UNKNOWN = (8, 9)
CANDIDATES = (0, 5, 6, 7)
"""Wake words to choose from; the others begin commands."""
LEARNT_LANGUAGES, DEVELOPMENT_LANGUAGES, TEST_LANGUAGES = ("cmn", "de", "es", "fr"), ("ru",), ("hi", "it", "sw", "tr")
DEVELOPERS = {"fsdd": 1, "voices": 7}
PER_HOUR = 12.0
"""False alarms an hour that are accepted where thresholds are chosen."""
THRESHOLDS = tuple(np.round([*np.arange(0.2, 0.9, 0.05), *np.arange(0.9, 1.0, 0.02)], 2))
WIDTHS = (1, 2, 4)
SNR_DB = (20.0, 10.0, 0.0)
LONG, SHORT = Recipe(steps=500), Recipe(steps=200)
EVERYWHERE = ("streams", "short")
"""Networks that also listen at fixed signal-to-noise ratios."""
CURVES = ("streams", "second look", "short", "clips")
"""Detectors that are measured at every threshold, not only at the chosen one."""
SECOND_PROBABILITY = 0.5
SEEDS = (0, 1, 2)
N_DIALOGUES = 120
CHUNK = 80000


@dataclass(frozen=True)
class Division:
    """Who is heard when: sets of clips to learn from, one to choose on, one to report; foreign words for each."""

    sources: list[Digits]
    development: Digits
    test: Digits
    foreign: Digits
    foreign_development: Digits
    foreign_test: Digits


def divide(digits: Digits) -> Division:
    """Divide a corpus by speakers, with words of other languages by voices and languages.

    Parameters
    ----------
    digits : Digits
        All clips of a corpus. With FSDD the synthetic voices are learnt from too.

    Returns
    -------
    Division
    """
    learn, test = digits.default_unseen()
    learn, development = learn.leave_speakers_out(*learn.speakers[-DEVELOPERS.get(digits.name, 1) :])
    known, strangers = corpora.load_languages().default_unseen()
    return Division(
        sources=[learn, corpora.load_digits("voices")] if digits.name == "fsdd" else [learn],
        development=development,
        test=test,
        foreign=known.where(language=LEARNT_LANGUAGES),
        foreign_development=known.where(language=DEVELOPMENT_LANGUAGES),
        foreign_test=strangers.where(language=TEST_LANGUAGES),
    )


def twice(digits: Digits) -> Digits:
    """Give every clip two times, so that few people fill a longer recording."""
    return digits[np.tile(np.arange(len(digits)), 2)]


def recordings(parts: Division, *, seed: int = 0) -> dict[str, long_recording.LongRecording]:
    """Lay out the recordings: one to choose on, one to report, and the latter at fixed signal-to-noise ratios."""
    talk = parts.foreign.clips
    built = {
        "development": long_recording.build(
            twice(parts.development),
            foreign=twice(parts.foreign_development),
            talk=talk,
            rng=np.random.default_rng(seed + 1),
        )
    }
    for name, snr_db in {"mixed": (10.0, 30.0), **{f"{level:.0f} dB": level for level in SNR_DB}}.items():
        how = {"foreign": parts.foreign_test, "talk": talk, "snr_db": snr_db}
        built[name] = long_recording.build(parts.test, **how, rng=np.random.default_rng(seed + 2))
    return built


def probabilities(model: keras.Model, y: np.ndarray) -> np.ndarray:
    """Let a network listen to a whole recording, ten seconds at a time [shape=(outputs, classes)]."""
    return streaming.listen(streaming.Listener(model), streaming.chunks(y, size=CHUNK))


def alarms(
    probability: np.ndarray, *, threshold: float, width: int = 1, rest: int = REST, second: np.ndarray | None = None
) -> np.ndarray:
    """Give the moments, in seconds, at which a detector fires.

    Parameters
    ----------
    probability : np.ndarray [shape=(outputs,)]
        Of the wake word.
    threshold, width, rest
        As for `wake_word.Trigger`.
    second : np.ndarray [shape=(outputs,)], optional
        Another network's probability: as long as its highest value of the last three outputs is below 0.5, there is
        no alarm.

    Returns
    -------
    np.ndarray [shape=(alarms,)]
    """
    if second is not None:
        recent = np.max([np.roll(second, shift) for shift in range(3)], axis=0)
        probability = np.where(recent >= SECOND_PROBABILITY, probability, 0)
    places = np.array(wake_word.Trigger(threshold, width=width, rest=rest).push(probability), int)
    return streaming.output_times(len(probability), step=keyword_streams.STEP)[places]


class Detector(NamedTuple):
    """Probabilities of one class on every recording, and what is done with them."""

    name: str
    heard: dict[str, np.ndarray]
    width: int = 1
    rest: int = REST
    second: dict[str, np.ndarray] | None = None

    def judge(
        self, recording: long_recording.LongRecording, where: str, *, word: int, threshold: float
    ) -> wake_word.Alarms:
        """Say what it does on one recording at one threshold."""
        second = self.second and self.second[where]
        moments = alarms(self.heard[where], threshold=threshold, width=self.width, rest=self.rest, second=second)
        return wake_word.judge(moments, recording.words, wake_word=DIGIT_NAMES[word], seconds=recording.seconds)


def choose(outcomes: dict[float, wake_word.Alarms], *, per_hour: float = PER_HOUR) -> float:
    """Choose the lowest threshold that keeps to a rate of false alarms; the highest one if none does.

    Examples
    --------
    >>> quiet, loud = (wake_word.Alarms(10, (0.1,) * 8, (1.0,) * n, 3600.0) for n in (3, 30))
    >>> choose({0.5: loud, 0.7: quiet, 0.9: quiet})
    0.7
    """
    kept = [threshold for threshold, outcome in sorted(outcomes.items()) if outcome.per_hour <= per_hour]
    return kept[0] if kept else max(outcomes)


def networks(parts: Division, *, seed: int, long: Recipe = LONG, short: Recipe = SHORT) -> dict[str, keras.Model]:
    """Train all networks of one seed: long and short, on clips alone."""
    alone = replace(short, alone=True, foreign_share=0.0)

    def learn(recipe: Recipe, foreign: Digits | None = parts.foreign, **how: int) -> keras.Model:
        return keyword_network.learn(
            parts.sources, WORDS, recipe=recipe, foreign=foreign, progress=False, **{"seed": seed, **how}
        )

    return {
        "streams": learn(long),
        "short": learn(short, seed=seed + 100),
        "clips": learn(alone, None),
    }


def detectors(heard: dict[str, dict[str, np.ndarray]], word: int) -> list[Detector]:
    """Give every detector of the study for one wake word, from what the networks heard."""
    own = {name: {where: p[:, 1 + WORDS.index(word)] for where, p in places.items()} for name, places in heard.items()}
    streams = own["streams"]
    return [
        Detector("streams", streams),
        *(Detector(f"mean of {width}", streams, width=width) for width in WIDTHS[1:]),
        Detector("no rest", streams, rest=0),
        Detector("second look", streams, second=own["short"]),
        *(Detector(name, own[name]) for name in ("short", "clips")),
    ]


class Study:
    """One corpus and one seed.

    Parameters
    ----------
    digits : Digits
        The corpus.
    seed : int
        Of the networks; the recordings are the same for all seeds.
    trained : dict of str to keras.Model, optional
        As `networks` gives them; trained here if not given.
    """

    def __init__(self, digits: Digits, *, seed: int, trained: dict[str, keras.Model] | None = None) -> None:
        self.corpus, self.seed, self.parts = digits.name, seed, divide(digits)
        self.recordings = recordings(self.parts)
        self.networks = trained or networks(self.parts, seed=seed)
        self.heard = {
            name: {
                where: probabilities(model, recording.y)
                for where, recording in self.recordings.items()
                if name in EVERYWHERE or where in ("development", "mixed")
            }
            for name, model in self.networks.items()
        }

    def _row(self, detector: Detector, where: str, word: int, threshold: float, *, chosen: bool) -> Row:
        done = detector.judge(self.recordings[where], where, word=word, threshold=threshold)
        people, noise = ("development", "mixed") if where == "development" else ("test", where)
        late = np.percentile(done.latencies, [50, 95]) * 1000 if done.latencies else (0, 0)
        counts = done.words, done.misses, len(done.false), round(done.seconds, 1)
        label = DIGIT_NAMES[word]
        return Row(
            self.corpus, self.seed, detector.name, people, noise, label, threshold, chosen, *counts, *np.round(late, 1)
        )

    def _threshold(self, detector: Detector, word: int) -> float:
        where = "development"
        return choose({t: detector.judge(self.recordings[where], where, word=word, threshold=t) for t in THRESHOLDS})

    def rows(self, word: int | None = None) -> Iterator[Row]:
        """Measure all detectors; the wake word is chosen first if it is not given."""
        choices = []
        for candidate in CANDIDATES:
            first = detectors(self.heard, candidate)[0]
            chosen = self._threshold(first, candidate)
            choices += [self._row(first, "development", candidate, t, chosen=t == chosen) for t in THRESHOLDS]
        yield from choices
        word = DIGIT_NAMES.index(best_word(choices, corpus=self.corpus, seed=self.seed)) if word is None else word
        for detector in detectors(self.heard, word):
            chosen = self._threshold(detector, word)
            for threshold in THRESHOLDS:
                if detector.name in CURVES or threshold == chosen:
                    yield self._row(detector, "mixed", word, threshold, chosen=threshold == chosen)
            if detector.name in ("streams", "second look"):
                for level in SNR_DB:
                    yield self._row(detector, f"{level:.0f} dB", word, chosen, chosen=True)

    def causes(self, word: int) -> list[Cause]:
        """Say which words raised false alarms in the test recording, and how often each was said."""
        detector, recording = detectors(self.heard, word)[0], self.recordings["mixed"]
        done = detector.judge(recording, "mixed", word=word, threshold=self._threshold(detector, word))
        said = [wake_word.cause(moment, recording.words) for moment in done.false]
        times = [spoken.label for spoken in recording.words]
        labels = dict.fromkeys([*sorted(set(times)), *said])
        return [Cause(self.corpus, self.seed, one, times.count(one), said.count(one)) for one in labels]

    def talks(self, word: int, *, n: int = N_DIALOGUES) -> list[Talks]:
        """Let the assistant hold dialogues with the test's people."""
        threshold = self._threshold(detectors(self.heard, word)[0], word)
        how = {"words": WORDS, "wake_word": word}
        held = dialogues.dialogues(self.parts.test, n, **how, rng=np.random.default_rng(5))

        def fresh() -> assistant.Assistant:
            return assistant.Assistant(streaming.Listener(self.networks["streams"]), threshold=threshold, **how)

        right = [good for good, _ in dialogues.hold(held, fresh)]
        kinds = [talk.kind for talk in held]
        return [
            Talks(
                self.corpus,
                self.seed,
                kind,
                kinds.count(kind),
                sum(g for g, k in zip(right, kinds, strict=True) if k == kind),
            )
            for kind in dialogues.KINDS
        ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the seeds that are missing for the corpus that is loaded, then print its table."""
    parser = argparse.ArgumentParser(
        prog="python -m speechbook.bench keyword-spotting", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="default: 0 1 2")
    parser.add_argument("--folder", type=Path, help="where the tables are (default: the book's)")
    chosen = parser.parse_args(arguments)
    files = {each: chosen.folder and chosen.folder / each.name for each in (TABLE, CAUSES, TALKS)}
    digits = corpora.load_digits()
    for seed in chosen.seeds:
        known = TABLE.read(files[TABLE])
        if select(TALKS.read(files[TALKS]), corpus=digits.name, seed=seed):
            continue
        first = None if seed == 0 else DIGIT_NAMES.index(best_word(known, corpus=digits.name))
        study = Study(digits, seed=seed)
        rows = list(study.rows(first))
        word = DIGIT_NAMES.index(select(rows, people="test")[0].word)
        new = {TABLE: rows, CAUSES: study.causes(word), TALKS: study.talks(word)}
        for each, file in files.items():
            others = [row for row in each.read(file) if (row.corpus, row.seed) != (digits.name, seed)]
            each.write([*others, *new[each]], file)
    print(table(TABLE.read(files[TABLE]), corpus=digits.name))
