"""Mend what the theme and its friends write: small, separate changes to the text of a finished page."""

from __future__ import annotations

import re


def refine(page: str) -> str:
    """Apply every change to one page.

    Parameters
    ----------
    page : str
        HTML as Sphinx wrote it.

    Returns
    -------
    str
        HTML that is valid, light and accessible.
    """
    for change in (plain_summaries,):
        page = change(page)
    return page


def plain_summaries(page: str) -> str:
    """Turn paragraphs inside ``<summary>`` into spans: only phrasing content is allowed there.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> plain_summaries("<summary><p>Show</p></summary><p>x</p>")
    '<summary><span>Show</span></summary><p>x</p>'
    """

    def spans(match: re.Match) -> str:
        return re.sub(r"<(/?)p\b", r"<\1span", match[0])

    return re.sub(r"<summary\b.*?</summary>", spans, page, flags=re.DOTALL)
