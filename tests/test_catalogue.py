"""The catalogue: what is in it, and that a record which does not fit is refused in words."""

import re

import pytest
import yaml

from speechbook import catalogue
from speechbook.catalogue.records import FOLDER

TOOL = {
    "name": "X",
    "kind": "library",
    "since": 2020,
    "state": "alive",
    "licence": "MIT",
    "purpose": "To test.",
    "address": "https://example.org",
}
CLAIM = {"id": "A-1.1", "verdict": "right", "says": "So.", "right": "Yes."}
DEFECT = {"id": "A1", "fault": "poor practice", "what": "This.", "mended": "So."}


def write(path, content):
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def test_what_was_asked_for_is_listed():
    names = {tool.name for tool in catalogue.load_tools().entries}
    wanted = (
        "TensorFlow, Keras, PyTorch, JAX, librosa, torchaudio, SpeechBrain, ESPnet, Kaldi, k2 and icefall, WeNet, "
        "Theano, Whisper, faster-whisper, whisper.cpp, CNTK, NeMo Speech, FSDD, Speech Commands, LibriSpeech, "
        "Common Voice, VoxPopuli, TED-LIUM 3, Multilingual LibriSpeech, GigaSpeech, People's Speech, AISHELL-1, MUSAN"
    )
    assert {name.strip() for name in wanted.split(",")} <= names
    ended = {tool.name for tool in catalogue.load_tools().where(state="ended")}
    assert {"Theano", "CNTK", "DeepSpeech (Mozilla)", "Papers with Code"} <= ended


def test_corpora_state_size_and_licence():
    corpora = catalogue.load_tools().where(kind="corpus")
    assert len(corpora) >= 15
    assert all(corpus.hours > 0 and corpus.licence and corpus.languages for corpus in corpora)
    assert [corpus.hours for corpus in corpora if corpus.name == "FSDD"] == [0.4]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "thing"}, "X, kind: must be one of language, framework"),
        ({"state": "dead"}, "X, state: must be one of"),
        ({"state": "ended"}, "`until` is for what has ended"),
        ({"until": 2024}, "`until` is for what has ended"),
        ({"state": "ended", "until": 2010, "note": "Over."}, "may not end before it began"),
        ({"state": "ended", "until": 2024}, "needs a note"),
        ({"address": "http://example.org"}, "must begin with https://"),
        ({"kind": "corpus"}, "`hours` is for corpora"),
        ({"since": "2020"}, "since must be int, but is '2020'"),
        ({"since": True}, "since must be int"),
        ({"purpose": " "}, "purpose is empty"),
        ({"colour": "red"}, "colour is not known"),
    ],
)
def test_a_tool_that_does_not_fit_is_refused(tmp_path, change, message):
    path = write(tmp_path / "tools.yml", {"checked": "2026-11", "tools": [{**TOOL, **change}]})
    with pytest.raises(catalogue.CatalogueError, match=re.escape(message)):
        catalogue.load_tools(path)


def test_a_list_of_tools_that_does_not_fit_is_refused(tmp_path):
    for content, message in (
        ({"checked": "2026-11", "tools": [TOOL, {**TOOL, "name": "x"}]}, "listed more than once: x"),
        ({"checked": "today", "tools": [TOOL]}, "checked must be a month"),
        ({"checked": "2026-11", "tools": ["X"]}, "tool 1: expected a mapping"),
        ({"checked": "2026-11", "tools": [{"name": "X"}]}, "X: kind is missing; since is missing"),
        (["X"], "must hold a mapping"),
    ):
        with pytest.raises(catalogue.CatalogueError, match=re.escape(message)):
            catalogue.load_tools(write(tmp_path / "tools.yml", content))
    (tmp_path / "tools.yml").write_text("tools: [", encoding="utf-8")
    with pytest.raises(catalogue.CatalogueError, match="not valid YAML"):
        catalogue.load_tools(tmp_path / "tools.yml")
    with pytest.raises(FileNotFoundError, match=r"no catalogue none\.yml"):
        catalogue.load_tools(tmp_path / "none.yml")


@pytest.mark.parametrize(
    ("claim", "defect", "message"),
    [
        ({"id": "C-1.1"}, {}, "claim 1: the id 'C-1.1'"),
        ({"verdict": "false"}, {}, "A-1.1, verdict: must be one of right, imprecise"),
        ({"grave": 6}, {}, "grave is the number of one of five errors"),
        ({"shown": {"chapter": "x"}}, {}, "A-1.1, shown: section is missing; cell is missing"),
        ({}, {"id": "C1"}, "defect 1: the id 'C1'"),
        ({}, {"fault": "ugly"}, "A1, fault: must be one of does not run"),
        ({}, {"mended": ""}, "mended is empty"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(tmp_path, claim, defect, message):
    content = {"claims": [{**CLAIM, **claim}], "defects": [{**DEFECT, **defect}]}
    with pytest.raises(catalogue.CatalogueError, match=re.escape(message)):
        catalogue.load_errata(write(tmp_path / "errata.yml", content))


def test_a_claim_cannot_be_answered_twice(tmp_path):
    path = write(tmp_path / "errata.yml", {"claims": [CLAIM, CLAIM], "defects": []})
    with pytest.raises(catalogue.CatalogueError, match=r"listed more than once: A-1\.1"):
        catalogue.load_errata(path)


def test_the_files_of_the_package_hold_no_tabs_and_end_in_a_newline():
    for name in ("tools.yml", "errata.yml"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert "\t" not in text
        assert text.endswith("\n")
