"""The bibliography: every entry complete and cited, every citation in it, and both agree."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from pybtex.database import parse_file

from speechbook import faq
from speechbook.publish import bibliography
from speechbook.publish.bibliography import citations, fold, listed_work, match, prose, read_bibliography
from speechbook.publish.project import PublishError
from tests.site import PROJECT

FILE = PROJECT.root / "book" / "references.bib"
WORKS = read_bibliography(FILE)
ENTRIES = parse_file(str(FILE)).entries
SOURCES = [source for page in PROJECT.pages() if (source := PROJECT.source(page)).suffix == ".ipynb"]
TERMS = faq.load_terms()
NO_IDENTIFIER = {"bogert1963"}  # a book of 1963 without ISBN


def names(path):
    return path.relative_to(PROJECT.root).as_posix()


@pytest.mark.parametrize("source", SOURCES, ids=names)
def test_everything_that_a_page_cites_is_an_entry(source):
    missing = match(source, WORKS)[1]
    assert not missing, f"add to {FILE.name}, or mend the page: {missing}"


@pytest.mark.parametrize("source", SOURCES, ids=names)
def test_what_a_chapter_cites_it_also_lists(source):
    keys, _ = match(source, WORKS)
    listed = {work.key for line in prose(source)[1] if (work := listed_work(line, WORKS))}
    assert keys <= listed, f"list them under Further reading: {sorted(keys - listed)}"


@pytest.mark.parametrize("source", SOURCES, ids=names)
def test_lists_of_sources_agree_with_the_entries(source):
    faults = []
    for line in prose(source)[1]:
        work = listed_work(line, WORKS)
        if work is None:  # another test tells of it
            continue
        authors = fold(line.partition(f"({work.year})")[0])
        named = [family for family in work.families if family != "others"]
        if "et al." not in line and [family for family in named if fold(family) not in authors]:
            faults.append(f"authors: {line}")
        for pages in re.findall(r"\d+–\d+$", re.split(r"\. \w+\.?$|\.$", work.reference)[0]):
            if re.search(r"\d{2,}–\d{2,}", re.sub(r"\]\(.*", "", line)) and pages not in line:
                faults.append(f"pages {pages}: {line}")
        doi = re.search(r"\[doi:(.*?)\]\(https", line)
        if doi and work.link and work.link[0].startswith("doi:") and work.link[0] != f"doi:{doi[1]}":
            faults.append(f"{work.link[0]}: {line}")
        preprint, ours = re.search(r"\[arXiv:(.*?)\]", line), ENTRIES[work.key].fields.get("eprint")
        if preprint and ours and preprint[1] != ours:
            faults.append(f"arXiv:{ours}: {line}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)
def test_sources_of_terms_are_entries(term):
    assert set(term.references) <= set(WORKS)


def test_every_entry_is_cited():
    cited = {key for term in TERMS.values() for key in term.references}
    chapters = {*SOURCES, *(PROJECT.root / "book").glob("*/*.ipynb")}  # some may be on their way into the book
    cited |= {key for source in chapters for key in match(source, WORKS)[0]}
    assert not set(WORKS) - cited


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_entry_is_complete(work):
    assert re.fullmatch(rf"[a-z]+{work.year}[a-z]*", work.key)
    assert fold(re.sub(r"\W", "", work.families[0].removesuffix(" III"))).startswith(work.key.partition(work.year)[0])
    assert all(re.fullmatch(r"[\w' -]+", family) for family in work.families)
    if work.key in NO_IDENTIFIER:
        return
    name, address = work.link
    if name.startswith("doi:"):
        assert re.fullmatch(r"doi:10\.\d{4,5}/\S+", name)
    elif name.startswith("arXiv:"):
        assert re.fullmatch(r"arXiv:(0[7-9]|1\d|2\d)(0[1-9]|1[0-2])\.\d{4,5}", name)
        assert 2000 + int(name[6:8]) <= int(work.year) + 1
    elif name.startswith("ISBN"):
        digits = [int(digit) for digit in re.sub(r"\D", "", name)]
        assert len(digits) == 13
        assert sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
    else:
        assert re.match(r"https?://", address)


@pytest.mark.parametrize("key", ENTRIES)
def test_fields_agree_with_each_other(key):
    entry = ENTRIES[key]
    fields = {name.lower(): value for name, value in entry.fields.items()}
    year = int(fields["year"])
    if pages := re.fullmatch(r"([A-Z]-)?(\d+)--(\d+)", fields.get("pages", "")):
        assert int(pages[2]) < int(pages[3])
    else:
        assert re.fullmatch(r"|\d+|[a-z]+\d+", fields.get("pages", "")), "a range is written 1--2"
    doi = fields.get("doi", "")
    assert not re.search(r"^https?:|^doi:|[.,;\s]$", doi)
    for named in re.findall(
        r"(?<=[.\-/(])(?:19\d\d|20[0-3]\d)(?=[.\-)/])", doi
    ):  # journals put it in early, talks do not
        assert 0 <= year - int(named) <= (1 if entry.type == "article" else 0)
    if "eprint" in fields:
        assert fields["archiveprefix"] == "arXiv"
    needed = {"article": ("journal", "volume"), "inproceedings": ("booktitle",)}
    assert all(fields.get(name) for name in needed.get(entry.type, ()))


def test_no_two_entries_are_the_same_work():
    titles = [(fold(work.title), fold(work.families[0])) for work in WORKS.values()]
    links = [work.link for work in WORKS.values() if work.link]
    assert len(set(titles)) == len(titles)
    assert len(set(links)) == len(links)


# Reading and matching


BIB = """
@article{graves2006, author = {Graves, A. and Fernández, S. and Gomez, F.}, year = {2006}, title = {One},
  journal = {Journal}, volume = {1}, number = {2}, pages = {3--4}, doi = {10.1000/1}}
@misc{graves2012, author = {Graves, A.}, year = {2012}, title = {Two?}, eprint = {1211.3711}, archiveprefix = {arXiv}}
@book{vanhasselt2016, author = {van Hasselt, H. and Silver, D.}, year = {2016}, title = {Three}, publisher = {Press}}
@article{graves2006b, author = {Graves, A. and Silver, D. and Gomez, F.}, year = {2006}, title = {Four},
  journal = {Journal}}
"""


@pytest.fixture
def few(tmp_path):
    (tmp_path / "few.bib").write_text(BIB)
    return read_bibliography(tmp_path / "few.bib")


def write(tmp_path, text, listed):
    cells = [new_code_cell("x = 1  # (Nobody, 1999)"), new_markdown_cell(text)]
    cells.append(new_markdown_cell("## Further reading\n\n" + "\n".join(f"- {line}" for line in listed)))
    nbformat.write(new_notebook(cells=cells), tmp_path / "page.ipynb")
    return tmp_path / "page.ipynb"


def test_entries_are_written_out(few):
    assert few["graves2006"].reference == "Graves, A., Fernández, S., & Gomez, F. (2006). One. *Journal*, 1(2), 3–4."
    assert few["graves2012"].reference == "Graves, A. (2012). Two?"
    assert few["graves2012"].link == ("arXiv:1211.3711", "https://arxiv.org/abs/1211.3711")
    assert few["vanhasselt2016"].reference == "van Hasselt, H., & Silver, D. (2016). *Three*. Press."
    assert list(few)[-1] == "vanhasselt2016"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("as shown (Graves, 2012)", {"graves2012"}),
        ("Graves (2012) shows; so do van Hasselt and Silver (2016)", {"graves2012", "vanhasselt2016"}),
        ("(a; van Hasselt & Silver, 2016, §2)", {"vanhasselt2016"}),
        ("Graves's (2012) idea", {"graves2012"}),
        ("(Graves, Fernandez & Gomez, 2006)", {"graves2006"}),
        ("in 2012, Keras (2015), `(Graves, 2012)`, (January, 2012) and $x$ (2006)", set()),
    ],
)
def test_words_are_tied_to_works(few, tmp_path, text, keys):
    assert match(write(tmp_path, text, []), few) == (keys, [])


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("(Nobody et al., 2006)", "(Nobody et al., 2006)"),
        ("(Somebody & Else, 2006)", "(Somebody, Else, 2006)"),
        ("(Silver, 1999)", "(Silver, 1999)"),
        ("(Graves et al., 2006)", "(Graves et al., 2006)"),
    ],
)
def test_what_fits_no_entry_or_several_is_named(few, tmp_path, text, missing):
    assert match(write(tmp_path, text, []), few) == (set(), [missing])


def test_of_several_that_fit_the_listed_one_is_meant(few, tmp_path):
    listed = ["Graves, A., Silver, D., & Gomez, F. (2006). Four. *Journal*."]
    assert match(write(tmp_path, "(Graves et al., 2006)", listed), few) == ({"graves2006b"}, [])


def test_a_listed_work_without_entry_is_named(few, tmp_path):
    line = "Nobody, N. (1999). Nothing. *Nowhere*."
    assert match(write(tmp_path, "", [line]), few) == (set(), [line])


def test_citations_come_in_order_and_once():
    found = citations("Graves (2012) and (Graves et al., 2006; Graves, 2012), then (Lee & Kim, 2001)")
    assert [citation.families[0] + citation.year for citation in found] == ["Graves2012", "Graves2006", "Lee2001"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@article{x, title = {One}, year = {2000}}", "x lacks author"),
        ("@article{x, author = {A, B.}, journal = {J}}", "x lacks year, title"),
        ("@article{x, author = ", "few.bib: "),
    ],
)
def test_faulty_files_are_refused(tmp_path, text, message):
    (tmp_path / "few.bib").write_text(text)
    with pytest.raises(PublishError, match=re.escape(message)):
        read_bibliography(tmp_path / "few.bib")


def test_long_lists_of_authors_are_shortened():
    assert bibliography.join_names([f"N{i}, A." for i in range(9)]).endswith("N5, A., et al.")
