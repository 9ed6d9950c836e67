"""Trained networks on their way from the chapters that trained them to the site's files."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path

import nbformat

from speechbook import page_model
from speechbook.publish.project import PublishError

MOST_BYTES = 500_000
"""Compressed, as a server sends it: what a reader on a phone may be asked to wait for."""


def collect(executed: Mapping[str, Path]) -> dict[str, bytes]:
    """Take the networks out of executed chapters, and check them.

    Parameters
    ----------
    executed : mapping of str to Path
        Executed notebook of each chapter.

    Returns
    -------
    dict of str to bytes
        The file of each network, by the name under which `page_model.publish` was given it.

    Raises
    ------
    PublishError
        If a network is damaged or too large, or two have the same name.
    """
    found: dict[str, bytes] = {}
    for chapter, path in executed.items():
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                facts = output.get("data", {}).get(page_model.MIME_TYPE)
                if facts is None:
                    continue
                name, content = unpack(json.loads(facts) if isinstance(facts, str) else facts, chapter)
                if name in found:
                    raise PublishError(f"{chapter} publishes a second network called {name!r}: names are unique")
                found[name] = content
    return found


def unpack(facts: Mapping, chapter: str) -> tuple[str, bytes]:
    """Give the name and the file of a network in an output.

    Parameters
    ----------
    facts : mapping
        What `page_model.publish` left there.
    chapter : str
        Where, for the errors.

    Returns
    -------
    name : str
        Of the network.
    content : bytes
        Its file.

    Raises
    ------
    PublishError
        If it is damaged or too large.
    """
    name, content = facts["name"], base64.b64decode(facts["content"])
    if hashlib.sha256(content).hexdigest() != facts["sha256"]:
        raise PublishError(f"{chapter}: the network {name!r} is damaged; execute the chapter again")
    try:
        page_model.read_page_model(io.BytesIO(content))
    except page_model.PageModelError as error:
        raise PublishError(f"{chapter}: {error}") from None
    size = len(gzip.compress(content))
    if size > MOST_BYTES:
        raise PublishError(
            f"{chapter}: the network {name!r} has {size:,} bytes compressed, but readers should load at most "
            f"{MOST_BYTES:,}: publish it with weights='int8', or make it smaller"
        )
    return name, content


def write(networks: Mapping[str, bytes], folder: Path) -> None:
    """Write networks where pages look for them.

    Each is there twice: as the file itself, and as a script for pages that were opened from a disk, which may run their
    neighbours but not fetch them.

    Parameters
    ----------
    networks : mapping of str to bytes
        What `collect` gives.
    folder : Path
        Such as ``_static/models``; made if there is anything to write.
    """
    for name, content in networks.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}{page_model.SUFFIX}").write_bytes(content)
        text = base64.b64encode(content).decode()
        script = f'(globalThis.speechbookModels ??= {{}})["{name}"] = "{text}";\n'
        (folder / f"{name}{page_model.SUFFIX}.js").write_text(script, encoding="utf-8")
