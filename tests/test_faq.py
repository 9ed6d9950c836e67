"""The terms: complete, consistent, and refused with a clear error where they are not."""

import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest
import yaml

from speechbook import faq
from speechbook.faq.schema import check_file, sentences
from speechbook.publish.reference_pages import section_of

ROOT = Path(__file__).parent.parent
TERMS = faq.load_terms()
# Which questions of article A ask for the same concept
REPEATS = [(7, 79), (8, 80), (9, 84), (10, 83), (11, 64, 78), (12, 81), (19, 24), (20, 25)]
REPEATS += [(21, 61, 62), (36, 85), (50, 56), (52, 54)]


def heading_texts(page):
    notebook = ROOT / f"{page}.ipynb"
    if notebook.is_file():
        cells = nbformat.read(notebook, as_version=4).cells
        lines = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown").splitlines()
    else:
        lines = (ROOT / f"{page}.md").read_text(encoding="utf-8").splitlines()
    return [match[1].strip() for line in lines if (match := re.match(r"#{1,4} (.*)", line))]


def test_every_question_of_the_articles_is_answered_exactly_once():
    asked = Counter(number for term in TERMS.values() for number in term.asked)
    assert asked == Counter(range(1, 86))
    assert sum(bool(term.asked) for term in TERMS.values()) == 71


def test_repeated_questions_share_an_answer_and_no_others_do():
    shared = [tuple(sorted(term.asked)) for term in TERMS.values() if len(term.asked) > 1]
    assert sorted(shared) == sorted(REPEATS)


def test_there_is_more_than_the_articles_ask_for():
    assert sum(not term.asked for term in TERMS.values()) >= 45


@pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)
def test_answer_is_exact_and_sourced(term):
    assert 2 <= len(sentences(term.answer)) <= 5
    assert 25 <= len(term.answer.split()) <= 110
    assert term.references
    assert bool(term.asked) <= bool(term.article)
    assert re.search(r"[\u4e00-\u9fff]", term.chinese) or term.chinese in {"wav2vec 2.0", "FastText", "Whisper"}
    for text in (term.answer, term.speech, *(vars(term.article).values() if term.article else ())):
        assert text[0] in '„"' or text[0].isupper() or text.startswith(("wav2vec", "tanh"))
        assert text[-1] in ".!?"


@pytest.mark.parametrize("term", [term for term in TERMS.values() if term.where], ids=lambda term: term.id)
def test_link_leads_to_a_heading(term):
    page, _, heading = term.where.partition("#")
    assert heading in heading_texts(page), f"{page} has the headings {heading_texts(page)}"


@pytest.mark.parametrize("term", [term for term in TERMS.values() if term.demonstration], ids=lambda term: term.id)
def test_demonstration_is_a_cell_of_code(term):
    shown = term.demonstration
    cells = nbformat.read(ROOT / f"{shown.chapter}.ipynb", as_version=4).cells
    assert shown.cell in [cell.id for cell in cells if cell.cell_type == "code"]


@pytest.mark.parametrize("term", [term for term in TERMS.values() if term.demonstration], ids=lambda term: term.id)
def test_demonstration_is_linked_to_its_section(term):
    shown = term.demonstration
    heading = section_of(ROOT / f"{shown.chapter}.ipynb", shown.cell)
    assert heading in heading_texts(shown.chapter)
    assert shown.shows[-1] not in ".,;:"


def test_a_cell_without_a_section_has_no_heading(tmp_path):
    assert section_of(ROOT / "book" / "maths" / "cross_entropy.ipynb", "no such cell") == ""
    assert section_of(tmp_path / "nothing.ipynb", "x") == ""
    assert section_of(ROOT / "book" / "faq" / "cards.md", "x") == ""


def test_most_terms_have_a_demonstration():
    shown = [term.demonstration for term in TERMS.values() if term.demonstration]
    assert len(shown) >= 60
    assert len({(place.chapter, place.cell) for place in shown}) >= 60, "too many terms share a cell"


def test_most_terms_say_where_the_book_shows_them():
    assert sum(term.where is not None for term in TERMS.values()) >= 0.6 * len(TERMS)


def test_terms_are_found_by_every_name():
    for name in ("ctc", "CTC", "connectionist temporal classification", "连接时序分类"):
        assert faq.term(name).id == "ctc"
    assert "连接时序分类" in faq.term("ctc")._repr_html_()
    with pytest.raises(ValueError, match="no term 'recogniser'; near it are speaker-recognition"):
        faq.term("recogniser")


def test_themes_hold_every_term_once():
    assert sorted(term.id for group in faq.themes().values() for term in group) == sorted(TERMS)


GOOD = {
    "id": "a-term",
    "question": "What is it?",
    "term": "it",
    "chinese": "它",
    "answer": "It is this. It is not that.",
    "references": ["graves2006"],
    "relevance": "core",
    "speech": "All.",
    "related": [],
}
ARTICLE = {"says": "This.", "wrong": "That."}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answer": "One sentence only."}, "two to five sentences, got 1"),
        ({"answer": "So. " * 6}, "two to five sentences, got 6"),
        ({"relevance": "vital"}, "relevance must be core, useful, distant, got 'vital'"),
        ({"asked": {86: "right"}, "article": ARTICLE}, "numbers from 1 to 85"),
        ({"asked": {1: "true"}, "article": ARTICLE}, "right, imprecise, wrong, got"),
        ({"asked": {1: "right"}}, "say under article"),
        ({"article": {"says": "This."}}, "article must have the keys says, wrong"),
        ({"id": "A Term"}, "small letters, digits and hyphens"),
        ({"references": []}, "has no reference"),
        ({"references": "graves2006"}, "references must be a list of texts"),
        ({"aliases": ["x", "x"]}, "names something twice"),
        ({"glossary": True}, "glossary must be a list"),
        ({"where": "book/maths"}, "book/part/chapter#Heading"),
        ({"question": "It"}, "must end with a question mark"),
        ({"chinese": 1}, "chinese must be a text, got 1"),
        ({"see": "x"}, "unknown key see"),
        ({"related": ["other"]}, "no related term other"),
    ],
)
def test_bad_entries_are_refused(tmp_path, change, message):
    (tmp_path / "one.yml").write_text(yaml.safe_dump({"theme": "One", "terms": [{**GOOD, **change}]}))
    with pytest.raises(faq.TermError, match=re.escape(message)):
        faq.load_terms(tmp_path)


def test_bad_files_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no YAML file"):
        faq.load_terms(tmp_path)
    (tmp_path / "one.yml").write_text("theme: [")
    with pytest.raises(faq.TermError, match=r"one.yml is not valid YAML"):
        faq.load_terms(tmp_path)
    with pytest.raises(faq.TermError, match="lacks question, term"):
        check_file({"theme": "One", "terms": [{"id": "x"}]}, "one.yml")


@pytest.mark.parametrize(("key", "what"), [("id", "id"), ("term", "name"), ("asked", "FAQ number")])
def test_nothing_is_answered_twice(tmp_path, key, what):
    first = {**GOOD, "asked": {1: "right"}, "article": ARTICLE}
    second = {**first, "id": "b", "term": "b", "asked": {2: "right"}, key: first[key]}
    (tmp_path / "one.yml").write_text(yaml.safe_dump({"theme": "One", "terms": [first, second]}))
    with pytest.raises(faq.TermError, match=f"the {what} .* occurs twice"):
        faq.load_terms(tmp_path)


def test_one_good_entry_is_enough(tmp_path):
    (tmp_path / "one.yml").write_text(yaml.safe_dump({"theme": "One", "terms": [GOOD]}))
    (term,) = faq.load_terms(tmp_path).values()
    assert (term.definition, term.anchor, term.marked) == ("It is this.", "term-a-term", ("it",))
