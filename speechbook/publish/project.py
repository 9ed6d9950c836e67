"""What the book consists of: its chapters, its settings, and the one address of its repository."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

from speechbook.publish.store import write_text

REPOSITORY = re.compile(r"https://[\w.-]+/[\w.-]+/[\w.-]+")
INSTALLED_FROM = re.compile(r"(?<=speechbook @ git\+)https://[^\s@\"'\\]+")


class PublishError(Exception):
    """What stops a build; its text is all that the user is shown."""


@dataclass(frozen=True)
class Project:
    """A checkout of the book.

    Attributes
    ----------
    root : Path
        Folder that holds ``_config.yml`` and ``_toc.yml``.
    """

    root: Path

    @classmethod
    def find(cls, start: Path) -> Project:
        """Find the checkout that a folder lies in.

        Parameters
        ----------
        start : Path
            A folder inside the checkout.

        Returns
        -------
        Project
            The nearest folder upwards that has ``_config.yml`` and ``_toc.yml``.

        Raises
        ------
        PublishError
            If there is none.
        """
        for folder in (start.resolve(), *start.resolve().parents):
            if (folder / "_config.yml").is_file() and (folder / "_toc.yml").is_file():
                return cls(folder)
        raise PublishError(f"{start.resolve()} is not inside a checkout of the book: no _config.yml beside a _toc.yml")

    @property
    def build(self) -> Path:
        """Folder for everything that can be made again."""
        return self.root / "_build"

    @property
    def site(self) -> Path:
        """Folder of the published pages."""
        return self.build / "html"

    @property
    def bands(self) -> Path:
        """File with the band of every recorded number."""
        return self.root / "book" / "bands.yml"

    def config(self) -> dict:
        """Read ``_config.yml``.

        Returns
        -------
        dict
            Its contents.

        Raises
        ------
        PublishError
            If it is not YAML or names no repository.
        """
        try:
            settings = yaml.safe_load((self.root / "_config.yml").read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise PublishError(f"_config.yml is not valid YAML: {error}") from None
        if not isinstance(settings, dict) or not (settings.get("repository") or {}).get("url"):
            raise PublishError("_config.yml must give the book's address as repository: url: https://…")
        return settings

    @property
    def address(self) -> str:
        """Address of the repository, as ``_config.yml`` gives it."""
        return self.config()["repository"]["url"]

    def pages(self) -> list[str]:
        """List every page of the book.

        Returns
        -------
        list of str
            Names such as ``"book/code/conv1d_lstm"`` in the order of the table of contents.

        Raises
        ------
        PublishError
            If the table of contents is malformed, or lists a page that does not exist.
        """
        try:
            listed = [
                name.removesuffix(".ipynb").removesuffix(".md") for name in parse_toc_yaml(self.root / "_toc.yml")
            ]
        except (MalformedError, yaml.YAMLError) as error:
            raise PublishError(f"_toc.yml is malformed: {error}") from None
        missing = [name for name in listed if not self.source(name).is_file()]
        if missing:
            raise PublishError(f"_toc.yml lists pages that do not exist: {', '.join(missing)}")
        return listed

    def source(self, page: str) -> Path:
        """Give the source file of a page.

        Parameters
        ----------
        page : str
            Its name in the table of contents.

        Returns
        -------
        Path
            The notebook if there is one, else the Markdown file.
        """
        notebook = self.root / f"{page}.ipynb"
        return notebook if notebook.is_file() else self.root / f"{page}.md"

    def chapters(self) -> list[str]:
        """List the pages that are executed.

        Returns
        -------
        list of str
            Names of the notebooks in the table of contents, in its order.
        """
        return [page for page in self.pages() if self.source(page).suffix == ".ipynb"]

    def chapter_named(self, name: str) -> str:
        """Find a chapter by what somebody typed.

        Parameters
        ----------
        name : str
            Path of the notebook, with or without ending, or just its last part.

        Returns
        -------
        str
            Its name as the table of contents would give it; it need not stand there yet.

        Raises
        ------
        PublishError
            If no chapter fits.
        """
        wanted = name.removeprefix("./").removeprefix(f"{self.root}/").removesuffix(".ipynb")
        for chapter in self.chapters():
            if wanted in (chapter, chapter.rsplit("/", 1)[1]):
                return chapter
        if (self.root / f"{wanted}.ipynb").is_file():
            return wanted
        raise PublishError(f"no chapter is called {name!r}; there are {', '.join(self.chapters())}")


def repoint(project: Project, url: str) -> list[Path]:
    """Rewrite the address of the repository wherever it stands: in the settings, the citation and the chapters.

    Nothing else in the files changes, not even how a notebook is laid out.

    Parameters
    ----------
    project : Project
        The checkout.
    url : str
        New address, such as ``"https://github.com/you/your-fork"``.

    Returns
    -------
    list of Path
        The files that changed.

    Raises
    ------
    PublishError
        If the address is not of the form ``https://HOST/OWNER/NAME``.
    """
    new = url.strip().removesuffix("/").removesuffix(".git")
    if not REPOSITORY.fullmatch(new):
        raise PublishError(f"the address must look like https://github.com/you/your-fork, but is {url!r}")
    old = project.address
    notebooks = [path for path in (project.root / "book").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts]
    changed = []
    others = [path for path in [project.root / "CITATION.cff"] if path.is_file()]
    for path in [project.root / "_config.yml", *others, *sorted(notebooks)]:
        before = path.read_text(encoding="utf-8")
        after = INSTALLED_FROM.sub(new, before.replace(old, new))
        if after != before:
            write_text(path, after)
            changed.append(path)
    return changed
