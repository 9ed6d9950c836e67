"""What should be in a folder of clips: checksum lists, the table of the embedded sounds, and checks against both."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from pathlib import Path


def data_folder() -> Path:
    """Find the folder of the embedded data.

    Returns
    -------
    Path
        ``speechbook/_data`` in an installed package, ``data`` in a checkout of the repository.

    Raises
    ------
    FileNotFoundError
        If neither holds a manifest.

    Examples
    --------
    >>> (data_folder() / "manifest.csv").exists()
    True
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "_data", package.parent / "data"):
        if (folder / "manifest.csv").is_file():
            return folder
    raise FileNotFoundError("the embedded data are missing: install speechbook again, or run it from a full checkout")


def read_manifest(table: str = "manifest.csv") -> list[dict[str, str]]:
    """Read a table of embedded sounds.

    Parameters
    ----------
    table : str
        ``"manifest.csv"`` for the English digits and the listening clips, ``"languages.csv"`` for other languages.

    Returns
    -------
    list of dict of str to str
        One row a file; data/README.md explains the columns.

    Examples
    --------
    >>> rows = read_manifest()
    >>> rows[0]["file"], rows[0]["transcript"]
    ('voices/0_flite-kal_0.flac', 'zero')
    """
    with open(data_folder() / table, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_checksums(file: Path) -> dict[str, str]:
    """Read a list of SHA-256 as the program sha256sum writes it.

    Parameters
    ----------
    file : Path
        Each line holds 64 hexadecimal digits, two spaces and a file name.

    Returns
    -------
    dict of str to str
        SHA-256 by file name.

    Examples
    --------
    >>> len(read_checksums(data_folder() / "fsdd.sha256"))
    3000
    """
    pairs = (line.split(maxsplit=1) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return {name.lstrip("*"): checksum for checksum, name in pairs}


def read_checked(folder: Path, checksums: Mapping[str, str]) -> dict[str, bytes]:
    """Read files and check every one against its SHA-256.

    Parameters
    ----------
    folder : Path
        Folder of the files; others in it are ignored.
    checksums : mapping of str to str
        SHA-256 by file name.

    Returns
    -------
    dict of str to bytes
        Contents by file name, in the order of `checksums`.

    Raises
    ------
    ValueError
        If a file is missing or differs; the message lists the first few.

    Examples
    --------
    >>> rows = read_manifest()[:2]
    >>> contents = read_checked(data_folder(), {row["file"]: row["sha256"] for row in rows})
    >>> [content[:4] for content in contents.values()]
    [b'fLaC', b'fLaC']
    """
    contents, faults = {}, []
    for name, checksum in checksums.items():
        try:
            content = (folder / name).read_bytes()
        except OSError:
            faults.append(f"{name} is missing")
            continue
        if hashlib.sha256(content).hexdigest() != checksum:
            faults.append(f"{name} is damaged")
        contents[name] = content
    if faults:
        listed = ", ".join(faults[:3]) + (", …" if len(faults) > 3 else "")
        raise ValueError(f"{len(faults)} of {len(checksums)} files in {folder} are not as they should be: {listed}")
    return contents
