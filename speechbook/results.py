"""The ledger: every number that the book states comes from a recorded measurement.

A chapter calls `record` where it measures. The call shows one line, and leaves the same facts in the cell's output in
a form that machines read. After the chapters have run, `read_records` collects them from the executed notebooks, and
`check` compares them with the bands of ``book/bands.yml``: a number outside its band fails the build.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
import yaml
from IPython.display import display

MIME_TYPE = "application/vnd.speechbook.record+json"
KEY_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CORPORA = ("fsdd", "voices")


@dataclass(frozen=True)
class Record:
    """One measured number.

    Attributes
    ----------
    key : str
        Name in kebab-case, unique in the book: ``"conv1d-lstm-unseen"``.
    value : float
        The number itself; a share is stored as a fraction of one.
    unit : str
        ``"%"`` for shares, else a unit such as ``"s"``, ``"Hz"``, ``"parameters"``; may be empty.
    split : str
        Which clips the number was measured on, in words.
    seed : int or None
        Random seed of the run, where one was used.
    seconds : float or None
        How long the measurement took, in seconds.
    corpus : str
        ``"fsdd"`` or ``"voices"``; empty for a number that no corpus enters.
    """

    key: str
    value: float
    unit: str = ""
    split: str = ""
    seed: int | None = None
    seconds: float | None = None
    corpus: str = ""

    def __str__(self) -> str:
        """Give the record as one line of plain text."""
        facts = [self.split, self.corpus and f"corpus {self.corpus}"]
        facts += [f"seed {self.seed}"] if self.seed is not None else []
        facts += [f"{self.seconds:.1f} s"] if self.seconds is not None else []
        detail = "; ".join(fact for fact in facts if fact)
        return f"{self.key} = {self.text}" + (f"  ({detail})" if detail else "")

    @property
    def text(self) -> str:
        """The value with its unit, rounded for reading."""
        if self.unit == "%":
            return f"{100 * self.value:.1f} %"
        number = f"{self.value:,.0f}" if float(self.value).is_integer() else f"{self.value:.4g}"
        return f"{number} {self.unit}".strip()

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/plain": str(self), MIME_TYPE: asdict(self)}


def record(
    key: str,
    value: float,
    *,
    unit: str = "",
    split: str = "",
    seed: int | None = None,
    seconds: float | None = None,
    corpus: str = "",
) -> None:
    """Show a measured number and enter it into the book's ledger.

    Parameters
    ----------
    key : str
        Name in kebab-case, unique in the book.
    value : float
        The number; give a share as a fraction (0.66) with ``unit="%"``.
    unit : str
        ``"%"``, ``"s"``, ``"Hz"``, … or empty.
    split : str
        Which clips it was measured on. Required for ``"%"``: an accuracy without its split says nothing.
    seed : int, optional
        Random seed of the run.
    seconds : float, optional
        Duration of the measurement in seconds.
    corpus : str
        Name of the corpus (``digits.name``) if the number depends on it.

    Raises
    ------
    ValueError
        If the key is not in kebab-case, the value is not a finite number, or a share comes without a split.

    Examples
    --------
    >>> record("frames-per-second", 100, unit="frames")
    frames-per-second = 100 frames
    """
    if not KEY_PATTERN.fullmatch(key):
        raise ValueError(f"key must be in kebab-case such as 'conv1d-lstm-unseen', but is {key!r}")
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(f"value of {key!r} must be a finite number, but is {value!r}")
    if unit == "%" and not split:
        raise ValueError(f"{key!r} is a share: say with split=… which clips it was measured on")
    if corpus and corpus not in CORPORA:
        raise ValueError(f"corpus must be one of {CORPORA} or empty, but is {corpus!r}")
    display(Record(key, number, unit, split, seed, seconds, corpus))


def read_records(notebooks: Iterable[Path]) -> dict[str, Record]:
    """Collect the records that executed notebooks hold.

    Parameters
    ----------
    notebooks : iterable of Path
        Executed ``.ipynb`` files.

    Returns
    -------
    dict of str to Record
        By key, in the order of execution.

    Raises
    ------
    ValueError
        If two cells record the same key.
    """
    records: dict[str, Record] = {}
    for path in notebooks:
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                facts = output.get("data", {}).get(MIME_TYPE)
                if facts is None:
                    continue
                found = Record(**(json.loads(facts) if isinstance(facts, str) else facts))
                if found.key in records:
                    raise ValueError(f"{path.name}: {found.key!r} is recorded twice; keys are unique in the book")
                records[found.key] = found
    return records


def read_bands(path: Path) -> dict[str, dict]:
    """Read the bands file: for every key a sentence and the interval allowed on each corpus.

    Parameters
    ----------
    path : Path
        YAML file; each entry has ``what`` and either ``both: [low, high]`` or ``fsdd:`` and ``voices:``.

    Returns
    -------
    dict of str to dict
        For every key ``{"what": str, "fsdd": (low, high), "voices": (low, high)}``.

    Raises
    ------
    ValueError
        If an entry is incomplete or a band is upside down.
    """
    bands = {}
    for key, entry in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
        limits = {name: entry.get(name, entry.get("both")) for name in CORPORA}
        if "what" not in entry or any(limit is None for limit in limits.values()):
            raise ValueError(f"{path.name}: {key!r} needs 'what' and 'both' or one band for each of {CORPORA}")
        if any(not low <= high for low, high in limits.values()):
            raise ValueError(f"{path.name}: a band of {key!r} is upside down: {limits}")
        bands[key] = {"what": entry["what"], **{name: tuple(limit) for name, limit in limits.items()}}
    return bands


def check(records: dict[str, Record], bands: dict[str, dict], *, corpus: str) -> list[str]:
    """Compare measured numbers with their bands.

    Parameters
    ----------
    records : dict of str to Record
        What the chapters measured.
    bands : dict of str to dict
        What `read_bands` gives.
    corpus : str
        The corpus that the chapters ran on.

    Returns
    -------
    list of str
        One sentence a fault; empty if every number is where it should be.

    Examples
    --------
    >>> bands = {"a": {"what": "…", "fsdd": (0, 1), "voices": (0, 1)}}
    >>> check({"a": Record("a", 2.0)}, bands, corpus="fsdd")
    ['a = 2 is outside its band [0, 1] on fsdd']
    """
    faults = [f"{key} is recorded but has no band: add it to book/bands.yml" for key in records if key not in bands]
    for key, band in bands.items():
        low, high = band[corpus]
        if key not in records:
            faults.append(f"{key} has a band but no chapter records it")
        elif not low <= records[key].value <= high:
            faults.append(f"{key} = {records[key].value:.6g} is outside its band [{low:g}, {high:g}] on {corpus}")
    return faults
