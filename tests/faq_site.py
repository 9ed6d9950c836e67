"""A small book with the pages that are made of data, and a page whose text uses some terms."""

import shutil
from pathlib import Path

import yaml

from speechbook.publish.project import Project
from speechbook.publish.site import build_pages

ROOT = Path(__file__).resolve().parent.parent
DATA_PAGES = ("book/faq/questions", "book/faq/cards", "book/faq/index_of_terms", "book/appendix/bibliography")
TEXT = """# A page

WER before the first heading stays plain.

## First section

A word error rate (WER) counts words, and the word error rate does so again. `WER` is code, $WER$ is a formula, and a
[link to WER](../index.md) stays what it is. LSTMs and a Hidden Markov model are marked, Hms are not.

### Inside the first section

WER was marked above; CTC was not. See [CTC](#term-ctc).

| WER | in a table |
|---|---|
| DTW | stays plain |

## Second section

The word error rate is marked again.

## Summary

WER here stays plain.
"""


def build(folder):
    """Build the book in a folder and return the folder of its pages."""
    shutil.copy(ROOT / "_config.yml", folder)
    shutil.copytree(ROOT / "book" / "assets", folder / "book" / "assets")
    for page in DATA_PAGES:
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / f"{page}.md", folder / f"{page}.md")
    shutil.copy(ROOT / "book" / "references.bib", folder / "book")
    (folder / "book" / "index.md").write_text("# Home\n\nHello.\n")
    (folder / "book" / "code").mkdir()
    (folder / "book" / "code" / "page.md").write_text(TEXT)
    chapters = [{"file": page} for page in ("book/code/page", *DATA_PAGES)]
    toc = {"format": "jb-book", "root": "book/index", "parts": [{"caption": "Part", "chapters": chapters}]}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc))
    project = Project(folder)
    project.build.mkdir()
    build_pages(project, {}, project.site, mark="")
    return project.site
