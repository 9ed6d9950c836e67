"""A transducer against CTC on one causal ear: ``python -m speechbook.bench transducer-study``.

Networks are trained with both heads, with either alone, and with other weights for early labels, for equally many
steps. Each reads random strings of strangers or of known speakers greedily and with a beam, and the moments at which
words appear are compared with the ends of the clips. Every way writes a row into ``data/measured/transducer.csv``. Runs
whose rows stand there are not repeated. Shown in the chapter *Write while somebody speaks*.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

from speechbook import corpora, decoding
from speechbook._keras import keras
from speechbook._measured import Table, command_line, rates, select
from speechbook.connected import UNITS, Utterance, random_strings, utterances
from speechbook.connected_digits import OFFICIAL, SAYING, score
from speechbook.connected_recipe import GENTLE, Recipe
from speechbook.transducer_network import EARLY, PEAK_RATE, Heard, ctc_written, learn, read, step_seconds
from speechbook.transducer_search import Written, transducer_beam_search, transducer_greedy

N_STRINGS = 150
BEAM_WIDTH = 4
RECIPE = Recipe(steps=1000, peak_rate=PEAK_RATE, variation=GENTLE)
TRAINED = {
    "both heads": ({}, EARLY),
    "transducer alone": ({"ctc": 0.0}, EARLY),
    "CTC alone": ({"transducer": 0.0}, EARLY),
    "both heads, labels favoured less": ({}, 0.2),
    "both heads, labels not favoured": ({}, 0.0),
}
"""Ways to train: factors of the losses, and how much more a label's gradient counts."""


class Row(NamedTuple):
    """What one network wrote in one way; delays are those of words in strings without an error, in milliseconds."""

    corpus: str
    fold: str
    seed: int
    trained: str
    way: str
    steps: int
    utterances: int
    wrong: int
    words: int
    word_errors: int
    delay_10: float
    delay_50: float
    delay_90: float
    parameters: int
    cpu_seconds: float
    how: str


TABLE = Table("transducer.csv", Row)
read_rows, write_rows = TABLE.read, TABLE.write


def delays(said: Sequence[Utterance], written: Sequence[Sequence[Written]]) -> np.ndarray:
    """Tell how long after its end each word appeared, in strings that were written without an error.

    Parameters
    ----------
    said : sequence of Utterance
        What was said, and where the clips lie.
    written : sequence of sequence of Written
        Words as classes, from 1 for zero to 10 for nine, and the steps at which they were written.

    Returns
    -------
    np.ndarray [shape=(words,)]
        In seconds; negative where a word was written before it had ended.

    Examples
    --------
    >>> one = Utterance(np.zeros(1), 8000, (9, 5), np.array([[0.1, 0.5], [0.6, 0.9]]), "ann")
    >>> delays([one], [[Written(10, 6), Written(6, 11)]]).round(3).tolist()
    [0.005, 0.005]
    """
    found = [
        step_seconds([word.step for word in words]) - one.spans[:, 1]
        for one, words in zip(said, written, strict=True)
        if [word.label - 1 for word in words] == list(one.numbers)
    ]
    return np.concatenate(found) if found else np.zeros(0)


def live_readings(heard: Sequence[Heard]) -> dict[str, list[list[Written]]]:
    """Read greedily with both heads, which gives the moments too.

    Examples
    --------
    >>> from speechbook.transducer_network import network
    >>> sorted(live_readings(read(network(), [np.ones(4000)])))
    ['CTC, greedy', 'transducer, greedy']
    """
    return {
        "transducer, greedy": [transducer_greedy(one.joiner, len(one.joiner.encoded)) for one in heard],
        "CTC, greedy": [ctc_written(one.ctc) for one in heard],
    }


def beam_readings(heard: Sequence[Heard], *, beam_width: int = BEAM_WIDTH) -> dict[str, list[tuple[int, ...]]]:
    """Read with a beam: strings of labels, without moments.

    Examples
    --------
    >>> from speechbook.transducer_network import network
    >>> sorted(beam_readings(read(network(), [np.ones(4000)])))
    ['CTC, beam', 'transducer, beam']
    """
    how = {"beam_width": beam_width}
    return {
        "transducer, beam": [
            transducer_beam_search(one.joiner, len(one.joiner.encoded), most_labels=1, **how)[0].labels for one in heard
        ],
        "CTC, beam": [decoding.ctc_beam_search(one.ctc, **how)[0].labels for one in heard],
    }


def study(
    train: corpora.Digits, test: corpora.Digits, *, fold: str, trained: str, seed: int, recipe: Recipe = RECIPE
) -> list[Row]:
    """Train one network, and let it read strings glued from the clips of the test.

    Parameters
    ----------
    train, test : corpora.Digits
        Clips to learn from, and clips to glue test strings from.
    fold : str
        What to call the test clips.
    trained : str
        A key of `TRAINED`.
    seed : int
        Of the training.
    recipe : Recipe
        Its settings.

    Returns
    -------
    list of Row
        One for each way to read with a head that was trained.
    """
    weights, early = TRAINED[trained]
    rng = np.random.default_rng(SAYING)
    said = utterances(test, random_strings(N_STRINGS, rng=rng), rng=rng)
    start = time.process_time()
    network, _ = learn([train], recipe=recipe, weights=weights, early=early, seed=seed, progress=False)
    facts = network.count_params(), round(time.process_time() - start, 1), _how(recipe)
    heard = read(network, [one.y for one in said])
    rows = []
    for way, written in {**live_readings(heard), **beam_readings(heard)}.items():
        if weights.get(way.split(",")[0].lower()) == 0:
            continue
        timed = way.endswith("greedy")
        labels = [[word.label for word in words] if timed else words for words in written]
        counts = score(said, [UNITS["words"].decode(one) for one in labels])
        late = delays(said, written) if timed else np.zeros(0)
        when = (1000 * np.percentile(late, [10, 50, 90])).round().tolist() if len(late) else [np.nan] * 3
        own = [counts[name] for name in ("utterances", "wrong", "words", "word_errors")]
        rows.append(Row(test.name, fold, seed, trained, way, recipe.steps, *own, *when, *facts))
    return rows


def _how(recipe: Recipe) -> str:
    fewest, most = recipe.n_digits
    return (
        f"python -m speechbook.bench transducer-study; {recipe.batch_digits} digits a step in strings of "
        f"{fewest}-{most}; " + "; ".join(f"{name} {version(name)}" for name in ("tensorflow", "keras", "numpy"))
    )


def table(rows: Iterable[Row]) -> str:
    """Lay the rows out as plain text: word error rates in per cent, and when words appear, seeds put together.

    A line holds the mean over seeds and, in brackets, the lowest and the highest seed; of moments, the medians' mean.

    Examples
    --------
    >>> row = Row("fsdd", "ann", 0, "both heads", "CTC, greedy", 1000, 10, 1, 30, 3, -90.0, 10.0, 85.0, 1, 1.0, "")
    >>> print(table([row]))
    corpus fold       trained                          way                 seeds  WER, %                median delay, ms
    fsdd   ann        both heads                       CTC, greedy             1    10.0                    10
    """
    rows = list(rows)
    lines = [
        f"{'corpus':6} {'fold':10} {'trained':32} {'way':18} {'seeds':>6}  {'WER, %':20}  median delay, ms",
    ]
    for key in dict.fromkeys((row.corpus, row.fold, row.trained, row.way) for row in rows):
        own = [row for row in rows if (row.corpus, row.fold, row.trained, row.way) == key]
        errors, late = 100 * rates(own), np.array([row.delay_50 for row in own])
        when = "" if np.isnan(late).all() else _spread(late, ".0f")
        names = "{:6} {:10} {:32} {:18}".format(*key)
        lines.append(f"{names} {len(own):6}  {_spread(errors, '.1f'):20}  {when}".rstrip())
    return "\n".join(lines)


def _spread(values: np.ndarray, form: str) -> str:
    limits = f" ({values.min():{form}} to {values.max():{form}})" if len(values) > 1 else ""
    return f"{values.mean():6{form}}{limits}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is missing in the table, then print it."""
    parser = command_line("transducer-study", __doc__, TABLE)
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds (default: 1)")
    parser.add_argument("--folds", nargs="+", help="default: official, and the strangers of the book")
    parser.add_argument("--trained", nargs="+", default=list(TRAINED), choices=list(TRAINED), help="ways to train")
    chosen = parser.parse_args(arguments)
    digits = corpora.load_digits()
    splits = {"strangers": digits.default_unseen(), OFFICIAL: digits.official_split()}
    for seed in range(chosen.seeds):
        for fold in chosen.folds or splits:
            for trained in chosen.trained:
                wanted = {"fold": fold, "trained": trained, "seed": seed}
                if select(read_rows(chosen.file), corpus=digits.name, **wanted):
                    continue
                new = study(*splits[fold], **wanted)
                write_rows([*read_rows(chosen.file), *new], chosen.file)
                keras.backend.clear_session()
                print(table(new), f"\n{new[0].cpu_seconds} s", flush=True)
    print(table(read_rows(chosen.file)))
