"""What makes a chapter run again, and where its run is kept."""

import nbformat
import pytest

from speechbook.publish import keys
from speechbook.publish.project import PublishError
from speechbook.publish.store import Store, write_text
from tests.tiny_books import write_chapter


def key_of(project, chapter="book/one", corpus="voices", package=keys.PACKAGE):
    return keys.chapter_key(project, chapter, corpus=corpus, package=package)


def test_prose_alt_text_and_cell_ids_do_not_count(project):
    before = key_of(project)
    path = project.source("book/one")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source += "\n\nMore prose."
    notebook.cells[2].metadata = {"mystnb": {"image": {"alt": "A picture"}}, "tags": ["hide-input"]}
    notebook.cells[2].id = "another"
    nbformat.write(notebook, path)
    assert key_of(project) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda cell: cell.update(source=cell.source + "\n2"),
        lambda cell: cell.metadata.update(tags=["raises-exception"]),
        lambda cell: cell.metadata.update(tags=["skip-execution"]),
    ],
)
def test_code_and_tags_that_decide_how_it_runs_count(project, change):
    before = key_of(project)
    path = project.source("book/one")
    notebook = nbformat.read(path, as_version=4)
    change(notebook.cells[2])
    nbformat.write(notebook, path)
    assert key_of(project) != before


@pytest.mark.parametrize("name", ["data/manifest.csv", "requirements.txt", "data/fsdd.sha256"])
def test_data_and_pins_count(project, name):
    before = {corpus: key_of(project, corpus=corpus) for corpus in ("voices", "fsdd")}
    (project.root / name).write_text("something else\n")
    assert key_of(project, corpus="fsdd") != before["fsdd"]
    assert (key_of(project, corpus="voices") == before["voices"]) == (name == "data/fsdd.sha256")


def test_each_corpus_has_keys_of_its_own(project):
    assert key_of(project, corpus="voices") != key_of(project, corpus="fsdd")


@pytest.fixture
def package(tmp_path):
    """A package whose modules import each other in every way."""
    files = {
        "__init__.py": "",
        "top.py": "from speechbook import middle\n",
        "middle.py": "def late():\n    from .deep.part import thing\n",
        "deep/__init__.py": "from speechbook.deep import relative\n",
        "deep/part.py": "thing = 1\n",
        "deep/relative.py": "from ..lone import value\ndef thing(): ...\n",
        "deep/static/script.js": "1\n",
        "lone.py": "value = 1\n",
        "stranger.py": "",
        "quizzes/first.yml": "",
        "quizzes/second.yml": "",
    }
    for name, text in files.items():
        path = tmp_path / "speechbook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "speechbook"


@pytest.mark.parametrize("line", ["from speechbook import top", "import speechbook.top as t", "import speechbook.top"])
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("top.py", True),
        ("middle.py", True),
        ("deep/part.py", True),
        ("deep/relative.py", True),
        ("lone.py", True),
        ("deep/static/script.js", True),
        ("stranger.py", False),
        ("quizzes/first.yml", True),
        ("quizzes/second.yml", False),
    ],
)
def test_imports_are_followed_and_nothing_else_counts(project, package, line, name, counts):
    write_chapter(project.root, "book/one", f"%matplotlib inline\n{line}\nname = 'first'")
    before = key_of(project, package=package)
    (package / name).write_text((package / name).read_text() + "\n# changed\n")
    assert (key_of(project, package=package) != before) == counts


@pytest.mark.parametrize(
    ("file", "text"),
    [("lone.py", ""), ("deep/part.py", 'Table("lone_tried.csv")'), ("deep/part.yml", "file: lone_tried.csv")],
)
def test_tables_count_that_belong_to_an_imported_study_or_are_named(project, package, file, text):
    (package / file).write_text(text)
    line = "from speechbook import lone" if file == "lone.py" else "from speechbook.deep import part"
    write_chapter(project.root, "book/one", line)
    tables = project.root / "data" / "measured"
    tables.mkdir()
    before = key_of(project, package=package)
    (tables / "stranger.csv").write_text("1\n")
    assert key_of(project, package=package) == before
    (tables / "lone_tried.csv").write_text("1\n")
    assert key_of(project, package=package) != before


SHELF = {
    "__init__.py": "from speechbook.shelf.drum import Drum\nfrom speechbook.shelf import flute\n",
    "drum.py": "from speechbook.shelf import wood\nclass Drum: ...\n",
    "flute.py": "@exercise('flute-length')\ndef _check(answer): ...\n",
    "wood.py": "",
    "static/drum.js": "",
    "static/flute.css": "",
    "static/shared.js": "",
}


@pytest.mark.parametrize(
    ("line", "counting"),
    [
        ("shelf.Drum()", {"drum.py", "wood.py", "static/drum.js", "static/shared.js"}),
        ("shelf.check('flute-length', 1)", {"flute.py", "static/flute.css", "static/shared.js"}),
        (
            "from speechbook.shelf import drum",
            {"drum.py", "wood.py", "static/drum.js", "static/shared.js"},
        ),
    ],
)
def test_of_a_shelf_only_that_counts_which_the_chapter_names(project, package, line, counting):
    for name, text in SHELF.items():
        path = package / "shelf" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    write_chapter(project.root, "book/one", f"from speechbook import shelf\n{line}")
    found = set()
    for name in SHELF:
        before = key_of(project, package=package)
        path = package / "shelf" / name
        path.write_text(path.read_text() + "\n# changed\n")
        found |= {name} if key_of(project, package=package) != before else set()
    assert found == counting


def test_code_that_is_no_python_is_named(project):
    write_chapter(project.root, "book/one", "def (")
    with pytest.raises(PublishError, match=r"book/one: a code cell is not valid Python"):
        key_of(project)


def test_store_keeps_one_file_a_chapter_and_finds_it_by_key(tmp_path):
    store = Store(tmp_path)
    store.put("book/one", "a" * 64, "first")
    store.put("book/one_more", "a" * 64, "neighbour")
    path = store.put("book/one", "b" * 64, "second")
    assert store.find("book/one", "a" * 64) is None
    assert store.find("book/one", "b" * 64) == path
    assert path.read_text() == "second"
    assert store.find("book/one_more", "a" * 64).read_text() == "neighbour"


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "file.txt"
    write_text(path, "old")

    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
