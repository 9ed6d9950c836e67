"""Make the pages: hand executed chapters to Jupyter Book, and publish what it builds only if it is sound."""

from __future__ import annotations

import hashlib
import html
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat
import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from speechbook.publish import networks
from speechbook.publish.keys import PACKAGE
from speechbook.publish.project import Project, PublishError

OURS = "vnd.speechbook."
FRONT_DOOR = """<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'">
    <meta http-equiv="refresh" content="0; url={page}.html">
    <title>{title}</title>
  </head>
  <body><main><h1>{title}</h1><p><a href="{page}.html">Go to the book</a></p></main></body>
</html>
"""
STAMP = ".made-from"
SOURCES = ("_config.yml", "_toc.yml", "requirements.txt", "book/bands.yml", "book/references.bib")


def fill_cache(project: Project, executed: Mapping[str, Path], folder: Path) -> None:
    """Put executed chapters where Jupyter Book looks for them.

    Parameters
    ----------
    project : Project
        The checkout.
    executed : mapping of str to Path
        Executed notebook of each chapter.
    folder : Path
        The jupyter-cache; whatever was in it is dropped.

    Raises
    ------
    PublishError
        If the code cells of an executed notebook are not those of its chapter.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    cache = get_cache(folder)
    for chapter, path in executed.items():
        source = project.source(chapter)
        notebook = with_outputs(nbformat.read(source, as_version=4), nbformat.read(path, as_version=4), chapter)
        cache.cache_notebook_bundle(CacheBundleIn(notebook, str(source)), check_validity=False, overwrite=True)


def with_outputs(notebook, executed, chapter: str):
    """Give a notebook the outputs of its executed copy, and leave its prose and metadata as they are.

    Parameters
    ----------
    notebook, executed : NotebookNode
        The chapter as it stands, and an executed copy whose prose may be older.
    chapter : str
        Its name, for the error.

    Returns
    -------
    NotebookNode
        The notebook, changed in place.

    Raises
    ------
    PublishError
        If their code cells differ.
    """
    cells, done = ([cell for cell in each.cells if cell.cell_type == "code"] for each in (notebook, executed))
    if [cell.source for cell in cells] != [cell.source for cell in done]:
        raise PublishError(f"{chapter} has changed since it was executed: build again")
    for cell, copy in zip(cells, done, strict=True):
        cell.outputs, cell.execution_count = copy.outputs, copy.execution_count
        for output in cell.outputs:  # records and verdicts in the form that machines read are no output to show
            output["data"] = {kind: data for kind, data in output.get("data", {}).items() if OURS not in kind}
    for name in ("language_info", "widgets"):
        if name in executed.metadata:
            notebook.metadata[name] = executed.metadata[name]
    return notebook


def fingerprint(project: Project, executed: Mapping[str, Path], ledger: Path) -> str:
    """Hash everything that the pages are made from.

    Parameters
    ----------
    project : Project
        The checkout.
    executed : mapping of str to Path
        Executed notebook of each chapter; its name holds its key.
    ledger : Path
        The ledger as written for the pages.

    Returns
    -------
    str
        64 hexadecimal digits; equal if building again would give the same site.
    """
    files = [project.root / name for name in SOURCES] + [ledger]
    files += [project.source(page) for page in project.pages()]
    files += [file for file in (project.root / "book" / "assets").rglob("*") if file.is_file()]
    for folder in ("faq", "publish"):
        files += [file for file in (PACKAGE / folder).rglob("*") if file.suffix not in (".pyc", "")]
    files += [project.root / "data" / "README.md"]
    digest = hashlib.sha256(" ".join(str(path) for path in executed.values()).encode())
    for file in sorted(file for file in files if file.is_file()):
        digest.update(f"\0{file}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def is_current(site: Path, mark: str) -> bool:
    """Tell whether a site was made from what a fingerprint stands for.

    Parameters
    ----------
    site : Path
        Folder of the pages.
    mark : str
        What `fingerprint` gives.

    Returns
    -------
    bool
        True if nothing has changed since.
    """
    stamp = site / STAMP
    return (site / "index.html").is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == mark


def build_pages(project: Project, executed: Mapping[str, Path], site: Path, *, mark: str, draft: bool = False) -> None:
    """Build the site aside, check it, and put it in the place of the old one.

    Parameters
    ----------
    project : Project
        The checkout.
    executed : mapping of str to Path
        Executed notebook of each chapter.
    site : Path
        Folder of the pages; replaced only by a sound site.
    mark : str
        What `fingerprint` gives; left in the site.
    draft : bool
        Tell of warnings but accept them, and leave out chapters that have not been executed.

    Raises
    ------
    PublishError
        If Jupyter Book warns, fails, or would have executed a chapter again, or a network cannot be published.
    """
    stage = project.build / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    # Jupyter Book reads its cache at a fixed place below the output folder; a plain `jupyter-book build .` finds it too
    cache = project.build / ".jupyter_cache"
    fill_cache(project, executed, cache)
    (stage / "_build").mkdir(parents=True)
    (stage / "_build" / ".jupyter_cache").symlink_to(cache.resolve(), target_is_directory=True)
    start = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", start, "build", str(project.root), "--path-output", str(stage)]
    if draft:
        command += ["--toc", str(toc_without_missing(project, executed, stage / "_toc.yml"))]
    else:
        command += ["-W", "--keep-going"]
    done = subprocess.run(command, cwd=project.root, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    log = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    (stage / "log.txt").write_text(log, encoding="utf-8")
    complaints = [line for line in log.splitlines() if re.search(r"\b(WARNING|ERROR|CRITICAL)\b", line)]
    if done.returncode:
        raise PublishError("Jupyter Book stopped:\n" + ("\n".join(complaints) or log[-4000:]))
    if complaints:
        print("\n".join(complaints))
    if "Executing notebook" in log:
        raise PublishError("a chapter was executed a second time while the pages were made:\n" + log)
    pages = stage / "_build" / "html"
    front_door = FRONT_DOOR.format(page=project.pages()[0], title=html.escape(project.config()["title"]))
    (pages / "index.html").write_text(front_door, encoding="utf-8")
    (pages / STAMP).write_text(mark, encoding="utf-8")
    networks.write(networks.collect(executed), pages / "_static" / "models")
    swap(pages, site)
    shutil.rmtree(stage)


def swap(new: Path, place: Path) -> None:
    """Move a folder to where another one stands.

    Parameters
    ----------
    new, place : Path
        Folders on the same disk; what stood at `place` is dropped.
    """
    old = place.with_name(place.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def toc_without_missing(project: Project, executed: Mapping[str, Path], file: Path) -> Path:
    """Write a table of contents that leaves out chapters which have not been executed.

    Parameters
    ----------
    project : Project
        The checkout.
    executed : mapping of str to Path
        The chapters that stay.
    file : Path
        Where to write it.

    Returns
    -------
    Path
        The file.
    """
    toc = yaml.safe_load((project.root / "_toc.yml").read_text(encoding="utf-8"))
    missing = set(project.chapters()) - set(executed)
    for part in toc.get("parts", []):
        part["chapters"] = [entry for entry in part["chapters"] if entry["file"] not in missing]
    toc["parts"] = [part for part in toc.get("parts", []) if part["chapters"]]
    file.write_text(yaml.safe_dump(toc, allow_unicode=True), encoding="utf-8")
    return file
