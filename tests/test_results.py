import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from speechbook import results


def notebook(*sources):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def test_record_survives_a_real_kernel(tmp_path):
    cell = "from speechbook import results\nresults.record('share', 0.625, unit='%', split='unseen speakers', seed=3)"
    executed = NotebookClient(notebook(cell)).execute()
    path = tmp_path / "chapter.ipynb"
    nbformat.write(executed, path)
    assert results.read_records([path]) == {
        "share": results.Record("share", 0.625, "%", "unseen speakers", 3, None, "")
    }
    assert "62.5 %" not in path.name
    assert "share = 62.5 %  (unseen speakers; seed 3)" in str(executed.cells[0].outputs)


def test_the_same_key_twice_is_a_fault(tmp_path):
    cell = "from speechbook import results\nresults.record('twice', 1)"
    path = tmp_path / "chapter.ipynb"
    nbformat.write(NotebookClient(notebook(cell, cell)).execute(), path)
    with pytest.raises(ValueError, match="recorded twice"):
        results.read_records([path])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: results.record("Not Kebab", 1), "kebab-case"),
        (lambda: results.record("nan", np.nan), "finite"),
        (lambda: results.record("share", 0.5, unit="%"), "split"),
        (lambda: results.record("share", 0.5, unit="s", corpus="mnist"), "corpus"),
    ],
)
def test_bad_records_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_check_finds_every_kind_of_fault():
    bands = {
        "held": {"what": "…", "fsdd": (0, 1), "voices": (2, 3)},
        "lost": {"what": "…", "fsdd": (0, 1), "voices": (0, 1)},
    }
    records = {"held": results.Record("held", 0.5), "new": results.Record("new", 1.0)}
    assert results.check(records, bands, corpus="fsdd") == [
        "new is recorded but has no band: add it to book/bands.yml",
        "lost has a band but no chapter records it",
    ]
    assert "outside its band [2, 3] on voices" in "\n".join(results.check(records, bands, corpus="voices"))


def test_band_on_the_edge_holds_and_beyond_does_not():
    bands = {"a": {"what": "…", "fsdd": (0.2, 0.4), "voices": (0.2, 0.4)}}
    assert results.check({"a": results.Record("a", 0.4)}, bands, corpus="fsdd") == []
    assert results.check({"a": results.Record("a", 0.4001)}, bands, corpus="fsdd") != []


@pytest.mark.parametrize(
    "text", ["a: {what: x, fsdd: [0, 1]}", "a: {fsdd: [0, 1], voices: [0, 1]}", "a: {what: x, both: [1, 0]}"]
)
def test_incomplete_bands_are_refused(tmp_path, text):
    path = tmp_path / "bands.yml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"bands\.yml"):
        results.read_bands(path)
