"""The steps of a build: take from the store what is up to date, execute the rest, check the numbers, make the pages."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from speechbook import corpora, results
from speechbook.publish import ledger, site
from speechbook.publish.execute import execute
from speechbook.publish.keys import chapter_key
from speechbook.publish.project import Project, PublishError
from speechbook.publish.store import Store


@dataclass
class Steps:
    """Wall times of the steps of a build, in seconds."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure one step.

        Parameters
        ----------
        name : str
            What is done.

        Yields
        ------
        None
            While it is being done.
        """
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started

    def __str__(self) -> str:
        """Give all steps in one line."""
        return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())


def choose_corpus(name: str | None = None) -> str:
    """Decide on which corpus chapters run.

    Parameters
    ----------
    name : str, optional
        ``"fsdd"`` or ``"voices"``; by default what ``SPEECHBOOK_CORPUS`` says, else FSDD where it is at hand.

    Returns
    -------
    str
        Name of the corpus.

    Raises
    ------
    PublishError
        If there is no such corpus, or it is not at hand.
    """
    name = name or os.environ.get("SPEECHBOOK_CORPUS") or None
    if name not in (None, *results.CORPORA):
        raise PublishError(f"the corpus must be one of {', '.join(results.CORPORA)}, but is {name!r}")
    try:
        at_hand = corpora.fsdd_path() is not None
    except (OSError, ValueError) as error:
        raise PublishError(str(error)) from None
    if name == "fsdd" and not at_hand:
        raise PublishError("FSDD is not at hand: run `make fsdd`, or set SPEECHBOOK_FSDD to a folder that holds it")
    return name or ("fsdd" if at_hand else "voices")


@contextlib.contextmanager
def alone(project: Project) -> Iterator[None]:
    """Hold the build folder for one process; others wait.

    Parameters
    ----------
    project : Project
        The checkout.

    Yields
    ------
    None
        While no other build runs in this checkout.
    """
    project.build.mkdir(exist_ok=True)
    with open(project.build / ".lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another build is running in this checkout; waiting for it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def store_of(project: Project, corpus: str) -> Store:
    """Give the store of a corpus.

    Parameters
    ----------
    project : Project
        The checkout.
    corpus : str
        ``"fsdd"`` or ``"voices"``.

    Returns
    -------
    Store
        Its executed chapters.
    """
    return Store(project.build / "store" / corpus)


def executed_chapters(project: Project, corpus: str) -> dict[str, Path]:
    """Look up which chapters have been executed as they stand now.

    Parameters
    ----------
    project : Project
        The checkout.
    corpus : str
        ``"fsdd"`` or ``"voices"``.

    Returns
    -------
    dict of str to Path
        Executed notebook of each chapter that is up to date.
    """
    store = store_of(project, corpus)
    found = {name: store.find(name, chapter_key(project, name, corpus=corpus)) for name in project.chapters()}
    return {name: path for name, path in found.items() if path is not None}


def bring_up_to_date(project: Project, chapters: Sequence[str], *, corpus: str) -> tuple[dict[str, Path], list[str]]:
    """Execute those chapters that are not in the store.

    Parameters
    ----------
    project : Project
        The checkout.
    chapters : sequence of str
        Names in the table of contents.
    corpus : str
        ``"fsdd"`` or ``"voices"``.

    Returns
    -------
    executed : dict of str to Path
        Executed notebook of each chapter that ran without a fault.
    failures : list of str
        What went wrong in the others.
    """
    store = store_of(project, corpus)
    keys = {name: chapter_key(project, name, corpus=corpus) for name in chapters}
    stale = [name for name in chapters if store.find(name, keys[name]) is None]
    print(f"corpus {corpus}: {len(chapters) - len(stale)} chapters up to date, {len(stale)} to execute", flush=True)
    failures = []
    for outcome in execute(project, stale, corpus=corpus):
        if outcome.error:
            failures.append(f"{outcome.chapter} failed after {outcome.seconds:.0f} s:\n{outcome.error}\n")
        else:
            print(f"  {outcome.chapter}: {outcome.seconds:.0f} s")
            store.put(outcome.chapter, keys[outcome.chapter], outcome.notebook)
    found = {name: store.find(name, keys[name]) for name in chapters}
    return {name: path for name, path in found.items() if path is not None}, failures


def check(project: Project, *, corpus: str, chapters: Sequence[str] = ()) -> None:
    """Execute chapters where needed and hold their numbers against the bands.

    Parameters
    ----------
    project : Project
        The checkout.
    corpus : str
        ``"fsdd"`` or ``"voices"``.
    chapters : sequence of str
        Only these; by default all.

    Raises
    ------
    PublishError
        If a chapter fails or a number is not where it should be.
    """
    bands = ledger.read_bands(project)
    wanted = [project.chapter_named(name) for name in chapters] or project.chapters()
    steps = Steps()
    with steps.step("execute"):
        executed, failures = bring_up_to_date(project, wanted, corpus=corpus)
    records, _ = ledger.collect(executed)
    print("\n".join(f"  {record}" for record in records.values()))
    failures += ledger.faults(records, bands, corpus=corpus, whole=not chapters and not failures)
    if failures:
        raise PublishError("\n".join(failures))
    print(f"{len(executed)} chapters ran on {corpus}, {len(records)} numbers are inside their bands ({steps})")


def build(project: Project, *, corpus: str, draft: bool = False) -> Path:
    """Execute what is needed, check the ledger and make the site.

    Parameters
    ----------
    project : Project
        The checkout.
    corpus : str
        The corpus that the published chapters run on.
    draft : bool
        Go on despite faults, leave chapters out that failed, and put the pages into a folder of their own.

    Returns
    -------
    Path
        Folder of the site.

    Raises
    ------
    PublishError
        If anything is wrong; the old site is left as it was.
    """
    steps = Steps()
    with steps.step("execute"):
        bands = ledger.read_bands(project)
        executed, failures = bring_up_to_date(project, project.chapters(), corpus=corpus)
    with steps.step("ledger"):
        records, places = ledger.collect(executed)
        failures += ledger.faults(records, bands, corpus=corpus, whole=not failures)
        measured = {corpus: records}
        for other in (name for name in results.CORPORA if name != corpus):
            measured[other], elsewhere = ledger.collect(executed_chapters(project, other))
            places = {**places, **elsewhere}
        ledger.write(project.build / "ledger.json", bands, measured, places)
    if failures and not draft:
        raise PublishError("\n".join(failures) + "\n\nNothing was published.")
    print("\n".join(failures), end="\n" if failures else "")
    folder = project.build / "draft" if draft else project.site
    with steps.step("pages"):
        mark = site.fingerprint(project, executed, project.build / "ledger.json")
        if site.is_current(folder, mark):
            print("the pages are up to date")
        else:
            site.build_pages(project, executed, folder, mark=mark, draft=draft)
    verdict = f"{len(records)} numbers are inside their bands" if not failures else "this is a draft with faults"
    print(f"{verdict}; {steps}")
    return folder
