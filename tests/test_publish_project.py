"""A book's files and settings, and faults in them, each named."""

import pytest

from speechbook.publish import run
from speechbook.publish.project import PublishError, repoint
from tests.tiny_books import ADDRESS


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
