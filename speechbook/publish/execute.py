"""Run chapters, each exactly once: copies of them in parallel under nbmake, the way a reader would run them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from speechbook.publish.project import Project, PublishError

WORKERS = 2
SECONDS_PER_CELL = 600
COLOUR_CODES = re.compile(r"(\x1b|#x1B)\[[0-9;]*m")
QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow's start-up messages would be published
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}
ONE_THREAD = dict.fromkeys(["OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"], "1")
"""Threads of chapters that run side by side would only wait for each other; and what a network learns should not depend
on how many cores a machine has."""


@dataclass(frozen=True)
class Outcome:
    """What came of running one chapter.

    Attributes
    ----------
    chapter : str
        Name in the table of contents.
    seconds : float
        Wall time.
    notebook : str
        The executed notebook as JSON; empty if it failed.
    error : str
        Failing cell and traceback; empty if all went well.
    """

    chapter: str
    seconds: float
    notebook: str
    error: str


def execute(project: Project, chapters: Sequence[str], *, corpus: str) -> list[Outcome]:
    """Run chapters from copies in a temporary folder.

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
    list of Outcome
        One a chapter, in the order given.

    Raises
    ------
    PublishError
        If the test runner itself could not run.
    """
    if not chapters:
        return []
    # Built once here, or the first chapter on a fresh machine would print that matplotlib builds its list of fonts
    import matplotlib.font_manager  # noqa: F401

    # nbmake takes no file below a folder called _build
    with tempfile.TemporaryDirectory(prefix="speechbook-") as name:
        work = Path(name).resolve()
        copies = [work / f"{chapter}.ipynb" for chapter in chapters]
        for chapter, copy in zip(chapters, copies, strict=True):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(project.source(chapter), copy)
        log = run_nbmake(work, copies, corpus=corpus)
        results = read_results(work / "results.xml")
        outcomes = []
        for chapter, copy in zip(chapters, copies, strict=True):
            if chapter not in results:
                raise PublishError(f"{chapter} was not executed; the runner said:\n{log}")
            seconds, error = results[chapter]
            text = "" if error else copy.read_text(encoding="utf-8")
            error = error or "\n".join(unwanted_messages(text))
            outcomes.append(Outcome(chapter, seconds, "" if error else text, error))
        return outcomes


def run_nbmake(work: Path, copies: Sequence[Path], *, corpus: str) -> str:
    """Run notebooks in place under ``pytest --nbmake`` and tell of each when it is done.

    Parameters
    ----------
    work : Path
        Folder that holds them; ``results.xml`` is written into it.
    copies : sequence of Path
        The notebooks, which are overwritten.
    corpus : str
        ``"fsdd"`` or ``"voices"``.

    Returns
    -------
    str
        Everything that the runner printed.
    """
    (work / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    workers = min(WORKERS, os.cpu_count() or 1, len(copies))
    command = [sys.executable, "-m", "pytest", "--nbmake", "--overwrite", f"--nbmake-timeout={SECONDS_PER_CELL}"]
    command += ["--nbmake-kernel=python3", f"--numprocesses={workers}", "-p", "no:cacheprovider", "--verbose"]
    command += ["--no-header", "--no-summary", "--color=no", "-c", "pytest.ini", "--rootdir", str(work)]
    # Later chapters train longer: they begin, one at a time, so that both workers are busy to the end
    command += ["--maxschedchunk=1", "--junitxml=results.xml", *map(str, reversed(copies))]
    outer = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = {**outer, **QUIET, **ONE_THREAD, "SPEECHBOOK_CORPUS": corpus}
    lines = []
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=work, env=environment, **streams) as process:
        try:
            for line in process.stdout:
                lines.append(line)
                if done := re.search(r"\b(PASSED|FAILED|ERROR)\b.*?([^/\s]+)\.ipynb::", line):
                    print(f"  {'ran' if done[1] == 'PASSED' else 'FAILED'} {done[2]}", flush=True)
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)  # nothing goes on running behind the user's back
            raise
    return "".join(lines)


def read_results(file: Path) -> dict[str, tuple[float, str]]:
    """Read a JUnit file.

    Parameters
    ----------
    file : Path
        What pytest wrote.

    Returns
    -------
    dict of str to (float, str)
        For each chapter its seconds, and what went wrong or an empty text.
    """
    if not file.is_file():
        return {}
    results = {}
    for case in ElementTree.parse(file).getroot().iter("testcase"):
        wrong = [child.text or child.get("message") or "failed" for child in case if child.tag in ("failure", "error")]
        name = case.get("classname", "").removesuffix(".ipynb").replace(".", "/")
        results[name] = (float(case.get("time", 0)), COLOUR_CODES.sub("", "\n".join(wrong)))
    return results


def unwanted_messages(notebook: str) -> list[str]:
    """Find warnings that a reader should not meet: the error stream, and TensorFlow's, which notebooks get elsewhere.

    Parameters
    ----------
    notebook : str
        An executed notebook as JSON.

    Returns
    -------
    list of str
        One sentence a cell.
    """
    faults = []
    for number, cell in enumerate(nbformat.reads(notebook, as_version=4).cells, start=1):
        streams = [output for output in cell.get("outputs", []) if output.output_type == "stream"]
        noise = "".join(each.text for each in streams if each.name == "stderr" or "WARNING:tensorflow" in each.text)
        if noise := noise.strip():
            faults.append(f"cell {number} warns; mend the cause of it:\n{noise[:2000]}")
    return faults
