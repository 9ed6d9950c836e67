"""A reader's progress: what the page's script must know of the book, which is its chapters, exercises and quizzes."""

from __future__ import annotations

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from speechbook.widgets.quiz import load_quiz

CARDS = "book/faq/cards"
DATA = "chapters.js"
CHECK = re.compile(r"exercises\.check\(\s*[\"']([^\"']+)")
QUIZ = re.compile(r"\bQuiz\(\s*[\"']([^\"']+)")


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("doctree-read", count)
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", write_chapters)


def count(app: Sphinx, doctree: nodes.document) -> None:
    """Note which exercises a page has and how many questions its quiz, and give each exercise an anchor.

    Parameters
    ----------
    app : Sphinx
        The application.
    doctree : document
        The page; changed in place.
    """
    facts = app.env.metadata[app.env.docname]
    facts["exercises"], facts["questions"] = [], 0
    for cell in doctree.findall(nodes.container):
        code = "\n".join(block.astext() for block in cell.findall(nodes.literal_block))
        if "tag_exercise" in cell["classes"] and (match := CHECK.search(code)):
            cell["ids"].append(f"exercise-{match[1]}")
            facts["exercises"].append(match[1])
        if "cell" in cell["classes"] and (match := QUIZ.search(code)):
            facts["questions"] += len(load_quiz(match[1]))


def add_scripts(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Give each page the script that it needs."""
    app.add_css_file("css/progress.css")
    if page == app.config.root_doc:
        app.add_js_file(DATA, loading_method="defer")
        app.add_js_file("home.js", loading_method="defer")
        return
    kind = {"data-page": "chapter"} if page in app.env.found_docs and is_chapter(app.env, page) else {}
    app.add_js_file("progress.js", loading_method="defer", **kind)


def write_chapters(app: Sphinx, error: Exception | None) -> None:
    """Write what the home page needs, as a script, because a page opened from a file may not fetch anything."""
    if error is None and app.builder.format == "html":
        facts = {"cards": CARDS if CARDS in app.env.found_docs else None, "parts": parts(app.env)}
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
        (Path(app.outdir) / "_static" / DATA).write_text(f"globalThis.SPEECHBOOK_CHAPTERS={text};\n", encoding="utf-8")


def parts(env: BuildEnvironment) -> list[dict]:
    """List the chapters of the book, part by part, in their order.

    Parameters
    ----------
    env : BuildEnvironment
        What Sphinx has read.

    Returns
    -------
    list of dict
        For each part that has chapters its name as ``"part"``, and ``"chapters"``: page, title, ids of the exercises,
        and the number of questions in the quiz.
    """
    found = []
    for toctree in env.get_doctree(env.config.root_doc).findall(addnodes.toctree):
        chapters = [
            chapter(env, page) for _, page in toctree["entries"] if page in env.titles and is_chapter(env, page)
        ]
        if chapters:
            found.append({"part": toctree.get("caption") or "Chapters", "chapters": chapters})
    return found


def is_chapter(env: BuildEnvironment, page: str) -> bool:
    """Tell whether a page is one to work through, which are those that run; the others are to look things up."""
    return env.doc2path(page, base=False).endswith(".ipynb")


def chapter(env: BuildEnvironment, page: str) -> dict:
    """Say what one chapter holds."""
    facts = env.metadata[page]
    return {
        "page": page,
        "title": env.titles[page].astext(),
        "exercises": facts["exercises"],
        "questions": facts["questions"],
    }
