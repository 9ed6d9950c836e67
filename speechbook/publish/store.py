"""The store of executed chapters: one file a chapter, corpus and key, written in one step."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

KEY_LENGTH = 16


def write_text(path: Path, text: str) -> None:
    """Write a file in one step, so that an interruption leaves the old one or the new one.

    Parameters
    ----------
    path : Path
        The file; its folder is made if needed.
    text : str
        New contents, written as UTF-8.

    Examples
    --------
    >>> file = Path(tempfile.mkdtemp()) / "deep" / "note.txt"
    >>> write_text(file, "heard")
    >>> file.read_text()
    'heard'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@dataclass(frozen=True)
class Store:
    """Executed chapters of one corpus.

    Attributes
    ----------
    folder : Path
        Where they lie, such as ``_build/store/fsdd``.
    """

    folder: Path

    def path(self, chapter: str, key: str) -> Path:
        """Say where an executed chapter lies or would lie.

        Parameters
        ----------
        chapter : str
            Name in the table of contents.
        key : str
            What `keys.chapter_key` gives.

        Returns
        -------
        Path
            A notebook whose name holds the beginning of the key.
        """
        return self.folder / f"{chapter}.{key[:KEY_LENGTH]}.ipynb"

    def find(self, chapter: str, key: str) -> Path | None:
        """Look an executed chapter up.

        Parameters
        ----------
        chapter : str
            Name in the table of contents.
        key : str
            What `keys.chapter_key` gives.

        Returns
        -------
        Path or None
            The executed notebook, or None if the chapter has not been executed in this state.
        """
        path = self.path(chapter, key)
        return path if path.is_file() else None

    def put(self, chapter: str, key: str, text: str) -> Path:
        """Keep an executed chapter, and drop what earlier states of it left.

        Parameters
        ----------
        chapter : str
            Name in the table of contents.
        key : str
            What `keys.chapter_key` gives.
        text : str
            The executed notebook as JSON.

        Returns
        -------
        Path
            Where it lies now.
        """
        path = self.path(chapter, key)
        write_text(path, text)
        name = chapter.rsplit("/", 1)[-1]
        for other in path.parent.glob(f"{name}.{'[0-9a-f]' * KEY_LENGTH}.ipynb"):
            if other != path:
                other.unlink(missing_ok=True)
        return path
