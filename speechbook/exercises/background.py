"""Checkers for *From sound to text* in the part *background*."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from speechbook import metrics
from speechbook.exercises.checking import Hint, Unanswered, describe, exercise, expect_function, expect_number
from speechbook.exercises.functions import expect_same_function

TASKS = ("isolated words", "keyword spotting", "dictation", "speaker recognition", "diarisation")


def call_answer(function: Callable, *arguments: object, shown: str) -> object:
    """Call a reader's function, so that an exception becomes a hint that shows the call.

    Parameters
    ----------
    function : callable
        What the reader wrote.
    *arguments : object
        What it is called with.
    shown : str
        The call as text, for the hint.

    Returns
    -------
    object
        What the function gives.

    Raises
    ------
    Hint
        If the function stops with any exception.
    Unanswered
        If it still gives back the dots of the stub.

    Examples
    --------
    >>> call_answer(len, "seven", shown="len('seven')")
    5
    """
    try:
        value = function(*arguments)
    except Exception as error:
        raise Hint(f"{shown} led to {type(error).__name__}: {error}") from None
    if value is ...:
        raise Unanswered("Replace the dots in the function by your code and run the cell again.")
    return value


@exercise("sound-to-text-duration")
def _duration(answer: object) -> str:
    expect_number(
        answer,
        2384 / 8000,
        hints={
            298: "That is the duration in milliseconds; give it in seconds.",
            8000 / 2384: "You divided the rate by the number of samples: that is how often the clip fits into 1 s.",
            2384 * 8000: "8,000 samples fill one second, so divide by the rate.",
        },
        hint="Every sample stands for 1/8,000 of a second.",
        tolerance=0.005,
    )
    return "Less than a third of a second, and you know the word and the voice."


@exercise("sound-to-text-bit-rate")
def _bit_rate(answer: object) -> str:
    expect_number(
        answer,
        8000 * 16 * 0.44 / (5 * 8),
        hints={
            128_000: "128,000 bit/s is the rate of the sound. Divide it by the rate of the text.",
            40 / 0.44: "That is the rate of the text. How many times larger is the rate of the sound?",
            8000 * 2 * 0.44 / 40: "You counted the sound in bytes and the text in bits; use bits for both.",
            8000 * 16 / 40: "The 40 bits of text last 0.44 s, not 1 s.",
        },
        hint="Sound: samples per second times bits per sample. Text: 5 letters of 8 bits in 0.44 s.",
        tolerance=0.01,
    )
    return "More than a thousand to one: recognition is above all the art of leaving things out."


@exercise("sound-to-text-stages")
def _stages(answer: object) -> str:
    right = ["framing", "features", "acoustic model", "decoder"]
    if not isinstance(answer, list | tuple) or not all(isinstance(stage, str) for stage in answer):
        raise Hint(f"Give a list of four names in quotes, such as {right[::-1]}; you gave {describe(answer)}.")
    given = [" ".join(stage.lower().split()) for stage in answer]
    if sorted(given) != sorted(right):
        raise Hint(f"Use each of these four names once: {', '.join(sorted(right))}.")
    if given.index("framing") > given.index("features"):
        raise Hint("Features are computed from short pieces of the signal, so the pieces must be cut first.")
    if given.index("decoder") != 3:
        raise Hint("The decoder weighs scores of sounds and words, so everything that makes scores comes before it.")
    if given != right:
        raise Hint("The acoustic model does not read samples: what does it read?")
    return "Samples become frames, frames features, features scores, scores words."


@exercise("sound-to-text-tasks")
def _tasks(answer: object) -> str:
    right = dict(zip("abcde", (TASKS[1], TASKS[4], TASKS[0], TASKS[3], TASKS[2]), strict=True))
    hints = {
        "a": "a: the device ignores all speech but one phrase; it has to find that phrase in an endless stream.",
        "b": "b: nobody asks for words here, only which stretch belongs to which voice.",
        "c": "c: one word at a time, out of a short list, with silence around it.",
        "d": "d: the bank wants to know whose voice it is, whatever is said.",
        "e": "e: free sentences with any words come out as text.",
    }
    if not isinstance(answer, dict):
        raise Hint(f"Give a dictionary from the letters a to e to the names of tasks; you gave {describe(answer)}.")
    for letter, task in right.items():
        if letter not in answer:
            raise Hint(f"Scene {letter} has no task yet; the tasks are {', '.join(TASKS)}.")
        if answer[letter] not in TASKS:
            raise Hint(f"Scene {letter}: use one of {', '.join(TASKS)}, not {describe(answer[letter])}.")
        if answer[letter] != task:
            raise Hint(hints[letter])
    return "Five tasks, one signal; each has its own score."


@exercise("sound-to-text-reversal")
def _reversal(answer: object) -> str:
    reference = ["turn", "the", "light", "on"]
    if not isinstance(answer, str):
        raise Hint(f"Write the hypothesis as text in quotes; you gave {describe(answer)}.")
    words = answer.lower().split()
    rate = metrics.edit_distance(reference, words) / len(reference)
    if rate != 0.25:
        raise Hint(f"The word error rate of {' '.join(words)!r} is {rate:.2f}; exactly one of four words may differ.")
    if "off" not in words:
        raise Hint("The word error rate is right, but is the command reversed? Which single word decides?")
    return "A quarter of the words, all of the meaning."


@exercise("sound-to-text-wer")
def _wer(answer: object) -> str:
    def by_position(reference: str, hypothesis: str) -> float:
        words, heard = reference.split(), hypothesis.split()
        wrong = sum(a != b for a, b in zip(words, heard, strict=False)) + abs(len(words) - len(heard))
        return wrong / len(words)

    def errors(reference: str, hypothesis: str) -> int:
        return metrics.edit_distance(reference.split(), hypothesis.split())

    expect_same_function(
        answer,
        metrics.wer,
        name="word_error_rate",
        calls=[
            (("turn the light on", "turn light on"), {}),
            (("turn light on", "turn the light on"), {}),
            (("seven", "heaven"), {}),
            (("five", "five five five"), {}),
            (("one two three", ""), {}),
            (("one two three four", "two three four one"), {}),
            (("a b c d e f", "b x d e g f"), {}),
        ],
        mistakes=[
            (errors, "You give the number of errors; divide it by the number of words of the reference."),
            (metrics.cer, "You compare letters, so 'heaven' for 'seven' counts less than one error: split into words."),
            (
                by_position,
                "You compare position by position. One word lost in front then makes every later word wrong: "
                "align the two first, as the lattice does.",
            ),
            (
                lambda r, h: min(1.0, metrics.wer(r, h)),
                "You stop at 1. Two words too many on one word of reference make a rate of 2: let it.",
            ),
            (
                lambda r, h: errors(r, h) / max(1, len(h.split())),
                "You divide by the words of the hypothesis; the reference is what was said.",
            ),
            (
                lambda r, h: errors(r, h) / max(1, len(r.split()), len(h.split())),
                "You divide by the longer of the two texts; the definition takes the words of the reference.",
            ),
        ],
    )
    return "Substitutions, deletions and insertions, over the words of the reference."


@exercise("sound-to-text-corpus-wer")
def _corpus_wer(answer: object) -> str:
    def mean_of_rates(pairs: list[tuple[str, str]]) -> float:
        return float(np.mean([metrics.wer(reference, hypothesis) for reference, hypothesis in pairs]))

    expect_same_function(
        answer,
        lambda pairs: metrics.wer(*zip(*pairs, strict=True)),
        name="corpus_wer",
        calls=[
            (([("one two three", "one two three"), ("four", "for")],), {}),
            (([("five", "five five five"), ("one two three four five six", "one two three four five six")],), {}),
            (([("a b", "a b"), ("c d e", "c")],), {}),
        ],
        mistakes=[
            (
                mean_of_rates,
                "You averaged the rates of the sentences, so that a one-word sentence weighs as much as a "
                "long one. Add up all errors, then divide by all words.",
            ),
        ],
    )
    return "Long sentences weigh more, as they should."


@exercise("sound-to-text-normalise")
def _normalise(answer: object) -> str:
    expect_function(answer, example="normalise_text('Hello, World!')")
    cases = [
        ("Seven", "seven", "Capitals cannot be heard: use lower case."),
        ("Turn the light on.", "turn the light on", "Remove punctuation."),
        ("  one   two ", "one two", "Leave one space between words and none at the ends."),
        ("Well,I know", "well i know", "A comma without a space still parts two words: replace marks by a space."),
        ("don't stop", "don't stop", 'The apostrophe of "don\'t" belongs to the word: keep it.'),
        ("Zero -- one; TWO?", "zero one two", "Dashes, semicolons and question marks go as well."),
        ("", "", "An empty text stays empty."),
    ]
    for text, right, hint in cases:
        shown = f"normalise_text({text!r})"
        value = call_answer(answer, text, shown=shown)
        if value != right or not isinstance(value, str):
            raise Hint(f"{shown} gives {value!r} instead of {right!r}. {hint}")
    return "Reference and hypothesis now differ only where the words differ."


@exercise("sound-to-text-reject")
def _reject(answer: object) -> str:
    expect_function(answer, example="decide([0.9, 0.4], ['one', 'two'], threshold)")
    cases = [
        ([0.9, 0.4, 0.7], ["one", "two", "three"], 0.5, "two", "The nearest template is near enough: give its word."),
        ([0.9, 0.4, 0.7], ["one", "two", "three"], 0.3, None, "Even the nearest template is too far away: give None."),
        ([0.2, 0.1], ["nine", "five"], 5.0, "five", "Both are near; the smaller distance wins."),
        ([0.5], ["six"], 0.5, "six", "A distance equal to the threshold still counts as near."),
    ]
    for distances, words, threshold, right, hint in cases:
        shown = f"decide({distances}, {words}, {threshold})"
        value = call_answer(answer, list(distances), list(words), threshold, shown=shown)
        if not (value is None if right is None else isinstance(value, str) and value == right):
            raise Hint(f"{shown} gives {value!r} instead of {right!r}. {hint}")
    return "A recogniser that may say nothing is worth more than one that always guesses."
