"""The claims of the two articles: each is answered once, and every place that is said to show it exists."""

import json
import re
from functools import cache

import pytest
from docutils.nodes import make_id

from speechbook import catalogue
from speechbook.catalogue.errata import anchor
from tests.site import PROJECT

# How many claims the articles make, section by section
CLAIMS = {"A": [6, 8, 17, 12, 5, 2], "B": [6, 10, 7, 7, 10, 3, 5, 7]}
DEFECTS = {"A": 11, "B": 7}
NOTHING_TO_RUN = {"A-5.1", "B-2.8", "B-6.1", "B-8.1", "B-8.3", "B-8.6", "B-8.7"}
MOST_OPEN = 0  # claims whose chapter is still to come; lower it with every chapter
ERRATA = catalogue.load_errata()
SHOWN = [record for record in (*ERRATA.claims, *ERRATA.defects) if record.shown]
NOTE = re.compile(r"\*\*What the articles say\*\* \(([^)]*)\)")
ID = re.compile(r"[AB]-\d+\.\d+")


@cache
def sections(chapter: str) -> dict[str, str]:
    """Give the heading under which each cell of a chapter stands; a cell of text stands under the one before it."""
    heading, found = "", {}
    for cell in json.loads(PROJECT.source(chapter).read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        inside = re.findall(r"^## (.+)$", source, re.MULTILINE) if cell["cell_type"] == "markdown" else []
        found[cell["id"]] = heading or (inside or [""])[0]
        heading = inside[-1] if inside else heading
    return found


def notes() -> list[tuple[str, str]]:
    """List chapter and ids of every note about the articles."""
    found = []
    for chapter in PROJECT.chapters():
        for cell in json.loads(PROJECT.source(chapter).read_text(encoding="utf-8"))["cells"]:
            found += [(chapter, ids) for ids in NOTE.findall("".join(cell["source"]))]
    return found


def test_every_claim_and_every_defect_is_answered_exactly_once():
    claims = [
        f"{article}-{section}.{number}"
        for article, counts in CLAIMS.items()
        for section, count in enumerate(counts, start=1)
        for number in range(1, count + 1)
    ]
    assert len(claims) == 105
    assert [claim.id for claim in ERRATA.claims] == claims
    defects = [f"{article}{number}" for article, count in DEFECTS.items() for number in range(1, count + 1)]
    assert [defect.id for defect in ERRATA.defects] == defects


@pytest.mark.parametrize("record", SHOWN, ids=lambda record: record.id)
def test_every_place_exists(record):
    place = record.shown
    assert place.chapter in PROJECT.chapters(), f"{place.chapter} is not in the table of contents"
    assert place.cell in sections(place.chapter), f"{place.chapter} has no cell {place.cell!r}"
    assert place.section == sections(place.chapter)[place.cell]
    assert anchor(place.section) == make_id(place.section)


def test_notes_in_the_chapters_name_real_claims():
    known = {claim.id for claim in ERRATA.claims}
    found = {each: chapter for chapter, ids in notes() for each in ID.findall(ids)}
    assert len(found) > 60
    assert not {each: chapter for each, chapter in found.items() if each not in known}


def test_a_claim_with_a_note_says_where_it_is_shown():
    noted = {each for _chapter, ids in notes() for each in ID.findall(ids)}
    hidden = sorted(claim.id for claim in ERRATA.claims if claim.id in noted - NOTHING_TO_RUN and not claim.shown)
    assert not hidden, f"the chapters speak of {hidden}: give their places in errata.yml"


def test_corrections_of_the_explaining_chapters_are_all_shown():
    parts = ("A-1.", "A-2.", "A-3.", "B-1.", "B-2.", "B-3.", "B-4.")
    missing = [
        claim.id
        for claim in ERRATA.claims
        if claim.id.startswith(parts) and claim.verdict in ("wrong", "imprecise") and not claim.shown
    ]
    assert not missing


def test_few_claims_are_still_open(capsys):
    open_ids = [claim.id for claim in ERRATA.claims if not claim.shown and claim.id not in NOTHING_TO_RUN]
    with capsys.disabled():
        print(f"\n{len(open_ids)} claims wait for their chapter: {', '.join(open_ids)}")
    assert len(open_ids) <= MOST_OPEN


def test_each_of_the_five_gravest_errors_has_its_claims():
    grave = [claim for claim in ERRATA.claims if claim.grave]
    assert {claim.grave for claim in grave} == {1, 2, 3, 4, 5}
    assert all(claim.verdict in ("wrong", "imprecise") for claim in grave)


def test_every_reference_stands_in_full_on_the_page_of_corrections():
    cells = json.loads(PROJECT.source("book/faq/corrections").read_text(encoding="utf-8"))["cells"]
    listed = "".join(cells[-1]["source"]).splitlines()
    cited = {part.strip() for claim in ERRATA.claims if claim.reference for part in claim.reference.split(";")}
    for citation in cited:
        first, year = re.match(r"(\w+).*\((\d{4})\)$", citation).groups()
        full = [line for line in listed if line.startswith(f"- {first}") and f"({year})" in line]
        assert full, f"{citation} is not in the list of references"
    assert len([line for line in listed if line.startswith("- ")]) == len(cited)
