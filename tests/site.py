"""Which pages the book has, for tests of its chapters and of the built site."""

from pathlib import Path

from speechbook.publish.project import Project

PROJECT = Project(Path(__file__).resolve().parent.parent)
CHAPTERS = PROJECT.chapters()
PAGES = [*PROJECT.pages(), "search"]
