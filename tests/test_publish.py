"""The runner and its ledger gate, on books of one or two tiny chapters."""

import json
import shutil
import time
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from speechbook.publish import __main__ as cli
from speechbook.publish import execute, keys, ledger, run, site
from speechbook.publish.project import Project, PublishError, repoint
from speechbook.publish.refine import refine
from speechbook.publish.store import Store, write_text

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


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A book of two chapters, `one` and `two`, that record a number each, and the ledger's page."""
    monkeypatch.delenv("SPEECHBOOK_CORPUS", raising=False)
    monkeypatch.delenv("SPEECHBOOK_FSDD", raising=False)
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "requirements.txt").write_text("numpy==1\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "manifest.csv").write_text("file,sha256\n")
    (tmp_path / "data" / "fsdd.sha256").write_text("0\n")
    (tmp_path / "book").mkdir()
    shutil.copytree(ROOT / "book" / "assets" / "css", tmp_path / "book" / "assets" / "css")
    for name in ("logo.svg", "favicon.svg"):
        shutil.copy(ROOT / "book" / "assets" / name, tmp_path / "book" / "assets" / name)
    (tmp_path / "book" / "index.md").write_text("# Home\n\nHello.\n")
    (tmp_path / "book" / "numbers.md").write_text("# Numbers\n\n```{ledger-table}\n```\n")
    write_chapter(tmp_path, "book/one", RECORD.format(key="one-frames", value=100))
    write_chapter(tmp_path, "book/two", RECORD.format(key="two-frames", value=7))
    bands = {"one-frames": {"what": "Frames of one", "both": [99, 101]}}
    bands["two-frames"] = {"what": "Frames of two", "fsdd": [6, 8], "voices": [5, 9]}
    (tmp_path / "book" / "bands.yml").write_text(yaml.safe_dump(bands))
    toc = {"format": "jb-book", "root": "book/index"}
    toc["parts"] = [{"caption": "Part", "chapters": [{"file": f"book/{name}"} for name in ("one", "two", "numbers")]}]
    (tmp_path / "_toc.yml").write_text(yaml.safe_dump(toc))
    return Project(tmp_path)


@pytest.fixture
def fake_execute(monkeypatch):
    """Execute nothing: chapters give the record that their source names, or fail where it says 1/0."""
    executed = []

    def run_fake(project, chapters, *, corpus):
        executed.append(tuple(chapters))
        return [pretend(project, chapter) for chapter in chapters]

    monkeypatch.setattr(run, "execute", run_fake)
    return executed


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


def key_of(project, chapter="book/one", corpus="voices", package=keys.PACKAGE):
    return keys.chapter_key(project, chapter, corpus=corpus, package=package)


# Keys


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


def test_the_table_of_an_imported_study_counts(project, package):
    write_chapter(project.root, "book/one", "from speechbook import lone")
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


# Store


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


# Project


def test_a_page_that_does_not_exist_is_named(project):
    project.source("book/two").unlink()
    with pytest.raises(PublishError, match=r"do not exist: book/two"):
        project.pages()


@pytest.mark.parametrize("text", ["format: nonsense\nroot: book/index\n", "- 1\n", "a: [\n"])
def test_a_malformed_table_of_contents_is_named(project, text):
    (project.root / "_toc.yml").write_text(text)
    with pytest.raises(PublishError, match=r"_toc\.yml is malformed"):
        project.pages()


@pytest.mark.parametrize("text", ["title: x\n", "a: [\n", "- 1\n"])
def test_faulty_settings_are_named(project, text):
    (project.root / "_config.yml").write_text(text)
    with pytest.raises(PublishError, match=r"_config\.yml"):
        project.config()


def test_chapters_are_found_by_what_people_type(project):
    for name in ("book/one.ipynb", "./book/one.ipynb", "book/one", "one", str(project.source("book/one"))):
        assert project.chapter_named(name) == "book/one"
    with pytest.raises(PublishError, match=r"'three'; there are book/one, book/two"):
        project.chapter_named("three")


def test_repoint_rewrites_every_address_and_nothing_else(project):
    texts = {path: path.read_text() for path in [project.root / "_config.yml", *project.root.rglob("*.ipynb")]}
    changed = repoint(project, "https://codeberg.org/somebody/ears.git/")
    new = "https://codeberg.org/somebody/ears"
    assert set(changed) == set(texts)
    assert project.address == new
    for path, before in texts.items():
        assert path.read_text() == before.replace(ADDRESS, new)
    assert repoint(project, new) == []


@pytest.mark.parametrize("url", ["", "github.com/a/b", "https://github.com/a", 'https://github.com/a/b"; x', "/a/b"])
def test_repoint_turns_other_addresses_down(project, url):
    with pytest.raises(PublishError, match="must look like"):
        repoint(project, url)


# Corpus


def test_corpus_is_fsdd_where_it_is_at_hand_unless_told_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("SPEECHBOOK_CORPUS", raising=False)
    monkeypatch.setattr(run.corpora, "fsdd_path", lambda: tmp_path)
    assert run.choose_corpus() == "fsdd"
    assert run.choose_corpus("voices") == "voices"
    monkeypatch.setenv("SPEECHBOOK_CORPUS", "voices")
    assert run.choose_corpus() == "voices"
    monkeypatch.setattr(run.corpora, "fsdd_path", lambda: None)
    monkeypatch.delenv("SPEECHBOOK_CORPUS")
    assert run.choose_corpus() == "voices"
    with pytest.raises(PublishError, match="make fsdd"):
        run.choose_corpus("fsdd")
    monkeypatch.setenv("SPEECHBOOK_CORPUS", "whales")
    with pytest.raises(PublishError, match="'whales'"):
        run.choose_corpus()


# Ledger gate


def test_numbers_inside_their_bands_pass(project, fake_execute, capsys):
    run.check(project, corpus="fsdd")
    run.check(project, corpus="fsdd")
    assert fake_execute == [("book/one", "book/two"), ()]
    assert "2 numbers are inside their bands" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("one-frames", 102, r"one-frames = 102 is outside its band \[99, 101\] on fsdd"),
        (
            "one-more",
            100,
            r"one-more is recorded but has no band(.|\n)*one-frames has a band but no chapter records it",
        ),
        ("two-frames", 7, r"'two-frames' is recorded in book/one already"),
    ],
)
def test_a_number_out_of_place_stops_the_build_before_any_page(project, fake_execute, monkeypatch, key, value, fault):
    monkeypatch.setattr(site, "build_pages", lambda *a, **k: pytest.fail("pages were made"))
    write_chapter(project.root, "book/one", RECORD.format(key=key, value=value))
    with pytest.raises(PublishError, match=fault):
        run.build(project, corpus="fsdd")


def test_bands_may_differ_between_corpora(project, fake_execute):
    write_chapter(project.root, "book/two", RECORD.format(key="two-frames", value=5))
    run.check(project, corpus="voices")
    with pytest.raises(PublishError, match=r"\[6, 8\] on fsdd"):
        run.check(project, corpus="fsdd")


def test_a_record_of_another_corpus_is_a_fault():
    record = ledger.results.Record("a", 1.0, corpus="voices")
    bands = {"a": {"what": "x", "fsdd": (0, 2), "voices": (0, 2)}}
    (fault,) = ledger.faults({"a": record}, bands, corpus="fsdd", whole=True)
    assert "corpus voices, but the chapters ran on fsdd" in fault


@pytest.mark.parametrize("text", ["one-frames: 3\n", "one-frames: {what: x}\n", "- 1\n"])
def test_faulty_bands_are_named(project, fake_execute, text):
    project.bands.write_text(text)
    with pytest.raises(PublishError, match="bands cannot be read"):
        run.check(project, corpus="fsdd")


def test_a_failing_chapter_stops_the_build_and_the_others_are_kept(project, fake_execute, monkeypatch):
    monkeypatch.setattr(site, "build_pages", lambda *a, **k: pytest.fail("pages were made"))
    write_chapter(project.root, "book/two", "1/0")
    for _ in range(2):
        with pytest.raises(
            PublishError, match=r"book/two failed after 1 s:\nZeroDivisionError(.|\n)*Nothing was published"
        ):
            run.build(project, corpus="fsdd")
    assert fake_execute == [("book/one", "book/two"), ("book/two",)]


def test_only_what_changed_is_executed(project, fake_execute):
    run.check(project, corpus="fsdd")
    write_chapter(project.root, "book/two", RECORD.format(key="two-frames", value=8))
    run.check(project, corpus="fsdd")
    run.check(project, corpus="voices")
    write_chapter(project.root, "book/one", RECORD.format(key="one-frames", value=100), prose="# New prose")
    run.check(project, corpus="fsdd")
    assert fake_execute[1:] == [("book/two",), ("book/one", "book/two"), ()]


def test_one_chapter_can_be_checked_alone(project, fake_execute):
    run.check(project, corpus="fsdd", chapters=["two"])
    assert fake_execute == [("book/two",)]


# Execution, for real


def test_chapters_run_fail_and_complain_each_for_itself(project):
    write_chapter(
        project.root,
        "book/one",
        "import os\nprint(os.environ['SPEECHBOOK_CORPUS'], os.environ['OMP_NUM_THREADS'], os.getcwd())",
    )
    write_chapter(project.root, "book/two", "word = 'ear'", "word / 0")
    write_chapter(project.root, "book/three", "import warnings\nwarnings.warn('mind the gap')")
    good, bad, noisy = execute.execute(project, ["book/one", "book/two", "book/three"], corpus="voices")
    (output,) = nbformat.reads(good.notebook, as_version=4).cells[2].outputs
    assert output.text.startswith("voices 1 ")
    assert output.text.strip().endswith("book")
    assert good.error == ""
    assert "unsupported operand type" in bad.error
    assert "\x1b" not in bad.error
    assert bad.notebook == ""
    assert "cell 3 warns" in noisy.error
    assert "mind the gap" in noisy.error
    assert not project.source("book/one").read_text().count('execution_count": 1')


def test_a_warning_of_tensorflow_counts_wherever_it_went():
    said = [new_output("stream", name="stdout", text=text) for text in ("42\n", "WARNING:tensorflow:5 calls\n")]
    quiet, warned = (nbformat.writes(new_notebook(cells=[new_code_cell("x", outputs=[each])])) for each in said)
    assert execute.unwanted_messages(quiet) == []
    assert execute.unwanted_messages(warned) == ["cell 1 warns; mend the cause of it:\nWARNING:tensorflow:5 calls"]


# Pages, for real


def test_pages_show_that_run_and_a_second_build_has_nothing_to_do(project, fake_execute, monkeypatch, capsys):
    prose = "# One\n\nIt counts [100 frames](#num-one-frames) and [8 frames](#num-two-frames-voices)."
    write_chapter(project.root, "book/one", RECORD.format(key="one-frames", value=100), prose=prose)
    run.check(project, corpus="voices")
    folder = run.build(project, corpus="fsdd")
    page = (folder / "book" / "one.html").read_text()
    assert "one-frames</pre>" in page.replace("\n", "")
    assert "Content-Security-Policy" in page
    assert "default-src &#x27;none&#x27;" in page
    assert "fontawesome.js" not in page
    assert '<meta name="description" content="It counts 100 frames and 8 frames." />' in page
    assert 'href="numbers.html#num-one-frames"' in page
    numbers = (folder / "book" / "numbers.html").read_text()
    for target in ("num-one-frames", "num-one-frames-voices", "num-two-frames", "num-two-frames-voices"):
        assert f'id="{target}"' in numbers
    assert "5 to 9 frames" in numbers
    assert numbers.count("7 frames") == 2, "the value of the other corpus comes from its own run"
    assert [cells for cells in fake_execute if cells] == [("book/one", "book/two")] * 2

    monkeypatch.setattr(site.subprocess, "run", lambda *a, **k: pytest.fail("the pages were made again"))
    started = time.perf_counter()
    run.build(project, corpus="fsdd")
    assert time.perf_counter() - started < 15
    assert "up to date" in capsys.readouterr().out


def test_a_warning_leaves_the_old_site_and_a_draft_stands_beside_it(project, fake_execute):
    run.build(project, corpus="fsdd")
    old = (project.site / "book" / "one.html").read_text()
    write_chapter(
        project.root, "book/one", RECORD.format(key="one-frames", value=100), prose="# One\n\n[3](#num-nowhere)"
    )
    write_chapter(project.root, "book/two", "1/0")
    with pytest.raises(PublishError, match="ZeroDivisionError"):
        run.build(project, corpus="fsdd")
    folder = run.build(project, corpus="fsdd", draft=True)
    assert (folder / "book" / "one.html").is_file()
    assert not (folder / "book" / "two.html").exists()
    write_chapter(project.root, "book/two", RECORD.format(key="two-frames", value=7))
    with pytest.raises(PublishError, match="num-nowhere"):
        run.build(project, corpus="fsdd")
    assert (project.site / "book" / "one.html").read_text() == old


def test_outputs_of_other_code_are_refused(project):
    one, two = (nbformat.read(project.source(f"book/{name}"), as_version=4) for name in ("one", "two"))
    with pytest.raises(PublishError, match="has changed since"):
        site.with_outputs(one, two, "book/one")


def test_refining_mends_what_the_theme_writes():
    page = (
        '<html data-theme="auto"><script data-cfasync="false">x</script><meta name="viewport" content="1">'
        '<meta name="viewport" content="2"><script src="searchindex.js"></script>'
        '<div class="cell tag_hide-cell tag_solution docutils"><details><summary aria-label="Toggle hidden content">'
        '<p class="collapsed">Show code cell content</p></summary></details></div>'
        "<blockquote>\n<div><p><strong>What the articles say</strong></p></div></blockquote>"
        '<div id="pst-primary-sidebar" class="x">'
    )
    refined = refine(page)
    assert "prefers-color-scheme" in refined
    assert refined.count("viewport") == 1
    assert "searchindex" not in refined
    assert '<summary><span class="collapsed">Show a solution</span></summary>' in refined
    assert '<blockquote class="sb-articles">' in refined
    assert '<div id="pst-primary-sidebar" role="complementary" aria-label="Book" class="x">' in refined


# Command line


def test_faults_are_one_clear_word_and_exit_code_1(tmp_path, capsys):
    assert cli.main(["--root", str(tmp_path), "build"]) == 1
    assert "not inside a checkout" in capsys.readouterr().err


def test_an_interruption_exits_with_130(project, monkeypatch, capsys):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "check", interrupt)
    assert cli.main(["--root", str(project.root), "check", "--corpus", "voices"]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_commands_reach_what_they_name(project, fake_execute, capsys):
    assert cli.main(["--root", str(project.root), "check", "--corpus", "voices", "one"]) == 0
    assert "1 chapters ran on voices" in capsys.readouterr().out
    assert cli.main(["--root", str(project.root), "serve"]) == 1
    assert "make book" in capsys.readouterr().err
    assert cli.main(["--root", str(project.root), "repoint", "--url", "https://github.com/you/fork"]) == 0
    assert "the book lives at https://github.com/you/fork" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stop:
        cli.main(["build", "--corpus", "whales"])
    assert stop.value.code == 2


def test_the_ledger_that_pages_read_is_json(project, fake_execute):
    run.check(project, corpus="fsdd")
    records, places = ledger.collect(run.executed_chapters(project, "fsdd"))
    file = project.root / "ledger.json"
    ledger.write(file, ledger.read_bands(project), {"fsdd": records}, places)
    first, second = json.loads(file.read_text())
    assert first["key"] == "one-frames"
    assert first["chapter"] == "book/one"
    assert second["records"]["fsdd"]["value"] == 7
