"""The network behind ``python -m speechbook transcribe``: how it is trained, measured and put into a file.

Known speakers of the embedded voices, and of FSDD where it is at hand, are heard in equal shares; the words of the
others measure the result. The recipe is that of the chapter *A recogniser that writes text*.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from speechbook import corpora, frontend, metrics, page_model
from speechbook._keras import keras
from speechbook.connected import random_strings, utterances
from speechbook.connected_recipe import Recipe, learn
from speechbook.digits import Digits
from speechbook.transcription import LABELS, Transcriber, default_file

STEPS = 500
THRESHOLD = 0.4
N_STRINGS = 200
SAYING = 5


def ready(*, progress: bool = True) -> Path:
    """Give the network that this machine has trained; train it if there is none, which takes about a minute.

    Parameters
    ----------
    progress : bool
        Whether to show a bar.

    Returns
    -------
    Path
        As from `transcription.default_file`; now the file is there.
    """
    path = default_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        train(path, progress=progress)
    return path


def train(file: str | os.PathLike, *, steps: int = STEPS, seed: int = 0, progress: bool = True) -> str:
    """Train the network, measure it on people and voices that it has not heard, and write it.

    Parameters
    ----------
    file : path
        Where to; an older file there is replaced in one step at the end.
    steps : int
        Batches.
    seed : int
        Of weights and strings.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    str
        What was written, in a line, and what was measured.

    Raises
    ------
    FileNotFoundError
        If the folder of the file does not exist.

    Examples
    --------
    >>> train("no/such/folder/strings.sbmodel")
    Traceback (most recent call last):
    FileNotFoundError: There is no folder no/such/folder to write strings.sbmodel into: make it first.
    """
    path = Path(file)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {path.parent} to write {path.name} into: make it first.")
    sources = [corpora.load_digits(name) for name in corpora.CORPORA if name != "fsdd" or corpora.fsdd_path()]
    splits = [digits.default_unseen() for digits in sources]
    recipe = replace(Recipe(), steps=steps)
    network, history = learn([known for known, _ in splits], recipe=recipe, seed=seed, progress=progress)
    done = len(next(iter(history.values())))
    if done < steps:
        raise ValueError(f"The training was stopped after {done} of {steps} steps; {path} was not written.")
    return write(network, path, tests=[unseen for _, unseen in splits])


def write(network: keras.Model, file: str | os.PathLike, *, tests: Sequence[Digits]) -> str:
    """Measure a network with a head of words, as from `connected_recipe.learn`, and write it for `transcribe`.

    Parameters
    ----------
    network : keras.Model
        With an output ``"words"``.
    file : path
        Where to.
    tests : sequence of Digits
        Clips of speakers that it has not heard.

    Returns
    -------
    str
        What was written, in a line, and what was measured.
    """
    words = keras.Model(network.inputs, network.output["words"], name="digit_strings")
    how = {"labels": LABELS, "name": "digit-strings", "front_end": frontend.SETTINGS, "threshold": THRESHOLD}
    page_model.write_page_model(words, file, **how)
    transcriber = Transcriber.load(file)
    measured = "; ".join(f"{word_errors(transcriber, digits):.1%} on {digits.name}" for digits in tests)
    sentence = f"word error rate on unseen speakers, glued strings of 1-6 digits: {measured}"
    page_model.write_page_model(words, file, measured=sentence, **how)
    return f"{page_model.read_page_model(file)}\n{sentence}"


def word_errors(transcriber: Transcriber, digits: Digits, *, n_strings: int = N_STRINGS, seed: int = SAYING) -> float:
    """Measure the word error rate on strings that are glued from clips.

    Parameters
    ----------
    transcriber : Transcriber
        Who reads.
    digits : Digits
        The clips.
    n_strings : int
        Strings of one to six digits.
    seed : int
        Of the strings.

    Returns
    -------
    float
        Word errors over words.
    """
    rng = np.random.default_rng(seed)
    said = utterances(digits, random_strings(n_strings, rng=rng), rng=rng)
    heard = [" ".join(part.text for part in transcriber.listen([one.y], sample_rate=one.sample_rate)) for one in said]
    return metrics.wer([one.text for one in said], heard)
