"""Checkers for the chapter *Tools*."""

from __future__ import annotations

from speechbook.exercises.checking import Hint, Unanswered, describe, exercise, expect_number, expect_text
from speechbook.exercises.functions import expect_same_function


@exercise("tools-kinds")
def _kinds(answer: object) -> str:
    right = {
        "Python": "language",
        "PyTorch": "framework",
        "Keras": "interface",
        "ESPnet": "toolkit",
        "Whisper": "model",
        "LibriSpeech": "corpus",
    }
    if not isinstance(answer, dict):
        raise Hint(f"A dictionary is asked for, such as {{'Python': 'language', …}}, but you gave {describe(answer)}.")
    if answer and all(value is ... for value in answer.values()):
        raise Unanswered("Replace the dots behind the names and run the cell again.")
    if missing := [name for name in right if name not in answer or answer[name] is ...]:
        raise Hint(f"Still to be filled in: {', '.join(missing)}.")
    wrong = [name for name in right if str(answer[name]).strip().lower() != right[name]]
    why = {
        "Keras": "Keras differentiates nothing itself: it hands layers on to an engine below.",
        "PyTorch": "PyTorch holds arrays and derives: that is what everything else stands on.",
        "Whisper": "Whisper comes with its weights: it need not be trained.",
        "ESPnet": "ESPnet leads from a corpus to a word error rate.",
        "LibriSpeech": "LibriSpeech is recordings with their text.",
        "Python": "Python is what the programs are written in.",
    }
    if wrong:
        raise Hint(f"{len(right) - len(wrong)} of 6 are right. {why[wrong[0]]}")
    return "One of each."


@exercise("tools-last-old-keras")
def _last_old_keras(answer: object) -> str:
    expect_text(
        str(answer) if isinstance(answer, int | float) and not isinstance(answer, bool) else answer,
        ("2.3", "2.3.0", "2.3.1", "keras 2.3", "v2.3"),
        hints={
            "2.4": "2.4 only hands on to `tf.keras`: TensorFlow alone. One before it.",
            "2.4.0": "2.4 only hands on to `tf.keras`: TensorFlow alone. One before it.",
            "2.2.5": "Close: 2.2.5 announces that the next one will be the last.",
            "3.0": "Keras 3 has several engines again, but Theano had ended six years before.",
            "3": "Keras 3 has several engines again, but Theano had ended six years before.",
        },
        hint='A version such as "2.1". Filter the table for Keras and read its row.',
    )
    return "September 2019."


@exercise("tools-engines")
def _engines(answer: object) -> str:
    if isinstance(answer, str) or not isinstance(answer, set | frozenset | list | tuple):
        raise Hint(f"A set of names is asked for, such as {{'theano', 'cntk'}}, but you gave {describe(answer)}.")
    names = {"torch" if str(name).strip().lower() == "pytorch" else str(name).strip().lower() for name in answer}
    why = {
        "theano": "Theano ended in 2017.",
        "cntk": "CNTK ended in 2019.",
        "numpy": "NumPy derives nothing, so nothing can be trained on it.",
        "openvino": "OpenVINO predicts only.",
    }
    for name, reason in why.items():
        if name in names:
            raise Hint(reason)
    right = {"tensorflow", "jax", "torch"}
    if names != right:
        missing = len(right - names)
        raise Hint(f"{missing} of three are missing." if missing else f"Not an engine: {', '.join(names - right)}.")
    return "Set KERAS_BACKEND before the first import of Keras to choose."


@exercise("tools-theano-year")
def _theano_year(answer: object) -> str:
    expect_number(
        answer,
        2017,
        hints={
            2018: "Until then it was only kept running. When was the end declared?",
            2020: "There was a small release in 2020, but development had been over for years.",
            2019: "That is Keras 2.3. Theano itself had ended before.",
        },
        hint="Filter the table for Theano: its note has the year.",
    )
    return "On 28 September, with version 1.0."


def _running(tools: list[dict], year: int) -> int:
    return sum(tool["since"] <= year and (tool["until"] is None or tool["until"] >= year) for tool in tools)


@exercise("tools-running")
def _running_check(answer: object) -> str:
    tools = [
        {"since": 2007, "until": 2017},
        {"since": 2015, "until": 2019},
        {"since": 2015, "until": None},
        {"since": 2016, "until": None},
        {"since": 2023, "until": None},
    ]
    expect_same_function(
        answer,
        _running,
        name="running",
        calls=[((tools, year), {}) for year in (2006, 2007, 2016, 2017, 2018, 2019, 2020, 2026)] + [(([], 2020), {})],
        mistakes=[
            (
                lambda tools, year: sum(tool["since"] <= year for tool in tools),
                "You count what has begun. What has ended by then must not count.",
            ),
            (
                lambda tools, year: sum(tool["until"] is None for tool in tools),
                "You count what lives today. In the given year others lived.",
            ),
            (
                lambda tools, year: sum(t["since"] <= year and (t["until"] or 9999) > year for t in tools),
                "The last year counts too: until 2017 means that it lived in 2017.",
            ),
            (
                lambda tools, year: sum(t["since"] < year and (t["until"] or 9999) >= year for t in tools),
                "The first year counts too.",
            ),
        ],
    )
    return "Survivors and their dead, year by year."


def _newest(versions: list[str]) -> int:
    return max(range(len(versions)), key=lambda i: [int(part) for part in versions[i].split(".")])


@exercise("tools-newest")
def _newest_check(answer: object) -> str:
    lists = [
        ["0.9.3", "0.10.2", "0.8.1"],
        ["2.3.1", "2.16.1", "2.4.0"],
        ["1.0", "0.11.0"],
        ["3.9", "3.10", "3.11.7"],
        ["0.11.0"],
        ["10.0.0", "9.99.99"],
    ]
    expect_same_function(
        answer,
        _newest,
        name="newest",
        calls=[((versions,), {}) for versions in lists],
        mistakes=[
            (
                lambda versions: max(range(len(versions)), key=lambda i: versions[i]),
                'As text "0.9" comes after "0.10". Compare the numbers between the points.',
            ),
            (
                lambda versions: max(range(len(versions)), key=lambda i: float(".".join(versions[i].split(".")[:2]))),
                "A version is no decimal number: 0.10 is the release after 0.9.",
            ),
            (
                lambda versions: min(range(len(versions)), key=lambda i: [int(n) for n in versions[i].split(".")]),
                "That is the oldest.",
            ),
        ],
    )
    return "Lists of numbers compare in the right order."


@exercise("tools-commercial")
def _commercial(answer: object) -> str:
    if isinstance(answer, str) or not isinstance(answer, set | frozenset | list | tuple):
        raise Hint(f"A set of names is asked for, but you gave {describe(answer)}.")
    names = {str(name).strip().lower() for name in answer}
    if "ted-lium 3" in names or "ted-lium" in names:
        raise Hint("TED-LIUM: the letters NC in CC BY-NC-ND say non-commercial.")
    if "gigaspeech" in names:
        raise Hint("GigaSpeech: its makers do not own the recordings, and one signs for research only.")
    right = {"librispeech", "common voice", "aishell-1"}
    if names != right:
        raise Hint(f"{len(names & right)} of three found. CC BY, CC0 and Apache 2.0 allow it.")
    return "And CC BY asks you to say whose work it is."


@exercise("tools-how-many-fsdd")
def _how_many(answer: object) -> str:
    expect_number(
        answer,
        1000 * 60 / 21.9,
        tolerance=0.01,
        hints={
            1000 / 21.9: "Hours over minutes: turn one of them into the other.",
            21.9 / 60 / 1000: "The other way round.",
            2500: "That is with 0.4 hours, which the table has rounded. Take 21.9 minutes.",
        },
        hint="1,000 hours in minutes, over 21.9 minutes.",
    )
    return "And LibriSpeech is a small corpus by now."
