"""Books of one or two tiny chapters, for tests of the runner."""

import shutil
from pathlib import Path

import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from speechbook.publish import execute
from speechbook.publish.project import Project

ROOT = Path(__file__).parent.parent
ADDRESS = "https://github.com/learning-to-listen/learning-to-listen"
SETUP = f'%pip install "speechbook @ git+{ADDRESS}@main"\nfrom speechbook import corpora\n\ncorpora.fetch_fsdd()'
RECORD = "from speechbook.results import record\n\nrecord('{key}', {value}, unit='frames')"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def write_chapter(root, name, *code, prose="# A chapter\n\nWhat is it about?"):
    cells = [new_code_cell(SETUP, metadata={"tags": ["remove-cell", "skip-execution"]}), new_markdown_cell(prose)]
    cells += [new_code_cell(source) for source in code]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    path = root / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), path)
    return path


def write_book(root):
    """Write a book of two chapters, `one` and `two`, that record a number each, and the ledger's page."""
    shutil.copy(ROOT / "_config.yml", root)
    (root / "requirements.txt").write_text("numpy==1\n")
    (root / "data").mkdir()
    (root / "data" / "manifest.csv").write_text("file,sha256\n")
    (root / "data" / "fsdd.sha256").write_text("0\n")
    (root / "book").mkdir()
    shutil.copytree(ROOT / "book" / "assets" / "css", root / "book" / "assets" / "css")
    for name in ("logo.svg", "favicon.svg"):
        shutil.copy(ROOT / "book" / "assets" / name, root / "book" / "assets" / name)
    (root / "book" / "index.md").write_text("# Home\n\nHello.\n")
    (root / "book" / "numbers.md").write_text("# Numbers\n\n```{ledger-table}\n```\n")
    write_chapter(root, "book/one", RECORD.format(key="one-frames", value=100))
    write_chapter(root, "book/two", RECORD.format(key="two-frames", value=7))
    bands = {"one-frames": {"what": "Frames of one", "both": [99, 101]}}
    bands["two-frames"] = {"what": "Frames of two", "fsdd": [6, 8], "voices": [5, 9]}
    (root / "book" / "bands.yml").write_text(yaml.safe_dump(bands))
    toc = {"format": "jb-book", "root": "book/index"}
    toc["parts"] = [{"caption": "Part", "chapters": [{"file": f"book/{name}"} for name in ("one", "two", "numbers")]}]
    (root / "_toc.yml").write_text(yaml.safe_dump(toc))
    return Project(root)


def pretend(project, chapter):
    notebook = nbformat.read(project.source(chapter), as_version=4)
    for cell in notebook.cells:
        if "1/0" in cell.source:
            return execute.Outcome(chapter, 1.0, "", "ZeroDivisionError: division by zero")
        if "record(" in cell.source:
            key, value = cell.source.split("record('")[1].split("'")[0], float(cell.source.split(", ")[1])
            facts = {"key": key, "value": value, "unit": "frames"}
            data = {"text/plain": key, "application/vnd.speechbook.record+json": facts}
            cell.outputs = [nbformat.v4.new_output("display_data", data)]
    return execute.Outcome(chapter, 1.0, nbformat.writes(notebook), "")
