"""When a chapter must run again: a key over everything that its outputs depend on."""

from __future__ import annotations

import ast
import functools
import hashlib
import re
import sys
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

import speechbook
from speechbook.publish.dependencies import imported_files
from speechbook.publish.project import Project, PublishError

PACKAGE = Path(speechbook.__file__).parent
EXECUTION_TAGS = ("raises-exception", "skip-execution")
NAMED_TABLE = re.compile(rb'(?:Table\("|\bfile: )([\w-]+\.csv)')
RUNNER = "1"  # raise it when the way of executing changes what chapters print


def chapter_key(project: Project, chapter: str, *, corpus: str, package: Path = PACKAGE) -> str:
    """Hash everything that the outputs of a chapter depend on.

    That is: its code cells and what executes them, the modules of the package that it uses directly or through
    others, the data files inside their sub-packages, the quizzes that it names, the tables of studies that these
    name, the manifest of the data, the exact versions of the libraries, and the corpus. Prose does not count.

    Parameters
    ----------
    project : Project
        The checkout.
    chapter : str
        Name in the table of contents.
    corpus : str
        ``"fsdd"`` or ``"voices"``.
    package : Path
        Folder of the package ``speechbook``.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    PublishError
        If a code cell is not valid Python.
    """
    cells = code_cells(project.source(chapter))
    digest = hashlib.sha256()

    def add(name: str, content: bytes) -> None:
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)

    add("runner", f"{RUNNER} {corpus} {sys.version_info[:2]}".encode())
    for source, tags in cells:
        add(f"cell {tags}", source.encode())
    trees = [parse_cell(source, chapter) for source, tags in cells if "skip-execution" not in tags]
    imported = imported_files(trees, package)
    for file in sorted(imported):
        add(file.relative_to(package).as_posix(), file.read_bytes())
    measured = measured_files(imported, project)
    for file in [*named_quizzes(trees, project, package), *measured, *shared_inputs(project, corpus)]:
        add(file.name, file.read_bytes())
    return digest.hexdigest()


def code_cells(notebook: Path) -> list[tuple[str, list[str]]]:
    """Read the code cells of a notebook.

    Parameters
    ----------
    notebook : Path
        An ``.ipynb`` file.

    Returns
    -------
    list of (str, list of str)
        Source of each cell, and those of its tags that decide how it runs.

    Raises
    ------
    PublishError
        If the file is no notebook.
    """
    try:
        cells = nbformat.read(notebook, as_version=4).cells
    except Exception as error:
        raise PublishError(f"{notebook} is not a notebook: {error}") from None
    return [
        (cell.source, [tag for tag in EXECUTION_TAGS if tag in cell.metadata.get("tags", [])])
        for cell in cells
        if cell.cell_type == "code"
    ]


@functools.cache
def parse_cell(source: str, chapter: str) -> ast.Module:
    r"""Parse a code cell, magics included.

    Parameters
    ----------
    source : str
        Text of the cell.
    chapter : str
        Where it stands, for the error.

    Returns
    -------
    ast.Module
        Its syntax tree.

    Raises
    ------
    PublishError
        If it is not valid Python.

    Examples
    --------
    >>> len(parse_cell("%matplotlib inline\nimport speechbook", "book/x").body)
    2
    """
    try:
        return ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError as error:
        raise PublishError(f"{chapter}: a code cell is not valid Python: {error}\n{source}") from None


def named_quizzes(trees: list[ast.Module], project: Project, package: Path) -> list[Path]:
    """Find the quiz files whose names stand in a chapter as text.

    Parameters
    ----------
    trees : list of ast.Module
        The chapter's code.
    project : Project
        The checkout.
    package : Path
        Folder of the package.

    Returns
    -------
    list of Path
        YAML files, sorted.
    """
    texts = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    folders = (package / "quizzes", project.root / "book" / "quizzes")
    return sorted(file for folder in folders for file in folder.glob("*.yml") if file.stem in texts)


def measured_files(inputs: set[Path], project: Project) -> list[Path]:
    """Find the tables of the long studies that a chapter may read.

    Parameters
    ----------
    inputs : set of Path
        Modules that the chapter imports, and the data files among them.
    project : Project
        The checkout.

    Returns
    -------
    list of Path
        Files in ``data/measured`` that begin with the name of such a module, or that one of the inputs names, sorted.
    """
    studies = tuple(file.stem for file in inputs if file.suffix == ".py")
    named = {name.decode() for file in inputs for name in NAMED_TABLE.findall(file.read_bytes())}
    files = sorted((project.root / "data" / "measured").glob("*.csv"))
    return [file for file in files if file.stem.startswith(studies) or file.name in named]


def shared_inputs(project: Project, corpus: str) -> list[Path]:
    """List the files that every chapter depends on.

    Parameters
    ----------
    project : Project
        The checkout.
    corpus : str
        ``"fsdd"`` or ``"voices"``.

    Returns
    -------
    list of Path
        Manifests, which hold the hashes of the recordings, and exact versions.
    """
    manifests = sorted((project.root / "data").glob("*.csv"))
    checksums = [project.root / "data" / "fsdd.sha256"] if corpus == "fsdd" else []
    return [file for file in [*manifests, *checksums, project.root / "requirements.txt"] if file.is_file()]
