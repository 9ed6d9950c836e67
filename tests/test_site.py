"""The text of the built site: links, HTML, security policy, weight."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
from bs4 import BeautifulSoup

from tests.site import CHAPTERS, PAGES, PROJECT

# Compressed bytes of a page with its styles, scripts and letters; without sounds, figures and widgets
MOST_BYTES = 500_000


@pytest.fixture(scope="module")
def soups(site):
    """Every HTML page of the site by its path, parsed."""
    pages = sorted(site.rglob("*.html"))
    return {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in pages}


def test_every_page_of_the_table_of_contents_is_there_and_no_other(site, soups):
    assert {str(path.relative_to(site)) for path in soups} == {f"{page}.html" for page in PAGES} | {"index.html"}


def test_every_link_leads_somewhere(site, soups):
    anchors = {path: {tag["id"] for tag in soup.find_all(id=True)} for path, soup in soups.items()}
    broken = []
    for path, soup in soups.items():
        for tag in soup.find_all(["a", "img", "script", "link", "audio", "source"]):
            link = tag.get("href") or tag.get("src") or ""
            parts = urlsplit(link)
            if not link or parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                broken.append(f"{path.relative_to(site)} -> {link}: no such file")
            elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in anchors[target]:
                broken.append(f"{path.relative_to(site)} -> {link}: no such place in the page")
    assert not broken, "\n".join(broken)


def test_styles_name_only_files_that_are_there(site):
    missing = []
    for path in site.rglob("*.css"):
        for link in re.findall(r"url\(\s*[\"']?([^\"')]+)", path.read_text(encoding="utf-8")):
            named = (path.parent / urlsplit(link).path).resolve()
            if not link.startswith(("data:", "#")) and named.suffix != ".ttf" and not named.is_file():
                missing.append(f"{path.relative_to(site)} -> {link}")
    assert not missing, "\n".join(missing)


def test_html_is_valid(site, soups):
    faults = []
    for path, soup in soups.items():
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        parser.parse(path.read_text(encoding="utf-8"))
        faults += [f"{path.relative_to(site)}: {error[1]} at {error[0]} {error[2]}" for error in parser.errors]
        ids = [tag["id"] for tag in soup.find_all(id=True)]
        faults += [f"{path.relative_to(site)}: id {name!r} twice" for name in set(ids) if ids.count(name) > 1]
        for tag in soup.select("summary p, summary div, p div, p figure, button a, a a, a button"):
            faults.append(f"{path.relative_to(site)}: <{tag.name}> inside <{tag.parent.name}>")
    assert not faults, "\n".join(faults)


def test_every_page_names_itself(site, soups):
    titles = {}
    for path, soup in soups.items():
        assert soup.html["lang"] == "en", path
        titles[soup.title.text] = path
        if path.name not in ("index.html", "search.html"):
            assert len(soup.find_all("h1")) == 2, f"{path}: its own heading and the one for print"
        if path.relative_to(site).with_suffix("").as_posix() in PROJECT.pages():
            assert 30 <= len(soup.find("meta", attrs={"name": "description"})["content"]) <= 200, path
    assert len(titles) >= len(soups) - 1, "the front door shares its title with the home page"


def test_figures_say_what_they_show(site, soups):
    for path, soup in soups.items():
        for image in soup.find_all("img"):
            alternative = image.get("alt", "")
            assert len(alternative) > 20, f"{path.relative_to(site)}: {image['src']} has the alt text {alternative!r}"
            assert "_images/" not in alternative


def test_no_page_asks_another_host_for_anything(site, soups):
    for path, soup in soups.items():
        policies = soup.find_all("meta", attrs={"http-equiv": "Content-Security-Policy"})
        assert len(policies) == 1, path
        first = soup.find(["script", "link", "style", "img"])
        assert first is None or policies[0] in first.find_all_previous("meta"), f"{path}: the policy comes too late"
        sources = policies[0]["content"]
        assert "default-src 'none'" in sources
        assert not re.search(r"https?:|\*|'unsafe-eval'", sources), path
        for tag in soup.find_all(["script", "link", "img", "audio", "source", "iframe", "form", "video"]):
            link = tag.get("src") or tag.get("href") or tag.get("action") or ""
            assert not re.match(r"(https?:)?//", link), f"{path.relative_to(site)}: {link}"


def test_every_chapter_can_be_run_elsewhere(site, soups):
    for chapter in CHAPTERS:
        links = [a.get("href", "") for a in soups[site / f"{chapter}.html"].find_all("a")]
        owner = PROJECT.address.removeprefix("https://github.com/")
        assert f"https://colab.research.google.com/github/{owner}/blob/main/{chapter}.ipynb" in links
        assert any(link.endswith(f"_sources/{chapter}.ipynb") for link in links)
        assert (site / "_sources" / f"{chapter}.ipynb").read_text() == PROJECT.source(chapter).read_text()


def compressed(content: str | bytes) -> int:
    return len(gzip.compress(content.encode() if isinstance(content, str) else content, 6))


def weigh(path: Path, soup: BeautifulSoup) -> dict[str, int]:
    """Compressed bytes of a page in parts: its text, what frames it, and what media and widgets add."""

    def files(selector: str, name: str) -> set[Path]:
        links = (tag[name] for tag in soup.select(selector) if not tag[name].startswith("data:"))
        return {(path.parent / unquote(urlsplit(link).path)).resolve() for link in links}

    text = path.read_text(encoding="utf-8")
    bare = re.sub(r'src="data:[^"]*"', "", text)
    bare = re.sub(r'<script type="application/vnd.jupyter.*?</script>', "", bare, flags=re.DOTALL)
    frame = files('link[rel="stylesheet"]', "href") | files("script[src]", "src")
    widgets = {file for file in frame if file.name == "widget-host.js"}
    return {
        "text": compressed(bare),
        "frame": sum(compressed(file.read_bytes()) for file in frame - widgets),
        "media and widgets": compressed(text)
        - compressed(bare)
        + sum(compressed(file.read_bytes()) for file in widgets | files("img[src]", "src")),
    }


def test_pages_are_light(site, soups):
    letters = sum(file.stat().st_size for file in (site / "_static" / "fonts").glob("*.woff2"))
    assert letters < 100_000
    for path, soup in soups.items():
        weight = weigh(path, soup)
        parts = ", ".join(f"{name} {size / 1000:.0f} KB" for name, size in weight.items())
        report = f"{path.relative_to(site)}: {path.stat().st_size / 1000:.0f} KB of HTML; compressed {parts}"
        print(report)
        assert weight["text"] + weight["frame"] + letters < MOST_BYTES, report
