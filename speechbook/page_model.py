"""Trained networks as files that a page can run: one self-contained file with a checksum, and the way into the page.

The file, version 1 (numbers are little-endian)::

    8 bytes    "SBMODEL1"
    4 bytes    length of the header, an unsigned integer, so that the numbers begin at a multiple of four bytes
    header     JSON in UTF-8, filled up with blanks
    numbers    all weights, one array after the other, each at a multiple of four bytes
    32 bytes   SHA-256 of everything before

The header's ``steps`` say what to compute: step *i* gives value *i* + 1 from the values that it names (value 0 is the
network's input), with weights given by their numbers in ``arrays``. ``output`` and ``embedding`` are numbers of values.
An array of type ``int8`` is followed by float32 factors, one for each of its last axis, by which its whole numbers are
multiplied. ``labels``, ``front_end`` and ``decision`` say what the outputs mean, what the network wants to hear, and
when its answer counts.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from speechbook import frontend
from speechbook._page_format import WEIGHTS, PageModel, PageModelError, assemble, pack, read_page_model, round_weights
from speechbook._page_publish import MIME_TYPE, SUFFIX, check_name, display_model, find, model_path
from speechbook._page_steps import steps_of
from speechbook.rejection import choose_threshold

N_FRAMES = 100

__all__ = [
    "MIME_TYPE",
    "SUFFIX",
    "PageModel",
    "PageModelError",
    "choose_threshold",
    "describe",
    "find",
    "load_model",
    "publish",
    "read_page_model",
    "round_weights",
    "write_page_model",
]


def write_page_model(
    model: object,
    file: str | os.PathLike | BinaryIO | None = None,
    *,
    labels: Sequence[str],
    name: str = "network",
    weights: str = "int8",
    front_end: Mapping | None = None,
    threshold: float | None = None,
    measured: str = "",
) -> bytes:
    """Write a trained Keras model as a file that a page can run.

    Parameters
    ----------
    model : keras.Model
        Sequential or Functional, with one input and one output.
    file : path or binary file object, optional
        Where to write; a file under that path is replaced in one step.
    labels : sequence of str
        What each of the outputs stands for.
    name : str
        In kebab-case.
    weights : {"int8", "float32"}
        How kernels are kept: as they are, or as whole numbers from -127 to 127 with one factor an output, in a quarter
        of the bytes. Biases and normalisations stay float32.
    front_end : mapping, optional
        Settings of the features that the network was trained on.
    threshold : float, optional
        Probability below which the answer is "I do not know"; see `choose_threshold`.
    measured : str
        A sentence on how well it does and on which clips.

    Returns
    -------
    bytes
        The file's content.

    Raises
    ------
    ValueError
        If a layer is not supported (the message names it), the labels do not fit, or a setting is wrong.

    Examples
    --------
    >>> from speechbook._keras import keras
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation="softmax")])
    >>> content = write_page_model(model, labels=["no", "yes"], weights="float32")
    >>> read_page_model(io.BytesIO(content)).header["labels"]
    ['no', 'yes']
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights must be one of {WEIGHTS}, but is {weights!r}")
    if threshold is not None and not 0 <= threshold <= 1:
        raise ValueError(f"threshold must be a probability from 0 to 1, but is {threshold!r}")
    check_name(name)
    steps, output = steps_of(model)
    labels = [str(label) for label in labels]
    n_outputs = model.output_shape[-1]
    if len(labels) != n_outputs:
        raise ValueError(f"labels must name the {n_outputs} outputs of the model, but there are {len(labels)}")
    numbers, described, table = pack(steps, weights)
    dense = [number for number, step in enumerate(steps) if step.kind == "Dense"]
    header = {
        "version": 1,
        "name": name,
        "labels": labels,
        "weights": weights,
        "input_shape": list(model.input_shape[1:]),
        "front_end": dict(front_end or {}),
        "decision": {"threshold": threshold},
        "measured": measured,
        "output": output,
        "embedding": steps[dense[-1]].inputs[0] if dense else output,
        "steps": described,
        "arrays": table,
    }
    content = assemble(header, numbers)
    _write(file, content)
    return content


def describe(file: str | os.PathLike | BinaryIO) -> str:
    """Tell what a file holds: one line on the whole, and one a step.

    Parameters
    ----------
    file : path or binary file object
        What `write_page_model` has written.

    Returns
    -------
    str
        Several lines.

    Examples
    --------
    >>> from speechbook._keras import keras
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="last")])
    >>> file = io.BytesIO(write_page_model(model, labels="ab", weights="float32"))
    >>> print(describe(file).splitlines()[1])
    value 1: Dense of value 0 (last; kernel 4 × 2, bias 2)
    """
    model = read_page_model(file)
    lines = [str(model)]
    for number, step in enumerate(model.header["steps"], start=1):
        values = " and ".join(f"value {each}" for each in step["inputs"])
        shapes = [
            f"{name} {' × '.join(map(str, model.header['arrays'][place]['shape']))}"
            for name, place in step["weights"].items()
        ]
        lines.append(f"value {number}: {step['kind']} of {values} ({'; '.join([step['name'], ', '.join(shapes)])})")
    return "\n".join(line.replace("; )", ")") for line in lines)


def load_model(file: str | os.PathLike | BinaryIO) -> object:
    """Make a Keras model of a file again, to ask it in Python what it says in the page.

    Parameters
    ----------
    file : path or binary file object
        What `write_page_model` has written.

    Returns
    -------
    keras.Model
        With the weights as the page has them: rounded, if they were.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    PageModelError
        If it cannot be read.

    Examples
    --------
    >>> from speechbook._keras import keras
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    >>> load_model(io.BytesIO(write_page_model(model, labels="ab"))).output_shape
    (None, 2)
    """
    from speechbook._page_rebuild import rebuild

    return rebuild(read_page_model(file))


def publish(
    name: str,
    model: object,
    *,
    labels: Sequence[str],
    weights: str = "int8",
    front_end: Mapping | None = None,
    threshold: float | None = None,
    measured: str = "",
    cache: Path | None = None,
) -> None:
    """Hand a trained network to the recogniser: of the published book, and of this machine.

    The file goes into the book's cache folder, where `widgets.Recogniser` finds it, and into the cell's output in a
    form that the build of the book turns into a file of the site. All that is shown is one line.

    Parameters
    ----------
    name : str
        Under which the recogniser finds it, in kebab-case, unique in the book.
    model : keras.Model
        What to publish; this and the other parameters are those of `write_page_model`.
    labels : sequence of str
        What each of the outputs stands for.
    weights : {"int8", "float32"}
        How kernels are kept.
    front_end : mapping, optional
        Settings of the features; default is what `frontend.batch` does, with 100 frames unless the model says else.
    threshold : float, optional
        Probability below which the answer is "I do not know".
    measured : str
        A sentence on how well it does and on which clips.
    cache : Path, optional
        Folder to keep the file in; default is the platform's cache folder for ``speechbook``.

    Raises
    ------
    ValueError
        If the model cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from speechbook._keras import keras
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    >>> publish("coin", model, labels=["heads", "tails"], cache=Path(tempfile.mkdtemp()))  # doctest: +ELLIPSIS
    coin: 4 in, 2 labels out, 10 numbers as int8, ... bytes, SHA-256 ...
    """
    path = model_path(name, cache=cache)
    path.parent.mkdir(parents=True, exist_ok=True)
    if front_end is None:
        front_end = {**frontend.SETTINGS, "n_frames": model.input_shape[1] or N_FRAMES}
    content = write_page_model(
        model,
        path,
        labels=labels,
        name=name,
        weights=weights,
        front_end=front_end,
        threshold=threshold,
        measured=measured,
    )
    display_model(name, content, str(read_page_model(io.BytesIO(content))))


def _write(file: str | os.PathLike | BinaryIO | None, content: bytes) -> None:
    if file is None:
        return
    if hasattr(file, "write"):
        file.write(content)
        return
    path = Path(file)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
