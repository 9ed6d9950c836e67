"""The filter table: what Python takes and refuses, that the page selects as Python does, and how it works by hand."""

import csv
import io
import itertools
import json
import random

import pytest
from bs4 import BeautifulSoup

from speechbook.widgets import FilterTable
from tests.teaching import in_javascript

ROWS = [
    {"id": "A-1.10", "year": 2017, "kind": "toolkit", "tags": ["speech", "old"], "text": 'says "hello", and\nmore'},
    {
        "id": "A-1.9",
        "year": None,
        "kind": "framework",
        "tags": [],
        "text": "plain `code` of many words, more than fit",
    },
    {"id": "B-1.1", "year": 2015.5, "kind": "framework", "tags": ["old"], "text": "<b>Äpfel</b> und Birnen"},
    {"id": "A-1.1", "year": 2017, "kind": "data", "tags": ["speech"], "text": None},
    {"id": "", "year": -3, "kind": "toolkit", "tags": ["new", "speech"], "text": "9 lives, 10 lives"},
]
COLUMNS = {"id": "Claim", "year": "Year", "kind": "Kind", "tags": "Tags", "text": "Text"}


def table(**options) -> FilterTable:
    return FilterTable(ROWS, COLUMNS, label="Some rows", choices=["kind", "tags"], **options)


def ids(rows) -> list[str]:
    return [row["id"] for row in rows]


def test_the_page_selects_the_rows_that_python_selects():
    rng, orders, expected = random.Random(0), [], []
    words = [
        "",
        "speech",
        "OLD speech",
        "äpfel",
        "  more\thello ",
        "2017.0",
        "2017",
        "1.1",
        "nothing of the kind",
        "framework a-1",
    ]
    picks = [{}, {"kind": "framework"}, {"tags": "speech"}, {"kind": "toolkit", "tags": "old"}, {"kind": ""}]
    for search, picked, key in itertools.product(words, picks, ["", *COLUMNS]):
        widget = table()
        widget.search, widget.picked, widget.sort = search, picked, f"-{key}" if key and rng.random() < 0.5 else key
        wish = {"search": search, "picked": picked, "sort": widget.sort}
        orders.append(["select", widget.rows, list(COLUMNS), wish])
        expected.append([widget.rows.index(row) for row in widget.shown])
    assert in_javascript(orders) == expected
    assert len({tuple(places) for places in expected}) > 25


def test_digits_inside_text_are_sorted_as_numbers_and_missing_values_come_last():
    assert ids(table(sort="id").shown) == ["A-1.1", "A-1.9", "A-1.10", "B-1.1", ""]
    assert ids(table(sort="-id").shown) == ["B-1.1", "A-1.10", "A-1.9", "A-1.1", ""]
    assert ids(table(sort="year").shown)[-1] == "A-1.9" == ids(table(sort="-year").shown)[-1]


def test_numbers_of_a_column_get_equally_many_decimals():
    rows = [{"name": "a", "ms": 94.0, "n": 8}, {"name": "b", "ms": -83.15, "n": None}, {"name": "c", "ms": 7, "n": 10}]
    widget = FilterTable(rows, {"name": "Who", "ms": "Time", "n": "Count"}, label="Times")
    (text,) = in_javascript([["csv", rows, dict(widget.columns)]])
    page = BeautifulSoup(widget.to_html(), "html.parser")
    cells = [[cell.text for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert cells == list(csv.reader(io.StringIO(text)))[1:]
    assert cells == [["a", "94.00", "8"], ["b", "-83.15", ""], ["c", "7.00", "10"]]
    widget.search = "7.00"
    assert [row["name"] for row in widget.shown] == ["c"]


def test_csv_reads_back():
    (text,) = in_javascript([["csv", ROWS, COLUMNS]])
    head, *lines = csv.reader(io.StringIO(text))
    assert head == list(COLUMNS.values())
    assert [line[4] for line in lines] == [row["text"] or "" for row in ROWS]
    assert lines[0][3] == "speech, old"


def test_columns_keep_their_order_in_a_saved_notebook():
    saved = json.loads(json.dumps(table().get_state(), sort_keys=True, default=str))
    assert [heading for _, heading in saved["columns"]] == ["Claim", "Year", "Kind", "Tags", "Text"]


def test_without_a_script_the_whole_table_stands_on_the_page(capsys):
    page = BeautifulSoup(table().to_html(), "html.parser")
    assert page.caption.text == "Some rows"
    assert [head["scope"] for head in page.select("thead th")] == ["col"] * 5
    assert [cell.text for cell in page.select("tbody th[scope=row]")] == ids(ROWS)
    assert page.select("tbody tr")[2].select("td")[-1].text == ROWS[2]["text"]
    assert page.b is None
    table()._ipython_display_()
    assert "HTML" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rows": []}, "needs rows and columns"),
        ({"columns": {}}, "needs rows and columns"),
        ({"rows": [{"id": {"a": 1}}]}, "row 0, 'id': a value must be"),
        ({"rows": [{"id": True}]}, "row 0, 'id'"),
        ({"rows": [{"id": [1, 2]}]}, "row 0, 'id'"),
        ({"choices": ["colour"]}, r"choices names \['colour'\]"),
        ({"links": {"colour": "id"}}, "links names"),
        ({"sort": "-colour"}, "sort names"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(options, message):
    arguments = {"rows": ROWS, "columns": COLUMNS, "label": "Rows", **options}
    with pytest.raises(ValueError, match=message):
        FilterTable(arguments.pop("rows"), arguments.pop("columns"), **arguments)


def test_wishes_are_checked_too():
    widget = table()
    with pytest.raises(ValueError, match="sort names 'colour'"):
        widget.sort = "-colour"
    with pytest.raises(ValueError, match="picked names"):
        widget.picked = {"year": "2017"}


# --- in the browser ------------------------------------------------------------------------------------------------


def names(page) -> list[str]:
    page.wait_for_function("() => document.querySelector('.sbw-count')?.textContent")  # drawn at least once
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.locator("tbody [role=rowheader]").all_inner_texts()


def test_a_reader_searches_filters_and_clears(show):
    page = show([table()])
    assert names(page) == ids(ROWS)
    page.get_by_label("Words to find").fill("OLD")
    assert names(page) == ["A-1.10", "B-1.1"]
    assert page.locator(".sbw-count").inner_text() == "2 of 5 rows"
    page.get_by_label("Kind").select_option("framework")
    assert names(page) == ["B-1.1"]
    assert page.get_by_role("cell", name="<b>Äpfel</b>").count() == 1
    page.get_by_label("Tags").select_option("new")
    assert names(page) == []
    assert page.get_by_text("No row has all of this").is_visible()
    page.get_by_role("button", name="Clear filters").click()
    assert len(names(page)) == 5


def test_headings_sort_by_mouse_and_keys(show):
    page = show([table()])
    heading = page.get_by_role("columnheader", name="Claim")
    assert heading.get_attribute("aria-sort") is None
    heading.get_by_role("button").click()
    assert names(page)[:3] == ["A-1.1", "A-1.9", "A-1.10"]
    assert heading.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert names(page)[0] == "B-1.1"
    assert heading.get_attribute("aria-sort") == "descending"
    page.get_by_role("columnheader", name="Year").get_by_role("button").focus()
    page.keyboard.press("Space")
    assert names(page)[0] == ""
    assert heading.get_attribute("aria-sort") is None


def test_phones_get_cards_and_a_list_to_sort_by(show):
    page = show([table()], width=360, touch=True)
    assert not page.get_by_role("columnheader").first.is_visible()
    page.get_by_label("Sort by").select_option("-id")
    assert names(page)[0] == "B-1.1"
    heading = "(cell) => getComputedStyle(cell, '::before').content"
    assert page.get_by_role("cell", name="2015.5").evaluate(heading) == '"Year: "'


def test_long_tables_open_on_request(show):
    page = show([table(limit=2)])
    assert len(names(page)) == 2
    assert page.locator(".sbw-count").inner_text() == "5 of 5 rows, the first 2 shown"
    page.get_by_role("button", name="Show all 5").click()
    assert len(names(page)) == 5
    page.get_by_role("button", name="Show fewer").click()
    assert len(names(page)) == 2


def test_what_is_shown_can_be_copied(show):
    page = show([table()])
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    page.get_by_label("Words to find").fill("birnen äpfel")
    names(page)
    page.get_by_role("button", name="Copy as CSV").click()
    page.get_by_text("Copied 1 row.").wait_for()
    assert page.evaluate("window.copied").splitlines()[1].startswith("B-1.1,2015.5,framework,old,")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Copy as CSV").click()
    page.get_by_text("copy them by hand").wait_for()
    assert page.get_by_label("The rows as CSV").input_value().startswith("Claim,Year")


def test_addresses_are_links_where_they_lead_somewhere(show):
    rows = [
        {"name": "page", "to": "../maths/chapter.ipynb#place"},
        {"name": "site", "to": "https://example.org/x"},
        {"name": "bad", "to": "javascript:alert(1)"},
        {"name": "none", "to": None},
    ]
    page = show([FilterTable(rows, {"name": "Name"}, label="Links", links={"name": "to"})])
    assert names(page) == ["page", "site", "bad", "none"]
    links = page.locator("tbody a").evaluate_all("(all) => all.map((link) => link.getAttribute('href'))")
    assert links == ["../maths/chapter.html#place", "https://example.org/x"]


def test_the_plain_table_is_shown_where_scripts_are_off_and_only_there(show):
    plain = f"<noscript>{table().to_html()}</noscript>"
    page = show([table()], extra=plain, java_script_enabled=False)
    assert page.get_by_role("rowheader").all_inner_texts()[:2] == ["A-1.10", "A-1.9"]
    page = show([table()], extra=plain)
    assert len(names(page)) == 5
    assert page.get_by_role("table").count() == 1
