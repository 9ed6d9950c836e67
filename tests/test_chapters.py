"""The chapters: how they are written, and what their executed copies prove, on each corpus that is at hand."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml

from speechbook import corpora, exercises
from speechbook.exercises.checking import MIME_TYPE as VERDICT
from speechbook.publish import ledger, run
from tests.site import PROJECT

NOTEBOOKS = PROJECT.chapters()
PLAIN_PAGES = ("book/index", "book/listen/", "book/faq/corrections", "book/appendix/")  # to use or to look up in
CHAPTERS = [name for name in NOTEBOOKS if not name.startswith(PLAIN_PAGES)]
ENDING = ["Summary", "Exercises", "Quiz", "Further reading"]
TAGS = {"remove-cell", "skip-execution", "hide-input", "hide-cell", "exercise", "solution", "raises-exception"}
TAGS |= {"remove-stdout"}  # on pages for readers who do not run them: which corpus was loaded
LONGEST_CELL = 25
LONGEST_OUTPUT = 40
NUMBER_LINK = re.compile(r"\[([^\]]*)\]\(#num-([a-z0-9-]+)\)")
WRITTEN_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")

every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)
every_chapter = pytest.mark.parametrize("name", CHAPTERS)


def read(name):
    return nbformat.read(PROJECT.source(name), as_version=nbformat.NO_CONVERT)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def tags(cell):
    return set(cell.metadata.get("tags", []))


def headings(notebook, level):
    return re.findall(rf"^{'#' * level} (.+)$", prose(notebook), re.MULTILINE)


def exercise_ids(cell):
    return re.findall(r"exercises\.check\(\s*[\"']([^\"']+)", cell.source)


# How they are written


def test_every_notebook_is_in_the_table_of_contents():
    root = PROJECT.root
    found = {path.relative_to(root).with_suffix("").as_posix() for path in (root / "book").rglob("*.ipynb")}
    assert {name for name in found if ".ipynb_checkpoints" not in name} == set(NOTEBOOKS)


def test_the_home_page_links_every_page():
    links = re.findall(r"\]\(([a-z0-9_/]+)\.(?:ipynb|md)\)", prose(read(NOTEBOOKS[0])))
    assert {f"book/{link}" for link in links} == set(PROJECT.pages()[1:])


@every_notebook
def test_notebook_is_stripped_and_asks_for_python_only(name):
    notebook = read(name)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata == {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    for cell in code_cells(notebook):
        assert cell.outputs == []
        assert cell.execution_count is None
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    nbformat.validate(notebook)


@every_notebook
def test_notebook_begins_with_the_setup_for_colab(name):
    repository = PROJECT.config()["repository"]
    first, *others = read(name).cells
    assert first.source == (
        f'%pip install "speechbook @ git+{repository["url"]}@{repository["branch"]}"\n'
        "from speechbook import corpora\n\ncorpora.fetch_fsdd()"
    )
    assert tags(first) == {"remove-cell", "skip-execution"}
    assert not any({"remove-cell", "skip-execution"} & tags(cell) for cell in others)


@every_notebook
def test_code_cells_are_short_and_tagged_with_known_tags(name):
    for cell in code_cells(read(name)):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert 1 <= len(lines) <= LONGEST_CELL, cell.source
        assert tags(cell) <= TAGS, cell.source
        assert ("solution" in tags(cell)) == ("hide-cell" in tags(cell)), cell.source


@every_notebook
def test_prose_reads_well_without_sphinx(name):
    text = prose(read(name))
    for directive in (":::", "{cite", "```{", "{ref}", "{math}"):
        assert directive not in text
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", text)


@every_notebook
def test_every_column_of_a_table_has_a_heading(name):
    for heading in re.findall(r"^(\|.*\|)\n\|[-:| ]+\|$", prose(read(name)), re.MULTILINE):
        assert all(cell.strip() for cell in heading[1:-1].split("|")), heading


@every_chapter
def test_chapter_opens_with_its_question_and_what_it_needs(name):
    notebook = read(name)
    opening = notebook.cells[1].source
    assert headings(notebook, 1) == [opening.splitlines()[0].removeprefix("# ")]
    question = opening.split("\n\n")[1]
    assert question.endswith("?"), "the first paragraph is the question that the chapter answers"
    for part in ("**Objectives.**", "**Before you start.**", "**Time:**", "**In the source articles.**"):
        assert part in opening


@every_chapter
def test_objectives_are_the_headings(name):
    notebook = read(name)
    objectives = [line.rstrip(".;") for line in re.findall(r"^\d\. (.+)$", notebook.cells[1].source, re.MULTILINE)]
    sections = headings(notebook, 2)
    assert 1 <= len(objectives) <= 5
    assert sections[-4:] == ENDING
    assert len(sections) == len(objectives) + len(ENDING)
    for objective, section in zip(objectives, sections, strict=False):
        assert objective.lower().startswith(section.lower())


@every_chapter
def test_notes_about_the_articles_name_the_claim(name):
    text = prose(read(name))
    notes = re.findall(r"\*\*What the articles say\*\*(.{0,40})", text)
    assert text.count("What the articles say**") == len(notes)
    for note in notes:
        assert re.match(r" \((?:[AB]-\d+\.\d+|FAQ \d+)", note), note


@every_chapter
def test_chapter_ends_with_enough_exercises_and_a_quiz(name):
    cells = code_cells(read(name))
    stubs = [each for cell in cells if "exercise" in tags(cell) for each in exercise_ids(cell)]
    solutions = [each for cell in cells if "solution" in tags(cell) for each in exercise_ids(cell)]
    assert len(stubs) >= 6
    assert stubs == solutions, "each stub is followed by its solution"
    quizzes = [quiz for cell in cells for quiz in re.findall(r"Quiz\([\"']([^\"']+)", cell.source)]
    assert len(quizzes) == 1
    (file,) = (PROJECT.root / "speechbook" / "quizzes").glob(f"{quizzes[0]}.yml")
    assert len(yaml.safe_load(file.read_text(encoding="utf-8"))) >= 8


def test_every_exercise_is_used_exactly_once():
    used = [
        each
        for name in NOTEBOOKS
        for cell in code_cells(read(name))
        if "exercise" in tags(cell)
        for each in exercise_ids(cell)
    ]
    assert sorted(used) == sorted(exercises.exercise_ids())


@every_notebook
def test_numbers_in_sentences_lie_inside_their_bands(name):
    bands = ledger.read_bands(PROJECT)
    faults = []
    for text, target in NUMBER_LINK.findall(prose(read(name))):
        corpus = "voices" if target.endswith("-voices") else "fsdd"
        band = bands.get(target.removesuffix("-voices"))
        written = WRITTEN_NUMBER.search(text)
        if band is None or written is None:
            faults.append(f"[{text}](#num-{target}): {'no such key' if band is None else 'no number'}")
            continue
        value = float(written[0].replace(",", "").replace("−", "-")) * (0.01 if "%" in text else 1)
        low, high = band[corpus]
        if not low - 1e-9 <= value <= high + 1e-9:
            faults.append(f"[{text}](#num-{target}) is outside [{low}, {high}] on {corpus}")
    assert not faults, "\n".join(faults)


# What their executed copies prove


@pytest.fixture(scope="module", params=["voices", "fsdd"])
def executed(request):
    """Executed copies of all notebooks on one corpus, made first where they are not up to date."""
    if request.param == "fsdd" and corpora.fsdd_path() is None:
        pytest.skip("FSDD is not at hand: `make fsdd` fetches it")
    with run.alone(PROJECT):
        run.check(PROJECT, corpus=request.param)
        paths = run.executed_chapters(PROJECT, request.param)
    return {name: nbformat.read(path, as_version=4) for name, path in paths.items()}


@every_notebook
def test_executed_copy_is_clean(executed, name):
    home = str(Path.home())
    for source, cell in zip(code_cells(read(name)), code_cells(executed[name]), strict=True):
        for output in cell.outputs:
            data = output.get("data", {})
            text = output.get("text", "") or data.get("text/plain", "")
            assert output.get("name") != "stderr", text
            assert output.output_type != "error" or "raises-exception" in tags(source)
            assert str(PROJECT.root) not in text, "a path of this machine"
            assert home == "/" or f"{home}/" not in text, "a path of this machine"
            assert len(text.splitlines()) <= LONGEST_OUTPUT, source.source
            if any(kind.startswith("image/") for kind in data):
                alternative = source.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
                assert len(alternative) >= 40, f"no alt text that says what the figure shows:\n{source.source}"


@every_chapter
def test_stubs_are_open_and_solutions_are_right(executed, name):
    for cell in code_cells(executed[name]):
        wanted = "open" if "exercise" in tags(cell) else "right" if "solution" in tags(cell) else None
        if wanted:
            verdicts = [output.data[VERDICT] for output in cell.outputs if VERDICT in output.get("data", {})]
            assert [verdict["status"] for verdict in verdicts] == [wanted], cell.source
            assert [verdict["exercise"] for verdict in verdicts] == exercise_ids(cell)
