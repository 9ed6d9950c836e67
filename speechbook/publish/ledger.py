"""The ledger of the whole book: collect what chapters recorded, hold it against the bands, hand it to the pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from speechbook import results
from speechbook.publish.project import Project, PublishError
from speechbook.publish.store import write_text


def read_bands(project: Project) -> dict[str, dict]:
    """Read the bands of the book.

    Parameters
    ----------
    project : Project
        The checkout.

    Returns
    -------
    dict of str to dict
        What `results.read_bands` gives.

    Raises
    ------
    PublishError
        If the file is absent or faulty.
    """
    try:
        return results.read_bands(project.bands)
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise PublishError(f"the ledger's bands cannot be read: {error}") from None


def collect(executed: Mapping[str, Path]) -> tuple[dict[str, results.Record], dict[str, str]]:
    """Collect the records of executed chapters.

    Parameters
    ----------
    executed : mapping of str to Path
        Executed notebook of each chapter.

    Returns
    -------
    records : dict of str to Record
        By key.
    places : dict of str to str
        The chapter that recorded each key.

    Raises
    ------
    PublishError
        If a key is recorded twice.
    """
    records: dict[str, results.Record] = {}
    places: dict[str, str] = {}
    for chapter, notebook in executed.items():
        try:
            found = results.read_records([notebook])
        except ValueError as error:
            raise PublishError(f"{chapter}: {error}") from None
        for key, record in found.items():
            if key in records:
                raise PublishError(f"{chapter}: {key!r} is recorded in {places[key]} already; keys are unique")
            records[key], places[key] = record, chapter
    return records, places


def faults(records: dict[str, results.Record], bands: dict[str, dict], *, corpus: str, whole: bool) -> list[str]:
    """Hold records against bands.

    Parameters
    ----------
    records : dict of str to Record
        What the chapters measured.
    bands : dict of str to dict
        What `read_bands` gives.
    corpus : str
        The corpus that the chapters ran on.
    whole : bool
        Whether all chapters are there; if not, a band without a number is no fault.

    Returns
    -------
    list of str
        One sentence a fault.

    Examples
    --------
    >>> faults({}, {"a": {"what": "…", "fsdd": (0, 1), "voices": (0, 1)}}, corpus="fsdd", whole=False)
    []
    """
    expected = bands if whole else {key: band for key, band in bands.items() if key in records}
    named = [
        f"{key} was recorded for the corpus {record.corpus}, but the chapters ran on {corpus}"
        for key, record in records.items()
        if record.corpus not in ("", corpus)
    ]
    return named + results.check(records, expected, corpus=corpus)


def write(
    file: Path,
    bands: dict[str, dict],
    measured: Mapping[str, Mapping[str, results.Record]],
    places: Mapping[str, str],
) -> None:
    """Write the ledger for the pages.

    Parameters
    ----------
    file : Path
        JSON file.
    bands : dict of str to dict
        What `read_bands` gives.
    measured : mapping of str to mapping of str to Record
        For each corpus its records; a corpus on which the chapters have not run is absent.
    places : mapping of str to str
        The chapter of each key.
    """
    order = {chapter: number for number, chapter in enumerate(dict.fromkeys(places.values()))}
    rows = [
        {
            "key": key,
            "what": band["what"],
            "chapter": places.get(key),
            "bands": {corpus: band[corpus] for corpus in results.CORPORA},
            "records": {corpus: asdict(found[key]) for corpus, found in measured.items() if key in found},
        }
        for key, band in bands.items()
    ]
    rows.sort(key=lambda row: order.get(row["chapter"], len(order)))
    write_text(file, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
