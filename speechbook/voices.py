"""What closes the gap to a stranger, remedy by remedy: ``python -m speechbook.bench voices``.

The speakers are divided three times, so that every one of them is unseen once (FSDD: two of six at a time; voices: 14
of 42). Each division has a seed of its own. One small recogniser learns in as many steps whatever the remedy; one row a
remedy and speaker goes into ``data/measured/voices.csv``. Taught in the chapter *Voices differ*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from speechbook import adaptation, corpora, picture_gan, training, variations
from speechbook import voice_trials as trials
from speechbook._keras import keras
from speechbook._measured import Table, command_line
from speechbook.intervals import mean_interval
from speechbook.voice_trials import Words

DIVISIONS = range(3)
GAN_STEPS = 400
STRENGTHS = {"reversed gradient": 1.0, "speaker too": -1.0}
EXAMPLES = (1, 2, 3)
"""Clips of each digit from which the network gets to know a speaker; takes from the fourth on are the test."""
SPEEDS = (0.9, 1.1)
VARIED = {"vtlp": trials.TRACT, "all variations": variations.Variation()}
TUNING_RATE, TUNING_STEPS = 0.05, 30
"""For fine-tuning all layers, with all examples in each batch."""


class Row(NamedTuple):
    """How many clips were right: of one speaker (split "unseen" or "seen"), or of "all" in a check."""

    corpus: str
    division: int
    remedy: str
    split: str
    speaker: str
    clips: int
    correct: int


TABLE = Table("voices.csv", Row)
read, write = TABLE.read, TABLE.write


class Trial:
    """One division of a corpus, whose measurements become rows."""

    def __init__(self, digits: corpora.Digits, division: int, *, steps: int, gan_steps: int, every: int = 1) -> None:
        self.corpus, self.division, self.steps, self.gan_steps = digits.name, division, steps, gan_steps
        held = trials.divide(digits, division)
        kept = np.isin(digits.take, digits.test_takes)
        own = np.flatnonzero(~held & ~kept)[::every]
        self.learns = digits[own]
        self.known = trials.words(self.learns)
        self.seen, self.unseen = (trials.words(digits[rows][::every]) for rows in (~held & kept, held))
        self.rows: list[Row] = []

    def stream(self, known: Words | None = None, variation: variations.Variation | None = None) -> Iterator[tuple]:
        """Give batches of the training clips, or of others."""
        rng = np.random.default_rng(self.division)
        return trials.batches(self.known if known is None else known, rng=rng, variation=variation)

    def learn(self, known: Words | None = None, variation: variations.Variation | None = None) -> keras.Model:
        """Train on them."""
        return trials.learn(self.stream(known, variation), steps=self.steps, seed=self.division)

    def note(self, remedy: str, split: str, speaker: str, right: np.ndarray) -> None:
        """Keep a row."""
        self.rows.append(Row(self.corpus, self.division, remedy, split, speaker, len(right), int(np.sum(right))))

    def test(
        self, remedy: str, model: keras.Model, *, splits: Sequence[str] = ("seen", "unseen"), **x: np.ndarray
    ) -> None:
        """Ask a model about every speaker, by other pictures than the plain ones if given by split."""
        for split in splits:
            part = getattr(self, split)
            right = training.predict_labels(model, x.get(split, part.x)) == part.digit
            for name in np.unique(part.speaker):
                self.note(remedy, split, name, right[part.speaker == name])


def learn_from_few(trial: Trial) -> None:
    """Divide equally many clips among few or many speakers."""
    for n_speakers in trials.FEW[trial.corpus]:
        few = trials.spread(trial.known, corpus=trial.corpus, n_speakers=n_speakers, turn=trial.division)
        trial.test(f"{n_speakers} speakers", trial.learn(few))


def normalise(trial: Trial) -> None:
    """Take off the average spectrum: of every clip, of every speaker, or of a speaker as one clip a digit shows it."""
    reference = adaptation.mean_spectrum(trial.known.x)
    by_clip = trial.learn(trial.known._replace(x=trials.matched(trial.known, reference=reference, by_clip=True)))
    x = {
        split: trials.matched(getattr(trial, split), reference=reference, by_clip=True) for split in ("seen", "unseen")
    }
    trial.test("mean of clip", by_clip, **x)
    by_speaker = trial.learn(trial.known._replace(x=trials.matched(trial.known, reference=reference)))
    for name, first in {"mean of speaker": None, "mean of 10 clips": 1}.items():
        moved = trials.matched(trial.unseen, reference=reference, first=first)
        trial.test(name, by_speaker, splits=["unseen"], unseen=moved)


def augmented(trial: Trial) -> None:
    """Learn from varied clips, in as many steps."""
    for name, variation in VARIED.items():
        trial.test(name, trial.learn(variation=variation))
    played = [trial.known, *(trials.words(trial.learns, speed=speed) for speed in SPEEDS)]
    trial.test("speed", trial.learn(trials.joined(*played)))


def hide(trial: Trial) -> None:
    """Reverse the gradient of the speaker, or do not reverse it."""
    for name, strength in STRENGTHS.items():
        model = trials.learn_to_hide(trial.known, strength=strength, seed=trial.division, steps=trial.steps)
        trial.test(name, model)
        trial.note(name, "probe", "all", trials.probe(model, trial.known, trial.seen))


def adapt(trial: Trial, model: keras.Model) -> None:
    """Let a trained network get to know each stranger by a few of his clips; the test is the other takes."""
    model.compile(keras.optimizers.SGD(TUNING_RATE), "sparse_categorical_crossentropy")
    trained, weights = model.get_weights(), model.layers[-1].get_weights()
    late = ~trials.first_takes(trial.unseen, EXAMPLES[-1])
    for name in np.unique(trial.unseen.speaker):
        own = trial.unseen.speaker == name
        asked = trial.unseen.where(own & late)
        inside = trials.embedded(model, asked.x)
        trial.note("0 clips", "late", name, (inside @ weights[0] + weights[1]).argmax(axis=1) == asked.digit)
        for n in EXAMPLES:
            shown = trial.unseen.where(own & trials.first_takes(trial.unseen, n))
            tuned = adaptation.tune_last_layer(*weights, trials.embedded(model, shown.x), shown.digit)
            trial.note(f"{n} clips", "late", name, (inside @ tuned[0] + tuned[1]).argmax(axis=1) == asked.digit)
        for _ in range(TUNING_STEPS):
            model.train_on_batch(shown.x, shown.digit)
        trial.note("all layers", "late", name, training.predict_labels(model, asked.x) == asked.digit)
        model.set_weights(trained)


def draw(trial: Trial, model: keras.Model) -> None:
    """Train the GAN, look at what it draws, and learn from that."""
    known, rng = trial.known, np.random.default_rng(trial.division)
    gan = picture_gan.train(known.x, known.digit, steps=trial.gan_steps, seed=trial.division)
    drawn = known._replace(x=picture_gan.draw(gan.draws, known.digit, rng=rng))
    some = rng.permutation(len(known.digit))[:300]
    read_as = training.predict_labels(model, drawn.x[some])
    trial.note("gan", "read", "all", read_as == drawn.digit[some])
    usual = np.median(picture_gan.nearest(trial.seen.x, known.x))
    trial.note("gan", "nearer", "all", picture_gan.nearest(drawn.x[some], known.x) < usual)
    varied = variations.vary(known.db, known.counts, variation=trials.TRACT, n_frames=trials.N_FRAMES, rng=rng)
    trial.test("gan alone", trial.learn(drawn))
    trial.test("gan and clips", trial.learn(trials.joined(known, drawn)))
    trial.test("vtlp once and clips", trial.learn(trials.joined(known, known._replace(x=varied))))


def study(digits: corpora.Digits, division: int, *, steps: int, gan_steps: int, every: int = 1) -> list[Row]:
    """Measure everything on one division.

    Parameters
    ----------
    digits : corpora.Digits
        A corpus.
    division : int
        0, 1 or 2; the seed, too.
    steps, gan_steps : int
        Batches for the recogniser and for the GAN.
    every : int
        Use every so-manieth clip only, to try it out.

    Returns
    -------
    list of Row
    """
    trial = Trial(digits, division, steps=steps, gan_steps=gan_steps, every=every)
    model = trial.learn()
    trial.test("none", model)
    trial.note("none", "probe", "all", trials.probe(model, trial.known, trial.seen))
    adapt(trial, model)
    hide(trial)
    augmented(trial)
    normalise(trial)
    learn_from_few(trial)
    draw(trial, model)
    return trial.rows


def shares(rows: Iterable[Row], **wanted: object) -> dict[str, float]:
    """Give the share of right answers of every speaker (or check), over the rows whose columns have the wanted values.

    Examples
    --------
    >>> row = Row("fsdd", 0, "none", "unseen", "theo", 50, 40)
    >>> shares([row, row._replace(speaker="lucas", correct=30)], remedy="none")
    {'lucas': 0.6, 'theo': 0.8}
    """
    kept = [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]
    names = sorted({row.speaker for row in kept})
    parts = {name: [row for row in kept if row.speaker == name] for name in names}
    return {name: sum(r.correct for r in own) / sum(r.clips for r in own) for name, own in parts.items()}


def gains(rows: Iterable[Row], *, remedy: str, corpus: str, split: str = "unseen", beside: str = "none") -> np.ndarray:
    """Give what a remedy changes for each speaker, beside another [shape=(speakers,)]."""
    rows = list(rows)
    mine, other = (shares(rows, remedy=name, corpus=corpus, split=split) for name in (remedy, beside))
    return np.array([mine[name] - other[name] for name in mine])


def table(rows: Iterable[Row], *, corpus: str) -> str:
    """Lay out the unseen speakers: per cent right by remedy, with the interval over speakers.

    Examples
    --------
    >>> row = Row("fsdd", 0, "none", "unseen", "theo", 50, 40)
    >>> print(table([row, row._replace(speaker="lucas", correct=30)], corpus="fsdd"))
    remedy               split    speakers   mean   95 % interval
    none                 unseen          2   70.0   -57.1 to 197.1
    """
    rows = [row for row in rows if row.corpus == corpus]
    lines = ["remedy               split    speakers   mean   95 % interval"]
    for remedy, split in dict.fromkeys((row.remedy, row.split) for row in rows):
        found = shares(rows, remedy=remedy, split=split)
        if len(found) > 1:
            mean, low, high = (100 * value for value in mean_interval(found.values()))
            lines.append(f"{remedy:20} {split:8} {len(found):8} {mean:6.1f}   {low:.1f} to {high:.1f}")
        else:
            lines.append(f"{remedy:20} {split:8} {'':8} {100 * found['all']:6.1f}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the divisions of the loaded corpus that are missing in the table, and print it."""
    parser = command_line("voices", __doc__, TABLE)
    parser.add_argument(
        "--divisions", nargs="+", type=int, choices=DIVISIONS, default=list(DIVISIONS), help="default: all"
    )
    parser.add_argument("--steps", type=int, default=trials.STEPS, help="batches for the recogniser")
    parser.add_argument("--gan-steps", type=int, default=GAN_STEPS, help="batches for the GAN")
    parser.add_argument("--every", type=int, default=1, help="use every so-manieth clip only")
    options = parser.parse_args(arguments)
    digits = corpora.load_digits()
    for division in options.divisions:
        if any((row.corpus, row.division) == (digits.name, division) for row in read(options.file)):
            continue
        how = {"steps": options.steps, "gan_steps": options.gan_steps, "every": options.every}
        rows = study(digits, division, **how)
        write([*read(options.file), *rows], options.file)
        keras.backend.clear_session()
        print(f"division {division} of {digits.name} is measured", flush=True)
    print(table(read(options.file), corpus=digits.name))
