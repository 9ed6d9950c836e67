"""The Free Spoken Digit Dataset: fetched once on request, every file verified, kept in a cache folder.

Source: Z. Jackson and contributors, *Free Spoken Digit Dataset*, https://github.com/Jakobovski/free-spoken-digit-dataset,
CC BY-SA 4.0. The archive that GitHub makes of a commit is not the same byte for byte for ever, so it is not trusted as
a whole: what counts is the SHA-256 of each recording.
"""

from __future__ import annotations

import os
import shutil
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pooch
import requests
from tqdm.auto import tqdm

from speechbook.manifests import data_folder, read_checked, read_checksums

COMMIT = "26eb9aaf76e81b692f806f9140c2d2777410d7a1"
ARCHIVE_URL = f"https://github.com/Jakobovski/free-spoken-digit-dataset/archive/{COMMIT}.zip"
FOLDER_NAME = f"fsdd-{COMMIT[:8]}"
LARGEST_FILE = 1_000_000  # bytes; the largest recording has 36,568
WHAT_ELSE = (
    "You can also set SPEECHBOOK_FSDD to a folder that holds the recordings; "
    "without FSDD the book runs on its embedded voices."
)


def fsdd_path(*, cache: Path | None = None) -> Path | None:
    """Say where FSDD is, without looking into its files.

    Parameters
    ----------
    cache : Path, optional
        Folder of earlier downloads; default is the platform's cache folder for ``speechbook``.

    Returns
    -------
    Path or None
        Folder with the recordings: what ``SPEECHBOOK_FSDD`` names, else the download in the cache, else None.

    Raises
    ------
    FileNotFoundError
        If ``SPEECHBOOK_FSDD`` names no folder.

    Examples
    --------
    >>> folder = fsdd_path()
    >>> folder is None or folder.is_dir()
    True
    """
    named = os.environ.get("SPEECHBOOK_FSDD")
    if named:
        folder = Path(named).expanduser()
        if not folder.is_dir():
            raise FileNotFoundError(
                f"SPEECHBOOK_FSDD is {named!r}, but there is no such folder: correct it or unset it"
            )
        return folder / "recordings" if (folder / "recordings").is_dir() else folder
    folder = cache_folder(cache) / FOLDER_NAME
    return folder if folder.is_dir() else None


def verify_fsdd(folder: Path | None = None, *, checksums: Mapping[str, str] | None = None) -> Path:
    """Check every recording of FSDD against its SHA-256.

    Parameters
    ----------
    folder : Path, optional
        Folder with the recordings; default is `fsdd_path`.
    checksums : mapping of str to str, optional
        SHA-256 by file name; default is ``data/fsdd.sha256``.

    Returns
    -------
    Path
        The folder, if all is well.

    Raises
    ------
    FileNotFoundError
        If FSDD is not at hand.
    ValueError
        If files are missing or damaged.

    Examples
    --------
    >>> from pathlib import Path
    >>> verify_fsdd(Path("no-such-folder"), checksums={"0_george_0.wav": "00"})
    Traceback (most recent call last):
    ...
    FileNotFoundError: there is no folder no-such-folder
    """
    folder = fsdd_path() if folder is None else folder
    if folder is None:
        raise FileNotFoundError(f"FSDD is not at hand: run `make fsdd` or corpora.fetch_fsdd(). {WHAT_ELSE}")
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    read_checked(folder, fsdd_checksums() if checksums is None else checksums)
    return folder


def fetch_fsdd(
    *,
    cache: Path | None = None,
    url: str = ARCHIVE_URL,
    checksums: Mapping[str, str] | None = None,
    timeout: float = 10.0,
) -> Path:
    """Fetch FSDD unless it is already there, and check every recording.

    An interrupted download goes on where it stopped, if the server allows it. Recordings appear in the cache only when
    all of them are right; missing or damaged ones are replaced.

    Parameters
    ----------
    cache : Path, optional
        Folder that keeps the recordings; default is the platform's cache folder for ``speechbook``.
    url : str
        Archive to fetch (about 16 MB).
    checksums : mapping of str to str, optional
        SHA-256 by file name; default is ``data/fsdd.sha256``.
    timeout : float
        Seconds to wait for the server, to connect and then for each piece.

    Returns
    -------
    Path
        Folder with the recordings: the one that ``SPEECHBOOK_FSDD`` names if it is set, else one in the cache.

    Raises
    ------
    ConnectionError
        If the server cannot be reached, says no, stalls or hangs up.
    ValueError
        If the archive is not what it should be, or the folder of ``SPEECHBOOK_FSDD`` is incomplete.

    Examples
    --------
    >>> fetch_fsdd()  # doctest: +SKIP
    PosixPath('/home/you/.cache/speechbook/fsdd-26eb9aaf')
    """
    checksums = fsdd_checksums() if checksums is None else checksums
    present = fsdd_path(cache=cache)
    if os.environ.get("SPEECHBOOK_FSDD"):
        return verify_fsdd(present, checksums=checksums)
    folder = cache_folder(cache) / FOLDER_NAME
    if present and is_whole(folder, checksums):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.parent / f"{FOLDER_NAME}.zip.part"
    if part.exists():
        try:
            return fetch_and_unpack(url, part, folder, checksums, timeout=timeout)
        except ValueError:  # What an earlier call left does not fit what came now: begin again, once.
            part.unlink(missing_ok=True)
    return fetch_and_unpack(url, part, folder, checksums, timeout=timeout)


def fetch_and_unpack(url: str, part: Path, folder: Path, checksums: Mapping[str, str], *, timeout: float) -> Path:
    """Complete the archive, unpack it, and remove it, also when it proves to be wrong."""
    if not zipfile.is_zipfile(part):
        download(url, part, timeout=timeout)
    try:
        unpack(part, folder, checksums)
    except ValueError as error:
        part.unlink()
        raise ValueError(f"what came from {url} is not FSDD, so nothing of it was kept: {error}. {WHAT_ELSE}") from None
    part.unlink()
    return folder


def download(url: str, part: Path, *, timeout: float) -> None:
    """Fetch a file, going on after the bytes that are there already; keep what arrived if it breaks off."""
    done = part.stat().st_size if part.exists() else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={done}-"} if done else {})
    try:
        with requests.get(url, headers=headers, stream=True, timeout=timeout) as response:
            if response.status_code == 416 and done:
                raise ValueError(f"nothing follows after byte {done}")
            if response.status_code not in (200, 206):
                raise ConnectionError(f"{url} cannot be fetched: the server says {response.status_code}. {WHAT_ELSE}")
            goes_on = response.status_code == 206
            if goes_on and not response.headers.get("Content-Range", "").startswith(f"bytes {done}-"):
                raise ValueError(f"the server goes on at another place than byte {done}")
            save(response, part, done=done if goes_on else 0)
    except requests.RequestException as error:
        kept = "What has arrived is kept: call again to go on. " if part.exists() else ""
        raise ConnectionError(f"{url} cannot be fetched: {in_words(error)}. {kept}{WHAT_ELSE}") from None


def save(response: requests.Response, part: Path, *, done: int) -> None:
    """Write a response behind the first `done` bytes of a file, with a progress bar."""
    length = response.headers.get("Content-Length")
    total = done + int(length) if length else None
    bar = tqdm(desc="Fetching FSDD", initial=done, total=total, unit="B", unit_scale=True)
    with bar, open(part, "ab" if done else "wb") as file:
        for piece in response.iter_content(2**15):
            file.write(piece)
            bar.update(len(piece))


def in_words(error: requests.RequestException) -> str:
    """Say what went wrong on the way, without the libraries' inner names."""
    if isinstance(error, requests.ConnectTimeout):
        return "the server does not answer"
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return "the server stopped sending"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke off"
    return "the server cannot be reached" if isinstance(error, requests.ConnectionError) else "the address is not valid"


def unpack(archive: Path, folder: Path, checksums: Mapping[str, str]) -> None:
    """Unpack the recordings of an archive beside `folder`, check them all, and only then put them in its place."""
    working = folder.with_name(f"{folder.name}.unpacking")
    shutil.rmtree(working, ignore_errors=True)
    try:
        (working / "new").mkdir(parents=True)
        extract(archive, working / "new", checksums)
        read_checked(working / "new", checksums)
        if folder.exists():
            folder.rename(working / "old")
        (working / "new").rename(folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"the archive is damaged ({error})") from None
    finally:
        shutil.rmtree(working, ignore_errors=True)


def extract(archive: Path, folder: Path, checksums: Mapping[str, str]) -> None:
    """Write the listed recordings into `folder`; other members, and the paths that members claim, do not matter."""
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            path = PurePosixPath(member.filename)
            if path.parent.name == "recordings" and path.name in checksums and member.file_size <= LARGEST_FILE:
                (folder / path.name).write_bytes(opened.read(member))


def is_whole(folder: Path, checksums: Mapping[str, str]) -> bool:
    """Say whether all recordings are there and right."""
    try:
        read_checked(folder, checksums)
    except ValueError:
        return False
    return True


def fsdd_checksums() -> dict[str, str]:
    """Read the SHA-256 of all recordings at the pinned commit."""
    return read_checksums(data_folder() / "fsdd.sha256")


def cache_folder(cache: Path | None) -> Path:
    """Give the folder that keeps downloads."""
    return Path(pooch.os_cache("speechbook") if cache is None else cache)
