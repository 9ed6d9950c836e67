"""A small book to make progress in: two chapters with exercises and quizzes, one without, and the flash cards."""

import shutil
from pathlib import Path

import nbformat
import yaml
from ipywidgets.embed import dependency_state, embed_data
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from speechbook.publish.project import Project
from speechbook.publish.site import build_pages
from speechbook.widgets import Quiz
from tests import faq_site

ROOT = Path(__file__).resolve().parent.parent
QUIZ = "maths-cross-entropy"
PARTS = {"Listen": ["book/listen/lab"], "Concepts": ["book/concepts/first", "book/concepts/second"]}
PARTS["Reference"] = list(faq_site.DATA_PAGES)
METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
METADATA["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
STORY = "\n\n".join(f"Paragraph {number} of a long story." for number in range(40))


def exercise(name):
    """Stub and solution of an exercise."""
    code = f'answer = ...\nexercises.check("{name}", answer)'
    yield new_markdown_cell("**A task.** Think.")
    yield new_code_cell(code, metadata={"tags": ["exercise"]})
    yield new_code_cell(code.replace("...", "1"), metadata={"tags": ["hide-cell", "solution"]})


def chapter(title, *, exercises):
    """A chapter as it is after its execution."""
    cells = [new_markdown_cell(f"# {title}\n\nWhat is it about?")]
    cells += [
        new_markdown_cell(f"## The `first` section\n\n{STORY}"),
        new_markdown_cell(f"## The second one\n\n{STORY}"),
    ]
    cells += [cell for name in exercises for cell in exercise(name)]
    notebook = new_notebook(cells=cells, metadata=METADATA)
    if exercises:
        quiz = Quiz(QUIZ)
        data = embed_data(views=[quiz], state=dependency_state([quiz], drop_defaults=False))
        state, view = data["manager_state"], data["view_specs"][0]
        kind = "application/vnd.jupyter.widget-{}+json"
        shown = new_output("display_data", {kind.format("view"): view, "text/plain": "Quiz"})
        cells += [new_markdown_cell("## Quiz"), new_code_cell(f'widgets.Quiz("{QUIZ}")', outputs=[shown])]
        notebook.metadata["widgets"] = {kind.format("state"): state}
    cells.append(new_markdown_cell("## Further reading\n\nBooks."))
    notebook.cells = cells
    return notebook


def build(folder):
    """Build the book in a folder and return the folder of its pages."""
    shutil.copy(ROOT / "_config.yml", folder)
    shutil.copytree(ROOT / "book" / "assets", folder / "book" / "assets")
    for page in PARTS["Reference"]:
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / f"{page}.md", folder / f"{page}.md")
    shutil.copy(ROOT / "book" / "references.bib", folder / "book")
    (folder / "book" / "index.md").write_text(
        f"# Home\n\nHello.\n\n## How to use it\n\n{STORY}\n\n## Licence\n\nFree.\n"
    )
    executed = {}
    for page, exercises in {
        PARTS["Listen"][0]: [],
        PARTS["Concepts"][0]: ["a", "b"],
        PARTS["Concepts"][1]: ["c"],
    }.items():
        executed[page] = folder / f"{page}.ipynb"
        executed[page].parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(chapter(page.rsplit("/", 1)[1].title(), exercises=exercises), executed[page])
    parts = [{"caption": part, "chapters": [{"file": page} for page in pages]} for part, pages in PARTS.items()]
    (folder / "_toc.yml").write_text(yaml.safe_dump({"format": "jb-book", "root": "book/index", "parts": parts}))
    project = Project(folder)
    project.build.mkdir()
    build_pages(project, executed, project.site, mark="")
    return project.site
