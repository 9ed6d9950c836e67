"""Records out of YAML files, checked field by field, with errors that say which record and what to mend."""

from __future__ import annotations

from pathlib import Path

import yaml

FOLDER = Path(__file__).parent


class CatalogueError(ValueError):
    """A record of the catalogue does not fit; the message says which one, what came and what was expected."""


def read(path: Path) -> dict:
    """Read a YAML file that holds a mapping.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        What it holds.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CatalogueError
        If it is not YAML, or holds something else.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no catalogue {path.name} in {path.parent}; it comes with the package")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise CatalogueError(f"{path.name} is not valid YAML: {error}") from None
    if not isinstance(content, dict):
        raise CatalogueError(f"{path.name} must hold a mapping, but holds {type(content).__name__}")
    return content


def check(record: object, *, required: dict[str, type], optional: dict[str, type], where: str) -> dict:
    """Check that a record has the fields it needs, no others, and each of its kind.

    Parameters
    ----------
    record : object
        What YAML gave.
    required, optional : dict of str to type
        Fields and their types.
    where : str
        What the errors call it.

    Returns
    -------
    dict
        The record.

    Raises
    ------
    CatalogueError
        If it does not fit.

    Examples
    --------
    >>> check({"name": "Theano"}, required={"name": str, "kind": str}, optional={}, where="tool 1")
    Traceback (most recent call last):
    speechbook.catalogue.records.CatalogueError: tool 1: kind is missing
    """
    if not isinstance(record, dict):
        raise CatalogueError(f"{where}: expected a mapping, but found {record!r}")
    known = {**required, **optional}
    faults = [f"{field} is missing" for field in required if field not in record]
    faults += [f"{field} is not known" for field in map(str, record) if field not in known]
    for field, kind in known.items():
        value = record.get(field)
        if field in record and (not isinstance(value, kind) or isinstance(value, bool)):
            faults.append(f"{field} must be {getattr(kind, '__name__', kind)}, but is {value!r}")
        elif isinstance(value, str) and not value.strip():
            faults.append(f"{field} is empty")
    if faults:
        raise CatalogueError(f"{where}: {'; '.join(faults)}")
    return record


def one_of(value: str, known: tuple[str, ...], *, where: str) -> str:
    """Check that a text is one of those known.

    Parameters
    ----------
    value : str
        The text.
    known : tuple of str
        What it may be.
    where : str
        What the error calls it.

    Returns
    -------
    str
        The text.

    Raises
    ------
    CatalogueError
        If it is another.

    Examples
    --------
    >>> one_of("ended", ("alive", "ended"), where="Theano, state")
    'ended'
    """
    if value not in known:
        raise CatalogueError(f"{where}: must be one of {', '.join(known)}, but is {value!r}")
    return value
