"""Quizzes: questions with choices, and a reason for every choice."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets
import yaml

from speechbook.widgets.traits import STATIC

QUIZZES = Path(__file__).parent.parent / "quizzes"


class Quiz(anywidget.AnyWidget):
    """Questions with choices: choose, check, and read for every choice why it is right or wrong.

    Parameters
    ----------
    name : str
        Name of a file in ``speechbook/quizzes`` without its ending, such as ``"concepts-from-sound-to-features"``.
    folder : Path, optional
        Another folder to look in.

    Attributes
    ----------
    score, answered : int
        Questions answered right, and questions answered, in the view that was used last.

    Raises
    ------
    FileNotFoundError
        If there is no quiz of that name; the message lists those that exist.
    ValueError
        If the file does not follow the form that `load_quiz` describes.
    """

    _esm = STATIC / "quiz.js"
    _css = STATIC / "quiz.css"

    label = traitlets.Unicode("Quiz").tag(sync=True)
    questions = traitlets.List(traitlets.Dict()).tag(sync=True)
    score = traitlets.Int(0).tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)

    def __init__(self, name: str, *, folder: Path | None = None) -> None:
        super().__init__(questions=load_quiz(name, folder=folder))

    def __repr__(self) -> str:
        return f"Quiz({len(self.questions)} questions)"


def load_quiz(name: str, *, folder: Path | None = None) -> list[dict]:
    """Read and check the questions of a quiz.

    The file is a YAML list. Each question has a ``question``, ``options`` (at least two; each has its ``text``,
    whether it is ``right``, and ``why``), and may have ``code``, shown as a block. One or several options may be
    right. Texts are plain; `` `code` `` and ``$maths$`` in them are set apart, HTML is shown as it stands::

        - question: How many samples has a frame of 25 ms at 8 kHz?
          options:
            - {text: "200", right: true, why: 0.025 s times 8000 samples a second.}
            - {text: "80", right: false, why: That is the usual hop of 10 ms.}

    Parameters
    ----------
    name : str
        File name without its ending.
    folder : Path, optional
        Where to look; ``speechbook/quizzes`` if not given.

    Returns
    -------
    list of dict
        The questions.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not YAML or does not have this form; the message says which question and what is wrong.
    """
    folder = QUIZZES if folder is None else Path(folder)
    path = folder / f"{name}.yml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.yml"))) or "none yet"
        raise FileNotFoundError(f"there is no quiz {name!r}; quizzes: {known}")
    try:
        questions = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name} is not valid YAML: {error}") from None
    if not isinstance(questions, list) or not questions:
        raise ValueError(f"{path.name} must hold a list of questions")
    for number, question in enumerate(questions, start=1):
        _check_question(question, where=f"{path.name}, question {number}")
    return questions


def _check_question(question: object, *, where: str) -> None:
    _check_keys(question, required={"question", "options"}, optional={"code"}, where=where)
    for key in question.keys() & {"question", "code"}:
        _check_text(question[key], where=f"{where}, {key}")
    options = question["options"]
    if not isinstance(options, list) or len(options) < 2:
        raise ValueError(f"{where}: options must be a list of at least two")
    for number, option in enumerate(options, start=1):
        here = f"{where}, option {number}"
        _check_keys(option, required={"text", "right", "why"}, optional=set(), where=here)
        _check_text(option["text"], where=f"{here}, text")
        _check_text(option["why"], where=f"{here}, why")
        if not isinstance(option["right"], bool):
            raise ValueError(f"{here}: right must be true or false, but is {option['right']!r}")
    if len({option["right"] for option in options}) < 2:
        raise ValueError(f"{where}: there must be at least one right and one wrong option")
    if len({option["text"] for option in options}) < len(options):
        raise ValueError(f"{where}: two options have the same text")


def _check_keys(item: object, *, required: set[str], optional: set[str], where: str) -> None:
    if not isinstance(item, dict):
        raise ValueError(f"{where}: expected the keys {', '.join(sorted(required))}, but found {item!r}")
    missing, unknown = required - item.keys(), item.keys() - required - optional
    if missing or unknown:
        faults = [f"{key} is missing" for key in sorted(missing)]
        faults += [f"{key} is not known" for key in sorted(map(str, unknown))]
        raise ValueError(f"{where}: {'; '.join(faults)}")


def _check_text(value: object, *, where: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}: must be text (in quotes if it looks like a number or a yes), but is {value!r}")
