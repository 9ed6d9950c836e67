"""How a written network leaves the notebook that trained it: through its outputs and the book's cache folder."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import pooch
from IPython.display import display

MIME_TYPE = "application/vnd.speechbook.page-model+json"
SUFFIX = ".sbmodel"
NAME_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Published:
    """A written network as an output: one line to read, and the file for the build of the book."""

    name: str
    content: bytes
    text: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        facts = {
            "name": self.name,
            "sha256": hashlib.sha256(self.content).hexdigest(),
            "content": base64.b64encode(self.content).decode(),
        }
        return {"text/plain": self.text, MIME_TYPE: facts}

    def __repr__(self) -> str:
        return self.text


def display_model(name: str, content: bytes, text: str) -> None:
    """Leave a written network in the output of the cell that runs."""
    display(Published(name, content, text))


def check_name(name: str) -> None:
    """Raise ValueError unless a name can stand in an address."""
    if not NAME_PATTERN.fullmatch(name):
        raise ValueError(f"name must be in kebab-case such as 'digits', but is {name!r}")


def model_path(name: str, *, cache: Path | None = None) -> Path:
    """Say where a published network lies on this machine, whether it is there or not."""
    check_name(name)
    return Path(pooch.os_cache("speechbook") if cache is None else cache) / "models" / f"{name}{SUFFIX}"


def find(name: str, *, cache: Path | None = None) -> Path:
    """Find the network that was published last under a name on this machine.

    Parameters
    ----------
    name : str
        As it was given to `publish`.
    cache : Path, optional
        Folder that keeps it; default is the platform's cache folder for ``speechbook``.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    FileNotFoundError
        If there is none.

    Examples
    --------
    >>> find("nobody-has-trained-this")
    Traceback (most recent call last):
    FileNotFoundError: No network 'nobody-has-trained-this' has been trained on this machine: run the chapter that does.
    """
    path = model_path(name, cache=cache)
    if not path.is_file():
        raise FileNotFoundError(f"No network {name!r} has been trained on this machine: run the chapter that does.")
    return path
