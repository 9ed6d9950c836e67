"""The runner and its ledger gate, on books of one or two tiny chapters."""

import json
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from speechbook.publish import __main__ as cli
from speechbook.publish import execute, ledger, run, site
from speechbook.publish.project import PublishError
from speechbook.publish.refine import refine
from tests.tiny_books import RECORD, write_chapter


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
    old = project.site / "book" / "one.html"
    old.parent.mkdir(parents=True)
    old.write_text("as it was")
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
    assert old.read_text() == "as it was"


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
        '<div id="pst-primary-sidebar" class="x">\n<img alt="A wave" src="../_images/1.png" />'
        + '<div class="output text_plain x"><div class="highlight"><pre><span></span>a-1 = 2 s\n</pre></div>\n</div>\n'
        * 4
    )
    refined = refine(page)
    assert "prefers-color-scheme" in refined
    assert refined.count("viewport") == 1
    assert "searchindex" not in refined
    assert '<summary><span class="collapsed">Show a solution</span></summary>' in refined
    assert '<blockquote class="sb-articles">' in refined
    assert '<div class="output sb-figure"><img alt="A wave"' in refined
    assert '<details class="hide sb-records"><summary><span class="collapsed">Show 4 measured numbers</span>' in refined
    assert '<div id="pst-primary-sidebar" role="complementary" aria-label="Book" class="x">' in refined


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
