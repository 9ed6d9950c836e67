"""A progress bar that shrinks to one line: in a notebook it replaces one output, elsewhere it is a plain tqdm bar."""

from __future__ import annotations

import sys

from IPython import get_ipython
from IPython.display import display
from tqdm import tqdm


class _NotebookLine:
    """File-like: whatever is written replaces the line shown before, so that the saved notebook holds the last one."""

    def __init__(self) -> None:
        self._handle = None

    def write(self, text: str) -> None:
        """Show `text` in place of the last one."""
        line = text.strip()
        if not line:
            return
        if self._handle is None:
            self._handle = display({"text/plain": line}, raw=True, display_id=True)
        else:
            self._handle.update({"text/plain": line}, raw=True)

    def flush(self) -> None:
        """Do nothing: every line is shown at once."""


def progress_bar(*, total: int, unit: str, shown: bool = True) -> tqdm:
    """Open a bar of `total` steps; end it with `finish`.

    Examples
    --------
    >>> bar = progress_bar(total=2, unit="epoch", shown=False)
    >>> bar.update()
    >>> finish(bar, "done")
    """
    in_notebook = hasattr(get_ipython(), "kernel")
    return tqdm(
        total=total,
        unit=unit,
        disable=not shown,
        file=_NotebookLine() if in_notebook else sys.stderr,
        ncols=100,
        mininterval=0.25,
    )


def finish(bar: tqdm, line: str) -> None:
    """Close the bar and leave `line` in its place."""
    bar.bar_format = "{desc}"
    bar.set_description_str(line, refresh=False)
    bar.refresh()
    bar.close()
