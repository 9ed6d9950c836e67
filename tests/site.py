"""What tests of the built site share: which pages there are, and the site itself, made first if need be.

Use it with ``pytest_plugins = ["tests.site"]`` in a test module.
"""

from pathlib import Path

import pytest

from speechbook.publish import run
from speechbook.publish.project import Project

PROJECT = Project(Path(__file__).resolve().parent.parent)
CHAPTERS = PROJECT.chapters()
PAGES = [*PROJECT.pages(), "search"]


@pytest.fixture(scope="session")
def site() -> Path:
    """Folder of the pages; at once if they are up to date, which they are after `make book`."""
    with run.alone(PROJECT):
        return run.build(PROJECT, corpus=run.choose_corpus())
